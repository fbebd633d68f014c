/// How a file's telephone numbers and dates are to be read, found in many of its rows and then held for single ones.
struct Reading: Sendable {
    /// Whose habits a number without a country code follows.
    private(set) var country: PhoneNumber.Plan?
    private(set) var dates = BirthDate.Order.dayFirst

    init(_ text: DelimitedText, _ schema: Schema, _ rows: [UInt32]) {
        func sample(_ column: Int) -> [[UInt8]] {
            // Spread over the file in its canonical order, so that the order of rows says nothing.
            stride(from: 0, to: rows.count, by: max(1, rows.count / 2000)).map { index in
                var value: [UInt8] = []
                text.append(row: Int(rows[index]), column: column, to: &value)
                return value
            }
        }
        if let column = schema.columns(.birthDate).first { dates = BirthDate.order(of: sample(column)) }
        guard let column = schema.columns(.phone).first else { return }
        country = PhoneNumber.country(ofMost: sample(column))
        if country == nil, let named = schema.columns(.country).first {
            let codes = Dictionary(grouping: sample(named).map { String(decoding: $0, as: UTF8.self).uppercased() }) { $0 }.mapValues(\.count)
            country = codes.max { ($0.value, $1.key) < ($1.value, $0.key) }.flatMap { PhoneNumber.plan(of: $0.key) }
        }
    }
}
