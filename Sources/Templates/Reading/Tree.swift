/// What a template was read into. A name is the number of its slot in the program.
enum Expression: Sendable {
    case literal(Value)
    case variable(Int)
    case path(Path)
    indirect case range(Expression, Expression)
}

final class Path: Sendable {
    enum Root: Sendable {
        case slot(Int)
        /// `[expression]`: the variable whose name is the value.
        case computed(Expression)
    }
    enum Step: Sendable {
        case key(String)
        case index(Expression)
    }
    let root: Root
    let steps: [Step]

    init(root: Root, steps: [Step]) {
        self.root = root
        self.steps = steps
    }
}

final class FilterCall: Sendable {
    let filter: Filter
    let arguments: [Expression]
    /// The same where all of them are literals.
    let constants: [Value]?
    let line: Int

    init(filter: Filter, arguments: [Expression], constants: [Value]?, line: Int) {
        self.filter = filter
        self.arguments = arguments
        self.constants = constants
        self.line = line
    }
}

final class Filtered: Sendable {
    let base: Expression
    let filters: [FilterCall]
    let line: Int

    init(base: Expression, filters: [FilterCall], line: Int) {
        self.base = base
        self.filters = filters
        self.line = line
    }
}

enum Comparison: Sendable { case equal, different, less, greater, atMost, atLeast, contains }

indirect enum Test: Sendable {
    case truth(Expression)
    case comparison(Expression, Comparison, Expression)
    case both(Test, Test)
    case either(Test, Test)
}

final class Block: Sendable {
    let nodes: [Node]
    /// Whether it prints nothing but blanks; such a block prints nothing at all.
    let isBlank: Bool

    init(_ nodes: [Node], isBlank: Bool) {
        self.nodes = nodes
        self.isBlank = isBlank
    }

    /// Without its texts, which are blank all.
    var withoutTexts: Block {
        Block(nodes.filter { if case .text = $0 { false } else { true } }, isBlank: true)
    }
}

/// Small, since a walk copies each: what is large stands behind a reference.
enum Node: Sendable {
    case text([UInt8])
    case output(Filtered)
    case assign(Int, Filtered)
    case capture(Int, Block)
    case branch(Branch)
    case choice(Choice)
    case loop(ForLoop)
    case table(ForLoop)
    case cycle(Cycle)
    case counter(Counter)
    case leave
    case skip
    case changed(Block)
    case partial(PartialCall)
}

final class Branch: Sendable {
    struct Arm: Sendable {
        /// Nil for `else`.
        let test: Test?
        /// Of the first arm of `unless`.
        let isNegated: Bool
        let block: Block
    }
    let arms: [Arm]
    let line: Int

    init(_ arms: [Arm], line: Int) {
        self.arms = arms
        self.line = line
    }
}

final class Choice: Sendable {
    struct Arm: Sendable {
        /// Nil for `else`.
        let values: [Expression]?
        let block: Block
    }
    let subject: Expression
    let arms: [Arm]
    let line: Int

    init(subject: Expression, arms: [Arm], line: Int) {
        self.subject = subject
        self.arms = arms
        self.line = line
    }
}

final class ForLoop: Sendable {
    let variable: Int
    let name: String
    let collection: Expression
    let limit: Expression?
    let offset: Expression?
    /// `offset: continue`: where the last loop of this name stopped.
    let continues: Bool
    let isReversed: Bool
    /// Of a `tablerow`.
    let columns: Expression?
    let body: Block
    let otherwise: Block?
    let line: Int

    init(_ head: LoopHead, body: Block, otherwise: Block?, line: Int) {
        variable = head.variable
        name = head.name
        collection = head.collection
        limit = head.limit
        offset = head.offset
        continues = head.continues
        isReversed = head.isReversed
        columns = head.columns
        self.body = body
        self.otherwise = otherwise
        self.line = line
    }
}

/// What stands in the tag that begins a loop.
struct LoopHead {
    var variable: Int
    var name: String
    var collection: Expression
    var limit: Expression?
    var offset: Expression?
    var continues = false
    var isReversed = false
    var columns: Expression?
}

final class Cycle: Sendable {
    let group: Expression?
    /// Of a cycle without a group: the slot of its items as they are written.
    let slot: Int
    let items: [Expression]
    let line: Int

    init(group: Expression?, slot: Int, items: [Expression], line: Int) {
        self.group = group
        self.slot = slot
        self.items = items
        self.line = line
    }
}

final class Counter: Sendable {
    let slot: Int
    let isDecrement: Bool

    init(slot: Int, isDecrement: Bool) {
        self.slot = slot
        self.isDecrement = isDecrement
    }
}

final class PartialCall: Sendable {
    enum Binding: Sendable { case none, one(Expression), each(Expression) }
    let name: Expression
    /// `render` sees nothing of what surrounds it but the template's own data.
    let isIsolated: Bool
    let binding: Binding
    let alias: String?
    let arguments: [(slot: Int, value: Expression)]
    let line: Int

    init(name: Expression, isIsolated: Bool, binding: Binding, alias: String?, arguments: [(slot: Int, value: Expression)], line: Int) {
        self.name = name
        self.isIsolated = isIsolated
        self.binding = binding
        self.alias = alias
        self.arguments = arguments
        self.line = line
    }
}
