import Delivery
import EventLog
import Identity
import Ingest
import Mail
import Privacy
import Profiles
import Segments
import Synchronization
import Vocabulary

/// Where links in messages lead, unless the sending policy says otherwise: known once the server listens.
final class ServerAddress: Sendable {
    private let scheme: String
    private let host: String
    private let port: Mutex<Int>

    init(_ configuration: Configuration) {
        scheme = configuration.tlsCertificate == nil ? "http" : "https"
        host = Configuration.isAnywhere(configuration.host) ? "localhost" : configuration.urlHost
        port = Mutex(configuration.port)
    }

    func listens(port: Int) { self.port.withLock { $0 = port } }
    var text: String { "\(scheme)://\(host):\(port.withLock { $0 })" }
}

extension Workspace {
    /// Where somebody chooses what they get; theirs also when they part from whom they were taken for.
    func preferenceLink(_ profile: Profile, _ scope: ConsentScope) -> PreferenceLink {
        guard let id = ProfileID(profile.id) else { return PreferenceLink(profile: profile.id, scope: scope) }
        let address = mailbox(of: profile)
        return lock.reading { Workspace.preferenceLink(id, scope, to: address, graph, ledger) }
    }

    /// The address that mail to somebody goes to.
    func mailbox(of profile: Profile) -> String? {
        var w = JSONWriter()
        profile.write(traits: &w)
        return EmailChannel.mailbox(identifiers: profile.identifiers, traits: w.text)
    }

    /// Called under the lock.
    private static func preferenceLink(_ id: ProfileID, _ scope: ConsentScope, to address: String?, _ graph: IdentityGraph, _ ledger: ConsentLedger) -> PreferenceLink {
        guard let node = graph.find(id) else { return PreferenceLink(profile: id.text, scope: scope) }
        // They may have written it otherwise than mail carries it.
        let mailbox = address.flatMap { address in
            graph.find(Identifier(.email, address)) ?? graph.members(node).first { graph.namespace($0) == .email && (try? MailAddress(graph.identifier($0).text))?.text == address }
        }
        var bearer = graph.bearer(node)
        // A visitor who told their address is named by that: their device may turn out to be everybody's.
        if let mailbox, graph.namespace(bearer) == .anonymousId, graph.root(of: mailbox) == graph.root(of: bearer) { bearer = mailbox }
        return PreferenceLink(profile: graph.ownID(bearer).text, scope: scope, address: mailbox.map { graph.ownID($0).text } ?? "", hash: address.map { ledger.emailHash($0) } ?? [])
    }

    /// Who people are when they are sent something.
    static func recipients(
        name: String, _ reader: ProfileReader, _ graph: IdentityGraph, _ lock: StateLock, _ ledger: ConsentLedger, _ policy: SendingPolicyStore, _ engine: SegmentEngine,
        _ computed: ComputedTraitStore, _ address: ServerAddress
    ) -> Recipients {
        Recipients(
            reader: reader, graph: graph, lock: lock,
            links: { person, scope, mailbox in
                let link = lock.reading { preferenceLink(person, scope, to: mailbox, graph, ledger) }
                let tail = "\(PercentCoding.encode(name))/\(ledger.token(for: link))"
                let own = policy.current.publicAddress
                let base = own.isEmpty ? address.text : own
                return Recipients.Links(preferences: "\(base)/preferences/\(tail)", unsubscribe: "\(base)/unsubscribe/\(tail)")
            },
            data: { profile, data, links, names in
                let traits = names?.isEmpty ?? false ? [] : computed.all.filter { names?.contains($0.name) ?? true }
                let values = traits.isEmpty ? [] : (try? engine.values(of: traits, for: profile, asOf: Call.moment(nil))) ?? []
                return MessageData(
                    profile, computed: values, data: data, workspace: name, links: [("unsubscribe_url", links.unsubscribe), ("preferences_url", links.preferences)]
                ).record
            })
    }
}
