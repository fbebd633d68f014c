extension LivePage.Verdict {
    func title(_ frame: Frame) -> String { frame.say(PhraseKey("verdict.\(rawValue)")) }

    func mark(_ frame: Frame) -> HTML {
        switch self {
        case .accepted: Status(meaning: .good, text: title(frame)).html
        case .duplicate: Status(meaning: .quiet, text: title(frame), icon: .duplicate).html
        case .quarantined: Status(meaning: .caution, text: title(frame), icon: .quarantine).html
        }
    }
}

extension LivePage.Row {
    /// One table row; `live.js` builds the same one from a message of the stream.
    func html(_ frame: Frame) -> HTML {
        """
        <tr data-position="\(position)">\
        <td data-label="\(frame.say("column.time"))">\(frame.clock(receivedAtMs))</td>\
        <td data-label="\(frame.say("column.event"))"><span class="call" title="\(type)">\(Icon.forCall(type).html)<bdi>\(event ?? type)</bdi></span></td>\
        <td data-label="\(frame.say("column.person"))">\(personLink(frame))</td>\
        <td data-label="\(frame.say("column.summary"))" class="summary"><bdi>\(summary)</bdi></td>\
        <td data-label="\(frame.say("column.source"))"><bdi title="\(source)">\(source)</bdi></td>\
        <td data-label="\(frame.say("column.verdict"))">\(verdictLink(frame))</td></tr>
        """
    }

    private func personLink(_ frame: Frame) -> HTML {
        guard let person else { return "<span class=\"quiet\">–</span>" }
        guard let profileID else { return "<bdi>\(person)</bdi>" }
        return "<a href=\"/w/\(frame.workspace)/profiles/\(profileID)\"><bdi>\(person)</bdi></a>"
    }

    private func verdictLink(_ frame: Frame) -> HTML {
        guard verdict == .quarantined else { return verdict.mark(frame) }
        return "<a href=\"/w/\(frame.workspace)/quarantine\">\(verdict.mark(frame))</a>"
    }
}
