import Console
import Delivery
import HTTPTypes
import Profiles
import Templates
import Vocabulary

/// Templates of messages: the list, and the editor with its preview as a real person.
extension ConsoleRoutes {
    /// The longest form, each byte of it escaped to three.
    private static let templateBodyMaximum = 6 << 20

    var templates: [Route] {
        [
            page("/templates", "Templates of messages.") { visit in
                visit.html(TemplatesPage(rows: visit.place.templates.all.map { TemplatesPage.Row(id: $0.id, name: $0.name, kind: $0.kind.rawValue, savedAtMs: $0.savedAt.milliseconds) }))
            },
            page("/templates/new", "A new template.") { visit in
                try await visit.edit(TemplateEditPage(name: String((visit.query("name") ?? "").prefix(200)), kind: visit.query("kind") ?? "email"), at: nil)
            },
            action("/templates", "Make a template.", bodyMaximum: Self.templateBodyMaximum) { visit, form in try await visit.save(form, of: nil) },
            // A script asks while somebody types; the session's secret keeps other sites from asking.
            action("/templates/preview", "A template as a person would get it.", bodyMaximum: Self.templateBodyMaximum) { visit, form in
                let answer = try await visit.answer(to: TemplateEditPage(form))
                return Reply { w in w.object { $0.member("html", answer.markup(visit.frame)) } }
            },
            page("/templates/frames/{id}", "The mail of a preview.") { visit in
                guard let html = visit.place.previews.html(visit.id) else { throw Visit.gone }
                var reply = Reply(html: html)
                reply.headers[.init("Content-Security-Policy")!] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
                return reply
            },
            page("/templates/{id}", "Change a template.") { visit in try await visit.edit(TemplateEditPage(try visit.template()), at: nil) },
            action("/templates/{id}/save", "Save a template's change.", bodyMaximum: Self.templateBodyMaximum) { visit, form in try await visit.save(form, of: try visit.template()) },
            Route(.post, "/w/{workspace}/templates/{id}/attach", .session, "Add a file that a mail carries.", hasBody: true) { call in
                let visit = try Visit(call, Visitor(call), server)
                return try await visit.attach(to: try visit.template())
            },
            action("/templates/{id}/detach", "Take away a file that a mail carries.") { visit, form in
                let template = try visit.template()
                return try await visit.change(template) { $0.attachments.removeAll { $0.name == form.text("name") } }
            },
            action("/templates/{id}/delete", "Delete a template.") { visit, form in
                let template = try visit.template()
                guard form.confirms(template.name) else { return visit.done(.nameDiffers, at: "/templates/\(template.id)") }
                guard try visit.place.journeys(using: TemplateWithUsers(template, in: visit.place.templates)).isEmpty else { return visit.done(.usedByJourneys, at: "/templates/\(template.id)") }
                guard try visit.place.templates.delete(template.id, author: ConsoleRoutes.author, at: visit.now) else { throw Visit.gone }
                return visit.done(.templateDeleted, at: "/templates")
            },
        ]
    }
}

extension TemplateEditPage {
    fileprivate init(_ template: MessageTemplate) {
        self.init(
            id: template.id, name: template.name, note: template.note, kind: template.kind.rawValue,
            parts: Dictionary(uniqueKeysWithValues: template.parts.map { ($0.key.rawValue, $0.value) }), isTracked: template.isTracked,
            usesLocalDates: template.usesLocalDates)
        edition = Edition(template.version)
        attachments = template.attachments.map { ($0.name, $0.bytes) }
    }

    fileprivate init(_ form: Form) {
        var parts: [String: String] = [:]
        let kind = TemplateEditPage.kinds.contains(form.text("kind")) ? form.text("kind") : "email"
        for part in TemplateEditPage.parts(of: kind) { parts[part] = form.text(part) }
        self.init(
            name: form.name(), note: form.text("note").trimmed, kind: kind, parts: parts, isTracked: form["tracked"] != nil, usesLocalDates: form["localDates"] != nil, person: form.text("person").trimmed, asOf: form.text("asOf").trimmed)
    }

