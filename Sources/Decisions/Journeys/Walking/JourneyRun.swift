public import Identity
public import Privacy
public import Vocabulary

/// One person's walk through one journey.
public struct JourneyRun: Sendable, Hashable {
    /// Its row; nil until it is kept.
    public var number: Int64?
    public var version: Int64
    /// By which it is the person's, as ``IdentityGraph/bearer(_:)`` has it. Runs of people who merge are found by all their ids, and part with the id.
    public let owner: ProfileID
    /// The person as they were known when it began: draws the lots, so that what one person does on a device and under a name is drawn alike.
    public let lot: ProfileID
    /// What the key said, such as a cart's id; empty where the journey has none.
    public let instance: String
    /// Where it began, in the log or in time: tells it from the person's other runs, and is the same when it is decided again.
    public let start: String
    /// Of the event that began it; nil where none did.
    public var position: LogPosition? { start.hasPrefix("p") ? LogPosition(start.dropFirst()) : nil }
    /// What the API handed in.
    public let data: JSONText?
    public var enteredAt: Timestamp
    /// When what began it happened: whatever happened earlier moves nobody.
    public let since: Timestamp
    /// The step at which it stands; empty while inaction is waited for.
    public var step: String
    public var arrivedAt: Timestamp
    /// When time moves it; nil for one that has ended.
    public var wake: Timestamp?
    /// It never goes back.
    public var clock: Timestamp
    public var end: End?
    public var conversion: Conversion?
    /// From when the time for the goal is counted: the beginning, or when what begins a run last happened again while this one went on.
    public var goalFrom: Timestamp
    /// What is counted of the person with this run; nil where another of their runs bears it.
    var counted: PersonCount?
    /// Under which other id stands the run that bears what is counted of the person; nil where it is under the same, which nothing parts.
    var countedWith: ProfileID?
    /// What was decided, and why, oldest first. Beyond ``notesMaximum`` steps that were only passed are left out.
    public var notes: [Note] {
        get { noted.all }
        set { noted = Noted(newValue) }
    }
    /// As they are kept; read when somebody asks. Of a person who begins again and again nearly every run has ended, and is only looked past.
    var noted = Noted([])
    /// Those of this deciding.
    public var fresh: [Note] = []

    public static let notesMaximum = 100

    struct Noted: Sendable, Hashable {
        /// Nil once they were read or written to.
        private(set) var text: String?
        private var list: [Note] = []

        init(_ list: [Note]) { self.list = list }
        init(text: String) { self.text = text }

        var all: [Note] { text.map(RunTable.notes) ?? list }

        mutating func append(_ note: Note, onlyBelow maximum: Int) {
            if let text { (list, self.text) = (RunTable.notes(text), nil) }
            if list.count < maximum { list.append(note) }
        }
    }

    public struct End: Sendable, Hashable {
        public let reason: String
        public let at: Timestamp
    }
    public struct Conversion: Sendable, Hashable {
        /// Of the first order.
        public let at: Timestamp
        /// Of all orders that counted for the run, in ten-thousandths; nil where none said what it was worth.
        public private(set) var revenue: ExactNumber?

        init(at: Timestamp, revenue: ExactNumber?) { (self.at, self.revenue) = (at, revenue) }

        mutating func add(_ more: ExactNumber?) {
            guard let more else { return }
            revenue = revenue.map { $0 + more } ?? more
        }

        /// What is beyond this is no money.
        static let revenueMaximum: Int64 = 1_000_000_000_000

        /// A number, or a text that is one, to the ten-thousandth; nil for anything else, and for what is beyond all money.
        static func revenue(_ json: JSONText) -> ExactNumber? {
            let bytes = json.string.map { Array($0.utf8) } ?? Array(json.bytes)
            guard bytes.count <= 400, let number = ExactNumber(json: bytes) else { return nil }
            let value = (number + ExactNumber(5, scale: 5)).floor(scale: 4).value
            return value.magnitude < UInt64(revenueMaximum * 10_000) ? ExactNumber(value, scale: 4) : nil
        }
    }
    public struct Note: Sendable, Hashable {
        public enum What: String, Sendable, CaseIterable {
            case entered, arrived, passed, decided, ended, converted, heldOut, moved
            /// By a person: machines that look into mail are told apart where it is tracked.
            case opened, clicked
            /// What became of a message, as `Delivery` tells the log.
            case sent, failed
            /// A message that was not sent by our own rules; the detail is the reason.
            case withheld
            /// The person would have begun again, and too often within an hour.
            case refused
            /// What a wait waits for came while the journey was paused; the detail is the number of its way.
            case heard

