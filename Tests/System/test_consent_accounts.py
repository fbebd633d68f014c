"""Accounts that turned out to be one are one in consent, too: no yes for one of them makes a yes of a no for the other, and what is said while they are one counts for both."""
import pytest
import requests

from harness import Martlet, new_id, wait_until
from test_consent import ask


@pytest.fixture(scope="module")
def shop():
    martlet = Martlet(args=["--mail-catcher", "0"])
    martlet.start()
    ask(martlet, "PATCH", "/channels/email", json={"from": {"address": "shop@wren.example"}, "host": "catcher"})
    ask(martlet, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": {"subject": "Hello", "html": "<p>Hello</p>"}})
    yield martlet
    martlet.close()


def member(shop, *accounts):
    user = new_id("lea")
    shop.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@tea.example"}}] + [{"type": "group", "userId": user, "groupId": account, "traits": {"name": account}} for account in accounts])
    shop.profile(userId=user)
    return user


def pair(shop):
    accounts = [new_id("acme"), new_id("crm")]
    shop.send([{"type": "group", "userId": new_id("other"), "groupId": account, "traits": {"name": account}} for account in accounts])
    return accounts


def same(shop, *accounts):
    return ask(shop, "POST", "/match/accounts/answer", 201, json={"accounts": list(accounts), "answer": "same"})["id"]


def says(shop, user, state, account, **more):
    ask(shop, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": state, "account": account, **more}]})


def may(shop, user, *accounts):
    return [ask(shop, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing", "channel": "email", "account": account})["reason"] for account in accounts]


def sent(shop, user, account):
    key = ask(shop, "POST", "/messages", 202, json={"userId": user, "template": "hello", "channel": "email", "purpose": "marketing", "account": account})["key"]
    told = wait_until(lambda: (found := shop.call("GET", f"/api/v1/messages/{key}")) and found.status_code == 200 and found.json()["state"] in ("sent", "refused") and found.json(), what="its end")
    return "" if told["state"] == "sent" else told["reason"]


def test_a_no_for_one_of_them_is_heard_for_both_until_somebody_says_yes(shop):
    acme, crm = pair(shop)
    lea = member(shop, crm)
    says(shop, lea, "granted", "*")
    says(shop, lea, "withdrawn", crm)
    assert may(shop, lea, acme, crm) == ["not-a-member", "withdrawn"]
    link = same(shop, acme, crm)
    assert may(shop, lea, acme, crm) == ["withdrawn"] * 2
    assert sent(shop, lea, acme) == "delivery.consent-withdrawn"
    says(shop, lea, "granted", acme)
    assert may(shop, lea, acme, crm) == ["granted"] * 2 and sent(shop, lea, crm) == ""
    shop.kill9()
    shop.start()
    assert may(shop, lea, acme, crm) == ["granted"] * 2
    ask(shop, "POST", f"/links/{link}/undo", json={})
    assert may(shop, lea, acme, crm) == ["not-a-member", "withdrawn"], "what was said of each before stands again"


def test_a_yes_of_before_answers_no_no_of_the_other(shop):
    acme, crm = pair(shop)
    lea = member(shop, acme, crm)
    says(shop, lea, "withdrawn", crm)
    says(shop, lea, "granted", acme)
    assert may(shop, lea, acme, crm) == ["granted", "withdrawn"]
    link = same(shop, acme, crm)
    assert may(shop, lea, acme, crm) == ["withdrawn"] * 2
    ask(shop, "POST", f"/links/{link}/undo", json={})
    assert may(shop, lea, acme, crm) == ["granted", "withdrawn"]


def test_one_click_and_the_page_are_about_both(shop):
    acme, crm = pair(shop)
    lea = member(shop, acme, crm)
    says(shop, lea, "granted", acme)
    assert may(shop, lea, acme, crm) == ["granted", "unknown"]
    link = same(shop, acme, crm)
    assert may(shop, lea, acme, crm) == ["granted"] * 2
    made = ask(shop, "POST", f"/profiles/{shop.profile(userId=lea)['id']}/preference-link", json={"purpose": "marketing", "channel": "email", "account": crm})
    page = shop.http.get(shop.url + "/" + made["preferences"].split("/", 3)[3]).text
    assert (acme in page) != (crm in page), "one account, by one name"
    assert shop.http.post(shop.url + "/" + made["unsubscribe"].split("/", 3)[3], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert may(shop, lea, acme, crm) == ["withdrawn"] * 2 and sent(shop, lea, acme) == "delivery.consent-withdrawn"
    ask(shop, "POST", f"/links/{link}/undo", json={})
    assert may(shop, lea, acme, crm) == ["withdrawn"] * 2, "a no from that time stays with both"


def test_how_often_is_said_and_counted_for_both(shop):
    acme, crm = pair(shop)
    lea = member(shop, acme, crm)
    says(shop, lea, "granted", "*")
    says(shop, lea, "granted", crm, frequency="weekly")
    same(shop, acme, crm)
    assert sent(shop, lea, acme) == "" and sent(shop, lea, crm) == sent(shop, lea, acme) == "delivery.frequency"
    max_ = member(shop, acme)
    says(shop, max_, "granted", "*")
    policy = ask(shop, "GET", "/sending-policy")
    ask(shop, "PUT", "/sending-policy", json={**policy, "caps": [{"name": "one", "limit": 1, "hours": 24, "per": ["context"]}]})
    assert sent(shop, max_, acme) == "" and sent(shop, max_, crm) == "delivery.capped"
    ask(shop, "PUT", "/sending-policy", json={**policy, "caps": []})


def test_a_complaint_by_its_mark_alone_is_heard_for_whoever_has_the_mailbox(shop):
    mum, son = member(shop), new_id("son")
    address = f"{mum}@tea.example"
    shop.send([{"type": "identify", "userId": son, "traits": {"email": address}}])
    for user in (mum, son):
        ask(shop, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": "granted"}]})
    key = ask(shop, "POST", "/messages", 202, json={"userId": son, "template": "hello", "channel": "email", "purpose": "marketing"})["key"]
    told = wait_until(lambda: (found := shop.call("GET", f"/api/v1/messages/{key}")) and found.status_code == 200 and found.json()["state"] == "sent" and found.json(), what="the mail")
    shop.send([{"type": "identify", "userId": son, "traits": {"email": f"{son}@tea.example"}}])
    wait_until(lambda: shop.profile(userId=son)["traits"]["email"] == f"{son}@tea.example", what="the new mailbox")
    complaint = {"events": [{"kind": "complaint", "messageId": told["receipt"]}]}
    assert ask(shop, "POST", "/channels/email/bounces", json=complaint)["events"][0]["verdict"] == "complaint"
    suppressed = lambda text: ask(shop, "POST", "/suppressions/lookup", json={"address": text})["suppressed"]
    assert suppressed(address) and not suppressed(f"{son}@tea.example")
    # Handed in again it says nothing new.
    assert shop.call("DELETE", "/api/v1/suppressions", json={"address": address}).status_code == 200
    assert ask(shop, "POST", "/channels/email/bounces", json=complaint)["events"][0]["verdict"] == "complaint"
    assert not suppressed(address)
    # A mark of ours whose mailbox is nobody's any more, and one that is none.
    shop.call("POST", "/api/v1/privacy/erasures", json={"userId": mum})
    mark = told["receipt"]
    for traces in (mark, mark[:20] + ("b" if mark[20] == "a" else "a") + mark[21:]):
        assert ask(shop, "POST", "/channels/email/bounces", json={"events": [{"kind": "complaint", "messageId": traces}]})["events"][0]["verdict"] == "ignored"


def test_who_objects_to_being_counted_is_no_listed_member_from_then_on(shop):
    user, plan = member(shop), new_id("plan")
    shop.send([{"type": "identify", "userId": user, "traits": {"plan": plan}}])
    segment = ask(shop, "POST", "/segments", 201, json={"name": plan, "condition": f'plan = "{plan}"'})
    listed = lambda: ask(shop, "GET", f"/segments/{segment['id']}/members")["members"]
    wait_until(lambda: len(listed()) == 1, what="the member")
    for state, count in (("withdrawn", 0), ("granted", 1)):
        ask(shop, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "analytics", "state": state}]})
        wait_until(lambda: len(listed()) == count, seconds=5, what=f"{count} members")
        wait_until(lambda: ask(shop, "GET", f"/segments/{segment['id']}")["size"] == count, seconds=5, what="the size")


@pytest.mark.parametrize("how", ["click", "stop"])
def test_who_leaves_while_accounts_are_one_has_left_both_when_they_part(shop, how):
    """Also by a link of the account that they had left before."""
    acme, crm = pair(shop)
    lea = member(shop, acme, crm)
    says(shop, lea, "granted", acme)
    says(shop, lea, "withdrawn", crm)
    link = ask(shop, "POST", f"/profiles/{shop.profile(userId=lea)['id']}/preference-link", json={"purpose": "marketing", "channel": "email", "account": crm})
    click = lambda: requests.post(shop.url + "/" + link["unsubscribe"].split("/", 3)[3], data={"List-Unsubscribe": "One-Click"}).status_code
    assert click() == 200
    joined = same(shop, acme, crm)
    if how == "click":
        assert click() == 200
    else:
        assert requests.post(shop.url + "/" + link["preferences"].split("/", 3)[3], data={"intent": "stop"}).status_code == 200
    ask(shop, "POST", f"/links/{joined}/undo", json={})
    wait_until(lambda: may(shop, lea, acme, crm) == ["withdrawn"] * 2, what="both")


def test_who_saves_a_page_without_a_tick_while_two_are_taken_for_one_gets_nothing_when_they_part(shop):
    una, duo = member(shop), member(shop)
    personal = lambda user, state: ask(shop, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": state}]})
    personal(una, "granted")
    personal(duo, "withdrawn")
    profile = shop.profile(userId=una)["id"]
    link = ask(shop, "POST", f"/profiles/{profile}/preference-link", json={})
    joined = ask(shop, "POST", "/links", 201, json={"kind": "merge", "first": {"type": "userId", "value": una}, "second": {"type": "userId", "value": duo}})["id"]
    reason = lambda user: ask(shop, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing", "channel": "email"})["reason"]
    wait_until(lambda: reason(una) == "withdrawn", what="the merge")
    assert requests.post(shop.url + "/" + link["preferences"].split("/", 3)[3], data={"intent": "save"}, allow_redirects=False).status_code == 303
    ask(shop, "POST", f"/links/{joined}/undo", json={})
    wait_until(lambda: shop.profile(userId=una)["id"] != shop.profile(userId=duo)["id"], what="the undo")
    assert [reason(una), reason(duo)] == ["withdrawn"] * 2
