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

    public func post(to url: String, secrets: [String], id: String, at: Timestamp, _ lastly: @escaping @Sendable () -> LastWord) async -> WebhookResult {
        guard case .success(let address) = Result(catching: { () throws(Refusal) in try WebhookAddress(url, allowsPrivate: allowsPrivate) }) else {
            return WebhookResult(.refused(reason: "The address may not be called.", nil))
        }
        // The time of this try: a receiver refuses what is old, and may take a later try of the same id.
        let seconds = at.milliseconds / 1000
        let held: HTTPCaller.Held
        switch await http.hold(address) {
        case .success(let connection): held = connection
        case .failure(let fault): return WebhookCaller.verdict(fault)
        }
        let body: [UInt8]
        switch lastly() {
        case .body(let bytes): body = bytes
        case .stop(let instead):
            http.keep(held)
            return WebhookResult(instead)
        }
        let result = await http.post(body, on: held, [
            ("Content-Type", "application/json"), ("User-Agent", "Martlet"), ("webhook-id", id), ("webhook-timestamp", String(seconds)),
            ("webhook-signature", WebhookSignature.header(id: id, seconds: seconds, body: body, secrets: secrets)),
        ])
        switch result {
        case .success(let answer): return WebhookCaller.verdict(answer, id: id)
        case .failure(let fault): return WebhookCaller.verdict(fault)
        }
    }

    private static func verdict(_ fault: HTTPFault) -> WebhookResult {
        switch fault {
        case .timedOut: WebhookResult(.deferred(reason: "No answer within \(secondsMaximum) seconds.", after: nil))
        case .lostBefore: WebhookResult(.deferred(reason: "The connection was lost.", after: nil))
        case .lostAfter: WebhookResult(.unknown(reason: "The connection was lost after the call was sent."))
        case .notHTTP: WebhookResult(.deferred(reason: "The answer is no HTTP.", after: nil))
        case .notConnected(let why): WebhookResult(.deferred(reason: "No connection: \(why)", after: nil))
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
