"""What conditions can ask beyond counts and sums: sessions, lists' elements, versions, ranks, when something was said, and who was in at an earlier date."""
import pytest

from harness import Martlet, contents, new_id, wait_until

AS_OF = "2026-07-01T00:00:00Z"


def call(kind, user, at, name=None, properties=None, context=None, traits=None):
    body = {"type": kind, "userId": user, "messageId": new_id("c"), "timestamp": at, "context": context or {}}
    if kind == "track":
        body["event"] = name
    elif kind == "page":
        body["name"] = name
    if kind == "identify":
        body["traits"] = traits
    else:
        body["properties"] = properties or {}
    return body


TEA = {"products": [{"category": "tea", "price": 12.5}, {"category": "cups", "price": 30}]}
STORY = [
    call("identify", "ada", "2026-05-01T00:00:00Z", traits={"plan": "free", "name": "José", "points": 5, "basket": [{"price": 9}]}),
    call("identify", "ada", "2026-06-20T00:00:00Z", traits={"plan": "premium"}), call("identify", "ada", "2026-06-29T00:00:00Z", traits={"plan": "premium"}),
    call("identify", "bob", "2026-06-01T00:00:00Z", traits={"plan": "free", "name": "Zoë", "points": 9}),
    # Ada's morning: 20 minutes in three calls; an hour later one call.
    call("page", "ada", "2026-06-20T09:00:00Z", "Home", context={"campaign": {"source": "newsletter"}, "app": {"version": "2.9.1"}}),
    call("page", "ada", "2026-06-20T09:15:00Z", "Pricing"), call("track", "ada", "2026-06-20T09:20:00Z", "Order Completed", {**TEA, "total": 42.5}),
    call("track", "ada", "2026-06-20T10:30:00Z", "Product Viewed", {"category": "tea"}),
    call("track", "bob", "2026-06-25T10:00:00Z", "Order Completed", {"products": [{"category": "cups", "price": 5}], "total": 5}, {"app": {"version": "2.10.0"}}),
    call("track", "bob", "2026-04-25T10:00:00Z", "Order Completed", {"products": [], "total": 1}),
]


@pytest.fixture(scope="module")
def told():
    server = Martlet().start()
    server.send(STORY)
    yield server
    server.close()


def preview(martlet, condition, expect=200, **body):
    answer = martlet.call("POST", "/api/v1/segments/preview", json={"condition": condition, **body})
    assert answer.status_code == expect, f"{condition}: {answer.status_code} {answer.text[:300]}"
    return answer.json()


@pytest.mark.parametrize("condition, wanted", [
    ("count of sessions in last 30 days >= 2", 1), ("maximum(duration) of sessions = 20 minutes", 1), ('first(entry.context.campaign.source) of sessions = "newsletter"', 1),
    ('count of sessions where landing.name = "Home" and pages = 2 = 1', 1), ("count of sessions with gaps up to 2 hours >= 2", 1),
    ('did "Order Completed" where products has any (category = "tea" and price > 10)', 1), ('did "Order Completed" where products has all (category = "cups")', 1),
    ('did "Order Completed" where products has sum(price) > 40', 1), ("basket has count = 1", 1), ("basket has any (price = 9)", 1),
    ('did anything where context.app.version >= version "2.10"', 1), ('did anything where context.app.version < version "2.10"', 1),
    ('name = "jose" ignoring accents', 1), ('name contains "OE" ignoring accents', 1), ('name = "jose" ignoring case', 0),
    ("plan changed within last 12 days", 1), ("plan set within last 3 days", 1), ("plan changed more than 20 days ago", 1), ("profile first seen before 2026-05-15", 2),
    ('did "Order Completed" for the first time in last 30 days', 1), ('did "Order Completed" again in last 30 days', 1),
    ('sum(total) of "Order Completed" in top 1', 1), ("points in top 50%", 1), ("points in bottom 100", 2), ('sum(total) of "Order Completed" in last 90 days in top 100%', 2),
    ('weekly rate of "Order Completed" in last 7 days >= 1', 1), ('decayed count(6 days) of "Order Completed" in last 30 days between 0.29 and 0.53', 2),
    ('latest(category, 3) of "Product Viewed" contains "tea"', 1), ('affinity(category, 30 days) of "Product Viewed" = "tea"', 1), ('slope(total) of "Order Completed" > 0', 1),
    ('monthly trend of "Order Completed" in last 12 months > 0', 2)])
def test_counts(told, condition, wanted):
    """Both forms count alike, in sentences and reasons of every language."""
    answer = preview(told, condition, asOf=AS_OF)
    assert (answer["count"], answer["warnings"]) == (wanted, [])
    again = preview(told, answer["json"], asOf=AS_OF)
    assert (again["count"], again["text"], again["json"]) == (wanted, answer["text"], answer["json"])
    found = 0
    for user in ["ada", "bob"]:
        for lang in ["en", "es", "tr"]:
            reason = told.call("POST", "/api/v1/segments/explain", json={"condition": condition, "userId": user, "asOf": AS_OF, "lang": lang})
            assert reason.status_code == 200, reason.text[:300]
        found += reason.json()["answer"] is True
    assert found == wanted


def test_a_past_date(told):
    told.call("POST", "/api/v1/segments", json={"name": "Premium then", "condition": 'plan = "premium"'})
    assert preview(told, 'was in segment "premium-then" on 2026-06-21', asOf=AS_OF)["count"] == 1
    assert preview(told, 'was in segment "premium-then" on 2026-06-19', asOf=AS_OF)["count"] == 0
    assert preview(told, 'was in segment "premium-then" on 2026-08-01', asOf=AS_OF)["count"] == 0


def test_the_source_of_a_trait(told):
    name = [source for source in told.api("/api/v1/sources")["sources"]][0]
    assert preview(told, f'plan source = "{name["name"]}"')["count"] == 2
    assert preview(told, f'plan source in ("{name["id"]}", "x")')["count"] == 2
    assert preview(told, 'plan source != "nobody"')["count"] == 2


def test_history_outlives_a_restart_and_forgets_with_the_person():
    with_ids = Martlet().start()
    try:
        made = with_ids.call("POST", "/api/v1/segments", json={"name": "Buyers", "condition": 'did "Order Completed"'}).json()
        wait_until(lambda: with_ids.api(f"/api/v1/segments/{made['id']}")["size"] == 0, what="the first asking")
        with_ids.send(STORY)
        path = f"/api/v1/segments/{made['id']}/changes"
        changes = wait_until(lambda: (lambda c: c if len(c) == 2 else None)(with_ids.api(path)["changes"]), what="both came in")
        with_ids.restart()
        assert with_ids.api(path)["changes"] == changes
        ada = with_ids.profile(userId="ada")["id"]
        assert with_ids.call("POST", "/api/v1/privacy/erasures", json={"userId": "ada"}).status_code in (200, 202)
        assert [c["profile"] for c in with_ids.api(path)["changes"]] == [c["profile"] for c in changes if c["profile"] != ada]
        assert not any(ada.encode() in data for _, data in contents(with_ids.data))
    finally:
        with_ids.close()
