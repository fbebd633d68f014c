"""Consent as a member of an account: a yes ends with the membership."""
import time

import pytest

from harness import Martlet, new_id, wait_until
from test_consent import ask, may, person, say
from test_delivery import LOCAL, ended, furnish
from webhook_sink import Sink


@pytest.fixture(scope="module")
def place():
    server, sink = Martlet(args=LOCAL).start(), Sink()
    furnish(server, sink)
    server.sink = sink
    yield server
    sink.close()
    server.close()


def group(server, user, account, status="joined", **more):
    server.send([{"type": "group", "userId": user, "groupId": account, "context": {"membership": {"status": status}}, **more}])


def test_a_yes_as_a_member_ends_with_the_membership_and_comes_back_with_it(place):
    (user, _), acme = person(place), new_id("acme")
    say(place, "granted", user, account=acme)
    refused = may(place, user, account=acme)
    assert (refused["permitted"], refused["reason"]) == (False, "not-a-member"), "a yes alone makes no member"
    group(place, user, acme)
    assert may(place, user, account=acme)["reason"] == "granted" and may(place, user)["reason"] == "unknown"
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 1)) + "Z"
    time.sleep(2)
    group(place, user, acme, "left")
    assert may(place, user, account=acme)["reason"] == "not-a-member" and may(place, user, account=acme, purpose="service")["reason"] == "not-a-member"
    assert may(place, user, account=acme, asOf=moment)["reason"] == "granted", "then they were one"
    group(place, user, acme)
    assert may(place, user, account=acme)["reason"] == "granted"
    say(place, "withdrawn", user, account=acme)
    group(place, user, acme, "left")
    assert may(place, user, account=acme)["reason"] == "withdrawn"
    group(place, user, acme)
    assert may(place, user, account=acme)["reason"] == "withdrawn", "a no holds when they come back"


def test_a_yes_for_whomever_they_act_for_counts_for_those_and_no_others(place):
    (user, _), acme, other = person(place), new_id("acme"), new_id("other")
    group(place, user, acme)
    group(place, new_id("u"), other)
    say(place, "granted", user, account="*")
    told = [may(place, user, account=account)["reason"] for account in (acme, other, "nowhere")]
    assert told == ["granted", "not-a-member", "not-a-member"] and may(place, user)["permitted"]
    # A thing that they have is no account.
    thing = "Pet\x1frex"
    group(place, user, thing)
    assert may(place, user, account=thing)["reason"] == "not-a-member"


def test_messages_and_journeys_reach_nobody_as_a_member_who_has_left(place):
    (user, _), acme = person(place), new_id("acme")
    group(place, user, acme)
    say(place, "granted", user, account=acme)
    body = {"userId": user, "template": "hello", "channel": "webhook", "purpose": "marketing", "topic": "offers", "data": {"order": {"id": "o"}}, "account": acme}
    hand_in = lambda: ended(place, ask(place, "POST", "/messages", 202, json=body)["key"])["reason"]
    assert hand_in() == "delivery.sent"
    text = f"name: {acme}\ntrigger: {{api: true}}\nsteps:\n- wait: 3 seconds\n- {{message: hello, channel: webhook, purpose: marketing, topic: offers, context: 'account:{acme}'}}\n"
    journey = ask(place, "POST", "/journeys", 201, json={"yaml": text})["id"]
    ask(place, "POST", f"/journeys/{journey}/start", json={})
    ask(place, "POST", f"/journeys/{journey}/enter", json={"userId": user, "data": {"order": {"id": "o"}}})
    group(place, user, acme, "left")
    calls = len(place.sink.calls)
    assert hand_in() == "delivery.consent-not-a-member"
    told = lambda: [m for m in place.call("GET", f"/api/v1/profiles/{ask(place, 'GET', f'/profiles/lookup?userId={user}')['id']}/messages").json()["messages"] if m["reason"] == "delivery.consent-not-a-member"]
    wait_until(lambda: len(told()) == 2, 20, what="the journey's message")
    assert told()[0]["words"] and len(place.sink.calls) == calls
