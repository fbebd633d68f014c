import Console
import HTTPTypes
import Profiles
import Segments
import Vocabulary

/// Segments: the list, one segment, the editor with its live count.
extension ConsoleRoutes {
    /// The longest condition, each byte of it escaped to three, once in the text and once more in rows.
    private static let segmentBodyMaximum = 6 * ConditionLimits.text + Form.bodyMaximum

    var segments: [Route] {
        [
            page("/segments", "Segments and their sizes.") { visit in visit.html(try await visit.segmentsPage()) },
            action("/segments", "Make a segment.", bodyMaximum: ConsoleRoutes.segmentBodyMaximum) { visit, form in try await visit.save(form, of: nil) },
            page("/segments/overlap", "How segments and lists overlap.") { visit in visit.html(try await visit.overlapPage()) },
            page("/segments/new", "A new segment.") { visit in
                try await visit.edit(SegmentEditPage(name: visit.query("name") ?? "", text: visit.query("text") ?? ""), at: nil)
            },
            // A script asks while somebody types; the session's secret keeps other sites from asking.
            action("/segments/count", "How many a condition means.", bodyMaximum: ConsoleRoutes.segmentBodyMaximum) { visit, form in try await visit.count(form) },
            page("/segments/{id}", "One segment.") { visit in visit.html(try await visit.segmentPage(try visit.segment())) },
            page("/segments/{id}/sizes.csv", "The chart's numbers.") { visit in
                let segment = try visit.segment()
                let chart = try await visit.place.segmentSizes.wholeChart(of: segment, in: visit.place, at: visit.now)
                return visit.download(Array(chart.csv.utf8), "text/csv; charset=utf-8", "\(segment.id)-sizes.csv")
            },
            page("/segments/{id}/edit", "Change a segment.") { visit in
                let segment = try visit.segment()
                var page = SegmentEditPage(name: segment.name, note: segment.note, text: segment.condition.text, zone: segment.zone.name)
                page.edition = Edition(segment.version)
                return try await visit.edit(page, of: segment, at: nil)
            },
            action("/segments/{id}/save", "Save a segment's change.", bodyMaximum: ConsoleRoutes.segmentBodyMaximum) { visit, form in try await visit.save(form, of: try visit.segment()) },
            action("/segments/{id}/delete", "Delete a segment.") { visit, form in
                let segment = try visit.segment()
                guard form.confirms(segment.name) else { return visit.done(.nameDiffers, at: "/segments/\(segment.id)") }
                guard visit.place.segments.users(of: segment).isEmpty else { return visit.done(.segmentInUse, at: "/segments/\(segment.id)") }
                guard try visit.place.journeys(using: segment).isEmpty else { return visit.done(.usedByJourneys, at: "/segments/\(segment.id)") }
                guard try visit.place.segments.delete(segment.id, author: ConsoleRoutes.author, at: visit.now) else { throw Visit.gone }
                visit.place.memberships.segmentsChanged()
                return visit.done(.segmentDeleted, at: "/segments")
            },
        ]
    }
}

extension Visit {
    private static let membersMaximum = 25
    private static let changesMaximum = 20
    /// Bytes.
    private static let noteMaximum = 2000
    /// Names offered of each kind; a browser's list of more is no help.
    private static let namesMaximum = 300

    fileprivate func segment() throws -> Segment {
        guard let segment = place.segments.find(id) else { throw Visit.gone }
        return segment
    }

    fileprivate func segmentsPage() async throws -> SegmentsPage {
        let all = place.segments.all
        let charts = try await place.segmentSizes.charts(of: all, in: place, at: now)
        return SegmentsPage(rows: all.map { segment in
            SegmentsPage.Row(
                id: segment.id, name: segment.name, sentence: segment.condition.sentence(in: frame.language.rawValue),
                size: place.memberships.size(of: segment.id), savedAtMs: segment.savedAt.milliseconds, chart: charts[segment.id])
        })
    }

