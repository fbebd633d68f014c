"""Computed traits through the API and at the command line: a shop of four people whose values are worked out by hand."""
import json

import pytest

from harness import Martlet, new_id, wait_until
from test_privacy import check_forgotten, mark, plant

BEFORE_JULY = "2026-06-30T23:59:59.999Z"


def ordered(user, at, total, **properties):
    return {"type": "track", "event": "Order Completed", "userId": user, "messageId": new_id("o"), "timestamp": at, "properties": {"total": total, **properties}}


def viewed(at, category, **who):
    return {"type": "track", "event": "Product Viewed", "messageId": new_id("v"), "timestamp": at, "properties": {"category": category}, **who}


STORY = [
    {"type": "identify", "userId": "ada", "messageId": "k", "timestamp": "2026-05-01T00:00:00Z", "traits": {"plan": "premium", "spoken": "en"}},
    ordered("ada", "2026-05-05T12:00:00Z", 10.5), ordered("ada", "2026-06-20T12:00:00Z", 20), ordered("ada", "2026-06-28T00:00:00Z", 0.25),
    viewed("2026-06-04T10:00:00Z", "tea", userId="ada"), viewed("2026-06-04T11:00:00Z", "cups", userId="ada"), viewed("2026-06-05T10:00:00Z", "cups", userId="ada"),
    ordered("bob", "2026-06-20T00:00:00Z", 100), viewed("2026-06-21T00:00:00Z", "tea", userId="bob"),
    viewed("2026-06-30T23:30:00Z", "tea", userId="cyd"),
    {"type": "page", "name": "Home", "anonymousId": "dan", "messageId": "dan-1", "timestamp": "2026-06-10T08:00:00Z"},
]
MEASURES = {
    "lifetimeValue": 'sum(total) of "Order Completed"', "favourite": 'most frequent(category) of "Product Viewed"', "categories": 'distinct list(category) of "Product Viewed"',
    "monthStreak": 'longest month streak of "Order Completed"', "perView": 'count of "Order Completed" / count of "Product Viewed"', "firstOrder": 'first time of "Order Completed"',
    "usual": 'median(total) of "Order Completed"', "teaShare": 'share(category = "tea") of "Product Viewed"',
}


def ask(martlet, method, path, expect=200, **body):
    answer = martlet.call(method, "/api/v1/computed-traits" + path, **({"json": body} if body else {}))
    assert answer.status_code == expect, f"{method} {path} {body}: {answer.status_code} {answer.text[:400]}"
    return answer.json()


@pytest.fixture(scope="module")
def told():
    """A server to which the story was told, with a computed trait for each measure; the tests only ask."""
    server = Martlet().start()
    server.send(STORY)
    for name, measure in MEASURES.items():
        ask(server, "POST", "", 201, name=name, measure=measure, note="For " + name)
    yield server
    server.close()


def values(martlet, user, **params):
    profile = martlet.api("/api/v1/profiles/lookup", userId=user, **params)
    return {value["name"]: value["value"] for value in profile["computed"]}


def preview(martlet, measure, expect=200, **body):
    return ask(martlet, "POST", "/preview", expect, measure=measure, **body)


# -- values of one person


def test_a_profile_tells_its_computed_traits(told):
    assert values(told, "ada") == {
        "lifetimeValue": 30.75, "favourite": "cups", "categories": ["tea", "cups"], "monthStreak": 2, "perView": 1, "firstOrder": "2026-05-05T12:00:00.000Z", "usual": 10.5,
        "teaShare": 0.333333333333333}
    assert values(told, "cyd") == {"lifetimeValue": 0, "favourite": "tea", "categories": ["tea"], "monthStreak": 0, "perView": 0, "teaShare": 1}
    one = next(v for v in told.profile(userId="ada")["computed"] if v["name"] == "lifetimeValue")
    assert one["computedBy"] == MEASURES["lifetimeValue"] and one["version"] == 1 and one["zone"] == "UTC" and one["asOf"] > "2026-07" and one["id"].startswith("ctr_")
    traits = told.api(f"/api/v1/profiles/{told.profile(userId='ada')['id']}/traits")
    assert [t["name"] for t in traits["traits"]] == ["plan", "spoken"] and len(traits["computed"]) == len(MEASURES)


