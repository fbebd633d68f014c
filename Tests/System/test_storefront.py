"""A walk through the demonstration shop in a real browser: what is seen, what Martlet has heard, and that nothing breaks the pages' policy.

The shop, its pages and their policy come from the running server; what was told is read back from the workspace `demo`.
"""
import time

import pytest

from browser_bench import chromium
from harness import Martlet


class Shop:
    """A server whose workspace `demo` has the shop's source and nothing else, so that all its events are this visitor's."""

    def __init__(self):
        self.martlet = Martlet().start()
        self.martlet.create_source("Wren & Daughters shop", workspace="demo")
        self.url = self.martlet.url

    def events(self, **filters):
        return self.martlet.events(workspace="demo", **filters)

    def wait(self, condition, seconds=10):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"not within {seconds} s: {[e.get('event') for e in self.events()]}"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def driver():
    pytest.importorskip("selenium", reason="selenium is not installed: pip install -r requirements.txt")
    try:
        process = chromium()
    except Exception as failure:
        pytest.skip(f"no Chromium here (set CHROMIUM and CHROMEDRIVER): {str(failure)[:200]}")
    process.implicitly_wait(5)
    yield process
    process.quit()


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desk", "phone"])
def browser(driver, request):
    width, height = request.param
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
    yield driver


@pytest.fixture
def shop():
    server = Shop()
    yield server
    server.martlet.close()


def click(browser, selector):
    element = browser.find_element("css selector", selector)
    browser.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
    element.click()


def fill(browser, **values):
    for name, value in values.items():
        browser.find_element("id", name).send_keys(value)


def wait_for_path(browser, path):
    from selenium.webdriver.support.ui import WebDriverWait
    WebDriverWait(browser, 5).until(lambda b: b.execute_script("return document.readyState") == "complete" and b.current_url.endswith(path))


def test_a_stranger_buys_signs_in_and_leaves(browser, shop):
    fits = "return document.documentElement.scrollWidth <= window.innerWidth"
    browser.get(shop.url + "/shop")
    stranger = browser.find_element("css selector", "[data-anonymous-id]").text
    assert browser.find_element("css selector", "[data-console-link]").get_attribute("href").endswith(stranger)
    click(browser, "[data-answer=count]")
    for tea in ("gyokuro-hikari", "assam-morning"):
        browser.get(shop.url + "/shop/p/" + tea)
        click(browser, "[data-add] button")
    browser.get(shop.url + "/shop/cart")
    assert len(browser.find_elements("css selector", "[data-lines] li")) == 2 and browser.execute_script(fits)
    click(browser, "[data-lines] li:last-child button")
    assert len(browser.find_elements("css selector", "[data-lines] li")) == 1
    browser.get(shop.url + "/shop/checkout")
    assert browser.execute_script(fits)
    fill(browser, name="Ada Wren", email="ada@example.com", street="Orchard Street 1", postalCode="BS1 4DJ", city="Bristol", coupon="wren10")
    click(browser, "[data-pay] button")
    wait_for_path(browser, "/shop/thanks")
    browser.get(shop.url + "/shop/account")
    assert "ada@example.com" in browser.find_element("css selector", "[data-traits]").text and browser.execute_script(fits)
    click(browser, "[data-sign-out]")
    wait_for_path(browser, "/shop")
    assert browser.find_element("css selector", "[data-anonymous-id]").text != stranger
    assert browser.find_element("css selector", "[data-consent]").is_displayed(), "the next person is asked again"
    browser.execute_async_script("analytics.flush().then(arguments[0])")
    shop.wait(lambda: [e for e in shop.events() if e.get("event") == "Signed Out"])

    told = [e["event"] for e in shop.events() if e["type"] == "track"]
    assert told == ["Segment Consent Preference Updated", "Product Viewed", "Product Added", "Product Viewed", "Product Added", "Cart Viewed",
                    "Product Removed", "Checkout Started", "Coupon Applied", "Order Completed", "Signed Out"]
    order = [e for e in shop.events() if e.get("event") == "Order Completed"][0]
    assert (order["userId"], order["anonymousId"]) == ("u1", stranger)
    assert (order["properties"]["subtotal"], order["properties"]["discount"], order["properties"]["total"]) == (28.9, 2.89, 29.96)
    assert order["context"]["consent"]["categoryPreferences"] == {"analytics": True, "email.offers": False}
    assert [m for m in browser.get_log("browser") if m["level"] == "SEVERE"] == []


def test_whoever_says_no_is_not_counted(browser, shop):
    """What they look at is told no more, on this page and the next; what they put into the basket is, and their yes counts again."""
    browser.get(shop.url + "/shop")
    browser.execute_script("localStorage.clear()")
    browser.get(shop.url + "/shop")
    stranger = browser.find_element("css selector", "[data-anonymous-id]").text

    def told():
        browser.execute_async_script("analytics.flush().then(arguments[0])")
        return [e.get("event", e["type"]) for e in shop.events(anonymousId=stranger)]
    shop.wait(lambda: told() == ["page"])
    click(browser, "[data-answer=none]")
    for path in ("/shop/p/assam-morning", "/shop"):
        browser.get(shop.url + path)
    shop.wait(lambda: told() == ["page", "Segment Consent Preference Updated"])
    browser.get(shop.url + "/shop/p/assam-morning")
    click(browser, "[data-add] button")
    shop.wait(lambda: told() == ["page", "Segment Consent Preference Updated", "Product Added"])
    click(browser, "[data-consent-open]")
    click(browser, "[data-answer=count]")
    browser.get(shop.url + "/shop/p/assam-morning")
    shop.wait(lambda: told()[-2:] == ["page", "Product Viewed"])


def test_a_hostile_basket_is_only_text(browser, shop):
    browser.get(shop.url + "/shop")
    browser.execute_script("""localStorage.setItem('wren_basket', JSON.stringify([null, 5, { id: 'x"><b>', name: '<img src=x onerror=alert(1)>',
        category: 'c', color: 'red" onload="x', pence: 100, quantity: 1 }])); localStorage.setItem('wren_choices', 'not json')""")
    browser.get(shop.url + "/shop/cart")
    assert browser.find_element("css selector", "[data-lines] a").text == "<img src=x onerror=alert(1)>"
    browser.execute_script("localStorage.clear()")
