extension PairComparer {
    /// What comparing needs of a file and its values, worked out once and shared by threads.
    struct Preparation: Sendable {
        let people: People
        let population: Population
        let comparisons: [Comparison]
        let nicknameGroups: [[UInt16]]
        /// By e-mail number: the number of its local part.
        let local: [UInt32]

        init(_ people: People, _ population: Population) {
            self.people = people
            self.population = population
            nicknameGroups = NameRelations.groups(people.names)
            local = people.emails.map(Preparation.locals) ?? []
            var list: [Comparison] = []
            if people.hasNames { list.append(.name) }
            if people.middle.contains(where: { $0 != 0 }) { list.append(.middle) }
            if people.emails != nil { list.append(.email) }
            if people.phones != nil { list.append(.phone) }
            if people.births.contains(where: { $0 != 0 }) { list.append(.birth) }
            if people.streets != nil || people.postcodes != nil || people.cities != nil { list.append(.address) }
            for index in people.identifiers.indices { list.append(.identifier(index, IdentifierKind(named: people.identifiers[index].name))) }
            for index in people.categories.indices { list.append(.category(index)) }
            comparisons = list
        }

        private static func locals(_ emails: CodedColumn) -> [UInt32] {
            var table = TextTable()
            return (0..<UInt32(emails.table.count)).map { code in
                let range = emails.table.range(code)
                guard let at = emails.table.bytes[range].firstIndex(of: 0x40) else { return 0 }
                return table.code(of: emails.table.bytes, range.lowerBound, at)
            }
        }
    }
}