    /// The template that the form says; an optional part that is empty is not written.
    fileprivate func template(over current: MessageTemplate?) -> MessageTemplate {
        let kind = MessageTemplate.Kind(rawValue: kind) ?? .email
        let (needed, _) = MessageTemplate.parts(of: kind)
        var sources: [MessageTemplate.Part: String] = [:]
        for (name, source) in parts { if let part = MessageTemplate.Part(rawValue: name), !source.isEmpty || needed.contains(part) { sources[part] = source } }
        return MessageTemplate(
            id: current?.id ?? MessageTemplateRoutes.newID(), name: name, note: note, kind: kind, parts: sources, attachments: current?.attachments ?? [], usesLayout: current?.usesLayout ?? true, onMissing: current?.onMissing ?? .empty,
            isTracked: isTracked, usesLocalDates: usesLocalDates)
    }
}

extension Visit {
    fileprivate func template() throws -> MessageTemplate {
        guard let template = place.templates.find(id) else { throw Visit.gone }
        return template
    }

    fileprivate func edit(_ page: TemplateEditPage, at path: String?, status: HTTPResponse.Status = .ok) async throws -> Reply {
        var page = page
        page.answer = try await answer(to: page)
        page.users = try users(of: page)
        return path.map { html(page, at: $0, status: status) } ?? html(page, status: status)
    }

    private func users(of page: TemplateEditPage) throws -> [SegmentPage.Link] { try page.id.flatMap(place.templates.find).map { try links(TemplateWithUsers($0, in: place.templates)) } ?? [] }

    /// Changes the files of a template, which stand beside its form.
    fileprivate func change(_ template: MessageTemplate, _ body: (inout MessageTemplate) throws -> Void) async throws -> Reply {
        do {
            var changed = template
            try body(&changed)
            _ = try MessageTemplateRoutes.compiled(changed, place)
            guard try place.templates.update(template.id, replacing: template.version, author: ConsoleRoutes.author, at: now, { $0 = changed }) != nil else { throw Visit.gone }
            return done(.templateSaved, at: "/templates/\(template.id)")
        } catch let refusal as Refusal where refusal.status == 400 {
            var page = TemplateEditPage(template)
            page.attachmentProblem = ConsoleProblem(refusal.explanation)
            return try await edit(page, at: "/templates/\(template.id)", status: .unprocessableContent)
        }
    }

    fileprivate func attach(to template: MessageTemplate) async throws -> Reply {
        var form = try Multipart(call.request.body, contentType: call.request.headers[.contentType])
        let (fields, fileName) = try await form.head()
        try session.check(csrf: fields["csrf"])
        var bytes: [UInt8] = []
        // What is more is too large in any case, and said to be so below.
        while let piece = try await form.piece() { if bytes.count <= MessageAttachment.filesMaximum { bytes += piece } }
        // Braces in a file's name are no Liquid.
        let name = String(fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? "").replacing("{", with: "(").replacing("}", with: ")")
        let content = bytes
        return try await change(template) { template in
            guard !name.isEmpty, !content.isEmpty else { throw Refusal(400, "template.attachment", "No file was chosen, or it is empty.", remedy: "Choose a file.") }
            template.attachments.removeAll { $0.name == name }
            template.attachments.append(MessageAttachment(name: name, type: MessageAttachment.type(ofFile: name), content: .file(content)))
        }
    }