    fileprivate func segmentPage(_ segment: Segment) async throws -> SegmentPage {
        let reader = reader
        let size = place.memberships.size(of: segment.id)
        let after = query("after").flatMap { Int($0) }.map { max(0, min($0, Int(Int32.max))) } ?? 0
        let ids = place.memberships.members(of: segment.id, after: after, limit: Visit.membersMaximum + 1)
        let members = try ids.prefix(Visit.membersMaximum).compactMap { id in try reader.profile(id: id).map { row($0, reader) } }
        let changes = try place.memberships.latestChanges(of: segment.id, limit: Visit.changesMaximum).map { change in
            SegmentPage.Change(
                profileID: change.profile, name: try reader.profile(id: change.profile)?.shownName, hasEntered: change.hasEntered, atMs: change.at.milliseconds)
        }
        return SegmentPage(
            id: segment.id, name: segment.name, note: segment.note, handle: segment.handle, sentence: segment.condition.sentence(in: frame.language.rawValue),
            text: segment.condition.text, zone: segment.zone.name, size: size, savedAtMs: segment.savedAt.milliseconds,
            chart: try await place.segmentSizes.chart(of: segment, in: place, at: now), members: members,
            next: ids.count > Visit.membersMaximum ? String(after + Visit.membersMaximum) : nil, changes: changes, users: try links(place.segments.users(of: segment)) + links(segment),
            versions: try versions(segment))
    }

    private func versions(_ segment: Segment) throws -> [SegmentVersion] {
        try place.segments.changes(of: segment, limit: Visit.changesMaximum).map { change in
            SegmentVersion(
                number: Int(change.version.version), savedAtMs: change.version.savedAt.milliseconds, author: change.version.author,
                changed: change.parts.compactMap { SegmentVersion.Part(rawValue: $0.rawValue) },
                diff: (change.diff ?? []).map { piece in
                    switch piece.kind {
                    case .same: .same(piece.text)
                    case .removed: .removed(piece.text)
                    case .added: .added(piece.text)
                    }
                })
        }
    }

    func links(_ segments: [Segment]) -> [SegmentPage.Link] { segments.map { SegmentPage.Link(id: $0.id, name: $0.name) } }

    /// The journeys under way that rest on something.
    func links(_ thing: some UsedByJourneys) throws -> [SegmentPage.Link] { try place.journeys(using: thing).map { SegmentPage.Link(id: $0.id, name: $0.journey.name, isJourney: true) } }

    // MARK: - The editor

    /// The editor with its answer to the text in it.
    ///
    /// - Parameter path: the page's own address where this answers a form.
    fileprivate func edit(_ page: SegmentEditPage, of segment: Segment? = nil, at path: String?, status: HTTPResponse.Status = .ok) async throws -> Reply {
        var page = page
        page.names = knownNames
        if let segment { (page.id, page.savedName, page.users) = (segment.id, segment.name, links(place.segments.users(of: segment))) }
        page.answer = try await SegmentAsking(self, page.text, zone: page.zone).answer()
        return path.map { html(page, at: $0, status: status) } ?? html(page, status: status)
    }

    /// Names that the workspace has seen.
    var knownNames: SegmentEditPage.Names {
        func sorted(_ names: [[UInt8]]) -> [String] {
            Array(Set(names.lazy.map { String(decoding: $0, as: UTF8.self) }).sorted().prefix(Visit.namesMaximum))
        }
        let catalog = place.columns.catalog
        let events = catalog.tables.enumerated().filter { $0.element.type == .track }.prefix(Visit.namesMaximum)
        return SegmentEditPage.Names(
            traits: sorted(catalog.traitPaths), events: sorted(events.map(\.element.event)), properties: sorted(events.flatMap { catalog.paths(of: $0.offset) }),
            lists: place.lists.all.prefix(Visit.namesMaximum).map(\.handle), segments: place.segments.all.prefix(Visit.namesMaximum).map(\.handle))
    }

