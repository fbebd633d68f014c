"""Conditions asked through the API, and what is asked of many people at once: a shop of four people whose answers are worked out by hand."""
from decimal import Decimal

import pytest

from harness import Martlet, new_id

ORDER = "Order Completed"
AS_OF = "2026-07-01T00:00:00Z"
MINUTE_OF_JULY = "2026-07-01T00:30:00Z"


def ordered(user, at, total):
    return {"type": "track", "event": "Order Completed", "userId": user, "messageId": new_id("o"), "timestamp": at, "properties": {"total": total}}


def did(user, event, at):
    return {"type": "track", "event": event, "userId": user, "messageId": new_id("d"), "timestamp": at, "properties": {"category": "tea"}}


def known(user, **traits):
    return {"type": "identify", "userId": user, "messageId": new_id("k"), "timestamp": "2026-05-01T00:00:00Z", "traits": traits}


STORY = [
    known("ada", plan="premium", country="ES"), known("bob", plan="free", country="PT"), known("cyd", plan="premium"),
    did("ada", "Product Viewed", "2026-06-04T10:00:00Z"), did("ada", "Product Added", "2026-06-04T11:00:00Z"),
    ordered("ada", "2026-06-05T12:00:00Z", 10.5), ordered("ada", "2026-06-20T12:00:00Z", 20), ordered("ada", "2026-06-28T00:00:00Z", 5.25),
    did("bob", "Product Viewed", "2026-06-10T09:00:00Z"), did("bob", "Product Added", "2026-06-18T09:00:00Z"), ordered("bob", "2026-06-20T00:00:00Z", 100),
    did("cyd", "Product Viewed", "2026-06-30T23:30:00Z"),
    {"type": "page", "name": "Home", "anonymousId": "dan", "messageId": "dan-1", "timestamp": "2026-06-10T08:00:00Z"},
]


@pytest.fixture(scope="module")
def told():
    """A server to which the story was told; the tests only ask."""
    server = Martlet().start()
    server.send(STORY)
    yield server
    server.close()


def preview(martlet, condition, expect=200, **body):
    answer = martlet.call("POST", "/api/v1/segments/preview", json={"condition": condition, **body})
    assert answer.status_code == expect, f"{condition}: {answer.status_code} {answer.text[:300]}"
    return answer.json()


def count(martlet, condition, **body):
    return preview(martlet, condition, **{"asOf": AS_OF, **body})["count"]


def analyse(martlet, question, expect=200, **body):
    answer = martlet.call("POST", "/api/v1/analytics/" + question, json={"asOf": AS_OF, **body})
    assert answer.status_code == expect, f"{question}: {answer.status_code} {answer.text[:300]}"
    return answer.json()


# -- conditions

@pytest.mark.parametrize("condition, wanted", [
    ('plan = "premium"', 2), ('plan != "premium"', 1), ("country is missing", 2), ('plan = "premium" and country exists', 1), ("everyone", 4), ("nobody", 0),
    ('did "Order Completed"', 2), ('did "Order Completed" at least 3 times in last 30 days', 1), ('did "Order Completed" at least 4 times', 0), ('did not do "Order Completed"', 2),
    ('sum(total) of "Order Completed" > 35.74', 2), ('sum(total) of "Order Completed" > 35.75', 1), ('sum(total) of "Order Completed" >= 35.75', 2),
    ('did page "Home"', 1), ('did anything in last 12 hours', 1), ('first time of "Order Completed" >= 2026-06-06', 1),
    ('did "Product Viewed" then "Product Added" within 7 days', 1), ('did "Product Viewed" then "Product Added" within 8 days', 2),
    ('not (plan = "free" or did "Order Completed")', 2)])
def test_counts(told, condition, wanted):
    """The text form, and the JSON form that the answer itself gives for it, count alike."""
    answer = preview(told, condition, asOf=AS_OF)
    assert (answer["count"], answer["of"]) == (wanted, 4)
    assert len(answer["sample"]) == wanted and answer["warnings"] == []
    again = preview(told, answer["json"], asOf=AS_OF)
    assert (again["count"], again["text"], again["json"]) == (wanted, answer["text"], answer["json"])


def test_the_json_form(told):
    assert count(told, {"and": [{"trait": "country", "in": ["ES", "PT"]}, {"event": "Order Completed", "last": "30d", "count": {"gte": 3}}]}) == 1
    assert count(told, {"event": "Order Completed", "last": "90d", "sum": "total", "gt": 50}) == 1


