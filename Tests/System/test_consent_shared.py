"""Consent of people who share a mailbox or a device, however they write it: nobody's yes is another's, and nothing that was said is lost or told wrongly."""
import datetime
import threading
import time

import pytest
import requests

from harness import Martlet, contents, new_id, wait_until
from test_consent import ask
from test_consent_told import stated
from test_delivery import LOCAL


@pytest.fixture(scope="module")
def place():
    martlet = Martlet(args=LOCAL)
    martlet.start()
    yield martlet
    martlet.close()


def family(place, first, second=None):
    """Two who have one mailbox, each in a spelling."""
    mum, son, name = new_id("mum"), new_id("son"), new_id("fam").lower()
    first, second = first.format(name), (second or first).format(name)
    place.send([{"type": "identify", "userId": user, "traits": {"email": address}} for user, address in ((mum, first), (son, second))])
    return mum, son, first, second


def say(place, state, purpose="marketing", **more):
    return ask(place, "POST", "/consents", json={"consents": [{"purpose": purpose, "state": state, **more}]})


def may(place, user, channel="email", purpose="marketing", **more):
    return ask(place, "POST", "/consents/decide", json={"userId": user, "purpose": purpose, "channel": channel, **more})["reason"]


def forget(place, **whom):
    assert place.call("POST", "/api/v1/privacy/erasures", json=whom).status_code < 300


def verdict(place, event):
    return place.post_batch([{**event, "messageId": new_id()}], verdicts=True, wait=True).json()["verdicts"][0]["status"]


def links(place, user):
    made = ask(place, "POST", f"/profiles/{place.profile(userId=user)['id']}/preference-link", json={})
    return {name: place.url + "/" + made[name].split("/", 3)[3] for name in ("preferences", "unsubscribe")}


@pytest.mark.parametrize("beside", ["email", "anonymousId"])
def test_a_yes_of_who_is_named_is_not_that_of_others_who_have_what_stands_beside_the_name(place, beside):
    mum, son, address, _ = family(place, "{}@tea.example")
    tablet = new_id("tablet")
    place.send([{"type": "identify", "userId": mum, "anonymousId": tablet, "traits": {}}])
    name = {"email": address, "anonymousId": tablet}[beside]
    say(place, "withdrawn", userId=mum)
    say(place, "granted", userId=son, proof="sonsproof", **{beside: name})
    assert may(place, mum, address=address) == "withdrawn" and may(place, mum, "sms") == "withdrawn"
    assert may(place, son, "sms") == "granted"
    history = ask(place, "GET", f"/profiles/{place.profile(userId=mum)['id']}/consents")["consents"]
    assert "sonsproof" not in str(history) and {said["state"] for said in history} == {"withdrawn"}
    csv = f"userId,{beside},purpose,state\n{son},{name},research,granted\n"
    assert place.call("POST", "/api/v1/consents", data=csv, headers={"Content-Type": "text/csv"}).json()["recorded"] == 1
    assert (may(place, mum, purpose="research"), may(place, son, purpose="research")) == ("unknown", "granted")


def test_who_names_their_own_address_says_yes_for_it_too(place):
    user = new_id("ada")
    place.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@tea.example"}}])
    say(place, "granted", userId=user, email=f"{user}@tea.example")
    assert ask(place, "POST", "/consents/decide", json={"email": f"{user}@tea.example", "purpose": "marketing", "channel": "email"})["reason"] == "granted"


def test_a_yes_of_a_clock_that_is_fast_stands_against_no_later_no(place):
    user = new_id("fast")
    place.send([{"type": "identify", "userId": user, "traits": {}}])
    ahead = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=4)).isoformat()
    say(place, "granted", userId=user, at=ahead)
    assert may(place, user) == "granted"
    say(place, "withdrawn", userId=user)
    assert may(place, user) == "withdrawn"
    refused = say(place, "granted", userId=user, at="20260102")
    assert refused["recorded"] == 0 and "1990" in str(refused["refusedLines"]), "digits alone are seconds"


@pytest.mark.parametrize("first, second", [("{}@tea.example", None), ("{}@tea.example", "{}@Tea.example")])
def test_a_pause_of_the_mailbox_outlives_one_of_those_who_share_it(place, first, second):
    mum, son, address, own = family(place, first, second)
    for user in (mum, son):
        say(place, "granted", userId=user)
    say(place, "paused", email=address, until="2099-01-01T00:00:00Z")
    assert may(place, son, address=own) == "paused"
    forget(place, userId=mum)
    wait_until(lambda: place.call("GET", f"/api/v1/profiles/lookup?userId={mum}").status_code == 404, what="the erasure")
    assert may(place, son, address=own) == "paused"
    place.kill9()
    place.start()
    assert may(place, son, address=own) == "paused" and may(place, son, "sms") == "granted"


