/// Why a campaign stands before everyone has got it.
public struct CanaryVerdict: Sendable {
    public var sent: Int, failed: Int
    /// Of 10,000.
    public var stopAbove: Int
    public var atMs: Int64
    /// Who has not got it yet.
    public var waiting: Int
    public init(sent: Int, failed: Int, stopAbove: Int, atMs: Int64, waiting: Int) { (self.sent, self.failed, self.stopAbove, self.atMs, self.waiting) = (sent, failed, stopAbove, atMs, waiting) }

    func html(_ frame: Frame) -> HTML {
        let all = sent + failed
        let why = all == 0
            ? frame.say("campaign.canaries-silent")
            : frame.say("campaign.canaries-failed", ["failed": frame.number(failed), "all": frame.number(all), "share": share(failed * 10_000 / all, frame), "limit": share(stopAbove, frame)])
        return """
            <section class="notice caution" aria-labelledby="canaries-title">\(Icon.caution.html)<div><h2 id="canaries-title">\(frame.say("campaign.canaries-paused"))</h2><p>\(why) \(frame.time(atMs))</p>\
            <p>\(frame.say("campaign.canaries-next", ["waiting": frame.number(waiting)]))</p>\
            <p><a class="button small" href="\(Address.with(Section.deliveries.address(in: frame.workspace), [("state", "dead")]))">\(frame.say("campaign.canaries-look"))</a></p></div></section>
            """
    }

    private func share(_ share: Int, _ frame: Frame) -> String {
        share % 100 == 0 ? frame.percent(permille: share / 10) : frame.percent(permille: (share + 5) / 10)
    }
}
