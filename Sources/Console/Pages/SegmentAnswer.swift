/// What the editor says of the text in it: how many it means and in which words, or where it cannot be read.
public struct SegmentAnswer: Sendable {
    /// A condition that was asked of everyone.
    public struct Counted: Sendable {
        public var count: Int
        /// All profiles with events.
        public var of: Int
        /// What finding them took.
        public var milliseconds: Double
        /// The condition in the reader's language.
        public var sentence: String
        public var warnings: [ConsoleProblem]
        public init(count: Int, of: Int, milliseconds: Double, sentence: String, warnings: [ConsoleProblem]) {
            (self.count, self.of, self.milliseconds, self.sentence, self.warnings) = (count, of, milliseconds, sentence, warnings)
        }
    }

    /// Where a text cannot be read: the line around the fault, cut in three.
    public struct Place: Sendable {
        /// From 1.
        public var line: Int, column: Int
        public var before: String, fault: String, after: String
        /// In UTF-16 units of the whole text, as a script selects it.
        public var start: Int, end: Int
        public init(line: Int, column: Int, before: String, fault: String, after: String, start: Int, end: Int) {
            (self.line, self.column, self.before, self.fault, self.after) = (line, column, before, fault, after)
            (self.start, self.end) = (start, end)
        }
    }

    /// One of the three.
    public enum Content: Sendable {
        case nothing
        case counted(Counted)
        /// The place is nil where the fault is in no stretch of the text, such as a segment that does not exist.
        case refused(ConsoleProblem, Place?)
    }

    public var content: Content
    public init(_ content: Content) { self.content = content }

    /// The part of the page, for a script that puts it there.
    public func markup(_ frame: Frame) -> String { html(frame).source }

    func html(_ frame: Frame) -> HTML {
        switch content {
        case .nothing: "<p class=\"quiet\">\(frame.say("segment.answer-empty"))</p>"
        case .counted(let answer): counted(answer, frame)
        case .refused(let problem, let place): refused(problem, place, frame)
        }
    }

    private func counted(_ answer: Counted, _ frame: Frame) -> HTML {
        let facts = [
            frame.say("segment.answer-of", count: answer.of),
            frame.say("segment.answer-ms", ["ms": answer.milliseconds < 1 ? "<1" : frame.number(Int(answer.milliseconds.rounded()))]),
        ].joined(separator: " · ")
        return """
            <p class="answer-count"><strong>\(frame.number(answer.count))</strong> <span class="quiet">\(facts)</span></p>\
            <p><bdi>\(answer.sentence)</bdi></p>\(Self.warnings(answer.warnings))
            """
    }

    static func warnings(_ problems: [ConsoleProblem]) -> HTML {
        let items = problems.map { warning -> HTML in
            "<li>\(Icon.caution.html)<span><bdi>\(warning.problem)</bdi> <bdi class=\"quiet\">\(warning.remedy)</bdi></span></li>"
        }
        return items.isEmpty ? .none : "<ul class=\"warnings\">\(items)</ul>"
    }

    private func refused(_ problem: ConsoleProblem, _ place: Place?, _ frame: Frame) -> HTML {
        let shown = place.map { place -> HTML in
            """
            <pre class="place" tabindex="0"><span class="quiet">\(place.before)</span><mark data-start="\(place.start)" data-end="\(place.end)">\(place.fault)</mark>\
            <span class="quiet">\(place.after)</span></pre><p class="help">\(frame.say("segment.answer-place", ["line": frame.number(place.line), "column": frame.number(place.column)]))</p>
            """
        }
        return "<p class=\"error\">\(Icon.critical.html)<span><bdi>\(problem.problem)</bdi> <bdi>\(problem.remedy)</bdi> <code>\(problem.code)</code></span></p>\(shown)"
    }
}
