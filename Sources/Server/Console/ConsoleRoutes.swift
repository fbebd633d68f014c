import Access
import Console
import HTTPTypes
import Profiles
import Storage
import Vocabulary

/// The console: its pages, the forms on them, and the door. `Sources/Console/Console.md` is the table that these routes follow.
///
/// A route reads the stages, fills a page model and sends what the page draws; nothing here makes markup.
struct ConsoleRoutes: Sendable {
    let server: MartletServer

    var routes: [Route] {
        doors + home + live + people + who + review + accounts + survivorship + segments + computed + journeys + templates + deliveries + destinations + policy + emails + consent + suppressions + lists + sources + imports + quarantine + tokens + session
    }

    /// Whether a path is the console's, compared as the route table compares: after decoding, without empty segments.
    static func owns(_ path: String) -> Bool {
        switch RouteTable.segments(path).first {
        case nil, "w", "sign-in", "sign-out", "set-password", "console": true
        default: false
        }
    }

    /// A page of a workspace for someone signed in.
    func page(_ path: String, _ summary: String, _ handler: @escaping @Sendable (Visit) async throws -> Reply) -> Route {
        Route(.get, "/w/{workspace}" + path, .session, summary) { call in
            let visitor = Visitor(call)
            if let reply = visitor.keptPreference { return reply }
            let visit = try Visit(call, visitor, server)
            var reply = try await handler(visit)
            if visit.frame.notice != nil { reply.setCookie(.notice(nil, isSecure: call.isSecure)) }
            return reply
        }
    }

    /// A form of a page: refused unless the session's own secret comes with it.
    func action(
        _ path: String, _ summary: String, bodyMaximum: Int = Form.bodyMaximum, fieldsMaximum: Int = Form.fieldsMaximum, _ handler: @escaping @Sendable (Visit, Form) async throws -> Reply
    ) -> Route {
        Route(.post, "/w/{workspace}" + path, .session, summary, hasBody: true) { call in
            let visit = try Visit(call, Visitor(call), server)
            let form = try await Form(call, bodyMaximum: bodyMaximum, fieldsMaximum: fieldsMaximum)
            try form.check(visit.session)
            return try await handler(visit, form)
        }
    }
}

/// One request of someone signed in, with what every page needs.
struct Visit: Sendable {
    let call: Call
    let server: MartletServer
    let place: Workspace
    let session: Sessions.Session
    var frame: Frame
    let now: Timestamp

    init(_ call: Call, _ visitor: Visitor, _ server: MartletServer) throws {
        guard case .session(let session) = call.caller else { throw SignInNeeded() }
        self.call = call
        self.server = server
        self.session = session
        place = try call.place
        now = Clock.now()
        frame = visitor.frame(workspace: place.name, csrf: session.csrf, now: now)
        if place.name == "demo" { frame.filling = server.demoFilling }
        if call.request.method == .get, let action = visitor.notice { frame.notice = Frame.Notice(after: action, in: visitor.language) }
    }

    var id: String { call.parameter("id") }
    var reader: ProfileReader { place.profiles.reader(for: .service) }

    /// The address of a page of this workspace.
    func address(_ path: String) -> String { "/w/\(PercentCoding.encode(place.name))\(path)" }

    /// The version that a form began with.
    func edition(_ form: Form, _ current: Int64?) -> Edition { Edition(current == nil ? nil : Int64(form.text("edition"))) }

    /// Has `body` save what stands in a form; what somebody else saved meanwhile is told in the visitor's language.
    ///
    /// - Parameter current: the version that stands there now.
    func saving<Value>(_ current: () -> Int64?, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let refusal as Refusal where refusal.explanation.code == Documents.stale {
            let why = Edition.stale(current() ?? 0, frame)
            throw Refusal(400, why.code, why.problem, remedy: why.remedy)
        }
    }

    /// Why saving would replace what the form's writer has not seen; nil where it would not.
    func stale(_ edition: Edition, _ current: Int64?) -> ConsoleProblem? {
        guard let current, let begun = edition.version, begun != current else { return nil }
        return Edition.stale(current, frame)
    }

    func html(_ page: some ConsolePage, status: HTTPResponse.Status = .ok) -> Reply { Reply(html: page.render(frame), status: status) }

    /// A page for an answer to a form: its links lead to the page, since the form's own address cannot be opened.
    func html(_ page: some ConsolePage, at path: String, status: HTTPResponse.Status = .unprocessableContent) -> Reply {
        var frame = frame
        frame.address = address(path)
        frame.isAnswer = true
        return Reply(html: page.render(frame), status: status)
    }

    /// On to the page at `path`, which says once what was done.
    func done(_ notice: Frame.Notice.Action?, at path: String) -> Reply {
        var reply = Reply(redirect: address(path))
        if let notice { reply.setCookie(.notice(notice, isSecure: call.isSecure)) }
        return reply
    }

    func query(_ name: String) -> String? { call.query(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// What the address asks in milliseconds; what is no number asks nothing.
    func milliseconds(_ name: String) -> Int64? { query(name).flatMap { Int64($0) }.map { Timestamp(clamping: $0).milliseconds } }

    static let gone = Refusal(404, "request.unknown-id", "There is nothing with this id.", remedy: "Search finds people and sources by any name.")
}
