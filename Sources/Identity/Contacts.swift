import Vocabulary

extension EventView {
    /// Calls `body` with each contact identifier that an identify call names: `email` in `context.traits` and in `traits`, of a repeated one the last.
    func eachContact(_ body: (IdentifierNamespace, [UInt8]) -> Void) {
        if let context = field(.context), let traits = EventView.last(EventView.traits, in: context, { ArraySlice($0, $1) }) { EventView.address(in: traits, body) }
        if let traits = field(.traits) { EventView.address(in: traits, body) }
    }

    private static let traits = Array("traits".utf8)
    private static let email = Array("email".utf8)

    private static func address(in traits: ArraySlice<UInt8>, _ body: (IdentifierNamespace, [UInt8]) -> Void) {
        if let address = last(email, in: traits, { $0[Int($1.start)] == 0x22 ? text($0, $1) : nil }) ?? nil { body(.email, address) }
    }

    /// What `read` makes of the last member of this name.
    private static func last<Value>(_ name: [UInt8], in object: ArraySlice<UInt8>, _ read: (Span<UInt8>, JSONSlice) -> Value) -> Value? {
        var found: Value?
        eachMember(of: object) { p, key, value in
            if text(p, key) == name { found = read(p, value) }
        }
        return found
    }

    private static func text(_ p: Span<UInt8>, _ slice: JSONSlice) -> [UInt8] {
        var out: [UInt8] = []
        JSONText.unescape(p, slice, into: &out)
        return out
    }

    private static func eachMember(of object: ArraySlice<UInt8>, _ body: (Span<UInt8>, JSONSlice, JSONSlice) -> Void) {
        let p = object.span
        JSONText.eachMember(of: p, in: JSONSlice(start: 0, count: UInt32(p.count))) { body(p, $0, $1) }
    }
}

extension ArraySlice<UInt8> {
    fileprivate init(_ p: Span<UInt8>, _ slice: JSONSlice) {
        self = []
        for index in slice.range { append(p[index]) }
    }
}
