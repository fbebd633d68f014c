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

enum PercentCoding {
    /// Undoes %XX; bytes that are not UTF-8 afterwards become U+FFFD, a broken escape stays as it is.
    static func decode(_ text: some Collection<UInt8>, plusIsBlank: Bool) -> String {
        var out: [UInt8] = []
        var bytes = Array(text)[...]
        while let byte = bytes.popFirst() {
            if byte == 0x25, bytes.count >= 2, let high = digit(bytes.first!), let low = digit(bytes[bytes.startIndex + 1]) {
                out.append(high << 4 | low)
                bytes = bytes.dropFirst(2)
            } else {
                out.append(plusIsBlank && byte == 0x2b ? 0x20 : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// `a=1&b=2` as pairs, in order.
    static func pairs(_ query: some StringProtocol) -> [(name: String, value: String)] {
        query.split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(sides[0].utf8, plusIsBlank: true), sides.count > 1 ? decode(sides[1].utf8, plusIsBlank: true) : "")
        }
    }

    static func encode(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: out.append(byte)
            default: out += [0x25, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
