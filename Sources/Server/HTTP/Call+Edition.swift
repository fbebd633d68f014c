import HTTPTypes
import Storage
import Vocabulary

extension Call {
    /// Has `body` save over the version that `If-Match` names (`"3"`); where it is left out or `*`, over whichever stands there.
    ///
    /// - Throws: ``Refusal`` 412 `document.stale` where another was saved meanwhile, 400 for a header that names no version.
    func replacing<Value>(_ body: (_ seen: Int64?) throws -> Value) throws -> Value {
        let text = request.headers[.ifMatch]?.trimmed ?? "*"
        let number = Int64(text.filter { $0 != "\"" })
        guard text == "*" || number != nil else { throw Refusal(400, "request.if-match", "`If-Match` names no version.", remedy: "Write the `version` that you have read, as \"3\".") }
        do { return try body(number) } catch let refusal as Refusal where refusal.explanation.code == Documents.stale {
            throw Refusal(412, refusal.explanation.code, refusal.explanation.problem, remedy: refusal.explanation.remedy)
        }
    }
}
