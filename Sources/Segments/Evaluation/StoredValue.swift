import Columnar
import Vocabulary

/// A value as a column or the log has it.
enum StoredValue: Sendable {
    case text([UInt8])
    case boolean(Bool)
    case number(ExactNumber)
    case array([StoredValue])
    /// An object, whose members are values of their own.
    case object

    init?(kind: ValueKind, content: [UInt8]) {
        switch kind {
        case .text: self = .text(content)
        case .boolean: self = .boolean(content.first == 0x74)
        case .number:
            guard let number = ExactNumber(json: content) else { return nil }
            self = .number(number)
        case .array: self.init(json: JSONText(trusted: content))
        case .object: self = .object
        case .null: return nil
        }
    }

    /// Nil for JSON null.
    init?(json: JSONText) {
        if let text = json.string { self = .text(Array(text.utf8)) } else if let boolean = json.boolean { self = .boolean(boolean) } else if json.isArray {
            self = .array(json.elements.compactMap(StoredValue.init(json:)))
        } else if json.isObject {
            self = .object
        } else if let number = ExactNumber(json: json.bytes) {
            self = .number(number)
        } else {
            return nil
        }
    }

    /// The value at a dotted path of a JSON object; a member whose own key has dots is found too.
    static func json(at path: [UInt8], in object: JSONText) -> JSONText? {
        let name = String(decoding: path, as: UTF8.self)
        if let direct = object[name] { return direct.isNull ? nil : direct }
        for (index, byte) in path.enumerated() where byte == 0x2e {
            if let inner = object[String(decoding: path[..<index], as: UTF8.self)], inner.isObject,
                let value = json(at: Array(path[(index + 1)...]), in: inner)
            {
                return value
            }
        }
        return nil
    }

    /// Neither a list nor an object.
    var isScalar: Bool {
        switch self {
        case .text, .boolean, .number: true
        case .array, .object: false
        }
    }

    var instant: Timestamp? {
        guard case .text(let bytes) = self else { return nil }
        return bytes.withUnsafeBytes { unsafe Timestamp(text: $0) }
    }
}
