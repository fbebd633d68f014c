"""What was decided for somebody stays theirs when people part: whoever was taken for one with somebody else, or shared a device, gets their own messages and nobody else's."""
import datetime
import re
import time

import pytest

from harness import Martlet, contents, new_id, wait_until
from test_consent import ask
from test_email_messages import BROWSER


@pytest.fixture(scope="module")
def shop():
    martlet = Martlet(args=["--mail-catcher", "0"])
    martlet.start()
    ask(martlet, "PATCH", "/channels/email", json={"from": {"address": "shop@wren.example"}, "host": "catcher"})
    parts = {"subject": "{{ code }}{{ event.properties.cart }} for {{ profile.firstName }}", "html": "<p>Hello</p>"}
    ask(martlet, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": parts})
    yield martlet
    martlet.close()


def person(shop, name, device=None):
    user = new_id(name)
    shop.send([{"type": "identify", "userId": user, **({"anonymousId": device} if device else {}), "traits": {"firstName": name, "email": f"{user}@tea.example"}}])
    return user


def track(shop, event, user, **properties):
    shop.send([{"type": "track", "event": event, "userId": user, "properties": properties, "messageId": new_id("e")}])


def link(shop, kind, *whom):
    names = [{"type": "userId" if not name.startswith("tablet") else "anonymousId", "value": name} for name in whom]
    return ask(shop, "POST", "/links", 201, json=dict(zip(["first", "second"], names), kind=kind))


def journey(shop, yaml):
    made = ask(shop, "POST", "/journeys", 201, json={"yaml": yaml})
    ask(shop, "POST", f"/journeys/{made['id']}/start")
    return made["id"]


def later(seconds):
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)).isoformat()


def message(shop, user, code, **more):
    return ask(shop, "POST", "/messages", 202, json={"userId": user, "template": "hello", "channel": "email", "data": {"code": code}, **more})["key"]


def mails(shop, user):
    return sorted(mail["subject"] for mail in shop.api("/api/v1/mail-catcher")["mails"] if mail["to"] == [f"{user}@tea.example"])


def runs(shop, user):
    return ask(shop, "GET", f"/journeys/runs?userId={user}")["runs"]


def test_what_waits_for_somebody_on_a_shared_device_is_nobody_elses(shop):
    tablet, cart = new_id("tablet"), new_id("cart")
    shop.send([{"type": "track", "event": "Browsed", "anonymousId": tablet}])
    ada, bob = person(shop, "Ada", tablet), person(shop, "Bob", tablet)
    made = journey(shop, f"name: {cart}\ntrigger: {{event: '\"{cart}\"'}}\nsteps: [{{wait: 4 seconds}}, {{message: hello, channel: email, purpose: service}}]")
    message(shop, ada, "asked", notBefore=later(4))
    track(shop, cart, ada, cart="filled")
    wait_until(lambda: runs(shop, ada), what="a run")
    link(shop, "unmerge", tablet)
    assert [run["journey"] for run in runs(shop, ada)] == [made]
    wait_until(lambda: len(mails(shop, ada)) == 2, 20, what="two mails")
    assert mails(shop, ada) == ["asked for Ada", "filled for Ada"] and mails(shop, bob) == []


def test_what_was_decided_while_two_were_taken_for_one_is_for_whom_it_was_meant(shop):
    una, duo, cart = person(shop, "Una"), person(shop, "Duo"), new_id("cart")
    made = journey(shop, f"name: {cart}\ntrigger: {{event: '\"{cart}\"'}}\nsteps: [{{id: mail, message: hello, channel: email, purpose: service}}, {{wait: 1 hour}}]\ngoal: {{event: '\"Order {cart}\"', within: 1 day}}")
    merged = link(shop, "merge", una, duo)
    message(shop, duo, "asked", notBefore=later(4))
    track(shop, cart, duo, cart="filled")
    wait_until(lambda: mails(shop, una) + mails(shop, duo), 20, what="a mail")
    ask(shop, "POST", f"/links/{merged['id']}/undo", json={})
    # What became of it is told of whose run it was.
    wait_until(lambda: ask(shop, "GET", f"/journeys/{made}/results")["steps"][0]["sent"] == 1, 20, what="the receipt")
    assert runs(shop, una) == [] and len(runs(shop, duo)) == 1
    # Of one who buys now, the other's things are not taken away.
    track(shop, f"Order {cart}", una)
    wait_until(lambda: "asked for Duo" in mails(shop, duo), 20, what="the message")
    assert all("asked" not in subject for subject in mails(shop, una))


