/// Two letters of a name on one of six quiet grounds, the same for the same person everywhere.
struct Avatar {
    var name: String?
    var id: String

    var html: HTML {
        guard let letters else {
            return "<span class=\"avatar nobody\" aria-hidden=\"true\">\(Icon.profiles.html)</span>"
        }
        return "<span class=\"avatar a\(ground)\" aria-hidden=\"true\">\(letters)</span>"
    }

    private var letters: String? {
        guard let name else { return nil }
        let words = name.split(separator: " ")
        let letters = [words.first, words.count > 1 ? words.last : nil].compactMap { $0?.first { $0.isLetter } }
        return letters.isEmpty ? nil : String(letters).uppercased()
    }

    private var ground: Int {
        // FNV-1a: Swift's own hash differs between two starts, and a person would change colour with it.
        Int(id.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 } % 6)
    }
}
