"""What a request says without effect: it is refused, so that nobody takes it for done."""
import json

import pytest

from harness import new_id


@pytest.mark.parametrize("body, place, words", [
    ({"enabled": "yes"}, "/enabled", "true or false"), ({"enabled": 0}, "/enabled", "true or false"), ({"name": 5}, "/name", "a text"),
    ({"enabled": False, "writekey": "mine"}, "/writekey", "`writekey`"), ({"Enabled": False}, "/Enabled", "`enabled`")])
def test_a_member_without_effect_is_refused(shared, body, place, words):
    source = shared.create_source(new_id("Body"))
    answer = shared.call("PATCH", f"/api/v1/sources/{source['id']}", json=body)
    told = answer.json()
    assert (answer.status_code, told["code"], told["place"]) == (400, "request.parameter", place) and words in told["message"] + told["remedy"], told
    assert next(s for s in shared.api("/api/v1/sources")["sources"] if s["id"] == source["id"])["enabled"] is True
    assert shared.call("PATCH", f"/api/v1/sources/{source['id']}", json={"enabled": None, "name": source["name"] + "!"}).status_code == 200


@pytest.mark.parametrize("method, path, body", [
    ("POST", "/api/v1/lists", {"name": "x", "note": 5}), ("POST", "/api/v1/segments", {"name": "x", "condition": "plan = \"free\"", "zoen": "UTC"}),
    ("POST", "/api/v1/segments/preview", {"condition": "plan = \"free\"", "sample": "10"}), ("PUT", "/api/v1/match/settings", {"automatic": "yes"}), ("PUT", "/api/v1/sending-policy", {"cap": []}),
    ("POST", "/api/v1/privacy/erasures", {"userId": "nobody-there", "suppres": True}), ("POST", "/api/v1/suppressions", {"address": "ada@wren.example", "raeson": "complaint"})])
def test_the_same_holds_for_other_routes(shared, method, path, body):
    answer = shared.call(method, path, json=body)
    assert answer.status_code == 400 and answer.json()["code"].startswith("request.parameter"), answer.text


def test_a_write_key_is_not_set_but_may_be_sent_back(shared):
    source = shared.create_source(new_id("Key"))
    for key in ("mine", source["writeKey"][:-1], None, 5):
        answer = shared.call("PATCH", f"/api/v1/sources/{source['id']}", json={"name": new_id("Other"), "writeKey": key})
        if key is None:
            continue
        assert answer.status_code == 400 and (key == 5 or answer.json()["code"] == "source.write-key" and "rotate" in answer.json()["remedy"]), answer.text
    assert shared.call("PATCH", f"/api/v1/sources/{source['id']}", json=dict(source, name=source["name"] + "!")).json()["writeKey"] == source["writeKey"]
    assert shared.call("PATCH", "/api/v1/sources/src_none", json={"writeKey": "mine"}).status_code == 404
    made = shared.call("POST", "/api/v1/sources", json={"name": new_id("Key"), "writeKey": "mine"})
    assert made.status_code == 400 and made.json()["code"] in ("source.write-key", "request.parameter"), made.text


@pytest.mark.parametrize("sign", ["\u0000", "\n", "\t", "\u001b", "\u007f", "\u0085", "\u2028"])
@pytest.mark.parametrize("method, path, body", [
    ("POST", "/api/v1/sources", {}), ("POST", "/api/v1/tokens", {"scopes": ["events:read"]}), ("POST", "/api/v1/lists", {}), ("POST", "/api/v1/segments", {"condition": 'plan = "free"'}),
    ("POST", "/api/v1/account-segments", {"condition": "everyone"}), ("POST", "/api/v1/destinations", {"url": "https://example.com/hook"}),
    ("POST", "/api/v1/templates", {"kind": "email", "parts": {"subject": "x", "html": "x"}}),
    ("POST", "/api/v1/journeys", {"trigger": {"event": "\"X\""}, "steps": [{"exit": "x"}]})], ids=lambda value: value.split("/")[-1] if isinstance(value, str) and "/" in value else "")
