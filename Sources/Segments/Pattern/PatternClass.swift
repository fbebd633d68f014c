/// One scalar, or a class of them.
struct PatternClass: Sendable {
    enum Item: Sendable {
        case range(UInt32, UInt32)
        case digit(Bool), word(Bool), space(Bool)
        /// General categories by the first letter or both, as `L` or `Lu`.
        case category(String, Bool)
    }

    var items: [Item]
    var isNegated = false
    var isFolded = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        if has(scalar) { return !isNegated }
        if isFolded {
            let folded = CaseFolding.folded(scalar)
            if has(folded) || has(CaseFolding.raised(folded)) { return !isNegated }
        }
        return isNegated
    }

    private func has(_ scalar: Unicode.Scalar) -> Bool {
        for item in items {
            switch item {
            case .range(let lower, let upper): if scalar.value >= lower, scalar.value <= upper { return true }
            case .digit(let isWanted): if (scalar.value >= 0x30 && scalar.value <= 0x39) == isWanted { return true }
            case .word(let isWanted): if PatternClass.isWord(scalar) == isWanted { return true }
            case .space(let isWanted): if [0x20, 0x09, 0x0a, 0x0c, 0x0d].contains(scalar.value) == isWanted { return true }
            case .category(let name, let isWanted): if PatternClass.name(scalar.properties.generalCategory).hasPrefix(name) == isWanted { return true }
            }
        }
        return false
    }

    static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let value = scalar?.value else { return false }
        return (value >= 0x30 && value <= 0x39) || (value | 0x20 >= 0x61 && value | 0x20 <= 0x7a && value < 0x80) || value == 0x5f
    }

    static let categories: Set<String> = ["L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "S", "Z", "C"]

    private static func name(_ category: Unicode.GeneralCategory) -> String {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation: "P"
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: "S"
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: "Z"
        default: "C"
        }
    }
}

/// What an expression says.
indirect enum PatternNode {
    case empty
    case scalar(PatternClass)
    case start, end
    case boundary(Bool)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// Nil: without end.
    case repeated(PatternNode, Int, Int?)
}
