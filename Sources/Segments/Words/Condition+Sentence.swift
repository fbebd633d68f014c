extension Condition {
    /// The condition in words, as "Did “Order Completed” at least 3 times in the last 30 days": for people who read, not for reading back.
    ///
    /// - Parameter language: `en`, `es` or `tr`; another is taken for `en`.
    public func sentence(in language: String) -> String {
        let phrases = Phrases(language)
        let text = words(phrases)
        // A name of a trait is spelt as senders spell it.
        return beginsWithName ? text : phrases.opening(text)
    }

    private var beginsWithName: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.first?.beginsWithName ?? false
        case .not: false
        case .test(let test): test is TraitTest || test is RelationTest || test is ComputedTest
        }
    }

    func words(_ phrases: Phrases) -> String {
        switch self {
        case .all(let parts): parts.isEmpty ? phrases("everyone") : joined(parts, " " + phrases("and") + " ", phrases)
        case .any(let parts): parts.isEmpty ? phrases("nobody") : joined(parts, " " + phrases("or") + " ", phrases)
        case .not(.test(let test)):
            if let segment = test as? SegmentTest, segment.on == nil {
                phrases("not-segment", ["name": phrases.quoted(segment.segment)])
            } else if let list = test as? ListTest {
                phrases("not-list", ["name": phrases.quoted(list.list)])
            } else {
                phrases("not", ["text": test.forms.sentence(phrases)])
            }
        case .not(let part): phrases("not", ["text": part.words(phrases)])
        case .test(let test): test.forms.sentence(phrases)
        }
    }

    private func joined(_ parts: [Condition], _ word: String, _ phrases: Phrases) -> String {
        parts.map { part in
            switch part {
            case .all(let inner) where inner.count > 1 && parts.count > 1, .any(let inner) where inner.count > 1 && parts.count > 1: "(" + part.words(phrases) + ")"
            default: part.words(phrases)
            }
        }.joined(separator: word)
    }
}

extension TraitTest {
    func sentence(_ phrases: Phrases) -> String { phrases.test(path, test) }
}

extension ComputedTest {
    func sentence(_ phrases: Phrases) -> String { phrases.test(trait, test) }
}

extension RelationTest {
    func sentence(_ phrases: Phrases) -> String {
        let key = switch comparison {
        case .equals: "equals"
        case .differs: "differs"
        case .less: "less"
        case .atMost: "at-most"
        case .more: "more"
        case .atLeast: "at-least"
        }
        return phrases("value." + key, ["name": left, "value": right])
    }
}

extension SegmentTest {
    func sentence(_ phrases: Phrases) -> String {
        on.map { phrases("segment-on", ["name": phrases.quoted(segment), "time": $0.dateOrTime]) } ?? phrases("segment", ["name": phrases.quoted(segment)])
    }
}

extension ListTest {
    func sentence(_ phrases: Phrases) -> String { phrases("list", ["name": phrases.quoted(list)]) }
}

extension BucketTest {
    func sentence(_ phrases: Phrases) -> String {
        if lower == 0, upper % 100 == 0 { return phrases("bucket-share", ["share": "\(upper / 100)", "salt": phrases.quoted(salt)]) }
        return phrases("bucket", ["from": "\(lower)", "to": "\(upper - 1)", "salt": phrases.quoted(salt)])
    }
}
