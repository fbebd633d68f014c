"""Messages: sent once under a key, held to everything at the moment of sending, refused with a reason that is kept, repeated only where nobody can tell, and forgotten with the person."""
import datetime
import json
import random
import sqlite3
import threading
import time

import pytest

from harness import contents, new_id, wait_until
from test_consent import ask, person, say
from webhook_sink import Sink

LOCAL = ("--allow-private-destinations",)
TEMPLATE = {"name": "hello", "kind": "json", "parts": {"json": "{\"text\": \"Hello {{ profile.firstName }}, {{ order.id }}\", \"user\": \"{{ profile.id }}\"}"}}


def furnish(server, sink, **policy):
    """A destination for messages, a template, and the sending policy."""
    made = ask(server, "POST", "/destinations", 201, json={"name": "messages", "url": sink.url})
    sink.secrets = made["secrets"]
    ask(server, "POST", "/templates", 201, json=TEMPLATE)
    ask(server, "PUT", "/sending-policy", json={"webhookDestination": made["id"], **policy})
    return made


@pytest.fixture
def place(make_martlet):
    server, sink = make_martlet(args=LOCAL).start(), Sink()
    furnish(server, sink)
    server.sink = sink
    yield server
    sink.close()


def send(server, user, expect=202, **more):
    return ask(server, "POST", "/messages", expect, json={"userId": user, "template": "hello", "channel": "webhook", "purpose": "marketing", "topic": "offers", "data": {"order": {"id": "o-1"}}, **more})


def message(server, key):
    return ask(server, "GET", f"/messages/{key}")


def waits_for(server, key, reason):
    """Until a message that was just asked for waits for this reason."""
    wait_until(lambda: server.call("GET", f"/api/v1/messages/{key}").status_code == 200 and message(server, key)["reason"] == reason, what=reason)


def ended(server, key, seconds=15):
    wait_until(lambda: server.call("GET", f"/api/v1/messages/{key}").status_code == 200 and message(server, key)["endedAt"], seconds, what=f"the end of {key}")
    return message(server, key)


def willing(server, **traits):
    user, profile = person(server, **traits)
    say(server, "granted", user)
    return user, profile


def test_what_martlet_tells_of_a_message_is_asked_by_name_and_is_nothing_that_the_person_did(place):
    user, profile = willing(place)
    journey = ask(place, "POST", "/journeys", 201, json={"journey": {"name": "Whatever they do", "trigger": {"event": "anything"}, "steps": [{"trait": {"busy": True}}]}})
    ask(place, "POST", f"/journeys/{journey['id']}/start", json={})
    ended(place, send(place, user, idempotencyKey="told")["key"])
    members = lambda text: place.call("POST", "/api/v1/segments/preview", json={"condition": text, "sample": 100}).json()["sample"]
    wait_until(lambda: profile in members('did "Message Sent"'), what="the receipt in the columns")
    assert profile not in members("did anything") and profile not in members("count of sessions >= 1")
    # What arrives is held against the same as what is asked later.
    place.send([{"type": "track", "userId": user, "event": "Tea Tasted"}])
    runs = lambda: place.api("/api/v1/journeys/runs", userId=user)["runs"]
    wait_until(runs, what="what they did themselves begins a run")
    assert len(runs()) == 1 and profile in members("did anything")
    ask(place, "POST", f"/journeys/{journey['id']}/stop")


