/// What a column says about a record.
public enum ColumnRole: String, Sendable, Hashable, CaseIterable {
    case recordID, firstName, middleName, lastName, fullName, email, phone
    case birthDate, birthYear, birthMonth, birthDay
    case street, houseNumber, city, postcode, country
    /// The name of a company, and where it is in the web: an address, or an e-mail at its own domain.
    case company, domain
    /// A number or code that belongs to one person, account or device.
    case identifier
    /// A value out of a list: gender, occupation, place of birth.
    case category
    case ignored

    /// What the header alone says; nil where it says nothing.
    public init?(named name: String) {
        let key = String(decoding: PlainText.of(Array(name.utf8)), as: UTF8.self).filter { $0 != " " }
        if let role = ColumnRole.names[key] { self = role; return }
        // "customer_email", "Home Phone", "res_street": the word that says what it is stands among others.
        guard let part = ColumnRole.parts.first(where: { key.contains($0.word) }) else { return nil }
        let isBoth = part.role == .lastName && key.contains("first")
        self = isBoth ? .fullName : part.role
    }

    /// Words that tell inside a longer name, the surest first.
    private static let parts: [(word: String, role: ColumnRole)] = [
        ("email", .email), ("eposta", .email), ("phone", .phone), ("telefon", .phone), ("mobile", .phone), ("birthplace", .category), ("birthdate", .birthDate), ("dateofbirth", .birthDate),
        ("birthyear", .birthYear), ("postcode", .postcode), ("postalcode", .postcode), ("zipcode", .postcode), ("surname", .lastName), ("lastname", .lastName), ("familyname", .lastName),
        ("firstname", .firstName), ("givenname", .firstName), ("forename", .firstName), ("middlename", .middleName), ("midlname", .middleName), ("fullname", .fullName), ("street", .street),
    ]

    private static let names: [String: ColumnRole] = {
        let lists: [(ColumnRole, String)] = [
            (.recordID, "recordid id rowid recid rownumber uniqueid uid"),
            (.firstName, "first firstname givenname given forename fname vorname nombre ad adi isim prenom firstgivenname name1"),
            (.middleName, "middle middlename middleinitial mi mname secondname firstname2 givenname2 zweitername segundonombre ikinciad"),
            (.lastName, "last lastname surname familyname lname nachname familienname apellido apellidos soyad soyadi soyisim nom"),
            (.fullName, "full fullname name personname customername contactname displayname nombrecompleto adsoyad vollername"),
            (.email, "email emailaddress mail emailid correo correoelectronico eposta eposta1 email1"),
            (.phone, "phone phonenumber telephone tel mobile mobilephone cell cellphone msisdn telefon telefono telefonnummer handy movil cep ceptelefonu phone1 homephone"),
            (.birthDate, "dob birthdate dateofbirth birthday born geburtsdatum geburtstag fechadenacimiento nacimiento dogumtarihi bdate"),
            (.birthYear, "birthyear yearofbirth yob by geburtsjahr dogumyili"), (.birthMonth, "birthmonth monthofbirth mob bm"), (.birthDay, "dayofbirth bd birthdayofmonth"),
            (.street, "street address addressline1 address1 streetaddress streetname addr strasse calle direccion adres sokak"),
            (.houseNumber, "streetnumber housenumber houseno hausnummer buildingnumber kapino number"),
            (.city, "city town suburb locality ort stadt ciudad sehir il ilce municipality"),
            (.postcode, "postcode zip zipcode postalcode plz codigopostal cp postakodu"),
            (.country, "country countrycode land pais ulke"),
            (.identifier, "socsecid ssn socialsecuritynumber nationalid taxid passport dni nif tckimlikno "
                + "customerno customernumber customerid userid deviceid device accountno accountnumber loyaltyid memberid membershipno "
                + "vat vatid vatno vatnumber ein taxno taxnumber taxpayerid companynumber registrationno ustid ustidnr steuernummer nit rfc vergino vkn duns lei"),
            (.company, "company companyname legalname legalentity accountname organization organisation organizationname organisationname businessname firm firma firmenname empresa razonsocial "
                + "nombreempresa sirket sirketadi unvan ticariunvan firmaadi"),
            (.domain, "domain website web url homepage webseite sitioweb paginaweb website1 websitesi"),
            (.category, "gender sex geschlecht sexo cinsiyet birthplace placeofbirth occupation job jobtitle title employer nationality"),
            (.ignored, "source created createdat updated updatedat modifiedat timestamp date datetime time "
                + "channel notes note comment state province region lastname2 surname2 importedat version"),
        ]
        var out: [String: ColumnRole] = [:]
        for (role, names) in lists { for name in names.split(separator: " ") { out[String(name)] = role } }
        return out
    }()
}

