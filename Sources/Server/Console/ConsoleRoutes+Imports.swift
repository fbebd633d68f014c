import Access
import Console
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import HTTPTypes
import Ingest
import Vocabulary

/// Imports: a dropped file, what its columns become, how far it is, what it refused.
extension ConsoleRoutes {
    var imports: [Route] {
        [
            page("/imports", "Files of history, and what became of them.") { visit in visit.html(try visit.importsPage()) },
            Route(.post, "/w/{workspace}/imports", .session, "Take a file.", hasBody: true) { call in
                let visit = try Visit(call, Visitor(call), server)
                let outcome = try await UploadReader(visit).read()
                switch outcome {
                case .success(let upload): return visit.done(nil, at: "/imports/\(upload.id)")
                case .failure(let refusal): return visit.html(try visit.importsPage(ConsoleProblem(refusal.explanation)), at: "/imports")
                }
            },
            page("/imports/{id}", "One import.") { visit in visit.html(try visit.importPage()) },
            page("/imports/{id}/rejected.csv", "The rows that an import refused.") { visit in
                guard let item = try visit.place.imports.find(visit.id) else { throw Visit.gone }
                return visit.download(RefusedLines.csv(item.rejectedInOrder), "text/csv; charset=utf-8", "\(item.id)-rejected.csv")
            },
            action("/imports/{id}/start", "Start an import.") { visit, form in
                guard let upload = visit.place.uploads.upload(visit.id) else { throw Visit.gone }
                let mapping = upload.preview.map { ImportMapping.read(form, $0) }
                // It may have been disabled since the file was dropped.
                if visit.place.sources.source(id: upload.source)?.isEnabled == false {
                    var page = visit.mappingPage(upload, mapping)
                    page.problem = ConsoleProblem(IngestionRoutes.disabled(403).explanation)
                    return visit.html(page, at: "/imports/\(upload.id)")
                }
                if let mapping, ImportMapping.isInVain(mapping) { return visit.html(visit.mappingPage(upload, mapping, isChecked: true), at: "/imports/\(upload.id)") }
                try visit.start(upload, mapping: mapping)
                return visit.done(.importStarted, at: "/imports/\(upload.id)")
            },
            action("/imports/{id}/cancel", "Give up an import.") { visit, _ in
                if visit.place.uploads.upload(visit.id) != nil {
                    visit.place.uploads.discard(visit.id)
                    return visit.done(.importCancelled, at: "/imports")
                }
                guard visit.place.imports.cancel(visit.id) else { throw Visit.gone }
                return visit.done(.importCancelled, at: "/imports/\(visit.id)")
            },
        ]
    }
}

/// What the mapping form says of a CSV's columns.
enum ImportMapping {
    /// Columns that the form shows; a form has a bounded number of fields.
    static let columnsMaximum = 80

    static func read(_ form: Form, _ preview: CSVPreview) -> CSVMapping {
        var mapping = preview.mapping
        mapping.isTrack = form.text("call") == "track"
        for index in mapping.targets.indices.prefix(columnsMaximum) {
            guard let target = form["target-\(index)"].flatMap(ImportPage.Target.init) else { continue }
            mapping.targets[index] = self.target(target, name: form.text("name-\(index)").trimmed, header: preview.header[index])
        }
        return mapping
    }

    private static func target(_ target: ImportPage.Target, name: String, header: String) -> CSVMapping.Target {
        switch target {
        case .userId: .userId
        case .anonymousId: .anonymousId
        case .messageId: .messageId
        case .event: .event
        case .timestamp: .timestamp
        case .groupId: .groupId
        case .value: .value(String((name.isEmpty ? header : name).prefix(200)))
        case .ignore: .ignore
        }
    }

    /// Whether no row could become an event by it.
    static func isInVain(_ mapping: CSVMapping) -> Bool {
        !namesPeople(mapping) || lacksEvent(mapping) || mapping.targets.indices.contains { isTaken(mapping, $0) }
    }

    static func namesPeople(_ mapping: CSVMapping) -> Bool { mapping.targets.contains(.userId) || mapping.targets.contains(.anonymousId) }
    static func lacksEvent(_ mapping: CSVMapping) -> Bool { mapping.isTrack && !mapping.targets.contains(.event) }

    /// Whether a column before this one is the same field of the call.
    private static func isTaken(_ mapping: CSVMapping, _ index: Int) -> Bool {
        switch mapping.targets[index] {
        case .value, .ignore: false
        case let target: mapping.targets[..<index].contains(target)
        }
    }

    static func columns(_ preview: CSVPreview, _ mapping: CSVMapping) -> [ImportPage.Column] {
        preview.header.indices.prefix(columnsMaximum).map { index in
            let values = preview.rows.compactMap { $0.indices.contains(index) && !$0[index].isEmpty ? $0[index] : nil }
            let (target, name) = shown(mapping.targets[index])
            return ImportPage.Column(
                header: String(preview.header[index].prefix(80)), samples: values.map { String($0.prefix(80)) }, target: target, name: name ?? preview.header[index],
                isTaken: isTaken(mapping, index), unreadableTime: target == .timestamp ? values.first { !CSVPreview.isTime($0) }.map { String($0.prefix(80)) } : nil)
        }
    }

