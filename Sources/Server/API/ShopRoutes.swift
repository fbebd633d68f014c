import BrowserSDK
import CZlib
import Demo
import HTTPTypes
import Vocabulary

/// The browser SDK, and the demo's storefront.
struct ShopRoutes: Sendable {
    let server: MartletServer
    static let sourceName = "Wren & Daughters shop"

    var routes: [Route] {
        var routes = [Route(.get, "/martlet.js", .open, "The browser SDK.", answers: .content("text/javascript", "The script.").or(status: 304, "The one you have.")) { script($0) }]
        for path in ["/shop", "/shop/{a}", "/shop/{a}/{b}", "/shop/{a}/{b}/{c}"] {
            routes.append(Route(.get, path, .open, "The demo's storefront.", answers: .content("text/html", "A page of the shop.")) { call in try shop(call) })
        }
        return routes
    }

    private static let packed = gzip(BrowserSDK.served)
    private static let tag = "\"" + String(BrowserSDK.served.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36) + "\""

    private func script(_ call: Call) -> Reply {
        let takesGzip = call.request.headers[.acceptEncoding]?.contains("gzip") ?? false
        var reply = Reply(type: "text/javascript; charset=utf-8", bytes: takesGzip ? ShopRoutes.packed : BrowserSDK.served)
        if takesGzip { reply.headers[.contentEncoding] = "gzip" }
        reply.headers[.vary] = "Accept-Encoding"
        reply.headers[.cacheControl] = "public, max-age=3600"
        reply.headers[.eTag] = ShopRoutes.tag
        reply.headers[.accessControlAllowOrigin] = "*"
        if call.request.headers[.ifNoneMatch] == ShopRoutes.tag {
            reply.status = .notModified
            reply.body = .init()
        }
        return reply
    }

    private func shop(_ call: Call) throws -> Reply {
        guard let source = server.folder.workspace("demo")?.sources.source(named: ShopRoutes.sourceName) else {
            throw Refusal(404, "demo.absent", "The demo shop is not here.", remedy: "Start with `martlet serve --demo`, or run `martlet demo`.")
        }
        let path = "/" + call.request.uri.path.split(separator: "/").joined(separator: "/")
        let answer = Storefront.answer(path: path, writeKey: source.writeKey, host: "")
        var reply = Reply(status: HTTPResponse.Status(code: answer.status), type: answer.contentType, bytes: Array(answer.body.utf8))
        reply.headers[.contentSecurityPolicy] = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
        return reply
    }

    private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        guard unsafe martlet_deflate_init(&stream, 9, 31) == Z_OK else { return bytes }
        defer { unsafe deflateEnd(&stream) }
        var input = bytes
        var out = [UInt8](repeating: 0, count: bytes.count + 1024)
        let capacity = out.count
        let left = unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe out.withUnsafeMutableBufferPointer { target -> Int in
                unsafe stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                unsafe stream.next_out = target.baseAddress
                stream.avail_out = UInt32(capacity)
                _ = unsafe deflate(&stream, Z_FINISH)
                return Int(stream.avail_out)
            }
        }
        return Array(out[..<(capacity - left)])
    }
}
