public import Mail
public import Vocabulary

/// Who a workspace's mail comes from, and which server takes it. Passwords and keys are no part of it: see ``EmailStore``.
public struct EmailSettings: Sendable, Hashable {
    public var fromName = ""
    public var fromAddress = ""
    public var replyTo = ""
    /// A server's name; `catcher` for the mail catcher of this Martlet.
    public var host = ""
    public var port = 587
    public var security = SMTPSettings.Security.starttls
    public var user = ""
    /// PEM certificates that are trusted beside the system's.
    public var authority = ""
    public var connections = 8
    /// Where mail that cannot be delivered comes back to; each message adds `+` and its own mark before the @. Empty where bounces come back otherwise.
    public var bounceAddress = ""
    /// Whose signature the mail bears; empty for the domain of the address that it comes from.
    public var dkimDomain = ""
    /// Whether mail is signed here; not where the server that takes it signs.
    public var signs = true
    /// Under every mail, as the law of many countries has it.
    public var postalAddress = ""
    public var tracksOpens = true
    public var tracksClicks = true
    var isTracking: Bool { tracksOpens || tracksClicks }
    /// After how many soft bounces in a row an address rests, and for how long.
    public var softBounceMaximum = 4
    public var restHours = 72
    /// More complaints than so many of a thousand mails hold back what needs consent; 0 for never.
    public var complaintsPerMille = 1
    /// The day on which a new sender begins to warm up, as 2026-05-04; empty where it does not.
    public var warmUpFrom = ""
    /// How much mail that needs consent goes on that day; each day after it half as much again.
    public var warmUpFirst = 500
    /// Whether a large campaign starts only where DNS does not deny that its mail can be believed.
    public var requiresRecords = true

    public init() {}

    public static let catcher = "catcher"
    public static let textMaximum = 1000

