import Foundation

/// How likely somebody else has the same value by chance: log2 of its frequency in the file, held against what is usual.
struct Frequencies: Sendable {
    /// By the value's number; 0 is unused.
    let log2: [Float]
    /// That of a value which nobody else has.
    var least: Float { log2.first ?? 0 }
    /// Of a value's number; one that came after counting is as rare as any that nobody else has.
    @inline(__always) subscript(_ code: UInt32) -> Float { Int(code) < log2.count ? log2[Int(code)] : least }

    /// Records that a usual population lends, so that a file of three rows does not make every name common.
    static let lent = 100.0

    /// - Parameters:
    ///   - uses: records with each value.
    ///   - usual: how frequent such a value is where nothing is known.
    init(uses: [UInt32], present: Int, usual: Double) {
        let n = Double(present)
        log2 = uses.map { uses in
            // The two records that are compared prove nothing about the others; half a record stands for those not seen.
            let others = max(0, Double(uses) - 2)
            return Float(Foundation.log2((others + Frequencies.lent * usual + 0.5 * n / (n + Frequencies.lent)) / (n + Frequencies.lent)))
        }
    }

    init(_ column: CodedColumn, usual: Double) { self.init(uses: column.table.uses, present: column.present, usual: usual) }

    init(codes: [UInt32], tableCount: Int, usual: Double) {
        var uses = [UInt32](repeating: 0, count: tableCount)
        for code in codes where code != 0 { uses[Int(code)] += 1 }
        self.init(uses: uses, present: codes.count { $0 != 0 }, usual: usual)
    }

    /// The mean over pairs drawn at random: log2 of the chance that two records agree.
    static func agreement(_ uses: [UInt32], present: Int, usual: Double) -> Float {
        let n = Double(present)
        let pairs = uses.dropFirst().reduce(0.0) { $0 + Double($1) * max(0, Double($1) - 1) }
        return Float(Foundation.log2((pairs + Frequencies.lent * Frequencies.lent * usual) / (n * max(0, n - 1) + Frequencies.lent * Frequencies.lent)))
    }
}
