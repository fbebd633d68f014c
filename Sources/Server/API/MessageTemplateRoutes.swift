import Access
import Delivery
import HTTPTypes
import Profiles
import Segments
import Templates
import Vocabulary

/// Templates of messages: versioned documents, checked when saved, and shown as any person at any instant.
struct MessageTemplateRoutes: Sendable {
    let server: MartletServer

    private static let parts = Shape.described("Liquid: `subject`, `preheader`, `html` and `text` of an email, `text` of a text, `json` of a json, `html` of a partial.", .map(.text))
    private static let warning = Shape.named("TemplateWarning", .object(["place": .text, "code": .text, "problem": .text, "remedy": .text]))
    private static let attachment = Shape.object([
        "name": .described("The file's name, as Liquid.", .text), "type": .optional(.described("Its media type, such as application/pdf; by the end of the name unless told.", .text)),
        "text": .optional(.described("Its content as Liquid, written for each person.", .text)), "base64": .optional(.described("Its content, the same for everyone; lists leave it out.", .text)),
        "from": .optional(.described("Where in what the template reads it stands as base64, such as `invoice`, which the message's `data` has, or `event.properties.invoice`.", .text)), "bytes": .optional(.described("How large the file is.", .integer)),
    ])
    private static let attachments = Shape.described("Files that an email carries, ten at most. One that is sent without a content keeps that of its name.", .list(attachment))
    static let template = Shape.named(
        "MessageTemplate",
        .object([
            "id": .text, "name": .text, "note": .text, "kind": .choice(MessageTemplate.Kind.allCases.map(\.rawValue)), "parts": parts, "attachments": attachments,
            "layout": .described("Whether a mail's HTML stands in the base layout.", .boolean),
            "onMissing": .described("Whether a message with a missing value goes out with nothing there, or not at all.", .choice(MessageTemplate.MissingValue.allCases.map(\.rawValue))),
            "tracked": .described("Whether a mail tells whether it is opened and where it is clicked, of people who do not object to `analytics`.", .boolean),
            "localDates": .described("Whether the filter `date` shows instants by the clock where the person lives (trait `timezone`, else the newest `context.timezone`, else the workspace's zone), instead of by UTC.", .boolean),
            "version": .integer, "savedAt": .time, "author": .text, "warnings": .list(warning),
        ]))
    private static let body: Members = [
        "name": .optional(.text), "note": .optional(.text), "kind": .optional(.choice(MessageTemplate.Kind.allCases.map(\.rawValue))), "parts": .optional(parts), "attachments": .optional(attachments), "layout": .optional(.boolean),
        "onMissing": .optional(.choice(MessageTemplate.MissingValue.allCases.map(\.rawValue))), "tracked": .optional(.boolean), "localDates": .optional(.boolean),
    ]
    private static let chosen: Members = [
        "template": .described("A template's id or name, or a template as it would be saved.", .either([.text, .anyObject])),
    ]
    static let sourceMaximum = 1 << 20

