/// Who builds on something: segments that name it, and journeys under way that rest on it.
struct UsersPanel {
    var users: [SegmentPage.Link]
    /// What is said where there are none.
    var empty: PhraseKey

    func html(_ frame: Frame) -> HTML {
        let items = users.map { user -> HTML in
            let (section, icon) = user.isJourney ? (Section.journeys, Icon.journeys) : (.segments, .segments)
            let address = "\(section.address(in: frame.workspace))/\(Address.encoded(user.id))"
            return "<li><a href=\"\(address)\"><span class=\"icon-tile\">\(icon.html)</span><bdi class=\"grow\">\(user.name)</bdi></a></li>"
        }
        let list: HTML = items.isEmpty ? "<p class=\"quiet pad\">\(frame.say(empty))</p>" : "<ul class=\"list\">\(items)</ul>"
        return """
            <section class="panel" aria-labelledby="users-title"><div class="panel-head"><h2 id="users-title">\(frame.say("segment.users"))</h2></div>\(list)</section>
            """
    }
}

extension [SegmentPage.Link] {
    /// Why what they build on cannot be deleted, as a consequence of deleting it; none where nobody does.
    func hindrance(_ frame: Frame) -> [String] { isEmpty ? [] : [frame.say("users.delete", ["names": prefix(5).map(\.name).joined(separator: ", ")])] }
}
