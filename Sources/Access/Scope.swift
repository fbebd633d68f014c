/// What a token may do. Every route declares exactly one.
public enum Scope: String, Sendable, CaseIterable {
    case eventsRead = "events:read"
    case profilesRead = "profiles:read"
    case accountsWrite = "accounts:write"
    /// Who is who: links and the rules of identity.
    case identityWrite = "identity:write"
    case segmentsRead = "segments:read"
    case segmentsWrite = "segments:write"
    /// How messages are sent, and mail that was caught.
    case channelsRead = "channels:read"
    case channelsWrite = "channels:write"
    case templatesRead = "templates:read"
    case templatesWrite = "templates:write"
    case consentRead = "consent:read"
    case consentWrite = "consent:write"
    /// Messages and what became of them, and the sending policy.
    case messagesRead = "messages:read"
    case messagesWrite = "messages:write"
    case destinationsRead = "destinations:read"
    case destinationsWrite = "destinations:write"
    case analyticsRead = "analytics:read"
    case quarantineRead = "quarantine:read"
    case quarantineWrite = "quarantine:write"
    case sourcesRead = "sources:read"
    case sourcesWrite = "sources:write"
    case importsRead = "imports:read"
    case importsWrite = "imports:write"
    case privacyWrite = "privacy:write"
    case accessRead = "access:read"
    case accessWrite = "access:write"
    case operationsRead = "operations:read"
    case operationsWrite = "operations:write"
}
