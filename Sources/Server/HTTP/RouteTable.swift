import HTTPTypes
import Vocabulary

/// Finds the route of a method and path. Segments are compared after percent-decoding, and a parameter takes one segment.
struct RouteTable: Sendable {
    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var routes: [(method: HTTPRequest.Method, route: Int, names: [String])] = []
    }

    let routes: [Route]
    private var nodes: [Node] = [Node()]

    init(_ routes: [Route]) {
        self.routes = routes
        for (index, route) in routes.enumerated() {
            var at = 0
            var names: [String] = []
            for segment in RouteTable.segments(route.path) {
                if segment.hasPrefix("{") {
                    names.append(String(segment.dropFirst().dropLast()))
                    if let next = nodes[at].parameter { at = next } else {
                        nodes.append(Node())
                        nodes[at].parameter = nodes.count - 1
                        at = nodes.count - 1
                    }
                } else if let next = nodes[at].literals[segment] {
                    at = next
                } else {
                    nodes.append(Node())
                    nodes[at].literals[segment] = nodes.count - 1
                    at = nodes.count - 1
                }
            }
            nodes[at].routes.append((route.method, index, names))
        }
    }

    enum Match {
        case found(Route, [String: String])
        case wrongMethod(allowed: [String])
        case none
    }

    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        var values: [String] = []
        guard let at = walk(0, RouteTable.segments(path)[...], &values), !nodes[at].routes.isEmpty else { return .none }
        for candidate in nodes[at].routes where candidate.method == method || (method == .head && candidate.method == .get) {
            return .found(routes[candidate.route], Dictionary(zip(candidate.names, values), uniquingKeysWith: { a, _ in a }))
        }
        return .wrongMethod(allowed: nodes[at].routes.map(\.method.rawValue).sorted())
    }

    /// Whether a path belongs to the tracking API, by whatever method.
    func takesEvents(_ path: String) -> Bool {
        var values: [String] = []
        guard let at = walk(0, RouteTable.segments(path)[...], &values) else { return false }
        return nodes[at].routes.contains { routes[$0.route].door == .writeKey }
    }

    /// The nearest address above a path that answers GET.
    func page(above path: String) -> String? {
        var segments = path.split(separator: "/")
        while segments.popLast() != nil, !segments.isEmpty {
            let above = "/" + segments.joined(separator: "/")
            if case .found = match(.get, above) { return above }
        }
        return nil
    }

    private func walk(_ at: Int, _ segments: ArraySlice<String>, _ values: inout [String]) -> Int? {
        guard let first = segments.first else { return at }
        if let next = nodes[at].literals[first], let end = walk(next, segments.dropFirst(), &values) { return end }
        if let next = nodes[at].parameter {
            values.append(first)
            if let end = walk(next, segments.dropFirst(), &values) { return end }
            values.removeLast()
        }
        return nil
    }

    /// Path segments, decoded; a trailing slash adds none.
    static func segments(_ path: String) -> [String] {
        path.split(separator: "/").map { PercentCoding.decode($0.utf8, plusIsBlank: false) }
    }
}
