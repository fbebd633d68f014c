/// The browser SDK, `/martlet.js`: the script that a web page loads to send events to this server.
///
/// ``source`` is what we maintain, with its comments; ``served`` is the same program without them.
public enum BrowserSDK {
    /// The whole program as written. The parts share one function scope, so their order is the order of the file.
    public static let source: String = [
        Script.opening, Script.storage, Script.identity, Script.page, Script.delivery, Script.calls, Script.start,
    ].joined(separator: "\n")

    /// The bytes to answer `GET /martlet.js` with: UTF-8, under 6 KB once compressed with gzip.
    public static let served: [UInt8] = Array((banner + stripped(source)).utf8)

    /// The few lines a page carries in its head; calls made before the script arrives are kept and replayed.
    ///
    /// - Parameters:
    ///   - host: where this server is seen from the page, such as `https://data.wren.example`, without a slash at the end.
    ///   - writeKey: of the source that the page belongs to. Write keys are public; they open nothing but ingestion.
    public static func snippet(host: String, writeKey: String) -> String {
        Script.snippet
            .split(separator: "HOST", omittingEmptySubsequences: false).joined(separator: scriptText(host))
            .split(separator: "WRITE_KEY", omittingEmptySubsequences: false).joined(separator: scriptText(writeKey))
    }

    /// Removes what only a reader needs: lines that are a comment, indentation and empty lines.
    ///
    /// It knows no JavaScript, so the source keeps three promises that a test checks: a comment has a line of its own,
    /// there are no block comments, and no text or template runs over a line's end.
    static func stripped(_ source: String) -> String {
        var result = ""
        for line in source.split(separator: "\n") {
            let code = line.drop { $0 == " " }
            if code.isEmpty || code.hasPrefix("//") { continue }
            result += code
            result += "\n"
        }
        return result
    }

    private static let banner = "// martlet.js: sends this page's events to the shop's own Martlet server. Its readable source is in the repository.\n"

    /// `value` for use inside a JavaScript text in an inline script: neither a quote nor a tag can end it.
    private static func scriptText(_ value: String) -> String {
        String(value.filter { $0.isASCII && ($0.isLetter || $0.isNumber || ":/.-_[]".contains($0)) })
    }
}

/// Holds the parts of the script; each part is in a file of its own, so that each can be read by itself.
enum Script {}