def test_a_message_is_sent_once_signed_and_known(place):
    user, profile = willing(place)
    first = send(place, user, idempotencyKey="o-1")
    assert first == {"key": "api:o-1", "new": True} and send(place, user, idempotencyKey="o-1")["new"] is False
    told = ended(place, "api:o-1")
    assert (told["state"], told["reason"], told["attempts"], told["repeats"], told["receipt"]) == ("sent", "delivery.sent", 1, 0, "204"), told
    (call,) = place.sink.calls
    assert not place.sink.unsigned and call.id == "api:o-1" and call.body["type"] == "message" and call.data["message"] == {"text": "Hello Ada, o-1", "user": profile}
    assert "/unsubscribe/main/" in call.data["unsubscribe"] and call.data["unsubscribe"].startswith(place.url)
    # The link in the message is the person's, and ends exactly this.
    assert place.http.post(call.data["unsubscribe"], data="List-Unsubscribe=One-Click", headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code < 300
    refused = ended(place, send(place, user)["key"])
    assert (refused["state"], refused["reason"]) == ("refused", "delivery.consent-withdrawn") and refused["words"], refused
    listed = ask(place, "GET", f"/profiles/{profile}/messages")["messages"]
    assert [m["state"] for m in listed] == ["refused", "sent"]
    assert len(place.sink.calls) == 1
    # What became of them are events of the person, without what was said.
    wait_until(lambda: {"Message Sent", "Message Refused"} <= {e.get("event") for e in place.events(userId=user)}, what="the receipts in the log")
    sent = next(e for e in place.events(userId=user) if e.get("event") == "Message Sent")
    assert sent["properties"]["message_key"] == "api:o-1" and "Hello" not in json.dumps(sent)


def test_a_key_of_another_message_is_refused_and_not_swallowed(place):
    (user, profile), (other, _) = willing(place), willing(place)
    ask(place, "POST", "/templates", 201, json={**TEMPLATE, "name": "other"})
    assert send(place, user, idempotencyKey="k")["new"]
    for body in [{"user": other}, {"user": user, "template": "other"}, {"user": user, "purpose": "service"}, {"user": user, "topic": "news"}, {"user": user, "account": "acme"}]:
        refused = send(place, expect=409, idempotencyKey="k", **body)
        assert refused["code"] == "message.key-taken", (body, refused)
    # The same one again, whatever its data and urgency, is known; so is one to whom the person became.
    assert send(place, user, idempotencyKey="k", priority=90, data={})["new"] is False
    device = new_id("dev")
    place.send([{"type": "identify", "userId": user, "anonymousId": device}])
    known = ask(place, "POST", "/messages", 202, json={"anonymousId": device, "template": "hello", "channel": "webhook", "purpose": "marketing", "topic": "offers", "idempotencyKey": "k"})
    assert known["new"] is False and ended(place, "api:k")["state"] == "sent" and len(place.sink.calls) == 1


def test_a_dry_run_tells_nothing_of_a_person_to_who_may_not_read_them_and_no_link_in_it_leads_anywhere(place):
    user, _ = willing(place)
    linked = {"name": "linked", "kind": "json", "parts": {"json": "{\"text\": \"{{ profile.firstName }}\", \"links\": \"{{ unsubscribe_url }} {{ preferences_url }}\"}"}}
    ask(place, "POST", "/templates", 201, json=linked)
    body = {"userId": user, "template": "linked", "channel": "webhook", "purpose": "marketing", "topic": "offers", "dryRun": True}

    def dry(scopes):
        token = place.create_token(scopes=scopes, name=new_id("t"))
        return place.http.post(place.url + "/api/v1/messages", json=body, headers={"Authorization": f"Bearer {token}"}).json()

    told = dry("messages:write")
    assert len(told["checks"]) == 10 and {told[part] for part in ("subject", "html", "text", "json")} == {None}
    assert json.loads(dry("messages:write,profiles:read")["json"]) == {"text": "Ada", "links": "#unsubscribe #preferences"}


def test_the_first_check_that_refuses_is_kept_and_a_dry_run_tells_all(place):
    user, profile = person(place)
    strict = {**TEMPLATE, "name": "strict", "onMissing": "refuse", "parts": {"json": "{\"text\": \"{{ profile.nickname }}\"}"}}
    ask(place, "POST", "/templates", 201, json=strict)
    assert ended(place, send(place, user)["key"])["reason"] == "delivery.consent-unknown"
    missing = ended(place, send(place, user, template="strict")["key"])
    assert (missing["reason"], missing["detail"]) == ("delivery.missing-value", "profile.nickname")
    assert ended(place, send(place, user, expiresAt="2020-01-01T00:00:00Z")["key"])["reason"] == "delivery.expired"
    dry = send(place, user, 200, dryRun=True)
    checks = {c["check"]: c for c in dry["checks"]}
    assert list(checks) == ["person", "expiry", "channel", "address", "template", "consent", "quiet-hours", "sender", "frequency", "caps"]
    assert checks["consent"]["answer"] == "refused" and checks["consent"]["reason"] == "delivery.consent-unknown" and checks["template"]["answer"] == "passed"
    assert json.loads(dry["json"])["text"] == "Hello Ada, o-1"
    # What was asked and not sent stands nowhere.
    assert len(ask(place, "GET", "/messages")["messages"]) == 3
    for body, code in [({"template": "nothing"}, "template.unknown"), ({"channel": "pigeon"}, "message.channel"), ({"userId": "nobody"}, "profile.unknown"), ({"data": 5}, "request.parameter"),
                       ({"priority": 101}, "request.parameter"), ({"idempotencyKey": ""}, "request.parameter"), ({"notBefore": "soon"}, "request.time"), ({"topic": "a b"}, "request.parameter"),
                       ({"priority": "high"}, "request.parameter"), ({"idempotencyKey": 17}, "request.parameter"), ({"account": 17}, "request.parameter"), ({"dryRun": "yes"}, "request.parameter")]:
        answer = place.call("POST", "/api/v1/messages", json={"userId": user, "template": "hello", "channel": "webhook", **body})
        assert answer.status_code in (400, 404) and answer.json()["code"] == code, (body, answer.text)
    assert not place.sink.calls


def test_a_receipt_needs_no_consent_and_counts_under_no_cap(place):
    ask(place, "PUT", "/sending-policy", json={**ask(place, "GET", "/sending-policy"), "caps": [{"name": "none", "limit": 0, "hours": 24}], "quietHours": [{"from": "00:00", "to": "23:59"}]})
    user, _ = person(place)
    told = ended(place, send(place, user, purpose="service", topic="")["key"])
    assert told["state"] == "sent" and place.sink.calls[0].data["unsubscribe"] is None


def test_caps_slide_and_count_apart_and_a_refused_one_leaves_its_place(place):
    policy = ask(place, "GET", "/sending-policy")
    ask(place, "PUT", "/sending-policy", json={**policy, "caps": [{"name": "day", "limit": 2, "hours": 24, "per": ["topic"]}, {"name": "week", "limit": 3, "hours": 168}]})
    user, _ = willing(place)
    place.sink.behave = lambda call, number: 400 if number == 0 else 204
    assert ended(place, send(place, user)["key"])["state"] == "dead"
    states = [ended(place, send(place, user)["key"]) for _ in range(3)]
    assert [(s["state"], s["detail"]) for s in states] == [("sent", ""), ("sent", ""), ("refused", "day")], states
    assert states[2]["reason"] == "delivery.capped"
    states = [ended(place, send(place, user, topic="news")["key"]) for _ in range(2)]
    assert [(s["state"], s["detail"]) for s in states] == [("sent", ""), ("refused", "week")], states
    # Another person has places of their own.
    other, _ = willing(place)
    assert ended(place, send(place, other)["key"])["state"] == "sent"


def test_a_gap_in_minutes_lets_the_next_wait(place):
    policy = ask(place, "GET", "/sending-policy")
    kept = ask(place, "PUT", "/sending-policy", json={**policy, "caps": [{"name": "gap", "limit": 1, "minutes": 1, "whenFull": "wait"}, {"name": "day", "limit": 2, "minutes": 1440}]})["caps"]
    assert [("minutes" in cap, cap.get("hours")) for cap in kept] == [(True, None), (False, 24)]
    user, _ = willing(place)
    assert ended(place, send(place, user)["key"])["state"] == "sent"
    sent = time.time()
    key = send(place, user)["key"]
    held = wait_until(lambda: (m := ask(place, "GET", f"/messages/{key}"))["reason"] == "delivery.capped" and m, what="the gap")
    due = datetime.datetime.fromisoformat(held["due"]).timestamp()
    assert held["detail"] == "gap" and sent + 50 < due < sent + 61
    # Another policy asks again at once: the gap is over, the day's second place is taken, and there is no third.
    ask(place, "PUT", "/sending-policy", json={**policy, "caps": kept[1:]})
    assert ended(place, key)["state"] == "sent"
    assert ended(place, send(place, user)["key"])["detail"] == "day"


def test_caps_hold_among_many_at_once(place):
    policy = ask(place, "GET", "/sending-policy")
    ask(place, "PUT", "/sending-policy", json={**policy, "caps": [{"name": "day", "limit": 2, "hours": 24}]})
    people = [willing(place)[0] for _ in range(10)]
    threads = [threading.Thread(target=lambda: [send(place, user) for user in random.sample(people, len(people))]) for _ in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    wait_until(lambda: not ask(place, "GET", "/messages", params={"state": "waiting,retrying,underway"})["messages"], 30, what="all to end")
    sent = ask(place, "GET", "/messages", params={"state": "sent", "limit": 500})["messages"]
    assert len(sent) == 20 and len(place.sink.calls) == 20
    assert max(sum(m["profileId"] == p for m in sent) for p in {m["profileId"] for m in sent}) == 2


def test_what_either_of_two_got_who_became_one_counts_for_both(place):
    policy = ask(place, "GET", "/sending-policy")
    ask(place, "PUT", "/sending-policy", json={**policy, "caps": [{"name": "day", "limit": 2, "hours": 24}]})
    user, _ = willing(place)
    device = new_id("dev")
    place.send([{"type": "track", "event": "Tea Steeped", "anonymousId": device}])
    ask(place, "POST", "/consents", json={"consents": [{"anonymousId": device, "purpose": "marketing", "state": "granted"}]})
    first = ask(place, "POST", "/messages", 202, json={"anonymousId": device, "template": "hello", "channel": "webhook", "purpose": "marketing", "topic": "offers"})["key"]
    assert ended(place, first)["state"] == "sent" and ended(place, send(place, user)["key"])["state"] == "sent"
    place.send([{"type": "identify", "anonymousId": device, "userId": user}])
    told = ended(place, send(place, user)["key"])
    assert (told["state"], told["reason"]) == ("refused", "delivery.capped")


def test_the_person_chose_how_often(place):
    user, _ = person(place)
    say(place, "granted", user, frequency="weekly")
    states = [ended(place, send(place, user)["key"]) for _ in range(2)]
    assert [s["state"] for s in states] == ["sent", "refused"] and states[1]["reason"] == "delivery.frequency" and states[1]["detail"] == "weekly"


def test_fault_55_quiet_hours_hold_a_message_back_where_the_person_lives(place):
    now = datetime.datetime.now(datetime.timezone.utc)
    # Quiet from an hour ago to an hour from now by UTC, and twelve hours away it is day.
    around = [(now + datetime.timedelta(hours=h)).strftime("%H:%M") for h in (-1, 1)]
    policy = ask(place, "GET", "/sending-policy")
    ask(place, "PUT", "/sending-policy", json={**policy, "quietHours": [{"from": around[0], "to": around[1]}]})
    here, _ = willing(place)
    there, _ = willing(place, timezone="Etc/GMT+12")
    nowhere, _ = willing(place, timezone="Atlantis/Capital")
    offset, _ = willing(place, timezone="-12:00")
    keys = [send(place, user)["key"] for user in (here, there, nowhere, offset)]
    assert [ended(place, keys[n])["state"] for n in (1, 3)] == ["sent", "sent"]
    for key in (keys[0], keys[2]):
        waits_for(place, key, "delivery.quiet-hours")
        held = message(place, key)
        due = datetime.datetime.fromisoformat(held["due"].replace("Z", "+00:00"))
        assert held["state"] == "waiting" and due.strftime("%H:%M") == around[1] and datetime.timedelta(0) < due - now <= datetime.timedelta(hours=1)
        assert next(c for c in held["checks"] if c["check"] == "quiet-hours")["answer"] == "waits"
    place.restart()
    assert message(place, keys[0])["state"] == "waiting" and len(place.sink.calls) == 2


def test_quiet_hours_are_those_of_the_zone_that_the_device_told_last(place):
    """Where no trait says it; through a restart, a merge with another device, and an erasure."""
    now = datetime.datetime.now(datetime.timezone.utc)
    around = [(now + datetime.timedelta(hours=h)).strftime("%H:%M") for h in (-1, 1)]
    policy = ask(place, "GET", "/sending-policy")
    ask(place, "PUT", "/sending-policy", json={**policy, "quietHours": [{"from": around[0], "to": around[1]}]})

    def tell(zone, **who):
        place.send([{"type": "track", "event": "App Opened", "messageId": new_id("opened"), "context": {"timezone": zone}, **who}])

    here, there, said, device = willing(place)[0], willing(place)[0], willing(place, timezone="UTC")[0], new_id("device")
    tell("UTC", userId=there)
    for user in (there, said):
        tell("Etc/GMT+12", userId=user)
    tell("Mars/Olympus", userId=there)
    place.restart()
    assert ended(place, send(place, there)["key"])["state"] == "sent", "twelve hours away it is day"
    tell("Etc/GMT+12", anonymousId=device)
    held = [send(place, user)["key"] for user in (here, said)]
    for key in held:
        waits_for(place, key, "delivery.quiet-hours")
    place.send([{"type": "identify", "anonymousId": device, "userId": here, "messageId": new_id("link")}])
    assert ended(place, send(place, here)["key"])["state"] == "sent", "the device's zone came with the merge"


def test_who_moves_is_asked_again_by_their_new_clock(place):
    """A trait or a device that tells of another zone: what quiet hours hold goes as soon as it is day there, and nobody else's."""
    now = datetime.datetime.now(datetime.timezone.utc)
    around = [(now + datetime.timedelta(hours=h)).strftime("%H:%M") for h in (-1, 1)]
    ask(place, "PUT", "/sending-policy", json={**ask(place, "GET", "/sending-policy"), "quietHours": [{"from": around[0], "to": around[1]}]})
    users = [willing(place, timezone="UTC")[0], willing(place)[0], willing(place)[0], willing(place, timezone="UTC")[0]]
    keys = [send(place, user)["key"] for user in users]
    for key in keys:
        waits_for(place, key, "delivery.quiet-hours")
    due = [message(place, key)["due"] for key in keys]
    opened = lambda user, zone: {"type": "track", "event": "App Opened", "userId": user, "context": {"timezone": zone}}
    place.send([
        {"type": "identify", "userId": users[0], "traits": {"timezone": "Etc/GMT+12"}}, opened(users[1], "Etc/GMT+12"), opened(users[2], "UTC"),
        {"type": "identify", "userId": users[3], "traits": {"timezone": "UTC", "city": "Lisbon"}},
    ])
    assert [ended(place, key)["state"] for key in keys[:2]] == ["sent", "sent"]
    for key, at in zip(keys[2:], due[2:]):
        held = message(place, key)
        assert (held["state"], held["due"]) == ("waiting", at), "where it is night as before it waits as before"


def test_a_message_is_read_as_soon_as_it_was_asked_for(place):
    user, _ = willing(place)
    later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).isoformat()
    for _ in range(100):
        key = send(place, user, notBefore=later)["key"]
        told = place.call("GET", f"/api/v1/messages/{key}")
        assert told.status_code == 200 and (told.json()["state"], told.json()["reason"]) == ("waiting", "delivery.waiting"), told.text
    assert place.call("GET", "/api/v1/messages/api:nobody-asked").status_code == 404


def test_what_a_policy_held_goes_when_it_is_taken_back(place):
    """Quiet hours and a cap that are no more hold nothing: what waited for them goes at once, and not behind what is sent later."""
    now = datetime.datetime.now(datetime.timezone.utc)
    around = [(now + datetime.timedelta(hours=h)).strftime("%H:%M") for h in (-1, 1)]
    policy = {k: v for k, v in ask(place, "GET", "/sending-policy").items() if k != "version"}
    for held, reason in (({"quietHours": [{"from": around[0], "to": around[1]}]}, "delivery.quiet-hours"), ({"caps": [{"name": "none", "limit": 1, "hours": 24, "whenFull": "wait"}]}, "delivery.capped")):
        user, _ = willing(place, timezone="UTC")
        assert ended(place, send(place, user)["key"])["state"] == "sent"
        ask(place, "PUT", "/sending-policy", json={**policy, "quietHours": [], "caps": [], **held})
        key = send(place, user)["key"]
        waits_for(place, key, reason)
        ask(place, "PUT", "/sending-policy", json={**policy, "quietHours": [], "caps": []})
        assert ended(place, key)["reason"] == "delivery.sent"


def test_fault_53_consent_withdrawn_while_it_waits_is_obeyed(place):
    user, _ = willing(place)
    soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)).isoformat()
    key = send(place, user, notBefore=soon)["key"]
    say(place, "withdrawn", user)
    assert ended(place, key)["reason"] == "delivery.consent-withdrawn" and not place.sink.calls


