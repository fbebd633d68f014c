import Console
import HTTPTypes
import Hummingbird
import Vocabulary

/// What a request says about its reader before anyone asks who it is: language, theme, and the address that pages link back to.
struct Visitor: Sendable {
    let path: String
    let query: [(name: String, value: String)]
    let address: String
    let host: String
    let language: Language
    let theme: Frame.Theme
    let notice: Frame.Notice.Action?
    let isSecure: Bool

    init(_ request: Request, isSecure: Bool) {
        address = request.head.path ?? "/"
        let (path, query) = Dispatcher.split(address)
        self.path = path
        self.query = PercentCoding.pairs(query)
        self.isSecure = isSecure
        host = "\(isSecure ? "https" : "http")://\(request.head.authority ?? "localhost")"
        let headers = request.headers
        // A page that is no redirect, such as a refusal, obeys the address at once.
        let asked = self.query.last { $0.name == "lang" }.flatMap { Language(rawValue: $0.value) }
        language = asked ?? Cookies.value(ConsoleCookie.languageName, headers).flatMap(Language.init) ?? Visitor.language(accepted: headers[.acceptLanguage] ?? "")
        theme = Cookies.value(ConsoleCookie.themeName, headers).flatMap(Frame.Theme.init) ?? .system
        notice = Cookies.value(ConsoleCookie.noticeName, headers).flatMap(Frame.Notice.Action.init)
    }

    init(_ call: Call) { self.init(call.request, isSecure: call.isSecure) }

    func frame(workspace: String, csrf: String = "", now: Timestamp = Clock.now()) -> Frame {
        Frame(
            workspace: workspace, workspaces: DataFolder.workspaceNames, language: language, theme: theme, csrf: csrf, nowMs: now.milliseconds,
            address: address, host: host)
    }

    /// The frame of a page before sign-in.
    var door: Frame { frame(workspace: "main") }

    /// For `?lang=` and `?theme=`: kept in a cookie, and the same address without them. Nil when the address chooses nothing.
    var keptPreference: Reply? {
        let language = query.last { $0.name == "lang" }.flatMap { Language(rawValue: $0.value) }
        let theme = query.last { $0.name == "theme" }.flatMap { Frame.Theme(rawValue: $0.value) }
        guard language != nil || theme != nil else { return nil }
        let kept = query.filter { $0.name != "lang" && $0.name != "theme" }.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }
        var reply = Reply(redirect: kept.isEmpty ? path : path + "?" + kept.joined(separator: "&"))
        if let language { reply.setCookie(.preference(ConsoleCookie.languageName, language.rawValue, isSecure: isSecure)) }
        if let theme { reply.setCookie(.preference(ConsoleCookie.themeName, theme.rawValue, isSecure: isSecure)) }
        return reply
    }

    /// The language that an Accept-Language header likes best among ours; English when it knows none of them.
    static func language(accepted header: String) -> Language {
        var best: (language: Language, weight: Double)?
        for part in header.split(separator: ",").prefix(20) {
            let sides = part.split(separator: ";").map { String($0).trimmed }
            guard let tag = sides.first, let language = Language(rawValue: String(tag.lowercased().prefix { $0 != "-" })) else { continue }
            let weight = sides.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if weight > 0, weight > best?.weight ?? 0 { best = (language, weight) }
        }
        return best?.language ?? .english
    }

    /// `next` if it is a page of this console, else the start: whoever made the link must not send people elsewhere after signing in.
    static func checked(next: String?) -> String {
        guard let next, next.hasPrefix("/w/"), next.utf8.count <= 2000, !next.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f || $0 == 0x5c }) else { return "/" }
        return next
    }

    /// What a browser calls itself, short enough to tell one's own browsers apart.
    static func browser(_ userAgent: String?) -> String {
        let agent = userAgent ?? ""
        // Most browsers also name those that they descend from, so the order matters.
        let browsers = [("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl")]
        let systems = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")]
        let browser = browsers.first { agent.contains($0.0) }?.1
        let system = systems.first { agent.contains($0.0) }?.1
        switch (browser, system) {
        case (let browser?, let system?): return "\(browser) on \(system)"
        case (let browser?, nil): return browser
        case (nil, let system?): return system
        case (nil, nil): return String(agent.prefix { $0 != "/" && $0 != " " }.prefix(40))
        }
    }
}
