public import Vocabulary

/// Changes of a journey's document by the places of its steps; everything that is not named stays as it is written, in its order.
public enum JourneyEditing {
    /// Takes away what stands at a place; of an element of a list, those behind it move up.
    public static func removing(_ place: String, from json: JSONText) -> JSONText { edited(json, parts(place)) { _ in nil } ?? json }

    public static func replacing(_ place: String, with value: JSONText, in json: JSONText) -> JSONText { edited(json, parts(place)) { _ in value } ?? json }

    /// Puts a step behind the last of the list at a place, which is made where there is none.
    public static func appending(_ step: JSONText, to place: String, in json: JSONText) -> JSONText {
        edited(json, parts(place)) { list in JSONText.list((list?.isArray ?? false ? list?.elements ?? [] : []) + [step]) } ?? json
    }

    /// Moves an element of a list, by so many places; not beyond its ends.
    public static func moving(_ place: String, by count: Int, in json: JSONText) -> JSONText {
        var path = parts(place)
        guard let last = path.popLast(), let index = Int(last) else { return json }
        return edited(json, path) { list in
            guard let list, case var elements = list.elements, elements.indices.contains(index) else { return list }
            let target = min(max(0, index + count), elements.count - 1)
            elements.insert(elements.remove(at: index), at: target)
            return JSONText.list(elements)
        } ?? json
    }

    /// What stands at a place; nil where nothing does.
    public static func value(at place: String, in json: JSONText) -> JSONText? {
        parts(place).reduce(Optional(json)) { found, part in
            guard let found else { return nil }
            if found.isArray { return Int(part).flatMap { found.elements.indices.contains($0) ? found.elements[$0] : nil } }
            return found[part]
        }
    }

    /// A step of a kind, to begin with.
    public static func template(_ kind: String) -> JSONText? {
        let text: String? = switch kind {
        case "message": #"{"message": "welcome", "purpose": "email.offers"}"#
        case "wait": #"{"wait": "1 day"}"#
        case "branch": #"{"branch": [{"if": "plan = \"premium\"", "then": []}], "otherwise": []}"#
        case "split": #"{"split": [{"share": "50%", "then": []}]}"#
        case "filter": #"{"filter": "everyone"}"#
        case "trait": #"{"trait": {"journey": "walked"}}"#
        case "event": #"{"event": "Journey Walked"}"#
        case "webhook": #"{"webhook": "destination"}"#
        case "exit": #"{"exit": "done"}"#
        default: nil
        }
        return text.flatMap { JSONText(validating: Array($0.utf8)) }
    }

    private static func parts(_ place: String) -> [String] {
        place.split(separator: "/", omittingEmptySubsequences: true).map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
    }

    /// - Returns: nil to take the value itself away.
    private static func edited(_ json: JSONText, _ path: [String], _ change: (JSONText?) -> JSONText?) -> JSONText? {
        guard let first = path.first else { return change(json) }
        let rest = Array(path.dropFirst())
        if json.isArray {
            guard let index = Int(first), json.elements.indices.contains(index) else { return json }
            var elements = json.elements
            if let value = edited(elements[index], rest, change) { elements[index] = value } else { elements.remove(at: index) }
            return JSONText.list(elements)
        }
        guard json.isObject else { return json }
        var members = json.members
        if let index = members.lastIndex(where: { $0.key == first }) {
            if let value = edited(members[index].value, rest, change) { members[index].value = value } else { members.remove(at: index) }
        } else if rest.isEmpty, let value = change(nil) {
            members.append((first, value))
        }
        return JSONText.object(members)
    }
}

extension JSONText {
    static func list(_ elements: [JSONText]) -> JSONText {
        var w = JSONWriter()
        w.array { w in for element in elements { w.raw(element.bytes) } }
        return w.text
    }

    static func object(_ members: [(key: String, value: JSONText)]) -> JSONText {
        var w = JSONWriter()
        w.object { w in
            for (key, value) in members {
                w.key(key)
                w.raw(value.bytes)
            }
        }
        return w.text
    }
}
