"""Templates and consent in a real browser: the preview follows the text, the preference page works without scripts, both on a desk and on a telephone, in light and in dark."""
import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader, no_barriers
from harness import new_id, wait_until
from test_console import NASTY
from test_console_walk import find, fits, no_complaints, press, shot, submit

HTML = "<h1>Hello {{ profile.firstName }}</h1><p>Your plan is {{ profile.plan }}. See <a href='https://tea.example/'>our teas</a>.</p>"


@pytest.fixture(scope="module")
def shop(shared):
    shared.person = new_id("walk")
    shared.send([{"type": "identify", "userId": shared.person, "traits": {"name": "Ada Lovelace", "firstName": "Ada", "plan": "gold", "email": f"{shared.person}@wren.example"}}])
    shared.profile_id = shared.profile(userId=shared.person)["id"]
    shared.reader = Reader(shared).set_password()
    return shared


def preferences(shop):
    made = shop.call("POST", f"/api/v1/profiles/{shop.profile_id}/preference-link", json={"account": "Wren & Daughters"}).json()
    return shop.url + "/preferences/" + made["preferences"].split("/preferences/")[1]


@pytest.mark.parametrize("nasty", NASTY)
def test_what_people_and_operators_write_is_text(shop, nasty):
    user = new_id("nm")
    shop.send([{"type": "identify", "userId": user, "traits": {"firstName": nasty, "name": nasty}}])
    profile = shop.profile(userId=user)["id"]
    shop.call("POST", "/api/v1/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": "granted", "account": nasty[:200], "proof": nasty[:200], "wording": nasty[:200]}]})
    made = shop.call("POST", f"/api/v1/profiles/{profile}/preference-link", json={"account": nasty[:200]}).json()
    pages = [shop.reader.get(f"/w/main/profiles/{profile}").text, shop.http.get(shop.url + "/preferences/" + made["preferences"].split("/preferences/")[1]).text]
    shown = shop.reader.post("/w/main/templates/preview", headers={"Accept": "application/json"}, kind="email", subject="{{ profile.firstName }}", html="<p>{{ profile.firstName }}</p>", person=user)
    answer = shown.json()["html"]
    pages += [answer, shop.reader.get(answer.split('src="')[1].split('"')[0]).text]
    pages.append(shop.reader.post("/w/main/templates", name=nasty, note=nasty, kind="text", text=nasty, person=nasty, asOf=nasty).text)
    for text in pages:
        page = Page(text)
        assert not page.all("img") and all(script.get("src", "").startswith("/console/assets/") for script in page.all("script"))
        assert not [tag for tag, attributes in page.tags if any(key.startswith("on") for key in attributes)]


def test_only_the_session_itself_writes(shop):
    for path in ["/w/main/templates", "/w/main/templates/preview", "/w/main/consent"]:
        assert shop.reader.post(path, csrf="wrong", name="x", kind="text", text="x").status_code == 403
        assert Reader(shop).post(path, csrf="x").status_code == 401
    assert shop.reader.get("/w/main/templates/frames/nosuch").status_code == 404


def test_templates_and_consent_in_a_browser(shop):
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.set_window_size(1440, 1000)
        driver.get(shop.url + "/sign-in?next=/w/main/templates")
        submit(driver, "main form", password=PASSWORD)
        shot(driver, "templates-empty")
        driver.get(shop.url + "/w/main/templates/new")
        find(driver, "[name=name]").send_keys("from-the-browser")
        find(driver, "[name=person]").send_keys(shop.person)
        find(driver, "[name=subject]").send_keys("Hi {{ profile.firstName }}")
        find(driver, "[name=html]").send_keys(HTML)
        wait_until(lambda: driver.find_elements("css selector", "#answer iframe"), what="the preview")
        assert "Hi Ada" in find(driver, ".mail-subject").text
        driver.switch_to.frame(find(driver, ".mail-frame"))
        assert find(driver, "h1").text == "Hello Ada" and "gold" in find(driver, "body").text
        assert driver.execute_script("return getComputedStyle(document.querySelector('.inner')).maxWidth") == "600px", "the mail's own styles are in force"
        driver.switch_to.default_content()
        fits(driver)
        shot(driver, "templates-edit")
        find(driver, "[name=html]").send_keys("{{ profile.nosuch }}{{ x | upcas }}")
        wait_until(lambda: "html, line 1" in find(driver, "#answer").text, what="the fault")
        shot(driver, "templates-fault")
        area = find(driver, "[name=html]")
        area.clear()
        area.send_keys(HTML)
        press(driver, "#template-form .actions button.primary")
        assert "The template is saved" in find(driver, "main").text
        for theme in ["dark", "light"]:
            driver.get(driver.current_url.split("?")[0] + "?theme=" + theme)
            shot(driver, "templates-" + theme)
        for path, name in [("templates", "templates-list"), ("consent", "consent-settings"), (f"profiles/{shop.profile_id}", "consent-profile")]:
            driver.get(shop.url + "/w/main/" + path)
            fits(driver)
            shot(driver, name)
        driver.get(preferences(shop))
        fits(driver)
        shot(driver, "preferences")
        find(driver, "[name='c0-0-0']").click()
        press(driver, "button[value=save]")
        assert "Saved." in find(driver, "main").text and find(driver, "[name='c0-0-0']").is_selected() and not find(driver, "[name^='ca'][name$='-0-0']").is_selected()
        driver.get(driver.current_url.split("?")[0].replace("/preferences/", "/unsubscribe/"))
        fits(driver)
        shot(driver, "unsubscribe")
        press(driver, "button[name=confirm]")
        assert "You are unsubscribed" in find(driver, "main").text
        no_complaints(driver)
    finally:
        driver.quit()


def test_axe_finds_nothing(shop):
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.get(shop.url + "/sign-in?next=/w/main/templates")
        submit(driver, "main form", password=PASSWORD)
        address = preferences(shop)
        for width in (1440, 390):
            driver.set_window_size(width, 1000)
            for page in ("/w/main/templates", "/w/main/templates/new", "/w/main/consent", f"/w/main/profiles/{shop.profile_id}", address, address.replace("/preferences/", "/unsubscribe/")):
                driver.get(page if page.startswith("http") else shop.url + page)
                no_barriers(driver, page, width)
    finally:
        driver.quit()
