/// HTML as a text without tags, the way Liquid does it: nothing is understood, everything between `<` and `>` goes.
enum HTMLText {
    static func stripped(_ text: Text) -> [UInt8] {
        var bytes = Array(text)
        for (open, close) in [("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>")] { bytes = without(open, close, in: bytes) }
        return without("<", ">", in: bytes)
    }

    /// Each pass goes over the text once: where nothing closes any more, nothing is looked for again.
    private static func without(_ open: String, _ close: String, in bytes: [UInt8]) -> [UInt8] {
        let (first, last) = (Array(open.utf8), Array(close.utf8))
        var out: [UInt8] = []
        var start = 0
        while let begin = Ascii.find(first[...], in: bytes, from: start), let end = Ascii.find(last[...], in: bytes, from: begin + first.count) {
            out.append(contentsOf: bytes[start..<begin])
            start = end + last.count
        }
        out.append(contentsOf: bytes[min(start, bytes.count)...])
        return out
    }
}
