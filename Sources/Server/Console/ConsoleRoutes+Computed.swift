import Console
import HTTPTypes
import Segments
import Vocabulary

/// Computed traits: the list, one of them, the editor with its live values.
extension ConsoleRoutes {
    /// The longest measure, each byte of it escaped to three.
    private static let measureBodyMaximum = 3 * ConditionLimits.text + Form.bodyMaximum

    var computed: [Route] {
        [
            page("/computed-traits", "Computed traits and what they measure.") { visit in visit.html(visit.computedTraitsPage()) },
            action("/computed-traits", "Make a computed trait.", bodyMaximum: ConsoleRoutes.measureBodyMaximum) { visit, form in try await visit.save(form, of: nil) },
            page("/computed-traits/new", "A new computed trait.") { visit in
                try await visit.edit(ComputedTraitEditPage(name: visit.query("name") ?? "", text: visit.query("text") ?? ""), at: nil)
            },
            // A script asks while somebody types; the session's secret keeps other sites from asking.
            action("/computed-traits/count", "How a measure's values lie.", bodyMaximum: ConsoleRoutes.measureBodyMaximum) { visit, form in
                let answer = try await MeasureAsking(visit, SegmentAsking.text(form), zone: form.text("zone").trimmed).answer()
                return Reply { w in
                    w.object { w in
                        w.member("html", answer.markup(visit.frame))
                        w.member("chart", answer.chartMarkup(visit.frame))
                    }
                }
            },
            page("/computed-traits/{id}", "One computed trait.") { visit in visit.html(try await visit.computedTraitPage(try visit.computedTrait())) },
            page("/computed-traits/{id}/edit", "Change a computed trait.") { visit in
                let trait = try visit.computedTrait()
                var page = ComputedTraitEditPage(note: trait.note, text: trait.measurement.text, zone: trait.zone.name)
                page.edition = Edition(trait.version)
                return try await visit.edit(page, of: trait, at: nil)
            },
            action("/computed-traits/{id}/save", "Save a computed trait's change.", bodyMaximum: ConsoleRoutes.measureBodyMaximum) { visit, form in
                try await visit.save(form, of: try visit.computedTrait())
            },
            action("/computed-traits/{id}/delete", "Delete a computed trait.") { visit, form in
                let trait = try visit.computedTrait()
                guard form.confirms(trait.name) else { return visit.done(.nameDiffers, at: "/computed-traits/\(trait.id)") }
                guard try visit.place.journeys(using: trait).isEmpty else { return visit.done(.usedByJourneys, at: "/computed-traits/\(trait.id)") }
                do {
                    guard try visit.place.computed.delete(trait.id, segments: visit.place.segments, author: ConsoleRoutes.author, at: visit.now) else { throw Visit.gone }
                } catch ComputedTraitError.inUse {
                    return visit.done(.computedInUse, at: "/computed-traits/\(trait.id)")
                }
                return visit.done(.computedDeleted, at: "/computed-traits")
            },
        ]
    }
}

extension Visit {
    fileprivate func computedTrait() throws -> ComputedTrait {
        guard let trait = place.computed.find(id) else { throw Visit.gone }
        return trait
    }

    fileprivate func computedTraitsPage() -> ComputedTraitsPage {
        ComputedTraitsPage(rows: place.computed.all.map { trait in
            ComputedTraitsPage.Row(
                id: trait.id, name: trait.name, sentence: trait.measurement.sentence(in: frame.language.rawValue), savedAtMs: trait.savedAt.milliseconds)
        })
    }

    fileprivate func computedTraitPage(_ trait: ComputedTrait) async throws -> ComputedTraitPage {
        let moment = Moment(asOf: Call.moment(now), zone: trait.zone)
        let found = try await place.engine.distribution(of: trait.measurement, at: moment)
        return ComputedTraitPage(
            id: trait.id, name: trait.name, note: trait.note, sentence: trait.measurement.sentence(in: frame.language.rawValue), text: trait.measurement.text, zone: trait.zone.name,
            savedAtMs: trait.savedAt.milliseconds, chart: ValueChart(found.distribution), users: try links(place.segments.users(of: trait)) + links(trait))
    }