    fileprivate func save(_ form: Form, of current: MessageTemplate?) async throws -> Reply {
        var page = TemplateEditPage(form)
        page.id = current?.id
        page.edition = edition(form, current?.version)
        page.attachments = (current?.attachments ?? []).map { ($0.name, $0.bytes) }
        let address = current.map { "/templates/\($0.id)" } ?? "/templates/new"
        if ["preview", "kind"].contains(form.text("intent")) { return try await edit(page, at: address) }
        let template = page.template(over: current)
        do {
            _ = try MessageTemplateRoutes.compiled(template, place)
            if let stale = stale(page.edition, current?.version) {
                page.edition = Edition(current?.version)
                throw Refusal(400, stale.code, stale.problem, remedy: stale.remedy)
            }
            if let current { try place.refuseWhileFound(current, changingTo: template) }
            let seen = page.edition.version
            let saved = try saving { place.templates.find(template.id)?.version } _: {
                try current == nil
                    ? place.templates.create(template, author: ConsoleRoutes.author, at: now) : place.templates.update(template.id, replacing: seen, author: ConsoleRoutes.author, at: now) { $0 = template }
            }
            guard let saved else { throw Visit.gone }
            return done(.templateSaved, at: "/templates/\(saved.id)")
        } catch let refusal as Refusal where refusal.status == 400 {
            page.isNameWrong = ["template.name", "template.name-taken", "template.in-journey"].contains(refusal.explanation.code)
            page.answer = TemplateAnswer(.refused(ConsoleProblem(refusal.explanation), place: refusal.place))
            page.users = try users(of: page)
            return html(page, at: address)
        }
    }

    /// What the chosen person would get, or somebody where none is chosen.
    fileprivate func answer(to page: TemplateEditPage) async throws -> TemplateAnswer {
        let template = page.template(over: nil)
        guard !template.parts.values.allSatisfy(\.isEmpty) else { return TemplateAnswer(.nothing) }
        do {
            let message = try MessageTemplateRoutes.compiledUnnamed(template, place)
            let warnings = MessageChecking(place).warnings(of: message).map { (place: $0.place, problem: ConsoleProblem($0.explanation)) }
            guard let current = try await person(page.person) else { return TemplateAnswer(.nobody(isAsked: !page.person.isEmpty), warnings: warnings) }
            var (profile, asOf) = (current, Timestamp?.none)
            if !page.asOf.isEmpty {
                guard let instant = Timestamp(page.asOf) ?? Timestamp(page.asOf + "T00:00:00Z") else { throw Refusal(400, "request.parameter", "`\(page.asOf.prefix(40))` is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z.") }
                asOf = instant
                let reader = reader
                profile = try await server.heavy.run { try reader.profile(current, from: nil, asOf: instant, knownAt: nil) }
            }
            let data = MessageData(
                profile, computed: try await call.computed(profile, asOf: asOf), event: JSONText(trusted: Array("{}".utf8)), workspace: place.name, links: MessageTemplateRoutes.links(profile, place))
            let (instant, zone) = (asOf ?? now, place.policy.current.zone(of: profile))
            let rendered = try await server.heavy.run { try MessageTemplateRoutes.rendered(message, data.record, now: instant, zone: zone) }
            let frameAddress = rendered.html.map { address("/templates/frames/\(place.previews.keep($0))") }
            return TemplateAnswer(
                .message(TemplateAnswer.Message(
                    person: current.displayName, subject: rendered.subject, text: rendered.text, json: rendered.json, frameAddress: frameAddress,
                    missing: rendered.missing.map { $0.joined(separator: ".") })), warnings: warnings)
        } catch let refusal as Refusal where refusal.status == 400 {
            return TemplateAnswer(.refused(ConsoleProblem(refusal.explanation), place: refusal.place))
        }
    }

    private func person(_ text: String) async throws -> Profile? {
        let reader = reader
        if text.isEmpty { return try await server.heavy.run { try reader.search("", after: nil, limit: 20).profiles.first { $0.kind == .person && !$0.traits.isEmpty } } }
        if let profile = try reader.profile(id: text) { return profile }
        for namespace in [IdentifierNamespace.userId, .email, .anonymousId] { if let profile = try reader.profile(Identifier(namespace, text)) { return profile } }
        return nil
    }
}
