import Console
import HTTPTypes
import Ingest
import Profiles
import Segments
import Vocabulary

/// Static lists: all of them, one of them, a file that is put on it.
extension ConsoleRoutes {
    var lists: [Route] {
        [
            page("/lists", "Static lists.") { visit in visit.html(visit.listsPage()) },
            action("/lists", "Make a list.") { visit, form in try visit.makeList(form) },
            page("/lists/{id}", "One list.") { visit in visit.html(try await visit.listPage(try visit.list())) },
            Route(.post, "/w/{workspace}/lists/{id}/add", .session, "Put a file on a list, or look at it.", hasBody: true) { call in
                let visit = try Visit(call, Visitor(call), server)
                let list = try visit.list()
                var page = try await visit.listPage(list)
                do {
                    let outcome = try await visit.read(into: list)
                    page = try await visit.listPage(visit.place.lists.find(list.id) ?? list)
                    page.outcome = outcome
                    return visit.html(page, at: "/lists/\(list.id)", status: .ok)
                } catch let refusal as Refusal where refusal.status == 400 && refusal.explanation.code.hasPrefix("list.") {
                    page.problem = ConsoleProblem(refusal.explanation)
                    return visit.html(page, at: "/lists/\(list.id)")
                }
            },
            action("/lists/{id}/save", "Change a list's settings.") { visit, form in try await visit.saveList(try visit.list(), form) },
            action("/lists/{id}/delete", "Delete a list.") { visit, form in
                let list = try visit.list()
                guard form.confirms(list.name) else { return visit.done(.nameDiffers, at: "/lists/\(list.id)") }
                guard visit.place.segments.users(of: list).isEmpty else { return visit.done(.listInUse, at: "/lists/\(list.id)") }
                guard try visit.place.journeys(using: list).isEmpty else { return visit.done(.usedByJourneys, at: "/lists/\(list.id)") }
                let place = visit.place
                guard try await server.heavy.run({ try place.segments.deleteList(list.id) }) else { throw Visit.gone }
                return visit.done(.listDeleted, at: "/lists")
            },
        ]
    }
}

extension Visit {
    private static let membersMaximum = 25
    private static let refusedMaximum = 10
    private static let sampleBytes = 64 << 10

    fileprivate func list() throws -> StaticList {
        guard let list = place.lists.find(id) else { throw Visit.gone }
        return list
    }

    private func row(_ list: StaticList) -> ListsPage.Row {
        ListsPage.Row(
            id: list.id, name: list.name, source: list.source, entries: place.lists.counts(of: list, at: now).entries, expiresMs: list.expiresAt?.milliseconds,
            changedMs: list.changedAt.milliseconds)
    }

    fileprivate func listsPage() -> ListsPage { ListsPage(rows: place.lists.all.map(row)) }

    fileprivate func listPage(_ list: StaticList) async throws -> ListPage {
        let after = query("after").flatMap { Int($0) }.map { max(0, min($0, Int(Int32.max))) } ?? 0
        let found = try await ListEntryRoutes.members(of: list, in: place, after: after, limit: Visit.membersMaximum)
        let reader = reader
        let counts = place.lists.counts(of: list, at: now)
        return ListPage(
            row: row(list), handle: list.handle, edition: Edition(list.version), note: list.note, people: found.count, unknown: counts.unknown, expired: counts.expired,
            members: try found.ids.compactMap { id in try reader.profile(id: id).map { row($0, reader) } },
            next: after + found.ids.count < found.count ? String(after + found.ids.count) : nil, users: try links(place.segments.users(of: list)) + links(list), types: ListEntry.namespaces.map(\.name))
    }

    /// Nil for an empty field.
    private static func expiry(_ text: String) throws -> Timestamp? {
        guard !text.trimmed.isEmpty else { return nil }
        guard let time = Timestamp(text.trimmed) else {
            throw Refusal(400, "list.expiry", "The expiry is not a time.", remedy: "Write it as 2026-07-01, or leave it empty.")
        }
        return time
    }