def test_as_of_an_instant(told):
    then = values(told, "ada", as_of="2026-06-20T11:59:59.999Z")
    assert (then["lifetimeValue"], then["monthStreak"], then["favourite"]) == (10.5, 1, "cups")
    assert values(told, "ada", as_of="2026-06-20T12:00:00Z")["lifetimeValue"] == 30.5, "the instant itself counts, as it does for traits"
    assert values(told, "ada", as_of="2026-05-01T00:00:00Z") == {"lifetimeValue": 0, "monthStreak": 0}
    assert "computed" not in told.api("/api/v1/profiles/lookup", userId="ada", known_at="2036-01-01T00:00:00Z")


def test_segments_profile_api_tells_them_among_the_traits(told):
    path = "/v1/spaces/main/collections/users/profiles/user_id:ada/traits"
    traits = told.api(path, limit=200)["traits"]
    assert traits["plan"] == "premium" and traits["lifetimeValue"] == 30.75 and list(traits) == sorted(traits)
    assert told.api(path, include="favourite,plan")["traits"] == {"favourite": "cups", "plan": "premium"}
    first = told.api(path, limit=3)
    rest = told.api(path, limit=200, next=first["cursor"]["next"])
    assert {**first["traits"], **rest["traits"]} == traits


# -- everyone


def test_preview_of_numbers(told):
    found = preview(told, 'sum(total) of "Order Completed"')
    assert (found["people"], found["count"], found["kind"]) == (4, 4, "numbers")
    assert (found["minimum"], found["median"], found["maximum"]) == (0, 0, 100)
    assert sum(bar["count"] for bar in found["bars"]) == 4 and found["bars"][0]["from"] == 0 and found["bars"][-1]["to"] == 100
    assert found["top"] == [] and found["different"] is None and found["text"] == 'sum(total) of "Order Completed"' and found["sentence"].startswith("The sum of total of")
    found = preview(told, {"event": "Order Completed", "average": "total"}, asOf=BEFORE_JULY)
    assert (found["count"], found["minimum"], found["median"], found["maximum"]) == (2, 10.25, 10.25, 100)
    counts = preview(told, 'count of "Product Viewed"')
    assert [(b["from"], b["count"]) for b in counts["bars"]] == [(0, 1), (1, 2), (2, 0), (3, 1)]


def test_preview_of_values_times_and_nothing(told):
    found = preview(told, 'most frequent(category) of "Product Viewed"')
    assert (found["kind"], found["count"], found["different"]) == ("values", 3, 2) and found["minimum"] is None
    assert found["top"] == [{"value": "tea", "count": 2}, {"value": "cups", "count": 1}]
    assert preview(told, 'distinct list(category) of "Product Viewed"')["top"] == [{"value": "tea", "count": 3}, {"value": "cups", "count": 1}]
    times = preview(told, 'last time of "Order Completed"')
    assert (times["kind"], times["minimum"], times["maximum"]) == ("times", "2026-06-20T00:00:00.000Z", "2026-06-28T00:00:00.000Z")
    nothing = preview(told, 'minimum(total) of "Never Sent"')
    assert (nothing["kind"], nothing["count"], nothing["bars"]) == ("none", 0, []) and nothing["warnings"][0]["code"] == "segments.unseen-name"
    assert preview(told, 'days of anything today', asOf="2026-06-20T22:30:00Z", zone="Europe/Madrid")["maximum"] == 0
    assert preview(told, 'days of anything today', asOf="2026-06-20T21:30:00Z", zone="Europe/Madrid")["maximum"] == 1


