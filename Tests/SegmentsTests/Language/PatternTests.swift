import Segments
import TestSupport
import Testing

@Suite("Regular expressions")
struct PatternTests {
    @Test("without accents, letters that differ in their marks alone are the same, and others are not", arguments: [
        ("José", "jose", true), ("Jose\u{301}", "JOSÉ", true), ("İSTANBUL", "istanbul", true), ("ısparta", "Isparta", true), ("Weiß", "WEISS", true), ("Łódź", "lodz", true), ("Ærø", "aero", true), ("Ñandú", "nandu", true),
        ("Ἀθῆναι", "αθηναι", true), ("й", "и", true), ("Müller", "Mueller", false), ("José", "jos", false), ("ガ", "カ", false), ("茶", "茶", true), ("tea", "TEA", true),
    ])
    func accents(_ a: String, _ b: String, _ areSame: Bool) { #expect((AccentFolding.folded(a) == AccentFolding.folded(b)) == areSame) }

    @Test("the whole text must match", arguments: [
        ("tea", "tea", true), ("tea", "teapot", false), ("tea", "a tea", false), (".*tea.*", "a tea!", true), ("", "", true), ("", "x", false), ("t.a", "t\na", false),
        ("(?s)t.a", "t\na", true), ("[a-c]+", "abcabc", true), ("[a-c]+", "abd", false), ("[^a-c]", "d", true), ("[^a-c]", "a", false), ("[]a]", "]", true),
        ("a|bc|", "bc", true), ("a|bc|", "", true), ("a|bc", "c", false), ("a{2,3}", "a", false), ("a{2,3}", "aa", true), ("a{2,3}", "aaaa", false), ("a{2,}", "aaaaa", true),
        ("(ab)*c?", "ababc", true), ("(ab)*c?", "abac", false), ("a{0}", "", true), ("x{,2}", "x{,2}", true), ("\\d+-\\w+", "12-a_1", true), ("\\d", "٣", false), ("\\p{N}", "٣", true),
        ("\\p{L}+", "Ünïcode茶", true), ("\\P{L}", "茶", false), ("(?i)straSSE", "STRASSE", true), ("(?i)ÄPFEL", "äpfel", true), ("(?i)[a-z]+", "TEA", true), ("(?i:a)b", "Ab", true), ("(?i:a)b", "AB", false),
        ("\\bte\\b.*", "te a", true), ("\\bte\\b.*", "tea", false), ("^tea$", "tea", true), ("a^b", "ab", false), ("\\x41\\x{1f375}\\u0042", "A🍵B", true), ("a\\.b", "a.b", true), ("a\\.b", "axb", false),
        ("(a*)*", "aaa", true), ("(|a)+", "aa", true), ("a*?b+?", "aabb", true), ("(?:a|b)c", "bc", true), ("(?<name>a)", "a", true), ("[\\d_-]+", "1_-", true), ("🫖+", "🫖🫖", true),
    ])
    func matching(_ pattern: String, _ text: String, _ expected: Bool) throws { #expect(try TextPattern(pattern).matches(text) == expected) }

    @Test("what cannot be answered in linear time is refused with the reason", arguments: [
        ("(a)\\1", "segments.pattern-refused"), ("(?=a)b", "segments.pattern-refused"), ("(?<!a)b", "segments.pattern-refused"), ("\\k<n>", "segments.pattern-refused"), ("(?>a)", "segments.pattern-refused"),
        ("a++", "segments.pattern-refused"), ("(", "segments.bad-pattern"), (")", "segments.bad-pattern"), ("[a", "segments.bad-pattern"), ("*a", "segments.bad-pattern"), ("a{3,2}", "segments.bad-pattern"),
        ("[z-a]", "segments.bad-pattern"), ("\\", "segments.bad-pattern"), ("\\q", "segments.bad-pattern"), ("\\p{Tea}", "segments.bad-pattern"), ("(?x)a", "segments.bad-pattern"), ("a{1001}", "segments.bad-pattern"),
        ("((a{1000}){1000}){1000}", "segments.pattern-too-large"), ("(((){1000}){1000}a{900}){1000}", "segments.pattern-too-large"), ("\\x{d800}", "segments.bad-pattern"),
    ])
    func refused(_ pattern: String, _ code: String) {
        let error = #expect(throws: PatternError.self) { try TextPattern(pattern) }
        #expect(error?.explanation.code == code)
        #expect(DocumentTests.refusals.contains("`\(code)`"), "it stands in the list of refusals")
    }

    @Test("expressions that take others exponential time are fast", arguments: [("(a+)+$", "b"), ("(a|aa)+", "b"), ("(a*)*b", ""), ("(.*)(.*)(.*)(.*)[^a]", ""), (".*(.?){480}x", ""), ("(a?){300}a{300}\\b.*b", "")])
    func evil(_ pattern: String, _ end: String) throws {
        let text = String(repeating: "a", count: 50_000) + end
        let compiled = try TextPattern(pattern)
        let time = processorTime { #expect(!compiled.matches(text)) }
        #expect(time < .seconds(4), "\(pattern): \(time)")
    }

    @Test("a matcher that remembers answers as one that has just begun", arguments: Seed.some(3), ["(a|b)*a(a|b){3}", ".*b$|^a+", "(?i)(é|a)+b?", "\\ba.*\\b", "[^b]*(b[^b]*b[^b]*)*", ".*a.{9}"])
    func remembering(_ seed: Seed, _ text: String) throws {
        var random = Random(seed)
        let pattern = try TextPattern(text)
        var matcher = PatternMatcher(pattern)
        for _ in 0..<400 {
            let value = String((0..<random.below(40)).map { _ in random.pick(["a", "b", "É", " ", "b"]) as Character })
            #expect(matcher.matches(value) == pattern.matches(value), "\(value)")
        }
    }

    @Test("folding is by single scalars and of no language", arguments: [("ΣΊΣΥΦΟΣ", "σίσυφος"), ("K", "k"), ("ſ", "S"), ("ÉÉ", "éÉ"), ("Ǆ", "ǅ"), ("ẞ", "ß")])
    func folding(_ a: String, _ b: String) { #expect(CaseFolding.folded(a).unicodeScalars.elementsEqual(CaseFolding.folded(b).unicodeScalars)) }

    @Test("letters that differ stay different", arguments: [("ı", "i"), ("İ", "i"), ("ß", "ss"), ("é", "e")])
    func distinct(_ a: String, _ b: String) { #expect(!CaseFolding.folded(a).unicodeScalars.elementsEqual(CaseFolding.folded(b).unicodeScalars)) }
}
