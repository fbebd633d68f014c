/// One computed trait: what it measures, how its values lie, and which segments ask for it.
public struct ComputedTraitPage: ConsolePage {
    public var id: String
    public var name: String
    public var note: String
    /// The measure in the reader's language, and as it is written.
    public var sentence: String, text: String
    public var zone: String
    public var savedAtMs: Int64
    public var chart: ValueChart
    /// The segments whose conditions ask for it.
    public var users: [SegmentPage.Link]

    public init(
        id: String, name: String, note: String, sentence: String, text: String, zone: String, savedAtMs: Int64, chart: ValueChart, users: [SegmentPage.Link]
    ) {
        (self.id, self.name, self.note, self.sentence, self.text) = (id, name, note, sentence, text)
        (self.zone, self.savedAtMs, self.chart, self.users) = (zone, savedAtMs, chart, users)
    }

    public func render(_ frame: Frame) -> String {
        let list = Section.computed.address(in: frame.workspace)
        let address = list + "/" + Address.encoded(id)
        let api = APICall(path: "/api/v1/computed-traits/\(Address.encoded(id))", host: frame.host).drawer(frame)
        let deletion = deletion(frame, address)
        let head = PageHead(
            title: name, sentence: "<bdi>\(sentence)</bdi>",
            actions: "\(api.opener(frame))<a class=\"button\" href=\"\(address)/edit\">\(frame.say("segment.edit"))</a>\(deletion.opener)",
            parent: (frame.say(Section.computed.title), list))
        let body: HTML = """
            \(head.html)\(note.isEmpty ? .none : "<p class=\"lines\"><bdi>\(note)</bdi></p>")
            \(CodeBlock(code: text).html(frame))
            <div class="tiles">\(chart.tiles(frame))\
            <div class="tile"><span>\(frame.say("segment.zone"))</span><strong class="small">\(zone)</strong></div>\
            <div class="tile"><span>\(frame.say("column.saved"))</span><strong class="small">\(frame.time(savedAtMs))</strong></div>\
            <div class="tile"><span>\(frame.say("segment.handle"))</span><strong class="small"><code>computed.\(name)</code></strong></div></div>
            \(chart.html(frame))\(UsersPanel(users: users, empty: "computed.no-users").html(frame))
            \(api.html(frame))\(deletion.html(frame))
            """
        return Shell(title: name, section: .computed).document(frame, body)
    }

    private func deletion(_ frame: Frame, _ address: String) -> Confirmation {
        return Confirmation(
            id: "delete", title: frame.say("segment.delete-title", ["name": name]), button: frame.say("action.delete"),
            consequences: users.hindrance(frame) + [frame.say("computed.delete-readers"), frame.say("segment.delete-people")],
            typed: name, action: address + "/delete", submit: frame.say("computed.delete-submit"))
    }
}
