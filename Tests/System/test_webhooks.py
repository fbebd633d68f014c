"""Destinations: told of every event and change of a segment that they want, in order for each person, signed, from where they stood over any restart, and never inside a private network unless allowed."""
import random
import socket
import threading
import time

import pytest

from harness import contents, new_id, wait_until
from shim import library
from test_consent import ask
from webhook_sink import Sink

LOCAL = ("--allow-private-destinations",)
GOLD = 'plan = "gold" and visits > 1'


@pytest.fixture
def place(make_martlet):
    server, sink = make_martlet(args=LOCAL).start(), Sink()
    server.sink = sink
    yield server
    sink.close()


def destination(server, name="warehouse", sink=None, **more):
    sink = sink or server.sink
    made = ask(server, "POST", "/destinations", 201, json={"name": name, "url": sink.url, **more})
    sink.secrets = made["secrets"]
    return made


def steep(user, number, event="Tea Steeped"):
    return {"type": "track", "event": event, "userId": user, "properties": {"n": number}}


def test_every_event_that_it_wants_arrives_once_in_order_and_signed(place):
    user, other = new_id("u"), new_id("v")
    place.send([steep(user, -1)])
    made = destination(place, events=["Tea Steeped", "identify"])
    place.send([steep(u, n) for n in range(100) for u in (user, other)] + [steep(user, 0, "Kettle Filled"), {"type": "identify", "userId": user, "traits": {"plan": "gold"}}])
    wait_until(lambda: len(place.sink.calls) >= 201, 20, what="all of them")
    time.sleep(0.3)
    assert len(place.sink.calls) == 201 and not place.sink.unsigned and len(set(place.sink.ids())) == 201
    for who in (user, other):
        assert [c.data["properties"]["n"] for c in place.sink.calls if c.data["userId"] == who and c.data["type"] == "track"] == list(range(100))
    assert place.sink.calls[0].body["type"] == "event" and place.sink.calls[0].data["messageId"]
    assert ask(place, "GET", f"/destinations/{made['id']}")["position"] >= 202


def test_calls_of_two_who_turn_out_to_be_one_stay_in_order(place):
    """A device that nobody knows does something that is being tried again; then its user, known since long, signs in on it and goes on."""
    user, device = new_id("u"), new_id("device")
    destination(place, events=["*"])
    place.send([steep(user, 0)])
    is_down = True
    place.sink.behave = lambda call, number: 503 if is_down and call.data["type"] == "track" and "userId" not in call.data else 204
    place.send([{"type": "track", "event": "Tea Steeped", "anonymousId": device, "properties": {"n": 1}}])
    wait_until(lambda: len(place.sink.calls) >= 2, what="the first try")
    place.send([{"type": "identify", "userId": user, "anonymousId": device, "traits": {}}])
    place.send([steep(user, 2), steep(user, 3)])
    time.sleep(1)
    is_down = False
    wait_until(lambda: {c.data.get("properties", {}).get("n") for c in place.sink.calls} >= {0, 1, 2, 3}, 40, what="all of them")
    told = [c.data["properties"]["n"] for c in place.sink.calls if c.data["type"] == "track"]
    assert told[0] == 0 and told[-2:] == [2, 3] and set(told[1:-2]) == {1}, told
    assert next(i for i, c in enumerate(place.sink.calls) if c.data["type"] == "identify") > max(i for i, c in enumerate(place.sink.calls) if c.data.get("properties", {}).get("n") == 1)


def test_a_new_one_can_be_told_from_a_position(place):
    user = new_id("u")
    place.send([steep(user, n) for n in range(20)])
    destination(place, events=["*"], **{"from": 5})
    wait_until(lambda: len(place.sink.calls) == 15, what="what came from the position on")
    assert [c.data["position"] for c in place.sink.calls] == list(range(5, 20))


def test_changes_of_segments_arrive(place):
    segment = ask(place, "POST", "/segments", 201, json={"name": "Gold", "condition": 'plan = "gold"'})
    destination(place, segments=[segment["id"]])
    user = new_id("u")
    place.send([{"type": "identify", "userId": user, "traits": {"plan": "gold"}}])
    wait_until(lambda: place.sink.calls, 15, what="entered")
    place.send([{"type": "identify", "userId": user, "traits": {"plan": "none"}}])
    wait_until(lambda: len(place.sink.calls) == 2, 15, what="exited")
    assert [c.body["type"] for c in place.sink.calls] == ["segment.entered", "segment.exited"]
    assert place.sink.calls[0].data["userId"] == user and place.sink.calls[0].data["segment"] == {"id": segment["id"], "name": "Gold"}


