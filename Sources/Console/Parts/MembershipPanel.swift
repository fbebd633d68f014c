/// One membership in a table: of a person, or of an account.
public struct MembershipRow: Sendable {
    public var name: String
    /// Of the person's or the account's page.
    public var address: String
    public var roles: [String]
    public var fromMs: Int64
    /// Nil while it lasts.
    public var toMs: Int64?
    public init(name: String, address: String, roles: [String], fromMs: Int64, toMs: Int64?) {
        (self.name, self.address, self.roles, self.fromMs, self.toMs) = (name, address, roles, fromMs, toMs)
    }
}

/// Memberships as bars over time, with the table behind them.
struct MembershipPanel {
    /// Tells several of one page apart.
    var id = "memberships"
    var title: String
    var empty: String
    /// What a row is: a person or an account.
    var subject: String
    var rows: [MembershipRow]
    /// Of the next page.
    var next: String?

    func html(_ frame: Frame) -> HTML {
        let chart = MembershipChart(bars: rows.map { .init(label: $0.name, roles: $0.roles.joined(separator: ", "), fromMs: $0.fromMs, toMs: $0.toMs) }, title: title)
        let table = Table(
            caption: title,
            columns: [
                .init(title: subject, isWide: true), .init(title: frame.say("account.roles")), .init(title: frame.say("account.from")), .init(title: frame.say("account.to")),
            ],
            rows: rows.map { row in
                [
                    "<a href=\"\(row.address)\"><bdi>\(row.name)</bdi></a>", "<span class=\"chips\">\(row.roles.map { role -> HTML in "<span class=\"chip\"><bdi>\(role)</bdi></span>" })</span>",
                    frame.time(row.fromMs), frame.time(row.toMs, otherwise: "account.lasts"),
                ]
            })
        let content: HTML = rows.isEmpty ? "<p class=\"quiet pad\">\(empty)</p>" : "\(chart.html(frame))\(table.html)\(NextLink(address: next).html(frame))"
        return """
            <section class="panel chart memberships" aria-labelledby="\(id)-title"><div class="panel-head"><h2 id="\(id)-title">\(title)</h2></div>\(content)</section>
            """
    }
}
