/// The pictures of the shop, drawn as SVG from a product's colour. Colours are attributes, for the pages allow no inline style.
enum Drawing {
    /// The bird of the house, which takes its colour from the text around it.
    static let wren = """
        <svg class="wren" viewBox="0 0 48 40" width="36" height="30" aria-hidden="true">\
        <path fill="currentColor" d="M4 6c2 4 4 7 7 9 4-6 11-9 18-7 3 1 5 3 6 6l9 2-9 3c-1 8-7 14-16 14-3 0-5 0-7-1l-3 5-2-1 3-5C6 28 5 22 7 17 5 14 4 10 4 6z"/>\
        <circle cx="30" cy="13" r="1.5" fill="#f8f3e9"/><path d="M13 22c4 4 9 5 14 3" fill="none" stroke="#f8f3e9" stroke-width="1.6" stroke-linecap="round"/></svg>
        """

    static func picture(_ product: Product) -> String {
        let color = Color(product.color)
        let drawing =
            switch product.shape {
            case .tin: tin(color, product.name)
            case .box: box(color)
            case .pot: pot(color)
            case .kettle: kettle(color)
            case .cup: cup(color)
            case .whisk: whisk(color)
            case .strainer: strainer(color)
            }
        return """
            <svg viewBox="0 0 200 220" aria-hidden="true"><rect width="200" height="220" rx="14" fill="\(color.mixed(with: .paper, 86))"/>\
            <ellipse cx="100" cy="197" rx="66" ry="8" fill="\(color.mixed(with: .ink, 55))" opacity=".18"/>\(drawing)</svg>
            """
    }

    private static func tin(_ color: Color, _ name: String) -> String {
        let dark = color.mixed(with: .ink, 35), light = color.mixed(with: .paper, 35)
        let lines = wrapped(name)
        let first = 118 - (lines.count - 1) * 8
        let words = lines.enumerated().map { place, line in
            "<text x=\"100\" y=\"\(first + place * 16)\" text-anchor=\"middle\" font-family=\"Georgia,serif\" font-size=\"13\" fill=\"#2b2622\">\(escaped(line))</text>"
        }
        return """
            <path d="M46 62h108v122q0 12-12 12H58q-12 0-12-12z" fill="\(color)"/>\
            <path d="M46 62h16v134h-4q-12 0-12-12z" fill="\(light)" opacity=".55"/><path d="M138 62h16v122q0 12-12 12h-4z" fill="\(dark)" opacity=".6"/>\
            <path d="M42 40q0-10 10-10h96q10 0 10 10v20H42z" fill="\(dark)"/><path d="M42 40q0-10 10-10h8v30H42z" fill="\(light)" opacity=".35"/>\
            <rect x="42" y="57" width="116" height="5" fill="\(color.mixed(with: .ink, 55))"/><ellipse cx="100" cy="30" rx="14" ry="5" fill="\(light)"/>\
            <rect x="54" y="84" width="92" height="76" rx="4" fill="#fbf7ee"/>\
            <rect x="58" y="88" width="84" height="68" rx="2" fill="none" stroke="\(dark)" stroke-width="1"/>\(words.joined())\
            <path d="M92 146q8-7 16 0-8 5-16 0z" fill="\(color)"/><path d="M100 170v14M95 174l5 4 5-4" stroke="\(light)" stroke-width="2" fill="none" stroke-linecap="round"/>
            """
    }

    private static func box(_ color: Color) -> String {
        """
        <path d="M38 92h124v92q0 10-10 10H48q-10 0-10-10z" fill="\(color)"/><path d="M30 66h140v30H30z" fill="\(color.mixed(with: .ink, 25))"/>\
        <path d="M92 66h16v128H92z" fill="#fbf7ee" opacity=".9"/><path d="M100 66c-30-34-54-14-30 0zm0 0c30-34 54-14 30 0z" fill="#fbf7ee" stroke="\(color.mixed(with: .ink, 35))" stroke-width="2"/>
        """
    }

    private static func pot(_ color: Color) -> String {
        """
        <path d="M144 120c34-20 42 40 0 44" fill="none" stroke="\(color.mixed(with: .ink, 30))" stroke-width="10"/><path d="M58 124c-22-2-26-26-40-34l-6 8c12 8 10 44 46 54z" fill="\(color.mixed(with: .ink, 15))"/>\
        <path d="M50 130c0-34 24-50 50-50s50 16 50 50c0 36-20 64-50 64s-50-28-50-64z" fill="\(color)"/><path d="M62 128c0-24 14-36 30-40-14 14-20 40-12 78-12-8-18-22-18-38z" fill="#fff" opacity=".22"/>\
        <path d="M64 88q36-20 72 0-36 10-72 0z" fill="\(color.mixed(with: .ink, 30))"/><circle cx="100" cy="70" r="8" fill="\(color.mixed(with: .ink, 40))"/>
        """
    }

