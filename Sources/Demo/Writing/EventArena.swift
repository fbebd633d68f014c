/// Events as JSON, one behind the other, with their times beside them so that they can be put in order.
struct EventArena: Sendable {
    var json: JSONBytes
    private(set) var entries: [Entry] = []

    struct Entry: Sendable {
        let time: Int64
        let start: Int
        let end: Int
    }

    init(capacity: Int = 0) { json = JSONBytes(capacity: capacity) }

    /// Notes that the bytes from `start` to the end are one event.
    mutating func close(from start: Int, time: Int64) {
        entries.append(Entry(time: time, start: start, end: json.count))
    }

    mutating func append(_ entry: Entry, of other: EventArena) {
        let start = json.count
        json.raw(other.json.bytes[entry.start..<entry.end])
        close(from: start, time: entry.time)
    }

    /// Oldest first; of the same millisecond, in the order they were written.
    mutating func sort() {
        entries.sort { ($0.time, $0.start) < ($1.time, $1.start) }
    }
}

/// A request body under construction: events until one more would be too many.
struct Batch {
    static let eventsMaximum = 400
    /// The API takes 500 KB; this leaves room for a write key and for whoever measures in escaped JSON.
    static let bytesMaximum = 440_000

    private var json = JSONBytes(capacity: 320_000)
    private(set) var events = 0

    init() { json.raw(#"{"batch":["#) }

    /// Whether there was room.
    mutating func add(_ entry: EventArena.Entry, of arena: EventArena) -> Bool {
        guard events < Self.eventsMaximum, json.count + entry.end - entry.start < Self.bytesMaximum else { return false }
        if events > 0 { json.raw(",") }
        json.raw(arena.json.bytes[entry.start..<entry.end])
        events += 1
        return true
    }

    /// The body. There is no `sentAt`: with one, the server would take the past for a clock that is wrong.
    consuming func closed() -> [UInt8] {
        json.raw("]}")
        return json.bytes
    }
}
