/// What every page needs to know besides its own content: who looks, where, in which language, and at what time.
public struct Frame: Sendable {
    /// The workspace in the address, and those that the switch offers.
    public var workspace: String
    public var workspaces: [String]
    public var language: Language
    public var theme: Theme
    /// Goes into every form as the hidden field `csrf`.
    public var csrf: String
    /// Milliseconds since 1970 UTC; relative times are counted from it, so a page can be tested.
    public var nowMs: Int64
    public var zone: Zone
    /// Path and query of the request, as received; language and theme links come back to it.
    public var address: String
    /// Where this server is reached from outside, without a slash at the end: `https://cdp.wren.example`; for snippets and curl.
    public var host: String
    /// What the last action did, shown once.
    public var notice: Notice?
    /// How much of the demo's history is there, in per cent; nil where it is not being filled.
    public var filling: Int?
    /// Whether the page answers a form, and so holds what was sent.
    public var isAnswer = false

    public init(
        workspace: String, workspaces: [String] = ["main", "demo"], language: Language = .english,
        theme: Theme = .system, csrf: String, nowMs: Int64, zone: Zone = .utc, address: String, host: String,
        notice: Notice? = nil
    ) {
        self.workspace = workspace
        self.workspaces = workspaces
        self.language = language
        self.theme = theme
        self.csrf = csrf
        self.nowMs = nowMs
        self.zone = zone
        self.address = address
        self.host = host
        self.notice = notice
    }

    /// Light and dark come from the same tokens; `system` follows the reader's device.
    public enum Theme: String, Sendable, CaseIterable { case system, light, dark }

    /// The zone in which days begin and exact times are written; scripts add the reader's own.
    public struct Zone: Sendable, Equatable {
        public var name: String
        public var offsetMinutes: Int
        public init(name: String, offsetMinutes: Int) { (self.name, self.offsetMinutes) = (name, offsetMinutes) }
        /// Coordinated universal time, where the server has no better idea.
        public static let utc = Zone(name: "UTC", offsetMinutes: 0)
    }

    /// One sentence about the action before this page: done (`good`) or refused (`critical`).
    public struct Notice: Sendable, Equatable {
        /// How a notice is coloured and marked.
        public enum Meaning: String, Sendable { case good, caution, critical }
        public var meaning: Meaning
        /// Already in the reader's language.
        public var text: String
        public init(_ meaning: Meaning, _ text: String) { (self.meaning, self.text) = (meaning, text) }

        /// The notice that follows a finished action, in the console's own words.
        public init(after action: Action, in language: Language) {
            self.init([.nameDiffers, .segmentInUse, .computedInUse, .listInUse, .usedByJourneys, .reviewGone, .journeyNotBelieved, .journeyWaits, .journeyCircle].contains(action) ? .critical : .good, Catalogue.text(PhraseKey(action.rawValue), in: language))
        }

        /// What a POST may have done; the server shows it on the page it redirects to.
        public enum Action: String, Sendable, CaseIterable {
            case sourceCreated = "notice.source-created"
            case sourceRenamed = "notice.source-renamed"
            case sourceRotated = "notice.source-rotated"
            case sourceDisabled = "notice.source-disabled"
            case sourceEnabled = "notice.source-enabled"
            case replayed = "notice.replayed"
            case quarantineDeleted = "notice.quarantine-deleted"
            case importStarted = "notice.import-started"
            case importCancelled = "notice.import-cancelled"
            case tokenRevoked = "notice.token-revoked"
            case passwordChanged = "notice.password-changed"
            case sessionsEnded = "notice.sessions-ended"
            case personErased = "notice.person-erased"
            case segmentCreated = "notice.segment-created"
            case segmentSaved = "notice.segment-saved"
            case segmentDeleted = "notice.segment-deleted"
            case segmentInUse = "notice.segment-in-use"
            case computedCreated = "notice.computed-created"
            case journeySaved = "notice.journey-saved"
            case campaignSaved = "notice.campaign-saved"
            case journeyStarted = "notice.journey-started"
            case journeyPaused = "notice.journey-paused"
            case journeyStopped = "notice.journey-stopped"
            case journeyDeleted = "notice.journey-deleted"
            case journeyWaits = "notice.journey-waits"
            case journeyCircle = "notice.journey-circle"
            case journeyNotBelieved = "notice.journey-not-believed"
            case templateSaved = "notice.template-saved"
            case templateDeleted = "notice.template-deleted"
            case emailSaved = "notice.email-saved"
            case emailKeys = "notice.email-keys"
            case emailReleased = "notice.email-released"
            case emailChecked = "notice.email-checked"
            case catcherCleared = "notice.catcher-cleared"
            case consentSaved = "notice.consent-saved"
            case policySaved = "notice.policy-saved"
            case messagesReplayed = "notice.messages-replayed"
            case messagesReleased = "notice.messages-released"
            case messagesDropped = "notice.messages-dropped"
            case destinationSaved = "notice.destination-saved"
            case destinationDeleted = "notice.destination-deleted"
            case computedSaved = "notice.computed-saved"
            case computedDeleted = "notice.computed-deleted"
            case computedInUse = "notice.computed-in-use"
            case accountSegmentSaved = "notice.account-segment-saved"
            case accountSegmentDeleted = "notice.account-segment-deleted"
            case ruleSaved = "notice.rule-saved"
            case listCreated = "notice.list-created"
            case listSaved = "notice.list-saved"
            case listDeleted = "notice.list-deleted"
            case usedByJourneys = "notice.used-by-journeys"
            case listInUse = "notice.list-in-use"
            case reviewSame = "notice.review-same"
            case reviewDifferent = "notice.review-different"
            case reviewUnsure = "notice.review-unsure"
            case companySame = "notice.company-same"
            case companyDifferent = "notice.company-different"
            case reviewGone = "notice.review-gone"
            case matchSaved = "notice.match-saved"
            case linkStated = "notice.link-stated"
            case linkUndone = "notice.link-undone"
            case rulesSet = "notice.rules-set"
            case nameDiffers = "notice.name-differs"
        }
    }
}

/// A refusal as the reader meets it: what happened and what to do, with the code that heads a page of the manual.
public struct ConsoleProblem: Sendable, Equatable {
    public var code: String
    public var problem: String
    public var remedy: String
    public init(code: String, problem: String, remedy: String) {
        (self.code, self.problem, self.remedy) = (code, problem, remedy)
    }
}

/// An identifier as the console shows it: a namespace and a value.
public struct IdentifierLabel: Sendable, Hashable {
    public var type: String
    public var value: String
    public init(type: String, value: String) { (self.type, self.value) = (type, value) }
}
