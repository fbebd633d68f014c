import CZlib
import CZstd
public import Vocabulary

/// Undoes a body's compression, with a bound on what comes out while it comes out.
public enum Inflater {
    public enum Coding: Sendable { case identity, gzip, zstd }

    /// The coding that a Content-Encoding names, in any case; nil for one that we do not take.
    public static func coding(named name: String?) -> Coding? {
        switch name?.lowercased().trimmingBlanks() {
        case nil, "", "identity": .identity
        case "gzip", "x-gzip": .gzip
        case "zstd": .zstd
        default: nil
        }
    }

    /// - Throws: ``Refusal`` 400 for damaged data, data behind the end, or more than `maximum` bytes.
    public static func inflate(_ bytes: [UInt8], _ coding: Coding, maximum: Int) throws(Refusal) -> [UInt8] {
        switch coding {
        case .identity: return bytes
        case .gzip: return try gunzip(bytes, maximum: maximum)
        case .zstd: return try unzstd(bytes, maximum: maximum)
        }
    }

    /// As much as can be read of a body that may be damaged, at most `maximum` bytes.
    public static func beginning(of bytes: [UInt8], _ coding: Coding, maximum: Int) -> [UInt8] {
        var out: [UInt8] = []
        let stream = StreamInflater(coding)
        stream.take(bytes)
        while out.count < maximum, let step = try? stream.next() { out += step }
        return Array(out.prefix(maximum))
    }

    private static let damaged = Refusal(400, "body.compression", "The compressed body is damaged.", remedy: "Send it again; check what compresses it.")
    private static func tooLarge(_ maximum: Int) -> Refusal {
        Refusal(400, "body.too-large", "The body is larger than \(maximum) bytes when decompressed.", remedy: "Send smaller batches.")
    }

    private static func gunzip(_ bytes: [UInt8], maximum: Int) throws(Refusal) -> [UInt8] {
        var stream = z_stream()
        guard unsafe martlet_inflate_init(&stream, 31) == Z_OK else { throw damaged }
        defer { unsafe inflateEnd(&stream) }
        var input = bytes
        var out: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = input.count
        var failure: Refusal?
        unsafe input.withUnsafeMutableBufferPointer { buffer in
            unsafe stream.next_in = buffer.baseAddress
            stream.avail_in = UInt32(count)
            while true {
                let status = unsafe chunk.withUnsafeMutableBufferPointer { target -> Int32 in
                    unsafe stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    return unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
                }
                out.append(contentsOf: chunk[..<(chunk.count - Int(stream.avail_out))])
                if out.count > maximum { failure = tooLarge(maximum); return }
                if status == Z_STREAM_END {
                    if stream.avail_in == 0 { return }
                    // Several members, one behind the other, are one body; anything else behind the end is not.
                    guard unsafe stream.next_in.pointee == 0x1f, unsafe inflateReset(&stream) == Z_OK else { failure = damaged; return }
                    continue
                }
                guard status == Z_OK, !(stream.avail_in == 0 && stream.avail_out > 0) else { failure = damaged; return }
            }
        }
        if let failure { throw failure }
        return out
    }

    private static func unzstd(_ bytes: [UInt8], maximum: Int) throws(Refusal) -> [UInt8] {
        guard let stream = ZSTD_createDStream() else { throw damaged }
        defer { _ = unsafe ZSTD_freeDStream(stream) }
        // RFC 9659: nobody needs more than 8 MiB of window, and whoever asks for more wants our memory.
        _ = unsafe ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 23)
        var out: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var position = 0
        while true {
            var status = 0
            var produced = 0
            unsafe bytes.withUnsafeBytes { source in
                unsafe chunk.withUnsafeMutableBytes { target in
                    var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
                    var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    status = unsafe ZSTD_decompressStream(stream, &output, &input)
                    position = input.pos
                    produced = output.pos
                }
            }
            guard ZSTD_isError(status) == 0 else { throw damaged }
            out.append(contentsOf: chunk[..<produced])
            if out.count > maximum { throw tooLarge(maximum) }
            if position == bytes.count {
                // 0 says that a frame has just ended; asked once more, it would want the next one.
                if status == 0 { return out }
                guard produced == chunk.count else { throw damaged }
            }
        }
    }
}

extension String {
    fileprivate func trimmingBlanks() -> String {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
