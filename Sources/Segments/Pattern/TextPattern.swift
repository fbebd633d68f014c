public import Vocabulary

/// A regular expression that always answers in linear time, for `matches`.
///
/// It is RE2's language without captures: literals, `.`, classes, `\d \w \s \b` (ASCII), `\p{L}` and its like, groups, `|`, `* + ? {n,m}`, `^ $`, and the
/// flags `i` and `s`. What needs going back, back-references and look-arounds, is refused. The whole text must match.
///
/// - Note: Thompson, CACM 11 (1968), p. 419, in the form of Cox, "Regular Expression Matching: the Virtual Machine Approach": the steps that are
///   possible are walked together, each at most once per scalar, so the time is text × program, never exponential. ``PatternMatcher`` remembers the sets
///   of steps that it has met, which makes the usual case one look-up per scalar.
public struct TextPattern: Sendable {
    /// Bytes of an expression.
    public static let length = 1000
    /// Steps of the program that an expression may become; repetitions are written out. At the limit, the worst text of 50 KB takes below a second.
    static let steps = 1000

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

    /// Whether the whole of `text` matches. Whoever asks about many texts takes one ``PatternMatcher`` for all of them.
    public func matches(_ text: String) -> Bool {
        var matcher = PatternMatcher(self)
        return matcher.matches(text)
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

/// Why an expression is refused.
public struct PatternError: Explained, Hashable {
    /// `segments.bad-pattern`, `segments.pattern-refused` or `segments.pattern-too-large`.
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
