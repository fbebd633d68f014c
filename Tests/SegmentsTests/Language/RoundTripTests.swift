import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("A condition has one meaning in all its forms")
struct RoundTripTests {
    @Test("what is printed reads back as the same condition", arguments: Seed.some(4), [false, true])
    func text(_ seed: Seed, _ isWild: Bool) throws {
        var conditions = RandomConditions(seed: seed, isWild: isWild)
        for _ in 0..<1500 {
            let condition = conditions.next()
            try #require(condition.faults() == [], "\(condition.json.text)")
            let text = condition.text
            do {
                let read = try Condition(text: text)
                #expect(read.json == condition.json, "\(text)")
                #expect(read.text == text)
            } catch {
                Issue.record("\(error.explanation) \(error.place): \(text)")
            }
        }
    }

    @Test("the JSON form reads back as the same condition", arguments: Seed.some(4), [false, true])
    func json(_ seed: Seed, _ isWild: Bool) throws {
        var conditions = RandomConditions(seed: seed, isWild: isWild)
        for _ in 0..<1500 {
            let condition = conditions.next()
            let json = condition.json
            try #require(JSONText(validating: json.bytes) != nil)
            do {
                let read = try Condition(json: json)
                #expect(read.json == json)
                #expect(read.text == condition.text)
            } catch {
                Issue.record("\(error.explanation) \(error.place): \(json.text)")
            }
        }
    }

    @Test("no text, however mangled, does more than be refused", arguments: Seed.some(4))
    func mangled(_ seed: Seed) {
        var conditions = RandomConditions(seed: seed, isWild: true)
        var random = Random(seed)
        let scraps = ["(", ")", "and", "or", "not", "did", "\"", "`", "\\", "\\u{", "in", "last", "30", "-", "days", "where", "then", "1e999999999999", "9999999999999999999", "==", "%", ",", "é", "\u{0}", "2026-13-01", "25:00", "all of (", "between"]
        for _ in 0..<2000 {
            var text = conditions.next().text
            for _ in 0..<1 + random.below(3) {
                let place = text.index(text.startIndex, offsetBy: random.below(text.count + 1))
                switch random.below(3) {
                case 0: text.insert(contentsOf: random.pick(scraps) + (random.chance(50) ? " " : ""), at: place)
                case 1: text = String(text[..<place])
                default: if place < text.endIndex { text.remove(at: place) }
                }
            }
            do {
                let condition = try Condition(text: text)
                #expect(condition.faults() == [], "what is read can be asked: \(text)")
            } catch {
                guard case .text(let place) = error.place else { Issue.record("no place in \(text)"); continue }
                #expect(place.offset >= 0 && place.offset + place.length <= text.utf8.count && place.line >= 1 && place.column >= 1, "\(place) \(text)")
                #expect(error.explanation.code.hasPrefix("segments.") && !error.explanation.problem.isEmpty && !error.explanation.remedy.isEmpty)
            }
        }
    }

    @Test("no JSON, however mangled, does more than be refused", arguments: Seed.some(4))
    func mangledJSON(_ seed: Seed) {
        var conditions = RandomConditions(seed: seed, isWild: true)
        var random = Random(seed)
        let scraps = ["{", "}", "[", "]", "null", "-1", "1e400", "\"\"", "true", "\"last\":\"30d\",", "\"eq\":[],", "99999999999999999999", "\"-d\"", "\"9d\""]
        for _ in 0..<2000 {
            var bytes = conditions.next().json.bytes
            // Values are exchanged for others, so that most stay JSON.
            for _ in 0..<1 + random.below(2) {
                let place = random.below(bytes.count + 1)
                let scrap = random.pick(scraps)
                bytes.replaceSubrange(place..<min(bytes.count, place + random.below(4)), with: Array(scrap.utf8))
            }
            do {
                let condition = try Condition(json: bytes)
                #expect(condition.faults() == [])
            } catch {
                guard case .pointer(let pointer) = error.place else { Issue.record("no pointer"); continue }
                #expect(pointer.isEmpty || pointer.hasPrefix("/"))
            }
        }
    }
}
