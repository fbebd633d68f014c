import CZstd
import Foundation

/// A folder of its own for one test, removed with its owner.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() {
        path = FileManager.default.temporaryDirectory.appending(path: "martlet-test-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The paths of all files, relative to the folder, sorted.
    public var files: [String] {
        guard let walk = FileManager.default.enumerator(atPath: path) else { return [] }
        return walk.compactMap { $0 as? String }.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder) && !isFolder.boolValue
        }.sorted()
    }

    public func bytes(_ name: String) -> [UInt8] { (try? Data(contentsOf: URL(filePath: "\(path)/\(name)"))).map(Array.init) ?? [] }

    public func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(filePath: "\(path)/\(name)")) }

    /// What a crash at this instant would leave: every file as its bytes stand, while others may be writing them.
    public func copy() throws -> TemporaryFolder {
        let copy = TemporaryFolder()
        for name in files {
            let target = URL(filePath: "\(copy.path)/\(name)")
            try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            // A file that goes away meanwhile would have gone away in the crash as well.
            guard let content = try? Data(contentsOf: URL(filePath: "\(path)/\(name)")) else { continue }
            try content.write(to: target)
        }
        return copy
    }

    /// The files in which `text` stands as plain bytes, or compressed without a dictionary as snapshots are.
    public func filesContaining(_ text: String) -> [String] {
        let needle = Data(text.utf8)
        return files.filter { name in
            guard let content = try? Data(contentsOf: URL(filePath: "\(path)/\(name)")) else { return false }
            return content.range(of: needle) != nil || TemporaryFolder.unpacked(content).range(of: needle) != nil
        }
    }

    /// What the zstd frames in a file hold, one behind the other.
    private static func unpacked(_ content: Data) -> Data {
        let magic = Data([0x28, 0xb5, 0x2f, 0xfd])
        var found = Data()
        var from = content.startIndex
        var out = [UInt8](repeating: 0, count: 1 << 20)
        while let frame = content.range(of: magic, in: from..<content.endIndex) {
            let packed = Array(content[frame.lowerBound...].prefix(1 << 20))
            let size = unsafe ZSTD_findFrameCompressedSize(packed, packed.count)
            from = frame.lowerBound + 1
            guard ZSTD_isError(size) == 0 else { continue }
            let count = unsafe ZSTD_decompress(&out, out.count, packed, size)
            if ZSTD_isError(count) == 0 { found.append(contentsOf: out[..<count]) }
        }
        return found
    }
}
