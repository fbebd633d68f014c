/// The languages of the console.
public enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case spanish = "es"
    case turkish = "tr"

    /// The language's name for itself, as a switch shows it.
    var ownName: String {
        switch self {
        case .english: "English"
        case .spanish: "Español"
        case .turkish: "Türkçe"
        }
    }
}

/// Names one phrase of the console, such as `home.title`.
public struct PhraseKey: Sendable, Hashable, ExpressibleByStringLiteral {
    public let name: String
    public init(_ name: String) { self.name = name }
    public init(stringLiteral value: String) { name = value }
}

/// Every text of the console in every language, in one place; pages hold keys only.
///
/// A phrase is a line `key | English | Spanish | Turkish`. `{name}` is filled in. Two forms joined by ` ~ ` are for one and for
/// other numbers; Turkish needs one form, since its nouns stay singular after a number.
public enum Catalogue {
    /// A phrase in one language; a key or a language that lacks gives English, then the key, so a page is never blank.
    static func text(
        _ key: PhraseKey, in language: Language, _ values: [String: String] = [:], count: Int? = nil
    ) -> String {
        var output = ""
        for piece in pieces(of: form(key, in: language, count: count)) {
            switch piece {
            case .literal(let text): output += text
            case .name(let name): output += values[name] ?? "{\(name)}"
            }
        }
        return output
    }

    static func markup(_ key: PhraseKey, in language: Language, _ values: [String: HTML]) -> HTML {
        pieces(of: form(key, in: language, count: nil)).map { piece -> HTML in
            switch piece {
            case .literal(let text): "\(text)"
            case .name(let name): values[name] ?? .none
            }
        }.joined()
    }

    static func knows(_ key: PhraseKey) -> Bool { phrases[key.name] != nil }

    /// The keys that lack a language, and those whose `{names}` differ between languages; empty when the console is translated.
    public static func missing() -> [String] {
        phrases.filter { _, texts in
            texts.count != Language.allCases.count || texts.contains { $0.isEmpty }
                || Set(texts.map { Set(names(in: $0)) }).count > 1
        }.keys.sorted()
    }

    static var keys: [String] { phrases.keys.sorted() }

    /// Phrases by key, in the order of ``Language``'s cases. Read once; 2 ms for all of them in a debug build.
    private static let phrases: [String: [String]] = {
        var all: [String: [String]] = [:]
        for table in tables {
            for line in table.split(separator: "\n") where !line.hasPrefix("#") {
                let fields = line.split(separator: "|", omittingEmptySubsequences: false).map { trimmed($0) }
                assert(all[fields[0]] == nil, "the phrase \(fields[0]) is written twice")
                all[fields[0]] = Array(fields.dropFirst())
            }
        }
        return all
    }()

    private static func form(_ key: PhraseKey, in language: Language, count: Int?) -> String {
        guard let texts = phrases[key.name], let index = Language.allCases.firstIndex(of: language) else { return key.name }
        let text = index < texts.count && !texts[index].isEmpty ? texts[index] : texts.first ?? key.name
        guard let count, let middle = text.firstRange(of: " ~ ") else { return text }
        return String(count == 1 ? text[..<middle.lowerBound] : text[middle.upperBound...])
    }

    private enum Piece { case literal(String), name(String) }

    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            pieces.append(.literal(String(rest[..<open])))
            pieces.append(.name(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        return pieces + [.literal(String(rest))]
    }

    private static func names(in text: String) -> [String] {
        pieces(of: text).compactMap { if case .name(let name) = $0 { name } else { nil } }
    }

    private static func trimmed(_ field: Substring) -> String {
        let start = field.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
