import Decisions
import Delivery
import Vocabulary

/// How messages and their reasons are written, and their shapes.
extension MessageRoutes {
    static let reason: Members = ["reason": .described("Never varies.", .choice(DeliveryReason.allCases.map(\.rawValue))), "words": .described("The reason for people, in English.", .text), "detail": .text]
    static let message = Shape.named(
        "Message",
        .object(Members(list: [
            ("key", .text), ("profileId", .described("As the person was known when it was decided.", .text)), ("kind", .choice(["message", "call", "record"])),
            ("lane", .described("The channel, the destination or the log.", .text)), ("template", .orNull(.text)), ("purpose", .orNull(.text)), ("topic", .orNull(.text)), ("context", .orNull(.text)),
            ("origin", .object(["kind": .choice(Intent.Origin.Kind.allCases.map(\.rawValue)), "id": .text, "version": .integer, "step": .text, "run": .text])),
            ("state", .choice(DeliveryRecord.State.allCases.map(\.name))),
        ] + reason.list + [
            ("receipt", .described("How the other side calls it.", .text)), ("attempts", .integer),
            ("repeats", .described("How often nobody could tell whether it arrived, and it was sent again under the same key.", .integer)), ("priority", .integer), ("decidedAt", .time),
            ("due", .described("Not tried before.", .time)), ("firstTriedAt", .orNull(.time)), ("endedAt", .orNull(.time)),
        ])))
    static let verdict = Shape.named(
        "MessageVerdict",
        .object([
            "check": .choice(MessageCheck.allCases.map(\.rawValue)), "answer": .choice(MessageVerdict.Kind.allCases.map(\.rawValue)), "reason": .orNull(.choice(DeliveryReason.allCases.map(\.rawValue))),
            "words": .orNull(.text), "detail": .text, "until": .orNull(.time),
        ]))
    static let step = Shape.object(Members(list: [("at", .time)] + reason.list))

    static func members(_ record: DeliveryRecord, _ w: inout JSONWriter) {
        let intent = record.intent
        w.member("key", intent.key)
        w.member("profileId", intent.profile.text)
        var (kind, template, scope): (String, String?, ConsentScopeText?) = ("record", nil, nil)
        switch intent.effect {
        case .message(let name, let asked): (kind, template, scope) = ("message", name, ConsentScopeText(purpose: asked.purpose.name, topic: asked.topic, context: asked.context.text))
        case .call: kind = "call"
        case .record: break
        }
        w.member("kind", kind)
        w.member("lane", intent.lane)
        w.member("template", template)
        w.member("purpose", scope?.purpose)
        w.member("topic", scope?.topic)
        w.member("context", scope?.context)
        w.key("origin")
        w.object { w in
            w.member("kind", intent.origin.kind.rawValue)
            w.member("id", intent.origin.id)
            w.member("version", intent.origin.version)
            w.member("step", intent.origin.step)
            w.member("run", intent.origin.run)
        }
        w.member("state", record.state.name)
        write(record.reason, record.detail, &w)
        w.member("receipt", record.receipt)
        w.member("attempts", record.attempts)
        w.member("repeats", record.lost)
        w.member("priority", intent.priority)
        w.member("decidedAt", intent.decidedAt)
        w.member("due", record.due)
        w.member("firstTriedAt", record.began)
        w.member("endedAt", record.ended)
    }

    private struct ConsentScopeText {
        let purpose: String
        let topic: String
        let context: String
    }

    static func write(_ reason: DeliveryReason, _ detail: String, _ w: inout JSONWriter) {
        w.member("reason", reason.rawValue)
        w.member("words", reason.words())
        w.member("detail", detail)
    }

    static func write(_ steps: [DeliveryStep], _ w: inout JSONWriter) {
        w.key("steps")
        w.array { w in
            for step in steps {
                w.object { w in
                    w.member("at", step.at)
                    write(step.reason, step.detail, &w)
                }
            }
        }
    }

    static func write(_ verdicts: [MessageVerdict], _ w: inout JSONWriter) {
        w.key("checks")
        w.array { w in
            for verdict in verdicts {
                w.object { w in
                    w.member("check", verdict.check.rawValue)
                    w.member("answer", verdict.kind.rawValue)
                    w.member("reason", verdict.reason?.rawValue)
                    w.member("words", verdict.reason?.words())
                    w.member("detail", verdict.detail)
                    w.member("until", verdict.until)
                }
            }
        }
    }
}