    fileprivate func makeList(_ form: Form) throws -> Reply {
        let typed = ListsPage.Typed(name: form.name(), source: form.text("source").trimmed, expiry: form.text("expiry").trimmed)
        do {
            try Visit.check(name: typed.name, source: typed.source)
            let expiresAt = try Visit.expiry(typed.expiry)
            let list = try SegmentRoutes.refusing {
                try place.lists.create(id: ListRoutes.newID(), name: typed.name, note: "", source: typed.source, expiresAt: expiresAt, author: ConsoleRoutes.author, at: now)
            }
            return done(.listCreated, at: "/lists/\(list.id)")
        } catch let refusal as Refusal where refusal.status == 400 {
            return html(ListsPage(rows: place.lists.all.map(row), typed: typed, problem: ConsoleProblem(refusal.explanation)), at: "/lists")
        }
    }

    fileprivate func saveList(_ list: StaticList, _ form: Form) async throws -> Reply {
        let typed = (name: form.name(), source: form.text("source").trimmed, note: form.text("note").trimmed, expiry: form.text("expiry").trimmed)
        do {
            try Visit.check(name: typed.name, source: typed.source)
            guard typed.note.utf8.count <= Visit.textMaximum else { throw Refusal(400, "request.note", "A note has at most \(Visit.textMaximum) bytes.", remedy: "Shorten it.") }
            let expiresAt = try Visit.expiry(typed.expiry)
            let seen = edition(form, list.version).version
            _ = try saving({ place.lists.find(list.id)?.version }) {
                try place.lists.update(list.id, replacing: seen, author: ConsoleRoutes.author, at: now) { ($0.name, $0.source, $0.note, $0.expiresAt) = (typed.name, typed.source, typed.note, expiresAt) }
            }
            return done(.listSaved, at: "/lists/\(list.id)")
        } catch let refusal as Refusal where refusal.status == 400 {
            var page = try await listPage(place.lists.find(list.id) ?? list)
            page.typed = typed
            page.problem = ConsoleProblem(refusal.explanation)
            return html(page, at: "/lists/\(list.id)")
        }
    }

    private static let textMaximum = 2000

    private static func check(name: String, source: String) throws {
        guard !name.isEmpty, name.utf8.count <= ConsoleRoutes.nameMaximum, source.utf8.count <= textMaximum else {
            throw Refusal(400, "request.name", "A list needs a name of at most \(ConsoleRoutes.nameMaximum) bytes.", remedy: "Fill it in, or shorten it.")
        }
    }

    /// Reads the form's file; puts it on the list unless it shall only be looked at.
    fileprivate func read(into list: StaticList) async throws -> ListPage.Outcome {
        var form = try Multipart(call.request.body, contentType: call.request.headers[.contentType])
        let (fields, _) = try await form.head()
        try session.check(csrf: fields["csrf"])
        var csv: [UInt8] = []
        while let piece = try await form.piece() {
            guard csv.count + piece.count <= ListEntryRoutes.bodyMaximum else {
                throw Refusal(400, "list.too-large", "The file is larger than \(ListEntryRoutes.bodyMaximum >> 20) MB.", remedy: "Divide it, each with the header.")
            }
            csv += piece
        }
        let expiresAt = try Visit.expiry(fields["expiry"] ?? "")
        let (place, now, sent) = (place, now, csv)
        let column = fields["column"].flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
        let namespace = fields["type"].flatMap { IdentifierNamespace(name: $0) }
        let isTrial = fields["look"] != nil
        return try await server.heavy.run {
            let content = try ListFile.text(sent)
            let file = try ListFile(csv: content, column: column, namespace: namespace, expiresAt: expiresAt, suppression: place.suppression)
            let preview = try ListFile.preview(Array(content.prefix(Visit.sampleBytes)))
            let columns = ListFile.Columns(header: preview.header, column: column, namespace: namespace)
            let count = isTrial ? nil : try SegmentRoutes.refusing { try place.lists.add(file.entries, to: list, author: ConsoleRoutes.author, at: now) }
            return ListPage.Outcome(
                column: columns.map { String(preview.header[$0.identifier].prefix(80)) } ?? "", type: columns?.namespace.name ?? "", header: preview.header.map { String($0.prefix(80)) },
                rows: preview.rows.map { $0.map { String($0.prefix(80)) } }, present: count?.present, added: count?.added ?? file.entries.count, refusedCount: file.refusedCount,
                refused: file.refused.prefix(Visit.refusedMaximum).map { ListPage.Outcome.Refused(line: $0.line, problem: $0.reason.problem) })
        }
    }
}
