import Foundation

/// Names of domains in the form that DNS and SMTP know.
public enum DomainName {
    /// Small letters, each label that is not ASCII as `xn--` and punycode; nil for what is no name, or mixes in signs that no registry gives out.
    ///
    /// Not the whole of IDNA: no table of look-alikes, no rules for right-to-left labels. What it lets through is a sound name all the same, for DNS to know or not.
    public static func ascii(_ name: String) -> String? {
        if isPlain(name) { return name }
        var labels: [String] = []
        for label in name.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: isDot) {
            guard let ascii = asciiLabel(String(String.UnicodeScalarView(label))) else { return nil }
            labels.append(ascii)
        }
        let joined = labels.joined(separator: ".")
        return joined.utf8.count <= 253 ? joined : nil
    }

    private static func isDot(_ scalar: Unicode.Scalar) -> Bool { [0x2e, 0x3002, 0xff0e, 0xff61].contains(scalar.value) }

    /// Whether a name is in its form already, as nearly all are.
    private static func isPlain(_ name: String) -> Bool {
        var (labelStart, last, position) = (0, UInt8(0x2e), 0)
        for byte in name.utf8 {
            switch byte {
            case 0x61...0x7a, 0x30...0x39, 0x5f: break
            case 0x2d: if position == labelStart { return false }
            case 0x2e:
                if position == labelStart || last == 0x2d { return false }
                labelStart = position + 1
            default: return false
            }
            (last, position) = (byte, position + 1)
            if position - labelStart > 63 { return false }
        }
        return position > labelStart && last != 0x2d && position <= 253
    }

    private static func asciiLabel(_ label: String) -> String? {
        let isASCII = label.utf8.allSatisfy { $0 < 0x80 }
        let plain = isASCII ? label.lowercased() : label.lowercased().precomposedStringWithCanonicalMapping
        guard !plain.isEmpty, !plain.hasPrefix("-"), !plain.hasSuffix("-"), plain.unicodeScalars.count <= 63 else { return nil }
        let isName = plain.unicodeScalars.allSatisfy { $0.isASCII ? isPlain($0) : isLetter($0) }
        guard isName else { return nil }
        let ascii = isASCII ? plain : "xn--" + Punycode.encode(Array(plain.unicodeScalars))
        return ascii.utf8.count <= 63 ? ascii : nil
    }

    // An underscore stands in names of hosts that exist, whatever RFC 952 says.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_" }

    /// Letters, marks and digits of any script.
    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .decimalNumber: true
        default: false
        }
    }
}

/// RFC 3492.
enum Punycode {
    private static let (base, tMin, tMax, skew, damp) = (36, 1, 26, 38, 700)

    /// - Parameter input: at most 63 scalars, so that no sum comes near the end of its type.
    static func encode(_ input: [Unicode.Scalar]) -> String {
        var out: [UInt8] = input.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
        let basic = out.count
        if basic > 0 { out.append(0x2d) }
        var (n, delta, bias, handled) = (128, 0, 72, basic)
        while handled < input.count {
            let next = input.lazy.map { Int($0.value) }.filter { $0 >= n }.min() ?? n
            delta += (next - n) * (handled + 1)
            n = next
            for scalar in input {
                let value = Int(scalar.value)
                if value < n { delta += 1 }
                guard value == n else { continue }
                var (q, k) = (delta, base)
                while true {
                    let t = k <= bias ? tMin : min(k - bias, tMax)
                    if q < t { break }
                    out.append(digit(t + (q - t) % (base - t)))
                    q = (q - t) / (base - t)
                    k += base
                }
                out.append(digit(q))
                bias = adapt(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func digit(_ value: Int) -> UInt8 { UInt8(truncatingIfNeeded: value < 26 ? 0x61 + value : 0x30 + value - 26) }

    private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / count
        var k = 0
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + skew)
    }
}
