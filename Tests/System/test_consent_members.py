"""Consent as a member of an account: a yes ends with the membership, and the preference page shows the accounts that a person acts for."""
import re
import time

import pytest
import requests

from harness import Martlet, new_id, wait_until
from test_consent import ask, may, opened, person, say
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


# MARK: - The page

def fields(page):
    return set(re.findall(r'name="(c[^"]*)"', page)), re.findall(r'name="(g[^"]*)"', page)


def save(url, html, *ticked, **more):
    """As a browser sends it."""
    return requests.post(url, data={"intent": "save", **{name: "shown" for name in fields(html)[1]}, **{name: "yes" for name in ticked}, **more}, timeout=10)


def test_the_preference_page_shows_whom_they_act_for_and_nobody_whom_they_left(place):
    (user, profile), acme, left, spoken, silent = person(place), new_id("acme"), new_id("left"), new_id("spoken"), new_id("silent")
    url = opened(place, profile)
    for account in (acme, left, silent):
        group(place, user, account)
    say(place, "granted", user, account=left)
    say(place, "withdrawn", user, account=spoken)
    group(place, user, left, "left")
    page = requests.get(url, timeout=10).text
    assert [name in page for name in (acme, silent, spoken, left)] == [True, True, True, False] and "checked" not in page
    assert left not in requests.get(opened(place, profile, account=left), timeout=10).text, "not by its own link either"
    # A yes for all of them is one for each, and they can say no to one of them.
    say(place, "granted", user, account="*")
    page = requests.get(url, timeout=10).text
    assert page.count(" checked") == 3 * 4, "themselves, and both; of the third they said no"
    part = page[page.index(f"As a member of {acme}"):].split("</fieldset></fieldset>")[0]
    gone = fields(part)[0]
    assert len(gone) == 4
    save(url, page, *(fields(page)[0] - gone - fields(page[page.index(f"As a member of {spoken}"):].split("</fieldset></fieldset>")[0])[0]))
    assert may(place, user, account=acme)["reason"] == "withdrawn" and may(place, user, account=silent)["permitted"] and may(place, user)["permitted"]


def test_what_the_page_did_not_show_is_not_changed_by_it(place):
    (user, profile), first, later = person(place), new_id("a"), new_id("a")
    url = opened(place, profile)
    group(place, user, first)
    say(place, "granted", user, account="*")
    page = requests.get(url, timeout=10).text
    # While it is open, they join one whose name comes first and leave the other.
    group(place, user, "a-" + later)
    group(place, user, first, "left")
    save(url, page, *fields(page)[0] - {"c0-0-0"})
    assert may(place, user, account="a-" + later)["permitted"] and may(place, user)["reason"] == "withdrawn"


def test_every_account_can_be_chosen_however_many_they_are(place):
    user, profile = person(place)
    accounts = [f"{new_id('many')}-{number:02}" for number in range(23)]
    for account in accounts:
        group(place, user, account)
    url = opened(place, profile)
    pages = [requests.get(f"{url}?page={number}", timeout=10).text for number in (1, 2, 3, 9)]
    shown = [[account for account in accounts if account in page] for page in pages]
    assert [len(part) for part in shown] == [10, 10, 3, 3] and sorted(sum(shown[:3], [])) == sorted(accounts)
    assert "More accounts" in pages[0] and "Accounts before" in pages[2] and "More accounts" not in pages[2]
    last = shown[2][-1]
    own = fields(pages[2][pages[2].index(last):].split("</fieldset></fieldset>")[0])[0]
    saved = save(url, pages[2], *own, page="3")
    assert last in saved.text and "Saved." in saved.text and saved.text.count(" checked") == 4
    assert may(place, user, account=last)["permitted"] and may(place, user, account=shown[0][0])["reason"] == "unknown"
