public import Delivery
public import Vocabulary

/// Makes signed calls: headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, a JSON body.
public struct WebhookCaller: WebhookCalling {
    private static let secondsMaximum: Int64 = 15
    public let allowsPrivate: Bool
    private let http: HTTPCaller

    /// - Parameter allowsPrivate: whether addresses of this machine and of private networks, and plain http, may be called.
    public init(allowsPrivate: Bool) {
        self.allowsPrivate = allowsPrivate
        http = HTTPCaller(allowsPrivate: allowsPrivate, seconds: WebhookCaller.secondsMaximum)
    }

    public func post(_ body: [UInt8], to url: String, secrets: [String], id: String, at: Timestamp) async -> WebhookResult {
        guard case .success(let address) = Result(catching: { () throws(Refusal) in try WebhookAddress(url, allowsPrivate: allowsPrivate) }) else {
            return WebhookResult(.refused(reason: "The address may not be called.", nil))
        }
        // The time of this try: a receiver refuses what is old, and may take a later try of the same id.
        let seconds = at.milliseconds / 1000
        let result = await http.post(body, to: address, [
            ("Content-Type", "application/json"), ("User-Agent", "Martlet"), ("webhook-id", id), ("webhook-timestamp", String(seconds)),
            ("webhook-signature", WebhookSignature.header(id: id, seconds: seconds, body: body, secrets: secrets)),
        ])
        switch result {
        case .success(let answer): return WebhookCaller.verdict(answer, id: id)
        case .failure(.timedOut): return WebhookResult(.deferred(reason: "No answer within \(WebhookCaller.secondsMaximum) seconds.", after: nil))
        case .failure(.lostBefore): return WebhookResult(.deferred(reason: "The connection was lost.", after: nil))
        case .failure(.lostAfter): return WebhookResult(.unknown(reason: "The connection was lost after the call was sent."))
        case .failure(.notHTTP): return WebhookResult(.deferred(reason: "The answer is no HTTP.", after: nil))
        case .failure(.notConnected(let why)): return WebhookResult(.deferred(reason: "No connection: \(why)", after: nil))
        }
    }

    static func verdict(_ answer: HTTPAnswer, id: String) -> WebhookResult {
        switch answer.status {
        case 200..<300: WebhookResult(.accepted(receipt: "\(answer.status)"))
        case 410: WebhookResult(.refused(reason: "410", nil), isGone: true)
        case 408, 425, 429, 500...: WebhookResult(.deferred(reason: "\(answer.status)", after: answer.retryAfter))
        case 300..<400: WebhookResult(.refused(reason: "\(answer.status): redirects are not followed", nil))
        default: WebhookResult(.refused(reason: "\(answer.status)", nil))
        }
    }
}
