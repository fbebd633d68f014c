import CKernels
import CZstd
import Synchronization

/// Compresses plain arrays of numbers or bytes, a piece at a time; used by one thread at a time.
///
/// `@unchecked Sendable`: nobody but the one who holds it, see ``borrowed(_:)``, looks inside.
public final class Packer: @unchecked Sendable {
    private let compressor: OpaquePointer?
    private let decompressor: OpaquePointer?
    private let level: Int32
    private var planes: [UInt8] = []
    private var out: [UInt8] = []

    /// - Parameter level: zstd's; 1 packs about 250 MB/s of columns to 45 %, 3 packs 150 MB/s to 42 %.
    public init(level: Int32) {
        self.level = level
        unsafe compressor = ZSTD_createCCtx()
        unsafe decompressor = ZSTD_createDCtx()
    }

    deinit {
        _ = unsafe ZSTD_freeCCtx(compressor)
        _ = unsafe ZSTD_freeDCtx(decompressor)
    }

    /// The elements' bytes compressed, first bytes before second bytes and so on; nil where that does not make them fewer.
    ///
    /// - Parameter stride: bytes of an element.
    public func pack(_ bytes: UnsafeRawBufferPointer, stride: Int) -> ArraySlice<UInt8>? {
        guard bytes.count > 64 else { return nil }
        let bound = ZSTD_compressBound(bytes.count)
        if out.count < bound { out = [UInt8](repeating: 0, count: bound) }
        var source = unsafe bytes
        if stride > 1 {
            if planes.count < bytes.count { planes = [UInt8](repeating: 0, count: bytes.count) }
            unsafe martlet_split_planes(bytes.baseAddress!, bytes.count / stride, stride, &planes)
        }
        return planes.withUnsafeBytes { planes in
            if stride > 1 { unsafe source = UnsafeRawBufferPointer(rebasing: planes[..<bytes.count]) }
            let size = unsafe ZSTD_compressCCtx(compressor, &out, out.count, source.baseAddress, source.count, level)
            return ZSTD_isError(size) == 0 && size < bytes.count ? out[..<size] : nil
        }
    }

    /// - Returns: false where the bytes do not give exactly what fills `target`.
    public func unpack(_ packed: UnsafeRawBufferPointer, stride: Int, into target: UnsafeMutableRawBufferPointer) -> Bool {
        guard stride > 1 else { return unsafe ZSTD_decompressDCtx(decompressor, target.baseAddress, target.count, packed.baseAddress, packed.count) == target.count }
        if planes.count < target.count { planes = [UInt8](repeating: 0, count: target.count) }
        guard unsafe ZSTD_decompressDCtx(decompressor, &planes, target.count, packed.baseAddress, packed.count) == target.count else { return false }
        unsafe martlet_join_planes(planes, target.count / stride, stride, target.baseAddress!)
        return true
    }

    // MARK: - Borrowing

    private static let idle = Mutex<[Packer]>([])

    /// Lends a packer of level 1: making one costs more than packing a small array.
    public static func borrowed<Result>(_ body: (Packer) throws -> Result) rethrows -> Result {
        let packer = idle.withLock { $0.popLast() } ?? Packer(level: 1)
        defer { idle.withLock { $0.append(packer) } }
        return try body(packer)
    }
}

/// An array in a form that is a few times smaller, to be looked at no more often than need be.
public struct PackedArray: Sendable {
    /// As ``Packer`` made them, or plain where `isPlain`.
    public let bytes: [UInt8]
    public let isPlain: Bool
    /// Elements, and bytes of each.
    public let count: Int
    public let stride: Int

    public init<Element: BitwiseCopyable>(_ array: [Element]) {
        count = array.count
        stride = MemoryLayout<Element>.stride
        let packed = array.withUnsafeBytes { plain in Packer.borrowed { packer in unsafe packer.pack(plain, stride: MemoryLayout<Element>.stride).map(Array.init) } }
        isPlain = packed == nil
        bytes = packed ?? array.withUnsafeBytes { unsafe Array($0) }
    }

    /// As it was taken down before; nil where the numbers do not fit together.
    public init?(bytes: [UInt8], isPlain: Bool, count: Int, stride: Int) {
        guard count >= 0, stride > 0, count <= Int.max / stride, !isPlain || bytes.count == count * stride else { return nil }
        (self.bytes, self.isPlain, self.count, self.stride) = (bytes, isPlain, count, stride)
    }

    /// The array again; nil where it was of other elements or the bytes are not what was packed.
    public func unpacked<Element: BitwiseCopyable>(_ type: Element.Type) -> [Element]? {
        guard stride == MemoryLayout<Element>.stride else { return nil }
        guard count > 0 else { return [] }
        var isWhole = false
        let array = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            let out = UnsafeMutableRawBufferPointer(buffer)
            if isPlain {
                unsafe out.copyBytes(from: bytes)
                isWhole = true
            } else {
                isWhole = bytes.withUnsafeBytes { packed in Packer.borrowed { unsafe $0.unpack(packed, stride: stride, into: UnsafeMutableRawBufferPointer(rebasing: out[..<(count * stride)])) } }
            }
            initialized = isWhole ? count : 0
        }
        return isWhole ? array : nil
    }
}
