/// The shop's website, under `/shop`: pages rendered here, a basket that lives in the browser, calls to the browser SDK.
///
/// It takes no orders and keeps nothing: whatever happens in it shows up as events, which is what it is for.
/// The pages stand under `default-src 'self'; img-src 'self' data:`: no inline script, style or handler anywhere.
public enum Storefront {
    /// What to answer a GET with.
    public struct Answer: Sendable {
        public let status: Int
        public let contentType: String
        public let body: String
    }

    /// The answer for `path`, pages and assets alike; 404 with a friendly page where there is none.
    ///
    /// - Parameters:
    ///   - path: from `/shop` on, without the query.
    ///   - writeKey: of the demo workspace's website source.
    ///   - host: where the SDK is served and events go, without a slash at the end; empty for this very server.
    ///   - consoleSearch: the console's address up to where an identifier is searched for.
    public static func answer(
        path: String, writeKey: String, host: String, consoleSearch: String = "/w/demo/profiles?q="
    ) -> Answer {
        switch path {
        case "/shop/assets/shop.css": return Answer(status: 200, contentType: "text/css; charset=utf-8", body: stylesheet)
        case "/shop/assets/shop.js": return Answer(status: 200, contentType: "text/javascript; charset=utf-8", body: script)
        default:
            let content = content(of: path)
            let frame = Frame(writeKey: writeKey, host: host, consoleSearch: consoleSearch)
            return Answer(
                status: content.kind == .missing ? 404 : 200, contentType: "text/html; charset=utf-8", body: frame.html(around: content)
            )
        }
    }

    /// The page at `path`; see ``answer(path:writeKey:host:consoleSearch:)``.
    public static func page(path: String, writeKey: String, host: String) -> String {
        answer(path: path, writeKey: writeKey, host: host).body
    }

    /// What stands between a page's head and foot, and what its script needs to know.
    struct Content {
        enum Kind: String {
            case shelf, product, cart, checkout, thanks, signIn = "sign-in", account, missing
        }

        let kind: Kind
        let title: String
        let html: String
        var product: Product?
        var category: Product.Category?
    }

    private static func content(of path: String) -> Content {
        let parts = path.split(separator: "/").dropFirst().map(String.init)
        switch parts.first {
        case nil where path.hasPrefix("/shop"): return shelf(nil)
        case "c" where parts.count == 2:
            return Product.Category.allCases.first { $0.slug == parts[1] }.map(shelf) ?? missing
        case "p" where parts.count == 2: return Catalogue.product(id: parts[1]).map(product) ?? missing
        case "cart" where parts.count == 1: return cart
        case "checkout" where parts.count == 1: return checkout
        case "thanks" where parts.count == 1: return thanks
        case "sign-in" where parts.count == 1: return signIn
        case "account" where parts.count == 1: return account
        default: return missing
        }
    }
}

/// `value` as text or as a quoted attribute of HTML.
func escaped(_ value: String) -> String {
    var result = ""
    for character in value.unicodeScalars {
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.unicodeScalars.append(character)
        }
    }
    return result
}

/// Pence as a customer reads them.
func pounds(_ pence: Int) -> String { "£\(pence / 100).\(padded(pence % 100, to: 2))" }
