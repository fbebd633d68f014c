import Decisions
import Vocabulary

/// Results and runs as JSON.
enum JourneyWriting {
    static func write(_ results: JourneyResults, _ w: inout JSONWriter) {
        w.object { w in
            w.member("entered", results.entered)
            write("walked", results.walked, &w)
            write("heldOut", results.heldOut, &w)
            write("lift", results.lift, &w)
            write("revenueLift", results.revenueLift, &w)
            w.key("ended")
            w.array { w in
                for entry in results.ended {
                    w.object {
                        $0.member("reason", entry.reason)
                        $0.member("count", entry.count)
                    }
                }
            }
            w.key("steps")
            w.array { w in for step in results.steps { write(step, &w) } }
        }
    }

    private static func write(_ step: JourneyResults.Step, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", step.id)
            w.member("kind", step.kind)
            w.member("summary", step.summary)
            w.member("depth", step.depth)
            w.member("arrived", step.arrived)
            w.member("at", step.at)
            w.member("passed", step.passed)
            w.member("decided", step.decided)
            w.member("sent", step.sent)
            w.member("failed", step.failed)
            w.member("refused", step.refused)
            w.member("opened", step.opened)
            w.member("clicked", step.clicked)
            w.key("ways")
            w.array { w in
                for way in step.ways {
                    w.object {
                        $0.member("name", way.name)
                        $0.member("count", way.count)
                    }
                }
            }
        }
    }

    private static func write(_ name: String, _ arm: JourneyResults.Arm, _ w: inout JSONWriter) {
        w.key(name)
        w.object { w in
            w.member("people", arm.people)
            w.member("converted", arm.converted)
            w.key("rate")
            if let rate = arm.rate { w.number(rate) } else { w.null() }
            w.key("revenue")
            w.number(arm.revenue)
        }
    }

    private static func write(_ name: String, _ estimate: JourneyResults.Estimate?, _ w: inout JSONWriter) {
        w.key(name)
        guard let estimate else { return w.null() }
        w.object { w in
            w.key("value")
            w.number(estimate.value)
            w.key("low")
            w.number(estimate.low)
            w.key("high")
            w.number(estimate.high)
            w.member("isClear", estimate.isClear)
        }
    }

    static func write(_ report: CanaryReport, _ w: inout JSONWriter) {
        w.object { w in
            w.member("verdict", report.verdict.rawValue)
            w.member("at", report.at)
            w.member("decided", report.decided)
            w.member("sent", report.sent)
            w.member("failed", report.failed)
            w.member("refused", report.refused)
            w.key("failedShare")
            if report.sent + report.failed > 0 { w.number(Double(report.failed) / Double(report.sent + report.failed)) } else { w.null() }
            w.key("stopAbove")
            w.number(Double(report.stopAbove) / 10_000)
        }
    }

    /// A run with what was decided in it.
    static func write(_ run: JourneyRun, of kept: KeptJourney, _ w: inout JSONWriter) {
        w.object { w in
            w.member("run", run.number ?? 0)
            w.member("journey", kept.id)
            w.member("name", kept.journey.name)
            w.member("version", run.version)
            w.member("key", run.instance)
            w.member("enteredAt", run.enteredAt)
            w.member("step", run.step)
            w.member("wakeAt", run.wake)
            w.member("endedAt", run.end?.at)
            w.member("reason", run.end?.reason)
            w.member("convertedAt", run.conversion?.at)
            w.key("history")
            w.array { w in
                for note in run.notes {
                    w.object {
                        $0.member("at", note.at)
                        $0.member("what", note.what.rawValue)
                        $0.member("step", note.step)
                        $0.member("detail", note.detail)
                        if note.what == .decided { $0.member("intent", run.intentKey(journey: kept.id, step: note.step)) }
                    }
                }
            }
        }
    }

    static let run = Shape.named(
        "JourneyRun",
        .object([
            "run": .integer, "journey": .text, "name": .text, "version": .integer, "key": .text, "enteredAt": .time, "step": .text, "wakeAt": .orNull(.time), "endedAt": .orNull(.time), "reason": .orNull(.text),
            "convertedAt": .orNull(.time),
            "history": .described(
                "What was decided, oldest first.",
                .list(.object(["at": .time, "what": .choice(JourneyRun.Note.What.allCases.map(\.rawValue)), "step": .text, "detail": .text, "intent": .optional(.described("The key of the intent.", .text))]))),
        ]))
}
