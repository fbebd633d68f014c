/// What people call a source, a segment, a list and the like: shown in lists, in logs of other programs and at the command line, each on one line.
extension String {
    /// Whether some sign of it is no letter of a name but an order to whatever shows it: a new line, a tab, an escape, a zero.
    public var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) || $0.value == 0x2028 || $0.value == 0x2029 }
    }
}