@pytest.mark.parametrize("seed", range(2))
def test_fault_44_members_under_load_and_kills_are_what_the_log_says_and_each_change_is_told_once(make_martlet, seed):
    """Traits at random while the server is killed: what a destination was told of each person goes in and out by turns, and ends where the segment stands."""
    chance = random.Random(seed)
    server, sink = make_martlet(args=LOCAL).start(), Sink()
    try:
        segment = ask(server, "POST", "/segments", 201, json={"name": "Gold", "condition": GOLD})
        # Whoever is in when everyone is asked for the first time does not come in.
        wait_until(lambda: ask(server, "GET", f"/segments/{segment['id']}")["size"] == 0, what="the first answer")
        destination(server, sink=sink, segments=[segment["id"]])
        people, known = [new_id("u") for _ in range(40)], {}
        for _ in range(5):
            for _ in range(30):
                events = []
                for user in chance.sample(people, 6):
                    traits = {"plan": chance.choice(["gold", "free"]), "visits": chance.randrange(4)}
                    events.append({"type": "identify", "userId": user, "traits": traits})
                    known[user] = traits
                server.send(events, wait=chance.random() < 0.3)
            time.sleep(chance.random() * 0.5)
            server.kill9()
            server.start()
        wanted = {user for user, traits in known.items() if traits["plan"] == "gold" and traits["visits"] > 1}
        preview = lambda: server.call("POST", "/api/v1/segments/preview", json={"condition": GOLD}).json()["count"]
        wait_until(lambda: preview() == len(wanted), what="the log's own answer")

        def inside():
            found, order = set(), {}
            for call in sorted({c.id: c for c in reversed(list(sink.calls))}.values(), key=lambda c: c.at):
                order.setdefault(call.data["userId"], []).append(call.body["type"])
            for user, changes in order.items():
                assert changes == [("segment.entered", "segment.exited")[n % 2] for n in range(len(changes))], f"{user}: {changes}"
                if len(changes) % 2:
                    found.add(user)
            return found

        wait_until(lambda: inside() == wanted, 30, what="what was told")
        time.sleep(1)
        assert inside() == wanted
    finally:
        sink.close()


@pytest.mark.parametrize("seed", range(2))
def test_fault_35_crashes_while_delivering_lose_nothing_and_keep_the_order(make_martlet, seed):
    chance = random.Random(seed)
    server, sink = make_martlet(args=LOCAL).start(), Sink(behave=lambda call, number: chance.choices([204, 503, "drop"], [20, 1, 1])[0])
    try:
        destination(server, sink=sink, events=["Tea Steeped"])
        people, sent = [new_id("u") for _ in range(10)], {}
        for round in range(4):
            for user in people:
                numbers = range(round * 10, round * 10 + 10)
                server.send([steep(user, n) for n in numbers])
                sent[user] = round * 10 + 10
            time.sleep(chance.random() * 0.4)
            server.kill9()
            server.start()
        wait_until(lambda: not ask(server, "GET", "/messages", params={"kind": "call", "state": "waiting,retrying,underway"})["messages"] and len(set(sink.ids())) >= 400, 90, what="all of them")
        for user in people:
            first = []
            for call in sink.calls:
                if call.data["userId"] == user and call.data["properties"]["n"] not in first:
                    first.append(call.data["properties"]["n"])
            assert first == list(range(sent[user])), f"first deliveries of one person are in order and whole: {first}"
    finally:
        sink.close()


def test_a_rotated_secret_signs_beside_the_old_one_until_the_rotation_is_over(place):
    made = destination(place, events=["*"])
    old = place.sink.secrets[0]
    both = ask(place, "POST", f"/destinations/{made['id']}/rotate", json={})["secrets"]
    assert len(both) == 2 and both[1] == old
    user = new_id("u")
    place.send([steep(user, 1)])
    wait_until(lambda: place.sink.calls, what="a call")
    assert not place.sink.unsigned and len(place.sink.calls[0].headers["webhook-signature"].split(" ")) == 2
    assert ask(place, "POST", f"/destinations/{made['id']}/rotate", json={"finish": True})["secrets"] == both[:1]
    place.send([steep(user, 2)])
    wait_until(lambda: len(place.sink.calls) == 2, what="another")
    assert place.sink.unsigned == [place.sink.calls[1].id], "the old secret signs no more"
    assert "secrets" not in ask(place, "GET", f"/destinations/{made['id']}")


