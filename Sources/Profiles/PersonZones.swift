import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Identity
import Vocabulary

/// The newest time zone that people's devices told in `context.timezone`, by node: one word each, and each name once.
///
/// What a profile's nodes say is put together when it is read, so that a merge moves nothing.
struct PersonZones {
    /// Milliseconds above, the zone's number in the lowest 16 bits; 0 where none was told.
    private var words: [UInt64] = []
    /// Number 0 is no zone.
    private var names: [[UInt8]] = [[]]
    private var numbers: [[UInt8]: UInt64] = [:]
    /// Names that are no zones, so that they are not looked for on the disk with each event; forgotten when there are too many.
    private var strange: Set<[UInt8]> = []
    private static let strangeMaximum = 4096

    init() {}

    /// Notes the zone that an event's context names, where it is one and the newest.
    ///
    /// - Returns: whether it is another than before.
    @discardableResult
    mutating func take(_ context: ArraySlice<UInt8>, of node: Node, at: Timestamp, isZone: (String) -> Bool) -> Bool {
        guard at.milliseconds >= 0, let name = PersonZones.name(in: context) else { return false }
        let known = Int(node) < words.count ? words[Int(node)] : 0
        let time = UInt64(at.milliseconds)
        guard time >= known >> 16 else { return false }
        // Most say what they said before.
        let said = Int(known & 0xffff)
        guard let number = said > 0 && name.elementsEqual(names[said]) ? UInt64(said) : number(of: Array(name), isZone) else { return false }
        guard known == 0 || newer(time << 16 | number, known) else { return false }
        if words.count <= Int(node) { words.append(contentsOf: repeatElement(0, count: Int(node) + 1 - words.count)) }
        words[Int(node)] = time << 16 | number
        return number != known & 0xffff
    }

    private mutating func number(of name: [UInt8], _ isZone: (String) -> Bool) -> UInt64? {
        if let number = numbers[name] { return number }
        guard !strange.contains(name) else { return nil }
        guard name.count <= 64, names.count <= 0xffff, isZone(String(decoding: name, as: UTF8.self)) else {
            if strange.count >= PersonZones.strangeMaximum { strange = [] }
            if name.count <= 64 { strange.insert(name) }
            return nil
        }
        names.append(name)
        numbers[name] = UInt64(names.count - 1)
        return UInt64(names.count - 1)
    }

    /// Of one millisecond the greater name counts: numbers hang on what was read first, and an erasure changes that.
    private func newer(_ one: UInt64, _ other: UInt64) -> Bool {
        if one >> 16 != other >> 16 { return one > other }
        return names[Int(other & 0xffff)].lexicographicallyPrecedes(names[Int(one & 0xffff)])
    }

    /// What the devices of the person whom these nodes are told last.
    func zone(of members: [Node]) -> String? {
        var newest: UInt64 = 0
        for member in members where Int(member) < words.count {
            let word = words[Int(member)]
            if word != 0, newest == 0 || newer(word, newest) { newest = word }
        }
        return newest == 0 ? nil : String(decoding: names[Int(newest & 0xffff)], as: UTF8.self)
    }

    mutating func erase(_ node: Node) { if Int(node) < words.count { words[Int(node)] = 0 } }

    // MARK: - The context

    private static let member = StaticString("timezone")

    /// The text between the quotes; nil where there is none, or one with escapes, which no zone has.
    private static func name(in context: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        unsafe context.withUnsafeBufferPointer { buffer -> ArraySlice<UInt8>? in
            // Most servers send none: that is seen without reading the members, by a letter that is rare.
            guard let start = buffer.baseAddress, unsafe memchr(start, 0x7a, buffer.count) != nil else { return nil }
            let p = unsafe buffer.span
            var found: JSONSlice?
            JSONText.eachMember(of: p, in: JSONSlice(start: 0, count: UInt32(p.count))) { key, value in
                guard Int(key.count) == member.utf8CodeUnitCount + 2 else { return }
                for offset in 0..<member.utf8CodeUnitCount where unsafe p[Int(key.start) + 1 + offset] != member.utf8Start[offset] { return }
                found = value
            }
            guard let found, found.count > 2, p[Int(found.start)] == 0x22 else { return nil }
            let inside = context[context.startIndex + found.range.lowerBound + 1..<context.startIndex + found.range.upperBound - 1]
            return inside.contains(0x5c) ? nil : inside
        }
    }

    // MARK: - Snapshots

    func write(to snapshot: inout SnapshotWriter) throws {
        try snapshot.put(words)
        try snapshot.put(Array(names.dropFirst().joined(separator: [0x0a])))
    }

    init(from snapshot: inout SnapshotReader) {
        words = snapshot.get(UInt64.self)
        for name in snapshot.get(UInt8.self).split(separator: 0x0a) {
            numbers[Array(name)] = UInt64(names.count)
            names.append(Array(name))
        }
    }
}