def test_a_withdrawal_is_obeyed_by_whatever_comes_after_its_answer(place):
    """A message that was handed over after the withdrawal was answered would be a race lost."""
    people = [willing(place)[0] for _ in range(40)]
    stop, answered = threading.Event(), {}

    def pester(user):
        while not stop.is_set():
            send(place, user)

    threads = [threading.Thread(target=pester, args=(user,)) for user in people[:8]]
    [t.start() for t in threads]
    time.sleep(0.5)
    for user in people[:8]:
        say(place, "withdrawn", user)
        answered[user] = len(place.sink.calls), time.monotonic()
    time.sleep(0.5)
    stop.set()
    [t.join() for t in threads]
    profiles = {ask(place, "GET", f"/profiles/lookup?userId={user}")["id"]: user for user in people[:8]}
    late = [call for call in place.sink.calls if call.data["profileId"] in profiles and call.at > answered[profiles[call.data["profileId"]]][1] + 0.05]
    assert not late, f"{len(late)} arrived after their person had left"


def test_fault_32_what_is_deferred_comes_again_in_order_and_retry_after_is_kept(place):
    user, _ = willing(place)
    place.sink.behave = lambda call, number: (503, {"Retry-After": "3"}) if number == 0 else 204
    keys = [send(place, user)["key"] for _ in range(3)]
    began = time.monotonic()
    last = ended(place, keys[-1], 30)
    assert time.monotonic() - began > 2.5 and last["state"] == "sent"
    assert place.sink.ids() == [keys[0], *keys]
    steps = message(place, keys[0])["steps"]
    assert [(s["reason"], s["detail"]) for s in steps] == [("delivery.deferred", "503")]


