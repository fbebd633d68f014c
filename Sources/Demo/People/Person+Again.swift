/// A dozen of twenty thousand people forgot that they had an account and opened another, with details as people type them a second time: what matching is for.
extension Person {
    /// Whether this is the second account of the person before.
    ///
    /// Of these numbers, nobody lives with another, works in a café or objects to analytics.
    static func isAgain(_ number: Int) -> Bool { number % 1800 == 71 }

    /// What they typed the second time.
    private enum Slip: Int, CaseIterable {
        /// Another mailbox, all else as before.
        case mailbox
        /// Two letters of the name changed places, and another mailbox.
        case letters
        /// Only the first letter of the first name, and another telephone.
        case initial
        /// They moved, and took the telephone along.
        case moved
        /// Another telephone and mailbox; the name, the birthday and the address are the same.
        case telephone
    }

    /// Makes this the second account of `first`: whatever the slip leaves alone is theirs.
    mutating func become(_ first: Person) {
        let slip = Slip.allCases[number / 1800 % Slip.allCases.count]
        let own = (
            phone: "+\(first.region.phoneCode)000\(padded(number, to: 7))", street: "\(first.region.streets[number % first.region.streets.count]) \(1 + number % 180)")
        (region, city, street, birthday, phone) = (first.region, first.city, first.street, first.birthday, first.phone)
        (firstName, lastName) = (first.firstName, first.lastName)
        let (name, domain) = (first.email.prefix { $0 != "@" }, first.email.drop { $0 != "@" })
        // A mailbox of the same name at another house, or one of another name.
        email = domain == "@example.com" ? "\(name)@example.org" : "\(name)@example.com"
        switch slip {
        case .mailbox: break
        case .letters: lastName = Person.misspelt(lastName)
        case .initial: (firstName, phone, email) = (String(firstName.prefix(1)) + ".", own.phone, "tea.\(number + 1)@example.org")
        case .moved: (street, city, email) = (own.street, region.cities[number % region.cities.count], "leaf.\(number + 1)@example.net")
        case .telephone: (phone, email) = (own.phone, "cup.\(number + 1)@example.net")
        }
        isNew = true
    }

    /// With its second and third letter exchanged; short names stay as they are.
    private static func misspelt(_ name: String) -> String {
        var letters = Array(name)
        guard letters.count > 3 else { return name }
        letters.swapAt(1, 2)
        return String(letters)
    }
}
