"""E-mail at the moment at which it begins: whatever waits for a connection has no leave yet, and a polite stop loses no answer."""
import asyncio
import collections
import datetime
import socket
import time

import pytest
from aiosmtpd.controller import Controller

from harness import wait_until
from test_consent import ask

COUNT = 40


class SlowServer:
    """Takes half a second for every message, and remembers when each began."""

    def __init__(self):
        self.began, self.mails, self.slow, self.refusal = {}, collections.Counter(), 0.5, None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refusal:
            return self.refusal
        self.began[address.split("@")[0]] = time.monotonic()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        self.mails[envelope.rcpt_tos[0].split("@")[0]] += 1
        await asyncio.sleep(self.slow)
        return "250 2.0.0 ok"

    def close(self):
        self.controller.stop()


@pytest.fixture
def place(make_martlet):
    server, slow = make_martlet().start(), SlowServer()
    server.slow = slow
    ask(server, "PATCH", "/channels/email", json={"from": {"address": "shop@wren.example"}, "host": "127.0.0.1", "port": slow.port, "security": "none", "connections": 4})
    ask(server, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": {"subject": "Tea", "html": "<p>Tea</p>"}})
    server.send([{"type": "identify", "userId": f"u{n}", "traits": {"email": f"u{n}@wren.example"}} for n in range(COUNT)])
    yield server
    slow.close()


def send(server, purpose="service", **more):
    """One to each, of which four at once are being taken when it returns."""
    keys = [ask(server, "POST", "/messages", 202, json={"userId": f"u{n}", "template": "hello", "channel": "email", "purpose": purpose, **more})["key"] for n in range(COUNT)]
    wait_until(lambda: len(server.slow.began) >= 4, what="the first mails")
    return keys


def outcomes(server, keys, seconds=30):
    told = lambda: [server.call("GET", f"/api/v1/messages/{key}").json() for key in keys]
    wait_until(lambda: all(m.get("endedAt") for m in told()), seconds, what="all to end")
    return told()


def test_a_withdrawal_stops_what_waits_for_a_connection(place):
    say = lambda state: ask(place, "POST", "/consents", json={"consents": [{"userId": f"u{n}", "purpose": "marketing", "state": state} for n in range(COUNT)]})
    say("granted")
    keys = send(place, "marketing")
    say("withdrawn")
    acknowledged = time.monotonic()
    reasons = collections.Counter(m["reason"] for m in outcomes(place, keys))
    assert not [user for user, at in place.slow.began.items() if at > acknowledged + 0.05]
    assert set(reasons) == {"delivery.sent", "delivery.consent-withdrawn"} and reasons["delivery.sent"] == len(place.slow.began) < COUNT


def test_suppression_and_erasure_stop_it_too(place):
    keys = send(place)
    *_, erased, suppressed = sorted(set(range(COUNT)) - {int(user[1:]) for user in place.slow.began})
    ask(place, "POST", "/suppressions", json={"address": f"u{suppressed}@wren.example"})
    ask(place, "POST", "/privacy/erasures", json={"userId": f"u{erased}"})
    told = outcomes(place, keys[:erased] + keys[erased + 1:])
    assert not {f"u{suppressed}", f"u{erased}"} & set(place.slow.began)
    assert collections.Counter(m["reason"] for m in told) == {"delivery.address-suppressed": 1, "delivery.sent": COUNT - 2}


def test_whose_time_is_over_before_it_begins_is_not_sent(place):
    keys = send(place, expiresAt=(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)).isoformat())
    reasons = collections.Counter(m["reason"] for m in outcomes(place, keys))
    assert set(reasons) == {"delivery.sent", "delivery.expired"} and reasons["delivery.sent"] == len(place.slow.began)


def test_who_became_another_while_it_waited_is_asked_for_as_both(place):
    ask(place, "POST", "/consents", json={"consents": [{"userId": f"u{n}", "purpose": "marketing", "state": "granted"} for n in range(COUNT)]})
    ask(place, "POST", "/consents", json={"consents": [{"anonymousId": "device", "purpose": "marketing", "state": "withdrawn"}]})
    place.send([{"type": "track", "event": "Tea Steeped", "anonymousId": "device"}])
    keys = send(place, "marketing")
    last = max(set(range(COUNT)) - {int(user[1:]) for user in place.slow.began})
    place.send([{"type": "identify", "anonymousId": "device", "userId": f"u{last}"}])
    assert place.profile(userId=f"u{last}")["id"] == place.profile(anonymousId="device")["id"]
    told = outcomes(place, keys)
    assert told[last]["reason"] == "delivery.consent-withdrawn" and f"u{last}" not in place.slow.began
    assert sum(m["state"] == "sent" for m in told) == COUNT - 1


def test_a_polite_stop_waits_for_answers_and_nobody_has_it_twice(place):
    place.slow.slow = 1.5
    keys = send(place)
    began = time.monotonic()
    assert place.stop() == 0 and time.monotonic() - began < 5
    before = sum(place.slow.mails.values())
    assert before < COUNT
    place.slow.slow = 0
    place.start()
    told = outcomes(place, keys)
    assert set(place.slow.mails.values()) == {1} and len(place.slow.mails) == COUNT
    assert {(m["state"], m["repeats"], m["attempts"]) for m in told} == {("sent", 0, 1)}


