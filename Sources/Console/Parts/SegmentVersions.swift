/// One version of a segment beside the one before it.
public struct SegmentVersion: Sendable {
    public enum Part: String, Sendable, CaseIterable { case name, note, condition, zone }
    /// A stretch of the condition's text.
    public enum Piece: Sendable, Equatable { case same(String), removed(String), added(String) }
    public var number: Int
    public var savedAtMs: Int64
    public var author: String
    public var changed: [Part]
    /// Of the condition's text; empty where it did not change.
    public var diff: [Piece]

    public init(number: Int, savedAtMs: Int64, author: String, changed: [Part] = [], diff: [Piece] = []) {
        (self.number, self.savedAtMs, self.author, self.changed, self.diff) = (number, savedAtMs, author, changed, diff)
    }
}

/// How a segment became what it is: what went and came is marked by lines and words, not by colour alone.
struct SegmentVersions {
    /// Newest first.
    var versions: [SegmentVersion]

    func html(_ frame: Frame) -> HTML {
        let items = versions.map { version -> HTML in
            """
            <li><strong>\(frame.say("segment.version", ["n": frame.number(version.number)]))</strong> <span class="quiet">\(frame.time(version.savedAtMs)) · <bdi>\(version.author)</bdi> · \
            \(what(version, frame))</span>\(version.diff.isEmpty ? .none : "<pre tabindex=\"0\">\(version.diff.map { piece($0, frame) })</pre>")</li>
            """
        }
        return """
            <section class="panel versions" aria-labelledby="versions-title"><div class="panel-head"><h2 id="versions-title">\(frame.say("segment.versions"))</h2></div>\
            <ol>\(items)</ol></section>
            """
    }

    private func what(_ version: SegmentVersion, _ frame: Frame) -> String {
        guard version.changed.isEmpty else {
            return version.changed.map { part in
                switch part {
                case .name: frame.say("segment.changed-name")
                case .note: frame.say("segment.changed-note")
                case .condition: frame.say("segment.changed-condition")
                case .zone: frame.say("segment.changed-zone")
                }
            }.joined(separator: ", ")
        }
        return frame.say(version.number == 1 ? "segment.version-first" : "segment.version-same")
    }

    private func piece(_ piece: SegmentVersion.Piece, _ frame: Frame) -> HTML {
        switch piece {
        case .same(let text): "\(text)"
        case .removed(let text): "<del><span class=\"hidden\">\(frame.say("segment.removed")) </span>\(text)</del>"
        case .added(let text): "<ins><span class=\"hidden\">\(frame.say("segment.added")) </span>\(text)</ins>"
        }
    }
}
