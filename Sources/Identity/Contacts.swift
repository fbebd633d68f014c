import Vocabulary

extension EventView {
    /// Calls `body` with each contact identifier that an identify call names: `email` in `context.traits` and in `traits`.
    func eachContact(_ body: (IdentifierNamespace, [UInt8]) -> Void) {
        if let context = field(.context) {
            EventView.eachMember(of: context) { p, key, value in
                if EventView.text(p, key) == EventView.traits { EventView.eachAddress(in: ArraySlice(p, value), body) }
            }
        }
        if let traits = field(.traits) { EventView.eachAddress(in: traits, body) }
    }

    private static let traits = Array("traits".utf8)
    private static let email = Array("email".utf8)

    private static func eachAddress(in traits: ArraySlice<UInt8>, _ body: (IdentifierNamespace, [UInt8]) -> Void) {
        eachMember(of: traits) { p, key, value in
            guard p[Int(value.start)] == 0x22, text(p, key) == email else { return }
            body(.email, text(p, value))
        }
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
