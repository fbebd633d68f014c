import CZstd
import Synchronization

/// A zstd dictionary for reading, with decoders kept for reuse.
///
/// `@unchecked Sendable`: the dictionary is never changed after `init`, and each decoder is used by one thread at a time (`idle` is locked).
final class DecodingDictionary: @unchecked Sendable {
    let bytes: [UInt8]
    private let dictionary: OpaquePointer?
    private let idle = Mutex<[SendablePointer]>([])

    private struct SendablePointer: @unchecked Sendable { let pointer: OpaquePointer }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        unsafe dictionary = bytes.isEmpty ? nil : ZSTD_createDDict(bytes, bytes.count)
    }

    deinit {
        for context in idle.withLock({ $0 }) { _ = unsafe ZSTD_freeDCtx(context.pointer) }
        _ = unsafe ZSTD_freeDDict(dictionary)
    }

    /// Nil when the bytes do not decode to exactly `count` bytes.
    func decode(_ packed: UnsafeRawBufferPointer, count: Int) -> [UInt8]? {
        guard let context = idle.withLock({ $0.popLast() }) ?? ZSTD_createDCtx().map({ SendablePointer(pointer: $0) }) else { return nil }
        defer { idle.withLock { $0.append(context) } }
        var size = 0
        let out = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            size = unsafe bytes.isEmpty
                ? ZSTD_decompressDCtx(context.pointer, buffer.baseAddress, count, packed.baseAddress, packed.count)
                : ZSTD_decompress_usingDDict(context.pointer, buffer.baseAddress, count, packed.baseAddress, packed.count, dictionary)
            initialized = size == count ? count : 0
        }
        return size == count ? out : nil
    }
}

/// A zstd dictionary for writing; used by one thread.
final class EncodingDictionary {
    private let context: OpaquePointer?
    private let dictionary: OpaquePointer?
    private let level: Int32

    init(_ bytes: [UInt8], level: Int32) {
        self.level = level
        unsafe context = ZSTD_createCCtx()
        unsafe dictionary = bytes.isEmpty ? nil : ZSTD_createCDict(bytes, bytes.count, level)
        // The block's own header holds sizes and checksum; zstd need not repeat them.
        _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0)
        _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0)
        if !bytes.isEmpty { _ = unsafe ZSTD_CCtx_refCDict(context, dictionary) }
    }

    deinit {
        _ = unsafe ZSTD_freeCCtx(context)
        _ = unsafe ZSTD_freeCDict(dictionary)
    }

    func encode(_ block: [UInt8]) -> [UInt8]? {
        let bound = ZSTD_compressBound(block.count)
        var size = 0
        let out = unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, initialized in
            size = unsafe ZSTD_compress2(context, buffer.baseAddress, bound, block, block.count)
            initialized = ZSTD_isError(size) == 0 ? size : 0
        }
        return ZSTD_isError(size) == 0 ? out : nil
    }
}
