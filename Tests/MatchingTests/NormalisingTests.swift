import Matching
import Testing

@Suite("Values in canonical form")
struct NormalisingTests {
    @Test("an e-mail address is its mailbox", arguments: [
        ("Ada@Example.ORG.uk", "ada@example.org.uk"), ("  ada@wren.co ", "ada@wren.co"), ("<ada@wren.co>", "ada@wren.co"),
        // Google ignores dots and tags; others keep their dots.
        ("a.d.a+tea@gmail.com", "ada@gmail.com"), ("ada@googlemail.com", "ada@gmail.com"), ("a.da@outlook.com", "a.da@outlook.com"), ("ada+tea@outlook.com", "ada@outlook.com"),
        ("ada+tea@wren.co", "ada+tea@wren.co"),
    ])
    func email(text: String, mailbox: String) { #expect(EmailAddress.canonical(text) == mailbox) }

    @Test("what is no address, or stands for none, is none", arguments: [
        "", "ada", "ada@", "@wren.co", "ada@wren", "a@b@c.de", "test@test.com", "noemail@shop.com", "none@none.com", "na@na.com", "ada@example.com", "no-reply@wren.co", "...@gmail.com",
    ])
    func noEmail(text: String) { #expect(EmailAddress.canonical(text) == nil) }

    @Test("a telephone number is the same however it is written", arguments: [
        ("US", ["(206) 555-0143", "206-555-0143", "+1 206 555 0143", "1 206 555 0143", "206.555.0143", "1 206 555 0143 x12", "011 1 206 555 0143", "001 206 555 0143"], "12065550143"),
        ("GB", ["020 7946 0958", "+44 20 7946 0958", "+44 (0)20 7946 0958", "0044 20 7946 0958"], "442079460958"),
        ("TR", ["0532 123 45 67", "532 123 4567", "+90 532 123 45 67", "90 532 123 4567"], "905321234567"),
        ("DE", ["030 901820", "+49 30 901820", "0049 30 901820"], "4930901820"),
        ("ES", ["612 34 56 78", "+34 612 345 678"], "34612345678"),
        ("HU", ["06 1 321 4567", "+36 1 321 4567"], "3613214567"),
        ("RU", ["8 912 345 67 89", "+7 912 345 67 89"], "79123456789"),
        ("AU", ["0412 345 678", "+61 412 345 678", "0011 61 412 345 678"], "61412345678"),
    ])
    func phone(country: String, written: [String], canonical: String) {
        for text in written { #expect(PhoneNumber.canonical(text, country: country) == canonical, "\(text)") }
    }

    @Test("without a country, a number stays as it was dialled")
    func nationalPhone() {
        #expect(PhoneNumber.canonical("0532 123 45 67") == "05321234567")
        #expect(PhoneNumber.canonical("+90 532 123 45 67") == "905321234567")
    }

    @Test("what is no number, or stands for none, is none", arguments: ["", "12345", "0000000000", "1111111111", "(999) 999-9999", "1234567890", "9876543210", "+1 999 999 9999", "call me", "12345678901234567890"])
    func noPhone(text: String) { #expect(PhoneNumber.canonical(text, country: "US") == nil) }

    @Test("a date of birth in many spellings", arguments: [
        ("1984-03-09", 1984_03_09), ("19840309", 1984_03_09), ("09.03.1984", 1984_03_09), ("9/3/1984", 1984_03_09), ("1984/3/9", 1984_03_09), ("9 March 1984", 1984_03_09), ("Mar 9, 1984", 1984_03_09),
        ("9. März 1984", 1984_03_09), ("9 mar 84", 1984_03_09), ("9 Şubat 1984", 1984_02_09), ("9 de agosto de 1984", 1984_08_09), ("1984-03-09T00:00:00Z", 1984_03_09), ("13/12/1984", 1984_12_13),
        ("12/13/1984", 1984_12_13), ("1984", 1984_00_00), ("1984-03", 1984_03_00), ("1/2/29", 2029_02_01), ("1/2/30", 1930_02_01), ("1849-84-10", 1849_84_10),
    ])
    func birth(text: String, packed: Int) { #expect(BirthDate(text).map { Int($0.packed) } == packed) }

    @Test("month first where the file says so, and never against the numbers")
    func order() {
        #expect(BirthDate("03/09/1984", order: .monthFirst)?.packed == 1984_03_09)
        #expect(BirthDate("03/09/1984", order: .dayFirst)?.packed == 1984_09_03)
        #expect(BirthDate("13/09/1984", order: .monthFirst)?.packed == 1984_09_13)
    }

    @Test("what is no date is none", arguments: ["", "unknown", "12", "0000-00-00", "99999999999999999999", "12:30"])
    func noBirth(text: String) { #expect(BirthDate(text) == nil) }

    @Test("names without case, marks and titles", arguments: [
        ("İBRAHİM IŞIK", "ibrahim", "", "isik"), ("ibrahim ışık", "ibrahim", "", "isik"), ("José María García", "jose", "maria", "garcia"), ("Jürgen Weiß", "jurgen", "", "weiss"), ("JÜRGEN WEISS", "jurgen", "", "weiss"),
        ("Kelley, Masha", "masha", "", "kelley"), ("Dr. Masha A. Kelley", "masha", "a", "kelley"), ("Masha Kelley, Jr.", "masha", "", "kelley"), ("M. Kelley", "m", "", "kelley"),
        ("Ana de la Cruz", "ana", "", "de la cruz"), ("Sean O'Neil", "sean", "", "oneil"), ("Sean O’Neil", "sean", "", "oneil"), ("Anne-Marie Smith", "anne", "marie", "smith"), ("Masha", "masha", "", ""), ("", "", "", ""),
        ("Łukasz Żak", "lukasz", "", "zak"), ("Çag\u{306}la Gu\u{308}l", "cagla", "", "gul"),
    ])
    func name(text: String, first: String, middle: String, last: String) { #expect(PersonName(full: text) == PersonName(first: first, middle: middle, last: last)) }

    @Test("a street is the same in short and in long", arguments: [
        ("12 Harbor Street", "12 Harbor St."), ("12 HARBOR ST", "12 Harbor Street Apt 4"), ("6709 River Road #57", "6709 River Rd Unit 57"), ("Atatürk Caddesi No: 5", "ataturk cad. 5"), ("Calle Mayor 7", "C. Mayor, 7"),
        ("Hauptstraße 12", "HAUPTSTR. 12"),
    ])
    func street(one: String, other: String) {
        #expect(PostalAddress(one) == PostalAddress(other))
        #expect(PostalAddress(one).number == String(one.split(whereSeparator: { !$0.isNumber })[0]))
    }

    @Test("a street that is called by a number keeps it")
    func ordinal() { #expect(PostalAddress("7385 27th St") == PostalAddress("7385 27th Street") && PostalAddress("7385 27th St") != PostalAddress("7385 28th St")) }
}