            var isAlwaysKept: Bool {
                switch self {
                case .entered, .decided, .ended, .converted, .heldOut, .opened, .clicked, .sent, .failed, .withheld, .heard: true
                case .arrived, .passed, .moved, .refused: false
                }
            }
        }
        public let what: What
        public let at: Timestamp
        public let step: String
        /// Which way, or which reason.
        public let detail: String

        public init(_ what: What, at: Timestamp, step: String, detail: String = "") { (self.what, self.at, self.step, self.detail) = (what, at, step, detail) }
    }

    /// - Parameter ordinal: tells it from others that begin in the same millisecond; 1 for the first.
    public init(version: Int64, owner: ProfileID, lot: ProfileID, instance: String, begunBy happening: Happening, ordinal: Int = 1) {
        (self.version, self.owner, self.lot, self.instance) = (version, owner, lot, instance)
        start = (happening.position.map { "p\($0)" } ?? "t\(happening.at.milliseconds)") + (ordinal > 1 ? "-\(ordinal)" : "")
        (data, enteredAt, since) = (happening.data, happening.at, happening.happened)
        (step, arrivedAt, clock, goalFrom) = ("", happening.at, happening.at, happening.at)
    }

    /// As it is kept; the rest is set by whoever reads it.
    init(version: Int64, owner: ProfileID, lot: ProfileID, instance: String, start: String, data: JSONText?, enteredAt: Timestamp, since: Timestamp) {
        (self.version, self.owner, self.lot, self.instance, self.start, self.data, self.enteredAt, self.since) = (version, owner, lot, instance, start, data, enteredAt, since)
        (step, arrivedAt, clock, goalFrom) = ("", enteredAt, enteredAt, enteredAt)
    }

    public var isUnderWay: Bool { end == nil }
    /// Inaction is waited for, and nobody has entered yet.
    public var isArmed: Bool { end == nil && step.isEmpty }
    /// An author's `exit: held-out` stands at its step.
    public var isHeldOut: Bool { step.isEmpty && end?.reason == JourneyRun.heldOut }
    public static let heldOut = "held-out"
    /// Whether they came in, to walk or to be held out; a run that waits for inaction has not, and one that ended so never did.
    public var hasEntered: Bool { !step.isEmpty || isHeldOut || end?.reason == "finished" }
    /// What was to be missing came.
    var hasActed: Bool { step.isEmpty && end?.reason == "acted" }

    /// Which of a person's runs came first.
    static func isOlder(_ a: JourneyRun, _ b: JourneyRun) -> Bool {
        if a.enteredAt != b.enteredAt { return a.enteredAt < b.enteredAt }
        // They end in a number, which may be longer.
        if a.start.utf8.count != b.start.utf8.count { return a.start.utf8.count < b.start.utf8.count }
        return a.start != b.start ? a.start < b.start : a.owner.text < b.owner.text
    }

    mutating func note(_ what: Note.What, at: Timestamp, step: String? = nil, detail: String = "") {
        let note = Note(what, at: at, step: step ?? self.step, detail: detail)
        fresh.append(note)
        // That somebody came to a step is told by their leaving the one before.
        guard what != .arrived else { return }
        // What was decided and what became of it is always told: steps lead forwards, so that neither can be more than a journey has steps.
        noted.append(note, onlyBelow: what.isAlwaysKept ? .max : JourneyRun.notesMaximum)
    }
}

/// Something that was decided in a run, before it becomes an intent.
public struct JourneyAction: Sendable, Hashable {
    /// Deterministic: the same decision has the same key.
    public let key: String
    public let run: JourneyRun
    public let step: String
    public let effect: JourneyEffect
    public let at: Timestamp
    public let priority: Int
    public let expiresAt: Timestamp?
}

public enum JourneyEffect: Sendable, Hashable {
    case message(template: String, ConsentScope)
    case call(destination: String, [NamedValue])
    case traits([NamedValue])
    case event(String, [NamedValue])
}

extension JourneyRun {
    /// Of what it decides at a step: deciding it again decides nothing new.
    public func intentKey(journey id: String, step: String) -> String { "\(id):\(owner.text):\(start):\(step)" }
}
