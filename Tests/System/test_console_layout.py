"""What only a browser shows: that nothing runs out of its place, where the focus goes, what is scrolled into sight."""
import pathlib
import time

import pytest

from browser_bench import chromium
from console_client import PASSWORD
from harness import new_id, wait_until
from test_console_past import grown
from test_console_walk import find, no_complaints, shot, submit

pytest.importorskip("selenium", reason="selenium is not installed: pip install -r requirements.txt")


@pytest.fixture(scope="module")
def browser(shop):
    driver = chromium()
    driver.implicitly_wait(5)
    driver.get(shop.url + "/sign-in")
    submit(driver, "form", password=PASSWORD)
    yield driver
    driver.quit()


def at(browser, width, height=900):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700})
    time.sleep(0.2)


def box(browser, selector):
    return browser.execute_script("const b = document.querySelector(arguments[0]).getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]", selector)


def focused(browser, selector):
    return browser.execute_script("return document.querySelector(arguments[0]).contains(document.activeElement)", selector)


@pytest.mark.parametrize("width", [1100, 1280, 1440, 1500])
def test_a_table_beside_another_column_stays_in_its_panel(shop, browser, width):
    at(browser, width)
    browser.get(f"{shop.url}/w/main/profiles/{grown(shop)[0]}")
    frame, panel = box(browser, ".of-identity .frame"), box(browser, ".of-identity")
    assert panel[0] <= frame[0] and frame[2] <= panel[2] + 0.5
    sticks_out = browser.execute_script("""
        const frame = document.querySelector('.of-identity .frame');
        return getComputedStyle(frame).overflowX === 'visible' && frame.scrollWidth > frame.clientWidth + 1""")
    assert not sticks_out
    shot(browser, f"layout-profile-{width}")
    no_complaints(browser)


def test_names_found_are_not_broken_by_their_identifiers(shop, browser):
    name = "Augusta Ada King of " + new_id("Lovelace")
    shop.send([{"type": "identify", "userId": new_id("a-long-user-id"), "anonymousId": new_id("a-long-device-id"), "traits": {"name": name}}])
    at(browser, 390, 844)
    browser.get(f"{shop.url}/w/main/search?q=Augusta")
    left, top, right, bottom = box(browser, ".list li bdi.grow")
    assert right - left > 200 and bottom - top < 70
    assert box(browser, ".list li .chips")[1] >= bottom - 1, "the identifiers stand below"
    shot(browser, "layout-search")


def test_a_long_name_of_a_source_makes_no_row_taller(shop, browser):
    till = shop.create_source("The till of the shop in the old town " + new_id())
    at(browser, 1440)
    browser.get(f"{shop.url}/w/main/live")
    wait_until(lambda: "good" in find(browser, "#live-state").get_attribute("class"), what="the stream")
    shop.send([{"type": "track", "userId": "ada", "event": "Tea Tasted"}], key=till["writeKey"])
    wait_until(lambda: "old town" in find(browser, "#live-rows").text, what="the event")
    _, top, _, bottom = box(browser, "#live-rows tr")
    assert bottom - top < 45
    assert find(browser, "#live-rows tr td:nth-child(5) bdi").get_attribute("title") == till["name"]
    shot(browser, "layout-live")
    no_complaints(browser)


def test_help_and_dialogs_take_the_focus_and_keep_it(shop, browser):
    from selenium.webdriver import ActionChains, Keys
    at(browser, 1440)
    browser.get(f"{shop.url}/w/main/quarantine")
    ActionChains(browser).send_keys("?").perform()
    wait_until(lambda: focused(browser, "#help"), what="the focus in the help")
    for key in (Keys.TAB,) * 4:
        ActionChains(browser).send_keys(key).perform()
        assert focused(browser, "#help")
    ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
    assert focused(browser, "#help")
    ActionChains(browser).send_keys(Keys.ESCAPE).perform()
    assert not browser.execute_script("return document.querySelector(':popover-open')")
    find(browser, "button[popovertarget=api]").click()
    wait_until(lambda: focused(browser, "#api"), what="the focus in the drawer")
    ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
    assert focused(browser, "#api")
    till = shop.create_source(new_id("Dialog"))
    browser.get(f"{shop.url}/w/main/sources/{till['id']}")
    find(browser, "button[popovertarget=disable]").click()
    wait_until(lambda: focused(browser, "#disable"), what="the focus in the dialog")
    assert browser.execute_script("return document.activeElement.name") == "confirm"
    shot(browser, "layout-disable")


