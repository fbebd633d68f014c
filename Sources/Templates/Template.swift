public import Vocabulary

/// A Liquid template, read once and rendered as often as wanted, from any thread.
public struct Template: Sendable {
    let program: Program
    public let limits: TemplateLimits

    /// Reads a template and the partials that it names.
    ///
    /// - Parameter partials: sources by name, for `render` and `include`. Those that nothing names are not read.
    public init(_ source: String, partials: [String: String] = [:], limits: TemplateLimits = TemplateLimits()) throws(TemplateError) {
        program = try Program(source, partials: partials, limits: limits)
        self.limits = limits
    }

    /// What the template prints.
    ///
    /// - Parameters:
    ///   - data: its variables. No value is ever read as a template.
    ///   - kind: where the output goes, which says how values are escaped.
    ///   - now: what `now` and `today` mean.
    ///   - zone: by which clock instants are shown; nil for UTC, and for the offset that a text names.
    ///   - refusesGaps: whether it throws ``TemplateError/init(missing:)`` where it would print nothing for a value that ``uses`` cannot tell of: of an element
    ///     of a list, at a place or under a name that is computed, or made by a filter.
    public func render(_ data: Record, as kind: OutputKind = .plain, now: Timestamp, zone: TemplateZone? = nil, refusesGaps: Bool = false) throws(TemplateError) -> [UInt8] {
        var renderer = Renderer(program, data: data, kind: kind, limits: limits, now: now, zone: zone, refusesGaps: refusesGaps)
        return try renderer.run()
    }

    /// What it reads of the data that it is given, in the order of the source, partials last; names that the template itself sets are not among them.
    public var uses: [VariableUse] { program.uses }

    /// The partials that it puts in, and those that these put in; where it works out a name, all that there are.
    public var partialNames: Set<String> { Set(program.partials.keys) }
}

/// Everything that was read: the template, its partials, and the names of all their variables.
///
/// - Note: `@unchecked` since what was read stands in memory of its own, to which nothing is written behind `init`.
final class Program: @unchecked Sendable {
    let root: Block
    let partials: [String: Result<Block, TemplateError>]
    let slots: [String: Int]
    /// By slot.
    let names: View<Key>
    let uses: [VariableUse]
    /// All there are, at hand.
    let filters = Filters.all
    /// Slots of `forloop` and `tablerowloop`, where somebody reads them: a loop that nobody asks need not say where it stands.
    let loopSlot: Int?
    let tableSlot: Int?
    /// Whether loops must remember where they stopped.
    let hasContinuedLoops: Bool
    private let arena: Arena

    init(_ source: String, partials sources: [String: String], limits: TemplateLimits) throws(TemplateError) {
        let names = Names()
        var reader = try BlockReader(Array(source.utf8), names: names, limits: limits)
        root = try reader.whole()
        var read: [String: Result<Block, TemplateError>] = [:]
        var waiting = names.hasComputedPartials ? names.partials.union(sources.keys) : names.partials
        while let name = waiting.popFirst() {
            guard read[name] == nil, let source = sources[name] else { continue }
            read[name] = Program.partial(name, source, names, limits)
            waiting.formUnion(names.hasComputedPartials ? names.partials.union(sources.keys) : names.partials)
            waiting.subtract(read.keys)
        }
        partials = read
        let isLoopRead = names.uses.contains { $0.path[0] == "forloop" }
        let isTableRead = names.uses.contains { $0.path[0] == "tablerowloop" }
        uses = names.uses.filter { !names.own.contains($0.path[0]) }
        loopSlot = isLoopRead ? names.slot("forloop") : nil
        tableSlot = isTableRead ? names.slot("tablerowloop") : nil
        hasContinuedLoops = names.hasContinuedLoops
        slots = names.slots
        let list = names.slots.sorted { $0.value < $1.value }.map { Key(names.arena.keep($0.key)) }
        self.names = names.arena.keep(list)
        arena = names.takeArena()
    }

    /// A partial that cannot be read is an error where it is used, and only there.
    private static func partial(_ name: String, _ source: String, _ names: Names, _ limits: TemplateLimits) -> Result<Block, TemplateError> {
        do throws(TemplateError) {
            var reader = try BlockReader(Array(source.utf8), names: names, limits: limits)
            return .success(try reader.whole())
        } catch {
            var placed = error
            placed.partial = name
            return .failure(placed)
        }
    }

    /// Partials that cannot be read, and why.
    var brokenPartials: [TemplateError] {
        partials.sorted { $0.key < $1.key }.compactMap { if case .failure(let error) = $0.value { error } else { nil } }
    }
}

extension Template {
    /// Faults in partials: the template stops where it uses one of them.
    public var partialErrors: [TemplateError] { program.brokenPartials }
}
