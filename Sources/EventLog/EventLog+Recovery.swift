#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Storage
import Vocabulary

extension EventLog {
    /// Opens what is there, finishes what a crash interrupted, and says what was lost.
    static func recover(folder: String) throws -> (state: State, report: RecoveryReport) {
        Folder.make(folder)
        var report = RecoveryReport()
        report.hasFinishedErasure = try ErasureJournal.finish(in: folder)
        let (files, obsolete) = try segmentFiles(in: folder)
        var segments: [Segment] = []
        var end: LogPosition = 0
        if let first = files.first?.first, first > 0 {
            report.lost.append(0..<first)
            report.damagedFiles.append(SegmentName.sealed(0))
        }
        for (index, item) in files.enumerated() {
            let limit = index + 1 < files.count ? files[index + 1].first : nil
            // A switch, since catching the one case here crashes the compiler of Swift 6.3.1.
            switch open(item.name, in: folder, first: item.first, limit: limit, report: &report) {
            case .success(let segment):
                segments.append(segment)
                end = segment.end
            case .failure(let error):
                guard case .damaged = error else { throw error }
                report.damagedFiles.append(item.name)
                report.lost.append(item.first..<min(limit ?? .max, item.first + 1))
                // Positions in it stay spoken for, so that they are never given twice.
                end = max(end, limit ?? item.first + (1 << 24))
                if item.first + 1 < end { report.unknown.append(item.first + 1..<end) }
            }
            if let limit, end < limit {
                report.lost.append(end..<limit)
                end = limit
            }
        }
        var isActiveUsable = false
        if case .open(let last) = segments.last, Segment.open(last).end == end { isActiveUsable = true }
        let nextSize = segmentBytesMinimum << min(segments.count, 6)
        let last = lastReceivedAt(in: segments)
        return (State(segments: segments, end: end, isActiveUsable: isActiveUsable, nextSize: nextSize, lastReceivedAt: last, obsolete: obsolete.isEmpty ? nil : obsolete), report)
    }

    /// When the newest record that can be read arrived, so that time does not fall if the clock was set back while we were down.
    private static func lastReceivedAt(in segments: [Segment]) -> Int64 {
        for segment in segments.reversed() {
            for position in (segment.first..<segment.end).suffix(1000).reversed() {
                if let event = (try? segment.record(at: position)).flatMap({ EventView($0[...]) }) { return event.receivedAt.milliseconds }
            }
        }
        return Timestamp.earliest.milliseconds
    }

    /// The segments' files in order, without what a crash left half done; and what they were made of.
    private static func segmentFiles(in folder: String) throws(LogError) -> (files: [(first: LogPosition, name: String)], obsolete: [String]) {
        var obsolete: [String] = []
        let names: [String]
        do throws(Folder.Unlistable) { names = try Folder.names(in: folder) } catch { throw .io(error.code) }
        for name in names where name.hasSuffix(".new") || name.hasSuffix(OpenSegment.spareSuffix) { unlink("\(folder)/\(name)") }
        let sealed = Set(names.filter { $0.hasSuffix(".sealed") }.compactMap(SegmentName.first))
        var files: [(first: LogPosition, name: String)] = []
        for name in names {
            guard let first = SegmentName.first(of: name) else { continue }
            if name.hasSuffix(".sealed") {
                files.append((first, name))
            } else if name.hasSuffix(".open") {
                // A crash between the rename and the unlink leaves both; the sealed one is whole.
                if sealed.contains(first) { obsolete.append("\(folder)/\(name)") } else { files.append((first, name)) }
            }
        }
        return (files.sorted { $0.first < $1.first }, obsolete)
    }

    private static func open(
        _ name: String, in folder: String, first: LogPosition, limit: LogPosition?, report: inout RecoveryReport
    ) -> Result<Segment, LogError> {
        do throws(LogError) {
            if name.hasSuffix(".sealed") {
                let sealed = try SealedSegment.open(path: "\(folder)/\(name)")
                if let lost = sealed.lost {
                    report.lost.append(lost)
                    report.damagedFiles.append(name)
                }
                return .success(.sealed(sealed))
            }
            let recovered = try OpenSegment.recover(path: "\(folder)/\(name)", first: first, limit: limit)
            report.tornBytes += recovered.tornBytes
            report.lost += recovered.lost
            return .success(.open(recovered.segment))
        } catch {
            return .failure(error)
        }
    }
}
