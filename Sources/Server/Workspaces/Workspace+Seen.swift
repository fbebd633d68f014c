import Ingest
import Vocabulary

/// When each source's last event came, over a stop: a start reads the newest events only, among which a source that sends seldom may have none.
extension Workspace {
    private static func seenFile(_ folder: String) -> String { "\(folder)/sources.seen" }

    /// Without it, such a source seems to wait for its first event until the next one.
    func keepSeen() {
        let lines = sources.all.compactMap { source in sources.lastSeen(source.number).map { "\(source.number) \($0.milliseconds)\n" } }
        try? Files.write(Array(lines.joined().utf8), to: Workspace.seenFile(folder))
    }

    static func recallSeen(_ sources: Sources, folder: String) {
        for line in String(decoding: Files.read(seenFile(folder)) ?? [], as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ").compactMap { Int64($0) }
            guard parts.count == 2, let number = SourceNumber(exactly: parts[0]), sources.source(number: number) != nil else { continue }
            sources.seen(number, at: Timestamp(clamping: parts[1]))
        }
    }
}
