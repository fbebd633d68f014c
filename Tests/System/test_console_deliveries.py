"""Deliveries, a message's why, dead letters, caps and quiet hours, and destinations in the console: by forms alone, and seen in a browser on a desk and on a telephone, in light and in dark."""
import re

import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader, no_barriers
from harness import new_id, wait_until
from test_console import NASTY
from test_console_walk import fits, no_complaints, shot, submit
from test_delivery import LOCAL, ended, furnish, send, willing
from webhook_sink import Sink


@pytest.fixture
def place(make_martlet):
    server, sink = make_martlet(args=LOCAL).start(), Sink()
    furnish(server, sink)
    server.sink = sink
    server.reader = Reader(server).set_password()
    yield server
    sink.close()


def test_a_dead_letter_is_found_with_its_reason_and_sent_again(place):
    place.sink.behave = lambda call, number: 400
    user, profile = willing(place)
    key = send(place, user)["key"]
    ended(place, key)
    listed = place.reader.get("/w/main/deliveries?state=dead").text
    assert "The other side refused it for good." in listed and "Dead letter" in listed and "Send all again" in listed
    # Keys of journeys hold colons, and their links lead there.
    page = place.reader.get(next(a["href"] for a in Page(listed).all("a") if "/deliveries/" in a.get("href", ""))).text
    assert "delivery.refused" in page and "400" in page and "Send again" in page
    place.sink.behave = lambda call, number: 204
    assert place.reader.post("/w/main/deliveries/replay", key=key).status_code in (200, 303)
    wait_until(lambda: place.sink.ids() == [key, key], what="the second time")
    wait_until(lambda: "Sent" in place.reader.get(f"/w/main/profiles/{profile}").text, what="the profile's messages")
    assert place.reader.get("/w/main/deliveries/none").status_code == 404


def test_the_policy_is_lines_and_a_wrong_one_is_named(place):
    form = dict(caps="day; 2; 24; channel=webhook; per=topic; wait\nweek; 5; 168\ngap; 1; 30 min; wait", quietHours="21:00-08:00; webhook", zone="Europe/Madrid", publicAddress="https://tea.example", webhookDestination="")
    assert place.reader.post("/w/main/sending-policy", **form).status_code in (200, 303)
    policy = place.call("GET", "/api/v1/sending-policy").json()
    assert policy["caps"][0] == {"name": "day", "limit": 2, "hours": 24, "channel": "webhook", "purpose": "", "topic": "", "per": ["topic"], "whenFull": "wait"} and policy["quietHours"][0]["from"] == "21:00"
    assert policy["caps"][2]["minutes"] == 30 and "hours" not in policy["caps"][2]
    page = place.reader.get("/w/main/sending-policy").text
    assert "gap; 1; 30 min; wait" in page and "day; 2; 24; channel=webhook; per=topic; wait" in page and "21:00-08:00; webhook" in page
    for wrong in ({"caps": "day; two; 24"}, {"caps": "gap; 1; min"}, {"caps": "gap; 1; 0 min"}, {"caps": "day; 2; 24; moon=1"}, {"quietHours": "21-8"}, {"zone": "Atlantis"}, {"caps": "a; 1; 1; per=moon"}):
        answer = place.reader.post("/w/main/sending-policy", **{**form, **wrong})
        assert answer.status_code == 422 and 'role="alert"' in answer.text, wrong
    assert place.call("GET", "/api/v1/sending-policy").json() == policy


def test_a_destination_is_made_and_its_secret_shown_once(place):
    made = place.reader.post("/w/main/destinations", name="warehouse", url=place.sink.url, events="Order Completed, identify", segments="*")
    assert made.status_code == 200 and "whsec_" in made.text
    assert "whsec_" not in place.reader.get("/w/main/destinations").text
    found = next(d for d in place.call("GET", "/api/v1/destinations").json()["destinations"] if d["name"] == "warehouse")
    assert found["events"] == ["Order Completed", "identify"] and found["segments"] == ["*"]
    assert place.reader.post("/w/main/destinations", name="x", url="ftp://x", events="", segments="").status_code == 422
    assert "whsec_" in place.reader.post(f"/w/main/destinations/{found['id']}/rotate").text
    place.reader.post(f"/w/main/destinations/{found['id']}/disable")
    assert place.call("GET", f"/api/v1/destinations/{found['id']}").json()["enabled"] is False
    place.reader.post(f"/w/main/destinations/{found['id']}/delete", confirm="wrong")
    assert place.call("GET", f"/api/v1/destinations/{found['id']}").status_code == 200
    place.reader.post(f"/w/main/destinations/{found['id']}/delete", confirm="warehouse")
    assert place.call("GET", f"/api/v1/destinations/{found['id']}").status_code == 404


def test_what_waits_for_a_destination_that_is_off_says_so(place):
    from test_webhooks import destination, lane, steep
    place.sink.behave = lambda call, number: 503
    made = destination(place, events=["Tea Steeped"])
    place.send([steep(new_id("u"), 0)])
    wait_until(lambda: lane(place, made)["waiting"] == 1, what="a call that waits")
    says = "What waits goes once it is switched on."
    assert says not in place.reader.get("/w/main/deliveries").text + place.reader.get("/w/main/destinations").text
    place.reader.post(f"/w/main/destinations/{made['id']}/disable")
    wait_until(lambda: not lane(place, made)["underway"], what="the end of a try")
    page = place.reader.get("/w/main/deliveries").text
    assert says in page and says in place.reader.get("/w/main/destinations").text
    assert "Its destination is switched off; it goes once that is on again." in place.reader.get("/w/main/deliveries?kind=call").text
    place.sink.behave = lambda call, number: 204
    place.reader.post(f"/w/main/destinations/{made['id']}/enable")
    wait_until(lambda: lane(place, made)["waiting"] == 0, 20, what="it to go")
    assert says not in place.reader.get("/w/main/deliveries").text + place.reader.get("/w/main/destinations").text


