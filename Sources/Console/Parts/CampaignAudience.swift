/// How many a campaign would reach, as of now.
public struct CampaignAudience: Sendable {
    public var segment: String, channel: String, purpose: String
    public var segmentID: String
    public var people: Int
    /// How many of 10,000 only count.
    public var holdout: Int
    /// Of how many it was asked whether the channel reaches them, of how many it does, and who agreed.
    public var asked: Int, withAddress: Int, agreed: Int
    /// Of 10,000; nil where everyone gets it at once.
    public var canaries: Int?
    /// How long everyone else waits for the canaries.
    public var waitMinutes: Int
    public var perMinute: Int?

    public init(segment: String, segmentID: String, channel: String, purpose: String, people: Int, holdout: Int, asked: Int, withAddress: Int, agreed: Int, canaries: Int?, waitMinutes: Int, perMinute: Int?) {
        (self.segment, self.segmentID, self.channel, self.purpose, self.people, self.holdout) = (segment, segmentID, channel, purpose, people, holdout)
        (self.asked, self.withAddress, self.agreed, self.canaries, self.waitMinutes, self.perMinute) = (asked, withAddress, agreed, canaries, waitMinutes, perMinute)
    }

    private var heldOut: Int { people * holdout / 10_000 }
    private var walking: Int { people - heldOut }
    private var reached: Int { asked == 0 ? 0 : Int((Double(walking) * Double(agreed) / Double(asked)).rounded()) }

    func html(_ frame: Frame) -> HTML {
        let whole: HTML = "<a class=\"tile\" href=\"\(Section.segments.address(in: frame.workspace))/\(segmentID)\"><span>\(frame.say("campaign.in-segment"))</span><strong>\(frame.number(people))</strong></a>"
        let tiles: [(PhraseKey, Int, Bool)] = [("campaign.held-out", heldOut, false), ("campaign.reached", reached, asked == people && holdout == 0)]
        let shown = tiles.map { key, count, isExact -> HTML in "<div class=\"tile\"><span>\(frame.say(key))</span><strong>\(isExact || count == 0 ? frame.number(count) : frame.say("campaign.about", ["count": frame.number(count)]))</strong></div>" }
        var sentences: [String] = []
        if people == 0 { sentences.append(frame.say("campaign.nobody", ["segment": segment])) } else {
            sentences.append(frame.say(asked < people ? "campaign.asked-some" : "campaign.asked-all", ["asked": frame.number(asked), "people": frame.number(people), "address": frame.number(withAddress), "agreed": frame.number(agreed), "channel": channel, "purpose": purpose]))
        }
        if let canaries, people > 0 { sentences.append(frame.say("campaign.canaries-first", count: max(1, people * canaries / 10_000))) }
        if let perMinute, people > perMinute { sentences.append(frame.say("campaign.takes", ["minutes": frame.number((people + perMinute - 1) / perMinute + (canaries == nil ? 0 : waitMinutes))])) }
        return """
            <section class="audience" aria-labelledby="audience-title"><h2 id="audience-title">\(frame.say("campaign.audience"))</h2><div class="tiles">\(whole)\(shown)</div>\
            <ul class="help">\(sentences.map { sentence -> HTML in "<li>\(sentence)</li>" })</ul></section>
            """
    }
}
