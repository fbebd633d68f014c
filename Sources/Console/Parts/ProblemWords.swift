/// A refusal in the reader's language: of events and files in the console's own words, any other in the English of the stage that refused.
extension ConsoleProblem {
    /// Codes that have a title and a remedy in the catalogue.
    static let translated: Set<String> = [
        "event.not-object", "event.type-unknown", "event.no-identity", "event.identifier-too-long", "event.name-missing", "event.group-missing", "event.previous-missing",
        "event.too-large", "event.too-deep", "event.refused", "body.encoding", "body.compression", "body.too-large", "body.too-deep", "body.not-utf8", "body.not-json", "body.too-many",
        "body.compression-window", "import.not-json", "import.not-utf8", "import.line-not-utf8", "source.disabled", "import.line-too-long", "import.row-too-long", "import.header-too-long", "import.timestamp-unreadable", "import.unclosed-quotes", "import.too-many-cells",
        "import.memory-short", "import.abandoned", "batch.missing", "quarantine.duplicate", "quarantine.suppressed", "quarantine.no-event", "upload.no-rows", "import.interrupted", "import.broken-off", "import.cancelled",
    ]

    static func key(of code: String) -> String { "refusal." + code.replacing(".", with: "-") }

    /// What happened, as a label: without the backquotes that mark code.
    public func title(in language: Language) -> String { words(in: language).title.replacing("`", with: "") }

    func title(_ frame: Frame) -> HTML { .prose(words(in: frame.language).title) }
    func remedy(_ frame: Frame) -> HTML { .prose(words(in: frame.language).remedy) }

    /// Both in one line, where only text can stand.
    func line(_ frame: Frame) -> String {
        let words = words(in: frame.language)
        return words.title.hasSuffix(".") ? "\(words.title) \(words.remedy)" : "\(words.title). \(words.remedy)"
    }

    /// Beside a field of a journey or a campaign: what the field's own help says is the remedy, in the reader's language.
    func besideField(_ frame: Frame, help: String?) -> String {
        let key: PhraseKey? = switch code {
        case "journey.value", "journey.choice", "segments.unknown-zone": "journeys.field-unreadable"
        case "journey.missing": "journeys.field-missing"
        default: nil
        }
        return key.map { frame.say($0) + " " + (help ?? remedy) } ?? "\(problem) \(remedy)"
    }

    private func words(in language: Language) -> (title: String, remedy: String) {
        guard Self.translated.contains(code) else { return (problem, remedy) }
        let key = Self.key(of: code)
        let title = Catalogue.text(PhraseKey(key), in: language)
        let remedy = Catalogue.text(PhraseKey(key + "-remedy"), in: language)
        // Where in the text it is helps whoever mends it.
        if let place = problem.firstMatch(of: /at byte ([0-9]+)/) {
            return (Catalogue.text("refusal.at-byte", in: language, ["title": title, "n": String(place.1)]), remedy)
        }
        if let place = problem.firstMatch(of: /(?:in |: )line ([0-9]+)/) {
            return (Catalogue.text("refusal.in-line", in: language, ["title": title, "n": String(place.1)]), remedy)
        }
        return (title, remedy)
    }
}

extension HTML {
    /// Text in which backquotes mark code; one without a partner stays what it is.
    static func prose(_ text: String) -> HTML {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, parts.count % 2 == 1 else { return "\(text)" }
        return parts.enumerated().map { index, part -> HTML in index % 2 == 1 ? "<code>\(part)</code>" : "\(part)" }.joined()
    }
}
