/// What a template was read into. A name is the number of its slot in the program. All of it stands in the program's arena.
enum Expression: BitwiseCopyable {
    case literal(Cell)
    case variable(Int)
    case path(Ref<Path>)
    /// From the first to the second.
    case range(View<Expression>)
}

struct Path: BitwiseCopyable {
    enum Root: BitwiseCopyable {
        case slot(Int)
        /// `[expression]`: the variable whose name is the value.
        case computed(Expression)
    }
    enum Step: BitwiseCopyable {
        case key(Name)
        case index(Expression)
    }
    let root: Root
    let steps: View<Step>
}

struct FilterCall: BitwiseCopyable {
    /// The place of the filter in the table.
    let filter: Int
    let arguments: View<Expression>
    /// The same where all of them are literals.
    let constants: View<Cell>?
    let line: Int
}

struct Filtered: BitwiseCopyable {
    let base: Expression
    let filters: View<FilterCall>
    let line: Int
}

enum Comparison: BitwiseCopyable { case equal, different, less, greater, atMost, atLeast, contains }

enum Test: BitwiseCopyable {
    case truth(Expression)
    case comparison(Ref<Compared>)
    case both(Ref<(Test, Test)>)
    case either(Ref<(Test, Test)>)
}

struct Compared: BitwiseCopyable {
    let left: Expression
    let comparison: Comparison
    let right: Expression
}

struct Block: BitwiseCopyable {
    let nodes: View<Node>
}

enum Node: BitwiseCopyable {
    case text(Text)
    case output(Ref<Filtered>)
    case assign(Int, Ref<Filtered>)
    case capture(Int, Ref<Block>)
    case branch(Ref<Branch>)
    case choice(Ref<Choice>)
    case loop(Ref<ForLoop>)
    case table(Ref<ForLoop>)
    case cycle(Ref<Cycle>)
    case counter(slot: Int, isDecrement: Bool)
    case leave
    case skip
    case changed(Ref<Block>)
    case partial(Ref<PartialCall>)
    /// A block that `render` puts in by its name, the slot.
    case snippet(Int, Ref<Block>)
}

struct Branch: BitwiseCopyable {
    struct Arm: BitwiseCopyable {
        /// Nil for `else`.
        let test: Test?
        /// Of the first arm of `unless`.
        let isNegated: Bool
        let block: Block
    }
    let arms: View<Arm>
    let line: Int
}

struct Choice: BitwiseCopyable {
    struct Arm: BitwiseCopyable {
        /// Nil for `else`.
        let values: View<Expression>?
        let block: Block
    }
    let subject: Expression
    let arms: View<Arm>
}

struct ForLoop: BitwiseCopyable {
    let head: LoopHead
    let body: Block
    let otherwise: Block?
    let line: Int
}

/// What stands in the tag that begins a loop.
struct LoopHead: BitwiseCopyable {
    let variable: Int
    let name: Text
    let collection: Expression
    var limit: Expression?
    var offset: Expression?
    /// `offset: continue`: where the last loop of this name stopped.
    var continues = false
    var isReversed = false
    /// Of a `tablerow`.
    var columns: Expression?
}

struct Cycle: BitwiseCopyable {
    let group: Expression?
    /// Of a cycle without a group: the slot of its items as they are written.
    let slot: Int
    let items: View<Expression>
}

struct PartialCall: BitwiseCopyable {
    enum Binding: BitwiseCopyable { case none, one(Expression), each(Expression) }
    struct Argument: BitwiseCopyable {
        let slot: Int
        let value: Expression
    }
    let name: Expression
    /// Of a `render` that names a snippet: the slot of its name.
    let snippet: Int?
    /// `render` sees nothing of what surrounds it but the template's own data.
    let isIsolated: Bool
    let binding: Binding
    /// The slot of the name that the partial has for its value; nil where the name of the partial says it, which is known only when rendering.
    let alias: Int?
    let arguments: View<Argument>
    let line: Int
}
