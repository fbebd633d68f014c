/// Round numbers for an axis that begins at zero: 1, 2 or 5 times a power of ten, at most five lines.
struct Scale: Equatable {
    let top: Int
    let step: Int

    init(maximum: Int) {
        var step = 1
        var factors = [2, 5, 10]
        var power = 1
        while (max(maximum, 1) + step - 1) / step > 4 {
            step = power * factors.removeFirst()
            if factors.isEmpty {
                power *= 10
                factors = [2, 5, 10]
            }
        }
        self.step = step
        top = (max(maximum, 1) + step - 1) / step * step
    }

    var lines: [Int] { Array(stride(from: 0, through: top, by: step)) }
}