    fileprivate func save(_ form: Form, of segment: Segment?) async throws -> Reply {
        var page = SegmentEditPage(
            name: form.name(), note: form.text("note").trimmed, text: SegmentAsking.text(form), zone: form.text("zone").trimmed)
        page.edition = edition(form, segment?.version)
        let address = segment.map { "/segments/\($0.id)/edit" } ?? "/segments/new"
        if form["intent"] == "count" { return try await edit(page, of: segment, at: address, status: .ok) }
        var refused = page
        refused.mistake = mistake(in: page)
        let asking = SegmentAsking(self, page.text, zone: page.zone)
        guard refused.mistake == nil, case .success(let read) = asking.read else {
            return try await edit(refused, of: segment, at: address, status: .unprocessableContent)
        }
        if let stale = stale(page.edition, segment?.version) {
            refused.edition = Edition(segment?.version)
            return html(refused.answered(stale, names: knownNames, of: segment), at: address)
        }
        do {
            let saved = try saving { segment.flatMap { place.segments.find($0.id)?.version } } _: { try keep(page, read.condition, zone: asking.zone, of: segment) }
            place.memberships.segmentsChanged()
            return done(segment == nil ? .segmentCreated : .segmentSaved, at: "/segments/\(saved.id)")
        } catch let error as SegmentError {
            return html(refused.answered(ConsoleProblem(error.explanation), names: knownNames, of: segment), at: address)
        } catch let refusal as Refusal where refusal.status == 400 {
            refused.edition = Edition(segment.flatMap { place.segments.find($0.id)?.version })
            return html(refused.answered(ConsoleProblem(refusal.explanation), names: knownNames, of: segment), at: address)
        }
    }

    private func mistake(in page: SegmentEditPage) -> SegmentEditPage.Mistake? {
        if page.name.isEmpty { return .nameMissing }
        if page.name.utf8.count > ConsoleRoutes.nameMaximum { return .nameTooLong(maximum: ConsoleRoutes.nameMaximum) }
        return page.note.utf8.count > Visit.noteMaximum ? .noteTooLong(maximum: Visit.noteMaximum) : nil
    }

    private func keep(_ page: SegmentEditPage, _ condition: Condition, zone: TimeZoneName, of segment: Segment?) throws -> Segment {
        guard let segment else {
            return try place.segments.create(
                id: SegmentRoutes.newID(), name: page.name, note: page.note, condition: condition, zone: zone, author: ConsoleRoutes.author, at: now)
        }
        let saved = try place.segments.update(segment.id, replacing: page.edition.version, author: ConsoleRoutes.author, at: now) { changed in
            (changed.name, changed.note, changed.condition, changed.zone) = (page.name, page.note, condition, zone)
        }
        guard let saved else { throw Visit.gone }
        return saved
    }

    /// What the script puts under the text, and the rows above it.
    fileprivate func count(_ form: Form) async throws -> Reply {
        let asking = SegmentAsking(self, SegmentAsking.text(form), zone: form.text("zone").trimmed)
        let asked = form.all("row").prefix(SegmentRowReading.nodesMaximum)
        let answer = try await asking.answer()
        let condition = (try? asking.read.get())?.condition
        let rows = asked.isEmpty ? condition.flatMap(SegmentRowReading.init) : nil
        let texts = asked.isEmpty ? rows?.texts ?? [] : Array(asked)
        let counts = try await texts.asyncMap { text -> Int? in
            guard case .counted(let counted) = try await SegmentAsking(self, text, zone: asking.zone.name).answer().content else { return nil }
            return counted.count
        }
        return Reply { w in
            w.object { w in
                w.member("html", answer.markup(frame))
                w.member("text", condition?.text)
                w.key("rows")
                if let rows { rows.write(to: &w) } else { w.null() }
                w.key("counts")
                w.array { w in for count in counts { if let count { w.number(count) } else { w.null() } } }
            }
        }
    }
}

extension Array {
    /// One after the other: each question takes all cores itself.
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var out: [Value] = []
        for element in self { out.append(try await body(element)) }
        return out
    }
}

extension SegmentEditPage {
    /// The page with why it was not saved.
    fileprivate func answered(_ problem: ConsoleProblem, names: Names, of segment: Segment?) -> SegmentEditPage {
        var page = self
        page.names = names
        if let segment { (page.id, page.savedName) = (segment.id, segment.name) }
        page.answer = SegmentAnswer(.refused(problem, nil))
        return page
    }
}
