"""What a sender's standing holds back: mail that needs consent, after too many complaints, and while a new sender warms up. What was asked for, such as a receipt, goes on."""
import datetime

import pytest

from console_client import Reader
from harness import Martlet, new_id, wait_until
from test_consent import ask


@pytest.fixture
def shop():
    martlet = Martlet(args=["--mail-catcher", "0"])
    martlet.start()
    ask(martlet, "PATCH", "/channels/email", json={"from": {"name": "Wren", "address": "shop@wren.example"}, "host": "catcher"})
    ask(martlet, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": {"subject": "Hello", "html": "<p>Hello</p>"}})
    yield martlet
    martlet.close()


def people(shop, count):
    users = [new_id("s") for _ in range(count)]
    shop.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@tea.example"}} for user in users])
    ask(shop, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": "granted"} for user in users]})
    return users


def post(shop, user, purpose="marketing"):
    return ask(shop, "POST", "/messages", 202, json={"userId": user, "template": "hello", "channel": "email", "purpose": purpose})["key"]


def states(shop, keys):
    return [(told["state"], told["reason"]) for told in (ask(shop, "GET", f"/messages/{key}") for key in keys)]


def complain(shop, *users):
    told = ask(shop, "POST", "/channels/email/bounces", json={"events": [{"kind": "complaint", "email": f"{user}@tea.example"} for user in users]})
    assert [event["verdict"] for event in told["events"]] == ["complaint"] * len(users)


def standing(shop):
    told = ask(shop, "GET", "/channels/email")
    return told["heldBack"], told["today"]


SENT, HELD = ("sent", "delivery.sent"), ("waiting", "delivery.complaints")


def test_complaints_hold_back_what_nobody_asked_for_until_it_is_released(shop):
    users = people(shop, 6)
    keys = [post(shop, user) for user in users[:3]]
    wait_until(lambda: states(shop, keys) == [SENT] * 3, what="three mails")
    assert standing(shop) == (None, {"begun": 3, "allowed": None})
    complain(shop, users[0], users[0])
    complain(shop, users[0])
    assert standing(shop)[0] is None, "one person is one accident"
    complain(shop, users[1])
    held = standing(shop)[0]
    assert (held["complaints"], held["sent"]) == (2, 3)
    fourth, receipt = post(shop, users[3]), post(shop, users[3], "service")
    wait_until(lambda: states(shop, [fourth, receipt]) == [HELD, SENT], what="the held mail and the receipt")
    dry = ask(shop, "POST", "/messages", json={"userId": users[4], "template": "hello", "channel": "email", "purpose": "marketing", "dryRun": True})
    assert [check["reason"] for check in dry["checks"] if check["check"] == "sender"] == ["delivery.complaints"], dry
    shop.kill9()
    shop.start()
    assert standing(shop)[0] == held
    assert "complaints" in shop.cli("channel", "email", "show").stdout
    reader = Reader(shop).set_password()
    assert "Let mail go again" in reader.page("/w/main/email").text
    assert reader.post("/w/main/email/release", csrf="wrong").status_code == 403
    assert shop.cli("channel", "email", "release").stdout == "Mail goes again.\n"
    assert shop.cli("channel", "email", "release").stdout == "Nothing was held back.\n"
    wait_until(lambda: states(shop, [fourth]) == [SENT], what="the mail that was held")
    complain(shop, users[3])
    assert standing(shop)[0] is None, "what was complained about before counts no more"
    complain(shop, users[4])
    assert standing(shop)[0]["complaints"] == 2
    assert reader.post("/w/main/email/release").status_code in (200, 303)
    assert standing(shop)[0] is None and "Let mail go again" not in reader.page("/w/main/email").text
    ask(shop, "PATCH", "/channels/email", json={"complaintsPerMille": 0})
    complain(shop, users[2], users[5])
    assert standing(shop)[0] is None, "who says never gets never"


def test_a_new_sender_sends_as_much_as_the_day_allows(shop):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    tomorrow = (today + datetime.timedelta(days=1)).isoformat() + "T00:00:00.000Z"
    for wrong in ({"warmUpFrom": "soon"}, {"warmUpFrom": "2026-02-30"}, {"warmUpFrom": today.isoformat() + "T00:00:00Z"}, {"warmUpFirst": 0}):
        refused = shop.call("PATCH", "/api/v1/channels/email", json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (400, "email.warm-up"), refused.text
    assert "0 of 3 mails" in shop.cli("channel", "email", "set", "--warm-up-from", today.isoformat(), "--warm-up-first", "3").stdout
    users = people(shop, 8)
    keys = [post(shop, user) for user in users]
    wait_until(lambda: sorted(states(shop, keys)) == [SENT] * 3 + [("waiting", "delivery.warming-up")] * 5, what="three of eight")
    held = next(key for key in keys if states(shop, [key]) != [SENT])
    assert ask(shop, "GET", f"/messages/{held}")["due"] == tomorrow
    assert standing(shop) == (None, {"begun": 3, "allowed": 3})
    receipt = post(shop, users[0], "service")
    wait_until(lambda: states(shop, [receipt]) == [SENT], what="the receipt")
    page = Reader(shop).set_password().page("/w/main/email").text
    assert "3 of 3" in page, page
    ask(shop, "PATCH", "/channels/email", json={"warmUpFrom": (today - datetime.timedelta(days=1)).isoformat()})
    # Half as much again on the second day.
    wait_until(lambda: sorted(states(shop, keys)).count(SENT) == 4, what="the fourth")
    ask(shop, "PATCH", "/channels/email", json={"warmUpFrom": ""})
    wait_until(lambda: states(shop, keys) == [SENT] * 8, what="all")
    assert standing(shop) == (None, {"begun": 8, "allowed": None})


def test_a_journey_that_sends_mail_says_so_while_none_can_be_sent(shop):
    codes = lambda purpose, channel="email": [w["code"] for w in ask(shop, "POST", "/journeys/check", json={"journey": {
        "name": new_id("mail"), "trigger": {"api": True}, "steps": [{"message": "hello", "purpose": purpose, "channel": channel}]}})["warnings"]]
    assert codes("marketing") == []
    ask(shop, "DELETE", "/channels/email")
    assert codes("marketing") == codes("service") == ["journey.mail-not-set-up"] and codes("marketing", "webhook") == []
    made = ask(shop, "POST", "/journeys", 201, json={"journey": {"name": new_id("mail"), "trigger": {"api": True}, "steps": [{"message": "hello", "purpose": "marketing"}]}})
    page = Reader(shop).set_password().page("/w/main/journeys/" + made["id"])
    assert "This workspace sends no mail yet." in page.text and "/w/main/email" in [a.get("href") for a in page.all("a")]


def test_complaints_about_receipts_suppress_and_hold_nothing_back(shop):
    """Nor does one that is handed in again after its person was erased count twice."""
    users = people(shop, 5)
    keys = [post(shop, user, "service") for user in users[:2]] + [post(shop, users[2])]
    wait_until(lambda: states(shop, keys) == [SENT] * 3, what="three mails")
    ids = {}
    for mail in shop.api("/api/v1/mail-catcher")["mails"]:
        found = shop.api(f"/api/v1/mail-catcher/{mail['number']}")
        ids[mail["to"][0].split("@")[0]] = next(h["value"] for h in found["headers"] if h["name"].lower() == "message-id")
    report = lambda user: ask(shop, "POST", "/channels/email/bounces", json={"events": [{"kind": "complaint", "email": f"{user}@tea.example", "messageId": ids[user]}]})["events"][0]["verdict"]
    assert [report(user) for user in users[:2]] == ["complaint"] * 2
    assert standing(shop)[0] is None
    told = ask(shop, "POST", "/suppressions/lookup", json={"address": f"{users[0]}@tea.example"})
    assert told["suppressed"] and told["reason"] == "complained"
    assert report(users[2]) == "complaint"
    assert shop.call("POST", "/api/v1/privacy/erasures", json={"userId": users[2]}).status_code < 300
    report(users[2])
    complain(shop, users[2])
    assert standing(shop)[0] is None, "one person is one accident"
    complain(shop, users[3])
    assert standing(shop)[0]["complaints"] == 2
    ask(shop, "PATCH", "/channels/email", json={"complaintsPerMille": 0})
    assert standing(shop)[0] is None
    for day in ("1767225600", "2026-5-04x", "04-05-2026"):
        assert shop.call("PATCH", "/api/v1/channels/email", json={"warmUpFrom": day}).status_code == 400