def test_fault_33_a_line_that_drops_after_all_was_sent_means_the_same_id_again(place):
    user, _ = willing(place)
    place.sink.behave = lambda call, number: "drop" if number == 0 else 204
    key = send(place, user)["key"]
    told = ended(place, key, 30)
    assert told["state"] == "sent" and told["repeats"] == 1 and place.sink.ids() == [key, key]


def test_fault_34_what_is_refused_for_good_is_a_dead_letter_that_can_be_sent_again(place):
    user, _ = willing(place)
    place.sink.behave = lambda call, number: 400
    key = send(place, user)["key"]
    told = ended(place, key)
    assert (told["state"], told["reason"], told["detail"], told["attempts"]) == ("dead", "delivery.refused", "400", 1)
    time.sleep(1)
    assert place.sink.ids() == [key]
    place.sink.behave = lambda call, number: 204
    assert ask(place, "POST", "/messages/replay", json={"keys": [key]}) == {"replayed": 1}
    wait_until(lambda: message(place, key)["state"] == "sent", what="the second time")
    assert place.sink.ids() == [key, key]
    assert ask(place, "POST", "/messages/replay", json={"keys": [key]}) == {"replayed": 0}
    assert place.call("POST", "/api/v1/messages/replay", json={}).status_code == 400


