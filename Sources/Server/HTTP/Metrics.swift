import Synchronization
import Vocabulary

/// Counts that `/metrics` shows in Prometheus's text form.
final class Metrics: Sendable {
    private struct State {
        var byClass = [0, 0, 0, 0, 0, 0]
        var buckets = [Int](repeating: 0, count: Metrics.bounds.count + 1)
        var seconds = 0.0
    }
    static let bounds: [Int64] = [500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000]
    private let state = Mutex(State())

    func request(status: Int, microseconds: Int64) {
        state.withLock { state in
            state.byClass[min(max(status / 100, 0), 5)] += 1
            state.buckets[Metrics.bounds.firstIndex { microseconds <= $0 } ?? Metrics.bounds.count] += 1
            state.seconds += Double(microseconds) / 1e6
        }
    }

    func write(_ out: inout String) {
        let state = state.withLock { $0 }
        out += "# HELP martlet_http_requests_total Requests by class of status.\n# TYPE martlet_http_requests_total counter\n"
        for (index, count) in state.byClass.enumerated() where count > 0 { out += "martlet_http_requests_total{status=\"\(index)xx\"} \(count)\n" }
        out += "# HELP martlet_http_request_seconds Time to the answer.\n# TYPE martlet_http_request_seconds histogram\n"
        var sum = 0
        for (index, bound) in Metrics.bounds.enumerated() {
            sum += state.buckets[index]
            out += "martlet_http_request_seconds_bucket{le=\"\(Double(bound) / 1e6)\"} \(sum)\n"
        }
        sum += state.buckets[Metrics.bounds.count]
        out += "martlet_http_request_seconds_bucket{le=\"+Inf\"} \(sum)\nmartlet_http_request_seconds_sum \(state.seconds)\nmartlet_http_request_seconds_count \(sum)\n"
    }
}
