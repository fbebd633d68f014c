/// Markup whose every interpolated value is escaped for the place where it stands.
///
/// Written as a literal: `let row: HTML = "<td title=\"\(name)\">\(name)</td>"`. The literal parts are ours and are kept; a
/// `String` between them becomes text, never markup. In an address (`href`, `src`, `action`) a value that fills the whole
/// attribute must be an http, https or relative address, and a value after some literal is percent-encoded as one component.
/// The road not taken is a tree of elements: it escapes as well, but a page is then no longer readable as HTML.
public struct HTML: Sendable, Equatable {
    /// The markup as it is sent.
    public fileprivate(set) var source: String

    /// Nothing at all, for what is absent.
    public static let none = HTML(TrustedMarkup(""))

    /// The only way to make markup from text without escaping it.
    public init(_ trusted: TrustedMarkup) {
        source = trusted.source
    }

    fileprivate init(checked source: String) {
        self.source = source
    }

    /// The two one after the other.
    public static func + (left: HTML, right: HTML) -> HTML {
        HTML(checked: left.source + right.source)
    }
}

/// Markup that is sent as it stands; made of constants in our own source only, so that nothing from outside can become one.
public struct TrustedMarkup: Sendable {
    let source: String

    public init(_ constant: StaticString) {
        source = constant.description
    }
}

extension Sequence where Element == HTML {
    /// The parts one after another, with nothing between them.
    func joined() -> HTML {
        reduce(into: HTML.none) { $0.source += $1.source }
    }
}

extension HTML: ExpressibleByStringInterpolation {
    /// `StaticString`, so that only a literal in our own source can be taken for markup.
    public init(stringLiteral value: StaticString) {
        source = value.description
    }

    public init(stringInterpolation: StringInterpolation) {
        source = stringInterpolation.output
    }

    /// Collects the parts and knows, from the literals before it, where each value stands.
    public struct StringInterpolation: StringInterpolationProtocol {
        var output = ""
        private var place = MarkupPlace()

        public init(literalCapacity: Int, interpolationCount: Int) {
            output.reserveCapacity(literalCapacity + interpolationCount * 24)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            let text = literal.description
            place.advance(over: text)
            output += text
        }

        /// Text from anywhere: escaped in text and in attributes, checked or encoded in addresses.
        public mutating func appendInterpolation(_ text: String) {
            switch place.kind {
            case .text:
                Escaping.append(text, isRead: true, to: &output)
            case .value where place.isAddress:
                if place.valueIsEmpty {
                    Escaping.append(Address.checked(text), to: &output)
                } else {
                    output += Address.encoded(text)
                }
            case .value:
                Escaping.append(text, to: &output)
            case .tag:
                preconditionFailure("a value stands inside quotes or between tags, never among attributes")
            }
            place.noteValue()
        }

        /// What stands in a text area: it comes back with the form, to the letter.
        public mutating func appendInterpolation(asWritten text: String) {
            precondition(place.kind == .text, "a text area's text stands between tags")
            Escaping.append(text, to: &output)
        }

        public mutating func appendInterpolation(_ number: Int) {
            appendInterpolation(String(number))
        }

        public mutating func appendInterpolation(_ number: Int64) {
            appendInterpolation(String(number))
        }

        /// A coordinate in a drawing, to a tenth of a unit: more only makes the page longer.
        public mutating func appendInterpolation(_ coordinate: Double) {
            let tenths = Int((coordinate * 10).rounded())
            appendInterpolation(tenths % 10 == 0 ? String(tenths / 10) : String(Double(tenths) / 10))
        }

        /// Markup among markup; it closes what it opens, so the place stays the same.
        public mutating func appendInterpolation(_ markup: HTML) {
            precondition(place.kind == .text, "markup stands between tags")
            output += markup.source
        }

        public mutating func appendInterpolation(_ markup: HTML?) {
            if let markup { appendInterpolation(markup) }
        }

        public mutating func appendInterpolation(_ parts: [HTML]) {
            for part in parts { appendInterpolation(part) }
        }

        /// An attribute without a value, such as `checked`, present or not.
        public mutating func appendInterpolation(flag name: StaticString, when isPresent: Bool) {
            precondition(place.kind == .tag, "an attribute stands inside a tag")
            if isPresent { output += " \(name)" }
        }

        /// An attribute that is left out when it has no value.
        public mutating func appendInterpolation(attribute name: StaticString, _ value: String?) {
            precondition(place.kind == .tag, "an attribute stands inside a tag")
            guard let value else { return }
            output += " \(name)=\""
            let isAddress = MarkupPlace.addressAttributes.contains(name.description)
            Escaping.append(isAddress ? Address.checked(value) : value, to: &output)
            output += "\""
        }
    }
}