def test_one_that_is_switched_off_reads_on_from_where_it_stood(place):
    made = destination(place, events=["Tea Steeped"])
    user = new_id("u")
    place.send([steep(user, 0)])
    wait_until(lambda: len(place.sink.calls) == 1, what="the first")
    ask(place, "PATCH", f"/destinations/{made['id']}", json={"enabled": False})
    place.send([steep(user, n) for n in range(1, 5)])
    time.sleep(0.5)
    assert len(place.sink.calls) == 1
    place.restart()
    ask(place, "PATCH", f"/destinations/{made['id']}", json={"enabled": True})
    wait_until(lambda: len(place.sink.calls) == 5, what="the rest")
    assert [c.data["properties"]["n"] for c in place.sink.calls] == list(range(5))


def numbers(calls):
    return [call.data["properties"]["n"] for call in calls]


def lane(server, made):
    """Its queue; before its first call it has none."""
    return next((lane for lane in ask(server, "GET", "/deliveries")["lanes"] if lane["name"] == made["id"]), {"waiting": 0, "underway": 0, "dead": 0, "off": None})


def test_calls_that_wait_for_one_that_is_switched_off_go_in_order_once_it_is_on(place):
    place.sink.behave = lambda call, number: 503
    made = destination(place, events=["Tea Steeped"])
    ada, ben = new_id("u"), new_id("v")
    place.send([steep(user, n) for n in range(20) for user in (ada, ben)])
    wait_until(lambda: place.sink.calls, what="a try")
    wait_until(lambda: lane(place, made)["waiting"] == 40, what="all to wait")
    assert not lane(place, made)["off"]
    ask(place, "PATCH", f"/destinations/{made['id']}", json={"enabled": False})
    wait_until(lambda: not lane(place, made)["underway"], what="the end of the tries")
    place.sink.behave = lambda call, number: 204
    tried = len(place.sink.calls)
    place.send([steep(ada, 20), steep(ben, 20)])
    time.sleep(5)
    for _ in range(2):
        assert len(place.sink.calls) == tried
        assert (lane(place, made)["waiting"], lane(place, made)["dead"], lane(place, made)["off"]) == (40, 0, True), "what comes meanwhile stays in the log"
        told = ask(place, "GET", "/messages", params={"kind": "call", "channel": made["id"], "limit": 500})["messages"]
        assert len(told) == 40 and {m["reason"] for m in told} == {"delivery.switched-off"} and {m["state"] for m in told} <= {"waiting", "retrying"}
        assert ask(place, "GET", f"/messages/{told[0]['key']}")["reason"] == "delivery.switched-off"
        place.restart()
        time.sleep(1)
    ask(place, "PATCH", f"/destinations/{made['id']}", json={"enabled": True})
    wait_until(lambda: len(place.sink.calls) == tried + 42, 20, what="all of them")
    for who in (ada, ben):
        assert numbers(c for c in place.sink.calls[tried:] if c.data["userId"] == who) == list(range(21))
    wait_until(lambda: lane(place, made)["waiting"] == 0, what="the answers")
    assert (lane(place, made)["dead"], lane(place, made)["off"]) == (0, False)


def test_after_a_410_nothing_is_lost_and_everything_goes_in_order(place):
    place.sink.behave = lambda call, number: 410
    made = destination(place, events=["Tea Steeped"])
    users = [new_id(f"u{n}") for n in range(4)]
    place.send([steep(user, n) for n in range(10) for user in users])
    wait_until(lambda: not ask(place, "GET", f"/destinations/{made['id']}")["enabled"], what="it to be switched off")
    wait_until(lambda: not lane(place, made)["underway"], what="the answers")
    place.sink.behave = lambda call, number: 204
    tried = len(place.sink.calls)
    time.sleep(4)
    assert (len(place.sink.calls), lane(place, made)["dead"]) == (tried, 0) and tried <= 4, "only what was under way was tried, and none is tried again"
    ask(place, "PATCH", f"/destinations/{made['id']}", json={"enabled": True})
    wait_until(lambda: len(place.sink.calls) == tried + 40, 20, what="all of them")
    for user in users:
        assert numbers(c for c in place.sink.calls[tried:] if c.data["userId"] == user) == list(range(10))


