"""Which of several statements of a trait counts: policies over HTTP, in profiles, in segments, and beside what does not count."""
import pytest

from harness import wait_until


def say(martlet, source, message, city, when, **context):
    martlet.send([{"type": "identify", "userId": "ada", "messageId": message, "timestamp": when, "traits": {"city": city}, **context}], key=source["writeKey"])


@pytest.fixture
def told(martlet):
    """The CRM says Rome once; the app says York, Lugo and York again, later."""
    crm, app = martlet.create_source("CRM"), martlet.create_source("App")
    say(martlet, crm, "m1", "Rome", "2026-01-01T00:00:00Z")
    for number, city in enumerate(["York", "York", "Santiago de Compostela", "Lugo"]):
        say(martlet, app, f"a{number}", city, f"2026-02-0{number + 1}T00:00:00Z")
    return martlet, crm, app


def put(martlet, rule, name="default", expect=200):
    answer = martlet.call("PUT", f"/api/v1/survivorship/{name}", json={"rules": {"city": rule}})
    assert answer.status_code == expect, answer.text
    return answer.json()


def city(martlet):
    return martlet.profile(userId="ada")["traits"]["city"]


def count(martlet, condition):
    return martlet.call("POST", "/api/v1/segments/preview", json={"condition": condition}).json()["count"]


def test_profiles_and_segments_go_by_the_rule_and_keep_the_losers(told):
    martlet, crm, app = told
    martlet.call("POST", "/api/v1/segments", json={"name": "Romans", "condition": 'city = "Rome"'})
    assert city(martlet) == "Lugo" and count(martlet, 'city = "Rome"') == 0
    for rule, wanted in [
        ({"rule": "sources", "sources": [crm["id"], app["id"]]}, "Rome"), ({"rule": "frequent"}, "York"), ({"rule": "complete"}, "Santiago de Compostela"),
        ({"rule": "latest"}, "Lugo"), ({"rule": "verified", "sources": [crm["id"]]}, "Rome"),
    ]:
        put(martlet, rule)
        assert (city(martlet), count(martlet, f'city = "{wanted}"')) == (wanted, 1), rule
    wait_until(lambda: martlet.api("/api/v1/segments/romans")["size"] == 1, what="Ada among the Romans")
    say(martlet, app, "a9", "Vigo", "2026-03-01T00:00:00Z")
    assert city(martlet) == "Rome"
    for stop in (martlet.restart, lambda: (martlet.kill9(), martlet.start())):
        stop()
        assert (city(martlet), count(martlet, 'city = "Rome"')) == ("Rome", 1)
    profile = martlet.profile(userId="ada")["id"]
    choice = martlet.api(f"/api/v1/profiles/{profile}/survivors")["traits"][0]
    assert (choice["name"], choice["rule"], choice["statements"][0]["value"], choice["statements"][0]["source"]) == ("city", "verified", "Rome", "CRM")
    assert [s["value"] for s in choice["statements"][1:]] == ["Vigo", "Lugo", "Santiago de Compostela", "York"] and choice["statements"][-1]["count"] == 2
    put(martlet, {"rule": "frequent"}, name="support")
    other = martlet.api(f"/api/v1/profiles/{profile}/survivors", policy="support")["traits"][0]
    assert (other["statements"][0]["value"], city(martlet)) == ("York", "Rome")
    assert martlet.call("DELETE", "/api/v1/survivorship/default").status_code == 200
    assert city(martlet) == "Vigo" and [p["version"] for p in martlet.api("/api/v1/survivorship")["policies"]] == [0, 1]


def test_in_the_context_of_an_account(told):
    martlet, _, app = told
    say(martlet, app, "w1", "Leon", "2026-03-01T00:00:00Z", context={"groupId": "sol"})
    martlet.send([{"type": "group", "userId": "ada", "groupId": "sol", "messageId": "g1"}])
    profile = martlet.profile(userId="ada")["id"]
    traits = martlet.api(f"/api/v1/profiles/{profile}/survivors", account="sol")["traits"]
    assert [s["value"] for s in traits[0]["statements"]] == ["Leon"]
    assert count(martlet, 'city as member of account "sol" = "Leon"') == 1


@pytest.mark.parametrize("rule, code", [
    ({"rule": "best"}, "survivorship.rule"), ({"rule": "sources"}, "survivorship.sources"), ({"rule": "frequent", "sources": ["src_1"]}, "survivorship.sources"), (7, "survivorship.rule"),
])
def test_rules_that_make_no_sense_are_refused(shared, rule, code):
    assert put(shared, rule, expect=400)["code"] == code
    assert shared.api("/api/v1/survivorship")["policies"][0]["rules"] == {}
