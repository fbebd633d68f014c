extension DomainName {
    /// Second labels under which countries register names, as in `wren.co.uk`.
    private static let registries: Set<String> = ["ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org"]

    /// The domain that whoever runs a name registered: its last two labels, or three under a country's `co`, `com` and the like.
    ///
    /// - Note: RFC 7489 would ask the Public Suffix List, which changes by the week; where this differs, only a finding differs, and no mail.
    public static func organisation(of name: String) -> String {
        let labels = name.split(separator: ".").map(String.init)
        guard labels.count > 2 else { return name }
        let isCountry = labels[labels.count - 1].utf8.count == 2 && registries.contains(labels[labels.count - 2])
        return labels.suffix(isCountry ? 3 : 2).joined(separator: ".")
    }
}
