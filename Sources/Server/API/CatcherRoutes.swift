import Access
import HTTPTypes
import Mail
import Vocabulary

/// Mail that the catcher of this Martlet keeps, as far as it is of the caller's workspace.
struct CatcherRoutes: Sendable {
    let server: MartletServer

    private static let head: Members = [
        "number": .integer, "at": .time, "from": .text, "to": .list(.text), "subject": .text, "size": .integer,
    ]

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/mail-catcher", .scope(.channelsRead), "Mail that was caught, the newest first. Kept in memory alone.", [RouteParameter("limit", .integer(1...500), "How many at most; 100 unless told.")],
                answers: .json(.object(["port": .described("Where it listens on this machine; null while it does not.", .orNull(.integer)), "mails": .list(.object(Self.head))]))
            ) { call in
                let mails = server.catcher.list(limit: 500).filter { CaughtMail($0).belongs(to: call.workspace?.name ?? "") }.prefix(try call.integer("limit", in: 1...500, default: 100))
                return Reply { w in
                    w.object { w in
                        if let port = server.catcher.port { w.member("port", port) } else { w.key("port"); w.null() }
                        w.key("mails")
                        w.array { w in for mail in mails { w.object { Self.write(CaughtMail(mail), &$0) } } }
                    }
                }
            },
            Route(
                .get, "/api/v1/mail-catcher/{number}", .scope(.channelsRead), "A mail that was caught, read and as it came.",
                answers: .json(.object(Members(list: Self.head.list + [
                    ("headers", .list(.object(["name": .text, "value": .text]))), ("text", .orNull(.text)), ("html", .orNull(.text)),
                    ("attachments", CaughtMail.files), ("raw", .described("In base64, since it may hold any bytes.", .text)),
                ])))
            ) { call in
                guard let caught = CaughtMail.find(call.parameter("number"), in: server.catcher, workspace: call.workspace?.name ?? "") else { throw AdminRoutes.unknown }
                return Reply { w in
                    w.object { w in
                        Self.write(caught, &w)
                        w.key("headers")
                        w.array { w in for field in caught.message.fields { w.object { $0.member("name", field.name); $0.member("value", EncodedWords.decode(field.value)) } } }
                        w.member("text", caught.text)
                        w.member("html", caught.html)
                        CaughtMail.write(caught.attachments, &w)
                        w.member("raw", Mail.Base64.encode(caught.mail.bytes))
                    }
                }
            },
            Route(.delete, "/api/v1/mail-catcher", .scope(.channelsWrite), "Forget every mail that was caught.", answers: .json(.success)) { _ in
                server.catcher.clear()
                return Reply { w in w.object { $0.member("success", true) } }
            },
        ]
    }

    private static func write(_ caught: CaughtMail, _ w: inout JSONWriter) {
        w.member("number", caught.mail.number)
        w.member("at", caught.mail.at)
        w.member("from", caught.from)
        w.key("to")
        w.array { w in for recipient in caught.mail.recipients { w.string(recipient) } }
        w.member("subject", caught.subject)
        w.member("size", caught.mail.bytes.count)
    }
}

/// A mail of the catcher, read.
struct CaughtMail: Sendable {
    let mail: MailCatcher.Caught
    let message: MIMEPart

    init(_ mail: MailCatcher.Caught) {
        self.mail = mail
        message = MIMEPart(mail.bytes)
    }

    /// Files of a mail, without what they hold.
    static let files = Shape.list(.object(["name": .text, "type": .text, "bytes": .integer]))

    static func write(_ files: [(name: String, type: String, bytes: Int)], _ w: inout JSONWriter) {
        w.key("attachments")
        w.array { w in
            for file in files {
                w.object { w in
                    w.member("name", file.name)
                    w.member("type", file.type)
                    w.member("bytes", file.bytes)
                }
            }
        }
    }

    static func find(_ number: String, in catcher: MailCatcher, workspace: String) -> CaughtMail? {
        guard let number = Int(number), let mail = catcher.find(number) else { return nil }
        let caught = CaughtMail(mail)
        return caught.belongs(to: workspace) ? caught : nil
    }

    /// Mail of Martlet names its workspace in its Feedback-ID; mail of other programs is everybody's.
    func belongs(to workspace: String) -> Bool {
        let parts = (message.field("feedback-id") ?? "").split(separator: ":", omittingEmptySubsequences: false)
        return parts.count < 4 || parts[parts.count - 1] != "martlet" || parts[parts.count - 3] == workspace
    }

    var subject: String { EncodedWords.decode(message.field("subject") ?? "") }
    var from: String { EncodedWords.decode(message.field("from") ?? mail.sender) }
    private func part(_ type: String) -> String? { message.all.first { $0.type == type && $0.parts.isEmpty && $0.fileName == nil }?.text }
    var attachments: [(name: String, type: String, bytes: Int)] { message.all.compactMap { part in part.fileName.map { ($0, part.type, part.content.count) } } }
    var text: String? { part("text/plain") }
    var html: String? { part("text/html") }
}
