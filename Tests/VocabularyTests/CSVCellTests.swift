import Testing
import Vocabulary

@Suite("Cells of files for spreadsheets")
struct CSVCellTests {
    @Test("fault 85: what a spreadsheet takes for a formula begins with an apostrophe, and a number stays one", arguments: [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), ("+1", "'+1"), ("-1", "-1"), ("-1.50", "-1.50"), ("-1.5.0", "'-1.5.0"), ("-", "'-"), ("-1+2", "'-1+2"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("\r\n=x", "\"'\r\n=x\""),
        ("＝1", "'＝1"), ("", ""), ("1", "1"), ("a=b", "a=b"), (" =1", " =1"),
    ])
    func formulas(_ text: String, _ cell: String) { #expect(CSVCell.text(text) == cell) }

    @Test("quotes, commas and line ends stand in quotes (RFC 4180)", arguments: [("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("=\"x\"", "\"'=\"\"x\"\"\""), ("tea", "tea")])
    func quoting(_ text: String, _ cell: String) { #expect(CSVCell.text(text) == cell) }
}
