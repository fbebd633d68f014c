"""What people say about consent is told outwards: as an event of theirs, to destinations that name it, and to segments and journeys."""
import errno

import pytest
import requests

from harness import Martlet, contents, new_id, wait_until
from test_consent import ask
from shim import LOG_FILES_ONLY, Shim
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


def test_the_last_that_is_told_is_what_is_in_force(place):
    """A statement that is older than what stands says nothing new to whoever hears the last."""
    user = new_id("late")
    place.send([{"type": "identify", "userId": user, "traits": {"city": "Madrid"}}])
    profile = place.profile(userId=user)["id"]
    say = lambda **more: ask(place, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", **more}]})
    say(state="granted", at="2026-03-01T00:00:00Z")
    say(state="withdrawn", at="2026-03-03T00:00:00Z")
    say(state="granted", at="2026-03-02T00:00:00Z")
    say(state="granted", at="2026-03-02T00:00:00Z", topic="teas")
    say(state="granted", at="2026-03-04T00:00:00Z", topic="blends")
    wait_until(lambda: len(stated(place, profile)) == 3, what="what was said")
    assert sorted((p["topic"], p["state"]) for p in stated(place, profile)) == [("", "granted"), ("", "withdrawn"), ("blends", "granted")]


def test_of_others_who_share_a_mailbox_an_objection_is_one_to_mail_and_outlives_who_made_it(place):
    mum, son, last, address = new_id("mum"), new_id("son"), new_id("last"), f"{new_id('fam').lower()}@tea.example"
    place.send([{"type": "identify", "userId": user, "traits": {"email": address}} for user in (mum, son)] + [{"type": "identify", "userId": last, "traits": {"city": "Madrid"}}])
    ids = {user: place.profile(userId=user)["id"] for user in (mum, son, last)}
    say = lambda **more: ask(place, "POST", "/consents", json={"consents": [{"purpose": "marketing", **more}]})
    may = lambda user, **more: ask(place, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing", "channel": "email", **more})["reason"]
    for user in (mum, son):
        say(userId=user, state="granted")
    for more in ({"channel": "sms"}, {"purpose": "sharing"}, {"purpose": "analytics"}, {"topic": "teas"}):
        say(userId=mum, state="withdrawn", **more)
    say(userId=last, state="granted")
    wait_until(lambda: stated(place, ids[last]) and len(stated(place, ids[mum])) == 5, what="what was said")
    assert sorted((p["purpose"], p["channel"], p["topic"], p["state"]) for p in stated(place, ids[son])) == [("marketing", "", "", "granted"), ("marketing", "email", "teas", "withdrawn")]
    say(email=address, state="withdrawn")
    wait_until(lambda: len(stated(place, ids[son])) == 3, what="the mailbox")
    assert ("marketing", "email", "", None, "withdrawn", "api") in brief(stated(place, ids[son]))
    assert (may(son, address=address), may(son, channel="sms")) == ("withdrawn", "granted")
    assert place.call("POST", "/api/v1/privacy/erasures", json={"userId": mum}).status_code < 300
    wait_until(lambda: place.call("GET", f"/api/v1/profiles/lookup?userId={mum}").status_code == 404, what="the erasure")
    assert may(son, address=address) == "withdrawn"
    place.kill9()
    place.start()
    assert (may(son, address=address), may(son, channel="sms"), may(son, channel="sms", topic="teas")) == ("withdrawn", "granted", "granted")
    # With the last who has it, it goes.
    assert place.call("POST", "/api/v1/privacy/erasures", json={"userId": son}).status_code < 300
    wait_until(lambda: place.call("GET", f"/api/v1/profiles/lookup?userId={son}").status_code == 404, what="the other erasure")


@pytest.mark.parametrize("purpose", ["service", "analytics", "sharing", "*"])
def test_what_one_who_shared_a_mailbox_objected_to_beside_mail_goes_with_them(place, purpose):
    mum, son, address = new_id("mum"), new_id("son"), f"{new_id('fam').lower()}@tea.example"
    place.send([{"type": "identify", "userId": user, "traits": {"email": address}} for user in (mum, son)])
    may = lambda asked, **more: ask(place, "POST", "/consents/decide", json={"userId": son, "purpose": asked, **more})["reason"]
    def all_of_it():
        return [may("service", channel=""), may("analytics", channel=""), may("sharing", channel=""), may("marketing", channel="sms"), may("service", channel="sms"), bool(place.profile(userId=son))]
    for asked in ("marketing", "sharing"):
        ask(place, "POST", "/consents", json={"consents": [{"userId": son, "purpose": asked, "state": "granted"}]})
    before = all_of_it()
    assert before == ["policy", "policy", "granted", "granted", "policy", True]
    ask(place, "POST", "/consents", json={"consents": [{"userId": mum, "purpose": purpose, "state": "withdrawn"}]})
    assert all_of_it() == before
    assert place.call("POST", "/api/v1/privacy/erasures", json={"userId": mum}).status_code < 300
    wait_until(lambda: place.call("GET", f"/api/v1/profiles/lookup?userId={mum}").status_code == 404, what="the erasure")
    wait_until(lambda: place.call("GET", "/api/v1/profiles/lookup", params={"email": address}).json().get("id") == place.profile(userId=son)["id"], what="the mailbox")
    place.kill9()
    place.start()
    assert all_of_it() == before
    # Mail to the mailbox is what she spoke of, too.
    assert may("marketing", channel="email", address=address) == ("withdrawn" if purpose == "*" else "granted")
    assert may("service", channel="email", address=address) == ("withdrawn" if purpose == "service" else "policy")


def test_an_objection_of_the_mailbox_is_told_of_who_has_paused(place):
    """A pause ends, and what was told stands: whoever was told of nothing but the pause would write on."""
    mum, son, address = new_id("mum"), new_id("son"), f"{new_id('fam').lower()}@tea.example"
    place.send([{"type": "identify", "userId": user, "traits": {"email": address}} for user in (mum, son)])
    profile = place.profile(userId=son)["id"]
    say = lambda **more: ask(place, "POST", "/consents", json={"consents": [{"purpose": "marketing", **more}]})
    say(userId=son, state="granted")
    say(userId=son, state="paused", until="2099-01-01T00:00:00Z")
    say(email=address, state="withdrawn")
    wait_until(lambda: len(stated(place, profile)) == 3, what="what was said")
    assert sorted(p["state"] for p in stated(place, profile)) == ["granted", "paused", "withdrawn"]
    decide = lambda: ask(place, "POST", "/consents/decide", json={"userId": son, "purpose": "marketing", "channel": "email", "address": address})["reason"]
    assert decide() == "withdrawn", "a no stands in front of a pause"
    # His own yes answers the mailbox; a pause behind it is a pause.
    say(userId=son, state="granted")
    assert decide() == "granted"
    say(userId=son, state="paused", until="2099-01-01T00:00:00Z")
    assert decide() == "paused"


def test_a_yes_that_is_no_answer_to_a_no_under_another_name_is_not_told(place):
    """Of the mailbox, written otherwise than it is stored or shared with others: an old history that is imported undoes nothing elsewhere."""
    mum, son, last, address = new_id("mum"), new_id("son"), new_id("last"), f"{new_id('fam').lower()}@tea.example"
    place.send([{"type": "identify", "userId": user, "traits": {"email": address}} for user in (mum, son)] + [{"type": "identify", "userId": last, "traits": {"city": "Madrid"}}])
    ids = {user: place.profile(userId=user)["id"] for user in (mum, son, last)}
    say = lambda **more: ask(place, "POST", "/consents", json={"consents": [{"purpose": "marketing", "channel": "email", **more}]})
    say(email=address.upper(), state="withdrawn", at="2026-06-01T00:00:00Z")
    wait_until(lambda: all(stated(place, ids[user]) for user in (mum, son)), what="the no")
    for user in (mum, son):
        say(userId=user, state="granted", at="2026-03-01T00:00:00Z")
    say(userId=last, state="granted")
    wait_until(lambda: stated(place, ids[last]), what="what was said last")
    assert [[p["state"] for p in stated(place, ids[user])] for user in (mum, son)] == [["withdrawn"]] * 2
    say(userId=son, state="granted", at="2026-06-02T00:00:00Z")
    wait_until(lambda: len(stated(place, ids[son])) == 2, what="a later yes")


def test_of_one_file_the_last_that_is_told_is_what_is_in_force(place):
    """A history is exported newest first as often as not, and a file may say two things of one moment."""
    newest, moment = new_id("newest"), new_id("moment")
    place.send([{"type": "identify", "userId": user, "traits": {"city": "Madrid"}} for user in (newest, moment)])
    csv = "userId,purpose,state,at\n" + f"{newest},marketing,withdrawn,2026-06-01T00:00:00Z\n{newest},marketing,granted,2025-01-01T00:00:00Z\n{moment},marketing,withdrawn,\n{moment},marketing,granted,\n"
    assert place.call("POST", "/api/v1/consents", data=csv, headers={"Content-Type": "text/csv"}).json()["recorded"] == 4
    for user in (newest, moment):
        profile = place.profile(userId=user)["id"]
        wait_until(lambda: stated(place, profile), what="what was said")
        assert [p["state"] for p in stated(place, profile)] == ["withdrawn"]
        assert ask(place, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing"})["reason"] == "withdrawn"


@pytest.mark.parametrize("stored, said", [("{}@tea.example", "{}@TEA.example"), ("{}@tea.example", " {} @tea.example".replace("} ", "}")), ("{U}@Tea.example", "{}@tea.example"), ("{}@münchen.example", "{}@xn--mnchen-3ya.example"), ("{}@xn--mnchen-3ya.example", "{U}@münchen.example")])
def test_who_leaves_by_an_address_that_is_written_otherwise_is_told_of(place, stored, said):
    user = new_id("ada").lower()
    form = lambda text: text.replace("{U}", user.upper()).replace("{}", user)
    place.send([{"type": "identify", "userId": user, "traits": {"email": form(stored)}}])
    profile = place.profile(userId=user)["id"]
    csv = f"email,purpose,channel,state\n{form(said)},marketing,email,withdrawn\n"
    assert place.call("POST", "/api/v1/consents", data=csv.encode(), headers={"Content-Type": "text/csv"}).json()["recorded"] == 1
    wait_until(lambda: stated(place, profile), what="what was said")
    assert brief(stated(place, profile)) == [("marketing", "email", "", None, "withdrawn", "import")]


def test_an_objection_is_told_of_everyone_with_whom_it_stands(place):
    """Whoever has the mailbox, but not who said yes themselves since; and each id of people who are taken for one."""
    mum, son, guest, address = new_id("mum"), new_id("son"), new_id("guest"), f"{new_id('family').lower()}@tea.example"
    place.send([{"type": "identify", "userId": user, "traits": {"email": address}} for user in (mum, son, guest)])
    ids = {user: place.profile(userId=user)["id"] for user in (mum, son, guest)}
    say = lambda state, **more: ask(place, "POST", "/consents", json={"consents": [{"purpose": "marketing", "channel": "email", "state": state, **more}]})
    states = lambda user: sorted(p["state"] for p in stated(place, ids[user]))
    say("granted", userId=son, at="2026-01-01T00:00:00Z")
    say("granted", userId=guest)
    say("withdrawn", email=address.upper(), at="2026-06-01T00:00:00Z")
    wait_until(lambda: states(mum) and len(states(son)) == 2, what="what was said")
    assert (states(mum), states(son), states(guest)) == (["withdrawn"], ["granted", "withdrawn"], ["granted"])
    # One who leaves by their own link leaves for the mailbox, and a yes of theirs is nobody else's.
    say("granted", userId=mum)
    wait_until(lambda: len(states(mum)) == 2, what="a yes")
    link = ask(place, "POST", f"/profiles/{ids[mum]}/preference-link", json={"purpose": "marketing", "channel": "email"})
    assert requests.post(place.url + "/" + link["unsubscribe"].split("/", 3)[3], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    wait_until(lambda: len(states(guest)) == 2 and len(states(mum)) == 3, what="one click")
    assert (states(mum), states(guest)) == (["granted", "withdrawn", "withdrawn"], ["granted", "withdrawn"]) and states(son).count("granted") == 1
    one, two = new_id("Una"), new_id("Duo")
    place.send([{"type": "identify", "userId": user, "traits": {"city": "Madrid"}} for user in (one, two)])
    place.profile(userId=one), place.profile(userId=two)
    merged = ask(place, "POST", "/links", 201, json={"kind": "merge", "first": {"type": "userId", "value": one}, "second": {"type": "userId", "value": two}})
    wait_until(lambda: place.profile(userId=one)["id"] == place.profile(userId=two)["id"], what="the merge")
    say("withdrawn", userId=two)
    names = lambda: sorted(e["userId"] for e in place.api(f"/api/v1/profiles/{place.profile(userId=one)['id']}/events", limit=100)["events"] if e.get("event") == "Consent Stated")
    wait_until(lambda: len(names()) == 2, what="what stands with both")
    assert names() == sorted([one, two]), merged


def test_a_statement_makes_nobody(place):
    users = [new_id("never") for _ in range(20)]
    known = new_id("known")
    place.send([{"type": "identify", "userId": known, "traits": {"city": "Madrid"}}])
    csv = "userId,purpose,state\n" + "".join(f"{user},marketing,withdrawn\n" for user in users + [known])
    assert place.call("POST", "/api/v1/consents", data=csv, headers={"Content-Type": "text/csv"}).json()["recorded"] == 21
    wait_until(lambda: len(stated(place, place.profile(userId=known)["id"])) == 1, what="what the last of them said")
    assert [place.call("GET", f"/api/v1/profiles/lookup?userId={user}").status_code for user in users] == [404] * 20
    assert ask(place, "POST", "/consents/decide", json={"userId": users[0], "purpose": "marketing"})["reason"] == "withdrawn"


def test_nobody_else_can_write_it(place):
    """Whoever has the public write key tells destinations and journeys nothing about consent."""
    user = new_id("forged")
    place.send([{"type": "identify", "userId": user, "traits": {"city": "Madrid"}}])
    profile = place.profile(userId=user)["id"]
    forged = {"type": "track", "userId": user, "event": "Consent Stated", "properties": {"purpose": "marketing", "state": "granted", "source": "person"}}
    answer = place.post_batch([forged, {"type": "track", "userId": user, "event": "Consent  Stated"}])
    assert answer.status_code == 200, answer.text
    waiting = wait_until(lambda: [e for e in place.api("/api/v1/quarantine", limit=50)["rejected"] if "event.name-reserved" in str(e)], what="quarantine")
    assert len(waiting) == 1
    wait_until(lambda: [e["event"] for e in place.api(f"/api/v1/profiles/{profile}/events", limit=100)["events"] if e["type"] == "track"] == ["Consent  Stated"], what="the other event")


def test_who_is_erased_while_a_file_is_taken_in_does_not_come_back(place):
    user, others = new_id("erased"), [new_id("other") for _ in range(1500)]
    place.send([{"type": "identify", "userId": one, "traits": {"city": "Madrid"}} for one in others[:499] + [user]])
    profile = place.profile(userId=user)["id"]
    csv = "userId,purpose,state\n" + "".join(f"{one},marketing,granted\n" for one in others + [user])
    assert place.call("POST", "/api/v1/consents", data=csv, headers={"Content-Type": "text/csv"}).status_code == 200
    assert place.call("POST", "/api/v1/privacy/erasures", json={"userId": user}).status_code < 300
    wait_until(lambda: len(stated(place, place.profile(userId=others[498])["id"])) == 1, 30, what="what the others said")
    last = new_id("last")
    place.send([{"type": "identify", "userId": last, "traits": {"city": "Madrid"}}])
    ask(place, "POST", "/consents", json={"consents": [{"userId": last, "purpose": "marketing", "state": "granted"}]})
    wait_until(lambda: len(stated(place, place.profile(userId=last)["id"])) == 1, what="what was said last")
    assert place.call("GET", f"/api/v1/profiles/lookup?userId={user}").status_code == 404
    assert place.call("GET", f"/api/v1/profiles/{profile}").status_code == 404


def test_what_is_said_while_the_log_cannot_be_written_is_told_later_and_once():
    """A full disk, and then a crash before the log takes it: the statement is in force at once, and in the log when it can be."""
    martlet = Martlet(args=LOCAL)
    shim = Shim(martlet)
    martlet.start()
    try:
        user = new_id("full")
        martlet.send([{"type": "identify", "userId": user, "traits": {"city": "Madrid"}}])
        profile = martlet.profile(userId=user)["id"]
        link = ask(martlet, "POST", f"/profiles/{profile}/preference-link", json={"purpose": "marketing", "channel": "email"})["unsubscribe"].split("/", 3)[3]
        click = lambda: requests.post(martlet.url + "/" + link, data={"List-Unsubscribe": "One-Click"}).status_code
        shim.only, shim.write_errno = LOG_FILES_ONLY, errno.ENOSPC
        assert click() == 200
        assert ask(martlet, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing", "channel": "email"})["reason"] == "withdrawn"
        assert stated(martlet, profile) == []
        martlet.kill9()
        shim.only = shim.write_errno = 0
        martlet.start()
        wait_until(lambda: len(stated(martlet, profile)) == 1, what="what was said before the crash")
        assert click() == 200
        ask(martlet, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "offers", "state": "granted"}]})
        wait_until(lambda: len(stated(martlet, profile)) == 2, what="what was said behind it")
        assert sorted(p[4:] for p in brief(stated(martlet, profile))) == [("granted", "api"), ("withdrawn", "one-click")]
    finally:
        martlet.close()
