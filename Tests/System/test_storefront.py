"""A walk through the demonstration shop in a real browser: what is seen, what is told, and that nothing breaks its policy.

`shop` answers like the server will: pages and assets from the package's own program, under the strict policy of the console.
Swap it for a running server's address where one is to be tested.
"""
import json
import subprocess
from http.server import BaseHTTPRequestHandler

import pytest

from browser_bench import ROOT, LocalServer, chromium, sdk_bytes


class Shop(LocalServer):
    def __init__(self):
        super().__init__(_ShopHandler)
        self.sdk, self.batches, self.pages = sdk_bytes(), [], {}

    def events(self):
        unique = {}
        for event in (event for batch in list(self.batches) for event in batch):
            unique.setdefault(event["messageId"], event)
        return list(unique.values())

    def page(self, path):
        if path not in self.pages:
            self.pages[path] = subprocess.run([ROOT / ".build/debug/tryout", "page", path], check=True, capture_output=True).stdout
        return self.pages[path]


class _ShopHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.split("?")[0]
        kind = "text/css" if path.endswith(".css") else "text/javascript" if path.endswith(".js") else "text/html; charset=utf-8"
        self._answer(self.server.sdk if path == "/martlet.js" else self.server.page(path), kind)

    def do_POST(self):
        self.server.batches.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["batch"])
        self._answer(b'{"success":true}', "application/json")

    def _answer(self, body, kind):
        self.send_response(200)
        policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), "Content-Security-Policy": policy}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def driver():
    process = chromium()
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
    server.shutdown()


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

    told = [e["event"] for e in shop.events() if e["type"] == "track"]
    assert told == ["Segment Consent Preference Updated", "Product Viewed", "Product Added", "Product Viewed", "Product Added", "Cart Viewed",
                    "Product Removed", "Checkout Started", "Coupon Applied", "Order Completed", "Signed Out"]
    order = [e for e in shop.events() if e.get("event") == "Order Completed"][0]
    assert (order["userId"], order["anonymousId"]) == ("u1", stranger)
    assert (order["properties"]["subtotal"], order["properties"]["discount"], order["properties"]["total"]) == (28.9, 2.89, 29.96)
    assert order["context"]["consent"]["categoryPreferences"] == {"analytics": True, "email.offers": False}
    assert [m for m in browser.get_log("browser") if m["level"] == "SEVERE"] == []


def test_a_hostile_basket_is_only_text(browser, shop):
    browser.get(shop.url + "/shop")
    browser.execute_script("""localStorage.setItem('wren_basket', JSON.stringify([null, 5, { id: 'x"><b>', name: '<img src=x onerror=alert(1)>',
        category: 'c', color: 'red" onload="x', pence: 100, quantity: 1 }])); localStorage.setItem('wren_choices', 'not json')""")
    browser.get(shop.url + "/shop/cart")
    assert browser.find_element("css selector", "[data-lines] a").text == "<img src=x onerror=alert(1)>"
    browser.execute_script("localStorage.clear()")