@pytest.mark.parametrize("spelling", ["Fam{}@Tea.example", "fam{}@münchen.example"])
def test_one_click_of_whoever_named_a_mailbox_second_is_told_of_the_first(place, spelling):
    mum, son, address, _ = family(place, spelling)
    ids = {user: place.profile(userId=user)["id"] for user in (mum, son)}
    for user in (mum, son):
        say(place, "granted", userId=user)
    assert requests.post(links(place, son)["unsubscribe"], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    for user in (mum, son):
        wait_until(lambda: {p["state"] for p in stated(place, ids[user])} == {"granted", "withdrawn"}, what="what was said")


def test_what_is_withdrawn_by_the_link_of_somebody_who_was_erased_is_told_of_who_has_the_mailbox(place):
    mum, son, address, _ = family(place, "{}@tea.example")
    profile = place.profile(userId=son)["id"]
    say(place, "granted", userId=son)
    link = links(place, mum)["unsubscribe"]
    forget(place, userId=mum)
    wait_until(lambda: any(i.get("id") == address for i in place.profile(userId=son)["identifiers"]) or address in str(place.profile(userId=son)["identifiers"]), what="the mailbox")
    assert requests.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert may(place, son, address=address) == "withdrawn"
    wait_until(lambda: sorted(p["state"] for p in stated(place, profile)) == ["granted", "withdrawn"], what="what was said")


def test_an_old_yes_is_no_answer_whatever_else_is_handed_in_with_it(place):
    mum, son, address, _ = family(place, "{}@tea.example")
    profile = place.profile(userId=son)["id"]
    say(place, "withdrawn", email=address, channel="email")
    wait_until(lambda: len(stated(place, profile)) == 1, what="the mailbox")
    csv = f"userId,purpose,channel,state,at\n{son},marketing,email,granted,2026-01-02T00:00:00Z\n{son},research,,withdrawn,2026-03-01T00:00:00Z\n"
    place.call("POST", "/api/v1/consents", data=csv, headers={"Content-Type": "text/csv"})
    wait_until(lambda: len(stated(place, profile)) >= 2, what="the file")
    time.sleep(0.3)
    assert sorted((p["purpose"], p["state"]) for p in stated(place, profile)) == [("marketing", "withdrawn"), ("research", "withdrawn")]


@pytest.mark.parametrize("header, row, code", [
    ("userId,purpose,chanel,state", "u,marketing,email,granted", "consent.columns"), ("userId,purpose,state,state", "u,marketing,withdrawn,granted", "consent.columns"),
    ("userId,user_id,purpose,state", "u,v,marketing,granted", "consent.columns"), ("userId,purpose,state,tpoic", "u,marketing,granted,offers", "consent.columns"), ("userId,purpose,state,remark,shop", "u,marketing,granted,x,y", None),
])
def test_a_column_that_may_have_been_meant_is_not_passed_over(place, header, row, code):
    answer = place.call("POST", "/api/v1/consents", data=f"{header}\n{row}\n", headers={"Content-Type": "text/csv"})
    assert (answer.json()["code"], answer.status_code) == (code, 400) if code else answer.json()["recorded"] == 1


def test_small_things_that_would_be_said_of_others_or_of_more_are_refused(place):
    user, address = new_id("u"), f"{new_id('a')}@tea.example"
    for wrong in ({"userId": 5, "email": address}, {"userId": "x" * 600, "email": address}, {"userId": user, "account": "acme\u0000b"}):
        assert say(place, "granted", **wrong)["recorded"] == 0, wrong
    assert ask(place, "POST", "/consents/decide", json={"email": address, "purpose": "marketing", "channel": "email"})["reason"] != "granted"
    csv = f"userId,purpose,state,proof\n{user},marketing,withdrawn,true\n"
    assert place.call("POST", "/api/v1/consents", data=csv, headers={"Content-Type": "text/csv"}).json()["recorded"] == 1
    assert ask(place, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing", "channel": "email", "asOf": None})["reason"] == "withdrawn"
    place.send([{"type": "track", "event": "X", "userId": user, "context": {"consent": {"categoryPreferences": {"marketing\u0000x": True, "*": True, "": True}}}}])
    assert may(place, user) == "withdrawn" and len(ask(place, "GET", f"/profiles/{place.profile(userId=user)['id']}/consents")["consents"]) == 1
    page = links(place, user)["preferences"]
    answer = requests.post(page, data={"intent": "pause-9999"})
    assert answer.status_code == 400 and "consent.intent" in answer.text


def test_a_statement_under_another_spelling_goes_with_its_person(place):
    user, mark = new_id("ada"), new_id("proofof")
    place.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@tea.example"}}])
    say(place, "granted", email=f" {user.upper()}@TEA.example", proof=mark)
    assert may(place, user) == "granted"
    forget(place, userId=user)
    place.stop()
    assert not [path for path, body in contents(place.data) if mark.encode() in body]
    place.start()
    assert ask(place, "POST", "/consents/decide", json={"email": f"{user.upper()}@TEA.example", "purpose": "marketing", "channel": "email"})["reason"] == "unknown"


@pytest.mark.parametrize("name", ["email", "userId"])
def test_who_is_known_by_what_they_said_alone_can_be_erased(place, name):
    value, mark = (f"{new_id('only')}@tea.example" if name == "email" else new_id("only")), new_id("proofof")
    csv = f"{name},purpose,state,proof\n{value},marketing,granted,{mark}\n"
    assert place.call("POST", "/api/v1/consents", data=csv, headers={"Content-Type": "text/csv"}).json()["recorded"] == 1
    forget(place, **{name: value})
    assert ask(place, "POST", "/consents/decide", json={name: value, "purpose": "marketing", "channel": "email"})["reason"] == "unknown"
    assert place.call("POST", "/api/v1/privacy/erasures", json={name: value}).status_code == 404
    place.stop()
    assert not [path for path, body in contents(place.data) if mark.encode() in body]
    place.start()


@pytest.mark.parametrize("kept, sent", [("{}@münchen.example", "{}@xn--mnchen-3ya.example"), ("{}@xn--mnchen-3ya.example", "{}@MÜNCHEN.example"), ("{}@tea.example", " {}@Tea.example ")])
def test_who_is_kept_out_by_an_address_is_kept_out_in_every_spelling(place, kept, sent):
    user = new_id("ada").lower()
    place.send([{"type": "identify", "userId": user, "traits": {"email": kept.format(user)}}])
    forget(place, userId=user, suppress=True)
    assert verdict(place, {"type": "identify", "userId": new_id("other"), "traits": {"email": sent.format(user)}}) == "suppressed"
    assert say(place, "granted", email=sent.format(user).strip())["recorded"] == 0
    assert place.call("POST", "/api/v1/privacy/suppressions/lookup", json={"email": sent.format(user)}).json()["suppressed"]


@pytest.mark.parametrize("first, second", [("Fam{}@tea.example", "fam{}@tea.example"), ("fam{}@tea.example", "Fam{}@Tea.example")])
def test_keeping_one_out_who_shares_a_mailbox_keeps_nobody_else_out(place, first, second):
    mum, son, _, own = family(place, first, second)
    answer = place.call("POST", "/api/v1/privacy/erasures", json={"userId": mum, "suppress": True}).json()
    assert (answer["suppressed"], answer["notSuppressed"]) == (["userId"], ["email"]), answer
    assert verdict(place, {"type": "track", "event": "Tea Steeped", "userId": son, "context": {"traits": {"email": own}}}) == "accepted"
    assert say(place, "granted", userId=son, email=own)["recorded"] == 1 and may(place, son) == "granted"


def test_a_crash_within_an_erasure_leaves_nothing_of_it(place):
    """The start carries out what was broken off, in every store, and tells so without a name."""
    broken = 0
    for round in range(8):
        user, mark = new_id("gone"), new_id("proofof")
        place.send([{"type": "identify", "userId": user, "anonymousId": f"{user}-device", "traits": {"email": f"{user}@tea.example"}}])
        say(place, "granted", userId=user, proof=mark)
        url, token = place.url, place.token()

        thread = threading.Thread(target=lambda: _quietly(lambda: requests.post(f"{url}/api/v1/privacy/erasures", json={"userId": user}, headers={"Authorization": f"Bearer {token}"}, timeout=10)))
        thread.start()
        time.sleep(0.004 + 0.004 * round)
        place.kill9()
        thread.join()
        place.start()
        if place.call("GET", f"/api/v1/profiles/lookup?userId={user}").status_code == 404:
            broken += 1
            wait_until(lambda: not list((place.data / "workspaces" / "main").glob("erasing*")), what="the rest of the erasure")
            assert ask(place, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing", "channel": "email"})["reason"] in ("unknown", "nobody")
            assert not [path for path, body in contents(place.data) if mark.encode() in body]
    assert broken, "none was broken off behind its beginning"


def _quietly(body):
    try:
        body()
    except requests.RequestException:
        pass


@pytest.mark.parametrize("first, second", [("{}@tea.example", None), ("{}@tea.example", "{}@Tea.example")])
def test_who_leaves_again_after_another_of_the_mailbox_said_yes_has_left(place, first, second):
    """As often as sent: and where nothing has changed since, nothing more is written down."""
    mum, son, address, own = family(place, first, second)
    for user in (mum, son):
        say(place, "granted", userId=user)
    link = links(place, son)["unsubscribe"]
    leave = lambda: time.sleep(0.01) or requests.post(link, data={"List-Unsubscribe": "One-Click"}).status_code
    count = lambda: len(ask(place, "GET", f"/profiles/{place.profile(userId=son)['id']}/consents")["consents"])
    assert leave() == 200 and (may(place, mum, address=address), may(place, son, address=own)) == ("withdrawn", "withdrawn")
    before = count()
    assert leave() == leave() == 200 and count() == before
    time.sleep(0.01)
    say(place, "granted", userId=mum, channel="email")
    assert may(place, mum, address=address) == "granted" and may(place, son, address=own) == "withdrawn"
    assert leave() == 200 and (may(place, mum, address=address), may(place, son, address=own)) == ("withdrawn", "withdrawn")
    before = count()
    assert leave() == 200 and count() == before
