public import Vocabulary

/// Why a condition cannot be asked or a segment not be kept.
public enum SegmentError: Explained, Hashable {
    case unknown(String)
    case cycle([String])
    case notAskable(String)
    case zone(String)
    case inUse([String])
    case unknownList(String)
    case listInUse([String])
    case tooManyLists
    case tooManyEntries
    case tooMany
    case unknownComputed(String)
    /// No value of the computed trait could pass.
    case unfitTest(String, Explanation)

    public var explanation: Explanation {
        switch self {
        case .unknown(let name):
            Explanation(code: "segment.unknown", problem: "There is no segment \(name).", remedy: "Check its id or handle, or create it first.")
        case .unknownList(let name):
            Explanation(code: "list.unknown", problem: "There is no list \(name).", remedy: "Check its id or handle, or create it first.")
        case .listInUse(let names):
            Explanation(code: "list.in-use", problem: "Segments name this list: \(names.prefix(5).joined(separator: ", ")).", remedy: "Change or delete those first.")
        case .tooManyLists:
            Explanation(code: "list.too-many", problem: "There are \(ListStore.listsMaximum) lists already.", remedy: "Delete some that nobody uses.")
        case .tooManyEntries:
            Explanation(code: "list.too-long", problem: "A list holds at most \(ListStore.entriesMaximum) entries.", remedy: "Make another list, and name both in the condition.")
        case .cycle(let names):
            Explanation(code: "segment.cycle", problem: "The segment would contain itself: \(names.joined(separator: " → ")).", remedy: "Take one of them out of the circle.")
        case .notAskable(let key):
            Explanation(code: "condition.not-askable", problem: "Conditions of the kind `\(key)` cannot be asked here.", remedy: "Use another kind of condition.")
        case .inUse(let names):
            Explanation(code: "segment.in-use", problem: "Other segments name this one: \(names.prefix(5).joined(separator: ", ")).", remedy: "Change or delete those first.")
        case .tooMany:
            Explanation(code: "segment.too-many", problem: "There are \(SegmentStore.countMaximum) segments already.", remedy: "Delete some that nobody uses.")
        case .unknownComputed(let name): ComputedTraitError.unknown(name).explanation
        case .unfitTest(let name, let fault):
            Explanation(code: "computed-trait.test", problem: "This test does not fit the computed trait \(name): \(fault.problem)", remedy: fault.remedy)
        case .zone(let name):
            Explanation(code: "condition.zone", problem: "There is no time zone \(name).", remedy: "Use a name such as Europe/Madrid.")
        }
    }
}
