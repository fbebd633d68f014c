/// What the name of a column says of the digits in it.
enum ColumnName {
    /// Words at the end of a name by which its digits are no quantity: `phone_number` and `zip`, but not `number_of_orders` and `code_count`.
    private static let codes: Set<String> = [
        "id", "code", "number", "phone", "telephone", "tel", "mobile", "fax", "zip", "postcode", "postal", "plz", "phonenumber", "telephonenumber", "mobilenumber", "zipcode", "postalcode", "userid", "customerid",
    ]

    /// Whether digits in it are a name, such as a telephone number, which begins with zeros and is never added up.
    static func isCode(_ name: String) -> Bool {
        words(name).last { $0.contains { !$0.isNumber } }.map(codes.contains) ?? false
    }

    /// `zipCode`, `zip_code`, `ZIP code` and `address.zip-code` end in `code`; a number by itself is a word, too, so that `phone_2` and `phone2` end in it.
    static func words(_ name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var before: Character?
        for character in name {
            let isNext = before.map { !$0.isUppercase && character.isUppercase || $0.isNumber != character.isNumber } ?? false
            if isNext || !(character.isLetter || character.isNumber), !word.isEmpty {
                words.append(word)
                word = ""
            }
            if character.isLetter || character.isNumber { word += character.lowercased() }
            before = character
        }
        return word.isEmpty ? words : words + [word]
    }
}
