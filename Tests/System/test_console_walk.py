"""A first hour with the console in a real browser: from the printed link to a person erased. Screenshots go to MARTLET_SHOTS, if that names a folder."""
import os
import pathlib
import re
import time

import pytest

from browser_bench import chromium
from console_client import PASSWORD
from harness import new_id, wait_until


@pytest.fixture
def browser():
    pytest.importorskip("selenium")
    driver = chromium()
    driver.implicitly_wait(5)
    yield driver
    driver.quit()


def find(browser, selector):
    from selenium.webdriver.common.by import By
    return browser.find_element(By.CSS_SELECTOR, selector)


def heading(browser):
    return find(browser, "h1").text


def submit(browser, form, **fields):
    for name, value in fields.items():
        field = find(browser, f"{form} [name={name}]")
        field.clear()
        field.send_keys(value)
    press(browser, f"{form} button[type=submit]")


def press(browser, selector):
    """Clicks what leads to another page, and waits for that page: until then the old one still answers."""
    browser.execute_script("document.documentElement.dataset.old = '1'")
    find(browser, selector).click()
    wait_until(lambda: browser.execute_script("return !document.documentElement.dataset.old && document.readyState === 'complete'"), what="the next page")


def shot(browser, name):
    folder = os.environ.get("MARTLET_SHOTS")
    if not folder:
        return
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    for width in (1440, 390):
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700})
        time.sleep(0.2)
        browser.save_screenshot(f"{folder}/{name}-{width}.png")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def no_complaints(browser):
    """The policy blocked nothing, and nothing was thrown."""
    severe = [line for line in browser.get_log("browser") if line["level"] == "SEVERE" and "favicon" not in line["message"]]
    severe = [line for line in severe if not re.search(r"status of (404|410|422|429)", line["message"])]
    assert not severe, severe


