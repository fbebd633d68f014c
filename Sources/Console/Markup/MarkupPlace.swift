/// Where the next value would stand, found by reading our own literals; a small part of HTML's tokenizer.
///
/// It understands what we write: double-quoted attributes, no comments around values. Anything else is our own mistake
/// and traps while we develop, together with what the content security policy would silently ignore in a browser.
struct MarkupPlace {
    enum Kind: Equatable { case text, tag, value }

    /// Attributes whose value a browser follows or loads.
    static let addressAttributes: Set<String> = ["href", "src", "action", "formaction", "poster", "cite"]

    private(set) var kind = Kind.text
    private(set) var isAddress = false
    private(set) var valueIsEmpty = true
    private var attribute: [UInt8] = []

    mutating func advance(over literal: String) {
        for byte in literal.utf8 {
            switch kind {
            case .text:
                if byte == UInt8(ascii: "<") { (kind, attribute) = (.tag, []) }
            case .tag:
                advanceInTag(byte)
            case .value:
                if byte == UInt8(ascii: "\"") { (kind, attribute) = (.tag, []) } else { valueIsEmpty = false }
            }
        }
    }

    /// The value after this one continues the same attribute.
    mutating func noteValue() {
        valueIsEmpty = false
    }

    private mutating func advanceInTag(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: ">"):
            kind = .text
        case UInt8(ascii: "\""):
            let name = String(decoding: attribute, as: UTF8.self)
            assert(name != "style" && !name.hasPrefix("on"), "the content security policy ignores \(name)")
            (kind, isAddress, valueIsEmpty) = (.value, Self.addressAttributes.contains(name), true)
        case UInt8(ascii: "="):
            break
        case UInt8(ascii: " "), UInt8(ascii: "\n"):
            attribute = []
        default:
            attribute.append(byte)
        }
    }
}
