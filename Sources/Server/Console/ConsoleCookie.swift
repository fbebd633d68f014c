import Access
import Console
import HTTPTypes

/// A cookie of the console. All are HttpOnly and SameSite=Strict, and Secure where there is TLS: no script reads one, no other site sends one.
struct ConsoleCookie: Sendable {
    static let languageName = "martlet_lang"
    static let themeName = "martlet_theme"
    static let noticeName = "martlet_notice"

    /// `__Host-` has browsers refuse the cookie unless it came over TLS, from this very host, for the whole of it.
    static func sessionName(isSecure: Bool) -> String { isSecure ? "__Host-martlet" : "martlet" }

    let name: String
    let value: String
    /// Seconds; nil for as long as the browser is open, 0 to remove it.
    var maximumAge: Int?
    let isSecure: Bool

    static func session(_ session: Sessions.Session?, isSecure: Bool) -> ConsoleCookie {
        ConsoleCookie(name: sessionName(isSecure: isSecure), value: session?.id ?? "", maximumAge: session == nil ? 0 : nil, isSecure: isSecure)
    }

    /// What the next page says about the action before it; nil once it has.
    static func notice(_ action: Frame.Notice.Action?, isSecure: Bool) -> ConsoleCookie {
        ConsoleCookie(name: noticeName, value: action?.rawValue ?? "", maximumAge: action == nil ? 0 : 60, isSecure: isSecure)
    }

    static func preference(_ name: String, _ value: String, isSecure: Bool) -> ConsoleCookie {
        ConsoleCookie(name: name, value: value, maximumAge: 365 * 86_400, isSecure: isSecure)
    }

    var header: String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "") + (maximumAge.map { "; Max-Age=\($0)" } ?? "")
    }
}

extension Reply {
    mutating func setCookie(_ cookie: ConsoleCookie) { headers.append(HTTPField(name: .setCookie, value: cookie.header)) }
}
