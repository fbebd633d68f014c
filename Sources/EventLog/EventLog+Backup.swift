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

    /// Reads every record and says what cannot be read.
    ///
    /// - Returns: how many events were read, and the damage found.
    public func verify() -> (events: Int, damage: [Explanation]) {
        var count = 0
        var damage: [Explanation] = []
        scan(from: 0, onDamage: { damage.append($0.explanation) }) { batch in
            count += batch.entries.count
            return true
        }
        for name in recovery.damagedFiles { damage.append(LogError.damaged(detail: name).explanation) }
        return (count, damage)
    }
}
