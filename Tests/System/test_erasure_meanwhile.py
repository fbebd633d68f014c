"""Erasure and what happens beside it: an address in other letters, people who were two before, and what is handed in for somebody while they are forgotten."""
import errno
import json
import threading

import pytest
import requests

from harness import new_id, wait_until
from shim import LOG_FILES_ONLY, Shim
from test_privacy import mark, neighbours, remains, send_all


def erase(martlet, **body):
    return martlet.call("POST", "/api/v1/privacy/erasures", json=body)


def decided(martlet, purpose, channel="email", **who):
    return martlet.call("POST", "/api/v1/consents/decide", json={**who, "purpose": purpose, "channel": channel}).json()["reason"]


def side(who):
    [(kind, value)] = who.items()
    return {"type": kind, "value": value}


def objections(martlet, address):
    said = [{"email": address, "purpose": purpose, "channel": channel, "state": "withdrawn"} for purpose, channel in (("sharing", ""), ("analytics", ""), ("marketing", "sms"), ("marketing", "email"))]
    assert martlet.call("POST", "/api/v1/consents", json={"consents": said}).json()["recorded"] == 4


def answers(martlet, **who):
    return [decided(martlet, purpose, channel, **who) for purpose, channel in (("sharing", ""), ("analytics", ""), ("marketing", "sms"), ("marketing", "email"))]


def known(martlet, user):
    return martlet.call("GET", "/api/v1/profiles/lookup", params={"userId": user}).status_code == 200


@pytest.mark.parametrize("spelling", ["ADA@Tea.Example", " ada@tea.example ", "ada@TEA.example"])
@pytest.mark.parametrize("how", ["api", "command", "suppress"])
def test_an_address_in_other_letters_forgets_whoever_is_known_by_it(martlet, spelling, how):
    """All of them, or nobody: never what they objected to alone."""
    objections(martlet, "ada@tea.example")
    martlet.send([{"type": "identify", "userId": "ada", "traits": {"email": "ada@tea.example", "name": "Ada"}}, {"type": "identify", "userId": "bea", "traits": {"email": "bea@tea.example"}}])
    assert answers(martlet, userId="ada") == ["withdrawn"] * 4
    if how == "command":
        assert martlet.cli("privacy", "erase", "--email", spelling).returncode == 0
    else:
        assert erase(martlet, email=spelling, suppress=how == "suppress").status_code == 200
    assert not known(martlet, "ada") and known(martlet, "bea")
    assert not martlet.call("GET", "/api/v1/events", params={"userId": "ada"}).json()["events"]
    verdicts = martlet.post_batch([{"type": "track", "event": "Back", "userId": "new", "messageId": new_id(), "context": {"traits": {"email": "ada@tea.example"}}}], verdicts=True).json()
    assert ("suppressed" in json.dumps(verdicts)) == (how == "suppress"), verdicts


def test_an_address_that_several_have_in_other_letters_is_asked_for_more_closely(martlet):
    """What was said of it is theirs as well; nothing is taken from anybody."""
    objections(martlet, "ada@tea.example")
    martlet.send([{"type": "identify", "userId": "ada", "traits": {"email": "ada@tea.example"}}, {"type": "identify", "userId": "eve", "traits": {"email": "Ada@tea.example"}}])
    before = answers(martlet, userId="ada") + answers(martlet, userId="eve")
    refused = erase(martlet, email="ADA@TEA.EXAMPLE")
    assert refused.status_code == 409 and refused.json()["code"] == "erasure.several", refused.text
    assert erase(martlet, email="ADA@TEA.EXAMPLE", suppress=True).status_code == 409
    assert known(martlet, "ada") and known(martlet, "eve") and answers(martlet, userId="ada") + answers(martlet, userId="eve") == before
    assert erase(martlet, email="Ada@tea.example").status_code == 200
    assert known(martlet, "ada") and not known(martlet, "eve") and answers(martlet, userId="ada")[3] == "withdrawn"
    # Now it is hers alone.
    assert erase(martlet, email="ADA@TEA.EXAMPLE").status_code == 200 and not known(martlet, "ada")


def test_an_address_that_nobody_has_forgets_what_was_said_of_it(martlet):
    objections(martlet, "zoe@tea.example")
    assert erase(martlet, email="ZOE@tea.example").status_code == 200
    assert decided(martlet, "marketing", email="zoe@tea.example") == "unknown"
    assert erase(martlet, email="ZOE@tea.example").status_code == 404


@pytest.mark.parametrize("how", ["identify", "alias", "link"])
def test_traits_of_somebody_who_was_two_before_are_in_no_file(martlet, how):
    """Of the side whose events moved, too; and the values of others stay."""
    m = mark()
    user, visitor = {"userId": f"user-{m}"}, {"anonymousId": f"visitor-{m}"}
    martlet.send([{"type": "identify", "userId": "bea", "traits": {"city": "Leeds", "nick": "Bee"}}])
    for event in [{"type": "identify", **user, "traits": {"plan": "free"}}] + [{"type": "track", "event": "Seen", **user} for _ in range(4)] + [{"type": "identify", **visitor, "traits": {"nick": f"nick-{m}", "city": "Leeds", f"only {m}": 1}}]:
        martlet.send([event])
    if how == "link":
        assert martlet.call("POST", "/api/v1/links", json={"kind": "merge", "first": side(user), "second": side(visitor)}).status_code in (200, 201)
    else:
        martlet.send([{"type": "alias", "previousId": visitor["anonymousId"], **user} if how == "alias" else {"type": "identify", **user, **visitor}])
    martlet.restart()
    count = lambda condition: martlet.call("POST", "/api/v1/segments/preview", json={"condition": condition}).json()["count"]
    assert count('city = "Leeds"') == 2 and remains(martlet, m)
    assert erase(martlet, **user).status_code == 200
    assert not remains(martlet, m), remains(martlet, m)
    assert count('city = "Leeds"') == 1 and count('nick = "Bee"') == 1
    martlet.restart()
    assert not remains(martlet, m) and count('city = "Leeds"') == 1