def test_copy_pressed_twice_says_copy_again(shop, browser):
    till = shop.create_source(new_id("Copy"))
    at(browser, 1440)
    browser.get(f"{shop.url}/w/main/sources/{till['id']}")
    button = find(browser, ".key button.copy")
    button.click()
    wait_until(lambda: button.text == "Copied", what="the word")
    button.click()
    wait_until(lambda: button.text == "Copy", 4, what="the word of before")


@pytest.mark.parametrize("height", [500, 900])
def test_the_rail_shows_where_one_is_and_keeps_its_foot(shop, browser, height):
    for width in (1440, 900):
        at(browser, width, height)
        browser.get(f"{shop.url}/w/main/session")
        _, top, _, bottom = box(browser, ".places a[aria-current]")
        around = box(browser, ".places")
        assert around[1] - 1 <= top and bottom <= around[3] + 1, (width, height)
        assert box(browser, ".rail-foot")[3] <= height, (width, height)
        wide = browser.execute_script("return ['.rail', '.places'].map((s) => document.querySelector(s)).filter((e) => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX !== 'hidden').length")
        assert wide == 0 and browser.execute_script("return document.documentElement.scrollWidth") <= width
        browser.save_screenshot(f"{folder}/layout-rail-{width}-{height}.png") if (folder := shots()) else None
    no_complaints(browser)


def shots():
    import os
    folder = os.environ.get("MARTLET_SHOTS")
    if folder:
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    return folder


def test_the_chosen_tab_is_in_sight(shop, browser):
    till = shop.create_source(new_id("Tabs"))
    at(browser, 390, 844)
    browser.get(f"{shop.url}/w/main/sources/{till['id']}?sdk=pixel")
    left, _, right, _ = box(browser, ".tabs a[aria-current]")
    around = box(browser, ".tabs")
    assert around[0] - 1 <= left and right <= around[2] + 1
    shot(browser, "layout-tabs")


def test_a_refused_form_puts_the_focus_on_what_is_wrong(shop, browser):
    at(browser, 1440)
    browser.get(f"{shop.url}/w/main/tokens")
    submit(browser, "main section form", name=new_id("No scope"))
    assert browser.execute_script("return document.activeElement.getAttribute('role')") == "alert"
    assert box(browser, ".notice.critical")[3] < 900, "in sight"
    shot(browser, "layout-tokens")
    till, other = shop.create_source(new_id("A")), shop.create_source(new_id("B"))
    browser.get(f"{shop.url}/w/main/sources/{till['id']}")
    submit(browser, "form[action$='/rename']", name=other["name"])
    assert browser.execute_script("return document.activeElement.id + document.activeElement.value") == "f-name" + other["name"]
    shop.post("/v1/track", {"userId": "u"})
    browser.get(f"{shop.url}/w/main/quarantine")
    find(browser, ".refusal summary").click()
    find(browser, ".repair summary").click()
    submit(browser, ".repair form", payload='{"type": "track", "userId": "u"}')
    assert browser.execute_script("return document.activeElement.name") == "payload"
    shot(browser, "layout-refused")


def test_what_a_colleague_saved_meanwhile_is_told_by_the_segments_editor_also_where_scripts_run(shop, browser):
    """The editor counts as soon as it is there; what the server refused stays in sight all the same."""
    at(browser, 1440)
    segment = shop.call("POST", "/api/v1/segments", json={"name": new_id("shared"), "condition": 'plan = "gold"'}).json()["id"]
    browser.get(f"{shop.url}/w/main/segments/{segment}/edit")
    time.sleep(0.5)
    assert shop.call("PATCH", f"/api/v1/segments/{segment}", json={"note": "of a colleague"}).status_code == 200
    note = find(browser, "[name=note]")
    note.clear()
    note.send_keys("mine")
    submit(browser, "form.editor")
    wait_until(lambda: "/save" in browser.current_url, what="the answer")
    time.sleep(1)
    assert "saved meanwhile" in find(browser, "main").text, find(browser, "main").text[:500]
    assert shop.call("GET", f"/api/v1/segments/{segment}").json()["note"] == "of a colleague"


def test_a_search_finds_journeys_and_templates(shop, browser):
    name = new_id("abandoned")
    template = shop.call("POST", "/api/v1/templates", json={"name": f"{name}-mail", "kind": "text", "parts": {"text": "x"}}).json()["id"]
    journey = shop.call("POST", "/api/v1/journeys", json={"yaml": f"name: {name}\ntrigger: {{api: true}}\nsteps: [{{wait: 1 hour}}]\n"}).json()["id"]
    browser.get(f"{shop.url}/w/main/search?q={name.upper()}")
    for path in (f"/journeys/{journey}", f"/templates/{template}"):
        assert find(browser, f'main a[href$="{path}"]').text.startswith(name)
