/// The places of the rail, in the order of the flow, each with the key that goes there after `g`.
enum Section: String, CaseIterable {
    case home, sources, live, imports, quarantine, profiles, review, accounts, segments, computed, survivorship, templates, deliveries, destinations, policy, email, catcher, consent, tokens, session

    /// Those that the server serves; a place joins the rail, the keys and the search when its routes do.
    static let served = allCases

    enum Group: String, CaseIterable { case start, data, people, messages, settings }

    var group: Group {
        switch self {
        case .home: .start
        case .sources, .live, .imports, .quarantine: .data
        case .profiles, .review, .accounts, .segments, .computed, .survivorship: .people
        case .templates, .deliveries, .destinations, .policy, .email, .catcher: .messages
        case .consent, .tokens, .session: .settings
        }
    }

    var title: PhraseKey { PhraseKey("section.\(rawValue)") }

    /// After `/w/<workspace>`; home is the workspace itself.
    var path: String {
        switch self {
        case .home: ""
        case .computed: "/computed-traits"
        case .policy: "/sending-policy"
        default: "/\(rawValue)"
        }
    }

    var key: String {
        switch self {
        case .home: "h"
        case .sources: "s"
        case .live: "l"
        case .imports: "i"
        case .quarantine: "q"
        case .profiles: "p"
        case .accounts: "a"
        case .review: "r"
        case .segments: "e"
        case .computed: "c"
        case .survivorship: "v"
        case .templates: "m"
        case .deliveries: "d"
        case .destinations: "n"
        case .policy: "u"
        case .email: "z"
        case .catcher: "y"
        case .consent: "o"
        case .tokens: "t"
        case .session: "w"
        }
    }

    var icon: Icon {
        switch self {
        case .home: .home
        case .sources: .sources
        case .live: .live
        case .imports: .imports
        case .quarantine: .quarantine
        case .profiles: .profiles
        case .accounts: .group
        case .review: .review
        case .segments: .segments
        case .computed: .computed
        case .survivorship: .settings
        case .templates: .templates
        case .deliveries: .deliveries
        case .destinations: .destinations
        case .policy: .clock
        case .email: .email
        case .catcher: .catcher
        case .consent: .consent
        case .tokens: .tokens
        case .session: .session
        }
    }

    /// Whole address in a workspace.
    func address(in workspace: String) -> String {
        "/w/\(Address.encoded(workspace))\(path)"
    }
}
