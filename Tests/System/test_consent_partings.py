"""Consent of people who are known by several identifiers, who are taken for one and part again: what one says is one history, and nobody else's."""
import time
from contextlib import closing

import pytest

from harness import Martlet, contents, new_id, wait_until
from test_consent import ask
from test_partings import link, person
from webhook_sink import Sink


@pytest.fixture(scope="module")
def shop():
    martlet = Martlet(args=["--mail-catcher", "0", "--allow-private-destinations"])
    martlet.start()
    ask(martlet, "PATCH", "/channels/email", json={"from": {"address": "shop@wren.example"}, "host": "catcher"})
    ask(martlet, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": {"subject": "{{ code }}", "html": "<p>Hello</p>"}})
    yield martlet
    martlet.close()


def says(shop, state, purpose="marketing", evidence=None, **whom):
    assert ask(shop, "POST", "/consents", json={"consents": [{**whom, "purpose": purpose, "state": state, **(evidence or {})}]})["recorded"] == 1


def may(shop, purpose="marketing", **whom):
    return ask(shop, "POST", "/consents/decide", json={**whom, "purpose": purpose, "channel": "email"})["reason"]


def undo(shop, made):
    ask(shop, "POST", f"/links/{made['id']}/undo", json={})


def counted(shop, name):
    return ask(shop, "POST", "/segments/preview", json={"condition": f'did "{name}"'})["count"]


def post(shop, address, form):
    answer = shop.call("POST", "/" + address.split("/", 3)[3], data=form, headers={"Content-Type": "application/x-www-form-urlencoded"}, allow_redirects=False)
    assert answer.status_code in (200, 303), answer.text


def links(shop, **whom):
    return ask(shop, "POST", f"/profiles/{shop.profile(**whom)['id']}/preference-link", json={"purpose": "marketing", "channel": "email"})


def sent(shop, user, code):
    """What becomes of a marketing mail: its reason, empty where it went."""
    key = ask(shop, "POST", "/messages", 202, json={"userId": user, "template": "hello", "channel": "email", "purpose": "marketing", "data": {"code": code}})["key"]
    told = wait_until(lambda: (found := shop.call("GET", f"/api/v1/messages/{key}")) and found.status_code == 200 and found.json()["state"] in ("sent", "refused") and found.json(), what="its end")
    return "" if told["state"] == "sent" else told["reason"]


@pytest.mark.parametrize("no, yes", [("email", "email"), ("userId", "email"), ("email", "userId"), ("anonymousId", "userId"), ("userId", "event"), ("event", "email")])
@pytest.mark.parametrize("purpose", ["service", "analytics"])
def test_a_later_yes_counts_wherever_one_said_it(shop, purpose, no, yes):
    event, device = new_id("Tasted"), new_id("tablet")
    user = person(shop, "Ada", device)
    whom = {"userId": user, "anonymousId": device, "email": f"{user}@tea.example"}
    shop.send([{"type": "track", "event": event, "userId": user}])

    def say(state, how):
        if how != "event": return says(shop, state, purpose, **{how: whom[how]})
        shop.send([{"type": "track", "event": "Chosen", "userId": user, "anonymousId": device, "context": {"consent": {"statements": [{"purpose": purpose, "state": state}]}}}])

    def stands():
        found = shop.call("GET", "/api/v1/profiles/lookup", params={"userId": user})
        return (found.status_code, counted(shop, event))

    assert stands() == (200, 1)
    say("withdrawn", no)
    assert may(shop, purpose, userId=user) == "withdrawn" and stands() == ((404, 1) if purpose == "service" else (200, 0))
    say("granted", yes)
    assert may(shop, purpose, userId=user) == "granted" and stands() == (200, 1)
    say("withdrawn", no)
    assert stands() == ((404, 1) if purpose == "service" else (200, 0))


def test_who_objected_before_objects_again_once_they_part(shop):
    event, tablet = new_id("Tasted"), new_id("tablet")
    no = {"context": {"consent": {"statements": [{"purpose": purpose, "state": "withdrawn"} for purpose in ("analytics", "sharing")]}}}
    shop.send([{"type": "track", "event": event, "anonymousId": tablet, **no}])
    user = person(shop, "Ada", tablet)
    for purpose in ("analytics", "sharing"): says(shop, "granted", purpose, userId=user)
    assert counted(shop, event) == 1 and not shop.profile(userId=user)["optedOutOfSharing"]
    link(shop, "unmerge", tablet)
    assert counted(shop, event) == 0 and shop.profile(anonymousId=tablet)["optedOutOfSharing"] and not shop.profile(userId=user)["optedOutOfSharing"]


def test_a_pause_is_ones_own(shop):
    una, duo = person(shop, "Una"), person(shop, "Duo")
    for user in (una, duo): says(shop, "granted", userId=user)
    post(shop, links(shop, userId=duo)["preferences"], {"intent": "pause-30"})
    assert may(shop, userId=duo) == "paused"
    merged = link(shop, "merge", una, duo)
    assert may(shop, userId=una) == "paused"
    post(shop, links(shop, userId=una)["preferences"], {"intent": "resume"})
    assert may(shop, userId=duo) == "granted", "they are one, and go on"
    undo(shop, merged)
    assert (may(shop, userId=una), may(shop, userId=duo)) == ("granted", "paused") and sent(shop, duo, "x") == "delivery.consent-paused"


def test_how_we_know_goes_with_whom_it_names(shop):
    una, duo, mark = person(shop, "Una"), person(shop, "Duo"), new_id("letter")
    merged = link(shop, "merge", una, duo)
    says(shop, "withdrawn", userId=una, evidence={"proof": mark, "wording": mark})
    assert [said["proof"] for said in ask(shop, "GET", f"/profiles/{shop.profile(userId=una)['id']}/consents")["consents"]] == [mark]
    assert ask(shop, "POST", "/consents/decide", json={"userId": duo, "purpose": "marketing", "channel": "email"})["statement"]["proof"] == mark
    undo(shop, merged)
    ask(shop, "POST", "/privacy/erasures", 200, json={"userId": una})
    said = ask(shop, "GET", f"/profiles/{shop.profile(userId=duo)['id']}/consents")["consents"]
    assert [(one["state"], one["proof"], one["wording"]) for one in said] == [("withdrawn", "", "")]
    assert not any(mark.encode() in content for _, content in contents(shop.data))


def test_a_browsers_signal_is_heard_again_after_a_yes(shop):
    """FAULTS 56: whatever identifier the yes was said under."""
    device = new_id("tablet")
    user = person(shop, "Ada", device)

    def signal(): shop.send([{"type": "track", "event": "x", "anonymousId": device, "context": {"gpc": True}, "messageId": new_id("g")}])

    signal()
    assert may(shop, "sharing", userId=user) == "withdrawn"
    for whom in ({"userId": user}, {"email": f"{user}@tea.example"}, {"anonymousId": device}):
        says(shop, "granted", "sharing", **whom)
        assert may(shop, "sharing", userId=user) == "granted" and not shop.profile(userId=user)["optedOutOfSharing"]
        signal()
        assert may(shop, "sharing", userId=user) == "withdrawn" and shop.profile(userId=user)["optedOutOfSharing"]


def test_who_leaves_by_a_mail_has_left_also_when_the_device_was_taken_from_them(shop):
    tablet, address = new_id("tablet"), f"{new_id('ada')}@tea.example"
    shop.send([{"type": "identify", "anonymousId": tablet, "traits": {"email": address}}])
    says(shop, "granted", email=address)
    made = links(shop, anonymousId=tablet)
    ada = new_id("ada")
    shop.send([{"type": "identify", "userId": ada, "anonymousId": tablet, "traits": {"email": address}}])
    link(shop, "unmerge", tablet)
    assert may(shop, userId=ada) == "granted"
    post(shop, made["unsubscribe"], {"List-Unsubscribe": "One-Click"})
    assert may(shop, userId=ada) == "withdrawn" and sent(shop, ada, "x") == "delivery.consent-withdrawn"


def test_whoever_has_the_mailbox_leaves_by_its_mail(shop):
    una, duo = person(shop, "Una"), person(shop, "Duo")
    for user in (una, duo): says(shop, "granted", userId=user)
    merged = link(shop, "merge", una, duo)
    made = links(shop, userId=una)
    undo(shop, merged)
    post(shop, made["unsubscribe"], {"List-Unsubscribe": "One-Click"})
    # The mail went to the address of one of them: of whoever reads it and whoever it was for, nobody hears any more.
    assert {may(shop, userId=una), may(shop, userId=duo)} == {"withdrawn"}


@pytest.mark.parametrize("address", ["{}@tea.example", "{}@münchen.example"])
def test_the_page_shows_what_the_mailbox_refuses_and_a_yes_there_counts(shop, address):
    mum, son = new_id("Mum"), new_id("Son")
    address = address.format(mum.lower())
    shop.send([{"type": "identify", "userId": user, "traits": {"email": address}} for user in (mum, son)])
    says(shop, "granted", userId=son)
    page = links(shop, userId=son)["preferences"]
    look = lambda: shop.call("GET", "/" + page.split("/", 3)[3]).text.count(" checked")
    assert look() > 0
    says(shop, "withdrawn", email=address)
    assert look() == 0 and sent(shop, son, "x") == "delivery.consent-withdrawn"
    post(shop, page, {"intent": "save"} | {f"c0-{topic}-{channel}": "on" for topic in range(9) for channel in range(9)})
    assert look() > 0 and may(shop, userId=mum) == "withdrawn"
    assert ask(shop, "POST", "/consents/decide", json={"userId": son, "purpose": "marketing", "channel": "email", "topic": "offers", "address": address})["permitted"]


def test_one_click_leaves_again_what_was_asked_for_again(shop):
    user = person(shop, "Ada")
    says(shop, "granted", userId=user)
    made = ask(shop, "POST", f"/profiles/{shop.profile(userId=user)['id']}/preference-link", json={"purpose": "marketing"})
    for _ in range(2):
        for _ in range(2): post(shop, made["unsubscribe"], {"List-Unsubscribe": "One-Click"})
        assert ask(shop, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing", "channel": "email", "topic": "offers"})["reason"] == "withdrawn"
        says(shop, "granted", userId=user, evidence={"channel": "email", "topic": "offers"})
        assert ask(shop, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing", "channel": "email", "topic": "offers"})["permitted"]
    assert sum(said["state"] == "withdrawn" for said in ask(shop, "GET", f"/profiles/{shop.profile(userId=user)['id']}/consents")["consents"]) == 2


def test_a_pause_that_was_ended_stays_so_over_leaving_and_coming_back(shop):
    user = person(shop, "Ada")
    says(shop, "granted", userId=user)
    says(shop, "paused", "*", {"until": "2999-01-01T00:00:00Z"}, email=f"{user}@tea.example")
    assert may(shop, userId=user) == "paused"
    post(shop, links(shop, userId=user)["preferences"], {"intent": "resume"})
    assert may(shop, userId=user) == "granted"
    says(shop, "withdrawn", userId=user)
    says(shop, "granted", userId=user)
    assert may(shop, userId=user) == "granted"


def test_the_mail_of_somebody_who_was_erased_is_left_for_its_mailbox(shop):
    mum = person(shop, "Mum")
    son, address = new_id("Son"), f"{mum}@tea.example"
    shop.send([{"type": "identify", "userId": son, "traits": {"email": address}}])
    for user in (mum, son): says(shop, "granted", userId=user)
    made = links(shop, userId=son)
    ask(shop, "POST", "/privacy/erasures", 200, json={"userId": son})
    assert may(shop, userId=mum) == "granted"
    post(shop, made["unsubscribe"], {"List-Unsubscribe": "One-Click"})
    assert may(shop, userId=mum) == "withdrawn" and sent(shop, mum, "x") == "delivery.consent-withdrawn"


@pytest.mark.parametrize("when", ["before", "behind"])
def test_the_mail_of_who_named_the_mailbox_first_and_was_erased_is_left_for_it(shop, when):
    """Nobody can name the address by then, but whoever has it gets nothing more, until they say yes."""
    mum = person(shop, "Mum")
    son, address = new_id("Son"), f"{mum}@tea.example"
    join = lambda: (shop.send([{"type": "identify", "userId": son, "traits": {"email": address}}]), says(shop, "granted", userId=son))
    if when == "before": join()
    says(shop, "granted", userId=mum)
    made = links(shop, userId=mum)
    ask(shop, "POST", "/privacy/erasures", 200, json={"userId": mum})
    if when == "behind": join()
    assert sent(shop, son, "x") == ""
    for _ in range(3): post(shop, made["unsubscribe"], {"List-Unsubscribe": "One-Click"})
    assert sent(shop, son, "x") == "delivery.consent-withdrawn"
    shop.kill9()
    shop.start()
    assert sent(shop, son, "x") == "delivery.consent-withdrawn"
    says(shop, "granted", evidence={"channel": "email"}, userId=son)
    assert sent(shop, son, "x") == ""


@pytest.mark.parametrize("kind", ["unmerge", "never"])
def test_what_is_joined_again_by_taking_a_statement_back_counts_again(shop, kind):
    event, tablet = new_id("Tasted"), new_id("tablet")
    user = person(shop, "Ada", tablet)
    shop.send([{"type": "track", "event": event, "userId": user}])
    made = link(shop, kind, tablet) if kind == "unmerge" else link(shop, kind, user, tablet)
    says(shop, "withdrawn", "analytics", userId=user)
    says(shop, "granted", "analytics", anonymousId=tablet)
    assert counted(shop, event) == 0
    undo(shop, made)
    assert may(shop, "analytics", userId=user) == "granted"
    wait_until(lambda: counted(shop, event) == 1, what="their yes")


def test_who_leaves_everything_has_objected_to_sharing(shop):
    user = person(shop, "Ada")
    says(shop, "withdrawn", "*", userId=user)
    assert may(shop, "sharing", userId=user) == "withdrawn" and shop.profile(userId=user)["optedOutOfSharing"]
    says(shop, "granted", "sharing", userId=user)
    assert may(shop, "sharing", userId=user) == "granted" and not shop.profile(userId=user)["optedOutOfSharing"]


def test_a_destination_hears_once_of_each_who_came_and_left_under_one_id(shop):
    plan = new_id("plan").replace("-", "")
    made = ask(shop, "POST", "/segments", 201, json={"name": plan, "condition": f'{plan} = "gold"'})

    def set_to(value, *users): shop.send([{"type": "identify", "userId": user, "traits": {plan: value}} for user in users])

    with closing(Sink()) as sink:
        ask(shop, "POST", "/destinations", 201, json={"name": plan, "url": sink.url, "events": [], "sources": [], "segments": [made["id"]]})
        told = lambda: [(call.body["type"], call.data["userId"]) for call in list(sink.calls)]
        una, duo, tri = (person(shop, name) for name in ("Una", "Duo", "Tri"))
        set_to("gold", duo)
        wait_until(lambda: told() == [("segment.entered", duo)], what="the first")
        # Taken for one and parted again: neither came nor left.
        undo(shop, link(shop, "merge", una, duo))
        set_to("gold", tri)
        wait_until(lambda: len(told()) > 1, what="another")
        time.sleep(1)
        assert told()[1:] == [("segment.entered", tri)]
        # Who leave while they are taken for one have both left.
        link(shop, "merge", duo, tri)
        set_to("free", duo, tri)
        wait_until(lambda: len(told()) > 3, what="both")
        time.sleep(1)
        assert sorted(told()[2:]) == sorted([("segment.exited", duo), ("segment.exited", tri)])
        # Of several who part at once, each side is told as it is; and who came while they were taken for one who was in it.
        pairs = [(person(shop, "Una"), person(shop, "Duo")) for _ in range(3)]
        merged = [link(shop, "merge", second, first) for first, second in pairs]
        set_to("gold", *(second for _, second in pairs), pairs[2][0])
        wait_until(lambda: len(told()) == 7, what="three who came")
        for made in merged: undo(shop, made)

        def known():
            there = set()
            for what, user in told(): (there.add if what == "segment.entered" else there.discard)(user)
            return there

        everyone = {second for _, second in pairs} | {pairs[2][0]}
        wait_until(lambda: known() == everyone, 40, what="who is in it")
        calls = [call for call in told()[4:]]
        assert len(calls) == len(set(calls)), "nobody is told of twice"


def test_a_yes_counts_that_comes_with_the_event_that_signs_in(shop):
    def chosen(state): return {"context": {"consent": {"statements": [{"purpose": "analytics", "state": state}]}}}

    for _ in range(5):
        event, tablet, user = new_id("Tasted"), new_id("tablet"), new_id("ada")
        shop.send([{"type": "track", "event": event, "anonymousId": tablet, **chosen("withdrawn")}])
        assert counted(shop, event) == 0
        shop.send([{"type": "identify", "userId": user, "anonymousId": tablet, **chosen("granted")}], wait=False)
        # Asked while it is being applied, and once it is.
        counted(shop, event)
        wait_until(lambda: counted(shop, event) == 1, 10, what="their yes")
        assert may(shop, "analytics", userId=user) == "granted"
