/// Two texts line by line: what goes and what comes, with a few lines around it.
struct LineChanges {
    enum Line: Equatable {
        case same(String), removed(String), added(String)
        /// So many lines that stay as they are.
        case skipped(Int)
    }

    /// Of longer texts nothing is compared.
    static let linesMaximum = 2_000
    private static let around = 2

    /// None where both are the same; nil where they are too long.
    let lines: [Line]?

    init(from old: String, to new: String) {
        let (before, after) = (old.split(separator: "\n", omittingEmptySubsequences: false), new.split(separator: "\n", omittingEmptySubsequences: false))
        guard max(before.count, after.count) <= LineChanges.linesMaximum else {
            lines = nil
            return
        }
        var (removed, added): (Set<Int>, Set<Int>) = ([], [])
        for change in after.difference(from: before) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var (all, at, to): ([Line], Int, Int) = ([], 0, 0)
        while at < before.count || to < after.count {
            if at < before.count, removed.contains(at) {
                all.append(.removed(String(before[at])))
                at += 1
            } else if to < after.count, added.contains(to) {
                all.append(.added(String(after[to])))
                to += 1
            } else {
                all.append(.same(String(after[to])))
                (at, to) = (at + 1, to + 1)
            }
        }
        lines = LineChanges.shortened(all)
    }

    private static func shortened(_ all: [Line]) -> [Line] {
        let changed = all.indices.filter { if case .same = all[$0] { false } else { true } }
        let shown = Set(changed.flatMap { max(0, $0 - around)...min(all.count - 1, $0 + around) })
        guard !shown.isEmpty else { return [] }
        var (short, skipped): ([Line], Int) = ([], 0)
        for (index, line) in all.enumerated() {
            guard shown.contains(index) else { skipped += 1; continue }
            if skipped > 0 { short.append(.skipped(skipped)) }
            skipped = 0
            short.append(line)
        }
        return skipped > 0 ? short + [.skipped(skipped)] : short
    }

    func html(_ frame: Frame) -> HTML {
        guard let lines else { return "<p class=\"help\">\(frame.say("journeys.changes-long"))</p>" }
        guard !lines.isEmpty else { return "<p class=\"help\">\(frame.say("journeys.changes-none"))</p>" }
        let rows = lines.map { line -> HTML in
            switch line {
            case .same(let text): "  \(text)\n"
            case .removed(let text): "<del><span class=\"hidden\">\(frame.say("segment.removed")) </span><span aria-hidden=\"true\">− </span>\(text)</del>\n"
            case .added(let text): "<ins><span class=\"hidden\">\(frame.say("segment.added")) </span><span aria-hidden=\"true\">+ </span>\(text)</ins>\n"
            case .skipped(let count): "<span class=\"quiet\">… \(frame.say("journeys.changes-same", count: count))</span>\n"
            }
        }
        return "<pre class=\"changes\" tabindex=\"0\">\(rows)</pre>"
    }
}
