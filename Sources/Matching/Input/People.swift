import Foundation

/// One column of values, numbered; 0 where a record has none.
struct CodedColumn: Sendable {
    var name: String
    var table = TextTable()
    var codes: [UInt32]
    /// Records that have a value.
    var present = 0

    init(name: String, count: Int) {
        self.name = name
        codes = [UInt32](repeating: 0, count: count)
    }

    /// What is longer than any name or address is cut, so that comparing two of them has a bound.
    static let lengthMaximum = 100

    mutating func set(_ index: Int, _ text: [UInt8]) {
        guard !text.isEmpty else { return }
        let code = table.code(of: text, 0, min(text.count, CodedColumn.lengthMaximum))
        table.use(code)
        codes[index] = code
        present += 1
    }
}

/// The records of a file column by column, in canonical form, in an order that hangs only on what stands in them.
struct People: Sendable {
    var count: Int
    /// The file's row of each record; of those that came later there is none.
    let rows: [UInt32]
    let reading: Reading

    /// All parts of names in one table, so that swapped ones can be seen.
    var names = TextTable()
    var first: [UInt32] = []
    var middle: [UInt32] = []
    var last: [UInt32] = []
    /// Names of companies, without their legal forms.
    var companies: CodedColumn?
    var emails: CodedColumn?
    var phones: CodedColumn?
    var births: [Int32] = []
    var streets: CodedColumn?
    var houseNumbers: CodedColumn?
    var postcodes: CodedColumn?
    var cities: CodedColumn?
    var identifiers: [CodedColumn] = []
    var categories: [CodedColumn] = []
    var hasNames: Bool { !first.isEmpty }

    /// Fewer rows are read before other threads have woken.
    private static let parallelMinimum = 200

    /// - Parameter reading: how numbers and dates are to be read; found in the file unless given.
    init(_ text: DelimitedText, _ schema: Schema, reading: Reading? = nil) {
        count = text.rowCount
        let hashes = (0..<text.rowCount).map { text.hash(row: $0) }
        let rows = (0..<UInt32(text.rowCount)).sorted { (hashes[Int($0)], $0) < (hashes[Int($1)], $1) }
        self.rows = rows
        let builder = PeopleBuilder(text, schema, rows, reading)
        self.reading = builder.reading
        let all = PeopleBuilder.Part.allCases
        let parts = count < People.parallelMinimum ? all.map(builder.build) : parallel(all.count) { builder.build(all[$0]) }
        for part in parts {
            switch part {
            case .names(let table, let first, let middle, let last): (names, self.first, self.middle, self.last) = (table, first, middle, last)
            case .companies(let column): companies = column
            case .emails(let column): emails = column
            case .phones(let column): phones = column
            case .births(let births): self.births = births
            case .address(let streets, let numbers): (self.streets, houseNumbers) = (streets, numbers)
            case .places(let postcodes, let cities): (self.postcodes, self.cities) = (postcodes, cities)
            case .values(let identifiers, let categories): (self.identifiers, self.categories) = (identifiers, categories)
            }
        }
    }
}

/// Runs `body` for 0 ..< `count` on all cores; results in order. A thread that steps back for others does it alone: those that help it would not step back.
func parallel<T: Sendable>(_ count: Int, _ body: @Sendable (Int) -> T) -> [T] {
    // PRIO_PROCESS, whose type is another on each system: of Linux, the niceness of this thread.
    if getpriority(0, 0) > 0 { return (0..<count).map(body) }
    nonisolated(unsafe) var results = [T?](repeating: nil, count: count)
    unsafe results.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let buffer = unsafe buffer
        // SAFETY: each index is written by one iteration.
        DispatchQueue.concurrentPerform(iterations: count) { index in unsafe buffer[index] = body(index) }
    }
    return results.map { $0! }
}
