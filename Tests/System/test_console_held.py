"""What is held after a restore, and destinations with a condition, in the console: in a real browser, on a desk and on a telephone, in light and in dark."""
import pytest

from browser_bench import chromium
from console_client import PASSWORD, Reader, no_barriers
from harness import wait_until
from test_consent import ask
from test_console_walk import find, fits, no_complaints, press, shot, submit
from test_delivery import LOCAL, furnish, send, willing
from webhook_sink import Sink


@pytest.fixture
def restored(make_martlet, tmp_path):
    """A folder of a backup in which three messages waited, served again."""
    sink = Sink()
    first = make_martlet(args=LOCAL).start()
    furnish(first, sink)
    keys = [send(first, willing(first, name=f"Ada Lovelace of the very long name {n}")[0], notBefore="2099-01-01T00:00:00Z")["key"] for n in range(3)]
    wait_until(lambda: all(first.call("GET", f"/api/v1/messages/{key}").status_code == 200 for key in keys), what="the messages to be taken")
    first.cli("backup", str(tmp_path / "backup"))
    first.cli("restore", str(tmp_path / "backup"), data=tmp_path / "again")
    server = make_martlet(folder=tmp_path / "again", args=LOCAL).start()
    server.keys, server.sink = keys, sink
    server.reader = Reader(server).set_password()
    yield server
    sink.close()


def test_what_is_held_is_released_and_taken_back(restored):
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.get(restored.url + "/sign-in?next=/w/main/deliveries")
        submit(driver, "main form", password=PASSWORD)
        ask(restored, "POST", "/destinations", 201, json={"name": "partner", "url": restored.sink.url, "events": ["Order Completed"], "condition": 'plan = "gold" and did "Order Completed" at least 3 times in last 30 days', "sharing": True})
        for path in ("deliveries", "deliveries?state=held", f"deliveries/{restored.keys[0]}", "destinations", "sending-policy", "templates/new"):
            for theme in ("dark", "light"):
                driver.get(f"{restored.url}/w/main/{path}{'&' if '?' in path else '?'}theme={theme}")
                fits(driver)
                no_complaints(driver)
                shot(driver, f"held-{path.split('/')[0].split('?')[0]}{'-one' if 'api:' in path else ''}-{theme}")
            no_barriers(driver, path)
        driver.get(f"{restored.url}/w/main/deliveries/{restored.keys[0]}")
        press(driver, "form[action$='/release'] button")
        assert ask(restored, "GET", f"/messages/{restored.keys[0]}")["state"] == "waiting"
        driver.get(f"{restored.url}/w/main/deliveries")
        assert "3 messages" not in find(driver, "main").text and "2 messages or calls" in find(driver, "main").text
        driver.find_element("css selector", "button[popovertarget='drop-held']").click()
        press(driver, "#drop-held form button[type=submit]")
        assert "taken back" in find(driver, "main").text and "Held since" not in find(driver, "main").text
        assert [ask(restored, "GET", f"/messages/{key}")["reason"] for key in restored.keys] == ["delivery.waiting", "delivery.cancelled", "delivery.cancelled"]
    finally:
        driver.quit()


def test_a_destinations_condition_and_sharing(restored):
    reader, made = restored.reader, dict(name="partner", url=restored.sink.url, events="Order Completed", segments="")
    refused = reader.post("/w/main/destinations", **made, condition="plan =", sharing="1")
    assert refused.status_code == 422 or "plan =" in refused.text
    assert reader.post("/w/main/destinations", **made, condition='plan = "gold"', sharing="1").status_code == 200
    told = ask(restored, "GET", "/destinations/partner")
    assert (told["condition"], told["sharing"]) == ('plan = "gold"', True)
    base = f"/w/main/destinations/{told['id']}"
    assert reader.post(base + "/unshare").status_code == 303 and not ask(restored, "GET", "/destinations/partner")["sharing"]
    assert reader.post(base + "/share").status_code == 303 and ask(restored, "GET", "/destinations/partner")["sharing"]
    assert reader.post(base + "/condition", condition='country = "ES"').status_code == 303
    assert ask(restored, "GET", "/destinations/partner")["condition"] == 'country = "ES"'
    wrong = reader.post(base + "/condition", condition='country = = <b>')
    assert "<b>" not in wrong.text and ask(restored, "GET", "/destinations/partner")["condition"] == 'country = "ES"'
    assert reader.post(base + "/condition", condition="").status_code == 303 and ask(restored, "GET", "/destinations/partner")["condition"] == ""
    assert reader.post("/w/main/sending-policy", caps="", quietHours="", zone="UTC", publicAddress="", webhookDestination="", keepDays="90").status_code in (200, 303)
    assert ask(restored, "GET", "/sending-policy")["keepDays"] == 90
    for wrong in ("31", "forever", "99999999999999999999"):
        assert reader.post("/w/main/sending-policy", caps="", quietHours="", zone="UTC", publicAddress="", webhookDestination="", keepDays=wrong).status_code not in (200, 303)
    assert ask(restored, "GET", "/sending-policy")["keepDays"] == 90