    /// What is wrong with them; nil where nothing is.
    public var fault: Explanation? {
        func explain(_ code: String, _ problem: String, _ remedy: String) -> Explanation { Explanation(code: "email.\(code)", problem: problem, remedy: remedy) }
        for text in [fromName, replyTo, host, user, bounceAddress, dkimDomain, postalAddress] where text.utf8.count > EmailSettings.textMaximum {
            return explain("too-long", "A text is longer than \(EmailSettings.textMaximum) bytes.", "Shorten it.")
        }
        for (name, text, isNeeded) in [("from", fromAddress, true), ("replyTo", replyTo, false), ("bounceAddress", bounceAddress, false)] where isNeeded || !text.isEmpty {
            guard let address = try? MailAddress(text) else { return explain("address", "`\(name)` is not an address.", "Write it as shop@example.com.") }
            // Every server on the way would have to know of it, whoever the mail is for.
            guard !address.needsUTF8 else { return explain("address", "`\(name)` has letters beyond ASCII before the @.", "Use an address that every server takes.") }
        }
        // A mark of 56 bytes must fit before the @.
        if let bounce = try? MailAddress(bounceAddress), bounce.local.utf8.count > 8 || bounce.needsUTF8 {
            return explain("bounce-address", "What stands before the @ of `bounceAddress` is longer than 8 bytes, or not ASCII.", "Use a short one, such as b@bounces.example.com.")
        }
        if !dkimDomain.isEmpty, DomainName.ascii(dkimDomain) == nil { return explain("dkim-domain", "`dkimDomain` is not the name of a domain.", "Write it as example.com.") }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return explain("host", "`host` is not the name of a server.", "Name your mail server, or `catcher` to try things out.") }
        guard (1...65_535).contains(port) else { return explain("port", "`port` is not from 1 to 65535.", "Mail servers listen on 587 (STARTTLS), 465 (TLS) or 25.") }
        guard (1...64).contains(connections) else { return explain("connections", "`connections` is not from 1 to 64.", "Use 8 unless the server wants fewer.") }
        guard (1...100).contains(softBounceMaximum), (1...8760).contains(restHours) else { return explain("soft-bounces", "`softBounceMaximum` is not from 1 to 100, or `restHours` not from 1 to 8760.", "Use 4 and 72.") }
        guard (0...1000).contains(complaintsPerMille) else { return explain("complaints", "`complaintsPerMille` is not from 0 to 1000.", "Use 1: large providers ask for less than one complaint in a thousand mails.") }
        guard warmUpFrom.isEmpty || EmailSettings.isDay(warmUpFrom), (1...1_000_000).contains(warmUpFirst) else {
            return explain("warm-up", "`warmUpFrom` is no day such as 2026-05-04, or `warmUpFirst` not from 1 to 1000000.", "Name the first day and how much mail goes on it; an empty `warmUpFrom` ends the warming up.")
        }
        guard user.isEmpty || security == .tls || security == .starttls || host == "localhost" || host.hasPrefix("127.") else {
            return explain("clear-password", "The password would go over the net in the clear.", "Choose `tls` or `starttls`.")
        }
        if !authority.isEmpty {
            var smtp = SMTPSettings(host: host, port: port, security: .tls)
            smtp.authority = authority
            guard authority.utf8.count <= 100_000, (try? SMTPSender(smtp)) != nil else { return explain("authority", "`authority` holds no certificate in PEM.", "Paste the text between BEGIN CERTIFICATE and END CERTIFICATE with these lines.") }
        }
        return nil
    }

    // MARK: - As JSON

    /// Every member, in one order; also what the API shows.
    public func write(_ w: inout JSONWriter) {
        w.key("from")
        w.object { $0.member("name", fromName); $0.member("address", fromAddress) }
        for (key, text) in [("replyTo", replyTo), ("host", host)] { w.member(key, text) }
        w.member("port", port)
        w.member("security", security.rawValue)
        for (key, text) in [("user", user), ("authority", authority)] { w.member(key, text) }
        w.member("connections", connections)
        for (key, text) in [("bounceAddress", bounceAddress), ("dkimDomain", dkimDomain), ("postalAddress", postalAddress)] { w.member(key, text) }
        w.member("signs", signs)
        w.member("tracksOpens", tracksOpens)
        w.member("tracksClicks", tracksClicks)
        w.member("softBounceMaximum", softBounceMaximum)
        w.member("restHours", restHours)
        w.member("complaintsPerMille", complaintsPerMille)
        w.member("warmUpFrom", warmUpFrom)
        w.member("warmUpFirst", warmUpFirst)
        w.member("requiresRecords", requiresRecords)
    }

    /// These settings with what an object says otherwise.
    ///
    /// - Throws: ``Refusal`` for a member that is of the wrong kind or unknown.
    public func changed(by json: JSONText) throws -> EmailSettings {
        var settings = self
        func wrong(_ key: String, _ kind: String) -> Refusal { Refusal(400, "request.parameter", "`\(key)` must be \(kind).", remedy: "Correct the body.") }
        func text(_ key: String, _ value: JSONText) throws -> String {
            guard let text = value.string else { throw wrong(key, "a text") }
            return text
        }
        func number(_ key: String, _ value: JSONText) throws -> Int {
            guard let number = value.integer.flatMap({ Int(exactly: $0) }) else { throw wrong(key, "a whole number") }
            return number
        }
        func switched(_ key: String, _ value: JSONText) throws -> Bool {
            guard let isOn = value.boolean else { throw wrong(key, "true or false") }
            return isOn
        }
        for (key, value) in json.members {
            switch key {
            case "from":
                guard value.isObject else { throw wrong(key, "an object with name and address") }
                for (part, value) in value.members {
                    switch part {
                    case "name": settings.fromName = try text("from.name", value)
                    case "address": settings.fromAddress = try text("from.address", value)
                    default: throw wrong("from", "an object with name and address")
                    }
                }
            case "replyTo": settings.replyTo = try text(key, value)
            case "host": settings.host = try text(key, value)
            case "port": settings.port = try number(key, value)
            case "security":
                guard let security = value.string.flatMap(SMTPSettings.Security.init) else { throw wrong(key, "one of \(SMTPSettings.Security.allCases.map(\.rawValue).joined(separator: ", "))") }
                settings.security = security
            case "user": settings.user = try text(key, value)
            case "authority": settings.authority = try text(key, value)
            case "connections": settings.connections = try number(key, value)
            case "bounceAddress": settings.bounceAddress = try text(key, value)
            case "dkimDomain": settings.dkimDomain = try text(key, value)
            case "postalAddress": settings.postalAddress = try text(key, value)
            case "signs": settings.signs = try switched(key, value)
            case "tracksOpens": settings.tracksOpens = try switched(key, value)
            case "tracksClicks": settings.tracksClicks = try switched(key, value)
            case "softBounceMaximum": settings.softBounceMaximum = try number(key, value)
            case "restHours": settings.restHours = try number(key, value)
            case "complaintsPerMille": settings.complaintsPerMille = try number(key, value)
            case "warmUpFrom": settings.warmUpFrom = try text(key, value)
            case "warmUpFirst": settings.warmUpFirst = try number(key, value)
            case "requiresRecords": settings.requiresRecords = try switched(key, value)
            default: throw Refusal(400, "request.parameter", "There is no setting `\(key.prefix(60))`.", remedy: "Correct the body.")
            }
        }
        return settings
    }

    /// Whether a text is a day as 2026-05-04.
    private static func isDay(_ text: String) -> Bool { text.utf8.count == 10 && text.utf8.enumerated().allSatisfy { [4, 7].contains($0.offset) ? $0.element == 0x2d : $0.element >= 0x30 && $0.element <= 0x39 } && Timestamp(text) != nil }
}