def test_what_waits_for_one_that_is_deleted_while_it_is_off_is_refused(place):
    place.sink.behave = lambda call, number: 503
    made = destination(place, events=["Tea Steeped"])
    place.send([steep(new_id("u"), 0)])
    wait_until(lambda: place.sink.calls, what="a try")
    ask(place, "PATCH", f"/destinations/{made['id']}", json={"enabled": False})
    ask(place, "DELETE", f"/destinations/{made['id']}")
    wait_until(lambda: ask(place, "GET", "/messages", params={"kind": "call", "channel": made["id"]})["messages"][0]["reason"] == "delivery.no-channel", 15, what="it to be refused")


def test_fault_58_what_waits_for_a_destination_is_forgotten_with_the_person(place):
    place.sink.behave = lambda call, number: 503
    destination(place, events=["*"])
    secret = "zanzibar4712"
    place.send([{"type": "identify", "userId": secret, "traits": {"name": secret}}, steep(secret, 1)])
    wait_until(lambda: place.sink.calls, what="a try")
    assert place.call("POST", "/api/v1/privacy/erasures", json={"userId": secret}).status_code == 200
    place.sink.behave = lambda call, number: 204
    count = len(place.sink.calls)
    time.sleep(4)
    assert len(place.sink.calls) <= count + 1
    assert [path for path, data in contents(place.data) if secret.encode() in data] == []


def test_fault_56_what_is_shared_needs_a_yes_and_gpc_is_a_no(place):
    destination(place, events=["Tea Steeped"], sharing=True)
    silent, willing, objecting = (new_id("u") for _ in range(3))
    ask(place, "POST", "/consents", json={"consents": [{"userId": u, "purpose": "sharing", "state": "granted"} for u in (willing, objecting)]})
    place.post_batch([{**steep(objecting, 0), "context": {"gpc": True}}], wait=True)
    place.send([steep(user, n) for n in range(3) for user in (silent, willing, objecting)])
    wait_until(lambda: len(place.sink.calls) >= 3, what="the willing one's")
    wait_until(lambda: not ask(place, "GET", "/messages", params={"kind": "call", "state": "waiting,underway"})["messages"], what="all to be decided")
    assert {c.data["userId"] for c in place.sink.calls} == {willing}
    assert {m["reason"] for m in ask(place, "GET", "/messages", params={"kind": "call", "state": "refused"})["messages"]} == {"delivery.consent-unknown", "delivery.consent-withdrawn"}


def test_a_condition_says_about_whom_it_is_told(place):
    segment = ask(place, "POST", "/segments", 201, json={"name": "Steepers", "condition": 'did "Tea Steeped"'})
    made = destination(place, events=["Tea Steeped"], segments=["*"], condition='plan = "gold" and did "Tea Steeped" at least 2 times in last 5 days')
    assert made["condition"].startswith("plan = ")
    gold, silver, objecting = (new_id("u") for _ in range(3))
    place.send([{"type": "identify", "userId": user, "traits": {"plan": plan}} for user, plan in ((gold, "gold"), (silver, "silver"), (objecting, "gold"))])
    ask(place, "POST", "/consents", json={"consents": [{"userId": objecting, "purpose": "analytics", "state": "withdrawn"}]})
    place.send([steep(user, 0) for user in (gold, silver, objecting)])
    time.sleep(1.5)
    assert not place.sink.calls, "once is not twice"
    place.send([steep(user, 1) for user in (gold, silver, objecting)])
    wait_until(lambda: place.sink.calls, what="the second cup of the gold one")
    ask(place, "PATCH", f"/destinations/{made['id']}", json={"condition": ""})
    place.send([steep(silver, 2)])
    wait_until(lambda: len(place.sink.calls) == 2, what="everyone's")
    assert [(c.data["userId"], c.data["properties"]["n"]) for c in place.sink.calls] == [(gold, 1), (silver, 2)]
    for wrong in ('plan =', "plan = \"gold\" and", 'in segment "nosuch-thing" and', 5, [1]):
        assert ask(place, "PATCH", f"/destinations/{made['id']}", 400, json={"condition": wrong})["code"]
    # Changes of segments are told about the same people, and it outlives a restart.
    ask(place, "PATCH", f"/destinations/{made['id']}", json={"condition": 'plan = "gold"', "events": []})
    place.restart()
    assert ask(place, "GET", f"/destinations/{made['id']}")["condition"] == 'plan = "gold"'
    more = {plan: new_id("u") for plan in ("gold", "silver")}
    place.send([event for plan, user in more.items() for event in ({"type": "identify", "userId": user, "traits": {"plan": plan}}, steep(user, 0))])
    wait_until(lambda: len(place.sink.calls) == 3, 15, what="the change")
    time.sleep(1)
    assert [(c.body["type"], c.data["userId"]) for c in place.sink.calls[2:]] == [("segment.entered", more["gold"])] and place.sink.calls[2].data["segment"]["id"] == segment["id"]