@pytest.mark.parametrize("what", ["message", "enter", "link"])
def test_what_is_handed_in_for_somebody_while_they_are_forgotten_does_not_outlive_them(martlet, what):
    assert martlet.call("POST", "/api/v1/templates", json={"name": "hello", "kind": "text", "parts": {"text": "Hello"}}).status_code == 201
    journey = martlet.call("POST", "/api/v1/journeys", json={"yaml": "name: Handed\ntrigger: {api: true}\nreentry: parallel\nsteps:\n- wait: 1 day\n"}).json()["id"]
    assert martlet.call("POST", f"/api/v1/journeys/{journey}/start", json={}).status_code == 200
    send_all(martlet, neighbours(2500, 300, "near"))
    url, token = martlet.url, martlet.token()
    for _ in range(5):
        m = mark()
        devices = [new_id("device") for _ in range(300 if what == "link" else 0)]
        martlet.send([{"type": "identify", "userId": f"user-{m}", "traits": {"email": f"{m}@tea.example"}}] + [{"type": "track", "event": "Seen", "anonymousId": device} for device in devices])
        ended, taken, numbers = [], [], iter(range(1_000_000))

        def hand_in():
            session = requests.Session()
            session.headers["Authorization"] = f"Bearer {token}"
            while not ended:
                number = next(numbers)
                if what == "message":
                    answer = session.post(f"{url}/api/v1/messages", json={"userId": f"user-{m}", "template": "hello", "channel": "webhook", "data": {"z": m}, "idempotencyKey": f"{number}-{m}"})
                elif what == "link":
                    answer = session.post(f"{url}/api/v1/links", json={"kind": "merge", "first": side({"userId": f"user-{m}"}), "second": side({"anonymousId": devices[number % len(devices)]}), "reason": f"because {m}"})
                else:
                    answer = session.post(f"{url}/api/v1/journeys/{journey}/enter", json={"userId": f"user-{m}", "data": {"z": m}})
                taken.append(answer.status_code)

        callers = [threading.Thread(target=hand_in) for _ in range(3)]
        for caller in callers:
            caller.start()
        wait_until(lambda: len(taken) > 5, what="some that are taken")
        assert erase(martlet, userId=f"user-{m}").status_code == 200
        wait_until(lambda: 404 in taken, what="one that finds nobody")
        ended.append(1)
        for caller in callers:
            caller.join()
        assert set(taken) <= {200, 201, 202, 404, 409} and 404 in taken and len(set(taken)) > 1, set(taken)
        assert not remains(martlet, m), remains(martlet, m)


@pytest.mark.parametrize("has_snapshot", [False, True])
def test_an_erasure_that_broke_off_within_the_log_leaves_nobody_with_half_of_their_events(make_martlet, has_snapshot):
    """Whichever of the writes was the last: what is left of the log would make another person of them, without what they objected to."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    server.token()
    skip, broken = 0, 0
    while skip < 40:
        m = mark()
        user, visitor = {"userId": f"user-{m}"}, {"anonymousId": f"visitor-{m}"}
        server.send([{"type": "identify", **user, "traits": {"email": f"{m}@tea.example", "name": m}}, {"type": "identify", **visitor, "traits": {"nick": m}}] + [{"type": "track", "event": "Seen", **user, "properties": {"q": f"{m}{n}"}} for n in range(8)])
        assert server.call("POST", "/api/v1/links", json={"kind": "merge", "first": side(user), "second": side(visitor), "reason": f"because {m}"}).status_code in (200, 201)
        server.send([{"type": "track", "event": "Other", "userId": "bea", "properties": {"n": skip}}])
        if has_snapshot:
            server.restart()
        shim.failed = 0
        shim.only, shim.write_skip, shim.write_errno = LOG_FILES_ONLY, skip, errno.EIO
        done = erase(server, **user).status_code == 200
        hit = bool(shim.failed)
        is_begun = done or any(not mark.name.endswith(".new") for mark in (server.data / "workspaces" / "main").glob("erasing-*"))
        server.kill9()
        shim.heal()
        server.start()
        wait_until(lambda: not list((server.data / "workspaces" / "main").glob("erasing-*")), what="the erasure's end")
        if not is_begun:
            assert len(server.events(**user)) >= 9, f"write {skip}: refused before it began, and so all is there"
            assert erase(server, **user).status_code == 200
        assert not known(server, user["userId"]) and not remains(server, m), f"write {skip}: {remains(server, m)}"
        assert known(server, "bea")
        broken += hit and is_begun
        if done and not hit:
            break
        skip += 1 if skip < 6 else 4
    assert broken > 3, broken
    assert len(server.events(userId="bea")) == len({event["properties"]["n"] for event in server.events(userId="bea")}) > broken
