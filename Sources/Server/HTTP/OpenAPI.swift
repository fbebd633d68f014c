import Vocabulary

/// The OpenAPI 3.1 document, made from the routes themselves, so that it cannot lack one.
enum OpenAPI {
    static func document(_ routes: [Route], version: String) -> JSONText {
        // The console's pages and forms are for people, and so are the ones behind a message's links.
        let shown = routes.filter { !ConsoleRoutes.owns($0.path) && !PreferenceRoutes.owns($0.path) && !TrackingRoutes.owns($0.path) && !EmailRoutes.ownsIntake($0.path) && $0.door != .session && $0.door != .local }
        var w = JSONWriter(capacity: 1 << 16)
        w.object { w in
            w.member("openapi", "3.1.0")
            w.key("info")
            w.object { w in
                w.member("title", "Martlet")
                w.member("version", version)
                w.member("description", "The HTTP API of Martlet, a customer data platform in one binary.")
                w.key("license")
                w.object { $0.member("name", "Apache-2.0"); $0.member("identifier", "Apache-2.0") }
            }
            w.key("paths")
            w.object { w in
                var seen: [String] = []
                for route in shown where !seen.contains(route.path) {
                    seen.append(route.path)
                    w.key(route.path)
                    w.object { w in for same in shown where same.path == route.path { operation(same, &w) } }
                }
            }
            components(shown, &w)
        }
        return w.text
    }

    private static func operation(_ route: Route, _ w: inout JSONWriter) {
        w.key(route.method.rawValue.lowercased())
        w.object { w in
            w.member("summary", route.summary)
            w.member("operationId", (route.method.rawValue.lowercased() + route.path).map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined())
            w.key("parameters")
            w.array { w in
                for segment in RouteTable.segments(route.path) where segment.hasPrefix("{") {
                    w.object { w in
                        w.member("name", String(segment.dropFirst().dropLast()))
                        w.member("in", "path")
                        w.member("required", true)
                        w.key("schema")
                        w.object { $0.member("type", "string"); $0.member("minLength", 1) }
                    }
                }
                for parameter in route.parameters { self.parameter(parameter, &w) }
            }
            if let body = route.takes { requestBody(body, &w) }
            security(route.door, &w)
            responses(route, &w)
        }
    }

    private static func parameter(_ parameter: RouteParameter, _ w: inout JSONWriter) {
        w.object { w in
            w.member("name", parameter.name)
            w.member("in", "query")
            w.member("required", false)
            w.member("description", parameter.meaning)
            w.key("schema")
            w.object { w in
                switch parameter.kind {
                case .text: w.member("type", "string")
                case .integer(let range):
                    w.member("type", "integer")
                    w.member("minimum", range.lowerBound)
                    w.member("maximum", range.upperBound)
                case .boolean: w.member("type", "boolean")
                case .choice(let values):
                    w.member("type", "string")
                    w.key("enum")
                    w.array { w in for value in values { w.string(value) } }
                case .time:
                    w.member("type", "string")
                    w.member("format", "date-time")
                }
            }
        }
    }

    private static func security(_ door: Door, _ w: inout JSONWriter) {
        w.key("security")
        w.array { w in
            switch door {
            case .open: w.object { _ in }
            case .writeKey: for name in ["writeKey", "writeKeyHeader"] { w.object { $0.key(name); $0.array { _ in } } }
            case .scope(let scope): w.object { w in w.key("token"); w.array { $0.string(scope.rawValue) } }
            case .session, .local: break
            }
        }
    }

    private static func requestBody(_ body: RouteBody, _ w: inout JSONWriter) {
        w.key("requestBody")
        w.object { w in
            w.member("required", body.isRequired)
            w.key("content")
            // A file beside JSON is its rows; the route's summary says which columns it has.
            w.object { w in for type in body.types { content(type, type == "text/csv" ? .text : body.shape, example: type == "text/csv" ? nil : body.example, &w) } }
        }
    }

    private static func content(_ type: String, _ shape: Shape, example: String?, _ w: inout JSONWriter) {
        w.key(type)
        w.object { w in
            w.key("schema")
            shape.write(&w)
            if let example {
                w.key("example")
                w.raw(example.utf8)
            }
        }
    }

    private static func responses(_ route: Route, _ w: inout JSONWriter) {
        w.key("responses")
        w.object { w in
            var stated: Set<Int> = []
            for form in route.answers.forms where stated.insert(form.status).inserted {
                // One status may come in several media types.
                let alike = route.answers.forms.filter { $0.status == form.status }
                w.key(String(form.status))
                w.object { w in
                    w.member("description", alike.map(\.meaning).joined(separator: " "))
                    guard form.type != nil else { return }
                    w.key("content")
                    w.object { w in for form in alike { if let type = form.type, let shape = form.shape { content(type, shape, example: form.example, &w) } } }
                }
            }
            for (status, meaning) in refusals where !stated.contains(status) {
                w.key(String(status))
                w.object { w in
                    w.member("description", meaning)
                    w.key("content")
                    w.object { content("application/json", .refusal, example: nil, &$0) }
                }
            }
        }
    }

    private static let refusals = [
        (400, "The request is wrong."), (401, "Not signed in."), (403, "Not allowed."), (404, "Not there."), (405, "Not this method."), (409, "Something that is there stands against it."), (429, "Too fast."), (503, "Not now."),
    ]

    private static func components(_ routes: [Route], _ w: inout JSONWriter) {
        var found: [String: Shape] = [:]
        Shape.refusal.gather(into: &found)
        for route in routes {
            route.takes?.shape.gather(into: &found)
            for form in route.answers.forms { form.shape?.gather(into: &found) }
        }
        w.key("components")
        w.object { w in
            w.key("schemas")
            w.object { w in
                for (name, shape) in found.sorted(by: { $0.key < $1.key }) {
                    w.key(name)
                    shape.writeDefinition(&w)
                }
            }
            w.key("securitySchemes")
            w.object { w in
                w.key("token")
                w.object { $0.member("type", "http"); $0.member("scheme", "bearer") }
                w.key("writeKey")
                w.object { $0.member("type", "http"); $0.member("scheme", "basic") }
                w.key("writeKeyHeader")
                w.object { $0.member("type", "apiKey"); $0.member("in", "header"); $0.member("name", "X-Write-Key") }
            }
        }
    }
}
