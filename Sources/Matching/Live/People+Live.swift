extension People {
    /// Makes the tables ready for records that come later, and counts who carries which name.
    mutating func open() {
        for code in first { names.use(code) }
        for code in middle { names.use(code) }
        for code in last { names.use(code) }
        companies?.table.open()
        emails?.table.open()
        phones?.table.open()
        streets?.table.open()
        houseNumbers?.table.open()
        postcodes?.table.open()
        cities?.table.open()
        for index in identifiers.indices { identifiers[index].table.open() }
        for index in categories.indices { categories[index].table.open() }
    }

    /// Appends one record of another reading of the same columns; nobody is counted as carrying its values yet.
    mutating func append(_ record: Int, of other: People) {
        if hasNames {
            first.append(names.code(of: other.names, other.first[record]))
            middle.append(names.code(of: other.names, other.middle[record]))
            last.append(names.code(of: other.names, other.last[record]))
        }
        if !births.isEmpty { births.append(other.births[record]) }
        companies?.append(record, of: other.companies)
        emails?.append(record, of: other.emails)
        phones?.append(record, of: other.phones)
        streets?.append(record, of: other.streets)
        houseNumbers?.append(record, of: other.houseNumbers)
        postcodes?.append(record, of: other.postcodes)
        cities?.append(record, of: other.cities)
        for index in identifiers.indices { identifiers[index].append(record, of: other.identifiers[index]) }
        for index in categories.indices { categories[index].append(record, of: other.categories[index]) }
        count += 1
    }

    mutating func removeLast() {
        if hasNames {
            first.removeLast()
            middle.removeLast()
            last.removeLast()
        }
        if births.count > 0 { births.removeLast() }
        companies?.codes.removeLast()
        emails?.codes.removeLast()
        phones?.codes.removeLast()
        streets?.codes.removeLast()
        houseNumbers?.codes.removeLast()
        postcodes?.codes.removeLast()
        cities?.codes.removeLast()
        for index in identifiers.indices { identifiers[index].codes.removeLast() }
        for index in categories.indices { categories[index].codes.removeLast() }
        count -= 1
    }

    /// Puts the last record in the place of another.
    mutating func moveLast(to place: Int) {
        if hasNames {
            first[place] = first[count - 1]
            middle[place] = middle[count - 1]
            last[place] = last[count - 1]
        }
        if !births.isEmpty { births[place] = births[count - 1] }
        companies?.moveLast(to: place)
        emails?.moveLast(to: place)
        phones?.moveLast(to: place)
        streets?.moveLast(to: place)
        houseNumbers?.moveLast(to: place)
        postcodes?.moveLast(to: place)
        cities?.moveLast(to: place)
        for index in identifiers.indices { identifiers[index].moveLast(to: place) }
        for index in categories.indices { categories[index].moveLast(to: place) }
        removeLast()
    }

    /// Counts a record as carrying its values, or no longer.
    mutating func count(_ record: Int, isThere: Bool) {
        if hasNames { for code in [first[record], middle[record], last[record]] { names.count(code, isThere) } }
        companies?.count(record, isThere)
        emails?.count(record, isThere)
        phones?.count(record, isThere)
        streets?.count(record, isThere)
        houseNumbers?.count(record, isThere)
        postcodes?.count(record, isThere)
        cities?.count(record, isThere)
        for index in identifiers.indices { identifiers[index].count(record, isThere) }
        for index in categories.indices { categories[index].count(record, isThere) }
    }

    /// Leaves a record without any value.
    mutating func clear(_ record: Int) {
        if hasNames { (first[record], middle[record], last[record]) = (0, 0, 0) }
        if !births.isEmpty { births[record] = 0 }
        companies?.codes[record] = 0
        emails?.codes[record] = 0
        phones?.codes[record] = 0
        streets?.codes[record] = 0
        houseNumbers?.codes[record] = 0
        postcodes?.codes[record] = 0
        cities?.codes[record] = 0
        for index in identifiers.indices { identifiers[index].codes[record] = 0 }
        for index in categories.indices { categories[index].codes[record] = 0 }
    }

    /// Overwrites every text that no record carries.
    mutating func wipe() {
        names.wipe()
        companies?.table.wipe()
        emails?.table.wipe()
        phones?.table.wipe()
        streets?.table.wipe()
        houseNumbers?.table.wipe()
        postcodes?.table.wipe()
        cities?.table.wipe()
        for index in identifiers.indices { identifiers[index].table.wipe() }
        for index in categories.indices { categories[index].table.wipe() }
    }

    /// How many texts each table holds.
    var sizes: TableSizes {
        TableSizes(
            names: names.count, columns: [emails, phones, streets, houseNumbers, postcodes, cities, companies].map { $0?.table.count ?? 0 },
            identifiers: identifiers.map(\.table.count), categories: categories.map(\.table.count))
    }

    /// Drops the texts that came since, none of which a record carries.
    mutating func shrink(to sizes: TableSizes) {
        names.removeLast(downTo: sizes.names)
        emails?.table.removeLast(downTo: sizes.columns[0])
        phones?.table.removeLast(downTo: sizes.columns[1])
        streets?.table.removeLast(downTo: sizes.columns[2])
        houseNumbers?.table.removeLast(downTo: sizes.columns[3])
        postcodes?.table.removeLast(downTo: sizes.columns[4])
        cities?.table.removeLast(downTo: sizes.columns[5])
        companies?.table.removeLast(downTo: sizes.columns[6])
        for index in identifiers.indices { identifiers[index].table.removeLast(downTo: sizes.identifiers[index]) }
        for index in categories.indices { categories[index].table.removeLast(downTo: sizes.categories[index]) }
    }
}

struct TableSizes {
    let names: Int
    let columns: [Int]
    let identifiers: [Int]
    let categories: [Int]
}

extension TextTable {
    /// The number of another table's text.
    mutating func code(of other: TextTable, _ code: UInt32) -> UInt32 {
        let range = other.range(code)
        return self.code(of: other.bytes, range.lowerBound, range.upperBound)
    }

    mutating func count(_ code: UInt32, _ isThere: Bool) { if isThere { use(code) } else { disuse(code) } }
}

extension CodedColumn {
    mutating func append(_ record: Int, of other: CodedColumn?) {
        codes.append(other.map { table.code(of: $0.table, $0.codes[record]) } ?? 0)
    }
    mutating func moveLast(to place: Int) { codes[place] = codes[codes.count - 1] }
    mutating func count(_ record: Int, _ isThere: Bool) { table.count(codes[record], isThere) }
}
