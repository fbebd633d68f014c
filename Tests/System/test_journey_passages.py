"""Journeys that begin by another journey, through the API."""
from harness import new_id, wait_until
from test_journeys import ask, runs


def first(name):
    return f"""name: {name}
trigger:
  event: '"Signed Up" where shop = "{name}"'
goal:
  event: '"Order Completed" where shop = "{name}"'
  within: 7 days
steps:
- wait: 1 day
"""


def second(name, other, more=""):
    return f"name: {name}\ntrigger:\n  journey: {other}\n{more}steps:\n- wait: 3 business days\n"


def test_who_reaches_the_goal_of_one_begins_the_other_and_why_says_who_did_not(shared):
    name, buyer, idler, stranger = new_id("Welcome"), new_id("u"), new_id("u"), new_id("u")
    refused = shared.call("POST", "/api/v1/journeys", json={"yaml": second(name + "-2", name)})
    assert refused.status_code == 400 and refused.json()["code"] == "journey.no-other" and refused.json()["place"] == "line 3: /trigger/journey", refused.text
    one = ask(shared, "POST", "", 201, yaml=first(name))
    two = ask(shared, "POST", "", 201, yaml=second(name + "-2", name, "  on: exit\n  reason: goal\n"))
    assert two["trigger"] == "journey" and two["warnings"] == []
    for journey in (one, two):
        ask(shared, "POST", f"/{journey['id']}/start")
    event = lambda user, name_: {"type": "track", "userId": user, "event": name_, "properties": {"shop": name}}
    shared.send([event(buyer, "Signed Up"), event(idler, "Signed Up"), {"type": "identify", "userId": stranger, "traits": {}}])
    wait_until(lambda: runs(shared, idler), what="the first runs")
    shared.send([event(buyer, "Order Completed")])
    wait_until(lambda: len(runs(shared, buyer)) == 2, what="the run that was begun by the other")
    why = lambda user: ask(shared, "GET", f"/{two['id']}/why?userId={user}")
    assert why(buyer)["why"] == "inside"
    assert why(idler)["why"] == "not-passed" and "have not left" in why(idler)["sentence"]
    assert why(stranger)["why"] == "not-passed" and "never" in why(stranger)["sentence"]
    itself = shared.call("PUT", f"/api/v1/journeys/{two['id']}", json={"yaml": second(name + "-3", two["id"])})
    assert itself.status_code == 400 and itself.json()["code"] == "journey.loop", itself.text
    # A rehearsal plays who has passed through the other.
    rehearsed = shared.call("POST", "/api/v1/journeys/rehearse", json={"id": two["id"], "days": 1}).json()
    assert (rehearsed["entered"], [gap["what"] for gap in rehearsed["notPlayed"]]) == (1, ["journey"]), rehearsed
    keyless = ask(shared, "POST", "", 201, yaml=second(name + "-4", name, "key: data.key\n"))
    ask(shared, "POST", f"/{keyless['id']}/start")
    assert ask(shared, "GET", f"/{keyless['id']}/why?userId={buyer}")["why"] == "no-key"
    ask(shared, "POST", f"/{keyless['id']}/stop")
    # What begins another keeps its name and stays.
    for answer in (shared.call("DELETE", f"/api/v1/journeys/{one['id']}"), shared.call("PUT", f"/api/v1/journeys/{one['id']}", json={"yaml": first(name).replace(f"name: {name}\n", f"name: {name}-new\n")})):
        assert answer.status_code == 400 and answer.json()["code"] == "journey.in-journey" and name + "-2" in answer.json()["message"], answer.text
    ask(shared, "POST", f"/{two['id']}/stop")
    ask(shared, "PUT", f"/{one['id']}", yaml=first(name).replace(f"name: {name}\n", f"name: {name}-new\n"))


def test_two_that_begin_each_other_are_not_started(shared):
    name = new_id("Round")
    text = lambda number, other: f"name: {name}-{number}\ntrigger: {{journey: {name}-{other}}}\nsteps: []\n"
    one = ask(shared, "POST", "", 201, yaml=text(1, 2).replace(f"{{journey: {name}-2}}", "{api: true}"))["id"]
    two = ask(shared, "POST", "", 201, yaml=text(2, 1))["id"]
    ask(shared, "PUT", f"/{one}", yaml=text(1, 2))
    ask(shared, "POST", f"/{two}/start")
    refused = shared.call("POST", f"/api/v1/journeys/{one}/start")
    assert refused.status_code == 400 and refused.json()["code"] == "journey.circle" and f"`{name}-1` begins `{name}-2`" in refused.json()["message"], refused.text
