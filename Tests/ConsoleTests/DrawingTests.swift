import Testing

@testable import Console

@Suite("Charts and texts")
struct DrawingTests {
    @Test("an axis ends in a round number and has at most five lines", arguments: [0, 1, 4, 5, 9, 72, 100, 101, 4_999, 1_000_000])
    func scale(_ maximum: Int) {
        let scale = Scale(maximum: maximum)
        #expect(scale.top >= maximum && scale.top > 0)
        #expect((2...5).contains(scale.lines.count))
        #expect(scale.lines.last == scale.top)
    }

    @Test("the chart's file carries its own colours, the page's has none inline")
    func standalone() {
        let chart = MinuteChart(startMs: 0, counts: [1, 0, 3])
        let frame = Showroom(text: "main").frame
        #expect(chart.svg(frame).contains("<style>"))
        #expect(!chart.html(frame).source.contains("<style>"))
        #expect(chart.csv == "minute,events\r\n1970-01-01T00:00:00.000Z,1\r\n1970-01-01T00:01:00.000Z,0\r\n1970-01-01T00:02:00.000Z,3\r\n")
    }

    @Test("an hour without events is a chart still")
    func quietHour() {
        let markup = Markup(MinuteChart(startMs: 0, counts: Array(repeating: 0, count: 60)).svg(Showroom(text: "main").frame))
        #expect(markup.faults == [])
        #expect(markup.all("g").count == 60)
    }

    @Test("JSON is indented and every value stays as it was sent")
    func json() {
        #expect(JSONText.pretty(#"{"id":9007199254740993,"price":1.10,"tags":[],"a":{"b":["{,}"]}}"#) == """
            {
              "id": 9007199254740993,
              "price": 1.10,
              "tags": [],
              "a": {
                "b": [
                  "{,}"
                ]
              }
            }
            """)
        #expect(JSONText.pretty(#"{"broken": ["#) == #"{"broken": ["#)
        #expect(JSONText.pretty("}") == "}")
    }

    @Test("what a sender escaped is read in its characters; what would not be seen, or turns the words around it, is an escape")
    func escapes() {
        #expect(JSONText.pretty(#"{"na\u006de":"Zo\u00eb \ud83c\udf75 \u003cb\u003e https:\/\/wren"}"#) == "{\n  \"name\": \"Zoë 🍵 <b> https://wren\"\n}")
        #expect(JSONText.pretty(#"["\u0022 \u005c \" \n \u000a \u0000 \u202egnp \u200d"]"#) == #"["\" \\ \" \n \n \u0000 \u202egnp "#.replacing("[", with: "[\n  ") + "\u{200d}\"\n]")
        #expect(JSONText.pretty("[\"\u{202e}a\u{85}\"]") == #"["\u202ea\u0085"]"#.replacing("[", with: "[\n  ").replacing("]", with: "\n]"))
        #expect(JSONText.pretty(#"["\ud800 \udc00 \ud83cx \u12"]"#).contains(#"\ud800 \udc00 \ud83cx \u12"#))
        #expect(JSONText.plain(#""Zo\u00eb \"x\"""#) == #"Zoë "x""#)
        #expect(JSONText.plain(#""a\nb""#) == nil && JSONText.plain(#""\u202ea""#) == nil && JSONText.plain("12") == nil && JSONText.plain(#""a" "b""#) == nil)
        #expect(JSONValueText(json: #""Zo\u00eb \u003cb\u003e""#).html.source == "<bdi class=\"value\">Zoë &lt;b&gt;</bdi>")
        #expect(JSONValueText(json: #""\u202egnp""#).html.source == #"<code class="value">&quot;\u202egnp&quot;</code>"#)
    }

    @Test("the drawing of an identity shows each pair once")
    func graph() {
        let page = Showroom(text: "main").profile
        let drawing = IdentityGraph(identifiers: page.identifiers.map(\.label), evidence: page.evidence).html(Showroom(text: "main").frame)
        #expect(Markup(drawing.source).all("path").count == 1)
        #expect(Markup(drawing.source).all("rect").count == 2)
    }
}

@Suite("Assets")
struct AssetTests {
    @Test("change their address with their content and are found by it")
    func addresses() {
        for asset in ConsoleAssets.all {
            #expect(ConsoleAssets.asset(at: asset.address)?.name == asset.name)
            #expect(asset.hash.count == 16)
        }
        #expect(ConsoleAssets.asset(at: "/console/assets/console.0.css") == nil)
    }

    @Test("weigh less than 82 KB together, uncompressed")
    func weight() {
        #expect(ConsoleAssets.all.reduce(0) { $0 + $1.source.utf8.count } < 82_000)
    }

    @Test("are balanced: each brace of the stylesheet closes")
    func braces() {
        let text = ConsoleAssets.stylesheet.source
        #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
    }
}
