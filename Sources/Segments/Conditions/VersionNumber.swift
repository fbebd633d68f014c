/// A version of an app or a system, as `2.10.0` or `v3.0-beta.2`: numbers between dots, compared one by one as numbers; missing ones are 0.
///
/// - Note: Precedence of pre-releases as in Semantic Versioning 2.0.0, section 11: `3.0-beta.2` comes before `3.0-beta.10`, and both before `3.0`; what stands behind `+` decides nothing.
///   Other than there, a version may have one number or more than three.
struct VersionNumber: Comparable {
    /// Without leading zeros, so that longer ones are larger, however long; without zeros at the end of the list.
    private let numbers: [[UInt8]]
    private let labels: [[UInt8]]

    /// Nil for what is no version.
    init?(_ text: some Sequence<UInt8>) {
        var text = Array(text)[...]
        if text.first == 0x76 || text.first == 0x56 { text = text.dropFirst() }
        let whole = text.prefix { $0 != 0x2b }
        let core = whole.prefix { $0 != 0x2d }
        var numbers: [[UInt8]] = []
        for part in core.split(separator: 0x2e, omittingEmptySubsequences: false) {
            guard !part.isEmpty, part.allSatisfy(VersionNumber.isDigit) else { return nil }
            numbers.append(Array(part.drop { $0 == 0x30 }))
        }
        while numbers.last?.isEmpty ?? false { numbers.removeLast() }
        var labels: [[UInt8]] = []
        if core.count < whole.count {
            for part in whole.dropFirst(core.count + 1).split(separator: 0x2e, omittingEmptySubsequences: false) {
                guard !part.isEmpty, part.allSatisfy({ VersionNumber.isDigit($0) || $0 == 0x2d || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) }) else { return nil }
                labels.append(Array(part))
            }
        }
        (self.numbers, self.labels) = (numbers, labels)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    static func < (a: VersionNumber, b: VersionNumber) -> Bool { a.order(b) < 0 }
    static func == (a: VersionNumber, b: VersionNumber) -> Bool { a.order(b) == 0 }

    /// Below, at or above 0.
    private func order(_ other: VersionNumber) -> Int {
        for index in 0..<max(numbers.count, other.numbers.count) {
            let order = VersionNumber.order(index < numbers.count ? numbers[index] : [], index < other.numbers.count ? other.numbers[index] : [])
            if order != 0 { return order }
        }
        // What is released comes after its pre-releases.
        if labels.isEmpty || other.labels.isEmpty { return (labels.isEmpty ? 1 : 0) - (other.labels.isEmpty ? 1 : 0) }
        for (a, b) in zip(labels, other.labels) {
            let (isNumber, isOtherNumber) = (a.allSatisfy(VersionNumber.isDigit), b.allSatisfy(VersionNumber.isDigit))
            if isNumber != isOtherNumber { return isNumber ? -1 : 1 }
            let order = isNumber ? VersionNumber.order(Array(a.drop { $0 == 0x30 }), Array(b.drop { $0 == 0x30 })) : VersionNumber.bytewise(a, b)
            if order != 0 { return order }
        }
        return labels.count - other.labels.count
    }

    /// Of numbers without leading zeros.
    private static func order(_ a: [UInt8], _ b: [UInt8]) -> Int { a.count != b.count ? a.count - b.count : bytewise(a, b) }
    private static func bytewise(_ a: [UInt8], _ b: [UInt8]) -> Int { a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1 }
}
