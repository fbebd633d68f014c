/// Passwords that are tried first: a well-known word with something before or behind it, a row of keys, one pattern again and again.
enum CommonPassword {
    static func isOne(_ password: String) -> Bool {
        let small = password.lowercased()
        if isRow(small) { return true }
        let word = plain(core(small))
        if words.contains(word) { return true }
        let half = word.count / 2
        return word.count % 2 == 0 && word.prefix(half) == word.suffix(half) && words.contains(String(word.prefix(half)))
    }

    /// Without the digits, signs and blanks around it.
    private static func core(_ text: String) -> String {
        let start = text.drop { !$0.isLetter }
        return String(start.reversed().drop { !$0.isLetter }.reversed())
    }

    /// With letters for the signs and digits that stand for them inside a word.
    private static func plain(_ text: String) -> String {
        let letters: [Character: Character] = ["0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"]
        return String(text.map { letters[$0] ?? $0 }.filter { $0.isLetter })
    }

    /// Whether nearly every character follows the one before it, as in `1234567890` and `abcdefghij`; or all digits come from one short row, as in `123123123123`.
    private static func isRow(_ text: String) -> Bool {
        // A long text has more to it than its rows.
        guard text.utf8.count <= rowMaximum else { return false }
        let codes = text.utf8.map { Int($0) }
        let steps = zip(codes.dropFirst(), codes).filter { a, b in
            let areDigits = 48...57 ~= a && 48...57 ~= b
            // From 9 to 0 the row goes on.
            return areDigits && abs(a - b) == 9 || (areDigits || 97...122 ~= a && 97...122 ~= b) && abs(a - b) <= 1
        }
        return steps.count * 10 >= (codes.count - 1) * 7
    }

    private static let rowMaximum = 32

    private static let words: Set<String> = [
        "password", "passwort", "passwd", "pass", "contraseña", "contrasena", "clave", "secreto", "parola", "sifre", "şifre", "secret", "changeme", "qwerty", "qwertyuiop", "qwertz",
        "qwertzuiop", "azerty", "azertyuiop", "asdfghjkl", "asdf", "asdfgh", "zxcvbnm", "qazwsx", "qazwsxedc", "qwertyasdf", "admin", "administrator", "administrador", "yonetici", "root",
        "login", "master", "welcome", "bienvenido", "hosgeldiniz", "letmein", "trustno", "iloveyou", "teamo", "tequiero", "seniseviyorum", "monkey", "dragon", "shadow", "sunshine",
        "princess", "princesa", "princesita", "superman", "batman", "starwars", "pokemon", "football", "baseball", "basketball", "futbol", "liverpool", "chelsea", "barcelona", "realmadrid",
        "galatasaray", "fenerbahce", "fenerbahçe", "besiktas", "beşiktaş", "trabzonspor", "istanbul", "turkiye", "türkiye", "michael", "jordan", "charlie", "computer", "internet", "google",
        "facebook", "whatever", "hello", "hola", "merhaba", "test", "testtest", "demo", "user", "guest", "martlet", "abc", "abcd", "summer", "winter", "spring", "autumn",
    ]
}
