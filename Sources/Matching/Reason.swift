/// One thing that speaks for or against two records being one person.
public struct Reason: Sendable, Hashable {
    /// log2 of how much likelier it is for one person than for strangers; below 0 it speaks against.
    public let bits: Double
    /// What was compared and how it came out, each part in every language.
    private let parts: [[String]]
    /// The name of the column, where the words need it.
    private let column: String

    /// In the order of the words below.
    public static let languages = ["en", "es", "tr"]

    init(bits: Double, parts: [String], column: String = "") {
        (self.bits, self.column) = (bits, column)
        self.parts = parts.filter { !$0.isEmpty }.map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
    }

    /// "e-mail the same": what was compared and how it came out, without the values.
    public var words: String { words(in: "en") }

    /// The same in another of ``languages``; in English for any other.
    public func words(in language: String) -> String {
        let index = Reason.languages.firstIndex(of: language) ?? 0
        return parts.map { ($0.count > index ? $0[index] : $0[0]).replacing("{}", with: column) }.joined(separator: ", ")
    }
}

/// What cells of comparisons mean, in English, Spanish and Turkish; the first of each list is the cell that says nothing.
enum ReasonWords {
    static let swapped = "given and family name swapped|nombre y apellido intercambiados|ad ve soyadı yer değiştirmiş"
    static let first = [
        "", "given name the same|nombre igual|ad aynı", "given names are forms of one|nombres que son formas de uno|adlar aynı adın biçimleri", "given name nearly the same|nombre casi igual|ad neredeyse aynı",
        "given name similar|nombre parecido|ad benzer", "given name differs|nombre distinto|ad farklı", "given name fits the initial|el nombre encaja con la inicial|ad baş harfe uyuyor",
        "initial differs|inicial distinta|baş harf farklı",
    ]
    static let last = [
        "", "family name the same|apellido igual|soyadı aynı", "family name nearly the same|apellido casi igual|soyadı neredeyse aynı", "family name similar|apellido parecido|soyadı benzer",
        "family name in part the same|apellido igual en parte|soyadı kısmen aynı", "family name differs|apellido distinto|soyadı farklı",
    ]
    static let middle = [
        "", "middle name the same|segundo nombre igual|ikinci ad aynı", "middle name nearly the same|segundo nombre casi igual|ikinci ad neredeyse aynı",
        "middle name fits the initial|el segundo nombre encaja con la inicial|ikinci ad baş harfe uyuyor", "middle name differs|segundo nombre distinto|ikinci ad farklı",
        "middle name has another initial|segundo nombre con otra inicial|ikinci adın baş harfi başka",
    ]
    static let email = [
        "", "e-mail the same|correo igual|e-posta aynı", "e-mail the same but for a slip in the domain|correo igual salvo un desliz en el dominio|e-posta, alan adındaki bir yazım hatası dışında aynı",
        "e-mail the same name at another provider|correo con el mismo nombre en otro proveedor|e-posta başka sağlayıcıda aynı ad",
        "e-mail the same but for a slip|correo igual salvo un desliz|e-posta bir yazım hatası dışında aynı", "e-mail differs|correo distinto|e-posta farklı",
    ]
    static let phone = [
        "", "telephone the same|teléfono igual|telefon aynı", "telephone the same but for one digit|teléfono igual salvo una cifra|telefon bir rakam dışında aynı", "telephone differs|teléfono distinto|telefon farklı",
    ]
    static let birth = [
        "", "date of birth the same|fecha de nacimiento igual|doğum tarihi aynı",
        "date of birth with day and month swapped|fecha de nacimiento con día y mes intercambiados|doğum tarihinde gün ve ay yer değiştirmiş",
        "date of birth the same but for one digit|fecha de nacimiento igual salvo una cifra|doğum tarihi bir rakam dışında aynı",
        "date of birth in the same year, one knows only the year|fecha de nacimiento del mismo año, en una solo consta el año|doğum tarihi aynı yıl, birinde yalnızca yıl var",
        "date of birth the same in two of three parts|fecha de nacimiento igual en dos de tres partes|doğum tarihinin üç parçasından ikisi aynı",
        "date of birth alike in most digits|fecha de nacimiento parecida en casi todas las cifras|doğum tarihinin çoğu rakamı aynı", "date of birth differs|fecha de nacimiento distinta|doğum tarihi farklı",
    ]
    static let street = [
        "", "street and number the same|calle y número iguales|sokak ve numara aynı", "street nearly the same|calle casi igual|sokak neredeyse aynı",
        "same street, another number|misma calle, otro número|aynı sokak, başka numara", "street differs|calle distinta|sokak farklı",
    ]
    static let postcode = [
        "", "postcode the same|código postal igual|posta kodu aynı", "postcode nearly the same|código postal casi igual|posta kodu neredeyse aynı",
        "postcode of the same district|código postal del mismo distrito|posta kodu aynı bölgeden", "postcode differs|código postal distinto|posta kodu farklı",
    ]
    static let city = ["", "town the same|localidad igual|şehir aynı", "town nearly the same|localidad casi igual|şehir neredeyse aynı", "town differs|localidad distinta|şehir farklı"]
    static let company = [
        "", "company name the same|nombre de empresa igual|şirket adı aynı", "company name nearly the same|nombre de empresa casi igual|şirket adı neredeyse aynı",
        "one company name within the other|un nombre de empresa contiene al otro|şirket adlarından biri ötekini içeriyor", "company names similar|nombres de empresa parecidos|şirket adları benzer",
        "company name differs|nombre de empresa distinto|şirket adı farklı",
    ]
    static let identifier = [
        "", "{} the same|{} igual|{} aynı", "{} the same but for one character|{} igual salvo un carácter|{} bir karakter dışında aynı",
        "{} the same but for two characters|{} igual salvo dos caracteres|{} iki karakter dışında aynı", "{} differs|{} distinto|{} farklı",
    ]
    static let category = [
        "", "{} the same|{} igual|{} aynı", "{} nearly the same|{} casi igual|{} neredeyse aynı", "{} one part of the other|{}: uno es parte del otro|{}: biri ötekinin parçası", "{} differs|{} distinto|{} farklı",
    ]
}

