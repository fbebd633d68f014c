"""What somebody writes in an editor in a real browser: it stands there again after whatever came between, until it is saved, discarded, cancelled, or they sign out."""
import json
import re

import pytest

from browser_bench import chromium
from console_client import PASSWORD
from harness import new_id, wait_until
from test_console_walk import find, heading, no_complaints, press, submit

NOTE = "What you wrote here and did not save stands here again."
YAML = "name: {}\ntrigger: {{api: true}}\nsteps:\n- wait: 1 hour\n"


@pytest.fixture
def browser(martlet):
    pytest.importorskip("selenium")
    driver = chromium()
    driver.implicitly_wait(3)
    wait_until(lambda: b"/sign-in/" in b"".join(martlet.stdout), what="the link")
    driver.get(re.search(rb"http\S+/sign-in/\w+", b"".join(martlet.stdout))[0].decode())
    submit(driver, "form", password=PASSWORD, again=PASSWORD)
    yield driver
    driver.quit()


def value(browser, name):
    return browser.execute_script("return document.querySelector(`main form.editor [name='${arguments[0]}'], main form.template-editor [name='${arguments[0]}']`).value", name)


def write(browser, name, text):
    field = find(browser, f"main form.editor [name='{name}'], main form.template-editor [name='{name}']")
    field.clear()
    field.send_keys(text)


def save_gold(browser):
    """A segment by the form that is open."""
    write(browser, "name", "Gold")
    write(browser, "text", 'plan = "gold"')
    press(browser, "main form.editor button.primary")
    assert heading(browser) == "Gold"


def told(browser):
    return browser.execute_script("return [...document.querySelectorAll('main .notice.caution')].some((note) => note.textContent.includes(arguments[0]))", NOTE)


def kept(browser):
    return browser.execute_script("return Object.keys(sessionStorage).filter((name) => name.startsWith('martlet.draft')).length")


def test_leaving_the_page_loses_nothing(martlet, browser):
    """Until it is given up."""
    martlet.send([{"type": "identify", "userId": "ada", "traits": {"firstName": "Ada"}}])
    assert martlet.call("POST", "/api/v1/segments", json={"name": "Drinkers", "condition": "tea = true"}).status_code == 201
    assert martlet.call("POST", "/api/v1/templates", json={"name": "hello", "kind": "email", "parts": {"subject": "Tea", "html": "<p>Hello</p>"}}).status_code == 201
    for path, name, text in [
        ("segments/new", "note", "who came twice"), ("templates/new", "subject", "Your tea"), ("journeys/new", "yaml", YAML.format("Kept")), ("journeys/campaign", "name", "Autumn"), ("email", "fromName", "Wren"),
        ("sending-policy", "caps", "day; 2; 24"), ("consent", "topics", "offers; marketing"), ("computed-traits/new", "note", "how much"), ("destinations", "name", "Warehouse"),
    ]:
        address = f"{martlet.url}/w/main/{path}"
        browser.get(address)
        assert browser.execute_script("return !!document.querySelector(`main form.editor [name='${arguments[0]}'], main form.template-editor [name='${arguments[0]}']`)", name), path
        before = value(browser, name)
        write(browser, name, text)
        browser.get(f"{martlet.url}/w/main/live")
        for _ in range(2):
            browser.get(address)
            assert value(browser, name) == text and told(browser), path
        if path == "templates/new":
            wait_until(lambda: text in find(browser, "#answer").text, what="the preview of what stands there again")
        browser.execute_script("[...document.querySelectorAll('main .notice button')].find((button) => button.textContent === 'Discard it').click()")
        assert value(browser, name) == before and not told(browser), path
        browser.get(address)
        assert value(browser, name) == before and not told(browser) and kept(browser) == 0, path
    no_complaints(browser)


