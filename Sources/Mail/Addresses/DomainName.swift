import Foundation

/// Names of domains in the form that DNS and SMTP know.
public enum DomainName {
    /// Small letters, each label that is not ASCII as `xn--` and punycode; nil for what is no name, or mixes in signs that no registry gives out.
    ///
    /// Wide and other forms of a letter are the letter, as UTS 46 has it. A label of letters from two scripts that look alike, such as a Latin name with a Cyrillic `a`, is
    /// none that a registry gives out, written as it is or as punycode. Not the whole of IDNA: no rules for right-to-left labels, and a name wholly in one script is taken for what it says.
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

    /// Whether a name is in its form already and needs no further look, as nearly all are.
    private static func isPlain(_ name: String) -> Bool {
        var (labelStart, last, position) = (0, UInt8(0x2e), 0)
        for byte in name.utf8 {
            switch byte {
            case 0x61...0x7a, 0x30...0x39, 0x5f: break
            // Two in a row may begin punycode, whose letters are looked at.
            case 0x2d: if position == labelStart || last == 0x2d { return false }
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
        let plain = isASCII ? label.lowercased() : label.lowercased().precomposedStringWithCompatibilityMapping.lowercased()
        guard !plain.isEmpty, !plain.hasPrefix("-"), !plain.hasSuffix("-"), plain.unicodeScalars.count <= 63 else { return nil }
        if plain.hasPrefix("xn--") {
            guard let meant = Punycode.decode(plain.utf8.dropFirst(4)), isName(meant), !meant.allSatisfy(\.isASCII), "xn--" + Punycode.encode(meant) == plain else { return nil }
            return plain
        }
        let scalars = Array(plain.unicodeScalars)
        guard isName(scalars) else { return nil }
        // What was wide Latin letters is ASCII by now.
        let ascii = scalars.allSatisfy(\.isASCII) ? plain : "xn--" + Punycode.encode(scalars)
        return ascii.utf8.count <= 63 ? ascii : nil
    }

    // An underscore stands in names of hosts that exist, whatever RFC 952 says.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_" }

    private static func isName(_ label: [Unicode.Scalar]) -> Bool {
        label.allSatisfy { $0.isASCII ? isPlain($0) : isLetter($0) } && Set(label.compactMap(script)).count <= 1
    }

    /// Scripts whose letters pass for each other's.
    private enum AlikeScript { case latin, greek, cyrillic, armenian, cherokee }

    private static func script(_ scalar: Unicode.Scalar) -> AlikeScript? {
        switch scalar.value {
        case 0x61...0x7a, 0xdf...0x24f, 0x250...0x2af, 0x1e00...0x1eff, 0x2c60...0x2c7f, 0xa722...0xa7ff, 0xab30...0xab6f: .latin
        case 0x370...0x3ff, 0x1f00...0x1fff: .greek
        case 0x400...0x52f, 0x1c80...0x1c8f, 0xa640...0xa69f: .cyrillic
        case 0x530...0x58f: .armenian
        case 0x13a0...0x13ff, 0xab70...0xabbf: .cherokee
        default: nil
        }
    }

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

    /// Nil for what is no punycode, or longer than a label.
    static func decode(_ text: some BidirectionalCollection<UInt8>) -> [Unicode.Scalar]? {
        let all = Array(text)
        guard all.count <= 59, all.allSatisfy({ $0 < 0x80 }) else { return nil }
        let split = all.lastIndex(of: 0x2d)
        var out = all[..<(split ?? 0)].map { UInt32($0) }
        var rest = all[(split.map { $0 + 1 } ?? 0)...]
        var (n, i, bias) = (128, 0, 72)
        while !rest.isEmpty {
            let before = i
            var (weight, k) = (1, base)
            while true {
                guard let value = rest.popFirst().flatMap(value(ofDigit:)) else { return nil }
                i += value * weight
                let t = k <= bias ? tMin : min(max(k - bias, tMin), tMax)
                if value < t { break }
                weight *= base - t
                k += base
                // Beyond that no number is of a letter, and the next sum could be too large.
                guard i < 1 << 40, weight < 1 << 40 else { return nil }
            }
            let count = out.count + 1
            bias = adapt(i - before, count, isFirst: before == 0)
            n += i / count
            i %= count
            guard n <= 0x10ffff, Unicode.Scalar(UInt32(n)) != nil else { return nil }
            out.insert(UInt32(n), at: i)
            i += 1
        }
        let scalars = out.compactMap(Unicode.Scalar.init)
        return scalars.count == out.count ? scalars : nil
    }

    private static func value(ofDigit byte: UInt8) -> Int? {
        switch byte {
        case 0x61...0x7a: Int(byte) - 0x61
        case 0x30...0x39: Int(byte) - 0x30 + 26
        default: nil
        }
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
