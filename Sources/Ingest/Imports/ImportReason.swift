public import Vocabulary

/// Why a line or row of an import is refused, where the tracking API has no such reason.
enum ImportReason {
    static let notJSON = Explanation(code: "import.not-json", problem: "The line is not one JSON object.", remedy: "Mend it in quarantine and replay it.")
    static let lineNotUTF8 = Explanation(code: "import.line-not-utf8", problem: "The line is not UTF-8.", remedy: "Convert the file with `iconv -t UTF-8` and import it again, or mend the line in quarantine and replay it.")
    static let lineTooLong = Explanation(
        code: "import.line-too-long", problem: "The line is longer than 1 MiB; only its beginning is kept.", remedy: "Send large content elsewhere and its address here, or look for a missing line break.")
    static let rowTooLong = Explanation(
        code: "import.row-too-long", problem: "The row is longer than 1 MiB; only its beginning is kept.",
        remedy: "Look for quotes that open in it and close much later; send large content elsewhere and its address here.")
    static let headerTooLong = Explanation(
        code: "import.header-too-long", problem: "The header is longer than 1 MiB, and nothing behind it was imported.", remedy: "Look for quotes in it that are not closed, and import the file again.")
    static let timestampUnreadable = Explanation(
        code: "import.timestamp-unreadable", problem: "The row states a time that cannot be read.",
        remedy: "Write it as 2026-07-01T09:30:00Z, 2026-07-01 09:30, 2026-07-01, or as seconds or milliseconds since 1970; mended in quarantine, the row can be replayed.")

    static func tooManyCells(_ columns: Int) -> Explanation {
        Explanation(
            code: "import.too-many-cells", problem: "The row has more cells than the header, which has \(columns).",
            remedy: "Put a value that holds the separator in quotes, and import the mended rows alone, under the same header; or mend it in quarantine: write the event as JSON in place of the row.")
    }

    static func unclosedQuotes(_ line: Int) -> Explanation {
        Explanation(
            code: "import.unclosed-quotes", problem: "The quotes that open in line \(line) of the file are never closed, and nothing behind them was imported.",
            remedy: "Close them, or write a quote within a value twice, and import the file again.")
    }

    static let cancelled = Refusal(400, "import.cancelled", "The import was cancelled.", remedy: "What was imported stays; import the file again to go on.")
    static let sourceDisabled = Refusal(403, "source.disabled", "This source is disabled.", remedy: "What was imported stays; enable the source on its page and import the file again to go on.")
    static let abandoned = Refusal(
        400, "import.abandoned", "Whoever sent the file left while the import waited for memory.", remedy: "What was imported stays; import the file again, nothing is doubled.")
    static let waited = Refusal(
        503, "import.memory-short", "The import has waited a minute for memory, which is in use for other things.",
        remedy: "What was imported stays. Raise the setting `memory`, or use a larger machine, and import the file again.")
}

extension QuarantinedEvent {
    /// Why it is refused still, once mended: a row whose time could not be read counts from a time that can be, and not from when it is replayed, as a call would.
    public func unreadableTime(mended json: JSONText?) -> Explanation? {
        guard codes.first == ImportReason.timestampUnreadable.code, let stated = json?["timestamp"], !stated.isNull else { return nil }
        return CSVReader.isTime(stated.string.map { Array($0.utf8) } ?? stated.bytes) ? nil : ImportReason.timestampUnreadable
    }
}