def test_fault_34_410_switches_the_destination_off(place):
    user, _ = willing(place)
    place.sink.behave = lambda call, number: 410
    assert ended(place, send(place, user)["key"])["state"] == "dead"
    off = ask(place, "GET", "/destinations/messages")
    assert off["enabled"] is False and "410" in off["offReason"]
    assert ended(place, send(place, user)["key"])["reason"] == "delivery.no-address"
    assert len(place.sink.calls) == 1


def test_fault_31_a_destination_that_hangs_holds_up_nobody(place):
    hanging = Sink(behave=lambda call, number: "hang")
    try:
        slow = ask(place, "POST", "/destinations", 201, json={"name": "slow", "url": hanging.url, "events": ["Tea Steeped"]})
        user, _ = willing(place)
        place.send([{"type": "track", "event": "Tea Steeped", "userId": user, "properties": {"n": n}} for n in range(200)])
        wait_until(lambda: hanging.calls, what="the first call")
        took = []
        for _ in range(30):
            began = time.monotonic()
            key = send(place, user)["key"]
            wait_until(lambda: key in place.sink.ids(), 5, 0.002, "the message")
            took.append(time.monotonic() - began)
        assert sorted(took)[27] < 0.5, sorted(took)
        lanes = {lane["name"]: lane for lane in ask(place, "GET", "/deliveries")["lanes"]}
        assert lanes[slow["id"]]["underway"] == 1 and lanes[slow["id"]]["waiting"] > 100
    finally:
        hanging.close()


def test_fault_36_an_endless_answer_is_left(place):
    user, _ = willing(place)
    place.sink.behave = lambda call, number: "endless"
    before = place.memory()
    assert ended(place, send(place, user)["key"])["state"] == "sent"
    assert place.memory() - before < 50 << 20


