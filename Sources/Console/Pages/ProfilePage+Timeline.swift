extension ProfilePage {
    /// What the person did, by day, each event open to its JSON.
    func timelinePanel(_ frame: Frame) -> HTML {
        let content: HTML =
            timeline.isEmpty
            ? "<p class=\"quiet pad\">\(frame.say("profile.no-events"))</p>" : "\(days(frame).map { day($0, frame) })"
        let more = nextEvents.map { cursor in
            Address.with(
                "/w/\(Address.encoded(frame.workspace))/profiles/\(Address.encoded(id))",
                [("as_of", asOfMs.map(String.init)), ("after", cursor)])
        }
        return """
            <section class="panel timeline" aria-labelledby="timeline-title"><div class="panel-head"><h2 id="timeline-title">\
            \(frame.say("profile.timeline"))</h2><span class="quiet">\(frame.say("profile.events", count: events))</span></div>
            \(content)\(NextLink(address: more).html(frame))</section>
            """
    }

    private func days(_ frame: Frame) -> [[TimelineEvent]] {
        var days: [[TimelineEvent]] = []
        for event in timeline {
            let day = frame.local(event.timestampMs).dayNumber
            if let last = days.last?.last, frame.local(last.timestampMs).dayNumber == day {
                days[days.count - 1].append(event)
            } else {
                days.append([event])
            }
        }
        return days
    }

    private func day(_ events: [TimelineEvent], _ frame: Frame) -> HTML {
        let instant = events[0].timestampMs
        let daysAgo = frame.local(frame.nowMs).dayNumber - frame.local(instant).dayNumber
        let title =
            switch daysAgo {
            case 0: frame.say("time.today")
            case 1: frame.say("time.yesterday")
            default: frame.date(instant)
            }
        return "<h3 class=\"day\">\(title)</h3><ol class=\"events\">\(events.map { item($0, frame) })</ol>"
    }

    private func item(_ event: TimelineEvent, _ frame: Frame) -> HTML {
        // An event may arrive long after it happened; only then is the second time worth a line.
        let isLate = event.receivedAtMs > event.timestampMs.addingReportingOverflow(60_000).partialValue
        let late: HTML = isLate ? "<p class=\"quiet\">\(frame.say("profile.received", ["time": frame.exact(event.receivedAtMs)]))</p>" : .none
        let deliveries = Section.deliveries.address(in: frame.workspace)
        let address = event.messageKey.map { "\(deliveries)/\(Address.encoded($0))" }
        let message: HTML = address.map { address -> HTML in " · <a href=\"\(address)\">\(frame.say("profile.message"))</a>" } ?? .none
        return """
            <li class="event \(event.type)"><span class="dot">\(Icon.forCall(event.type).html)</span><details>\
            <summary><span class="event-name"><bdi>\(event.name ?? event.type)</bdi></span> <span class="event-summary"><bdi>\(event.summary)</bdi></span>\
            <span class="quiet event-time">\(frame.clock(event.timestampMs))</span></summary>\
            <p class="quiet"><bdi>\(event.source)</bdi> · \(event.type) · \(frame.exact(event.timestampMs))\(message)</p>\(late)\
            \(CodeBlock(code: JSONText.pretty(event.json)).html(frame))</details></li>
            """
    }
}
