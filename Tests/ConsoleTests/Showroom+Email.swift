@testable import Console

extension Showroom {
    /// How e-mail is sent and what was caught, with `text` wherever a value is shown.
    var emailPages: [(name: String, html: String)] {
        let values = Dictionary(uniqueKeysWithValues: ["fromName", "fromAddress", "replyTo", "bounceAddress", "postalAddress", "host", "port", "user", "dkimDomain", "connections", "authority"].map { ($0, text) })
        let records = ["spf", "dkim", "dmarc", "bounce"].map { EmailPage.Record(purpose: $0, name: text, type: "TXT", value: text) }
        let looked = zip(EmailPage.states, ["spf", "dkim", "dmarc", "bounce"]).map { EmailPage.Record(purpose: $1, name: text, type: "TXT", value: text, state: $0, there: [text, text]) }
        func page(_ checked: (atMs: Int64, isStale: Bool, isAligned: Bool)) -> String {
            var page = EmailPage(values: values, isSetUp: true, records: looked)
            page.checked = checked
            return page.render(frame)
        }
        let caught = CaughtPage(
            number: 7, atMs: 0, subject: text, from: text, to: text, text: text, frameAddress: "/w/x/catcher/7/frame", headers: [(name: text, value: text)], raw: text)
        let plain = CaughtPage(number: 7, atMs: 0, subject: "", from: text, to: text, text: text, frameAddress: nil, headers: [], raw: text)
        return [
            ("e-mail, new", EmailPage(values: [:], problem: problem).render(frame)),
            ("e-mail", EmailPage(values: values, hasPassword: true, isSetUp: true, records: records, bounceAddress: text, tried: .accepted(text)).render(frame)),
            ("e-mail, looked up", page((0, false, false))), ("e-mail, looked up before", page((0, true, true))),
            ("suppressions", SuppressionsPage(value: text, problem: problem).render(frame)),
            ("suppressions, found", SuppressionsPage(value: text, found: .init(keptOutMs: Self.now, isAddress: true, stop: .init(reason: "bounced", atMs: Self.now))).render(frame)),
            ("e-mail, failed", EmailPage(values: values, isSetUp: true, records: records, tried: .failed(text)).render(frame)),
            ("catcher", CatcherPage(rows: [.init(number: 7, atMs: 0, to: text, subject: text), .init(number: 6, atMs: 0, to: text, subject: "")], port: 2525).render(frame)),
            ("catcher, empty", CatcherPage(rows: [], port: 2525, holdouts: [(text, text, 500)]).render(frame)), ("catcher, off", CatcherPage(rows: [], port: nil).render(frame)),
            ("caught", caught.render(frame)), ("caught, text", plain.render(frame)),
        ]
    }
}
