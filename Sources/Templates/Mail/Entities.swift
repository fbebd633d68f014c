/// Character references of HTML.
public enum Entities {
    /// Those of HTML 4 from 0xA1 on, in the order of their code points, and by their code points.
    private static let latin = """
        iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest
        Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig
        agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """
    private static let others = """
        OElig 152 oelig 153 Scaron 160 scaron 161 Yuml 178 fnof 192 circ 2C6 tilde 2DC Alpha 391 Beta 392 Gamma 393 Delta 394 Epsilon 395 Zeta 396 Eta 397 Theta 398 Iota 399 Kappa 39A Lambda 39B Mu 39C Nu 39D Xi 39E
        Omicron 39F Pi 3A0 Rho 3A1 Sigma 3A3 Tau 3A4 Upsilon 3A5 Phi 3A6 Chi 3A7 Psi 3A8 Omega 3A9 alpha 3B1 beta 3B2 gamma 3B3 delta 3B4 epsilon 3B5 zeta 3B6 eta 3B7 theta 3B8 iota 3B9 kappa 3BA lambda 3BB mu 3BC nu 3BD
        xi 3BE omicron 3BF pi 3C0 rho 3C1 sigmaf 3C2 sigma 3C3 tau 3C4 upsilon 3C5 phi 3C6 chi 3C7 psi 3C8 omega 3C9 thetasym 3D1 upsih 3D2 piv 3D6 ensp 2002 emsp 2003 thinsp 2009 zwj 200D lrm 200E rlm 200F sbquo 201A
        bdquo 201E dagger 2020 Dagger 2021 permil 2030 prime 2032 Prime 2033 lsaquo 2039 rsaquo 203A oline 203E frasl 2044 image 2111 weierp 2118 real 211C alefsym 2135 larr 2190 uarr 2191 rarr 2192 darr 2193 harr 2194
        crarr 21B5 lArr 21D0 uArr 21D1 rArr 21D2 dArr 21D3 hArr 21D4 forall 2200 part 2202 exist 2203 empty 2205 nabla 2207 isin 2208 notin 2209 ni 220B prod 220F sum 2211 minus 2212 lowast 2217 radic 221A prop 221D
        infin 221E ang 2220 and 2227 or 2228 cap 2229 cup 222A int 222B there4 2234 sim 223C cong 2245 asymp 2248 ne 2260 equiv 2261 le 2264 ge 2265 sub 2282 sup 2283 nsub 2284 sube 2286 supe 2287 oplus 2295 otimes 2297
        perp 22A5 sdot 22C5 lceil 2308 rceil 2309 lfloor 230A rfloor 230B lang 27E8 rang 27E9 loz 25CA spades 2660 clubs 2663 hearts 2665 diams 2666 check 2713 star 2606 starf 2605 phone 260E
        """

    private static let named: [String: String] = {
        var all = ascii
        func add(_ name: some StringProtocol, _ value: UInt32) { if let scalar = Unicode.Scalar(value), all[String(name)] == nil { all[String(name)] = String(scalar) } }
        for (index, name) in latin.split(whereSeparator: \.isWhitespace).enumerated() { add(name, 0xa1 + UInt32(index)) }
        let words = others.split(whereSeparator: \.isWhitespace)
        for index in stride(from: 0, to: words.count - 1, by: 2) { if let value = UInt32(words[index + 1], radix: 16) { add(words[index], value) } }
        return all
    }()