def test_a_mail_is_left_by_its_link_also_when_the_device_turns_out_to_be_everybodys(shop):
    tablet = new_id("tablet")
    shop.send([{"type": "track", "event": "Browsed", "anonymousId": tablet}])
    ada = person(shop, "Ada", tablet)
    ask(shop, "POST", "/consents", json={"consents": [{"userId": ada, "purpose": "marketing", "state": "granted"}]})
    message(shop, ada, "first", purpose="marketing", topic="offers")
    wait_until(lambda: mails(shop, ada), 20, what="a mail")
    number = next(m["number"] for m in shop.api("/api/v1/mail-catcher")["mails"] if m["to"] == [f"{ada}@tea.example"])
    leave = next(h["value"] for h in shop.api(f"/api/v1/mail-catcher/{number}")["headers"] if h["name"] == "List-Unsubscribe")
    for _ in range(11):
        person(shop, "Passing", tablet)
    assert shop.profile(userId=ada)["id"] != shop.profile(anonymousId=tablet)["id"]
    assert shop.http.post(shop.url + re.search(r"/unsubscribe/[^>]+", leave)[0], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    asked = ask(shop, "POST", "/consents/decide", json={"userId": ada, "purpose": "marketing", "channel": "email", "topic": "offers"})
    assert asked["reason"] == "withdrawn"


def test_who_is_forgotten_takes_along_what_was_asked_for_them_while_they_were_taken_for_another(shop):
    una, duo, mark = person(shop, "Una"), person(shop, "Duo"), new_id("mark")
    made = journey(shop, f"name: {mark[:4]}{new_id('n')}\ntrigger: {{api: true}}\nsteps: [{{wait: 3 hours}}]")
    merged = link(shop, "merge", una, duo)
    ask(shop, "POST", f"/journeys/{made}/enter", json={"userId": duo, "data": {"secret": mark}})
    key = message(shop, duo, mark, notBefore=later(5))
    ask(shop, "POST", f"/links/{merged['id']}/undo", json={})
    assert shop.call("POST", "/api/v1/privacy/erasures", json={"userId": duo}).status_code == 200
    wait_until(lambda: not any(mark.encode() in bytes for _, bytes in contents(shop.data)), 20, what="that no file names them")
    assert shop.call("GET", f"/api/v1/messages/{key}").status_code == 404
    time.sleep(6)
    assert mails(shop, una) == []


def test_who_came_in_once_has_been_in_it_also_without_the_device(shop):
    tablet, cart = new_id("tablet"), new_id("cart")
    shop.send([{"type": "track", "event": "Browsed", "anonymousId": tablet}])
    ada = person(shop, "Ada", tablet)
    journey(shop, f"name: {cart}\nreentry: once\ntrigger: {{event: '\"{cart}\"'}}\nsteps: [{{message: hello, channel: email, purpose: service}}]")
    track(shop, cart, ada, cart="first")
    wait_until(lambda: mails(shop, ada), 20, what="a mail")
    link(shop, "unmerge", tablet)
    track(shop, cart, ada, cart="second")
    time.sleep(2)
    assert len(runs(shop, ada)) == 1 and mails(shop, ada) == ["first for Ada"]


def test_a_yes_is_nobody_elses_when_those_part_who_were_taken_for_one(shop):
    def says(state, user): ask(shop, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": state}]})

    def may(user): return ask(shop, "POST", "/consents/decide", json={"userId": user, "purpose": "marketing", "channel": "email", "topic": "offers"})["reason"]

    def page(user, form):
        address = ask(shop, "POST", f"/profiles/{shop.profile(userId=user)['id']}/preference-link", json={})["preferences"]
        assert shop.call("POST", "/" + address.split("/", 3)[3], data=form, headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code in (200, 303)

    una, duo = person(shop, "Una"), person(shop, "Duo")
    tablet = new_id("tablet")
    shop.send([{"type": "identify", "userId": una, "anonymousId": tablet}])
    says("withdrawn", duo)
    merged = link(shop, "merge", una, duo)
    assert may(una) == may(duo) == "withdrawn"
    says("granted", una)
    # While they are one, one says yes for both.
    assert may(una) == may(duo) == "granted"
    ask(shop, "POST", f"/links/{merged['id']}/undo", json={})
    assert (may(una), may(duo)) == ("granted", "withdrawn")
    assert ask(shop, "POST", "/consents/decide", json={"anonymousId": tablet, "purpose": "marketing", "channel": "email"})["reason"] == "granted"
    # The same by the page of one of them; and who never said anything has said nothing.
    merged = link(shop, "merge", una, duo)
    says("withdrawn", una)
    page(una, {"intent": "save"} | {f"c0-{topic}-{channel}": "on" for topic in range(9) for channel in range(9)})
    tri = person(shop, "Tri")
    other = link(shop, "merge", una, tri)
    says("granted", una)
    assert may(tri) == "granted"
    for made in (other, merged): ask(shop, "POST", f"/links/{made['id']}/undo", json={})
    assert (may(una), may(duo), may(tri)) == ("granted", "withdrawn", "unknown")


def test_who_opens_and_clicks_after_they_parted_counts_for_the_message_that_they_got(shop):
    name = new_id("clicks")
    una, duo = person(shop, "Una"), person(shop, "Duo")
    ask(shop, "POST", "/templates", 201, json={"name": name, "kind": "email", "parts": {"subject": name, "html": '<p><a href="https://tea.example/a">a</a> <a href="https://tea.example/b">b</a></p>'}})
    made = journey(shop, f"name: {name}\ntrigger: {{event: '\"{name}\"'}}\nsteps: [{{id: mail, message: {name}, channel: email, purpose: service}}, {{wait: 1 hour}}]")
    merged = link(shop, "merge", una, duo)
    track(shop, name, duo)
    number = wait_until(lambda: [mail["number"] for mail in shop.api("/api/v1/mail-catcher")["mails"] if mail["subject"] == name], 20, what="the mail")[0]
    html = shop.api(f"/api/v1/mail-catcher/{number}")["html"]
    ask(shop, "POST", f"/links/{merged['id']}/undo", json={})
    time.sleep(2.1)
    image = re.search(r'"https?://[^"/]+/(o/main/[^"]+)"', html).group(1)
    clicks = re.findall(r'"https?://[^"/]+/(c/main/[^"]+)"', html)
    for path in (image, clicks[1]): assert shop.http.get(f"{shop.url}/{path}", headers=BROWSER, allow_redirects=False).status_code in (200, 303)
    step = wait_until(lambda: (told := ask(shop, "GET", f"/journeys/{made}/results")["steps"][0]) and told["clicked"] and told["opened"] and told, 20, what="the click")
    assert (step["decided"], step["sent"], step["opened"], step["clicked"]) == (1, 1, 1, 1)
    assert len(runs(shop, duo)) == 1 and runs(shop, una) == []


def test_what_a_cap_holds_while_two_are_one_goes_when_they_part(shop):
    una, duo = person(shop, "Una"), person(shop, "Duo")
    ask(shop, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": "granted"} for user in (una, duo)]})
    policy = ask(shop, "GET", "/sending-policy")
    ask(shop, "PUT", "/sending-policy", json={**policy, "caps": [{"name": "day", "limit": 1, "hours": 24, "whenFull": "wait"}]})
    try:
        merged = link(shop, "merge", una, duo)
        message(shop, una, "first", purpose="marketing")
        wait_until(lambda: mails(shop, una) + mails(shop, duo), 20, what="the first")
        key = message(shop, duo, "second", purpose="marketing")
        wait_until(lambda: (told := shop.call("GET", f"/api/v1/messages/{key}")).status_code == 200 and told.json()["reason"] == "delivery.capped", what="what the cap holds")
        ask(shop, "POST", f"/links/{merged['id']}/undo", json={})
        wait_until(lambda: "second for Duo" in mails(shop, duo), 20, what="the second")
    finally:
        ask(shop, "PUT", "/sending-policy", json=policy)