# -- in segments


def members(martlet, condition, **body):
    answer = martlet.call("POST", "/api/v1/segments/preview", json={"condition": condition, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()["count"]


@pytest.mark.parametrize("condition, count", [
    ("computed.lifetimeValue > 30", 2), ("computed.lifetimeValue = 30.75", 1), ("computed.lifetimeValue = 0", 2), ("computed.favourite = \"tea\"", 2), ("computed.favourite is missing", 1),
    ("computed.categories contains \"cup\" and computed.categories = \"tea\"", 1), ("computed.monthStreak >= 2", 1), ("computed.perView >= 1", 2), ("computed.perView is missing", 1),
    ("computed.teaShare < 0.5 and plan = \"premium\"", 1), ("computed.firstOrder < 2026-06-01", 1), ("not (computed.usual > 20)", 3), ({"computed": "usual", "gte": 10.5, "lt": 100}, 1)])
def test_conditions_ask_for_them(told, condition, count):
    assert members(told, condition) == count


def test_conditions_as_of_then(told):
    assert members(told, "computed.lifetimeValue > 30", asOf="2026-06-20T12:00:00Z") == 1
    assert members(told, "computed.lifetimeValue > 30", asOf="2026-06-20T12:00:00.001Z") == 2


@pytest.mark.parametrize("condition, status, code", [
    ("computed.nothing > 3", 404, "computed-trait.unknown"), ("computed.lifetimeValue contains \"x\"", 400, "computed-trait.test"), ("computed.categories > 3", 400, "computed-trait.test"),
    ("computed.firstOrder > 3", 400, "computed-trait.test"), ("computed.a.b > 3", 400, "computed-trait.name"), ({"computed": "usual"}, 400, "segments.missing-member")])
def test_what_cannot_be_asked_is_refused(told, condition, status, code):
    for path, body in (("/api/v1/segments/preview", {}), ("/api/v1/segments", {"name": "Refused"})):
        answer = told.call("POST", path, json={"condition": condition, **body})
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert answer.json()["message"] and answer.json()["remedy"]


def test_a_segment_keeps_its_computed_trait_and_follows_its_change(martlet):
    martlet.send(STORY)
    made = ask(martlet, "POST", "", 201, name="spent", measure='sum(total) of "Order Completed"')
    segment = martlet.call("POST", "/api/v1/segments", json={"name": "Spenders", "condition": "computed.spent > 50"}).json()
    size = lambda: martlet.api("/api/v1/segments/spenders")["size"]
    wait_until(lambda: size() == 1, what="bob")
    martlet.send([ordered("ada", "2026-04-01T00:00:00Z", 30)])
    wait_until(lambda: size() == 2, what="a late event")
    assert ask(martlet, "DELETE", "/spent", 400)["code"] == "computed-trait.in-use"
    assert ask(martlet, "PATCH", "/spent", 400, measure='distinct list(category) of "Product Viewed"')["code"] == "computed-trait.in-use"
    assert ask(martlet, "PATCH", "/spent", 400, name="other")["code"] == "computed-trait.name"
    changed = ask(martlet, "PATCH", "/spent", measure='count of "Product Viewed"', note="Changed", zone="Europe/Madrid")
    assert (changed["version"], changed["note"], changed["zone"], changed["id"]) == (2, "Changed", "Europe/Madrid", made["id"])
    wait_until(lambda: size() == 0, what="the new meaning")
    # A visitor's views become ada's when they sign in.
    martlet.send([viewed("2026-06-01T00:00:00Z", "tea", anonymousId="a9") for _ in range(60)])
    wait_until(lambda: size() == 1, what="the visitor")
    martlet.send([{"type": "alias", "userId": "ada", "previousId": "a9", "messageId": "link"}])
    wait_until(lambda: values(martlet, "ada")["spent"] == 63, what="the merge")
    wait_until(lambda: size() == 1, what="one person")
    martlet.restart()
    assert values(martlet, "ada")["spent"] == 63 and ask(martlet, "GET", "/spent") == changed
    assert martlet.call("DELETE", "/api/v1/segments/" + segment["id"]).status_code == 200
    ask(martlet, "DELETE", "/spent")
    ask(martlet, "GET", "/spent", 404)
    assert values(martlet, "ada") == {}


# -- refusals


@pytest.mark.parametrize("body, code", [
    ({"name": "x"}, "computed-trait.measure"), ({"name": "x", "measure": 5}, "computed-trait.measure"), ({"name": "x", "measure": ""}, "segments.unfinished"),
    ({"name": "x", "measure": "plan"}, "segments.unexpected"), ({"name": "x", "measure": "count of \"A\" > 3"}, "segments.test-in-measure"), ({"measure": "count of \"A\""}, "computed-trait.name"),
    ({"name": "a b", "measure": "count of \"A\""}, "computed-trait.name"), ({"name": "x" * 65, "measure": "count of \"A\""}, "computed-trait.name"),
    ({"name": "x", "measure": "count of \"A\"", "zone": "Mars/Base"}, "condition.zone"), ({"name": "x", "measure": "count of \"A\"", "zone": {}}, "request.parameter"), ({"name": "x", "measure": "count of \"A\"", "note": "n" * 2001}, "request.parameter"),
    ({"name": "x", "measure": {"event": "A"}}, "segments.missing-member"), ({"name": "x", "measure": "count of \"" + "A" * 70000 + "\""}, "segments.too-long"),
    ({"name": "x", "measure": "count of \"A\" where " + "(" * 500 + "a = 1"}, "segments.too-deep")])
def test_what_is_no_computed_trait_is_refused(told, body, code):
    answer = told.call("POST", "/api/v1/computed-traits", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text[:300]
    if "measure" in body and code.startswith("segments."):
        assert "place" in answer.json() or isinstance(body["measure"], dict)
        assert preview(told, body["measure"], 400)["code"] == code


def test_names_are_taken_once(told):
    for name in ("lifetimeValue", "plan"):
        assert ask(told, "POST", "", 400, name=name, measure='count of "A"')["code"] == "computed-trait.name-taken"


def test_scopes(told):
    reader, writer = (told.create_token(scopes=scope) for scope in ("segments:read", "segments:write"))
    body = {"name": "x", "measure": 'count of "A"'}
    assert told.call("GET", "/api/v1/computed-traits", token=reader).status_code == 200
    assert told.call("POST", "/api/v1/computed-traits/preview", token=reader, json=body).status_code == 200
    for method, path in (("POST", ""), ("PATCH", "/usual"), ("DELETE", "/usual")):
        assert told.call(method, "/api/v1/computed-traits" + path, token=reader, json=body).status_code == 403
    assert told.call("GET", "/api/v1/computed-traits", token=writer).status_code == 403


def test_hostile_properties_do_no_harm(martlet):
    odd = [10 ** 400, -10 ** 400, 1e308, 5e-324, "9" * 3000, [1] * 500, {"deep": {"er": 1}}, None, True, 0.1, 12345678901234567890.123456789]
    batch = [ordered("ada", f"2026-06-{n + 1:02}T00:00:00Z", value, **{"": 1, "a.b": value, "🍵": value}) for n, value in enumerate(odd)]
    martlet.send(batch)
    for measure in ["sum(total)", "average(total)", "minimum(total)", "maximum(total)", "median(total)", "first(total)", "last(total)", "most frequent(total)", "distinct list(total)", "distinct(a.b)",
                    "first(`🍵`)", "last(`a.b`)", "distinct list(`a.b.c.d.e.f.g.h.i.j.k`)"]:
        assert preview(martlet, f'{measure} of "Order Completed"')["people"] == 1
    ask(martlet, "POST", "", 201, name="ratio", measure='sum(total) of "Order Completed" / sum(`a.b`) of "Order Completed"')
    ask(martlet, "POST", "", 201, name="total", measure='last(total) of "Order Completed"')
    ask(martlet, "POST", "", 201, name="list", measure='first(total) of "Order Completed" where `a.b` exists in last 100 years')
    found = values(martlet, "ada")
    assert found["ratio"] == 1 and float(found["total"]) == 12345678901234567890.123456789
    assert martlet.health()["status"] == "ok"


# -- forgetting


def test_nothing_of_an_erased_person_stays(martlet):
    m = mark()
    plant(martlet, m)
    ask(martlet, "POST", "", 201, name="gift", measure="last(gift) of anything")
    ask(martlet, "POST", "", 201, name="referrer", measure="distinct list(referrer) of page")
    assert m in json.dumps(values(martlet, f"user-{m}")) or preview(martlet, "distinct list(referrer) of page")["top"]
    assert m in json.dumps(preview(martlet, "distinct list(referrer) of page"))
    segment = martlet.call("POST", "/api/v1/segments", json={"name": "Referred", "condition": "computed.referrer exists"}).json()
    wait_until(lambda: martlet.api("/api/v1/segments/" + segment["id"])["size"] == 1, what="the member")
    assert martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": f"user-{m}"}).status_code == 200
    assert m not in json.dumps(preview(martlet, "distinct list(referrer) of page"))
    assert martlet.api("/api/v1/segments/" + segment["id"])["size"] == 0
    check_forgotten(martlet, m)
    martlet.restart()
    check_forgotten(martlet, m)


def test_who_objects_has_none(martlet):
    martlet.send(STORY)
    ask(martlet, "POST", "", 201, name="spent", measure='sum(total) of "Order Completed"')
    assert values(martlet, "ada") == {"spent": 30.75}
    martlet.send([{"type": "track", "event": "Consent Changed", "userId": "ada", "messageId": "no", "context": {"consent": {"categoryPreferences": {"analytics": False}}}}])
    assert values(martlet, "ada") == {} and preview(martlet, 'sum(total) of "Order Completed"')["people"] == 3
    assert "spent" not in martlet.api("/v1/spaces/main/collections/users/profiles/user_id:ada/traits")["traits"]


# -- the command line


def test_the_command_line(martlet):
    martlet.send(STORY)
    empty = martlet.cli("trait", "list")
    assert empty.stdout == "" and "martlet trait create" in empty.stderr
    assert martlet.cli("trait", "preview", 'most frequent(category) of "Product Viewed"').stdout == "3 of 4 profiles have a value\n  2  tea\n  1  cups\n"
    assert "median 0\n" in martlet.cli("trait", "preview", 'sum(total) of "Order Completed"', "--as-of", "2026-06-30").stdout
    assert martlet.cli("trait", "preview", '{"event": "Order Completed", "count": true}', "--json")["maximum"] == 3
    made = martlet.cli("trait", "create", "spent", 'sum(total) of "Order Completed"', "--note", "All of it", "--zone", "Europe/Madrid").stdout
    assert made.startswith("ctr_") and "spent" in made
    assert 'spent  sum(total) of "Order Completed"' in martlet.cli("trait", "list").stdout
    shown = martlet.cli("trait", "show", "spent").stdout
    assert "All of it" in shown and "Europe/Madrid" in shown and shown.endswith('\n\nsum(total) of "Order Completed"\n')
    assert martlet.cli("query", "computed.spent > 50", "--json")["count"] == 1
    wrong = martlet.cli("trait", "create", "other", "sum(total) off x", check=False)
    assert wrong.returncode == 1 and "                ^^^" not in wrong.stdout and "^^^" in wrong.stderr
    assert martlet.cli("trait", "create", "other", check=False).returncode == 64
    assert martlet.cli("trait", "delete", "spent").stdout == "Deleted.\n"
    assert martlet.cli("trait", "show", "spent", check=False).returncode == 4
