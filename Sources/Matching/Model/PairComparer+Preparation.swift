extension PairComparer {
    /// What comparing needs of a file and its values, worked out once and shared by threads.
    struct Preparation: Sendable {
        let people: People
        let population: Population
        let comparisons: [Comparison]
        let nicknameGroups: [[UInt16]]
        /// By e-mail number: the number of its local part.
        private(set) var local: [UInt32]

        init(_ people: People, _ population: Population) {
            self.people = people
            self.population = population
            nicknameGroups = NameRelations.groups(people.names)
            local = []
            var locals = TextTable()
            if let emails = people.emails { Preparation.keep(&local, &locals, with: emails.table) }
            var list: [Comparison] = []
            if people.hasNames { list.append(.name) }
            if people.companies != nil { list.append(.company) }
            if !people.middle.isEmpty { list.append(.middle) }
            if people.emails != nil { list.append(.email) }
            if people.phones != nil { list.append(.phone) }
            if !people.births.isEmpty { list.append(.birth) }
            if people.streets != nil || people.postcodes != nil || people.cities != nil { list.append(.address) }
            for index in people.identifiers.indices { list.append(.identifier(index, IdentifierKind(named: people.identifiers[index].name))) }
            for index in people.categories.indices { list.append(.category(index)) }
            comparisons = list
        }

        /// Follows a table of e-mails that has more of them than before, or fewer.
        static func keep(_ local: inout [UInt32], _ locals: inout TextTable, with emails: TextTable) {
            while local.count > emails.count { local.removeLast() }
            for code in UInt32(local.count)..<UInt32(max(local.count, emails.count)) {
                let range = emails.range(code)
                local.append(emails.bytes[range].firstIndex(of: 0x40).map { locals.code(of: emails.bytes, range.lowerBound, $0) } ?? 0)
            }
        }
    }
}
