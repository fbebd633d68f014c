/// Asks one expression about many texts, and remembers what it has learnt from those before.
///
/// A set of possible steps is a state; where a state leads by a scalar is worked out once and looked up from then on. What is remembered is bounded, and
/// forgotten as a whole when it grows too large.
public struct PatternMatcher {
    /// States that are remembered; with their sets and transitions they take a few megabytes at most.
    private static let statesMaximum = 500
    private static let unknown: Int32 = -1

    private let program: [PatternStep]
    /// Word boundaries look at both neighbours, so a set of steps alone does not say what follows: such programs are always walked.
    private let remembers: Bool
    private var current: PatternSteps
    private var next: PatternSteps

    private var states: [[Int32]] = []
    private var numbers: [[Int32]: Int32] = [:]
    /// 128 for each state, by ASCII scalar.
    private var ascii: [Int32] = []
    private var others: [UInt64: Int32] = [:]
    private var first: Int32 = PatternMatcher.unknown

    /// Knows nothing yet, and is therefore cheap to make.
    public init(_ pattern: TextPattern) {
        program = pattern.program
        remembers = !program.contains { if case .boundary = $0 { true } else { false } }
        current = PatternSteps(count: program.count)
        next = PatternSteps(count: program.count)
    }

    /// Whether the whole of `text` matches.
    public mutating func matches(_ text: String) -> Bool {
        var scalars = text.unicodeScalars.makeIterator()
        guard let start = scalars.next() else {
            current.removeAll()
            PatternMatcher.follow(0, program, &current, nil, nil)
            return accepts
        }
        return remembers ? look(start, &scalars) : walk(start, &scalars)
    }

    private var accepts: Bool { current.list.contains { if case .accept = program[Int($0)] { true } else { false } } }

    // MARK: - Remembering

    private mutating func look(_ start: Unicode.Scalar, _ scalars: inout String.UnicodeScalarView.Iterator) -> Bool {
        var scalar = start
        if first == PatternMatcher.unknown {
            current.removeAll()
            PatternMatcher.follow(0, program, &current, nil, scalar)
            first = number(of: current.list)
        }
        var state = first
        while let after = scalars.next() {
            let known = scalar.value < 128 ? ascii[Int(state) << 7 | Int(scalar.value)] : others[UInt64(state) << 32 | UInt64(scalar.value)] ?? PatternMatcher.unknown
            state = known == PatternMatcher.unknown ? learn(state, scalar, after) : known
            if states[Int(state)].isEmpty { return false }
            scalar = after
        }
        // Only here may `$` hold, so the last scalar is walked.
        next.removeAll()
        for step in states[Int(state)] { advance(Int(step), by: scalar, after: nil) }
        swap(&current, &next)
        return accepts
    }

    private mutating func learn(_ state: Int32, _ scalar: Unicode.Scalar, _ after: Unicode.Scalar) -> Int32 {
        next.removeAll()
        for step in states[Int(state)] { advance(Int(step), by: scalar, after: after) }
        if states.count >= PatternMatcher.statesMaximum || others.count >= 100_000 {
            forget()
            return number(of: next.list)
        }
        let number = number(of: next.list)
        if scalar.value < 128 { ascii[Int(state) << 7 | Int(scalar.value)] = number } else { others[UInt64(state) << 32 | UInt64(scalar.value)] = number }
        return number
    }

    private mutating func number(of steps: [Int32]) -> Int32 {
        if let number = numbers[steps] { return number }
        let number = Int32(states.count)
        states.append(steps)
        numbers[steps] = number
        ascii.append(contentsOf: repeatElement(PatternMatcher.unknown, count: 128))
        return number
    }

    private mutating func forget() {
        states.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        ascii.removeAll(keepingCapacity: true)
        others.removeAll(keepingCapacity: true)
        first = PatternMatcher.unknown
    }

    // MARK: - Walking

    private mutating func walk(_ start: Unicode.Scalar, _ scalars: inout String.UnicodeScalarView.Iterator) -> Bool {
        current.removeAll()
        PatternMatcher.follow(0, program, &current, nil, start)
        var scalar: Unicode.Scalar? = start
        while let now = scalar {
            let after = scalars.next()
            next.removeAll()
            for step in current.list { advance(Int(step), by: now, after: after) }
            swap(&current, &next)
            if current.list.isEmpty { return false }
            scalar = after
        }
        return accepts
    }

    private mutating func advance(_ step: Int, by scalar: Unicode.Scalar, after: Unicode.Scalar?) {
        if case .scalar(let set) = program[step], set.contains(scalar) { PatternMatcher.follow(step + 1, program, &next, scalar, after) }
    }

    /// Adds the steps that are reached from `start` without reading a scalar.
    private static func follow(_ start: Int, _ program: [PatternStep], _ steps: inout PatternSteps, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?) {
        steps.open.append(start)
        while let step = steps.open.popLast() {
            guard steps.insert(step) else { continue }
            switch program[step] {
            case .scalar, .accept: steps.list.append(Int32(step))
            case .jump(let target): steps.open.append(target)
            case .split(let a, let b):
                steps.open.append(b)
                steps.open.append(a)
            case .start: if before == nil { steps.open.append(step + 1) }
            case .end: if after == nil { steps.open.append(step + 1) }
            case .boundary(let isWanted):
                let isBoundary = PatternClass.isWord(before) != PatternClass.isWord(after)
                if isBoundary == isWanted { steps.open.append(step + 1) }
            }
        }
    }
}

/// A set of steps that is emptied in the time of its size.
private struct PatternSteps {
    var list: [Int32] = []
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
