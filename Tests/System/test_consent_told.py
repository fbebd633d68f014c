"""What people say about consent is told outwards: as an event of theirs, to destinations that name it, and to segments and journeys."""
import requests

import pytest

from harness import Martlet, contents, new_id, wait_until
from test_consent import ask
from test_delivery import LOCAL
from webhook_sink import Sink


@pytest.fixture(scope="module")
def place():
    martlet = Martlet(args=LOCAL)
    martlet.start()
    martlet.crm, martlet.everything = Sink(), Sink()
    yield martlet
    martlet.close()
    martlet.crm.close()
    martlet.everything.close()


def stated(place, profile):
    events = place.api(f"/api/v1/profiles/{profile}/events", limit=100)["events"]
    return [event["properties"] for event in reversed(events) if event.get("event") == "Consent Stated"]


def brief(properties):
    return [(p["purpose"], p["channel"], p["topic"], p["account"], p["state"], p["source"]) for p in properties]


def test_what_is_said_is_told_and_nothing_that_is_not_new(place):
    user = new_id("told")
    place.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@tea.example"}}])
    profile = place.profile(userId=user)
    told = ask(place, "POST", "/destinations", 201, json={"name": new_id("crm"), "url": place.crm.url, "events": ["Consent Stated"]})
    everything = ask(place, "POST", "/destinations", 201, json={"name": new_id("all"), "url": place.everything.url, "events": ["*"]})
    journey = place.call("POST", "/api/v1/journeys", json={"yaml": f"name: {new_id('left')}\ntrigger: {{event: '\"Consent Stated\" where state = \"withdrawn\"'}}\nsteps:\n- trait: {{hasLeft: {{from: event.properties.purpose}}}}\n"}).json()["id"]
    assert place.call("POST", f"/api/v1/journeys/{journey}/start", json={}).status_code == 200
    ask(place, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "channel": "email", "state": "granted", "proof": "form 17 of Ada", "at": "2026-01-02T03:04:05Z"}]})
    link = ask(place, "POST", f"/profiles/{profile['id']}/preference-link", json={})
    for _ in range(2):
        assert requests.post(place.url + "/" + link["unsubscribe"].split("/", 3)[3], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert requests.post(place.url + "/" + link["preferences"].split("/", 3)[3], data={"intent": "stop"}).status_code == 200
    csv = f"email,purpose,state\n{user}@tea.example,offers,granted\n"
    assert place.call("POST", "/api/v1/consents", data=csv, headers={"Content-Type": "text/csv"}).status_code == 200
    wait_until(lambda: len(stated(place, profile["id"])) == 4, what="what was said")
    said = sorted(stated(place, profile["id"]), key=lambda p: ["api", "one-click", "person", "import"].index(p["source"]))
    assert brief(said)[0] == ("marketing", "email", "", None, "granted", "api")
    assert brief(said)[1][4:] == ("withdrawn", "one-click") and brief(said)[2] == ("*", "", "", "*", "withdrawn", "person")
    assert brief(said)[3] == ("offers", "", "", None, "granted", "import")
    assert all("form 17" not in str(p) for p in said), "how we know stays in the ledger"
    wait_until(lambda: len(place.crm.calls) >= 4, what="the calls")
    assert [call.data["properties"]["state"] for call in place.crm.calls] == ["granted", "withdrawn", "withdrawn", "granted"]
    wait_until(lambda: place.profile(userId=user)["traits"].get("hasLeft") == "*", what="the journey")
    assert not [call for call in place.everything.calls if call.data.get("event") == "Consent Stated"]
    for one in (told, everything):
        ask(place, "DELETE", f"/destinations/{one['id']}")
    place.call("POST", f"/api/v1/journeys/{journey}/stop", json={})


def test_who_is_erased_leaves_none_of_it(place):
    user = new_id("gone")
    place.send([{"type": "identify", "userId": user, "traits": {"city": "Madrid"}}])
    profile = place.profile(userId=user)
    ask(place, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": "granted"}]})
    wait_until(lambda: len(stated(place, profile["id"])) == 1, what="what was said")
    assert place.profile(userId=user)["lastSeen"] == profile["lastSeen"], "nothing that they did"
    assert place.call("POST", "/api/v1/privacy/erasures", json={"userId": user}).status_code < 300
    place.stop()
    assert user.encode() not in contents(place.data)
    place.start()


def test_what_is_said_of_nobody_that_an_event_can_name_is_in_force_all_the_same(place):
    address = f"{new_id('only')}@tea.example"
    ask(place, "POST", "/consents", json={"consents": [{"email": address, "purpose": "marketing", "state": "granted"}]})
    assert ask(place, "POST", "/consents/decide", json={"email": address, "purpose": "marketing", "channel": "email"})["permitted"]
