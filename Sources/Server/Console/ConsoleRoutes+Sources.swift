import Console
import HTTPTypes
import Ingest
import Vocabulary

/// Sources: the list, one source, and what can be done with it.
extension ConsoleRoutes {
    static let nameMaximum = 200
    static let author = "console"

    var sources: [Route] {
        [
            page("/sources", "Where events come from.") { visit in visit.html(visit.sourcesPage()) },
            action("/sources", "Make a source.") { visit, form in
                let name = form.name()
                if let mistake = visit.mistake(inName: name, of: nil) { return visit.html(visit.sourcesPage(mistake, typed: name), at: "/sources") }
                let source = try visit.place.sources.create(name: name, author: ConsoleRoutes.author, at: visit.now)
                server.sourcesChanged()
                return visit.done(.sourceCreated, at: "/sources/\(source.id)")
            },
            page("/sources/{id}", "One source.") { visit in visit.html(visit.sourcePage(try visit.source())) },
            action("/sources/{id}/rename", "Rename a source.") { visit, form in
                let source = try visit.source()
                let name = form.name()
                if let mistake = visit.mistake(inName: name, of: source) { return visit.html(visit.sourcePage(source, mistake, typed: name), at: "/sources/\(source.id)") }
                return try change(visit, source, .sourceRenamed) { $0.name = name }
            },
            action("/sources/{id}/rotate", "Give a source a new write key.") { visit, form in
                let source = try visit.source()
                guard form.confirms(source.name) else { return visit.done(.nameDiffers, at: "/sources/\(source.id)") }
                let hours = ["24": 24, "168": 168][form.text("keepOldHours")] ?? 0
                _ = try visit.place.sources.rotate(source.id, keepingOld: hours, author: ConsoleRoutes.author, at: visit.now)
                server.sourcesChanged()
                return visit.done(.sourceRotated, at: "/sources/\(source.id)")
            },
            action("/sources/{id}/disable", "Refuse a source's events.") { visit, form in
                let source = try visit.source()
                guard form.confirms(source.name) else { return visit.done(.nameDiffers, at: "/sources/\(source.id)") }
                return try change(visit, source, .sourceDisabled) { $0.isEnabled = false }
            },
            action("/sources/{id}/enable", "Accept a source's events again.") { visit, _ in
                try change(visit, try visit.source(), .sourceEnabled) { $0.isEnabled = true }
            },
        ]
    }

    private func change(_ visit: Visit, _ source: Source, _ notice: Frame.Notice.Action, _ change: (inout Source) -> Void) throws -> Reply {
        _ = try visit.place.sources.update(source.id, author: ConsoleRoutes.author, at: visit.now, change)
        server.sourcesChanged()
        return visit.done(notice, at: "/sources/\(source.id)")
    }
}

extension Visit {
    fileprivate func source() throws -> Source {
        guard let source = place.sources.source(id: id) else { throw Visit.gone }
        return source
    }

    /// Names tell sources apart in lists and filters, so each is used once.
    fileprivate func mistake(inName name: String, of own: Source?) -> SourcesPage.Mistake? {
        if name.isEmpty { return .nameMissing }
        if name.utf8.count > ConsoleRoutes.nameMaximum { return .nameTooLong(maximum: ConsoleRoutes.nameMaximum) }
        if let other = place.sources.source(named: name), other.id != own?.id { return .nameTaken }
        return nil
    }

    /// When the counters began, while that is less than the day that they are shown for.
    var countedSinceMs: Int64? {
        let since = place.ingest.arrivals.since.milliseconds
        return now.milliseconds - since < 86_400_000 ? since : nil
    }

    func row(_ source: Source) -> SourcesPage.Row {
        let count = place.ingest.arrivals.lastDay(of: source.number, at: now)
        return SourcesPage.Row(
            id: source.id, name: source.name, isEnabled: source.isEnabled, lastEventMs: place.sources.lastSeen(source.number)?.milliseconds,
            events24h: count.accepted, waiting: waiting(of: source.number))
    }

    /// Refused events that wait in quarantine: as many as its list shows.
    func waiting(of source: SourceNumber?) -> Int {
        (try? place.ingest.quarantine.count(source: source)) ?? 0
    }

    fileprivate func sourcesPage(_ mistake: SourcesPage.Mistake? = nil, typed: String = "") -> SourcesPage {
        SourcesPage(rows: place.sources.all.map(row), mistake: mistake, typedName: typed, countedSinceMs: countedSinceMs)
    }

    func key(_ source: Source) -> SourceKey { SourceKey(id: source.id, name: source.name, writeKey: source.writeKey) }
    var snippet: SnippetKind { query("sdk").flatMap(SnippetKind.init) ?? .curl }
    var isRevealed: Bool { query("reveal") == "1" }

    fileprivate func sourcePage(_ source: Source, _ mistake: SourcesPage.Mistake? = nil, typed: String? = nil) -> SourcePage {
        let row = row(source)
        return SourcePage(
            source: key(source), isEnabled: source.isEnabled, createdMs: source.createdAt.milliseconds, lastEventMs: row.lastEventMs,
            events24h: row.events24h, waiting: row.waiting, snippet: snippet, isRevealed: isRevealed, mistake: mistake,
            typedName: typed, countedSinceMs: countedSinceMs, oldKeyUntilMs: source.oldKeyUntil(at: now)?.milliseconds)
    }
}
