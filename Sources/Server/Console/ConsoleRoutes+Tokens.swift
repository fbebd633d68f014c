import Access
import Console
import HTTPTypes
import Vocabulary

/// API tokens: made with scopes, shown once, revoked.
extension ConsoleRoutes {
    var tokens: [Route] {
        [
            page("/tokens", "API tokens.") { visit in visit.html(visit.tokensPage()) },
            action("/tokens", "Make an API token; it is shown in the answer and never again.") { visit, form in
                let name = String(form.name().prefix(ConsoleRoutes.nameMaximum))
                let ticked = form.all("scope")
                // The form's own value is the token's id, so that a form that comes twice, even at once, makes one token.
                let id = form["once"].map { Tokens.id(from: $0 + visit.session.csrf) }
                func refuse(_ mistake: TokensPage.Mistake) -> Reply { visit.html(visit.tokensPage(mistake, typed: name, ticked: ticked), at: "/tokens") }
                func isMade() -> Bool { server.folder.tokens.list(workspace: visit.place.name).contains { $0.id == id } }
                if isMade() { return refuse(.sentAgain) }
                if name.isEmpty { return refuse(.nameMissing) }
                if server.folder.tokens.list(workspace: visit.place.name).contains(where: { $0.name == name }) { return refuse(.nameTaken) }
                if ticked.isEmpty { return refuse(.scopesMissing) }
                let scopes = try AdminRoutes.scopes(ticked)
                let made: (token: Token, secret: String)
                do {
                    made = try server.folder.tokens.create(name: name, workspace: visit.place.name, scopes: scopes, at: visit.now, id: id)
                } catch where isMade() { return refuse(.sentAgain) }
                return visit.html(visit.tokensPage(created: .init(name: name, token: made.secret)), at: "/tokens", status: .ok)
            },
            action("/tokens/{id}/revoke", "Revoke an API token; it stops at once.") { visit, form in
                guard let token = server.folder.tokens.list(workspace: visit.place.name).first(where: { $0.id == visit.id }) else { throw Visit.gone }
                guard form.confirms(token.name) else { return visit.done(.nameDiffers, at: "/tokens") }
                guard try server.folder.tokens.revoke(token.id, workspace: visit.place.name) else { throw Visit.gone }
                return visit.done(.tokenRevoked, at: "/tokens")
            },
        ]
    }
}

extension Visit {
    fileprivate func tokensPage(_ mistake: TokensPage.Mistake? = nil, typed: String = "", ticked: [String] = [], created: TokensPage.Created? = nil) -> TokensPage {
        let rows = server.folder.tokens.list(workspace: place.name).map { token in
            TokensPage.Row(
                id: token.id, name: token.name, scopes: token.scopes.count == Scope.allCases.count ? ["all"] : token.scopes.map(\.rawValue).sorted(),
                createdMs: token.createdAt.milliseconds, lastUsedMs: token.usedAt?.milliseconds)
        }
        return TokensPage(rows: rows.reversed(), scopes: ["all"] + Scope.allCases.map(\.rawValue), created: created, mistake: mistake,
            typedName: typed, ticked: Set(ticked), once: Secrets.random(10))
    }
}
