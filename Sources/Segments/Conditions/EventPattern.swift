/// Which events are meant: their name or call, and what their properties must be.
public struct EventPattern: Sendable, Hashable {
    public enum Name: Sendable, Hashable {
        /// A track call by its name, compared by code points.
        case track(String)
        /// Page calls, all or those of one name.
        case page(String?)
        /// Screen calls, all or those of one name.
        case screen(String?)
        /// Whatever people do: track, page and screen calls; not identify, group and alias, which say who they are.
        case any
        /// Sessions, by the longest pause within one; see ``SessionProperty``. Never together with others.
        case sessions(gap: Period)
    }
    /// One of these; never empty.
    public let names: [Name]
    public let filter: PropertyFilter?

    public init(_ names: [Name], where filter: PropertyFilter? = nil) {
        self.names = names
        self.filter = filter
    }
}

/// What an event's properties must be.
public indirect enum PropertyFilter: Sendable, Hashable {
    case all([PropertyFilter])
    case any([PropertyFilter])
    case not(PropertyFilter)
    /// Members of `properties` by their path; of the event's context with a leading `context.`.
    case property(String, ValueTest)
    /// The hour of the day in the moment's zone, 0 to 23: from the first (included) to the second (excluded), over midnight where it is the smaller.
    case hours(Int, Int)
    /// Days of the week in the moment's zone, Monday is 1.
    case weekdays([Int])
    /// That it was done as a member of an account: of the one in its `context.groupId`, else of the one that the person belonged to then.
    case member(MembershipPattern)
}
