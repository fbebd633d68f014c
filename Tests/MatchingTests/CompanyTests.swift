import Matching
import Testing

@Suite("Which companies are one")
struct CompanyTests {
    @Test("a legal form, in any language and spelling, does not tell two companies apart", arguments: [
        ["Acme Inc.", "ACME, Incorporated", "acme", "Acme Co., Ltd.", "The Acme Company", "ACME CORP", "Acme, LLC"],
        ["Müller & Söhne GmbH", "Muller und Sohne G.m.b.H.", "MÜLLER SÖHNE GmbH & Co. KG"],
        ["Transportes García S.A. de C.V.", "Transportes Garcia, S. de R.L.", "TRANSPORTES GARCIA S A", "Transportes García Sociedad Anónima"],
        ["Yıldız Çay Sanayi ve Ticaret A.Ş.", "YILDIZ ÇAY A.Ş.", "Yildiz Cay Ltd. Şti.", "Yıldız Çay San. ve Tic. Ltd. Şti."],
        ["Wren Intl.", "Wren International plc"], ["Smith Bros", "Smith Brothers, LLP"],
    ])
    func forms(names: [String]) { #expect(Set(names.map(CompanyName.canonical)).count == 1, "\(names.map(CompanyName.canonical))") }

    @Test("what is more than a legal form stays", arguments: [("Acme Foods Inc.", "Acme Tools Inc."), ("AG", "SE"), ("Limited Run Records", "Public Records"), ("Company 3", "Company 4")])
    func kept(_ a: String, _ b: String) { #expect(CompanyName.canonical(a) != CompanyName.canonical(b) && !CompanyName.canonical(a).isEmpty) }

    @Test("a domain is what stands between scheme and path, or behind the at", arguments: [
        ("https://www.acme.com/en/about?x=1", "acme.com"), ("ACME.com", "acme.com"), ("sales@acme.com", "acme.com"), ("http://shop.acme.co.uk:8080", "shop.acme.co.uk"), ("acme.com.", "acme.com"),
    ])
    func domains(text: String, domain: String) { #expect(WebDomain.canonical(text) == domain) }

    @Test("no domain of a company", arguments: ["", "acme", "ada@gmail.com", "https://", "@", "...", ".com", "n/a"])
    func noDomain(text: String) { #expect(WebDomain.canonical(text) == nil) }

    @Test("a file of companies is recognised by its columns, and one of people with an employer stays people's")
    func recognised() throws {
        func roles(_ csv: String) throws -> [ColumnRole] { Schema(recognising: try DelimitedText(Array(csv.utf8))).roles }
        #expect(try roles("id,Company Name,Website,VAT Number,City\n1,Acme Inc,acme.com,DE123456789,Berlin") == [.recordID, .company, .domain, .identifier, .city])
        #expect(try roles("id,name,domain\n1,Acme Inc,acme.com") == [.recordID, .company, .domain])
        #expect(try roles("Firma,PLZ\nAcme GmbH,10115") == [.company, .postcode])
        #expect(try roles("first_name,last_name,company,website\nAda,Wren,Acme,acme.com") == [.firstName, .lastName, .category, .ignored])
        #expect(try roles("name,company,email\nAda Wren,Acme,ada@acme.com") == [.fullName, .category, .email])
    }

    private struct Companies {
        var lines = ["id,company,website,tax_id,phone,street,city"]
        var truth: [String] = []
        private var random: Words
        private static let heads = ["Nor", "Vel", "Kas", "Tri", "Lum", "Ber", "Cor", "Dal", "Fen", "Gal", "Hol", "Jun", "Mar", "Os", "Pel", "Quin", "Ros", "Sol", "Tam", "Ul", "Wes", "Zan"]
        private static let tails = ["dex", "mont", "vara", "lin", "tek", "berg", "ston", "ria", "dale", "nova", "wick", "field", "mark", "ova"]
        private static let trades = ["Foods", "Logistics", "Systems", "Textiles", "Energy", "Consulting", "Tools", "Travel", "Media", "Chemicals"]
        private static let forms = ["Inc.", "Incorporated", "LLC", "Ltd", "GmbH", "S.A.", "Corp", "Corporation", "", "A.Ş."]

        init(seed: UInt64, count: Int) {
            random = Words(seed: seed)
            for company in 0..<count { add(company) }
        }

        private func pick(_ list: [String], _ random: inout Words) -> String { list[random.next(list.count)] }

        private mutating func add(_ company: Int) {
            // A fifth belong to a group: the same first word and domain, another trade and tax id.
            let group = company % 5 == 0 && company > 0 ? company - 1 : company
            var own = Words(seed: UInt64(group) &* 7919 &+ 13)
            let base = pick(Companies.heads, &own) + pick(Companies.tails, &own) + (own.next(2) == 0 ? pick(Companies.tails, &own) : "")
            let trade = Companies.trades[(group + (company - group) * 3) % Companies.trades.count]
            let domain = "\(base.lowercased())\(own.next(50)).com"
            let tax = "DE\(100_000_000 + random.next(800_000_000))"
            let phone = "+4930\(1_000_000 + random.next(8_000_000))"
            let street = "\(1 + random.next(200)) \(pick(["Harbor", "Mill", "Oak", "Rose", "Canal"], &random)) Street"
            let city = pick(["Berlin", "Madrid", "Ankara", "Leeds", "Lyon"], &random)
            for _ in 0..<(1 + random.next(4)) {
                var name = "\(base) \(trade)"
                if random.next(8) == 0 { name = base + trade }
                if random.next(10) == 0 { name = String(name.dropLast()) }
                if random.next(3) == 0 { name = name.uppercased() }
                let site = random.next(3) == 0 ? "" : random.next(2) == 0 ? "https://www.\(domain)/en" : domain
                lines.append(
                    "\(truth.count),\"\(name), \(pick(Companies.forms, &random))\",\(site),\(random.next(2) == 0 ? "" : tax),\(random.next(2) == 0 ? "" : phone),\(random.next(3) == 0 ? "" : street),\(city)")
                truth.append("\(company)")
            }
        }
    }

    @Test("companies come out as they are, those of one group apart", arguments: [3, 4])
    func generated(seed: UInt64) throws {
        let companies = Companies(seed: seed, count: 1200)
        let result = try Truth.match(companies.lines.joined(separator: "\n"))
        let (precision, recall, f1) = Truth.pairwise(result.clusters, companies.truth)
        #expect(precision >= 0.95 && recall >= 0.95 && f1 >= 0.95, "precision \(precision), recall \(recall), F1 \(f1), largest \(result.largest)")
    }

    @Test("each pair of companies says why, in three languages")
    func reasons() throws {
        let result = try Truth.match("company,website\nAcme Inc.,acme.com\n\"ACME, Incorporated\",https://www.acme.com\n")
        #expect(result.clusterCount == 1)
        let reasons = result.explainer().reasons(0, 1)
        #expect(Set(reasons.map(\.words)) == ["company name the same", "domain the same"])
        #expect(Set(reasons.map { $0.words(in: "es") }) == ["nombre de empresa igual", "domain igual"])
        #expect(reasons.allSatisfy { !$0.words(in: "tr").isEmpty && $0.words(in: "xx") == $0.words })
    }
}