    // MARK: - The editor

    /// The editor with its answer to the text in it.
    ///
    /// - Parameter path: the page's own address where this answers a form.
    fileprivate func edit(_ page: ComputedTraitEditPage, of trait: ComputedTrait? = nil, at path: String?, status: HTTPResponse.Status = .ok) async throws -> Reply {
        var page = page
        if let trait { (page.id, page.name, page.users) = (trait.id, trait.name, links(place.segments.users(of: trait))) }
        page.answer = try await MeasureAsking(self, page.text, zone: page.zone).answer()
        return path.map { html(page, at: $0, status: status) } ?? html(page, status: status)
    }

    fileprivate func save(_ form: Form, of trait: ComputedTrait?) async throws -> Reply {
        var page = ComputedTraitEditPage(
            name: form.name(), note: form.text("note").trimmed, text: SegmentAsking.text(form), zone: form.text("zone").trimmed)
        page.edition = edition(form, trait?.version)
        let address = trait.map { "/computed-traits/\($0.id)/edit" } ?? "/computed-traits/new"
        if form["intent"] == "count" { return try await edit(page, of: trait, at: address) }
        var refused = page
        refused.mistake = mistake(in: page, isNew: trait == nil)
        let asking = MeasureAsking(self, page.text, zone: page.zone)
        guard refused.mistake == nil, case .success(let read) = asking.read else { return try await edit(refused, of: trait, at: address, status: .unprocessableContent) }
        do {
            let saved = try saving({ trait.flatMap { place.computed.find($0.id)?.version } }) { [page] in try keep(page, read.measurement, zone: asking.zone, of: trait) }
            place.memberships.segmentsChanged()
            return done(trait == nil ? .computedCreated : .computedSaved, at: "/computed-traits/\(saved.id)")
        } catch ComputedTraitError.nameTaken {
            refused.mistake = .nameTaken
            return try await edit(refused, of: trait, at: address, status: .unprocessableContent)
        } catch let refusal as Refusal where refusal.explanation.code == Edition.stale {
            if let trait { (refused.id, refused.name) = (trait.id, trait.name) }
            refused.edition = Edition(trait.flatMap { place.computed.find($0.id)?.version })
            refused.answer = MeasureAnswer(.refused(ConsoleProblem(refusal.explanation), nil))
            return html(refused, at: address)
        } catch let error as ComputedTraitError {
            if let trait { (refused.id, refused.name) = (trait.id, trait.name) }
            refused.answer = MeasureAnswer(.refused(ConsoleProblem(error.explanation), nil))
            return html(refused, at: address)
        }
    }

    private func mistake(in page: ComputedTraitEditPage, isNew: Bool) -> ComputedTraitEditPage.Mistake? {
        if isNew {
            if ComputedTrait.nameFault(page.name) != nil { return .name }
            if place.columns.catalog.trait(Array(page.name.utf8)) != nil { return .nameTaken }
        }
        return page.note.utf8.count > ComputedTraitRoutes.noteMaximum ? .noteTooLong(maximum: ComputedTraitRoutes.noteMaximum) : nil
    }

    private func keep(_ page: ComputedTraitEditPage, _ measurement: Measurement, zone: TimeZoneName, of trait: ComputedTrait?) throws -> ComputedTrait {
        guard let trait else {
            return try place.computed.create(
                id: ComputedTraitRoutes.newID(), name: page.name, note: page.note, measurement: measurement, zone: zone, author: ConsoleRoutes.author, at: now)
        }
        let saved = try place.computed.update(trait.id, replacing: page.edition.version, segments: place.segments, author: ConsoleRoutes.author, at: now) { changed in
            (changed.note, changed.measurement, changed.zone) = (page.note, measurement, zone)
        }
        guard let saved else { throw Visit.gone }
        return saved
    }
}
