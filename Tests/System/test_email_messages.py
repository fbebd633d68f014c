"""Messages by e-mail, from the template to what comes back: signed, tracked honestly, and stopped where an address does not exist or somebody objects."""
import base64
import re
import time

import pytest

from harness import Martlet, contents, new_id, wait_until
from test_consent import ask
from test_email import REPORT

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"}
HTML = "<p>Hello {{ profile.firstName }}</p><a href='https://tea.example/a?x=1&amp;y=2'>A</a> <a href='https://tea.example/b'>B</a> <a href='https://tea.example/c'>C</a>"


@pytest.fixture(scope="module")
def shop():
    martlet = Martlet(args=["--mail-catcher", "0"])
    martlet.start()
    ask(martlet, "PATCH", "/channels/email", json={
        "from": {"name": "Wren & Daughters", "address": "shop@wren.example"}, "host": "catcher", "bounceAddress": "b@bounces.wren.example", "softBounceMaximum": 2})
    ask(martlet, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": {"subject": "Hello {{ profile.firstName }}", "html": HTML}})
    ask(martlet, "POST", "/templates", 201, json={"name": "quiet", "kind": "email", "tracked": False, "parts": {"subject": "Quiet", "html": HTML}})
    yield martlet
    martlet.close()


def somebody(shop, **traits):
    user = new_id("m")
    shop.send([{"type": "identify", "userId": user, "traits": {"firstName": "Ada", "email": f"{user}@tea.example", **traits}}])
    return user, shop.profile(userId=user)["id"]


def send(shop, user, template="hello", **more):
    key = ask(shop, "POST", "/messages", 202, json={"userId": user, "template": template, "channel": "email", **more})["key"]
    # Until it is looked at for the first time, it is a decision and no message.
    wait_until(lambda: (got := shop.call("GET", f"/api/v1/messages/{key}")).status_code == 200 and got.json()["endedAt"], 15, what=f"the end of {key}")
    return ask(shop, "GET", f"/messages/{key}")


def mail(shop, user):
    number = next(m["number"] for m in shop.api("/api/v1/mail-catcher")["mails"] if m["to"] == [f"{user}@tea.example"])
    return shop.api(f"/api/v1/mail-catcher/{number}")


def links(shop, html, kind):
    return [shop.url + "/" + tail for tail in re.findall(r'"https?://[^"/]+/(' + kind + r'/main/[^"]+)"', html)]


def seen(shop, profile, name):
    events = shop.api(f"/api/v1/profiles/{profile}/events", limit=100)["events"]
    return [e["properties"] for e in events if e.get("event") == name]


def test_a_message_arrives_and_says_how_to_leave(shop):
    user, _ = somebody(shop)
    ask(shop, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": "granted"}]})
    told = send(shop, user, purpose="marketing", topic="offers")
    assert told["state"] == "sent", told
    got = mail(shop, user)
    headers = {h["name"]: h["value"] for h in got["headers"]}
    assert headers["Message-ID"] == told["receipt"] and headers["Subject"] == "Hello Ada" and headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = re.search(r"<https?://[^/]+(/unsubscribe/[^>]+)>", headers["List-Unsubscribe"]).group(1)
    assert headers["Feedback-ID"] == "offers:main:email:martlet"
    assert shop.http.post(shop.url + leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert send(shop, user, purpose="marketing", topic="offers")["reason"] == "delivery.consent-withdrawn"
    # What nobody can leave, such as a receipt, says nothing of leaving.
    assert send(shop, user)["state"] == "sent" and "List-Unsubscribe" not in [h["name"] for h in mail(shop, user)["headers"]]


def test_a_person_is_told_from_machines(shop):
    user, profile = somebody(shop)
    told = send(shop, user)
    html = mail(shop, user)["html"]
    clicks, image = links(shop, html, "c"), links(shop, html, "o")[0]
    # Three links, and one that nobody sees.
    assert len(clicks) == 4
    early = shop.http.get(clicks[0], headers=BROWSER, allow_redirects=False)
    assert (early.status_code, early.headers["Location"]) == (303, "https://tea.example/a?x=1&y=2")
    wait_until(lambda: [p.get("machine") for p in seen(shop, profile, "Email Link Clicked")] == ["early"], 10, what="the early click")
    time.sleep(2.1)
    assert shop.http.get(image, headers=BROWSER).content[:3] == b"GIF"
    shop.http.get(clicks[1], headers=BROWSER, allow_redirects=False)
    shop.http.head(clicks[2], headers=BROWSER, allow_redirects=False)
    wait_until(lambda: len(seen(shop, profile, "Email Link Clicked")) == 3, 10, what="the clicks")
    found = {p["link_url"]: (p["isMachine"], p.get("machine"), p["email_id"]) for p in seen(shop, profile, "Email Link Clicked")}
    assert found["https://tea.example/b"] == (False, None, told["key"]) and found["https://tea.example/c"] == (True, "head", told["key"])
    assert [(p["isMachine"], p["email_id"]) for p in seen(shop, profile, "Email Opened")] == [(False, told["key"])]
    for link in clicks[:3]:
        shop.http.get(link, headers=BROWSER, allow_redirects=False)
    wait_until(lambda: [p.get("machine") for p in seen(shop, profile, "Email Link Clicked")].count("burst") == 3, 10, what="the burst")


def test_a_link_leads_where_the_mail_says_however_it_is_written(shop):
    """Character references of every form, and letters of either case; of the links that are counted, those to leave are none, so that a program that follows both others is told apart."""
    html = ('<a href="HTTPS://Tea.example/?utm_source&#x3D;mail&amp;id&#61;5&AMP;x&equals;1">1</a> <a href="https://tea.example/&#x2F;two&num;there">2</a>'
            '<a href="{{ unsubscribe_url }}">leave</a> <a href="{{ preferences_url }}">choose</a>')
    ask(shop, "POST", "/templates", 201, json={"name": "written", "kind": "email", "parts": {"subject": "Hello", "html": html}})
    user, profile = somebody(shop)
    send(shop, user, "written")
    clicks = links(shop, mail(shop, user)["html"], "c")
    assert len(clicks) == 3, "two, and one that nobody sees"
    time.sleep(2.1)
    found = [shop.http.get(link, headers=BROWSER, allow_redirects=False) for link in clicks[:2]]
    assert [(one.status_code, one.headers["Location"]) for one in found] == [(303, "HTTPS://Tea.example/?utm_source=mail&id=5&x=1"), (303, "https://tea.example//two#there")]
    wait_until(lambda: [p.get("machine") for p in seen(shop, profile, "Email Link Clicked")] == ["burst"] * 2, 10, what="the burst")


def test_a_click_that_was_answered_outlives_a_crash(make_martlet):
    """What is held to be told apart stands on the disk before the answer: killed right after it, a click is told at the next start, once."""
    server = make_martlet(args=["--mail-catcher", "0"]).start()
    ask(server, "PATCH", "/channels/email", json={"from": {"address": "shop@wren.example"}, "host": "catcher"})
    ask(server, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": {"subject": "Hello", "html": HTML}})
    user, profile = somebody(server)
    told = send(server, user)
    clicks, image = links(server, (html := mail(server, user)["html"]), "c"), links(server, html, "o")[0]
    time.sleep(2.1)
    assert server.http.get(image, headers=BROWSER).status_code == 200 and server.http.get(clicks[1], headers=BROWSER, allow_redirects=False).status_code == 303
    server.kill9()
    server.start()
    wait_until(lambda: seen(server, profile, "Email Link Clicked") and seen(server, profile, "Email Opened"), 10, what="both")
    server.restart()
    time.sleep(2)
    assert [(p["link_url"], p["isMachine"], p["email_id"]) for p in seen(server, profile, "Email Link Clicked")] == [("https://tea.example/b", False, told["key"])]
    assert len(seen(server, profile, "Email Opened")) == 1
    # And with the person it goes, told or not.
    clicks = [link.replace(f":{link.split(':')[2].split('/')[0]}/", f":{server.port}/") for link in clicks]
    server.http.get(clicks[2], headers=BROWSER, allow_redirects=False)
    assert server.call("POST", "/api/v1/privacy/erasures", json={"userId": user}).status_code == 200
    time.sleep(2)
    assert not [path for path, data in contents(server.data) if profile.encode() in data or user.encode() in data]


def test_what_martlet_sends_is_no_sign_of_life(shop):
    user, profile = somebody(shop)
    before = shop.profile(userId=user)["lastSeen"]
    time.sleep(0.1)
    send(shop, user)
    wait_until(lambda: seen(shop, profile, "Message Sent"), what="the receipt")
    assert shop.profile(userId=user)["lastSeen"] == before
    shop.track(userId=user)
    assert shop.profile(userId=user)["lastSeen"] > before


def test_dates_go_by_the_clock_where_the_person_lives(shop):
    ask(shop, "POST", "/templates", 201, json={"name": "dated", "kind": "email", "localDates": True, "parts": {"subject": "{{ at | date: '%H:%M %z' }} {{ day | date: '%F' }}", "html": "x"}})
    ask(shop, "POST", "/templates", 201, json={"name": "plain", "kind": "email", "parts": {"subject": "{{ at | date: '%H:%M %z' }}", "html": "x"}})
    user, _ = somebody(shop, timezone="Asia/Kolkata")
    data = {"at": "2026-07-01T20:00:00Z", "day": "2026-07-01"}
    for template, subject in (("dated", "01:30 +0530 2026-07-01"), ("plain", "20:00 +0000")):
        assert send(shop, user, template, data=data)["state"] == "sent"
        assert {h["name"]: h["value"] for h in mail(shop, user)["headers"]}["Subject"] == subject
    nowhere, _ = somebody(shop, timezone="Mars/Olympus")
    send(shop, nowhere, "dated", data=data)
    assert {h["name"]: h["value"] for h in mail(shop, nowhere)["headers"]}["Subject"].startswith("20:00 +0000")


def test_who_follows_the_hidden_link_follows_everything(shop):
    user, profile = somebody(shop)
    send(shop, user)
    clicks = links(shop, mail(shop, user)["html"], "c")
    time.sleep(2.1)
    hidden = shop.http.get(clicks[3], headers=BROWSER, allow_redirects=False)
    assert hidden.status_code == 200 and "Location" not in hidden.headers
    shop.http.get(clicks[0], headers=BROWSER, allow_redirects=False)
    wait_until(lambda: [p.get("machine") for p in seen(shop, profile, "Email Link Clicked")] == ["trap"], 10, what="the click")


@pytest.mark.parametrize("said", [{"state": "withdrawn"}, {"state": "withdrawn", "channel": "email"}, {"state": "paused", "until": "2999-01-01T00:00:00Z"}])
def test_nobody_is_tracked_who_objects_or_where_the_template_says_not_to(shop, said):
    user, _ = somebody(shop)
    send(shop, user, "quiet")
    assert not links(shop, mail(shop, user)["html"], "[co]") and "https://tea.example/b" in mail(shop, user)["html"]
    user, profile = somebody(shop)
    send(shop, user)
    clicks = links(shop, mail(shop, user)["html"], "c")
    ask(shop, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "analytics", **said}]})
    send(shop, user)
    assert not links(shop, mail(shop, user)["html"], "[co]")
    # Of mail that went out before, the link leads on, and says nothing.
    time.sleep(2.1)
    assert shop.http.get(clicks[0], headers=BROWSER, allow_redirects=False).headers["Location"] == "https://tea.example/a?x=1&y=2"
    time.sleep(2)
    assert not seen(shop, profile, "Email Link Clicked")


def returned(shop, user):
    """The return path of the mail that was caught: the catcher's own greeting tells it, as a bounce would."""
    raw = base64.b64decode(mail(shop, user)["raw"]).decode()
    mark = re.search(r"Message-ID: <([a-z0-9]{55})@", raw).group(1)
    return f"b+{mark}@bounces.wren.example"


def test_fault_48_a_bounce_of_ours_suppresses_the_address_for_every_message(shop):
    user, profile = somebody(shop)
    told = send(shop, user)
    path = ask(shop, "GET", "/channels/email")["bouncePath"]
    report = REPORT.format(to=returned(shop, user).upper(), recipient="somebody@else.example")
    # Whom the report names is nobody's business: the mark says which message it was.
    answer = shop.http.post(shop.url + path, data=report.encode(), headers={"Content-Type": "message/rfc822"}).json()
    assert answer == {"events": [{"kind": "hard", "verdict": "suppressed"}]}
    assert send(shop, user)["reason"] == "delivery.address-suppressed"
    wait_until(lambda: [(p["bounce_type"], p["status"], p["email_id"]) for p in seen(shop, profile, "Email Bounced")] == [("hard", "5.1.1", told["key"])], 10, what="the bounce")


def test_fault_52_soft_bounces_are_counted_and_the_address_rests(shop):
    user, _ = somebody(shop)
    path = ask(shop, "GET", "/channels/email")["bouncePath"]
    verdicts = []
    for _ in range(2):
        assert send(shop, user)["state"] == "sent"
        report = REPORT.format(to=returned(shop, user), recipient=f"{user}@tea.example").replace("5.1.1", "4.2.2")
        verdicts += [e["verdict"] for e in shop.http.post(shop.url + path, data=report.encode(), headers={"Content-Type": "message/rfc822"}).json()["events"]]
    assert verdicts == ["counted", "resting"]
    # Nothing is lost: it waits until the rest is over.
    key = ask(shop, "POST", "/messages", 202, json={"userId": user, "template": "hello", "channel": "email"})["key"]
    wait_until(lambda: ask(shop, "GET", f"/messages/{key}")["reason"] == "delivery.address-rests", what="the rest")
    assert ask(shop, "GET", f"/messages/{key}")["state"] == "waiting"


def test_one_bounce_handed_in_again_and_again_counts_once(shop):
    user, _ = somebody(shop)
    path = ask(shop, "GET", "/channels/email")["bouncePath"]

    def hand_in(status):
        report = REPORT.format(to=returned(shop, user), recipient=f"{user}@tea.example").replace("5.1.1", status)
        return [e["verdict"] for e in shop.http.post(shop.url + path, data=report.encode(), headers={"Content-Type": "message/rfc822"}).json()["events"]]

    assert send(shop, user)["state"] == "sent"
    assert [hand_in("4.2.2") for _ in range(4)] == [["counted"]] * 4
    assert send(shop, user)["state"] == "sent", "the address does not rest"
    # Another message's counts, and so does what says more of the same message.
    assert hand_in("4.2.2") == ["resting"] and hand_in("5.1.1") == ["suppressed"]
    # Once it was taken back, an old report does not bring it again.
    ask(shop, "DELETE", "/suppressions", json={"address": f"{user}@tea.example"})
    assert hand_in("5.1.1") == ["suppressed"] and send(shop, user)["reason"] != "delivery.address-suppressed"


def test_fault_51_a_complaint_ends_it_at_once(shop):
    user, profile = somebody(shop)
    send(shop, user)
    path = ask(shop, "GET", "/channels/email")["bouncePath"]
    answer = shop.http.post(shop.url + path, json={"events": [{"kind": "complaint", "email": "other@else.example", "messageId": f"<{returned(shop, user)[2:57]}@wren.example>"}]}).json()
    assert answer == {"events": [{"kind": "complaint", "verdict": "complaint"}]}
    assert send(shop, user)["reason"] == "delivery.address-suppressed"
    wait_until(lambda: seen(shop, profile, "Email Marked as Spam"), 10, what="the complaint")


@pytest.mark.parametrize("name", ["Ada\r\nBcc: eve@evil.example", "Ada\u2028Bcc: eve@evil.example", "=?utf-8?Q?=0D=0ABcc:eve?=", "x" * 10000, "\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n", "<script>alert(1)</script>"])
def test_fault_87_and_88_what_a_person_is_called_is_text(shop, name):
    user, _ = somebody(shop, firstName=name)
    before = len(shop.api("/api/v1/mail-catcher")["mails"])
    assert send(shop, user)["state"] == "sent"
    assert len(shop.api("/api/v1/mail-catcher")["mails"]) == before + 1
    got = mail(shop, user)
    names = [h["name"] for h in got["headers"]]
    assert len(names) == len(set(names) - {"DKIM-Signature"}) + 2 and "Bcc" not in names and "<script>" not in got["html"]
    assert max(len(line) for line in base64.b64decode(got["raw"]).split(b"\r\n")) <= 998


@pytest.mark.parametrize("address", ["ada@ex\u0430mple.example", "ada@xn--exmple-4nf.example", "nobody", "ada@tea.example, eve@evil.example", "ada@tea.example\r\nRCPT TO:<eve@evil.example>", "<ada@tea.example>", "a b@tea.example"])
def test_what_is_no_address_gets_nothing(shop, address):
    user, _ = somebody(shop, email=address)
    before = len(shop.api("/api/v1/mail-catcher")["mails"])
    assert send(shop, user)["reason"] == "delivery.no-address"
    assert len(shop.api("/api/v1/mail-catcher")["mails"]) == before