def test_a_name_has_no_control_characters(shared, method, path, body, sign):
    body = dict(body, name=f"a{sign}b") if "journeys" not in path else {"journey": dict(body, name=f"a{sign}b")}
    answer = shared.call(method, path, json=body)
    assert answer.status_code == 400 and answer.json()["code"].split(".")[-1] == "name", answer.text
    if path.endswith("sources"):
        assert shared.call("POST", "/api/v1/imports", params={"source": f"a{sign}b"}, data=b"").json()["code"] == "request.name"
        assert shared.call(method, path, json={"name": new_id("Té \U0001f375\u200d ")}).status_code == 201


def test_an_optional_body_is_read_or_refused(shared):
    source = shared.call("POST", "/api/v1/destinations", json={"name": new_id("Body"), "url": "https://example.com/hook"}).json()["id"]
    path = f"/api/v1/destinations/{source}/rotate"
    for body in ({"finish": "yes"}, {"finsh": True}, [1]):
        assert shared.call("POST", path, json=body).status_code == 400
    assert shared.call("POST", path, data=b"{").json()["code"] == "request.not-json"
    for body in (b"", b"{}", b'{"finish": true}'):
        assert shared.call("POST", path, data=body).status_code == 200


@pytest.mark.parametrize("path, body", [("/v1/track", {"userId": "ada", "event": "Tea"}), ("/v1/batch", {"batch": [{"type": "identify", "userId": "ada"}]})])
def test_a_wait_for_what_there_is_not_is_refused(shared, path, body):
    mark = new_id("wait")
    call = body.get("batch", [body])[0]
    call["messageId"] = mark
    answer = shared.post(path + "?wait=x", body)
    assert answer.status_code == 400 and answer.json()["code"] == "request.parameter" and "profile" in answer.json()["message"], answer.text
    assert shared.post(path + "?wait=profile", body).status_code == 200
    assert shared.call("POST", "/api/v1/imports", params={"source": "Old system", "wait": "x"}, data=b"").status_code == 400


def test_a_correction_that_is_no_json_is_told_where(shared):
    mark = new_id("fix")
    shared.post("/v1/batch", {"batch": [{"type": "nope", "userId": "ada", "messageId": mark}]})
    item = shared.api("/api/v1/quarantine", messageId=mark)["rejected"][0]["id"]
    for body, place in (("{", "byte 1"), ('{"type":"track",}', "byte 16"), ('{"type":"identify","userId":"a"},{"type":"identify","userId":"b"}', "byte 32")):
        answer = shared.call("POST", f"/api/v1/quarantine/{item}/replay", data=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "body.not-json") and place in answer.json()["message"], answer.text
    assert shared.call("POST", f"/api/v1/quarantine/{item}/replay", data=json.dumps([1])).status_code == 400
    assert shared.call("POST", f"/api/v1/quarantine/{item}/replay", data=json.dumps({"type": "identify", "userId": "ada", "messageId": mark})).status_code == 200


@pytest.mark.parametrize("scopes, code, words", [(["profiles:read", "bogus"], "access.scope-unknown", "`bogus`"), ("all", "access.scope-missing", "list"), ([1], "access.scope-missing", "list"), ([], "access.scope-missing", "")])
def test_a_scope_that_there_is_not_is_named(shared, scopes, code, words):
    answer = shared.call("POST", "/api/v1/tokens", json={"name": "x", "scopes": scopes})
    assert (answer.status_code, answer.json()["code"]) == (400, code) and words in answer.json()["message"], answer.text


@pytest.mark.parametrize("method, path, body, place", [
    ("POST", "/api/v1/consents", {"consents": [{"userId": "ada", "purpose": "marketing", "state": "granted"}, {"userId": "ada", "purpose": "marketing", "state": "granted", "chanel": "email"}]}, "/consents/1/chanel"),
    ("PUT", "/api/v1/sending-policy", {"caps": [{"name": "day", "limit": 2, "hours": 24, "purpos": "offers"}]}, "/caps/0/purpos"),
    ("PUT", "/api/v1/survivorship/default", {"rules": {"email": {"rule": "latest", "source": ["src_1"]}}}, "/rules/email/source"),
    ("POST", "/api/v1/entities/pet", {"id": "rex", "people": [{"userId": "ada", "rôle": "owner"}]}, "/people/0/rôle"),
    ("POST", "/api/v1/entities/pet", {"records": [{"id": "rex", "people": [{"userId": "ada", "role": 7}]}]}, "/records/0/people/0/role"),
    ("POST", "/api/v1/match", {"record": {}, "thresholds": {}}, "/thresholds"),
    ("PUT", "/api/v1/identity/rules", {"types": [{"name": "userId", "use": "join", "shardBy": 5}]}, "/types/0/shardBy"),
    ("POST", "/api/v1/identity/rules/preview", {"types": [{"name": "userId", "use": "join"}], "blocked": [{"value": "x", "typ/e~": "email"}]}, "/blocked/0/typ~1e~0"),
    ("PUT", "/api/v1/identity/rules", {"types": [{"name": "userId", "use": "join"}], "block": []}, "/block")])
