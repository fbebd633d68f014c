import Columnar
public import Identity
import Profiles
public import Vocabulary

/// That a profile came into a segment or left it.
public struct MembershipChange: Sendable {
    /// Counts up in a workspace, so that a reader can ask for what came since.
    public let number: Int
    public let segment: String
    public let id: ProfileID
    public let hasEntered: Bool
    public let at: Timestamp
    /// Whether it was found by a comparison after a restart: then others may have the same number, and it may have happened earlier.
    public var isCompared = false

    public var profile: String { id.text }
}

/// Who is in one segment now, and when time alone may change that.
struct Membership {
    let segment: Segment
    /// Names it where a string would be too long; a later version of the segment has another.
    let number: UInt32
    /// By part.
    var members: [RowSet] = []
    /// When everyone is asked again.
    var recheck: Int64?
    /// Until when instants are down at which a single row is to be asked again. Those behind it are found when everyone is asked then: kept for everyone
    /// and for years ahead, they would take more memory than all columns.
    var horizon = Int64.min
    /// Whether some row has an instant behind the horizon.
    var isBeyond = false
    /// Whether everyone has been asked once.
    var isComplete = false
    /// Whether members were known before this version of the segment, so that what differs is a change. Whoever was in from the beginning, or
    /// before a restart, did not come in.
    var isFollowed = false
    /// Counts up when the condition's meaning or the people change beside the asking, so that an answer that was under way then is not kept.
    var generation = 0

    var count: Int { members.reduce(0) { $0 + $1.count } }

    mutating func makeRoom(for parts: Int) { while members.count < parts { members.append(RowSet()) } }
}

/// What fell due first, of rows of many segments.
struct DueHeap {
    struct Entry { let at: Int64, segment: UInt32, row: Row }
    private var entries: [Entry] = []

    var next: Int64? { entries.first?.at }

    mutating func add(_ entry: Entry) {
        entries.append(entry)
        var index = entries.count - 1
        while index > 0, case let parent = (index - 1) / 2, entries[parent].at > entries[index].at {
            entries.swapAt(parent, index)
            index = parent
        }
    }

    /// The earliest entry, where it is due at `now`.
    mutating func take(at now: Int64) -> Entry? {
        guard let first = entries.first, first.at <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            var index = 0
            while true {
                var least = index
                for child in [2 * index + 1, 2 * index + 2] where child < entries.count && entries[child].at < entries[least].at { least = child }
                if least == index { break }
                entries.swapAt(least, index)
                index = least
            }
        }
        return first
    }
}