def test_as_of_is_the_first_moment_that_has_not_happened(told):
    """Ada's third order is of midnight: at midnight it has not happened, a millisecond later it has; 30 days later it still counts, and then no more."""
    three = 'did "Order Completed" at least 3 times'
    assert count(told, three, asOf="2026-06-28T00:00:00Z") == 0
    assert count(told, three, asOf="2026-06-28T00:00:00.001Z") == 1
    late = 'did "Order Completed" in last 30 days'
    assert count(told, late, asOf="2026-07-28T00:00:00Z") == 1
    assert count(told, late, asOf="2026-07-28T00:00:00.001Z") == 0


def test_days_are_those_of_the_zone(told):
    """Cyd looked at half past eleven at night in London's winter time; an hour later that is yesterday there, and still today in New York and Madrid."""
    today = 'did "Product Viewed" today'
    assert count(told, today, asOf=MINUTE_OF_JULY) == 0
    assert count(told, today, asOf=MINUTE_OF_JULY, zone="Europe/Madrid") == 1
    assert count(told, today, asOf=MINUTE_OF_JULY, zone="America/New_York") == 1
    assert count(told, 'did "Product Viewed" yesterday', asOf=MINUTE_OF_JULY) == 1
    assert preview(told, today, 400, zone="Europe/Wren")["code"] == "condition.zone"


def test_samples_are_profiles(told):
    ada = told.profile(userId="ada")["id"]
    assert preview(told, 'country = "ES"', asOf=AS_OF)["sample"] == [ada]
    assert len(preview(told, "everyone", sample=3)["sample"]) == 3
    assert preview(told, "everyone", sample=0)["sample"] == []
    for sample in (-1, 1001, "ten", 1.5):
        assert preview(told, "everyone", 400, sample=sample)["code"] == "request.parameter"


@pytest.mark.parametrize("condition, place", [
    ('plan = "premium" and and country = "ES"', "line 1, column 22, length 3"), ('plan = "premium"\nor sum(total) off "Order Completed" > 5', "line 2, column 15, length 3"),
    ('name = "Dårjeeling" und x = 1', "line 1, column 21, length 3"), ({"and": [{"trait": "plan", "eqq": "premium"}]}, "/and/0/eqq"), ({"trait": "plan", "gt": []}, "/gt")])
def test_a_fault_has_its_place(told, condition, place):
    refusal = preview(told, condition, 400)
    assert refusal["place"] == place and refusal["code"].startswith("segments") and refusal["remedy"], refusal


def test_what_is_no_question(told):
    for condition in (None, 5, True, ["plan"]):
        assert preview(told, condition, 400)["code"] == "condition.missing", condition
    assert preview(told, "everyone", 400, asOf="yesterday")["code"] == "request.parameter"
    assert preview(told, 'in segment "no-such"', 404)["code"] == "segment.unknown"


def test_names_that_nobody_sent_are_warned_of(told):
    answer = preview(told, 'plam = "premium" and did "Order Compleated"')
    assert answer["count"] == 0 and len(answer["warnings"]) == 2
    said = " ".join(w["problem"] + w["remedy"] for w in answer["warnings"])
    assert "plan" in said and "Order Completed" in said, said


def test_what_was_acknowledged_is_counted(martlet):
    """An event that was answered with 200 is in the very next count: one at a time, and behind a batch that takes a moment to apply."""
    for n in range(1, 101):
        martlet.track("Cup Poured", wait=False, userId=f"guest-{n}")
        assert preview(martlet, 'did "Cup Poured"', sample=0)["count"] == n
    for n in range(1, 6):
        martlet.send([{"type": "track", "event": "Pot Poured", "userId": f"table-{n}-{i}", "messageId": f"p-{n}-{i}", "properties": {"leaf": "x" * 200}} for i in range(500)], wait=False)
        assert preview(martlet, 'did "Pot Poured"', sample=0)["count"] == 500 * n
        points = martlet.call("POST", "/api/v1/analytics/active", json={"period": "1h", "periods": 1}).json()["points"]
        assert sum(p["profiles"] for p in points) == 100 + 500 * n
    assert preview(martlet, "everyone", wait=False)["of"] <= 2600


# -- many people at once