def test_what_was_ticked_and_chosen_is_kept_and_a_password_is_not(martlet, browser):
    address = f"{martlet.url}/w/main/email"
    browser.get(address)
    browser.execute_script("document.querySelectorAll('main details').forEach((part) => part.open = true)")
    tick = "return document.querySelector('main [name=tracksOpens]').checked"
    was = browser.execute_script(tick)
    find(browser, "main [name=tracksOpens]").click()
    browser.execute_script("const s = document.querySelector('main [name=security]'); s.value = 'none'; s.dispatchEvent(new Event('change', { bubbles: true }))")
    write(browser, "password", "a secret of ours")
    browser.get(f"{martlet.url}/w/main/live")
    assert "a secret" not in browser.execute_script("return JSON.stringify({ ...sessionStorage })")
    browser.get(address)
    assert browser.execute_script(tick) is not was and value(browser, "security") == "none" and value(browser, "password") == "" and told(browser)


def test_saved_cancelled_and_signed_out_is_gone(martlet, browser):
    new = f"{martlet.url}/w/main/segments/new"
    browser.get(new)
    save_gold(browser)
    browser.get(new)
    assert value(browser, "name") == "" and not told(browser) and kept(browser) == 0
    write(browser, "name", "Silver")
    press(browser, "main form.editor .actions > a")
    browser.get(new)
    assert value(browser, "name") == "" and kept(browser) == 0
    write(browser, "name", "Bronze")
    browser.get(f"{martlet.url}/w/main/live")
    assert kept(browser) == 1
    browser.execute_script("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    wait_until(lambda: heading(browser) == "Sign in", what="the door")
    assert kept(browser) == 0


def test_an_answer_that_never_comes_loses_nothing(martlet, browser):
    new = f"{martlet.url}/w/main/segments/new"
    browser.get(new)
    write(browser, "name", "Away")
    write(browser, "text", 'plan = "gold"')
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    find(browser, "main form.editor button.primary").click()
    wait_until(lambda: "ERR_INTERNET_DISCONNECTED" in browser.page_source or "offline" in browser.page_source.lower(), what="the browser's own page")
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    browser.get(f"{martlet.url}/w/main/live")
    browser.get(new)
    assert value(browser, "name") == "Away" and value(browser, "text") == 'plan = "gold"' and told(browser)
    press(browser, "main form.editor button.primary")
    assert heading(browser) == "Away" and kept(browser) == 0


def test_a_refused_form_and_buttons_that_save_nothing_keep_what_is_there(martlet, browser):
    """A journey's text that cannot be read, and steps that were added by a button, are in no version yet."""
    new = f"{martlet.url}/w/main/journeys/new"
    browser.get(new)
    write(browser, "yaml", "name: Wrong\ntrigger: {nonsense: true}\nsteps: []\n")
    press(browser, "main form [value=save]")
    assert find(browser, "main .notice.critical").text
    browser.get(f"{martlet.url}/w/main/live")
    browser.get(new)
    assert "nonsense" in value(browser, "yaml") and told(browser)
    write(browser, "yaml", YAML.format("Right"))
    press(browser, "main form [value=show]:not(.hidden)")
    before = value(browser, "yaml")
    press(browser, "main .journey-add button[value='add:/steps']")
    longer = value(browser, "yaml")
    assert len(longer) > len(before)
    browser.get(f"{martlet.url}/w/main/live")
    browser.get(new)
    assert value(browser, "yaml") == longer
    press(browser, "main form [value=save]")
    assert heading(browser) == "Right" and kept(browser) == 0


def test_what_another_saved_meanwhile_is_told_when_the_draft_is_saved(martlet, browser):
    name = new_id("draft")
    template = martlet.call("POST", "/api/v1/templates", json={"name": name, "kind": "email", "parts": {"subject": "One", "html": "<p>Hello</p>"}}).json()["id"]
    address = f"{martlet.url}/w/main/templates/{template}"
    browser.get(address)
    write(browser, "subject", "Mine")
    browser.get(f"{martlet.url}/w/main/live")
    assert martlet.call("PATCH", f"/api/v1/templates/{template}", json={"parts": {"subject": "Theirs", "html": "<p>Hello</p>"}}).status_code == 200
    browser.get(address)
    assert value(browser, "subject") == "Mine"
    press(browser, "main form.template-editor button.primary")
    assert "was saved meanwhile" in find(browser, "main").text and value(browser, "subject") == "Mine"
    assert martlet.call("GET", f"/api/v1/templates/{template}").json()["parts"]["subject"] == "Theirs"


def test_other_buttons_of_the_page_let_a_draft_replace_nothing_that_somebody_else_saved(martlet, browser):
    """A refused form is kept, too; and only what was changed is put back."""
    settings = {"from": {"name": "Wren", "address": "a@wren.example"}, "host": "127.0.0.1", "port": 2525, "security": "none", "signs": False}
    assert martlet.call("PATCH", "/api/v1/channels/email", json=settings).status_code == 200
    address = f"{martlet.url}/w/main/email"
    browser.get(address)
    write(browser, "port", "99999")
    press(browser, "main form.editor button.primary")
    browser.get(f"{martlet.url}/w/main/live")
    browser.get(address)
    assert value(browser, "port") == "99999" and told(browser)
    browser.execute_script("[...document.querySelectorAll('main .notice button')].find((button) => button.textContent === 'Discard it').click()")
    write(browser, "fromName", "Mine")
    assert martlet.call("PATCH", "/api/v1/channels/email", json={"replyTo": "theirs@wren.example"}).status_code == 200
    press(browser, "main form[action$='/email/check'] button")
    assert value(browser, "fromName") == "Mine" and value(browser, "replyTo") == "theirs@wren.example" and told(browser)
    press(browser, "main form.editor button.primary")
    assert "was saved meanwhile" in find(browser, "main").text and value(browser, "fromName") == "Mine"
    saved = martlet.call("GET", "/api/v1/channels/email").json()
    assert (saved["from"]["name"], saved["replyTo"]) == ("Wren", "theirs@wren.example")
    press(browser, "main form.editor button.primary")
    saved = martlet.call("GET", "/api/v1/channels/email").json()
    assert (saved["from"]["name"], saved["replyTo"]) == ("Mine", "theirs@wren.example") and kept(browser) == 0


def test_what_was_counted_is_kept_and_what_was_saved_does_not_come_back(martlet, browser):
    assert martlet.call("POST", "/api/v1/segments", json={"name": "Drinkers", "condition": "tea = true"}).status_code == 201
    assert martlet.call("POST", "/api/v1/templates", json={"name": "hello", "kind": "email", "parts": {"subject": "Tea", "html": "<p>Hello</p>"}}).status_code == 201
    browser.get(f"{martlet.url}/w/main/journeys/campaign")
    write(browser, "name", "Autumn")
    press(browser, "main form.campaign button[value=count]")
    browser.get(f"{martlet.url}/w/main/live")
    browser.get(f"{martlet.url}/w/main/journeys/campaign")
    assert value(browser, "name") == "Autumn" and told(browser)
    new = f"{martlet.url}/w/main/segments/new"
    browser.get(new)
    save_gold(browser)
    browser.back()
    wait_until(lambda: browser.current_url == new and browser.execute_script("return document.readyState") == "complete", what="the form before")
    browser.get(new)
    assert value(browser, "text") == "" and not told(browser)


def test_adding_a_file_keeps_what_was_typed_beside_it(martlet, browser, tmp_path):
    name = new_id("files")
    template = martlet.call("POST", "/api/v1/templates", json={"name": name, "kind": "email", "parts": {"subject": "One", "html": "<p>Hello</p>"}}).json()["id"]
    browser.get(f"{martlet.url}/w/main/templates/{template}")
    write(browser, "subject", "Two")
    (tmp_path / "terms.txt").write_text("all of them")
    find(browser, "main form [type=file]").send_keys(str(tmp_path / "terms.txt"))
    press(browser, "main form[enctype] button[type=submit]")
    assert "terms.txt" in find(browser, "main").text and value(browser, "subject") == "Two" and told(browser)
    press(browser, "main form.template-editor button.primary")
    saved = martlet.call("GET", f"/api/v1/templates/{template}").json()
    assert saved["parts"]["subject"] == "Two" and json.dumps(saved["attachments"]).count("terms.txt") == 1 and kept(browser) == 0