    private static let ascii: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "trade": "™", "euro": "€", "hellip": "…", "mdash": "—", "ndash": "–",
        "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•", "zwnj": "", "shy": "",
        "AMP": "&", "LT": "<", "GT": ">", "QUOT": "\"", "equals": "=", "sol": "/", "quest": "?", "num": "#", "colon": ":", "semi": ";", "percnt": "%", "plus": "+", "commat": "@", "lowbar": "_", "period": ".",
        "comma": ",", "excl": "!", "lpar": "(", "rpar": ")", "ast": "*", "dollar": "$", "lsqb": "[", "rsqb": "]", "lcub": "{", "lbrace": "{", "rcub": "}", "rbrace": "}", "vert": "|", "mldr": "…", "Tab": "\t", "NewLine": "\n", "COPY": "©", "REG": "®", "TRADE": "™",
    ]

    /// What HTML has always read without `;`, too.
    private static let old = Set(latin.split(whereSeparator: \.isWhitespace).map(String.init) + ["amp", "lt", "gt", "quot", "AMP", "LT", "GT", "QUOT", "nbsp", "COPY", "REG"])
    private static let oldLengthMaximum = 6
    private static let nameLengthMaximum = 12

    /// What the numbers from 0x80 to 0x9F stand for: those of windows-1252, which has no letter where there is 0.
    private static let windows: [UInt32] = [
        0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
    ]

    /// The text with its entities as characters; what is none stays as it is.
    ///
    /// - Parameter inAttribute: whether it is the value of an attribute, in which `?a=1&copy=2` is an address.
    public static func decoded(_ text: String, inAttribute: Bool = false) -> String {
        guard text.utf8.contains(0x26) else { return text }
        return String(decoding: decoded(Array(text.utf8)[...], inAttribute: inAttribute), as: UTF8.self)
    }

    /// The same by bytes: what follows a reference may be an accent upon it, and is no part of the reference.
    ///
    /// - Note: HTML Living Standard, 13.2.5.72 to 13.2.5.80.
    static func decoded(_ text: ArraySlice<UInt8>, inAttribute: Bool = false) -> [UInt8] {
        guard text.contains(0x26) else { return Array(text) }
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == 0x26, let (character, end) = reference(text[(index + 1)...], inAttribute) {
                out += character.utf8
                index = end
            } else {
                out.append(text[index])
                index += 1
            }
        }
        return out
    }

    /// What stands at the beginning of `rest`, which follows `&`, and where the reference ends.
    private static func reference(_ rest: ArraySlice<UInt8>, _ inAttribute: Bool) -> (character: String, end: Int)? {
        if rest.first == 0x23 { return number(rest.dropFirst()) }
        let word = rest.prefix(nameLengthMaximum).prefix(while: isAlphanumeric)
        if word.endIndex < rest.endIndex, rest[word.endIndex] == 0x3b, let text = named[String(decoding: word, as: UTF8.self)] { return (text, word.endIndex + 1) }
        for length in stride(from: min(word.count, oldLengthMaximum), to: 1, by: -1) {
            let name = String(decoding: word.prefix(length), as: UTF8.self)
            guard old.contains(name), let text = named[name] else { continue }
            let end = word.startIndex + length
            if inAttribute, end < rest.endIndex, rest[end] == 0x3d || isAlphanumeric(rest[end]) { return nil }
            return (text, end)
        }
        return nil
    }

    private static func number(_ rest: ArraySlice<UInt8>) -> (character: String, end: Int)? {
        let isHex = rest.first.map(Ascii.lowered) == 0x78
        let start = rest.startIndex + (isHex ? 1 : 0)
        var (value, index) = (UInt32(0), start)
        while index < rest.endIndex, let digit = digit(rest[index], isHex) {
            // Beyond the last character, more digits say nothing new.
            value = min(value * (isHex ? 16 : 10) + digit, 0x11_0000)
            index += 1
        }
        guard index > start, let text = character(value) else { return nil }
        return (text, index < rest.endIndex && rest[index] == 0x3b ? index + 1 : index)
    }

    private static func digit(_ byte: UInt8, _ isHex: Bool) -> UInt32? {
        switch Ascii.lowered(byte) {
        case 0x30...0x39: UInt32(byte) - 0x30
        case let letter where isHex && letter >= 0x61 && letter <= 0x66: UInt32(letter) - 0x57
        default: nil
        }
    }

    /// Control characters but for blanks are none in a mail, and stay as they are written.
    private static func character(_ value: UInt32) -> String? {
        switch value {
        case 0x09, 0x0a, 0x0c, 0x0d: return String(Unicode.Scalar(UInt8(value)))
        case 0xa0: return " "
        case 0: return "\u{fffd}"
        case 0..<0x20, 0x7f: return nil
        case 0x80...0x9f: return windows[Int(value) - 0x80] == 0 ? nil : Unicode.Scalar(windows[Int(value) - 0x80]).map { String($0) }
        default: return Unicode.Scalar(value).map { String($0) } ?? "\u{fffd}"
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a || byte >= 0x30 && byte <= 0x39 }
}
