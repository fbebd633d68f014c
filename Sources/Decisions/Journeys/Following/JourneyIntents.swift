import Identity
import Privacy
import Segments
import Vocabulary

extension Intent {
    /// What was decided in a run, as an intent: for whoever has the run's id when it is done, also where people part meanwhile.
    ///
    /// - Parameters:
    ///   - event: what began the run; nil where nothing did, or where it is gone.
    ///   - destination: as which one that a step names is called.
    init(_ action: JourneyAction, of journey: (id: String, name: String), event: JSONText?, destination: (String) -> String) {
        let data = Intent.data(action, journey, event)
        let effect: Effect = switch action.effect {
        case .message(let template, let scope): .message(template: template, scope)
        case .call(let name, _): .call(destination: destination(name))
        // What is missing leaves a trait as it is.
        case .traits(let values): .record(Intent.call("identify", nil, "traits", values.filter { Intent.isThere($0.value, data) }, data))
        case .event(let name, let values): .record(Intent.call("track", name, "properties", values, data))
        }
        self.init(
            key: action.key, profile: action.run.owner, effect, origin: Origin(.journey, id: journey.id, version: action.run.version, step: action.step, run: action.run.instance),
            data: Intent.handedOver(action.effect, data), priority: action.priority, decidedAt: action.at, expiresAt: action.expiresAt)
    }

    /// What templates see: `event`, `journey`, and what the API handed in, under its own names.
    private static func data(_ action: JourneyAction, _ journey: (id: String, name: String), _ event: JSONText?) -> JSONText {
        var w = JSONWriter()
        w.object { w in
            if let event {
                w.key("event")
                w.raw(event.bytes)
            }
            w.key("journey")
            w.object { w in
                w.member("id", journey.id)
                w.member("name", journey.name)
                w.member("version", action.run.version)
                w.member("step", action.step)
                w.member("key", action.run.instance)
                w.member("enteredAt", action.run.enteredAt)
            }
            if let data = action.run.data {
                w.key("data")
                w.raw(data.bytes)
            }
        }
        return w.text
    }

    /// Of a call, the values that its step names beside what every intent has.
    private static func handedOver(_ effect: JourneyEffect, _ data: JSONText) -> JSONText {
        guard case .call(_, let values) = effect, !values.isEmpty else { return data }
        var w = JSONWriter()
        w.object { w in
            for (key, value) in data.members {
                w.key(key)
                w.raw(value.bytes)
            }
            w.key("values")
            write(values, data, &w)
        }
        return w.text
    }

    private static func call(_ type: String, _ name: String?, _ member: String, _ values: [NamedValue], _ data: JSONText) -> JSONText {
        var w = JSONWriter()
        w.object { w in
            w.member("type", type)
            if let name { w.member("event", name) }
            w.key(member)
            write(values, data, &w)
        }
        return w.text
    }

    private static func isThere(_ value: StepValue, _ data: JSONText) -> Bool { if case .path(let path) = value { data.value(at: path) != nil } else { true } }

    private static func write(_ values: [NamedValue], _ data: JSONText, _ w: inout JSONWriter) {
        w.object { w in
            for value in values {
                w.key(value.name)
                switch value.value {
                case .json(let json): w.raw(json.bytes)
                case .path(let path): if let found = data.value(at: path) { w.raw(found.bytes) } else { w.null() }
                }
            }
        }
    }
}
