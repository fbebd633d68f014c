import Foundation
import Testing

@testable import BrowserSDK

@Suite("The browser SDK as it is served")
struct BrowserSDKTests {
    @Test("it is smaller than 6 KB once compressed")
    func size() throws {
        let gzip = Process()
        let (input, output) = (Pipe(), Pipe())
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-6", "-c"]
        (gzip.standardInput, gzip.standardOutput) = (input, output)
        try gzip.run()
        // The whole script fits into the pipe's buffer of 64 KB, so writing before reading cannot block.
        try #require(BrowserSDK.served.count < 60_000)
        try input.fileHandleForWriting.write(contentsOf: Data(BrowserSDK.served))
        try input.fileHandleForWriting.close()
        let compressed = try output.fileHandleForReading.readToEnd() ?? Data()
        gzip.waitUntilExit()
        #expect(gzip.terminationStatus == 0)
        #expect(compressed.count < 6 * 1024, "\(compressed.count) bytes")
        #expect(compressed.count > 1000)
    }

    @Test("the source keeps what the stripper relies on")
    func sourceKeepsItsPromises() {
        for line in BrowserSDK.source.split(separator: "\n") {
            let code = line.drop { $0 == " " }
            guard !code.hasPrefix("//") else { continue }
            #expect(!code.contains("/*") && !code.contains("`"), "\(line)")
            // An address in a text has a colon before its slashes.
            #expect(code.replacing("://", with: "").contains("//") == false, "a comment has a line of its own: \(line)")
            #expect(!code.hasSuffix("\\"), "no text runs over a line's end: \(line)")
        }
    }

    @Test("only comments and blanks are gone")
    func stripping() {
        #expect(BrowserSDK.stripped("  a(); \n\n  // why\n    b();\n") == "a(); \nb();\n")
        let text = String(decoding: BrowserSDK.served, as: UTF8.self)
        #expect(text.split(separator: "\n").dropFirst().allSatisfy { !$0.hasPrefix("//") })
        #expect(text.contains("window.analytics = api;"))
    }

    @Test("the snippet carries host and key, and neither can end the script it stands in")
    func snippet() {
        let good = BrowserSDK.snippet(host: "https://data.wren.example", writeKey: "wk_1")
        #expect(good.contains("https://data.wren.example/martlet.js") && good.contains("a.load(\"wk_1\""))
        let hostile = BrowserSDK.snippet(host: "\"</script><b>", writeKey: "\");alert(1)//")
        #expect(hostile.ranges(of: "</script>").count == 1 && !hostile.contains("alert(1)"))
    }
}