def fits(browser):
    """Nothing scrolls sideways but what has a frame of its own."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= 390, (browser.current_url, wide)


def test_first_hour(martlet, browser):
    wait_until(lambda: b"/sign-in/" in b"".join(martlet.stdout), what="the link")
    browser.get(re.search(rb"http\S+/sign-in/\w+", b"".join(martlet.stdout))[0].decode())
    assert heading(browser) == "Choose a password"
    shot(browser, "01-set-password")
    submit(browser, "form", password=PASSWORD, again=PASSWORD)

    assert "first event" in heading(browser)
    shot(browser, "02-first-steps")
    submit(browser, ".step form", name="Website")
    assert heading(browser) == "Website"
    shot(browser, "03-source")
    no_complaints(browser)

    browser.get(martlet.url + "/w/main")
    shot(browser, "04-home-waiting")
    key = martlet.api("/api/v1/sources")["sources"][0]["writeKey"]
    time.sleep(2.2)
    martlet.post("/v1/track", {"userId": "grace", "event": "Kettle Boiled", "properties": {"tea": "Earl Grey"}}, key=key)
    wait_until(lambda: "Kettle Boiled" in browser.page_source, 5, what="the step ticks itself off")
    shot(browser, "05-home-first-event")

    browser.get(martlet.url + "/w/main/live")
    wait_until(lambda: "good" in find(browser, "#live-state").get_attribute("class"), what="the stream")
    device, user = new_id("device"), new_id("u")
    start = time.monotonic()
    martlet.post("/v1/track", {"anonymousId": device, "event": "Basket Filled", "properties": {"total": 12.5, "currency": "GBP"}}, key=key)
    wait_until(lambda: "Basket Filled" in find(browser, "#live-rows").text, 5, every=0.02, what="the event on Live")
    assert time.monotonic() - start < 1
    martlet.send([
        {"type": "identify", "anonymousId": device, "userId": user, "traits": {"name": "Ada Wren", "email": "ada@example.com", "plan": "leaf"}},
        {"type": "identify", "userId": user, "traits": {"plan": "pot", "address": {"city": "Bath", "lines": ["4 Tea Row"]}}},
        {"type": "page", "userId": user, "name": "Thanks", "properties": {"url": "https://wren.example/thanks", "path": "/thanks"}},
        {"type": "track", "userId": user, "event": "Order Completed", "messageId": "o1", "properties": {"order_id": "50314", "total": 12.5}}], key=key)
    martlet.post("/v1/track", {"userId": user, "event": "Order Completed", "messageId": "o1"}, key=key)
    martlet.post("/v1/track", {"userId": user, "messageId": "bad"}, key=key)
    wait_until(lambda: "Quarantined" in find(browser, "#live-rows").text and "Duplicate" in find(browser, "#live-rows").text, 5, what="the verdicts")
    shot(browser, "06-live")
    fits(browser)
    no_complaints(browser)

    browser.get(martlet.url + "/w/main/profiles?q=ada")
    shot(browser, "07-profiles")
    fits(browser)
    press(browser, "a.person")
    assert heading(browser) == "Ada Wren"
    for text in ("pot", "Bath", "Order Completed", "ada@example.com", device):
        assert text in browser.page_source, text
    shot(browser, "08-profile")
    browser.execute_script("document.querySelector('.of-identity').scrollIntoView()")
    shot(browser, "09-identity")
    fits(browser)
    no_complaints(browser)

    for number, path in enumerate(["quarantine", "sources", "tokens", "session", "search?q=ada", "nowhere"]):
        browser.get(martlet.url + "/w/main/" + path)
        shot(browser, f"1{number}-{path.split('?')[0]}")
        fits(browser)
        no_complaints(browser)

    browser.get(martlet.url + "/w/main/quarantine")
    find(browser, ".refusal summary").click()
    find(browser, ".repair summary").click()
    submit(browser, ".repair form", payload='{"type": "track", "userId": "ada"}')
    assert "needs the name" in find(browser, ".repair .error").text
    shot(browser, "16-refused-again")
    fits(browser)
    browser.get(martlet.url + "/w/main/tokens")
    find(browser, "#scope-2").click()
    submit(browser, "main section form", name="Reporting")
    assert "mt_" in find(browser, ".once").text
    shot(browser, "17-token")
    fits(browser)
    no_complaints(browser)

    for n in range(12):
        martlet.send([{"type": "track", "userId": f"{user}-{n}", "event": "Tea Tasted"}], key=key)
    browser.get(martlet.url + "/w/main?theme=dark&lang=es")
    assert find(browser, "html").get_attribute("lang") == "es"
    shot(browser, "20-home-dark-es")
    fits(browser)
    browser.get(martlet.url + "/w/main?theme=light&lang=en")
    shot(browser, "21-home")
    no_complaints(browser)

    browser.get(martlet.url + "/w/main/profiles?q=ada")
    press(browser, "a.person")
    find(browser, "button[popovertarget=erase]").click()
    shot(browser, "22-erase")
    submit(browser, "#erase form", confirm="Ada Wren")
    assert "erased" in find(browser, ".notice").text
    shot(browser, "23-erased")
    martlet.profile(expect=404, userId=user)
    no_complaints(browser)

    find(browser, "button[popovertarget=preferences]").click()
    press(browser, "#preferences form button")
    assert heading(browser) == "Sign in"
    submit(browser, "form", password="not this one")
    shot(browser, "24-wrong")
    assert "not the password" in find(browser, ".error").text
    for path in ("/w/main/live", "/w/main/live?lang=tr"):
        browser.get(martlet.url + path)
        assert "/sign-in" in browser.current_url
    browser.get(martlet.url + "/sign-in?next=%2Fw%2Fmain%2Flive")
    submit(browser, "form", password=PASSWORD)
    assert browser.current_url.endswith("/w/main/live")
    no_complaints(browser)
    name = martlet.url.replace("127.0.0.1", "wren.localhost")
    browser.get(name + "/sign-in")
    shot(browser, "25-other-name")
    assert "--tls-certificate" in browser.page_source


def test_a_link_from_another_site_opens_the_page(martlet, browser):
    """Under another name for this machine the page is another site; the session's cookie must be found all the same."""
    wait_until(lambda: b"/sign-in/" in b"".join(martlet.stdout), what="the link")
    browser.get(re.search(rb"http\S+/sign-in/\w+", b"".join(martlet.stdout))[0].decode())
    submit(browser, "form", password=PASSWORD, again=PASSWORD)
    assert "first event" in heading(browser)
    browser.get(f"http://localhost:{martlet.port}/sign-in")
    browser.execute_script("const a = document.createElement('a'); a.href = arguments[0]; a.textContent = 'x'; document.body.append(a); a.click()",
                           martlet.url + "/w/main/sources")
    wait_until(lambda: "127.0.0.1" in browser.current_url and "Sources" in browser.page_source and heading(browser) == "Sources", 8, what="the page")
    no_complaints(browser)


@pytest.mark.parametrize("path, field, text", [
    ("journeys/new", "yaml", "name: Birthday\n# my own words\ntrigger:\n  date: birthday\nsteps:\n- wait: 1 hour\n"), ("templates/new", "note", "what nobody wants to write twice"),
    ("segments/new", "text", 'plan = "gold"')])
def test_what_was_written_is_there_after_the_session_ended(martlet, browser, path, field, text):
    wait_until(lambda: b"/sign-in/" in b"".join(martlet.stdout), what="the link")
    browser.get(re.search(rb"http\S+/sign-in/\w+", b"".join(martlet.stdout))[0].decode())
    submit(browser, "form", password=PASSWORD, again=PASSWORD)
    browser.get(f"{martlet.url}/w/main/{path}")
    browser.execute_script("const f = document.querySelector(arguments[0]); f.value = arguments[1]", f"main form [name={field}]", text)
    browser.delete_all_cookies()
    browser.execute_script("const form = document.querySelector('main form.editor, main form.template-editor'); form.noValidate = true; form.requestSubmit()")
    wait_until(lambda: heading(browser) == "Sign in", what="the door")
    browser.get_log("browser")  # The browser tells of the refusal.
    submit(browser, "form", password="not this one")
    submit(browser, "form", password=PASSWORD)
    assert browser.current_url == f"{martlet.url}/w/main/{path}"
    assert browser.execute_script("return document.querySelector(arguments[0]).value", f"main form [name={field}]") == text
    no_complaints(browser)
