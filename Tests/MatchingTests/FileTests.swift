import Matching
import Testing
import Vocabulary

@Suite("Files as they come")
struct FileTests {
    private func rows(_ csv: String) throws -> [[String]] {
        let text = try DelimitedText(Array(csv.utf8))
        return (0..<text.rowCount).map { row in text.header.indices.map { text.text(row: row, column: $0) } }
    }

    @Test("separators, quotes, line ends and short rows")
    func forms() throws {
        #expect(try rows("a,b\n1,2\n3,4") == [["1", "2"], ["3", "4"]])
        #expect(try rows("\u{feff}a;b\r\n1;2\r\n\r\n3;4\r\n") == [["1", "2"], ["3", "4"]])
        #expect(try rows("a\tb\n\"x\ty\"\t \"\" \n") == [["x\ty", "\"\""]])
        #expect(try rows("a,b\n\"Kelley, \"\"M.\"\"\",\"two\nlines\"\n") == [["Kelley, \"M.\"", "two\nlines"]])
        #expect(try rows("a,b,c\n1\n,2\n") == [["1", "", ""], ["", "2", ""]])
        #expect(try rows("a,b\n\"\",\" x \"\n") == [["", " x"]])
        #expect(try rows("a\n\"\n\"\nx\n") == [[""], ["x"]])
    }

    @Test("what cannot be read is said with the line", arguments: [
        ("", "match.empty", ""), ("\n\n", "match.empty", ""), ("a,b\n", "match.no-rows", ""), ("a,b\n1,2\n3,\"4\n5,6\n", "match.quote", "line 3"), ("a,b\n1,2\n\"x\ny\",2\n1,2,3\n", "match.fields", "line 5"),
    ])
    func refusals(csv: String, code: String, place: String) {
        do {
            _ = try DelimitedText(Array(csv.utf8))
            Issue.record("\(code) was expected")
        } catch {
            #expect(error.explanation.code == code && (place.isEmpty || error.explanation.problem.contains(place)), "\(error.explanation)")
        }
    }

    @Test("columns are recognised by their names in four languages")
    func names() throws {
        func roles(_ header: String) throws -> [ColumnRole] { Schema(recognising: try DelimitedText(Array("\(header)\n\(header)\n".utf8))).roles }
        #expect(try roles("First Name,Last_Name,E-Mail,phoneNumber,DOB,Zip,City") == [.firstName, .lastName, .email, .phone, .birthDate, .postcode, .city])
        #expect(try roles("Vorname;Nachname;Geburtsdatum;PLZ;Ort") == [.firstName, .lastName, .birthDate, .postcode, .city])
        #expect(try roles("Nombre,Apellidos,Correo electrónico,Teléfono,Código postal") == [.firstName, .lastName, .email, .phone, .postcode])
        #expect(try roles("Adı,Soyadı,E-posta,Cep telefonu,Doğum tarihi,Şehir") == [.firstName, .lastName, .email, .phone, .birthDate, .city])
    }

    @Test("the word that tells may stand among others")
    func partsOfNames() throws {
        let header = "customer_email,Home Phone,first_and_surname,birth_place,postcode_old,res_street,unit_price"
        #expect(Schema(recognising: try DelimitedText(Array("\(header)\n1,2,3,4,5,6,7\n".utf8))).roles == [.email, .phone, .fullName, .category, .postcode, .street, .ignored])
    }

    @Test("columns without a telling name are recognised by what stands in them")
    func contents() throws {
        var lines = ["a,b,c,d,e,f,id"]
        for n in 0..<60 { lines.append("masha\(n)@wren.co,+1206555\(1000 + n),19\(20 + n)-03-09,2024-05-\(10 + n % 9),\(["Masha", "Thomas", "Robert", "Anna"][n % 4]),blue,\(n)") }
        #expect(Schema(recognising: try DelimitedText(Array(lines.joined(separator: "\n").utf8))).roles == [.email, .phone, .birthDate, .ignored, .firstName, .ignored, .recordID])
    }

    @Test("an id that repeats is somebody's, not the record's own")
    func repeatedID() throws {
        #expect(Schema(recognising: try DelimitedText(Array("id,name\n17000,Ada\n17000,Ada\n".utf8))).roles == [.identifier, .fullName])
    }

    @Test("a file that says nothing about anybody is not usable")
    func unusable() throws { #expect(!Schema(recognising: try DelimitedText(Array("id,source\n1,web\n2,app\n".utf8))).isUsable) }

    @Test("one row, rows without a value, and bytes that are no text are matched without harm")
    func odd() throws {
        #expect(try Truth.match("first,last\nMasha,Kelley").clusters == [0])
        #expect(try Truth.match("first,last,email,phone,dob,street,postcode,city,customer_no\n,,,,,,,,\n,,,,,,,,x\n,,,,,,,,\n").clusters == [0, 1, 2])
        let text = try DelimitedText(Array("first,last,dob,street\n".utf8) + [0xff, 0xfe, 0x2c, 0xc3, 0x2c, 0x39, 0x2c, 0x80, 0x0a] + Array("\u{0},🦜🦜,0000-00-00,№ 5\n".utf8))
        #expect(Matcher.match(text, as: Schema(recognising: text)).clusters == [0, 1])
    }

    @Test("random bytes neither trap nor hang")
    func noise() {
        var random = Words(seed: 77)
        let letters = Array("ab1@.,;\"\n\r\t -+()éİ".utf8)
        for _ in 0..<400 {
            let bytes = Array("first,last,email,phone,dob,street\n".utf8) + (0..<random.next(400)).map { _ in letters[random.next(letters.count)] }
            guard let text = try? DelimitedText(bytes) else { continue }
            #expect(Matcher.match(text, as: Schema(recognising: text)).clusters.count == text.rowCount)
        }
    }

    @Test("fields of a megabyte are cut, not compared in full")
    func long() throws {
        let long = String(repeating: "kelley ", count: 100_000)
        let result = try Truth.match("first,last,street,city\nMasha,\(long)a,\(long)a,\(long)a\nMasha,\(long)b,\(long)b,\(long)b\n")
        #expect(result.clusters.count == 2)
    }
}
