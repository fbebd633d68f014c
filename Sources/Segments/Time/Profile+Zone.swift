public import Profiles

extension ZoneRules {
    /// Whether this machine knows a zone of that name, or it is a fixed offset.
    public static func knows(_ name: String) -> Bool { !name.contains("//") && (try? named(TimeZoneName(name: name))) != nil }
}

extension Profile {
    /// Where the person's clock is: their trait `timezone`, else what their devices told last (`context.timezone`); nil where neither is a zone that this machine knows.
    public var timeZone: TimeZoneName? {
        [traits.first { $0.name == "timezone" }, traits.first { $0.name == "timeZone" }].lazy.compactMap { $0?.value.string }.first(where: ZoneRules.knows).map(TimeZoneName.init(name:))
            ?? deviceZone.map(TimeZoneName.init(name:))
    }
}