@pytest.mark.parametrize("seed", range(3))
def test_fault_42_and_35_nothing_is_lost_and_only_what_was_under_way_comes_twice(make_martlet, seed):
    killed_while_sending(make_martlet, seed)


@pytest.mark.soak
def test_two_hundred_kills(make_martlet):
    for seed in range(100, 150):
        killed_while_sending(make_martlet, seed)


def killed_while_sending(make_martlet, seed):
    """Four kills at random instants among messages that are sent, deferred and retried."""
    chance = random.Random(seed)
    server, sink = make_martlet(args=LOCAL).start(), Sink(behave=lambda call, number: 503 if chance.random() < 0.05 else 204)
    try:
        furnish(server, sink)
        people = [willing(server)[0] for _ in range(20)]
        keys = []
        for _ in range(4):
            for _ in range(60):
                keys.append(send(server, chance.choice(people))["key"])
            time.sleep(chance.random() * 0.3)
            server.kill9()
            server.start()
        wait_until(lambda: not ask(server, "GET", "/messages", params={"state": "waiting,retrying,underway"})["messages"], 60, what="all to end")
        repeats = {}
        for key in keys:
            told = message(server, key)
            assert told["state"] == "sent", told
            repeats[key] = told["repeats"] + sum(s["reason"] == "delivery.deferred" for s in told["steps"])
        arrived = sink.ids()
        assert set(arrived) == set(keys), "each arrived"
        for key in keys:
            assert arrived.count(key) <= 1 + repeats[key], f"{key} came {arrived.count(key)} times, known are {repeats[key]} repeats"
    finally:
        sink.close()


def test_fault_46_a_merge_while_it_waits_reaches_the_one_person_once(place):
    user, _ = willing(place)
    other = new_id("dev")
    place.send([{"type": "track", "event": "Tea Steeped", "anonymousId": other}])
    soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1.5)).isoformat()
    key = ask(place, "POST", "/messages", 202, json={"anonymousId": other, "template": "hello", "channel": "webhook", "purpose": "marketing", "topic": "offers", "notBefore": soon})["key"]
    place.send([{"type": "identify", "anonymousId": other, "userId": user}])
    told = ended(place, key)
    # The strictest answer of both: of the device nothing was ever said, of the userId yes.
    assert told["state"] == "sent" and place.sink.ids() == [key]
    assert place.sink.calls[0].data["message"]["text"].startswith("Hello Ada")


def test_fault_58_erasure_reaches_the_outbox(place):
    secret = "zanzibar4711"
    place.sink.behave = lambda call, number: 503
    place.send([{"type": "identify", "userId": secret, "traits": {"firstName": secret, "email": f"{secret}@wren.example"}}])
    say(place, "granted", secret)
    keys = [send(place, secret, data={"order": {"id": f"{secret}-{n}"}}, idempotencyKey=f"{secret}-{n}")["key"] for n in range(3)]
    wait_until(lambda: place.sink.calls, what="the first try")
    assert place.call("POST", "/api/v1/privacy/erasures", json={"userId": secret, "suppress": False}).status_code == 200
    place.sink.behave = lambda call, number: 204
    count = len(place.sink.calls)
    time.sleep(4)
    for _ in range(2):
        assert len(place.sink.calls) <= count + 1, "nothing goes out later but what was under way"
        assert all(place.call("GET", f"/api/v1/messages/{key}").status_code == 404 for key in keys)
        assert [path for path, data in contents(place.data) if secret.encode() in data] == []
        place.kill9()
        place.start()


@pytest.mark.parametrize("cap, code", [({"chanel": "email"}, "request.parameter"), ({"per": "channel"}, "request.parameter"), ({"per": ["moon"]}, "policy.invalid"), ({"channel": 5}, "request.parameter")])
def test_a_cap_that_says_something_unknown_is_not_a_cap_over_everything(place, cap, code):
    before = ask(place, "GET", "/sending-policy")
    assert ask(place, "PUT", "/sending-policy", 400, json={"caps": [{"name": "a", "limit": 1, "hours": 1, **cap}]})["code"] == code
    assert ask(place, "GET", "/sending-policy") == before
    assert ask(place, "PUT", "/sending-policy", 400, json={"quietHours": [{"from": "21:00", "to": "08:00", "channel": "email"}]})["place"] == "/quietHours/0/channel"


def test_what_people_are_measured_for_is_no_reason_to_write_to_them(place):
    user, _ = person(place)
    assert send(place, user, 400, purpose="analytics")["code"] == "message.purpose"
    journey = {"name": "Measured", "trigger": {"event": "anything"}, "steps": [{"message": "hello", "channel": "webhook", "purpose": "analytics"}]}
    assert "purpose" in ask(place, "POST", "/journeys", 400, json={"journey": journey})["code"]


def test_mail_to_an_address_that_somebody_left_by_is_sent_to_nobody_who_has_it(make_martlet):
    place = make_martlet(args=("--mail-catcher", "0")).start()
    ask(place, "PATCH", "/channels/email", json={"from": {"name": "Wren", "address": "shop@wren.example"}, "host": "catcher"})
    ask(place, "POST", "/templates", 201, json={"name": "letter", "kind": "email", "parts": {"subject": "Tea", "html": "<p>Tea</p>"}})
    address = f"{new_id('box')}@wren.example"
    (_, _), (user, _) = person(place, email=address), willing(place, email=address)
    letter = dict(template="letter", channel="email")
    assert ended(place, send(place, user, **letter)["key"])["state"] == "sent"
    ask(place, "POST", "/consents", json={"consents": [{"email": address, "purpose": "marketing", "state": "withdrawn"}]})
    assert ended(place, send(place, user, **letter)["key"])["reason"] == "delivery.consent-withdrawn"