def test_funnel(told):
    steps = ["Product Viewed", "Product Added", "Order Completed"]
    # Bob took eight days to add, and nine days, fifteen hours to buy.
    assert analyse(told, "funnel", steps=steps, within="7d")["steps"] == [3, 1, 1]
    assert analyse(told, "funnel", steps=steps, within="9d", last="60d")["steps"] == [3, 2, 1]
    assert analyse(told, "funnel", steps=steps, within="10d")["steps"] == [3, 2, 2]
    # In the last ten days only Cyd looked.
    assert analyse(told, "funnel", steps=steps, within="10d", last="10d")["steps"] == [1, 0, 0]
    assert analyse(told, "funnel", steps=["Nothing Done"], within="1d")["steps"] == [0]
    # Steps with filters, pages, several names in one.
    assert analyse(told, "funnel", steps=["Product Viewed", {"event": ORDER, "where": {"property": "total", "gt": 50}}], within="10d")["steps"] == [3, 1]
    assert analyse(told, "funnel", steps=[{"page": "Home"}], within="1d")["steps"] == [1]
    assert analyse(told, "funnel", steps=[["Product Viewed", {"page": None}], "*"], within="1440min")["steps"] == [4, 1]


def test_retention(told):
    """Four weeks from June 3: Ada came in the first and was back in the third and fourth, Bob in the second and back in the third; Dan and Cyd came once."""
    cells = [(c["cohort"], c["later"], c["profiles"]) for c in analyse(told, "retention", period="7d", periods=4)["cells"]]
    assert cells == [(0, 0, 1), (0, 2, 1), (0, 3, 1), (1, 0, 2), (1, 1, 1), (3, 0, 1)]


def test_active(told):
    points = [(p["period"], p["group"], p["profiles"]) for p in analyse(told, "active", period="7d", periods=4, by="country")["points"]]
    assert points == [(0, "ES", 1), (1, None, 1), (1, "PT", 1), (2, "ES", 1), (2, "PT", 1), (3, None, 1), (3, "ES", 1)]
    points = [(p["period"], p["group"], p["profiles"]) for p in analyse(told, "active", period="2w", periods=2)["points"]]
    assert points == [(0, None, 3), (1, None, 3)]


def test_overlap(told):
    cells = analyse(told, "overlap", conditions=['plan = "premium"', 'did "Order Completed"', {"event": "Product Viewed"}])["cells"]
    assert [(c["mask"], c["profiles"]) for c in cells] == [(5, 1), (6, 1), (7, 1)]


def test_top(told):
    names = {told.profile(userId=user)["id"]: user for user in ("ada", "bob")}

    def ranked(**body):
        return [(names[p["id"]], Decimal(p["value"])) for p in analyse(told, "top", event="Order Completed", **body)["profiles"]]

    assert ranked(sum="total") == [("bob", 100), ("ada", Decimal("35.75"))]
    assert ranked(sum="total", limit=1) == [("bob", 100)]
    assert ranked() == [("ada", 3), ("bob", 1)]
    assert ranked(sum="total", condition='country = "ES"') == [("ada", Decimal("35.75"))]
    assert ranked(sum="total", last="1w") == [("ada", Decimal("5.25"))]


def test_quintiles(told):
    """In halves: Bob bought longer ago and less often, but for more."""
    cells = analyse(told, "rfm", event="Order Completed", monetary="total", tiles=2)["cells"]
    assert [(c["recency"], c["frequency"], c["monetary"], c["profiles"]) for c in cells] == [(1, 1, 2, 1), (2, 2, 1, 1)]


@pytest.mark.parametrize("question, body", [
    ("funnel", {"steps": [], "within": "7d"}), ("funnel", {"steps": "Order Completed", "within": "7d"}), ("funnel", {"steps": ["Order Completed"], "within": "7x"}),
    ("funnel", {"steps": ["Order Completed"]}), ("funnel", {"steps": [{"event": ORDER, "last": "7d"}], "within": "7d"}), ("funnel", {"steps": [{"trait": "plan", "eq": "free"}], "within": "7d"}),
    ("funnel", {"steps": [5], "within": "7d"}), ("retention", {"period": "7d", "periods": 0}), ("retention", {"period": "7d", "periods": 129}), ("retention", {"periods": 4}),
    ("active", {"period": "0d", "periods": 4}), ("active", {"period": "1d", "periods": "4"}), ("overlap", {"conditions": []}), ("overlap", {"conditions": ["everyone"] * 17}),
    ("overlap", {"conditions": ["plan ="]}), ("top", {}), ("top", {"event": "Order Completed", "limit": 1001}), ("rfm", {"event": "Order Completed"}),
    ("rfm", {"event": "Order Completed", "monetary": "total", "tiles": 11}), ("active", {"period": "1d", "periods": 4, "asOf": "soon"})])
def test_what_cannot_be_analysed_is_refused(told, question, body):
    refusal = analyse(told, question, 400, **body)
    assert refusal["code"] and refusal["message"] and refusal["remedy"]
