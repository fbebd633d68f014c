extension RankTest {
    func sentence(_ phrases: Phrases) -> String {
        let name = switch subject {
        case .measure(let measure): measure.words(phrases)
        case .trait(let path): path
        case .computed(let name): name
        }
        let size = switch self.size {
        case .count(let count): "\(count)"
        case .percent(let percent): "\(percent) %"
        }
        return phrases(isTop ? "rank.top" : "rank.bottom", ["name": name, "size": size])
    }
}