def test_a_frequency_outlives_a_yes_that_does_not_speak_of_it(place):
    user, _ = person(place)
    say(place, "granted", user, frequency="monthly")
    assert ended(place, send(place, user)["key"])["state"] == "sent"
    say(place, "granted", user, proof="checkout")
    assert ended(place, send(place, user)["key"])["reason"] == "delivery.frequency"


def test_the_policy_is_versioned_and_refuses_what_makes_no_sense(place):
    before = ask(place, "GET", "/sending-policy")
    for wrong in ({"caps": [{"name": "", "limit": 1, "hours": 1}]}, {"caps": [{"name": "a", "limit": -1, "hours": 1}]}, {"caps": [{"name": "a", "limit": 1, "hours": 0}]}, {"caps": [{"name": "a", "limit": 1}]}, {"caps": [{"name": "a", "limit": 1, "hours": 1, "minutes": 1}]},
                  {"caps": [{"name": "a", "limit": 1, "minutes": 0}]}, {"zone": "Atlantis/Capital"},
                  {"caps": [{"name": "a", "limit": 1, "hours": 1}] * 2}, {"quietHours": [{"from": "25:00", "to": "01:00"}]}, {"quietHours": [{"from": "08:00", "to": "08:00"}]}, {"publicAddress": "shop.example"},
                  {"caps": [{"name": "a", "limit": 1, "hours": 1, "per": ["moon"]}]}, {"caps": [{"name": "a", "limit": 1 << 80, "hours": 1}]}):
        assert place.call("PUT", "/api/v1/sending-policy", json=wrong).json()["code"] == "policy.invalid", wrong
    assert place.call("PUT", "/api/v1/sending-policy", json={"webhookDestination": "dst_none"}).status_code == 404
    assert ask(place, "GET", "/sending-policy") == before
    changed = ask(place, "PUT", "/sending-policy", json={**before, "zone": "Europe/Madrid"})
    assert changed["version"] == before["version"] + 1 and changed["zone"] == "Europe/Madrid"
    assert [v["version"] for v in ask(place, "GET", "/sending-policy/versions")["versions"]] == [2, 1]
    place.restart()
    assert ask(place, "GET", "/sending-policy") == changed


def test_the_command_line(place):
    user, _ = willing(place)
    sent = place.cli("message", "send", "hello", "--user-id", user, "--channel", "webhook", "--purpose", "marketing", "--key", "cli-1", "--values", '{"order": {"id": "o-2"}}')
    assert "Taken: api:cli-1" in sent.stdout
    ended(place, "api:cli-1")
    assert "sent  webhook  api:cli-1  delivery.sent" in place.cli("message", "list").stdout
    assert "The other side took it over." in place.cli("message", "why", "api:cli-1").stdout
    assert "api:cli-1" in place.cli("message", "why", "--user-id", user).stdout
    dry = place.cli("message", "send", "hello", "--user-id", user, "--channel", "webhook", "--dry-run").stdout
    assert "consent  passed" in dry and "caps  passed" in dry
    assert "Sent again: 0" in place.cli("message", "replay", "--channel", "webhook").stdout
    assert "\"zone\":\"UTC\"" in place.cli("message", "policy").stdout
    assert "messages" in place.cli("destination", "list").stdout
    assert "whsec_" in place.cli("destination", "create", "other", place.sink.url, "--event", "*").stdout


def test_fault_46_two_become_one_while_a_journey_waits_and_get_one_message(place):
    """A device and a person wait in the same journey and turn out to be one: one run goes on, and one message is sent."""
    user, _ = willing(place)
    made = ask(place, "POST", "/journeys", 201, json={"journey": {"name": "Merge", "trigger": {"event": '"Product Added"'}, "steps": [
        {"wait": "8 seconds"}, {"message": "hello", "channel": "webhook", "purpose": "marketing", "topic": "offers"}]}})
    ask(place, "POST", f"/journeys/{made['id']}/start", json={})
    place.send([{"type": "track", "anonymousId": "a" + user, "event": "Product Added"}])
    place.send([{"type": "track", "userId": user, "event": "Product Added"}])
    runs = lambda **person: place.api("/api/v1/journeys/runs", **(person or {"userId": user}))["runs"]
    wait_until(lambda: runs() and runs(anonymousId="a" + user), what="both waiting")
    place.send([{"type": "identify", "userId": user, "anonymousId": "a" + user, "traits": {}}])
    wait_until(lambda: sorted(str(r["reason"]) for r in runs()) == ["finished", "merged"], 30, what="both ends")
    wait_until(lambda: place.sink.calls, what="the message")
    time.sleep(1)
    assert len(place.sink.calls) == 1
    assert len([e for e in place.events(userId=user) if e.get("event") == "Message Sent"]) == 1


