import Columnar
import Vocabulary

/// A value as a column or the log has it.
enum StoredValue: Sendable {
    case text([UInt8])
    case boolean(Bool)
    case number(ExactNumber)
    case array([StoredValue])
    /// An object; of one that a column names the members are in columns of their own, and none here.
    case object(JSONText)

    init?(kind: ValueKind, content: [UInt8]) {
        switch kind {
        case .text: self = .text(content)
        case .boolean: self = .boolean(content.first == 0x74)
        case .number:
            guard let number = ExactNumber(json: content) else { return nil }
            self = .number(number)
        case .array: self.init(json: JSONText(trusted: content))
        case .object: self = .object(JSONText(trusted: Array("{}".utf8)))
        case .null: return nil
        }
    }

    /// Nil for JSON null.
    init?(json: JSONText) {
        if let text = json.string { self = .text(Array(text.utf8)) } else if let boolean = json.boolean { self = .boolean(boolean) } else if json.isArray {
            self = .array(json.elements.compactMap(StoredValue.init(json:)))
        } else if json.isObject {
            self = .object(json)
        } else if let number = ExactNumber(json: json.bytes) {
            self = .number(number)
        } else {
            return nil
        }
    }

    /// The value at a dotted path of a JSON object; a member whose own key has dots is found too.
    static func at(_ path: [UInt8], in object: JSONText) -> StoredValue? { object.member(at: path).flatMap(StoredValue.init(json:)) }

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

extension JSONText {
    /// The member at a dotted path of an object; a member whose own key has dots is found too.
    func member(at path: [UInt8]) -> JSONText? {
        if let direct = self[String(decoding: path, as: UTF8.self)] { return direct }
        for (index, byte) in path.enumerated() where byte == 0x2e {
            if let inner = self[String(decoding: path[..<index], as: UTF8.self)], inner.isObject,
                let value = inner.member(at: Array(path[(index + 1)...])), !value.isNull
            {
                return value
            }
        }
        return nil
    }
}
