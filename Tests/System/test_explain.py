"""Why somebody is in a segment or is not: by the API and at the command line."""
import time

import pytest

from harness import new_id


def iso(days_ago=0.0):
    """A moment so many days before now, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days_ago * 86400))


@pytest.fixture
def told(martlet):
    """Ada ordered twice in the last days, once tea; Bob long ago; Eve objects to analytics."""
    def order(user, days, **properties):
        return {"type": "track", "event": "Order Completed", "userId": user, "messageId": f"{user}-{days}", "timestamp": iso(days), "properties": properties}

    martlet.send([
        {"type": "identify", "userId": "ada", "messageId": "ada-says", "timestamp": iso(9), "traits": {"country": "ES", "email": "ada@wren.example"}},
        order("ada", 3, total=12, category="tea"), order("ada", 1, total=30, category="cups"),
        {"type": "identify", "userId": "bob", "messageId": "bob-says", "timestamp": iso(90), "traits": {"country": "PT"}}, order("bob", 80, total=5, category="tea"),
        {"type": "track", "event": "Order Completed", "userId": "eve", "messageId": "eve-no", "context": {"consent": {"categoryPreferences": {"analytics": False}}}},
        {"type": "group", "groupId": "wren", "userId": "ada", "messageId": "ada-group", "traits": {"name": "Wren"}},
    ])
    for name, text in [("Buyers", 'did "Order Completed" in last 7 days'), ("Spanish buyers", 'country = "ES" and in segment "buyers"')]:
        martlet.call("POST", "/api/v1/segments", json={"name": name, "condition": text, "zone": "Europe/Madrid"})
    return martlet


def explain(martlet, condition, status=200, **more):
    answer = martlet.call("POST", "/api/v1/segments/explain", json={"condition": condition, **more})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_segment_tells_why(told):
    ada = told.profile(userId="ada")["id"]
    why = told.api(f"/api/v1/segments/spanish-buyers/explain?profile={ada}")
    assert why["answer"] is True and why["leftOut"] is None and why["profile"] == ada and why["zone"] == "Europe/Madrid" and why["segment"]["name"] == "Spanish buyers"
    country, buyers = why["reason"]["parts"]
    assert why["reason"]["kind"] == "and" and why["reason"]["answer"] and country["decides"] and buyers["decides"]
    assert country["traits"][0]["value"] == "ES" and country["traits"][0]["statement"]["messageId"] == "ada-says" and country["seen"] == "it is “ES”"
    assert buyers["segment"]["handle"] == "buyers" and buyers["kind"] == "segment"
    orders = buyers["parts"][0]
    assert orders["count"] == 2 and orders["value"] == 2 and [e["messageId"] for e in orders["events"]] == ["ada-1", "ada-3"] and orders["seen"] == "2 such events"
    # The newest order is a week old in six days; just before that she is in, and then out.
    flips = why["flipsAt"]
    assert abs(time.mktime(time.strptime(flips[:19], "%Y-%m-%dT%H:%M:%S")) - time.mktime(time.gmtime()) - 6 * 86400) < 60
    assert told.api(f"/api/v1/segments/spanish-buyers/explain?profile={ada}&asOf={flips}")["answer"] is False
    assert flips.endswith(".001Z")
    before = flips[:-4] + "000Z"
    assert told.api(f"/api/v1/segments/spanish-buyers/explain?profile={ada}&asOf={before}")["answer"] is True
    for person in ("userId=ada", "email=ada@wren.example"):
        assert told.api(f"/api/v1/segments/spanish-buyers/explain?{person}")["profile"] == ada


def test_who_is_not_in_is_told_what_is_missing(told):
    why = told.api("/api/v1/segments/spanish-buyers/explain?userId=bob&lang=es")
    assert why["answer"] is False and why["flipsAt"] is None
    country, buyers = why["reason"]["parts"]
    assert not country["answer"] and country["decides"] and country["traits"][0]["value"] == "PT"
    orders = buyers["parts"][0]
    assert orders["count"] == 0 and orders["events"] == [] and orders["before"]["messageId"] == "bob-80" and orders["seen"].startswith("ningún evento así de ")
    assert why["sentence"] == "country es “ES” y está en el segmento “buyers”"
    # As of then he had ordered.
    assert told.api(f"/api/v1/segments/buyers/explain?userId=bob&asOf={iso(79)}")["answer"] is True


def test_a_condition_tells_what_was_measured(told):
    why = explain(told, 'sum(total) of "Order Completed" where category = "tea" in last 30 days > 20', userId="ada")
    reason = why["reason"]
    assert not why["answer"] and reason["value"] == 12 and reason["count"] == 1 and reason["unfilteredCount"] == 2
    assert reason["events"][0]["values"] == {"total": 12, "category": "tea"} and reason["seen"] == "12, from 1 such event; 2 before filtering"
    steps = explain(told, 'did "Order Completed" where category = "tea" then "Order Completed" where category = "cups" within 1 day', userId="ada")["reason"]["steps"]
    assert [step["met"] for step in steps] == [True, False] and steps[0]["event"]["messageId"] == "ada-3" and steps[1]["sentence"] == "then “Order Completed” where category is “cups” within 1 day"
    waits = explain(told, 'did "Order Completed" in last 2 days then not "Order Refunded" within 3 days', userId="ada")
    last = waits["reason"]["steps"][1]
    assert not waits["answer"] and last["met"] is False and last["waitsUntil"] > iso() and waits["flipsAt"] is None, "the order leaves the window first"
    quiet = explain(told, 'did "Order Completed" in last 5 days then not "Order Refunded" within 2 days', userId="ada")["reason"]
    assert quiet["answer"] and quiet["steps"][0]["event"]["messageId"] == "ada-3" and quiet["steps"][1]["met"] and quiet["steps"][1]["event"] is None
    assert explain(told, 'bucket("x") from 0% to 100%', userId="ada")["reason"]["bucket"] < 10_000
    either = explain(told, 'country = "PT" or country = "ES"', userId="ada")["reason"]
    assert [(part["answer"], part["decides"]) for part in either["parts"]] == [(False, False), (True, True)]
    none = explain(told, 'not country = "ES"', userId="ada")["reason"]
    assert none["kind"] == "not" and not none["answer"] and none["parts"][0]["answer"]


def test_who_objects_is_told_as_such_and_not_explained(told):
    for why in (explain(told, "everyone", userId="eve"), told.api("/api/v1/segments/buyers/explain?userId=eve")):
        assert why["answer"] is False and why["reason"] is None and why["flipsAt"] is None and why["leftOut"]["code"] == "reason.objects"
    assert explain(told, "everyone", groupId="wren")["leftOut"]["code"] == "reason.no-events"


@pytest.mark.parametrize("body, status, code", [
    ({"condition": "everyone"}, 400, "request.parameter"), ({"condition": "everyone", "userId": "ada", "email": "ada@wren.example"}, 400, "request.parameter"),
    ({"condition": "everyone", "userId": "nobody"}, 404, "profile.unknown"), ({"condition": "everyone", "profile": "prf_x"}, 404, "profile.unknown"),
    ({"condition": "everyone", "profile": "", "userId": "ada"}, 400, "request.parameter"), ({"condition": "plan =", "userId": "ada"}, 400, None), ({"userId": "ada"}, 400, "condition.missing"),
    ({"condition": 'in segment "none"', "userId": "ada"}, 404, "segment.unknown"), ({"condition": "everyone", "userId": "ada", "zone": "Moon/Sea"}, 400, "condition.zone"),
    ({"condition": "everyone", "userId": "ada", "asOf": "soon"}, 400, "request.parameter"), ({"condition": "everyone", "userId": "ada", "lang": "de"}, 400, "request.parameter")])
def test_what_cannot_be_explained_is_refused(told, body, status, code):
    answer = told.call("POST", "/api/v1/segments/explain", json=body)
    assert answer.status_code == status and (code is None or answer.json()["code"] == code), answer.text


def test_moments_at_the_ends_of_time_are_answered(told):
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"):
        why = explain(told, 'did "Order Completed" in last 1000000 years or birthday anniversary within next 3 days or did anything today', userId="ada", asOf=moment)
        assert why["reason"]["kind"] == "or" and why["lookedUntil"] >= moment[:10]


def test_the_secret_of_an_erased_person_is_gone(told):
    mark = new_id("secret")
    told.send([{"type": "identify", "userId": mark, "traits": {"country": mark}}, {"type": "track", "event": "Order Completed", "userId": mark, "properties": {"category": mark}}])
    assert mark in str(explain(told, f'country = "{mark}" and did "Order Completed" where category = "{mark}"', userId=mark)["reason"])
    assert told.call("POST", "/api/v1/privacy/erasures", json={"userId": mark}).status_code < 300
    assert told.call("POST", "/api/v1/segments/explain", json={"condition": "everyone", "userId": mark}).status_code == 404
    told.stop()
    for file in told.data.rglob("*"):
        if file.is_file():
            assert mark.encode() not in file.read_bytes(), file


def test_the_command_prints_a_tree(told):
    ada = told.profile(userId="ada")["id"]
    for person in (ada, "userId:ada", "email:ada@wren.example"):
        lines = told.cli("segment", "explain", "spanish-buyers", person).stdout.splitlines()
        assert lines[0] == f"{ada} is in Spanish buyers" and lines[1] == "✓ all of these" and lines[2:4] == ["  ✓ country is “ES”", "      it is “ES”"]
        assert lines[5] == "  ✓ is in segment “buyers” (Buyers)" or lines[5].endswith("(Buyers)"), lines
        assert any(line.strip().endswith("Order Completed  ada-1") for line in lines) and lines[-1].startswith("If nothing happens, this changes at ")
    out = told.cli("segment", "explain", "buyers", "userId:bob").stdout
    assert "is not in Buyers" in out and "last before: " in out and "stays so until" in out
    assert "is in Buyers" in told.cli("segment", "explain", "buyers", "userId:bob", "--as-of", iso(79)).stdout
    assert told.cli("segment", "explain", "userId:ada", "--condition", 'country = "ES"', "--json")["answer"] is True
    assert "objects to analytics" in told.cli("segment", "explain", "buyers", "userId:eve").stdout
    wrong = told.cli("segment", "explain", "userId:ada", "--condition", "country = = 1", check=False)
    assert wrong.returncode == 1 and "^" in wrong.stderr
    assert told.cli("segment", "explain", "buyers", check=False).returncode == 64
    told.send([{"type": "track", "event": "Order Completed", "userId": "mal", "properties": {"category": "\x1b[2Jtea"}}])
    shown = told.cli("segment", "explain", "userId:mal", "--condition", 'did "Order Completed" where category exists').stdout
    assert "\x1b" not in shown and "tea" in shown


def test_what_is_of_events_takes_the_scope_that_reads_them(told):
    """What was seen, and when that changes, tells what somebody did and when: a token for profiles alone is refused."""
    segment = "/api/v1/segments/spanish-buyers/explain?userId=ada"
    some, both = (told.create_token(scopes=scopes, name=scopes) for scopes in ("profiles:read", "profiles:read,events:read"))
    for method, path, body in (("GET", segment, None), ("POST", "/api/v1/segments/explain", {"condition": 'country = "ES"', "userId": "ada"})):
        refused = told.call(method, path, token=some, json=body)
        assert refused.status_code == 403 and refused.json()["code"] == "access.scope" and "events:read" in refused.text, refused.text
        assert told.call(method, path, token=both, json=body).status_code == 200
