import Console
import Delivery
import HTTPTypes
import Vocabulary

/// Where images and links of mails lead: signed, so that a link goes where its mail said and nowhere else, and told apart from machines before anything is counted.
struct TrackingRoutes: Sendable {
    let server: MartletServer

    var routes: [Route] {
        [
            Route(.get, "/o/{workspace}/{token}", .open, "The image of a mail, by which it says that it is shown.", answers: .content("image/gif", "One clear pixel.")) { call in
                // A wrong one gets the same image: there is nothing to try out.
                _ = await saw(call, [.open])
                var reply = Reply(type: "image/gif", bytes: Self.pixel)
                Self.guardAgainstStoring(&reply)
                return reply
            },
            Route(
                .get, "/c/{workspace}/{token}", .open, "A link of a mail: on to where the mail said. A link that was not signed here leads nowhere.", [RouteParameter("lang", .text, "en, es or tr.")],
                answers: RouteAnswer.content("text/html", "Nothing more to see, for a link that nobody should follow.").or(status: 303, "On to the page.")
            ) { call in
                var reply: Reply
                if let link = await saw(call, [.click, .trap]) {
                    reply = link.kind == .click ? Reply(redirect: Self.location(link.target)) : Reply(type: "text/plain", bytes: [])
                } else {
                    reply = Reply(html: LinkRefusedPage().render(Visitor(call).frame(workspace: "main")), status: .badRequest)
                    reply.headers[.init("Content-Security-Policy")!] = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
                }
                Self.guardAgainstStoring(&reply)
                return reply
            },
        ]
    }

    static func owns(_ path: String) -> Bool { path.hasPrefix("/o/") || path.hasPrefix("/c/") }

    /// Notes the request before it is answered, unless the person objects to that by now.
    private func saw(_ call: Call, _ kinds: [TrackingLink.Kind]) async -> TrackingLink? {
        guard let place = server.folder.workspace(call.parameter("workspace")), let link = TrackingLink(token: call.parameter("token"), place.secret), kinds.contains(link.kind),
            link.kind != .click || LinkRewriter.isOfTheWeb(link.target)
        else { return nil }
        guard place.permitsTracking(link.profile) else { return link }
        let headers = call.request.headers
        let isPrefetch = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"].contains { name in
            HTTPField.Name(name).flatMap { headers[$0] }?.lowercased().contains("prefetch") == true || HTTPField.Name(name).flatMap { headers[$0] }?.lowercased().contains("preview") == true
        }
        await place.tracking.saw(link, MachineReading.Request(isHead: call.request.method == .head, userAgent: headers[.userAgent] ?? "", isPrefetch: isPrefetch, at: Clock.now()))
        return link
    }

    private static func guardAgainstStoring(_ reply: inout Reply) {
        reply.headers[.cacheControl] = "no-store"
        // The address is a secret of one person: it must not travel on.
        reply.headers[.init("Referrer-Policy")!] = "no-referrer"
        reply.headers[.init("X-Robots-Tag")!] = "noindex"
    }

    /// An address as a header can hold it: what is not ASCII, and no blank, is escaped.
    static func location(_ target: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in target.utf8 {
            if byte > 0x20, byte < 0x7f { out.append(byte) } else { out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static let pixel: [UInt8] = [
        0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00,
        0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00, 0x3b,
    ]
}