def test_what_is_within_a_member_is_read_or_refused_too(shared, method, path, body, place):
    answer = shared.call(method, path, json=body)
    told = answer.json()
    assert (answer.status_code, told.get("code"), told.get("place")) == (400, "request.parameter", place), told


def test_an_entry_of_a_list_with_a_member_of_nobody_is_refused_by_itself(shared):
    made = shared.call("POST", "/api/v1/lists", json={"name": new_id("Fair")}).json()["id"]
    answer = shared.call("POST", f"/api/v1/lists/{made}/entries", json={"entries": [{"userId": "ada"}, {"userId": "bob", "expires": "2030-01-01"}]}).json()
    assert (answer["added"], [(line["line"], line["code"]) for line in answer["refusedLines"]]) == (1, [(2, "list.entry")]) and "`expires`" in answer["refusedLines"][0]["message"]


CONDITION = 'plan = "free"'
KEPT = {
    "/api/v1/sources": {}, "/api/v1/computed-traits": {"measure": 'count of "Tea"'}, "/api/v1/destinations": {"url": "https://example.com/hook", "events": ["Tea"]},
    "/api/v1/segments": {"condition": CONDITION}, "/api/v1/account-segments": {"condition": 'industry = "Tea"'}, "/api/v1/lists": {"note": "x"},
    "/api/v1/templates": {"kind": "email", "parts": {"subject": "Tea", "html": "<p>Tea</p>"}},
    "/api/v1/journeys": {"yaml": "name: {name}\ntrigger: {event: '\"Tea\"'}\nsteps:\n  - event: Then Tea\n"},
}


@pytest.mark.parametrize("path", [*KEPT, "/api/v1/consent-settings", "/api/v1/identity/rules", "/api/v1/survivorship/default", "/api/v1/sending-policy", "/api/v1/match/settings", "/api/v1/channels/email"])
def test_what_get_answers_may_be_sent_back(shared, path):
    """Whoever reads, changes one member and writes need not take apart what can be changed."""
    if path == "/api/v1/survivorship/default":
        assert shared.call("PUT", path, json={"rules": {"email": {"rule": "latest"}}}).status_code == 200
    if path == "/api/v1/channels/email":
        assert shared.call("PATCH", path, json={"from": {"name": "Wren", "address": "shop@wren.example"}, "host": "catcher", "bounceAddress": "b@bounces.wren.example", "postalAddress": "1 Tea Lane"}).status_code == 200
    name = new_id("kept").replace("-", "_")
    if path in KEPT:
        made = shared.call("POST", path, json={"name": name} | KEPT[path] if "yaml" not in KEPT[path] else {"yaml": KEPT[path]["yaml"].replace("{name}", name)})
        assert made.status_code in (200, 201), made.text
        path = f"{path}/{made.json()['id']}"
    # Of a source and of a policy there is only the list of all.
    answer = shared.call("GET", path) if "/sources/" not in path and "/survivorship/" not in path else None
    all_of = path.rsplit("/", 1)[0]
    got = answer.json() if answer is not None else next(one for some in shared.api(all_of).values() if isinstance(some, list) for one in some if one["name"] in (name, "default"))
    for method in ("PUT", "PATCH"):
        written = shared.call(method, path, json=got)
        if written.status_code != 405:
            break
    assert written.status_code == 200, written.text
    assert shared.call(method, path, json={**got, "nonsense-of-nobody": 1}).status_code == 400
    again = shared.call("GET", path).json() if answer is not None else written.json()
    volatile = {"version", "versions", "savedAt", "size", "updatedAt", "author", "at", "changedAt", "resolving", "evaluatedAt", "asOf"}
    assert {k: v for k, v in again.items() if k not in volatile} == {k: v for k, v in got.items() if k not in volatile}
