public import Vocabulary

extension EventLog {
    /// Copies everything that is durable at the call into `target`, which opens alone as a log. Appending goes on meanwhile.
    public func backup(to target: String) throws {
        try withStableFiles { segments in
            for segment in segments {
                switch segment {
                case .sealed(let sealed):
                    try EventLog.copy(sealed.file, bytes: sealed.file.size, to: "\(target)/\(SegmentName.sealed(sealed.first))")
                case .open(let open):
                    // Records behind what was synced are not copied; zeros stand for the room that was left.
                    try EventLog.copy(open.file, bytes: open.writeOffset, to: "\(target)/\(SegmentName.open(open.first))")
                }
            }
        }
        try LogFile.syncFolder(target)
    }

    private static func copy(_ file: LogFile, bytes: Int, to path: String) throws(LogError) {
        let copy = try LogFile.create(path)
        var at = 0
        while at < bytes {
            let piece = try file.read(min(1 << 20, bytes - at), at: at)
            guard !piece.isEmpty else { throw .damaged(detail: "a segment that is shorter than it was") }
            try copy.write(piece, at: at)
            at += piece.count
        }
        try copy.sync()
    }

    /// What reading every record found.
    public struct Verification: Sendable {
        /// Events that were read, erased ones included.
        public internal(set) var events = 0
        /// Positions whose events cannot be read, in order.
        public internal(set) var lost: [Range<LogPosition>] = []
        public internal(set) var damage: [Explanation] = []
    }

    /// Reads every record and says what cannot be read.
    public func verify() -> Verification {
        var found = Verification()
        var next: LogPosition = 0
        func lose(_ range: Range<LogPosition>) {
            guard !range.isEmpty else { return }
            if let unknown = recovery.unknown.first(where: { $0.upperBound > range.lowerBound && $0.lowerBound < range.upperBound }) {
                lose(range.lowerBound..<max(range.lowerBound, unknown.lowerBound))
                return lose(min(range.upperBound, unknown.upperBound)..<range.upperBound)
            }
            if let last = found.lost.last, last.upperBound == range.lowerBound { found.lost[found.lost.count - 1] = last.lowerBound..<range.upperBound } else { found.lost.append(range) }
        }
        let end = self.end
        scan(from: 0, to: end, onDamage: { found.damage.append($0.explanation) }) { batch in
            for entry in batch.entries {
                lose(next..<entry.position)
                next = entry.position + 1
                // What was lost before its segment was sealed stands there as an erased record of no time.
                if let event = batch.event(entry), event.isErased, event.receivedAt.milliseconds == 0 { lose(entry.position..<next) } else { found.events += 1 }
            }
            return true
        }
        if next < end { lose(next..<end) }
        for name in recovery.damagedFiles { found.damage.append(LogError.damaged(detail: name).explanation) }
        return found
    }
}