    var routes: [Route] {
        [
            Route(.get, "/api/v1/templates", .scope(.templatesRead), "Every message template.", answers: .json(.object(["templates": .list(Self.template)]))) { call in
                let place = try call.place
                return Reply { w in
                    w.object { w in
                        w.key("templates")
                        w.array { w in for template in place.templates.all { Self.write(template, place, isWhole: false, &w) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/templates", .scope(.templatesWrite), "Make a message template. What cannot be read is refused with its line; names that nobody has are warnings.",
                takes: .json(.object(Self.body), example: "{\"name\": \"welcome\", \"kind\": \"email\", \"parts\": {\"subject\": \"Welcome, {{ profile.firstName | default: 'friend' }}\", \"html\": \"<h1>Hello</h1>\"}}"),
                answers: .json(Self.template, status: 201, "Made.")
            ) { call in
                let place = try call.place
                let template = try Self.draft(try await call.json(maximum: 4 * Self.sourceMaximum), id: Self.newID())
                _ = try Self.compiled(template, place)
                let saved = try place.templates.create(template, author: AdminRoutes.author(call), at: Clock.now())
                return Reply(status: .created) { Self.write(saved, place, &$0) }
            },
            Route(.get, "/api/v1/templates/{id}", .scope(.templatesRead), "One message template, by id or name.", answers: .json(Self.template)) { call in
                let (place, template) = (try call.place, try Self.find(call))
                return Reply { Self.write(template, place, &$0) }
            },
            Route(
                .get, "/api/v1/templates/{id}/versions", .scope(.templatesRead), "A message template's versions, newest first.",
                [RouteParameter("limit", .integer(1...100), "How many at most; 20 unless told."), RouteParameter("before", .integer(1...Int.max), "Only versions before this one.")],
                answers: .json(.object(["versions": .list(Self.template)]))
            ) { call in
                let (place, template) = (try call.place, try Self.find(call))
                let before = try call.integer("before", in: 1...Int.max, default: .max)
                let versions = try place.templates.versions(of: template, before: Int64(before), limit: try call.integer("limit", in: 1...100, default: 20))
                return Reply { w in
                    w.object { w in
                        w.key("versions")
                        w.array { w in for version in versions { Self.write(version, place, isWhole: false, &w) } }
                    }
                }
            },
            Route(
                .patch, "/api/v1/templates/{id}", .scope(.templatesWrite), "Change a message template; the version before stays. While a journey that runs sends it by its name, the name stays. With the header If-Match, only that version is changed.", takes: .json(.object(Self.body)), answers: .json(Self.template)
            ) { call in
                let (place, current) = (try call.place, try Self.find(call))
                let json = try await call.json(maximum: 4 * Self.sourceMaximum)
                let changed = try Self.draft(json, over: current)
                _ = try Self.compiled(changed, place)
                try place.refuseWhileFound(current, changingTo: changed)
                let saved = try call.replacing { seen in try place.templates.update(current.id, replacing: seen, author: AdminRoutes.author(call), at: Clock.now()) { $0 = changed } }
                guard let saved else { throw Self.unknown }
                return Reply { Self.write(saved, place, &$0) }
            },
            Route(.delete, "/api/v1/templates/{id}", .scope(.templatesWrite), "Delete a message template that no journey that runs sends.", answers: .json(.success)) { call in
                let place = try call.place
                try place.refuseWhileUsed(place.templates.find(call.parameter("id")).map { TemplateWithUsers($0, in: place.templates) })
                guard try call.place.templates.delete(call.parameter("id"), author: AdminRoutes.author(call), at: Clock.now()) else { throw Self.unknown }
                return Reply { w in w.object { $0.member("success", true) } }
            },
        ] + asking
    }

    private var asking: [Route] {
        [
            Route(
                .post, "/api/v1/templates/preview", .scope(.profilesRead), "A message as a person would get it, now or at any instant. Nothing is sent.",
                takes: .json(
                    .object(Members(list: Self.chosen.list + [
                        ("profileId", .optional(.text)), ("userId", .optional(.text)), ("anonymousId", .optional(.text)), ("email", .optional(.text)),
                        ("asOf", .optional(.described("As the person was then; now unless told.", .time))), ("event", .optional(.described("What `event` is in it.", .anyObject))), ("data", .optional(.described("What is handed in with the message, as in `POST /api/v1/messages`.", .anyObject))),
                    ])),
                    example: "{\"template\": \"welcome\", \"userId\": \"u1\"}"),
                answers: .json(.object([
                    "subject": .orNull(.text), "html": .orNull(.text), "text": .orNull(.text), "json": .orNull(.text),
                    "attachments": CaughtMail.files,
                    "missing": .described("What was printed empty since the person has no value.", .list(.text)), "warnings": .list(Self.warning),
                ]))
            ) { try await preview($0) },
            Route(
                .post, "/api/v1/templates/check", .scope(.segmentsRead), "What is wrong with a template, and how many of those who would get it lack a value that it prints.",
                takes: .json(.object(Members(list: Self.chosen.list + [("condition", .optional(.described("Who would get it; everyone unless told.", .either([.text, .anyObject]))))]))),
                answers: .json(.object([
                    "warnings": .list(Self.warning), "of": .described("How many would get it.", .integer),
                    "gaps": .list(.object(["path": .text, "count": .described("How many have no value of it.", .integer)])),
                ]))
            ) { try await check($0) },
            Route(
                .post, "/api/v1/templates/render", .scope(.templatesRead), "What any Liquid prints for any data.",
                takes: .json(
                    .object([
                        "source": .text, "data": .optional(.anyObject), "partials": .optional(.map(.text)),
                        "output": .optional(.described("How values are escaped; plain unless told.", .choice(["plain", "html", "json", "calendar", "header"]))), "now": .optional(.time),
                    ]), example: "{\"source\": \"Hello {{ name | upcase }}\", \"data\": {\"name\": \"Ada\"}}"),
                answers: .json(.object(["output": .text]))
            ) { call in
                let json = try await call.json(maximum: 8 * Self.sourceMaximum)
                let text = try await server.heavy.run { try Self.rendered(json) }
                return Reply { w in w.object { $0.member("output", text) } }
            },
        ]
    }

    // MARK: - Reading

    static let unknown = Refusal(404, "template.unknown", "There is no such template.", remedy: "`GET /api/v1/templates` lists them.")

    private static func find(_ call: Call) throws -> MessageTemplate {
        guard let template = try call.place.templates.find(call.parameter("id")) else { throw unknown }
        return template
    }

    static func newID() -> String { "tpl_" + String(IngestionRoutes.newMessageId(0).filter { $0 != "-" }.suffix(12)) }

    /// A template as a body has it; what it leaves out is taken from `current`.
    static func draft(_ json: JSONText, over current: MessageTemplate? = nil, id: String = "") throws -> MessageTemplate {
        func text(_ name: String) throws -> String? {
            guard let member = json[name] else { return nil }
            guard let text = member.string else { throw Refusal(400, "request.parameter", "`\(name)` must be a text.", remedy: "Correct the body.") }
            return text
        }
        func choice<Value: RawRepresentable & CaseIterable>(_ name: String, _ type: Value.Type) throws -> Value? where Value.RawValue == String {
            guard let text = try text(name) else { return nil }
            guard let value = Value(rawValue: text) else {
                throw Refusal(400, "request.parameter", "`\(name)` must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", ")).", remedy: "Correct the body.")
            }
            return value
        }
        var parts = current?.parts ?? [:]
        if let sent = json["parts"] {
            guard sent.isObject else { throw Refusal(400, "request.parameter", "`parts` must be an object.", remedy: "Send {\"parts\": {\"subject\": \"…\", \"html\": \"…\"}}.") }
            for (key, value) in sent.members {
                guard let part = MessageTemplate.Part(rawValue: key), value.isNull || value.isString else {
                    throw Refusal(400, "template.part-unknown", "There is no part `\(key)` that is a text.", remedy: "Parts are \(MessageTemplate.Part.allCases.map(\.rawValue).joined(separator: ", ")).")
                }
                parts[part] = value.string
            }
        }
        var attachments = current?.attachments ?? []
        if let sent = json["attachments"] {
            guard sent.isArray else { throw Refusal(400, "request.parameter", "`attachments` must be a list.", remedy: "Send [{\"name\": \"terms.pdf\", \"type\": \"application/pdf\", \"base64\": \"…\"}].") }
            attachments = try sent.elements.enumerated().map { try MessageAttachment($0.element, at: $0.offset, known: attachments) }
        }
        let template = MessageTemplate(
            id: current?.id ?? id, name: try text("name") ?? current?.name ?? "", note: try text("note") ?? current?.note ?? "", kind: try choice("kind", MessageTemplate.Kind.self) ?? current?.kind ?? .email,
            parts: parts, attachments: attachments, usesLayout: json["layout"]?.boolean ?? current?.usesLayout ?? true, onMissing: try choice("onMissing", MessageTemplate.MissingValue.self) ?? current?.onMissing ?? .empty,
            isTracked: json["tracked"]?.boolean ?? current?.isTracked ?? true, usesLocalDates: json["localDates"]?.boolean ?? current?.usesLocalDates ?? false)
        return template
    }

    /// The template read, or a refusal that names the line.
    static func compiled(_ template: MessageTemplate, _ place: Workspace) throws -> CompiledMessage {
        if let fault = template.fault { throw Refusal(400, fault.code, fault.problem, remedy: fault.remedy) }
        return try compiledUnnamed(template, place)
    }

    static func compiledUnnamed(_ template: MessageTemplate, _ place: Workspace) throws -> CompiledMessage {
        do throws(CompiledMessage.Fault) { return try CompiledMessage(template, partials: place.templates.partials) } catch { throw Refusal(error) }
    }

    /// The template that a body names or holds.
    private static func chosen(_ json: JSONText, _ place: Workspace) throws -> MessageTemplate {
        if let name = json["template"]?.string {
            guard let template = place.templates.find(name) else { throw unknown }
            return template
        }
        guard let draft = json["template"], draft.isObject else {
            throw Refusal(400, "request.parameter", "`template` must be the name of a template, or a template.", remedy: "Send {\"template\": \"welcome\"}.")
        }
        return try Self.draft(draft)
    }

    // MARK: - Asking

    private func preview(_ call: Call) async throws -> Reply {
        let place = try call.place
        let json = try await call.json(maximum: 8 * Self.sourceMaximum)
        let message = try Self.compiledUnnamed(try Self.chosen(json, place), place)
        try await call.settle(json)
        let (profile, asOf) = try await call.person(in: json, server)
        let data = MessageData(profile, computed: try await call.computed(profile, asOf: asOf), event: json["event"], workspace: place.name, links: MessageTemplateRoutes.links(profile, place)).adding(json["data"])
        let rendered = try await server.heavy.run { try Self.rendered(message, data.record, now: asOf ?? Clock.now(), zone: place.policy.current.zone(of: profile)) }
        let warnings = MessageChecking(place).warnings(of: message)
        return Reply { w in
            w.object { w in
                for (key, text) in [("subject", rendered.subject), ("html", rendered.html), ("text", rendered.text), ("json", rendered.json)] { w.member(key, text) }
                CaughtMail.write(rendered.attachments.map { ($0.name, $0.type, $0.body.count) }, &w)
                w.key("missing")
                w.array { w in for path in rendered.missing { w.string(path.joined(separator: ".")) } }
                Self.write(warnings, &w)
            }
        }
    }

    static func rendered(_ message: CompiledMessage, _ data: Record, now: Timestamp, zone: ZoneRules) throws -> RenderedMessage {
        do throws(CompiledMessage.Fault) { return try message.render(data, now: now, zone: zone) } catch { throw Refusal(error) }
    }

    /// The links that every message has. A preview's lead nowhere, since it was sent to nobody.
    static func links(_ profile: Profile, _ place: Workspace) -> [(key: String, value: String)] { [("unsubscribe_url", "#unsubscribe"), ("preferences_url", "#preferences")] }

    private func check(_ call: Call) async throws -> Reply {
        let place = try call.place
        let json = try await call.json(maximum: 8 * Self.sourceMaximum)
        let message = try Self.compiledUnnamed(try Self.chosen(json, place), place)
        let condition = json["condition"] == nil ? Condition.all([]) : try call.condition(json["condition"]).condition
        try await call.settle(json)
        let found = try await MessageChecking.gaps(of: message, among: condition, in: place, at: try call.moment(json))
        let warnings = MessageChecking(place).warnings(of: message)
        return Reply { w in
            w.object { w in
                Self.write(warnings, &w)
                w.member("of", found.of)
                w.key("gaps")
                w.array { w in
                    for gap in found.gaps {
                        w.object { w in
                            w.member("path", gap.path)
                            w.member("count", gap.count)
                        }
                    }
                }
            }
        }
    }

    private static func rendered(_ json: JSONText) throws -> String {
        guard let source = json["source"]?.string else { throw Refusal(400, "request.parameter", "`source` must be a text.", remedy: "Send {\"source\": \"Hello {{ name }}\"}.") }
        let kinds: [String: OutputKind] = ["plain": .plain, "html": .html, "json": .json, "calendar": .calendar, "header": .header]
        guard let kind = kinds[json["output"]?.string ?? "plain"] else {
            throw Refusal(400, "request.parameter", "`output` must be one of plain, html, json, calendar, header.", remedy: "Correct the body.")
        }
        let partials = Dictionary((json["partials"]?.members ?? []).map { ($0.key, $0.value.string ?? "") }, uniquingKeysWith: { $1 })
        let data = Record((json["data"]?.members ?? []).map { (key: $0.key, value: Value($0.value)) })
        let now = json["now"]?.string.flatMap { Timestamp($0) } ?? Clock.now()
        do throws(TemplateError) {
            return String(decoding: try Template(source, partials: partials).render(data, as: kind, now: now), as: UTF8.self)
        } catch {
            var refusal = Refusal(400, error.explanation.code, error.explanation.problem, remedy: error.explanation.remedy)
            refusal.place = [error.partial.map { "partial \($0)" }, error.line > 0 ? "line \(error.line)" : nil].compactMap { $0 }.joined(separator: ", ")
            throw refusal
        }
    }

    // MARK: - Writing

    private static func write(_ warnings: [MessageChecking.Warning], _ w: inout JSONWriter) {
        w.key("warnings")
        w.array { w in
            for warning in warnings {
                w.object { w in
                    w.member("place", warning.place)
                    w.member("code", warning.explanation.code)
                    w.member("problem", warning.explanation.problem)
                    w.member("remedy", warning.explanation.remedy)
                }
            }
        }
    }

    /// - Parameter isWhole: whether with the content of files.
    private static func write(_ template: MessageTemplate, _ place: Workspace, isWhole: Bool = true, _ w: inout JSONWriter) {
        let message = try? CompiledMessage(template, partials: place.templates.partials)
        w.object { w in
            w.member("id", template.id)
            w.member("name", template.name)
            w.member("note", template.note)
            w.member("kind", template.kind.rawValue)
            w.key("parts")
            w.object { w in for part in MessageTemplate.Part.allCases { if let text = template.parts[part] { w.member(part.rawValue, text) } } }
            w.key("attachments")
            w.array { w in for attachment in template.attachments { attachment.write(isWhole: isWhole, &w) } }
            w.member("layout", template.usesLayout)
            w.member("onMissing", template.onMissing.rawValue)
            w.member("tracked", template.isTracked)
            w.member("localDates", template.usesLocalDates)
            w.member("version", template.version)
            w.member("savedAt", template.savedAt)
            w.member("author", template.author)
            write(message.map { MessageChecking(place).warnings(of: $0) } ?? [], &w)
        }
    }
}

extension Refusal {
    init(_ fault: CompiledMessage.Fault) {
        self = Refusal(400, fault.explanation.code, fault.explanation.problem, remedy: fault.explanation.remedy)
        place = fault.place
    }
}
