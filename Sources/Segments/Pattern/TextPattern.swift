public import Vocabulary

/// A regular expression that always answers in linear time, for `matches`.
///
/// It is RE2's language without captures: literals, `.`, classes, `\d \w \s \b` (ASCII), `\p{L}` and its like, groups, `|`, `* + ? {n,m}`, `^ $`, and the
/// flags `i` and `s`. What needs going back, back-references and look-arounds, is refused. The whole text must match.
///
/// - Note: Thompson, CACM 11 (1968), p. 419, in the form of Cox, "Regular Expression Matching: the Virtual Machine Approach": the states that are
///   possible are walked together, each at most once per scalar, so the time is text × program, never exponential.
public struct TextPattern: Sendable {
    /// Bytes of an expression.
    public static let length = 1000
    /// Steps of the program that an expression may become; repetitions are written out.
    static let steps = 2000

    let program: [PatternStep]

    /// - Throws: `segments.bad-pattern` and its like.
    public init(_ text: String) throws(PatternError) {
        guard text.utf8.count <= TextPattern.length else { throw PatternError(code: "pattern-too-large", problem: "This expression is longer than \(TextPattern.length) bytes.", remedy: "Split it into several tests joined by `or`.") }
        var parser = PatternParser(text)
        let node = try parser.whole()
        var compiler = PatternCompiler()
        try compiler.emit(node)
        program = compiler.program + [.accept]
    }

    static func fault(of text: String) -> Explanation? {
        do {
            _ = try TextPattern(text)
            return nil
        } catch { return error.explanation }
    }

    /// Whether the whole of `text` matches.
    public func matches(_ text: String) -> Bool {
        var current = PatternStates(count: program.count)
        var next = PatternStates(count: program.count)
        var before: Unicode.Scalar?
        var scalars = text.unicodeScalars.makeIterator()
        var scalar = scalars.next()
        follow(0, into: &current, before: before, after: scalar)
        while let now = scalar {
            let after = scalars.next()
            for step in current.list {
                if case .scalar(let set) = program[step], set.contains(now) { follow(step + 1, into: &next, before: now, after: after) }
            }
            before = now
            scalar = after
            swap(&current, &next)
            next.removeAll()
            if current.list.isEmpty { return false }
        }
        return current.list.contains { if case .accept = program[$0] { true } else { false } }
    }

    /// Adds the steps that are reached from `start` without reading a scalar.
    private func follow(_ start: Int, into states: inout PatternStates, before: Unicode.Scalar?, after: Unicode.Scalar?) {
        states.open.append(start)
        while let step = states.open.popLast() {
            guard states.insert(step) else { continue }
            switch program[step] {
            case .scalar, .accept: states.list.append(step)
            case .jump(let target): states.open.append(target)
            case .split(let a, let b):
                states.open.append(b)
                states.open.append(a)
            case .start: if before == nil { states.open.append(step + 1) }
            case .end: if after == nil { states.open.append(step + 1) }
            case .boundary(let isWanted):
                let isBoundary = PatternClass.isWord(before) != PatternClass.isWord(after)
                if isBoundary == isWanted { states.open.append(step + 1) }
            }
        }
    }
}

enum PatternStep: Sendable {
    case scalar(PatternClass)
    case split(Int, Int)
    case jump(Int)
    case start, end
    case boundary(Bool)
    case accept
}

/// A set of steps that is emptied in the time of its size.
private struct PatternStates {
    var list: [Int] = []
    /// Steps that wait to be followed; kept for its memory.
    var open: [Int] = []
    private var marks: [UInt32]
    private var round: UInt32 = 1

    init(count: Int) { marks = Array(repeating: 0, count: count) }

    mutating func insert(_ step: Int) -> Bool {
        guard marks[step] != round else { return false }
        marks[step] = round
        return true
    }

    mutating func removeAll() {
        list.removeAll(keepingCapacity: true)
        round &+= 1
    }
}

/// Why an expression is refused.
public struct PatternError: Explained, Hashable {
    public let explanation: Explanation

    init(code: String = "bad-pattern", problem: String, remedy: String) { explanation = Explanation(code: "segments." + code, problem: problem, remedy: remedy) }
}

/// Writes the program of an expression.
struct PatternCompiler {
    private(set) var program: [PatternStep] = []

    private mutating func add(_ step: PatternStep) throws(PatternError) {
        guard program.count < TextPattern.steps else {
            throw PatternError(code: "pattern-too-large", problem: "This expression repeats too much.", remedy: "Use smaller numbers between `{` and `}`; repetitions multiply.")
        }
        program.append(step)
    }

    mutating func emit(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .empty: break
        case .scalar(let set): try add(.scalar(set))
        case .start: try add(.start)
        case .end: try add(.end)
        case .boundary(let isWanted): try add(.boundary(isWanted))
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .choice(let nodes): try choice(nodes[...])
        case .repeated(let node, let minimum, let maximum):
            for _ in 0..<minimum {
                let size = program.count
                try emit(node)
                // What reads nothing reads nothing a thousand times.
                if program.count == size { return }
            }
            guard let maximum else { return try star(node) }
            try optional(node, maximum - minimum)
        }
    }

    private mutating func choice(_ nodes: ArraySlice<PatternNode>) throws(PatternError) {
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            guard index < nodes.count - 1 else {
                try emit(node)
                break
            }
            let split = program.count
            try add(.split(split + 1, split + 1))
            try emit(node)
            jumps.append(program.count)
            try add(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        for jump in jumps { program[jump] = .jump(program.count) }
    }

    private mutating func star(_ node: PatternNode) throws(PatternError) {
        let split = program.count
        try add(.split(split + 1, split + 1))
        try emit(node)
        try add(.jump(split))
        program[split] = .split(split + 1, program.count)
    }

    /// At most `count` times.
    private mutating func optional(_ node: PatternNode, _ count: Int) throws(PatternError) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(program.count)
            try add(.split(program.count + 1, program.count + 1))
            try emit(node)
        }
        for split in splits { program[split] = .split(split + 1, program.count) }
    }
}