@pytest.mark.parametrize("refusal, is_gone", [("550 Message rejected: your IP is on a blocklist", False), ("550 5.7.1 not you", False), ("550 5.0.0 no", False), ("550 5.1.1 no such mailbox", True)])
def test_an_address_is_suppressed_by_an_enhanced_code_and_not_by_a_digit(place, refusal, is_gone):
    place.slow.refusal = refusal
    one = lambda: ask(place, "POST", "/messages", 202, json={"userId": "u0", "template": "hello", "channel": "email"})["key"]
    (told,) = outcomes(place, [one()])
    assert told["state"] == "dead" and told["detail"].split(": ")[-1] == " ".join(["recipient", "550", *[w for w in refusal.split() if w.count(".") == 2]])
    assert ask(place, "POST", "/suppressions/lookup", json={"address": "u0@wren.example"})["suppressed"] is is_gone
    place.slow.refusal, place.slow.slow = None, 0
    (told,) = outcomes(place, [one()])
    assert told["reason"] == ("delivery.address-suppressed" if is_gone else "delivery.sent")


def test_who_is_refused_again_and_again_without_a_word_rests(place):
    place.slow.refusal = "550 No"
    ask(place, "PATCH", "/channels/email", json={"softBounceMaximum": 2})
    send = lambda: ask(place, "POST", "/messages", 202, json={"userId": "u0", "template": "hello", "channel": "email"})["key"]
    assert [outcomes(place, [send()])[0]["detail"] for _ in range(2)] == ["recipient 550", "recipient 550"]
    # Nothing is lost: it waits until the rest is over.
    dry = ask(place, "POST", "/messages", json={"userId": "u0", "template": "hello", "channel": "email", "dryRun": True})
    assert [c["reason"] for c in dry["checks"] if c["check"] == "address"] == ["delivery.address-rests"]
    key = send()
    wait_until(lambda: ask(place, "GET", f"/messages/{key}")["reason"] == "delivery.address-rests", what="the rest")
    assert ask(place, "GET", f"/messages/{key}")["state"] == "waiting"


def reminded(server, users):
    """A journey that sends a mail to each, and the keys of those once all are decided."""
    made = ask(server, "POST", "/journeys", 201, json={"yaml": """name: reminder
trigger: {event: '"Cart Left"'}
steps:
- message: hello
  channel: email
  purpose: service
"""})
    ask(server, "POST", f"/journeys/{made['id']}/start")
    server.send([{"type": "track", "event": "Cart Left", "userId": user} for user in users])
    intents = lambda user: [note["intent"] for run in server.api("/api/v1/journeys/runs", userId=user)["runs"] for note in run["history"] if note.get("intent")]
    return made["id"], [wait_until(lambda: intents(user), what="the decision")[0] for user in users]


def told(server, keys):
    return [server.call("GET", f"/api/v1/messages/{key}").json() for key in keys]


@pytest.mark.parametrize("verb, reason", [("stop", "delivery.unwanted"), ("pause", "delivery.journey-paused")])
def test_a_journey_that_is_stopped_or_paused_stops_what_waits_for_a_connection(place, verb, reason):
    journey, keys = reminded(place, [f"u{n}" for n in range(COUNT)])
    wait_until(lambda: len(place.slow.began) >= 4, what="the first mails")
    ask(place, "POST", f"/journeys/{journey}/{verb}")
    acknowledged = time.monotonic()
    wait_until(lambda: {m.get("reason") for m in told(place, keys)} == {"delivery.sent", reason}, 30, what="all to be sent or not")
    assert not [user for user, at in place.slow.began.items() if at > acknowledged + 0.05]
    assert sum(m["state"] == "sent" for m in told(place, keys)) == len(place.slow.began) < COUNT
    if verb == "pause":
        # At once, and not when it would have been looked at again.
        ask(place, "POST", f"/journeys/{journey}/start")
        assert {m["reason"] for m in outcomes(place, keys)} == {"delivery.sent"} and set(place.slow.mails.values()) == {1} and len(place.slow.mails) == COUNT


def test_what_was_to_be_tried_again_holds_up_nothing_once_its_journey_is_paused(place):
    """The reminder is greylisted, and its journey paused: the receipt goes, after a restart as well."""
    place.slow.refusal, place.slow.slow = "451 4.7.1 later", 0
    journey, (reminder,) = reminded(place, ["u0"])
    wait_until(lambda: told(place, [reminder])[0].get("reason") == "delivery.deferred", what="the first try")
    ask(place, "POST", f"/journeys/{journey}/pause")
    place.slow.refusal = None
    wait_until(lambda: told(place, [reminder])[0]["reason"] == "delivery.journey-paused", 20, what="the pause")
    receipt = lambda: ask(place, "POST", "/messages", 202, json={"userId": "u0", "template": "hello", "channel": "email", "purpose": "service"})["key"]
    assert outcomes(place, [receipt()], 15)[0]["reason"] == "delivery.sent"
    assert place.stop() == 0
    place.start()
    assert outcomes(place, [receipt()], 15)[0]["reason"] == "delivery.sent" and place.slow.mails == {"u0": 2}
    assert told(place, [reminder])[0]["reason"] == "delivery.journey-paused"
    ask(place, "POST", f"/journeys/{journey}/start")
    assert outcomes(place, [reminder], 15)[0]["reason"] == "delivery.sent" and place.slow.mails == {"u0": 3}
