/// A variable as a template reads it: `profile.first_name`.
public struct VariableUse: Sendable, Hashable {
    public let path: [String]
    public let line: Int
    /// Whether the template says what to print when there is no value.
    public var hasDefault: Bool
    /// Whether it is only asked about, in a condition, and never printed there.
    public var isTested: Bool
}

/// The names of one program, numbered as they come up, and what was read of each.
final class Names {
    private(set) var slots: [String: Int] = [:]
    /// Where what is read stands; the program takes it in the end.
    var arena = Arena()
    private(set) var uses: [VariableUse] = []
    /// Names that the template itself gives a value.
    private(set) var own: Set<String> = []
    var isTest = false
    /// Names of partials that are asked for; nil stands for one that is known only when rendering.
    var partials: Set<String> = []
    var hasComputedPartials = false
    /// Names of snippets met so far.
    var snippets: Set<String> = []
    /// Whether some loop goes on where another stopped.
    var hasContinuedLoops = false

    func slot(_ name: String) -> Int {
        if let slot = slots[name] { return slot }
        let slot = slots.count
        slots[name] = slot
        return slot
    }

    /// The slot of a name that gets its value here.
    func declared(_ name: String) -> Int {
        own.insert(name)
        return slot(name)
    }

    func note(_ name: String, _ steps: [Path.Step], line: Int) {
        var path = [name]
        loop: for step in steps {
            switch step {
            case .key(let name): path.append(name.key.text.string)
            case .index(.literal(.text(let key))): path.append(key.string)
            case .index: break loop
            }
        }
        uses.append(VariableUse(path: path, line: line, hasDefault: false, isTested: isTest))
    }

    func takeArena() -> Arena {
        var taken = Arena()
        swap(&taken, &arena)
        return taken
    }

    func markDefaulted(from index: Int) {
        for place in index..<uses.count { uses[place].hasDefault = true }
    }
}

/// What somebody may have meant.
public enum Suggestion {
    /// The nearest of some names where it is near enough.
    public static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().utf8.prefix(64))
        var best: (name: String, distance: Int)?
        for candidate in names {
            let distance = self.distance(wanted, Array(candidate.lowercased().utf8.prefix(64)))
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        guard let best, best.distance <= max(1, wanted.count / 3) else { return nil }
        return best.name
    }

    static func sentence(for name: String, among names: [String]) -> String? { nearest(to: name, among: names).map { "Did you mean `\($0)`?" } }

    /// Letters put in, taken out or changed.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let cost = min(row[j + 1] + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[b.count]
    }
}
