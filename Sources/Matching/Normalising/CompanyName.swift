/// A company's name without what only says what form of company it is: "ACME, Incorporated" and "Acme Inc." are one.
public enum CompanyName {
    /// The words that tell one company from another, in plain letters; all of them where the name is nothing but legal forms.
    public static func canonical(_ text: String) -> String {
        var out: [UInt8] = []
        append(Array(text.utf8), to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    static func append(_ text: [UInt8], to out: inout [UInt8]) {
        var words = PlainText.of(text).split(separator: 0x20).map { Array($0) }
        // "S. A. de C. V.", "G.m.b.H.": letters that points part belong together.
        words = joined(words)
        let all = words
        // What stands before a name is as seldom a legal form as "The" is none.
        if words.count > 1, words[0] == Array("the".utf8) { words.removeFirst() }
        while let last = words.last, words.count > 1 {
            if let tail = tails.first(where: { $0.count < words.count && words.suffix($0.count).elementsEqual($0) }) { words.removeLast(tail.count) } else if forms.contains(last) { words.removeLast() } else { break }
        }
        words.removeAll { links.contains($0) }
        if words.isEmpty { words = all }
        out.append(contentsOf: words.map { long[$0] ?? $0 }.joined(separator: [0x20]))
    }

    private static func joined(_ words: [[UInt8]]) -> [[UInt8]] {
        var out: [[UInt8]] = []
        var letters: [UInt8] = []
        for word in words {
            if word.count == 1 { letters += word; continue }
            if !letters.isEmpty { out.append(letters) }
            letters = []
            out.append(word)
        }
        if !letters.isEmpty { out.append(letters) }
        return out
    }

    private static func words(_ text: String) -> [[UInt8]] { text.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) } }

    /// Legal forms of one word, in plain letters.
    private static let forms = Set(words("""
        inc incorporated corp corporation co company ltd limited llc llp lp plc pllc pc pty pvt public private
        gmbh ag kg kgaa ohg gbr ug mbh ev eg se haftungsbeschrankt haftungsbeschraenkt gesellschaft
        sa sl slu sau sas sarl srl spa snc scs sci sca eurl cv sapi rl sociedad anonima limitada cia compania
        as ltdsti sti anonim limited sirketi sirket tic san koll kollektif komandit
        bv nv vof cvba bvba ab aps oy oyj asa hb kb kft zrt nyrt doo dd ood eood sp zoo spolka sro spol ooo zao oao pao kk gk yk ptyltd
        """))
    /// Forms of several words, the longest first.
    private static let tails = [
        "sociedad anonima de capital variable", "limited liability company", "public limited company", "gesellschaft mit beschrankter haftung", "gesellschaft mit beschraenkter haftung",
        "gmbh und co kg", "gmbh co kg", "sanayi ve ticaret", "sa de cv", "s de rl", "de cv", "sp z oo", "pty ltd", "pvt ltd", "co ltd", "ve ticaret", "ve tic", "san ve tic",
    ].map(words)
    /// Words that join others.
    private static let links = Set(words("and und y e et ve the of de"))
    /// What is often written short.
    private static let long: [[UInt8]: [UInt8]] = Dictionary(
        uniqueKeysWithValues: [
            ("intl", "international"), ("int", "international"), ("tech", "technology"), ("technologies", "technology"), ("mfg", "manufacturing"), ("bros", "brothers"), ("svcs", "services"), ("svc", "services"),
            ("sys", "systems"), ("natl", "national"), ("assoc", "associates"), ("mgmt", "management"), ("ind", "industries"), ("inds", "industries"), ("eng", "engineering"), ("lab", "laboratories"),
            ("labs", "laboratories"), ("dept", "department"), ("univ", "university"), ("dist", "distribution"), ("solns", "solutions"),
        ].map { (Array($0.0.utf8), Array($0.1.utf8)) })
}
