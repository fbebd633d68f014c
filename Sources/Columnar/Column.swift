/// The values of one property or trait at the places of a run or part: codes for what has a dictionary, scaled integers for numbers.
///
/// A place has a value in at most one of the two.
public struct Column: Sendable {
    /// Nil where no place has a code.
    public var codes: Codes?
    /// Nil where no place has a number.
    public var numbers: Numbers?

    public init(codes: Codes? = nil, numbers: Numbers? = nil) {
        self.codes = codes
        self.numbers = numbers
    }

    public var byteCount: Int { (codes?.byteCount ?? 0) + (numbers?.byteCount ?? 0) }

    /// The value at a place.
    public func cell(_ index: Int) -> Value {
        if let codes, case let code = codes[index], code != 0 { return .code(code) }
        if let numbers, case let value = numbers[index], value != Numbers.none { return .number(value, scale: numbers.scale) }
        return .none
    }

    public enum Value: Sendable, Hashable {
        case none
        case code(UInt32)
        /// A whole number of 10^-scale.
        case number(Int64, scale: Int)
    }

    /// Sets the value at a place of a column with `count` places.
    ///
    /// - Parameter wide: gives the code of a number that finds no room beside those that are there.
    public mutating func set(_ value: Value, at index: Int, count: Int, wide: (Int64, Int) -> UInt32) {
        switch value {
        case .none:
            codes?.set(0, at: index)
            _ = numbers?.set(Numbers.none, scale: 0, at: index)
        case .code(let code):
            _ = numbers?.set(Numbers.none, scale: 0, at: index)
            if codes == nil { codes = Codes(count: count) }
            codes?.set(code, at: index)
        case .number(let number, let scale):
            if numbers == nil { numbers = Numbers(count: count) }
            if numbers?.set(number, scale: scale, at: index) == true {
                codes?.set(0, at: index)
            } else {
                set(.code(wide(number, scale)), at: index, count: count, wide: wide)
            }
        }
    }
}