def test_the_command_line_makes_and_changes_them(place):
    made = place.cli("destination", "create", "partner", place.sink.url, "--event", "Tea Steeped", "--sharing", "--condition", 'plan = "gold"', "--json")
    assert made["sharing"] and made["condition"] == 'plan = "gold"'
    assert 'sharing  plan = "gold"' in place.cli("destination", "list").stdout
    changed = place.cli("destination", "change", "partner", "--no-sharing", "--condition", "", "--off", "--json")
    assert (changed["sharing"], changed["condition"], changed["enabled"]) == (False, "", False)
    assert place.cli("destination", "change", "partner", "--condition", "plan =", check=False).returncode == 1
    assert place.cli("destination", "change", "partner", "--on", "--sharing").stdout == "Changed.\n"
    assert (now := ask(place, "GET", "/destinations/partner"))["enabled"] and now["sharing"]


BROKEN = ["yes", 1, True, [], {"statements": "granted"}, {"statements": [{"purpose": "sharing"}]}, {"statements": [{"purpose": "sharing", "state": "GRANTED "}]}, {"categoryPreferences": "all"},
          {"categoryPreferences": {"sharing": "true"}}, {"categoryPreferences": {"sharing": 1}}, {"tcfString": "CPXx~~~undecodable", "gppString": "DBAA"}, {"tcfString": "\u0000" * 100}]


def test_fault_57_a_broken_consent_object_is_no_consent_for_what_is_shared(place):
    destination(place, events=["Tea Steeped"], sharing=True)
    people = [new_id("u") for _ in BROKEN]
    place.send([{**steep(user, n), "context": {"consent": consent}} for user, consent in zip(people, BROKEN) for n in range(2)])
    place.send([{**steep("willing", 0), "context": {"consent": {"categoryPreferences": {"sharing": True}}}}])
    wait_until(lambda: place.sink.calls, what="the willing one's")
    wait_until(lambda: not ask(place, "GET", "/messages", params={"kind": "call", "state": "waiting,underway"})["messages"], what="all to be decided")
    assert {c.data["userId"] for c in place.sink.calls} == {"willing"}
    refused = ask(place, "GET", "/messages", params={"kind": "call", "state": "refused"})["messages"]
    assert len(refused) == 2 * len(BROKEN) and {m["reason"] for m in refused} == {"delivery.consent-unknown"}


INSIDE = ["https://127.0.0.1:8443/", "https://169.254.169.254/latest/meta-data/", "https://127.1/", "https://0x7f000001/", "https://2130706433/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/",
          "https://0.0.0.0/", "https://localhost./", "https://10.0.0.1/", "https://192.168.1.1/", "https://172.16.0.1/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/"]
WRONG = ["http://example.com/", "https://user@example.com/", "https://example.com:22/", "https://example.com:25/", "file:///etc/passwd", "gopher://x/", "https://example.com/#@127.0.0.1", "https://example.com\\@127.0.0.1/", ""]


