"""What a request says without effect: it is refused, so that nobody takes it for done."""
import json

import pytest

from harness import new_id


@pytest.mark.parametrize("body, place, words", [
    ({"enabled": "yes"}, "/enabled", "true or false"), ({"enabled": 0}, "/enabled", "true or false"), ({"name": 5}, "/name", "a text"),
    ({"enabled": False, "writeKey": "mine"}, "/writeKey", "`writeKey`"), ({"Enabled": False}, "/Enabled", "`enabled`")])
def test_a_member_without_effect_is_refused(shared, body, place, words):
    source = shared.create_source(new_id("Body"))
    answer = shared.call("PATCH", f"/api/v1/sources/{source['id']}", json=body)
    told = answer.json()
    assert (answer.status_code, told["code"], told["place"]) == (400, "request.parameter", place) and words in told["message"] + told["remedy"], told
    assert next(s for s in shared.api("/api/v1/sources")["sources"] if s["id"] == source["id"])["enabled"] is True
    assert shared.call("PATCH", f"/api/v1/sources/{source['id']}", json={"enabled": None, "name": source["name"]}).status_code == 200


@pytest.mark.parametrize("method, path, body", [
    ("POST", "/api/v1/lists", {"name": "x", "note": 5}), ("POST", "/api/v1/segments", {"name": "x", "condition": "plan = \"free\"", "zoen": "UTC"}),
    ("POST", "/api/v1/segments/preview", {"condition": "plan = \"free\"", "sample": "10"}), ("PUT", "/api/v1/match/settings", {"automatic": "yes"}), ("PUT", "/api/v1/sending-policy", {"cap": []}),
    ("POST", "/api/v1/privacy/erasures", {"userId": "nobody-there", "suppres": True}), ("POST", "/api/v1/suppressions", {"address": "ada@wren.example", "raeson": "complaint"})])
def test_the_same_holds_for_other_routes(shared, method, path, body):
    answer = shared.call(method, path, json=body)
    assert answer.status_code == 400 and answer.json()["code"].startswith("request.parameter"), answer.text


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
