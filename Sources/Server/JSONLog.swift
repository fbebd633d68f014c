#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Logging
import Vocabulary

/// Log lines as JSON objects on standard error: constant sentences, with metadata beside them.
public struct JSONLog: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level = .info

    public init() {}

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var w = JSONWriter()
        w.object { w in
            w.member("time", Clock.now())
            w.member("level", event.level.rawValue)
            w.member("message", event.message.description)
            for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) { w.member(key, "\(value)") }
        }
        let bytes = w.bytes + [0x0a]
        _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    }
}
