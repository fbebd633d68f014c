import Segments
import TestSupport
import Testing

@Suite("Conditions in words")
struct SentenceTests {
    @Test("short sentences in three languages", arguments: [
        (#"did "Order Completed" at least 3 times in last 30 days"#, "Did “Order Completed” at least 3 times in the last 30 days", "Hizo “Order Completed” al menos 3 veces en los últimos 30 días", "Son 30 gün içinde en az 3 kez “Order Completed” yaptı"),
        (#"did not do "Order Completed" in last 24 hours"#, "Did not do “Order Completed” in the last 24 hours", "No hizo “Order Completed” en las últimas 24 horas", "Son 24 saat içinde “Order Completed” yapmadı"),
        (#"plan = "premium""#, "plan is “premium”", "plan es “premium”", "plan değeri “premium”"),
        (#"country in ("ES", "TR") and not in segment "payers""#, "country is “ES” or “TR” and is not in segment “payers”", "country es “ES” o “TR” y no está en el segmento “payers”", "country değeri “ES” ya da “TR” ve “payers” segmentinde değil"),
        (#"sum(total) of "Order Completed" where category = "tea" this month > 500"#, "The sum of total of “Order Completed” where category is “tea” this month is more than 500", "La suma de total de “Order Completed” con category es “tea” este mes es mayor que 500", "Bu ay (category değeri “tea” olan) “Order Completed” total toplamı 500 değerinden büyük"),
        (#"did page "Pricing" yesterday then not "Order Completed" within 1 day"#, "Did page “Pricing” yesterday, then no “Order Completed” within 1 day", "Hizo la página “Pricing” ayer, luego ningún “Order Completed” en 1 día", "Dün “Pricing” sayfası yaptı, sonra 1 gün içinde “Order Completed” yok"),
        (#"share(category = "tea") of anything >= 50%"#, "The share where category is “tea” among anything is at least 50 %", "La proporción con category es “tea” entre cualquier cosa es como mínimo 50 %", "Herhangi bir şey arasında category değeri “tea” olanların payı en az 50 %"),
        (#"birthday anniversary within next 7 days"#, "the anniversary of birthday is within 7 days", "el aniversario de birthday es dentro de 7 días", "birthday yıl dönümü gelecek 7 gün içinde"),
        (#"a in (1, 2, 3, 4, 5, 6)"#, "a is 1, 2, 3 or 3 more", "a es 1, 2, 3 o 3 más", "a değeri 1, 2, 3 ya da 3 tane daha"),
        ("everyone", "Everyone", "Todas las personas", "Herkes"), (#"bucket("s") from 0% to 10%"#, "Is in 10 % of everyone, by “s”", "Está en el 10 % de todas las personas, según “s”", "“s” ile herkesin yüzde 10 kadarında"),
        (#"did "A" exactly once before 2026-05-01"#, "Did “A” exactly once before 2026-05-01", "Hizo “A” exactamente una vez antes de 2026-05-01", "2026-05-01 öncesinde tam 1 kez “A” yaptı"),
    ])
    func sentences(_ text: String, _ english: String, _ spanish: String, _ turkish: String) throws {
        let condition = try Condition(text: text)
        #expect(["en", "es", "tr"].map(condition.sentence) == [english, spanish, turkish])
    }

    @Test("an unknown language is English") func unknown() throws { #expect(try Condition(text: "everyone").sentence(in: "xx") == "Everyone") }

    @Test("every condition has a sentence in every language, without holes", arguments: Seed.some(3))
    func complete(_ seed: Seed) {
        var conditions = RandomConditions(seed: seed)
        for _ in 0..<800 {
            let condition = conditions.next()
            let sentences = ["en", "es", "tr"].map(condition.sentence)
            for sentence in sentences { #expect(!sentence.isEmpty && !sentence.contains("{") && !sentence.contains("  ") && !sentence.hasSuffix(" "), "\(condition.text): \(sentence)") }
            #expect(Set(sentences).count > 1 || condition.text.count < 12, "\(sentences)")
        }
    }
}