extension PairComparer {
    /// What speaks for and against, the weightiest first.
    func reasons(_ evidence: PairEvidence, _ model: MatchModel) -> [Reason] {
        comparisons.indices.filter { evidence.cells[$0] != 0 }.map { index in
            reason(index, Int(evidence.cells[index]), bits: Double(model.weights(evidence, comparisons, index).match))
        }.sorted { (abs($0.bits), $1.words) > (abs($1.bits), $0.words) }
    }

    private func reason(_ index: Int, _ cell: Int, bits: Double) -> Reason {
        switch comparisons[index].kind {
        case .name where cell == Comparison.nameSwapped: Reason(bits: bits, parts: [ReasonWords.swapped])
        case .name: Reason(bits: bits, parts: [ReasonWords.first[cell / 6], ReasonWords.last[cell % 6]])
        case .company: Reason(bits: bits, parts: [ReasonWords.company[cell]])
        case .middle: Reason(bits: bits, parts: [ReasonWords.middle[cell]])
        case .email: Reason(bits: bits, parts: [ReasonWords.email[cell]])
        case .phone: Reason(bits: bits, parts: [ReasonWords.phone[cell]])
        case .birth: Reason(bits: bits, parts: [ReasonWords.birth[cell]])
        case .address: Reason(bits: bits, parts: [ReasonWords.street[cell / 20], ReasonWords.postcode[cell / 4 % 5], ReasonWords.city[cell % 4]])
        case .identifier(let column): Reason(bits: bits, parts: [ReasonWords.identifier[cell]], column: people.identifiers[column].name)
        case .category(let column): Reason(bits: bits, parts: [ReasonWords.category[cell]], column: people.categories[column].name)
        }
    }
}
