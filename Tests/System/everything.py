"""One of each thing that people make in a workspace, through the API, all of them called by the same text."""
import json

#: What a body has no business to set; each is ignored or refused.
FOREIGN = {"id": "mine_1", "workspace": "demo", "workspaceId": "demo", "createdBy": "root", "createdAt": "1999-01-01T00:00:00Z", "updatedAt": "1999-01-01T00:00:00Z",
           "number": 7, "role": "owner", "isAdmin": True, "writeKey": "wk_mine", "token": "mt_mine", "version": 99, "state": "live", "_id": "mine_1"}

#: Routes that make something, and what they are sent. `text` is any text; `handle` a name of small letters.
MAKING = {
    ("POST", "/api/v1/sources"): lambda text, handle: {"name": text},
    ("POST", "/api/v1/tokens"): lambda text, handle: {"name": text, "scopes": ["events:read"]},
    ("POST", "/api/v1/segments"): lambda text, handle: {"name": text, "note": text, "condition": f"did {json.dumps(text)}"},
    ("POST", "/api/v1/account-segments"): lambda text, handle: {"name": text, "condition": f"industry = {json.dumps(text)}"},
    ("POST", "/api/v1/computed-traits"): lambda text, handle: {"name": handle.replace("-", "_"), "note": text, "measure": f"count of {json.dumps(text)}"},
    ("POST", "/api/v1/lists"): lambda text, handle: {"name": text, "note": text, "source": text},
    ("POST", "/api/v1/templates"): lambda text, handle: {"name": handle, "note": text, "kind": "email", "parts": {"subject": text.replace("{", ""), "html": "<p>{{ profile.name }}</p>"}},
    ("POST", "/api/v1/journeys"): lambda text, handle: {"yaml": json.dumps({"name": text, "note": text, "trigger": {"event": json.dumps(text)}, "steps": [{"event": "Then " + text}, {"trait": {"seen": text}}]})},
    ("POST", "/api/v1/destinations"): lambda text, handle: {"name": text, "url": "https://hooks.example.com/" + handle, "events": [text]},
    ("POST", "/api/v1/accounts"): lambda text, handle: {"id": "account " + text, "traits": {"name": text, "website": text, "industry": text}},
    ("POST", "/api/v1/consents"): lambda text, handle: {"consents": [{"userId": handle, "purpose": "marketing", "state": "granted", "account": text, "proof": text, "wording": text}]},
    ("POST", "/api/v1/suppressions"): lambda text, handle: {"address": handle + "@example.com", "reason": "manual"},
    ("POST", "/api/v1/entities/{type}"): lambda text, handle: {"id": handle, "traits": {"name": text}},
    ("POST", "/api/v1/links"): lambda text, handle: {"kind": "merge", "first": {"type": "userId", "value": handle}, "second": {"type": "userId", "value": handle + "-2"}, "reason": text},
    ("POST", "/api/v1/messages"): lambda text, handle: {"userId": handle, "template": handle, "channel": "email", "purpose": "marketing", "topic": handle, "data": {"note": text}},
}

#: Routes without a parameter in the path that make nothing which has a name of its own: they answer, set the one thing that there is, or act on what is named.
OTHER = {("POST", f"/api/v1/{path}") for path in (
    "accounts/preview", "analytics/active", "analytics/funnel", "analytics/overlap", "analytics/retention", "analytics/rfm", "analytics/top", "channels/email/bounces", "channels/email/check", "channels/email/release", "channels/email/rotate",
    "channels/email/test", "computed-traits/preview", "consents/decide", "identity/rules/preview", "imports", "journeys/check", "journeys/rehearse", "journeys/test", "links/preview", "match",
    "match/accounts", "match/accounts/answer", "messages/drop", "messages/release", "messages/replay", "privacy/erasures", "privacy/suppressions/lookup", "segments/explain", "segments/preview", "suppressions/lookup",
    "templates/check", "templates/preview", "templates/render")}


def make(server, text, handle, workspace="main", key=None, more=None):
    """Makes one of each; gives the answers by route."""
    answers = {}
    server.send([{"type": "identify", "userId": user, "messageId": f"{user}-{handle}", "traits": {"name": text, "email": f"{user}@example.com"}} for user in (handle, handle + "-2")], key=key)
    server.call("PATCH", "/api/v1/channels/email", workspace=workspace, json={"from": {"name": text.replace("\n", " ")[:60], "address": "shop@example.com"}, "host": "catcher"})
    for (method, path), body in MAKING.items():
        answers[method, path] = server.call(method, path.replace("{type}", "teapots"), workspace=workspace, json={**body(text, handle), **(more or {})})
    return answers
