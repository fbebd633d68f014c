"""The demonstration's abandoned basket in a real browser: from a tea that is looked at to the mail, its link, the purchase, and what the journey's page makes of it."""
import re
import time

import pytest

from browser_bench import chromium
from console_client import PASSWORD, Reader
from harness import Martlet, wait_until
from test_console_walk import find, fits, press, shot, submit
from test_storefront import click, fill, wait_for_path

PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.fixture(scope="module")
def demo():
    server = Martlet(args=["--mail-catcher", "0"]).start()
    server.cli("demo", "--people", "60", timeout=180)
    Reader(server).set_password()
    yield server
    server.close()


@pytest.fixture
def browser():
    pytest.importorskip("selenium")
    # A browser that says it has no head is a machine to whoever counts clicks.
    driver = chromium(f"--user-agent={PERSON}")
    driver.implicitly_wait(5)
    yield driver
    driver.quit()


def journey(demo):
    return next(j for j in demo.api("/api/v1/journeys", workspace="demo")["journeys"] if j["name"] == "Abandoned basket")


def patience_is_short(demo):
    """The shopkeeper changes the document: two seconds instead of thirty, and nobody held out, so that this visitor is written to."""
    made = journey(demo)
    yaml = made["yaml"].replace("30 seconds", "2 seconds").replace("holdout: 5%\n", "").replace("29 seconds", "1 second")
    changed = demo.call("PUT", f"/api/v1/journeys/{made['id']}", workspace="demo", json={"yaml": yaml})
    assert changed.status_code == 200, changed.text
    started = demo.call("POST", f"/api/v1/journeys/{made['id']}/start", workspace="demo", json={})
    assert started.status_code == 200 and started.json()["state"] == "live", started.text
    return made["id"]


def test_who_leaves_a_basket_gets_a_mail_follows_it_and_buys(demo, browser):
    made = patience_is_short(demo)
    shop = demo.url
    browser.get(shop + "/shop")
    click(browser, "[data-answer=count]")
    browser.get(shop + "/shop/sign-in")
    fill(browser, name="Nora Newcomer", email="nora@example.com")
    click(browser, "form[data-sign-in] [name=offers]")
    click(browser, "form[data-sign-in] button")
    wait_for_path(browser, "/shop/account")
    browser.get(shop + "/shop/c/green")
    product = next(a for a in browser.find_elements("css selector", "a[href*='/shop/p/']"))
    browser.get(product.get_attribute("href"))
    click(browser, "[data-add] button")
    browser.execute_async_script("analytics.flush().then(arguments[0])")
    browser.get("about:blank")

    # The mail is in the console's catcher.
    browser.get(shop + "/sign-in?next=/w/demo/catcher")
    submit(browser, "main form", password=PASSWORD)
    subject = "Nora, your tea is still here"

    def listed():
        browser.get(shop + "/w/demo/catcher")
        return [row for row in browser.find_elements("css selector", "table a") if subject in row.text]

    wait_until(listed, 30, 0.5, "the reminder")
    came = time.monotonic()
    fits(browser)
    shot(browser, "cart-catcher")
    listed()[0].click()
    assert "nora@example.com" in find(browser, "header.head").text
    shot(browser, "cart-mail")
    # Nobody reads a mail within two seconds.
    time.sleep(max(0, 3 - (time.monotonic() - came)))
    before = browser.window_handles
    browser.switch_to.frame(find(browser, "iframe.mail-frame"))
    link = next(a for a in browser.find_elements("css selector", "a") if "basket" in a.text.lower())
    assert re.search(r"/c/demo/", link.get_attribute("href"))
    link.click()
    browser.switch_to.default_content()
    browser.switch_to.window(wait_until(lambda: [w for w in browser.window_handles if w not in before], what="the shop in a window of its own")[0])
    wait_for_path(browser, "/shop/cart")
    assert len(browser.find_elements("css selector", "[data-lines] li")) == 1, "the basket is where it was left"
    browser.get(shop + "/shop/checkout")
    fill(browser, street="Orchard Street 1", postalCode="BS1 4DJ", city="Bristol")
    for name, value in (("name", "Nora Newcomer"), ("email", "nora@example.com")):
        field = browser.find_element("id", name)
        field.clear()
        field.send_keys(value)
    click(browser, "[data-pay] button")
    wait_for_path(browser, "/shop/thanks")
    browser.execute_async_script("analytics.flush().then(arguments[0])")
    paid = time.monotonic()

    # What came of it stands on the journey's page within five seconds.
    results = wait_until(lambda: (r := demo.api(f"/api/v1/journeys/{made}/results", workspace="demo"))["walked"]["converted"] and r, 10, what="the conversion")
    assert time.monotonic() - paid < 5 and results["walked"]["converted"] == 1 and results["walked"]["revenue"] > 0, results
    profile = demo.api("/api/v1/profiles/lookup", workspace="demo", email="nora@example.com")["id"]
    told = wait_until(lambda: [e for e in demo.api(f"/api/v1/profiles/{profile}/events", workspace="demo", limit=100)["events"] if e.get("event") == "Email Link Clicked"], what="the click")
    assert [e["properties"]["isMachine"] for e in told] == [False], told
    browser.get(f"{shop}/w/demo/journeys/{made}")
    text = find(browser, "main").text
    assert str(results["walked"]["revenue"]).split(".")[0] in text and "Converted" in text and "sent 1" in text
    fits(browser)
    shot(browser, "cart-journey")
