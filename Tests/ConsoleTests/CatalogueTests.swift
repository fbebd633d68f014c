import Foundation
import Testing

@testable import Console

@Suite("The catalogue")
struct CatalogueTests {
    @Test("has every phrase in every language, with the same names to fill in")
    func complete() {
        #expect(Catalogue.missing() == [])
    }

    @Test("knows each key that the sources use, and holds no other")
    func keysMatchTheSources() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/Console")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var text = ""
        for case let file as URL in files where file.pathExtension == "swift" && !file.path.contains("/Catalogue/Catalogue+") {
            text += try String(contentsOf: file, encoding: .utf8)
        }
        let used = Set(text.matches(of: /"([a-z-]+\.[a-z0-9-]+)"/).map { String($0.1) })
        // Keys that are put together from a case's name.
        let assembled = Set(
            Section.allCases.map { "section.\($0)" } + Section.Group.allCases.filter { $0 != .start }.map { "group.\($0)" }
                + Frame.Theme.allCases.map { "theme.\($0)" } + SnippetKind.allCases.map { "snippet.\($0)" }
                + LivePage.Verdict.allCases.map { "verdict.\($0)" } + ImportsPage.State.allCases.map { "import-state.\($0)" }
                + ["merge", "always", "never", "unmerge"].map { "who.kind-\($0)" } + ["two-users", "kept-apart", "taken", "limit", "set-apart"].map { "who.because-\($0)" }
                + IdentityRulesPage.uses.map { "rules.use-\($0)" } + IdentityRulesPage.windows.map { "rules.window-\($0)" }
                + SegmentRows.kinds.map { "rows.\($0)" } + SegmentRows.modes.map { "rows.mode-\($0)" } + SegmentRows.measures.map { "rows.measure-\($0.1)" }
                + SurvivorshipPage.rules.map { "survivorship.rule-\($0)" } + ["profile.kind-person", "profile.kind-account", "profile.kind-entity"] + messages)
        let areas = Set(Catalogue.keys.map { $0.prefix { $0 != "." } })
        let unknown = used.filter { areas.contains($0.prefix { $0 != "." }) && !Catalogue.knows(PhraseKey($0)) }
        // Codes of refusals look like keys.
        #expect(unknown.subtracting(["console.css", "segments.unknown-zone"]).subtracting(ConsoleProblem.translated) == [])
        #expect(assembled.filter { !Catalogue.knows(PhraseKey($0)) } == [])
        #expect(Set(Catalogue.keys).subtracting(used).subtracting(assembled).filter { !$0.hasPrefix("scope.") } == [])
    }

    private var messages: [String] {
        var keys = TemplateEditPage.kinds.map { "templates.kind-\($0)" } + TemplateEditPage.kinds.flatMap(TemplateEditPage.parts).map { "templates.\($0)" }
        keys += EmailPage.securities.map { "email.security-\($0)" } + EmailPage.states.map { "email.state-\($0)" } + ["spf", "dkim", "dmarc", "bounce"].flatMap { ["email.dns-\($0)", "email.dns-\($0)-help"] }
        let emailFields = ["postalAddress", "fromName", "fromAddress", "replyTo", "bounceAddress", "host", "port", "user", "dkimDomain", "connections", "softBounceMaximum", "restHours", "complaintsPerMille", "warmUpFrom", "warmUpFirst", "signs", "tracksOpens", "tracksClicks", "withoutRecords"]
        keys += emailFields.map { "email.\($0)" } + emailFields.map { "email.\($0)-help" }.filter { !["fromName", "user", "signs", "tracksOpens", "tracksClicks", "withoutRecords"].contains($0.dropFirst(6).dropLast(5)) }
        keys += ["saved", "stopped", "paused", "resumed"].map { "preferences.done-\($0)" }
        keys += ["message", "wait", "branch", "split", "filter", "trait", "event", "webhook", "exit"].map { "journeys.kind-\($0)" }
        keys += JourneyHead.triggers.map { "journeys.trigger-\($0)" } + JourneyState.allCases.map { "journeys.state-\($0.rawValue)" }
        keys += ["start", "pause", "walked", "held-out"].map { "journeys.\($0)" } + PersonJourneysPage.decisions.map { "journeys.did-\($0)" }
        keys += PersonJourneysPage.whys.map { "journey-why.\($0)" }
        keys += JourneyHead.Card.Kind.allCases.map { "journeys.card-\($0.rawValue)" } + JourneyHead.exits.map { "journeys.exit-\($0)" }
        keys += JourneyHead.words.map { "journeys.at-\($0)" } + JourneyHead.helped.map { "journeys.help-\($0)" } + JourneyHead.values.map { "journeys.is-\($0)" }
        keys += JourneyWarning.translated.map { "journeys.warn-" + $0.dropFirst(8) }.flatMap { [$0, $0 + "-remedy"] }
        keys += CampaignPage.fields.map { "campaign.field-\($0)" } + CampaignPage.fields.map { "campaign.help-\($0)" }.filter { !["name", "template", "channel", "when"].contains($0.dropFirst(14)) }
        keys += ["now", "at", "local"].map { "campaign.when-\($0)" } + CampaignPage.Mistake.allCases.map { "campaign.wrong-\($0.rawValue)" }.flatMap { [$0, $0 + "-remedy"] }
        keys += ["any", "daily", "weekly", "monthly"].map { "preferences.frequency-\($0)" }
        keys += ["email", "sms", "push", "webhook"].map { "channel.\($0)" }
        keys += ["granted", "withdrawn", "paused", "unknown", "policy", "not-a-member"].map { "consent.state-\($0)" }
        keys += DeliveriesPage.states.map { "delivery-state.\($0)" } + MessagePage.checks.map { "message.check-\($0)" } + MessagePage.answers.map { "message.answer-\($0)" }
        keys += MessagePage.factNames.map { "message.\($0)" }
        keys += RehearsalPage.everyGap.map { "journeys.not-played-\($0)" }
        keys += SuppressionsPage.kinds.map { "suppressions.kind-\($0)" } + ["unsubscribed", "complained", "bounced", "manual"].map { "suppressions.because-\($0)" }
        keys += ConsoleProblem.translated.map(ConsoleProblem.key).flatMap { [$0, $0 + "-remedy"] }
        return keys + ["event", "gpc", "api", "import", "person", "one-click"].map { "consent.source-\($0)" }
    }

    @Test("chooses the form for the number")
    func counts() {
        func say(_ count: Int, _ language: Language) -> String { Showroom(text: "x", language: language).frame.say("profile.events", count: count) }
        #expect(say(1, .english) == "1 event")
        #expect(say(0, .english) == "0 events")
        #expect(say(2, .spanish) == "2 eventos")
        #expect(say(2, .turkish) == "2 olay")
    }

    @Test("writes numbers as each language does")
    func numbers() {
        func number(_ value: Int, _ language: Language) -> String { Showroom(text: "x", language: language).frame.number(value) }
        #expect(number(1_234_567, .english) == "1,234,567")
        #expect(number(1234, .english) == "1,234")
        #expect(number(1234, .spanish) == "1234")
        #expect(number(12_345, .spanish) == "12.345")
        #expect(number(1234, .turkish) == "1.234")
        #expect(number(-1000, .english) == "−1,000")
        #expect(number(.min, .english) == "−9,223,372,036,854,775,808")
    }

    @Test("says how long ago, with the exact instant and zone on hover")
    func times() {
        let frame = Showroom(text: "x").frame
        let now = frame.nowMs
        #expect(frame.relative(now - 9_999) == "just now")
        #expect(frame.relative(now - 10_000) == "10 s ago")
        #expect(frame.relative(now - 60_000) == "1 min ago")
        #expect(frame.relative(now + 7_200_000) == "in 2 hr")
        #expect(frame.relative(now - 86_400_000) == "1 day ago")
        #expect(frame.relative(.min) == frame.date(.min))
        #expect(frame.time(0).source == "<time datetime=\"1970-01-01T00:00:00.000Z\" title=\"1 Jan 1970, 00:00:00 UTC\">1 Jan 1970</time>")
    }

    @Test("knows the calendar", arguments: [(-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_795_298_107_000, "2026-11-21T21:55:07.000Z"), (4_107_542_399_000, "2100-02-28T23:59:59.000Z")] as [(Int64, String)])
    func calendar(_ ms: Int64, _ iso: String) {
        #expect(CivilTime(ms: ms).iso == iso)
    }
}
