public import Vocabulary

/// A trait that nobody sends: what a measurement of a person's events comes to, worked out whenever it is read, so that late events, merges and erasure
/// need no correction.
public struct ComputedTrait: Sendable {
    /// `ctr_` and twelve letters and digits; for ever.
    public let id: String
    /// Under which it is read, and by which conditions name it: `computed.name`. Unique in the workspace, for ever.
    public let name: String
    public var note: String
    public var measurement: Measurement
    /// In which days, weeks and months are counted.
    public var zone: TimeZoneName
    /// When this version was saved.
    public let savedAt: Timestamp
    public let author: String
    public let version: Int64

    /// Why a computed trait cannot be called so; nil where it can.
    public static func nameFault(_ name: String) -> Explanation? {
        if name.utf8.count <= 64, !name.isEmpty, !name.contains("."), TextLexer.isPlainWord(ComputedTest.prefix + name) { return nil }
        return Explanation(
            code: "computed-trait.name", problem: "This is no name of a computed trait.",
            remedy: "Use letters, digits, `_` and hyphens between them, at most 64 bytes, as `lifetimeValue`.")
    }

    var body: JSONText {
        var w = JSONWriter()
        w.object { w in
            w.member("name", name)
            w.member("note", note)
            w.member("zone", zone.name)
            w.key("measure")
            w.raw(measurement.json.bytes)
        }
        return w.text
    }
}

/// A computed trait of one person.
public struct ComputedValue: Sendable {
    public let trait: ComputedTrait
    public let json: JSONText
}

/// Why a computed trait cannot be kept or asked.
public enum ComputedTraitError: Explained, Hashable {
    case unknown(String)
    case nameTaken(String)
    case inUse([String])
    case tooMany
    case zone(String)

    public var explanation: Explanation {
        switch self {
        case .unknown(let name):
            Explanation(code: "computed-trait.unknown", problem: "There is no computed trait \(name).", remedy: "Check its name or id, or create it first.")
        case .nameTaken(let name):
            Explanation(code: "computed-trait.name-taken", problem: "There is a trait called \(name) already.", remedy: "Choose another name; a computed trait keeps its name for ever.")
        case .inUse(let names):
            Explanation(
                code: "computed-trait.in-use", problem: "Segments ask for this computed trait: \(names.prefix(5).joined(separator: ", ")).", remedy: "Change or delete those first.")
        case .tooMany:
            Explanation(code: "computed-trait.too-many", problem: "There are \(ComputedTraitStore.countMaximum) computed traits already.", remedy: "Delete some that nobody reads.")
        case .zone(let name): SegmentError.zone(name).explanation
        }
    }
}