    private static func kettle(_ color: Color) -> String {
        """
        <path d="M70 78c4-46 56-46 60 0" fill="none" stroke="\(color.mixed(with: .ink, 50))" stroke-width="9"/><path d="M60 168c-40-2-12-82-44-92" fill="none" stroke="\(color.mixed(with: .ink, 15))" stroke-width="9" stroke-linecap="round"/>\
        <path d="M66 82h68l22 100q2 12-12 12H56q-14 0-12-12z" fill="\(color)"/><path d="M76 90h14l-12 96H62z" fill="#fff" opacity=".25"/><path d="M62 78q38-18 76 0v6H62z" fill="\(color.mixed(with: .ink, 35))"/>
        """
    }

    private static func cup(_ color: Color) -> String {
        """
        <ellipse cx="100" cy="184" rx="68" ry="12" fill="\(color.mixed(with: .paper, 45))"/><path d="M142 120c32-10 34 34-4 36" fill="none" stroke="\(color)" stroke-width="9"/>\
        <path d="M50 104h96c0 46-14 76-48 76s-48-30-48-76z" fill="\(color)"/><ellipse cx="98" cy="104" rx="48" ry="12" fill="\(color.mixed(with: .paper, 55))"/><ellipse cx="98" cy="106" rx="40" ry="8" fill="#8a4b22"/>\
        <path d="M84 84c-8-12 8-18 0-32M108 84c-8-12 8-18 0-32" fill="none" stroke="\(color.mixed(with: .ink, 20))" stroke-width="3" stroke-linecap="round" opacity=".45"/>
        """
    }

    private static func whisk(_ color: Color) -> String {
        let tines = stride(from: -36, through: 36, by: 6).map { "<path d=\"M\(100 + $0 / 3) 104Q\(100 + $0 * 5 / 4) 150 \(100 + $0) 192\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2.5\"/>" }
        return "\(tines.joined())<path d=\"M84 36h32l-4 70H88z\" fill=\"\(color.mixed(with: .ink, 12))\"/><path d=\"M86 92h28v8H86z\" fill=\"#3a2f2a\"/>"
    }

    private static func strainer(_ color: Color) -> String {
        let holes = (0..<15).map { "<circle cx=\"\(68 + $0 % 5 * 16)\" cy=\"\(124 + $0 / 5 * 14)\" r=\"3\" fill=\"\(color.mixed(with: .ink, 55))\"/>" }
        return """
            <path d="M36 104h128" stroke="\(color.mixed(with: .ink, 30))" stroke-width="8" stroke-linecap="round"/><path d="M50 108h100c0 40-20 66-50 66s-50-26-50-66z" fill="\(color)"/>\(holes.joined())\
            <path d="M60 112c2 24 10 42 24 54-20-8-28-30-28-54z" fill="#fff" opacity=".3"/>
            """
    }

    /// At most three lines of a label, broken between words.
    private static func wrapped(_ name: String) -> [String] {
        var lines: [String] = []
        for word in name.split(separator: " ") {
            if let last = lines.last, last.count + word.count < 12 { lines[lines.count - 1] = "\(last) \(word)" } else { lines.append(String(word)) }
        }
        return Array(lines.prefix(3))
    }

    /// A colour that mixes, and prints as SVG wants it.
    struct Color: CustomStringConvertible {
        let red: Int, green: Int, blue: Int

        static let paper = Color("fbf7ee"), ink = Color("231c17")

        init(_ hexadecimal: String) {
            let number = Int(hexadecimal, radix: 16) ?? 0
            (red, green, blue) = (number >> 16 & 255, number >> 8 & 255, number & 255)
        }

        /// `percent` of the other colour.
        func mixed(with other: Color, _ percent: Int) -> Color {
            func part(_ own: Int, _ their: Int) -> Int { (own * (100 - percent) + their * percent) / 100 }
            return Color(red: part(red, other.red), green: part(green, other.green), blue: part(blue, other.blue))
        }

        private init(red: Int, green: Int, blue: Int) { (self.red, self.green, self.blue) = (red, green, blue) }

        var description: String { "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    }
}
