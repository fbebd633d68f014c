/// Reads the columns of a file into coded ones, part by part.
struct PeopleBuilder: Sendable {
    enum Part: CaseIterable { case names, companies, emails, phones, address, births, places, values }
    enum Built: Sendable {
        case names(TextTable, [UInt32], [UInt32], [UInt32])
        case companies(CodedColumn?), emails(CodedColumn?), phones(CodedColumn?), births([Int32]), address(CodedColumn?, CodedColumn?), places(CodedColumn?, CodedColumn?)
        case values([CodedColumn], [CodedColumn])
    }
    private let text: DelimitedText
    private let schema: Schema
    private let rows: [UInt32]
    let reading: Reading

    init(_ text: DelimitedText, _ schema: Schema, _ rows: [UInt32], _ reading: Reading?) {
        (self.text, self.schema, self.rows) = (text, schema, rows)
        self.reading = reading ?? Reading(text, schema, rows)
    }

    func build(_ part: Part) -> Built {
        switch part {
        case .names: names()
        case .companies: .companies(column(.company) { CompanyName.append($0, to: &$1) })
        case .emails: .emails(column(.email) { value, out in _ = EmailAddress.append(value, to: &out) })
        case .phones: .phones(phones())
        case .births: .births(births())
        case .address: address()
        case .places:
            .places(column(.postcode) { value, out in for byte in PlainText.of(value) where byte != 0x20 { out.append(byte) } }, column(.city) { PlainText.append($0, to: &$1) })
        case .values:
            .values(
                schema.columns(.identifier).map { column(at: [$0]) { value, out in for byte in PlainText.of(value) where byte != 0x20 { out.append(byte) } } } + domains(),
                schema.columns(.category).map { column(at: [$0]) { PlainText.append($0, to: &$1) } })
        }
    }

    static let domains = "domain"

    /// Of a company without an own column for it, its e-mail's.
    private func domains() -> [CodedColumn] {
        guard schema.areCompanies else { return [] }
        let columns = schema.columns(.domain) + schema.columns(.email)
        guard !columns.isEmpty else { return [] }
        var column = column(at: columns) { WebDomain.append($0, to: &$1) }
        column.name = PeopleBuilder.domains
        return [column]
    }

    private func column(_ role: ColumnRole, _ canonical: ([UInt8], inout [UInt8]) -> Void) -> CodedColumn? {
        let columns = schema.columns(role)
        return columns.isEmpty ? nil : column(at: columns, canonical)
    }

    /// Of several columns, the first that has a value counts.
    private func column(at columns: [Int], _ canonical: ([UInt8], inout [UInt8]) -> Void) -> CodedColumn {
        var out = CodedColumn(name: text.header[columns[0]], count: rows.count)
        var raw: [UInt8] = []
        var value: [UInt8] = []
        for (index, row) in rows.enumerated() {
            for column in columns {
                raw.removeAll(keepingCapacity: true)
                value.removeAll(keepingCapacity: true)
                text.append(row: Int(row), column: column, to: &raw)
                if !raw.isEmpty { canonical(raw, &value) }
                if !value.isEmpty { break }
            }
            out.set(index, value)
        }
        out.table.close()
        return out
    }

    private func phones() -> CodedColumn? { column(.phone) { value, out in _ = PhoneNumber.append(value, country: reading.country, to: &out) } }

    private func births() -> [Int32] {
        var raw: [UInt8] = []
        if let column = schema.columns(.birthDate).first {
            return rows.map { row in
                raw.removeAll(keepingCapacity: true)
                text.append(row: Int(row), column: column, to: &raw)
                return raw.isEmpty ? 0 : BirthDate(raw, order: reading.dates)?.packed ?? 0
            }
        }
        guard let year = schema.columns(.birthYear).first else { return [] }
        let parts: [Int?] = [year, schema.columns(.birthMonth).first, schema.columns(.birthDay).first]
        return rows.map { row in
            let numbers = parts.map { column -> Int in
                guard let column else { return 0 }
                raw.removeAll(keepingCapacity: true)
                text.append(row: Int(row), column: column, to: &raw)
                return raw.count <= 4 ? Int(String(decoding: raw, as: UTF8.self)) ?? 0 : 0
            }
            return BirthDate(year: numbers[0], month: max(0, numbers[1]), day: max(0, numbers[2]))?.packed ?? 0
        }
    }

    private func address() -> Built {
        let columns: [Int] = Array(schema.columns(.houseNumber).prefix(1)) + Array(schema.columns(.street).prefix(1))
        guard let street = schema.columns(.street).first else { return .address(nil, nil) }
        var streets = CodedColumn(name: text.header[street], count: rows.count)
        var numbers = CodedColumn(name: "house number", count: rows.count)
        var parts = AddressParts()
        var raw: [UInt8] = []
        for (index, row) in rows.enumerated() {
            raw.removeAll(keepingCapacity: true)
            for column in columns {
                if !raw.isEmpty { raw.append(0x20) }
                text.append(row: Int(row), column: column, to: &raw)
            }
            parts.clear()
            parts.read(raw)
            streets.set(index, parts.street)
            numbers.set(index, parts.number)
        }
        streets.table.close()
        numbers.table.close()
        return .address(streets, numbers)
    }

    private func names() -> Built {
        let (firsts, middles, lasts, fulls) = (schema.columns(.firstName), schema.columns(.middleName), schema.columns(.lastName), schema.columns(.fullName))
        guard !(firsts + lasts + fulls).isEmpty else { return .names(TextTable(), [], [], []) }
        var table = TextTable()
        var out = [[UInt32]](repeating: [], count: 3)
        for index in out.indices { out[index].reserveCapacity(rows.count) }
        var parts = NameParts()
        var raw: [UInt8] = []
        func each(_ columns: [Int], _ row: UInt32, _ read: ([UInt8]) -> Void) {
            for column in columns {
                raw.removeAll(keepingCapacity: true)
                text.append(row: Int(row), column: column, to: &raw)
                if !raw.isEmpty { read(raw) }
            }
        }
        for row in rows {
            parts.clear()
            each(firsts, row) { parts.readFirst($0) }
            each(middles, row) { parts.readMiddle($0) }
            each(lasts, row) { parts.readLast($0) }
            if parts.first.isEmpty, parts.last.isEmpty { each(fulls.prefix(1).map { $0 }, row) { parts.readFull($0) } }
            for (index, part) in [parts.first, parts.middle, parts.last].enumerated() {
                out[index].append(table.code(of: part, 0, min(part.count, CodedColumn.lengthMaximum)))
            }
        }
        return .names(table, out[0], out[1], out[2])
    }
}