def test_a_journey_tells_what_became_of_its_messages(place):
    """One is sent, one refused for want of consent, one not taken by the other side: decided is not sent."""
    happy, silent, unlucky = willing(place)[0], person(place)[0], willing(place, firstName="Unlucky")[0]
    place.sink.behave = lambda call, number: 400 if "Unlucky" in json.dumps(call.body) else 204
    made = ask(place, "POST", "/journeys", 201, json={"journey": {"name": "Told", "trigger": {"event": '"Product Added"'}, "steps": [
        {"id": "hello", "message": "hello", "channel": "webhook", "purpose": "marketing", "topic": "offers"}]}})
    ask(place, "POST", f"/journeys/{made['id']}/start", json={})
    place.send([{"type": "track", "userId": user, "event": "Product Added"} for user in (happy, silent, unlucky)])
    step = lambda: ask(place, "GET", f"/journeys/{made['id']}/results")["steps"][0]
    wait_until(lambda: step()["sent"] and step()["failed"] and ask(place, "GET", "/messages?state=refused")["messages"], 20, what="what became of them")
    time.sleep(1)
    assert (step()["decided"], step()["sent"], step()["failed"]) == (3, 1, 1), step()
    assert "decided 3  sent 1  failed 1" in place.cli("journey", "show", made["id"]).stdout


def test_a_rehearsal_says_what_the_caps_then_refuse(place):
    """The same people and events, rehearsed under the sending policy and then lived: as many messages go beyond the caps."""
    people = [willing(place)[0] for _ in range(3)]
    ask(place, "PUT", "/sending-policy", json={**ask(place, "GET", "/sending-policy"), "caps": [{"name": "day", "limit": 2, "hours": 24}]})
    made = ask(place, "POST", "/journeys", 201, json={"journey": {"name": "Capped", "trigger": {"event": '"Product Added"'}, "reentry": "parallel", "steps": [
        {"message": "hello", "channel": "webhook", "purpose": "marketing", "topic": "offers"}]}})
    ask(place, "POST", f"/journeys/{made['id']}/start", json={})
    for number, user in enumerate(people):
        place.send([{"type": "track", "userId": user, "event": "Product Added"} for _ in range(number + 2)])
    refused = lambda: [m for m in ask(place, "GET", "/messages", params={"state": "refused", "limit": 100})["messages"] if m["reason"] == "delivery.capped"]
    wait_until(lambda: len(refused()) == 3, 20, what="what has no room")
    told = ask(place, "POST", "/journeys/rehearse", json={"id": made["id"], "days": 1})
    assert (told["messages"], told["overCap"], told["overByCap"], told["peopleOverCap"]) == (9, 3, {"day": 3}, 2), told
    assert ask(place, "POST", "/journeys/rehearse", json={"id": made["id"], "days": 1, "cap": {"count": 3, "days": 1}})["overByCap"] == {"asked": 1}
    # What the live one decided takes its places where another journey, less urgent, is rehearsed.
    other = {"name": "Other", "trigger": {"event": '"Product Added"'}, "steps": [{"message": "hello", "channel": "webhook", "purpose": "marketing", "topic": "offers", "priority": 1}]}
    assert ask(place, "POST", "/journeys/rehearse", json={"journey": other, "days": 1})["overCap"] == 9


@pytest.mark.parametrize("count", [100_000])
def test_fault_38_a_long_queue_costs_no_start(make_martlet, count):
    """A queue of a hundred thousand (the long form of the row is a million), killed and started again: nothing is lost, and the start is hardly later than with ten."""
    server, sink = make_martlet(args=LOCAL).start(), Sink()
    try:
        furnish(server, sink, quietHours=[{"from": "00:00", "to": "23:59"}])
        user, _ = willing(server)
        for number in range(10):
            send(server, user, idempotencyKey=f"first-{number}")
        wait_until(lambda: server.call("GET", "/api/v1/messages/api:first-9").status_code == 200 and message(server, "api:first-9")["state"] == "waiting", what="the quiet hours")

        def start():
            server.kill9()
            began = time.monotonic()
            server.start()
            return time.monotonic() - began

        few = min(start() for _ in range(3))
        server.kill9()
        # Written as the outbox finds it: one that was decided, many times over.
        path = str(server.data / "workspaces" / "main" / "decisions.sqlite")
        db = sqlite3.connect(path)
        names = [row[1] for row in db.execute("PRAGMA table_info(decisions_intent)") if row[1] not in ("number", "key")]
        db.execute(f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO decisions_intent (key, {", ".join(names)}) SELECT 'api:more-' || i, {", ".join(names)} FROM n, (SELECT * FROM decisions_intent WHERE key = 'api:first-0')""")
        db.commit()
        db.close()
        server.start()
        wait_until(lambda: server.call("GET", f"/api/v1/messages/api:more-{count}").status_code == 200, 120, what="the last of them in the queue")
        many = min(start() for _ in range(4))
        assert many < few + 3, f"{few:.2f} s with ten, {many:.2f} s with {count}"
        server.kill9()
        db = sqlite3.connect(path)
        assert db.execute("SELECT count(*) FROM decisions_intent").fetchone() == (count + 10,)
        db.close()
        assert not sink.calls
    finally:
        sink.close()
