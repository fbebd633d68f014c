import Ingest
import Profiles
import Segments
import Vocabulary

extension ReadRoutes {
    func traits(_ call: Call, _ reader: ProfileReader, _ current: Profile, _ computed: [ComputedValue]?, asOf: Timestamp?, knownAt: Timestamp?) throws -> Reply {
        let place = try call.place
        let profile = asOf == nil && knownAt == nil ? current : try reader.profile(current, from: nil, asOf: asOf, knownAt: knownAt)
        if profile.eventsThen == 0 { throw ReadRoutes.notYet }
        let history = try reader.history(of: current)
        func isThen(_ value: Trait) throws -> Bool {
            guard value.timestamp <= asOf ?? .latest else { return false }
            return try knownAt.map { try place.log.read(value.position)?.receivedAt ?? .latest <= $0 } ?? true
        }
        return try Reply { w in
            try w.object { w in
                w.key("traits")
                try w.array { w in
                    for trait in profile.traits {
                        try w.object { w in
                            w.member("name", trait.name)
                            try ReadRoutes.write(trait, place, &w)
                            w.key("history")
                            try w.array { w in
                                for value in history[trait.name] ?? [] where try isThen(value) { try w.object { try ReadRoutes.write(value, place, &$0) } }
                            }
                        }
                    }
                }
                if let computed { ComputedValue.write(computed, asOf: asOf, &w) }
            }
        }
    }

    private static func write(_ trait: Trait, _ place: Workspace, _ w: inout JSONWriter) throws {
        let event = try place.log.read(trait.position)
        w.key("value")
        w.raw(trait.value.bytes)
        w.member("timestamp", trait.timestamp)
        w.member("receivedAt", event?.receivedAt)
        w.member("messageId", event?.text(.messageId))
        w.member("source", event.flatMap { place.sources.source(number: $0.source)?.name })
        w.member("position", trait.position)
    }
}
