/// What the editor says of the measure in it: how its values lie and in which words, or where it cannot be read.
public struct MeasureAnswer: Sendable {
    /// A measure that was worked out for everyone.
    public struct Found: Sendable {
        public var chart: ValueChart
        /// What working it out took.
        public var milliseconds: Double
        /// The measure in the reader's language.
        public var sentence: String
        public var warnings: [ConsoleProblem]
        public init(chart: ValueChart, milliseconds: Double, sentence: String, warnings: [ConsoleProblem]) {
            (self.chart, self.milliseconds, self.sentence, self.warnings) = (chart, milliseconds, sentence, warnings)
        }
    }

    /// One of the three.
    public enum Content: Sendable {
        case nothing
        case found(Found)
        case refused(ConsoleProblem, SegmentAnswer.Place?)
    }

    public var content: Content
    public init(_ content: Content) { self.content = content }

    /// The words, for a script that puts them there.
    public func markup(_ frame: Frame) -> String { html(frame).source }

    /// The chart; empty where there is none.
    public func chartMarkup(_ frame: Frame) -> String { chart(frame).source }

    func html(_ frame: Frame) -> HTML {
        switch content {
        case .nothing: "<p class=\"quiet\">\(frame.say("computed.answer-empty"))</p>"
        case .refused(let problem, let place): SegmentAnswer(.refused(problem, place)).html(frame)
        case .found(let answer):
            """
            <p class="answer-count"><strong>\(frame.number(answer.chart.count))</strong> <span class="quiet">\(facts(answer, frame))</span></p>\
            <p><bdi>\(answer.sentence)</bdi></p>\(SegmentAnswer.warnings(answer.warnings))
            """
        }
    }

    func chart(_ frame: Frame) -> HTML {
        guard case .found(let answer) = content else { return .none }
        let tiles = answer.chart.tiles(frame)
        return "\(tiles == .none ? .none : "<div class=\"tiles\">\(tiles)</div>")\(answer.chart.html(frame))"
    }

    private func facts(_ answer: Found, _ frame: Frame) -> String {
        [
            frame.say("computed.answer-of", count: answer.chart.people),
            frame.say("segment.answer-ms", ["ms": answer.milliseconds < 1 ? "<1" : frame.number(Int(answer.milliseconds.rounded()))]),
        ].joined(separator: " · ")
    }
}
