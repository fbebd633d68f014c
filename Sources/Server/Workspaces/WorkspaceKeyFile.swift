import CKernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Privacy
import Vocabulary

/// The workspace's secret, made once: 32 random bytes and their CRC-32C, in a file that only its owner reads.
enum WorkspaceKeyFile {
    private static let size = 32

    static func load(folder: String) throws -> WorkspaceKey {
        let path = "\(folder)/workspace.key"
        if let bytes = Files.read(path) {
            // Without the checksum it was made before there was one.
            if bytes.count == size { try Files.write(bytes + checksum(bytes), to: path) }
            if bytes.count == size || bytes.count == size + 4 && Array(bytes[size...]) == checksum(bytes[..<size]) { return WorkspaceKey(bytes: Array(bytes[..<size])) }
        }
        guard access(path, F_OK) != 0 else {
            throw Refusal(500, "workspace.key-damaged", "The key file \(path) is damaged.", remedy: "Restore it from a backup; without it, duplicates cannot be told.")
        }
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try Files.write(bytes + checksum(bytes), to: path)
        return WorkspaceKey(bytes: bytes)
    }

    private static func checksum(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let sum = Array(bytes).withUnsafeBytes { unsafe martlet_crc32c(0, $0.baseAddress!, $0.count) }
        return withUnsafeBytes(of: sum.littleEndian) { unsafe Array($0) }
    }
}