def test_what_journeys_call_a_destination_for_is_counted_with_it(place):
    """Whatever it is called, also as a channel is."""
    from test_webhooks import destination
    place.sink.behave = lambda call, number: 400
    name, user = new_id("hook"), new_id("u")
    made = destination(place, "email", events=["Nothing"])
    yaml = f"name: {name}\ntrigger: {{event: '\"{name}\"'}}\nsteps:\n- webhook: email\n"
    journey = place.call("POST", "/api/v1/journeys", json={"yaml": yaml}).json()
    assert place.call("POST", f"/api/v1/journeys/{journey['id']}/start", json={}).status_code == 200, journey
    place.send([{"type": "track", "userId": user, "event": name}])
    lanes = lambda: {lane["name"]: lane for lane in place.api("/api/v1/deliveries")["lanes"]}
    wait_until(lambda: lanes().get(made["id"], {}).get("dead") == 1, what="a dead letter")
    shown = place.reader.get("/w/main/destinations").text
    assert re.search(rf'href="[^"]*/deliveries\?state=dead&amp;channel={made["id"]}">1<', shown), shown[-3000:]
    place.call("POST", f"/api/v1/journeys/{journey['id']}/stop", json={})
    place.sink.behave = lambda call, number: 204
    assert place.call("POST", "/api/v1/messages/replay", json={"channel": made["id"]}).json() == {"replayed": 1}


def test_only_the_session_itself_writes(place):
    for path in ["/w/main/deliveries/replay", "/w/main/deliveries/release", "/w/main/deliveries/drop", "/w/main/destinations/x/share", "/w/main/destinations/x/condition", "/w/main/sending-policy", "/w/main/destinations", "/w/main/destinations/x/rotate", "/w/main/destinations/x/delete"]:
        assert place.reader.post(path, csrf="wrong").status_code == 403
        assert Reader(place).post(path, csrf="x").status_code == 401


@pytest.mark.parametrize("nasty", NASTY)
def test_what_people_and_operators_write_is_text(place, nasty):
    user, profile = willing(place, name=nasty)
    key = send(place, user, idempotencyKey=nasty[:100] or "x")["key"]
    place.reader.post("/w/main/destinations", name=nasty[:80], url=place.sink.url, events=nasty, segments=nasty)
    answers = [place.reader.post("/w/main/sending-policy", caps=nasty, quietHours=nasty, zone=nasty, publicAddress=nasty, webhookDestination=nasty), place.reader.get("/w/main/destinations"),
               place.reader.get("/w/main/deliveries"), place.reader.get(f"/w/main/profiles/{profile}")]
    for answer in answers:
        page = Page(answer.text)
        assert not page.all("img") and all(script.get("src", "").startswith("/console/assets/") for script in page.all("script"))
        assert not [tag for tag, attributes in page.tags if any(name.startswith("on") for name in attributes)]
    assert key


def test_deliveries_in_a_browser(place):
    for n in range(3):
        user, _ = willing(place, name=f"Ada Lovelace of the very long name {n}")
        send(place, user)
    stranger, _ = willing(place, timezone="Europe/Madrid")
    place.call("POST", "/api/v1/consents", json={"consents": [{"userId": stranger, "purpose": "marketing", "state": "withdrawn"}]})
    refused = send(place, stranger)["key"]
    place.sink.behave = lambda call, number: 400
    dead = send(place, willing(place)[0])["key"]
    ended(place, refused), ended(place, dead)
    held = send(place, willing(place)[0], notBefore="2099-01-01T00:00:00Z")["key"]
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.set_window_size(1440, 1000)
        driver.get(place.url + "/sign-in?next=/w/main/deliveries")
        submit(driver, "main form", password=PASSWORD)
        for theme in ("light", "dark"):
            for name, path in {"list": "deliveries", "dead": f"deliveries/{dead}", "held": f"deliveries/{held}", "policy": "sending-policy", "destinations": "destinations"}.items():
                driver.get(f"{place.url}/w/main/{path}?theme={theme}")
                fits(driver)
                no_complaints(driver)
                shot(driver, f"delivery-{name}-{theme}")
    finally:
        driver.quit()


def test_axe_finds_nothing(place):
    place.sink.behave = lambda call, number: 400
    user, profile = willing(place)
    dead = send(place, user)["key"]
    ended(place, dead)
    held = send(place, willing(place)[0], notBefore="2099-01-01T00:00:00Z")["key"]
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.get(place.url + "/sign-in?next=/w/main/deliveries")
        submit(driver, "main form", password=PASSWORD)
        for width in (1440, 390):
            driver.set_window_size(width, 1000)
            for path in ("deliveries", f"deliveries/{dead}", f"deliveries/{held}", "sending-policy", "destinations", f"profiles/{profile}"):
                driver.get(f"{place.url}/w/main/{path}")
                no_barriers(driver, path, width)
    finally:
        driver.quit()