def test_fault_89_nothing_inside_is_called(make_martlet):
    server = make_martlet().start()
    for url in WRONG:
        answer = server.call("POST", "/api/v1/destinations", json={"name": new_id("d"), "url": url, "events": ["*"]})
        assert answer.status_code == 400 and answer.json()["code"] in ("webhook.address", "destination.url"), (url, answer.text)
    # A number is judged when it is saved, however it is written; what a name leads to, at every call.
    for url in INSIDE:
        answer = server.call("POST", "/api/v1/destinations", json={"name": new_id("d"), "url": url, "events": ["*"]})
        if "localhost" not in url:
            assert answer.status_code == 400 and answer.json()["code"] == "webhook.address" and "private network" in answer.json()["message"], (url, answer.text)
    outside = ask(server, "POST", "/destinations", 201, json={"name": "outside", "url": "https://93.184.216.34/", "events": []})["id"]
    assert server.call("PATCH", f"/api/v1/destinations/{outside}", json={"url": INSIDE[0]}).json()["code"] == "webhook.address"
    # And so is one that was allowed when it was saved.
    server.stop()
    server.start("--allow-private-destinations")
    made = [ask(server, "POST", "/destinations", 201, json={"name": new_id("d"), "url": url, "events": ["*"]})["id"] for url in INSIDE]
    server.restart()
    server.send([steep("ada", 1)])
    for url, id in zip(INSIDE, made):
        def step():
            told = ask(server, "GET", "/messages", params={"kind": "call", "channel": id})["messages"]
            return told and told[0]["attempts"] > 0 and told[0]
        wait_until(step, 20, what=f"the try of {url}")
        told = step()
        assert told["state"] == "retrying" and ("private network" in told["detail"] or "not known" in told["detail"]) or told["state"] == "dead" and "may not be called" in told["detail"], (url, told)


def test_what_waits_for_two_who_become_one_goes_on_in_order(place):
    """Calls of both wait behind a destination that takes its time; each is made once, without a restart, and what comes later goes by nothing."""
    user, device = new_id("u"), new_id("device")
    destination(place, events=["Tea Steeped"])
    place.sink.behave = lambda call, number: time.sleep(0.15) or 204
    place.send([{"type": "track", "event": "Tea Steeped", **({"userId": user} if n % 2 else {"anonymousId": device}), "properties": {"n": n}} for n in range(6)])
    place.send([{"type": "track", "event": "Tea Steeped", "userId": user, "anonymousId": device, "properties": {"n": 6}}])
    place.send([steep(user, n) for n in range(7, 14)])
    wait_until(lambda: len(place.sink.calls) >= 14, 30, what="all of them")
    time.sleep(0.5)
    told = [call.data["properties"]["n"] for call in place.sink.calls]
    assert sorted(told) == list(range(14)) and told[4:] == sorted(told[4:]), told


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"])
def test_an_answer_that_ends_in_the_middle_is_a_lost_connection(place, said):
    """Whoever took the call may have it: it is repeated three times, and tells so."""
    server = socket.create_server(("127.0.0.1", 0))

    def listen():
        while True:
            try:
                connection = server.accept()[0]
            except OSError:
                return
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(65536)
                left = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(head.split(b"\r\n\r\n", 1)[1])
                while left > 0:
                    left -= len(connection.recv(65536))
                connection.sendall(said)
                connection.shutdown(socket.SHUT_WR)

    threading.Thread(target=listen, daemon=True).start()
    made = ask(place, "POST", "/destinations", 201, json={"name": "halves", "url": f"http://127.0.0.1:{server.getsockname()[1]}/", "events": ["Tea Steeped"]})
    place.send([steep(new_id("u"), 1)])
    told = lambda: ask(place, "GET", "/messages", params={"kind": "call", "channel": made["id"]})["messages"]
    wait_until(lambda: told() and told()[0]["repeats"] > 0, 20, what="the repeat")
    assert told()[0]["reason"] == "delivery.lost", told()
    server.shutdown(socket.SHUT_RDWR)
    server.close()


class Listener:
    """Counts who connects, says nothing, and hangs up."""

    def __init__(self, address, port=0):
        self.server = socket.create_server((address, port))
        self.port, self.count = self.server.getsockname()[1], 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                self.server.accept()[0].close()
            except OSError:
                return
            self.count += 1

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