/// The columns of a file with what each is taken for.
public struct Schema: Sendable {
    public var roles: [ColumnRole]

    public init(roles: [ColumnRole]) { self.roles = roles }

    /// Recognises each column by its name and, where that says nothing, by what stands in it.
    public init(recognising text: DelimitedText) {
        roles = text.header.map { ColumnRole(named: $0) ?? .ignored }
        for column in text.header.indices where ColumnRole(named: text.header[column]) == nil {
            roles[column] = ColumnSample(text, column).role
        }
        keepOneRecordID(text)
        tellCompanies()
        // "birthday" beside a year of birth is the day in the month.
        if !columns(.birthYear).isEmpty { for column in columns(.birthDate) where ColumnSample(text, column).isShort { roles[column] = .birthDay } }
        // The whole name beside its parts says the same again; where only some records have parts, the rest is read from it.
        if roles.allSatisfy({ $0 != .street }) { for column in roles.indices where roles[column] == .houseNumber { roles[column] = .ignored } }
    }

    /// A company's name among people's is a value out of a list; where records are companies, what is called only a name is theirs.
    private mutating func tellCompanies() {
        let people: Set<ColumnRole> = [.firstName, .lastName, .birthDate, .birthYear]
        let arePeople = roles.contains(where: people.contains) || roles.contains(.fullName) && roles.contains(.company)
        if !arePeople, !roles.contains(.company), roles.contains(.domain) { for column in columns(.fullName) { roles[column] = .company } }
        guard arePeople || !roles.contains(.company) else { return }
        for column in columns(.company) { roles[column] = .category }
        for column in columns(.domain) { roles[column] = .ignored }
    }

    /// Whether records are companies and not people.
    public var areCompanies: Bool { roles.contains(.company) }

    public var isUsable: Bool { roles.contains { $0 != .recordID && $0 != .ignored && $0 != .country } }

    func columns(_ role: ColumnRole) -> [Int] { roles.indices.filter { roles[$0] == role } }

    /// An "id" that repeats is not the record's own but somebody's.
    private mutating func keepOneRecordID(_ text: DelimitedText) {
        var isFound = false
        for column in columns(.recordID) {
            if !isFound, ColumnSample(text, column).isDistinct { isFound = true } else { roles[column] = .identifier }
        }
    }
}

/// A look at the first values of a column.
struct ColumnSample {
    private var values: [[UInt8]] = []
    private var distinct: Set<[UInt8]> = []
    private var rowsSeen = 0

    init(_ text: DelimitedText, _ column: Int, rowsMaximum: Int = 4000) {
        for row in 0..<min(text.rowCount, rowsMaximum) {
            var value: [UInt8] = []
            text.append(row: row, column: column, to: &value)
            rowsSeen += 1
            guard !value.isEmpty else { continue }
            distinct.insert(value)
            values.append(value)
        }
    }

    var isShort: Bool { values.allSatisfy { $0.count <= 2 } }
    var isDistinct: Bool { !values.isEmpty && distinct.count == values.count }

    var role: ColumnRole {
        guard !values.isEmpty else { return .ignored }
        if share({ EmailAddress.canonical(String(decoding: $0, as: UTF8.self)) != nil }) > 0.8 { return .email }
        if share({ $0.first == 0x2b && $0.filter(ColumnSample.isDigit).count >= 8 }) > 0.5 { return .phone }
        let years = values.compactMap { BirthDate($0, order: .dayFirst).flatMap { $0.month > 0 && $0.day > 0 && (1800...2100).contains($0.year) ? $0.year : nil } }.sorted()
        if years.count * 10 > values.count * 9 {
            // Dates of birth go over generations; those of events are recent and close together.
            return years[years.count * 9 / 10] - years[years.count / 10] > 20 ? .birthDate : .ignored
        }
        let known = share { value in PlainText.of(value).split(separator: 0x20).contains { !Nicknames.shared.groups(of: Array($0)).isEmpty } }
        if known > 0.4 { return share({ PlainText.of($0).contains(0x20) }) > 0.5 ? .fullName : .firstName }
        let hasDigits = share { $0.contains(where: ColumnSample.isDigit) }
        let repeats = 1 - Double(distinct.count) / Double(values.count)
        if hasDigits > 0.8 {
            if share({ $0.contains(0x2e) }) > 0.5 { return .ignored }
            return repeats < 0.9 && share({ $0.count >= 5 }) > 0.8 ? .identifier : .ignored
        }
        return repeats > 0.3 && distinct.count > 1 ? .category : .ignored
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private func share(_ test: ([UInt8]) -> Bool) -> Double { Double(values.count(where: test)) / Double(values.count) }
}
