import Console
import HTTPTypes
import Privacy
import Vocabulary

/// Who is kept out, and which addresses get no messages. Names come by form: an address of a page is kept by browsers and proxies.
extension ConsoleRoutes {
    var suppressions: [Route] {
        [
            page("/consent/suppressions", "Look up who is kept out, and which addresses get no messages.") { visit in visit.html(SuppressionsPage()) },
            action("/consent/suppressions", "Look somebody up, take them in again, or let messages go to an address or not.") { visit, form in
                var page = SuppressionsPage(kind: SuppressionsPage.kinds.contains(form.text("kind")) ? form.text("kind") : SuppressionsPage.kinds[0], value: form.text("value").trimmed)
                do {
                    try visit.change(form.text("change"), page)
                    page.found = try visit.found(page)
                } catch let refusal as Refusal where refusal.status < 500 {
                    page.problem = ConsoleProblem(refusal.explanation)
                }
                return visit.html(page, at: "/consent/suppressions", status: page.problem == nil ? .ok : .unprocessableContent)
            },
        ]
    }
}

extension Visit {
    private func identifier(_ page: SuppressionsPage) throws -> Identifier {
        guard let namespace = IdentifierNamespace(name: page.kind), !page.value.isEmpty else { throw AdminRoutes.nobodyNamed }
        return Identifier(namespace, page.value)
    }

    fileprivate func change(_ change: String, _ page: SuppressionsPage) throws {
        switch change {
        // Whoever else pressed the same button meanwhile has done it.
        case "admit": _ = try place.suppression.lift(try identifier(page))
        case "send": _ = try place.ledger.unsuppress(address: try Workspace.mailAddress(page.value).text)
        case "stop": try place.ledger.suppress(address: try Workspace.mailAddress(page.value).text, .manual, at: now)
        default: break
        }
    }

    fileprivate func found(_ page: SuppressionsPage) throws -> SuppressionsPage.Found {
        let since = try place.suppression.since(try identifier(page))
        let address = page.kind == "email" ? try Workspace.mailAddress(page.value).text : nil
        return SuppressionsPage.Found(
            keptOutMs: since?.milliseconds, isAddress: address != nil,
            stop: try address.flatMap { try place.ledger.suppression(ofAddress: $0) }.map { .init(reason: $0.reason, atMs: $0.at.milliseconds) })
    }
}