def test_fault_90_a_name_that_answers_otherwise_the_second_time_leads_nowhere_inside(make_martlet):
    """Resolver and network are our own: 93.184.216.34 stands for the open network and leads to 127.0.0.2, so that nothing leaves this machine."""
    outside = Listener("127.0.0.2")
    inside = Listener("127.0.0.1", outside.port)
    names = "rebound.example=93.184.216.34,127.0.0.1 turning.example=127.0.0.1,93.184.216.34 both.example=93.184.216.34+127.0.0.1 mapped.example=::ffff:127.0.0.1 meta.example=93.184.216.34,169.254.169.254"
    server = make_martlet(env={"LD_PRELOAD": str(library()), "MARTLET_SHIM_NAMES": names, "MARTLET_SHIM_PUBLIC": "93.184.216.34=127.0.0.2"}).start()
    try:
        made = {name: ask(server, "POST", "/destinations", 201, json={"name": name, "url": f"https://{name}.example:{outside.port}/", "events": ["*"]})["id"] for name in ("rebound", "turning", "both", "mapped", "meta")}
        server.send([steep("ada", 1)])

        def told(name, attempts):
            found = ask(server, "GET", "/messages", params={"kind": "call", "channel": made[name]})["messages"]
            return found and found[0]["attempts"] >= attempts and found[0]

        for name in ("both", "mapped"):
            assert "private network" in wait_until(lambda: told(name, 1), 20, what=name)["detail"]
        for name in ("rebound", "turning", "meta"):
            wait_until(lambda: told(name, 3), 30, what=f"three tries of {name}")
        for name in ("rebound", "meta"):
            assert "private network" in told(name, 3)["detail"], "from the second answer on"
        assert inside.count == 0 and outside.count >= 3, "the address that was looked at is the one that is connected to"
    finally:
        outside.close()
        inside.close()


def test_fault_91_a_redirect_is_not_followed(place):
    inside = Sink()
    try:
        place.sink.behave = lambda call, number: (307, {"Location": inside.url})
        made = destination(place, events=["*"])
        place.send([steep("ada", 1)])
        wait_until(lambda: ask(place, "GET", "/messages", params={"kind": "call", "state": "dead"})["messages"], what="the dead letter")
        assert not inside.calls and "redirect" in ask(place, "GET", "/messages", params={"kind": "call", "channel": made["id"]})["messages"][0]["detail"]
    finally:
        inside.close()


def test_fault_37_a_wrong_certificate_fails_closed(make_martlet, tmp_path):
    import ssl
    import subprocess

    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    sink = Sink()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    sink.server.socket = context.wrap_socket(sink.server.socket, server_side=True)
    server = make_martlet(args=LOCAL).start()
    try:
        made = ask(server, "POST", "/destinations", 201, json={"name": "tls", "url": sink.url.replace("http:", "https:"), "events": ["*"]})
        server.send([steep("ada", 1)])
        wait_until(lambda: ask(server, "GET", "/messages", params={"kind": "call", "channel": made["id"], "state": "retrying"})["messages"], 20, what="the failed try")
        told = ask(server, "GET", "/messages", params={"kind": "call", "channel": made["id"]})["messages"][0]
        assert not sink.calls and "SSL" in told["detail"], told
    finally:
        sink.close()


def test_what_a_destination_may_be_called_and_told(place):
    ok = {"name": "a", "url": place.sink.url}
    for wrong, code in [({"name": ""}, "destination.name"), ({"name": "x" * 101}, "destination.name"), ({"events": "Tea"}, "request.parameter"), ({"events": [""]}, "destination.lists"), ({"events": [5]}, "request.parameter"),
                        ({"events": ["e"] * 201}, "destination.lists"), ({"from": -1}, "request.parameter"), ({"from": 1.5}, "request.parameter"), ({"url": "https://"}, "webhook.address")]:
        answer = place.call("POST", "/api/v1/destinations", json={**ok, **wrong})
        assert answer.status_code == 400 and answer.json()["code"] == code, (wrong, answer.text)
    destination(place, "a")
    assert place.call("POST", "/api/v1/destinations", json=ok).json()["code"] == "destination.name-taken"
    assert place.call("PATCH", "/api/v1/destinations/none", json={}).status_code == 404
    assert ask(place, "DELETE", "/destinations/a")["success"] and ask(place, "GET", "/destinations")["destinations"] == []


def test_many_events_at_once_do_not_fill_the_table(place):
    """Of a destination that does not keep up, the log is the queue."""
    place.sink.behave = lambda call, number: 503
    made = destination(place, events=["*"])
    for start in range(0, 20_000, 2000):
        place.send([steep(f"u{n}", n) for n in range(start, start + 2000)])
    time.sleep(2)
    lane = next(lane for lane in ask(place, "GET", "/deliveries")["lanes"] if lane["name"] == made["id"])
    assert lane["waiting"] < 8000
    assert lane["pausedUntil"], "the breaker is open"
    place.sink.behave = lambda call, number: 204
    wait_until(lambda: len(set(place.sink.ids())) >= 20_000, 180, 1, what="all of them")