    private static func shown(_ target: CSVMapping.Target) -> (ImportPage.Target, String?) {
        switch target {
        case .userId: (.userId, nil)
        case .anonymousId: (.anonymousId, nil)
        case .messageId: (.messageId, nil)
        case .event: (.event, nil)
        case .timestamp: (.timestamp, nil)
        case .groupId: (.groupId, nil)
        case .value(let name): (.value, name)
        case .ignore: (.ignore, nil)
        }
    }
}

extension Visit {
    private static let rejectedMaximum = 100

    fileprivate func importsPage(_ problem: ConsoleProblem? = nil) throws -> ImportsPage {
        let waiting = place.uploads.all.map(row)
        return ImportsPage(rows: waiting + (try place.imports.list()).map(row), sources: place.sources.all.map(row), problem: problem)
    }

    private func row(_ upload: Upload) -> ImportsPage.Row {
        ImportsPage.Row(
            id: upload.id, fileName: upload.fileName, source: place.sources.source(id: upload.source)?.name ?? "", state: .mapping,
            startedMs: upload.uploadedAt.milliseconds)
    }

    private func row(_ item: ImportRecord) -> ImportsPage.Row {
        let progress = item.progress
        let state: ImportsPage.State =
            switch progress.state {
            case .running: .running
            case .finished: .finished
            case .interrupted: .failed
            case .failed: progress.problem?.code == "import.cancelled" ? .cancelled : .failed
            }
        let counted: ImportsPage.Counted = switch progress.counted { case .whole: .whole; case .partly: .partly; case .never: .never }
        return ImportsPage.Row(
            id: item.id, fileName: item.name.isEmpty ? item.id : item.name, source: item.source, state: state, startedMs: item.startedAt.milliseconds,
            accepted: progress.accepted, duplicates: progress.duplicates, suppressed: progress.suppressed, rejected: progress.rejected,
            counted: counted)
    }

    fileprivate func importPage() throws -> ImportPage {
        if let upload = place.uploads.upload(id) { return mappingPage(upload, upload.preview?.mapping) }
        guard let item = try place.imports.find(id) else { throw Visit.gone }
        let progress = item.progress
        let isCancelled = progress.problem?.code == "import.cancelled"
        return ImportPage(
            row: row(item), bytesRead: Int64(progress.bytes), bytesTotal: place.uploads.bytes(of: item.id).map(Int64.init), finishedMs: progress.finishedAt?.milliseconds,
            rejected: item.rejectedInOrder.prefix(Visit.rejectedMaximum).map { .init(line: $0.line, reason: ConsoleProblem($0.reason)) },
            problem: isCancelled ? nil : progress.problem.map { ConsoleProblem($0) })
    }

    /// - Parameter isChecked: whether to say what of the mapping cannot work; before anybody chose, it is a guess.
    fileprivate func mappingPage(_ upload: Upload, _ mapping: CSVMapping?, isChecked: Bool = false) -> ImportPage {
        guard let preview = upload.preview, let mapping else { return ImportPage(row: row(upload), lines: upload.lines, bytesTotal: Int64(upload.bytes)) }
        return ImportPage(
            row: row(upload), columns: ImportMapping.columns(preview, mapping), columnsHidden: max(0, preview.header.count - ImportMapping.columnsMaximum),
            call: mapping.isTrack ? "track" : "identify", isNobody: isChecked && !ImportMapping.namesPeople(mapping), isNameless: isChecked && ImportMapping.lacksEvent(mapping),
            bytesTotal: Int64(upload.bytes))
    }

    /// The import goes on after the answer; the page shows how far it is.
    fileprivate func start(_ upload: Upload, mapping: CSVMapping?) throws {
        guard let source = place.sources.source(id: upload.source), let descriptor = place.uploads.take(upload.id) else { throw Visit.gone }
        let job = ImportJob(id: upload.id, name: upload.fileName, source: source, format: upload.format, fingerprint: upload.fingerprint, startedAt: now)
        try place.imports.begin(job)
        place.uploads.started(job, bytes: upload.bytes)
        let place = place
        let pieces = FilePieces(descriptor)
        Task.detached {
            await job.run(pieces, coding: upload.coding, mapping: mapping, into: place.ingest, hasher: place.hasher, now: { Clock.now() }, onProgress: { place.imports.note(job, at: Clock.now()) })
            // What cannot be kept is listed as interrupted after the next start, which is the truth of it.
            try? place.imports.settle(job)
            place.uploads.ended(job)
        }
    }
}

extension ImportRecord {
    /// Lines are refused for different reasons at different stages; readers want the file's order.
    fileprivate var rejectedInOrder: [ImportJob.Rejected] { progress.rejectedLines.sorted { $0.line < $1.line } }
}

enum RefusedLines {
    /// `line,code,problem,remedy`, as spreadsheets read it; a reason may quote what was sent.
    static func csv(_ lines: [ImportJob.Rejected]) -> [UInt8] {
        var out = "line,code,problem,remedy\r\n"
        for line in lines { out += "\(line.line),\(CSVCell.text(line.reason.code)),\(CSVCell.text(line.reason.problem)),\(CSVCell.text(line.reason.remedy))\r\n" }
        return Array(out.utf8)
    }
}
