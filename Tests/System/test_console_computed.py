"""Computed traits in the console: made from an example, worked out while typed, shown on a person's page, changed, and deleted by name."""
import html
import re

import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader
from harness import new_id, wait_until
from test_console import NASTY
from test_console_walk import find, fits, no_complaints, press, shot, submit

LIST = "/w/main/computed-traits"


@pytest.fixture(scope="module")
def shop(shared):
    """Forty people; guest n ordered n times, tea or cups."""
    shared.mark = new_id("ct")
    batch = [{"type": "identify", "userId": f"{shared.mark}-{n}", "traits": {"name": f"Guest {n}"}} for n in range(40)]
    for n in range(40):
        batch += [{"type": "track", "userId": f"{shared.mark}-{n}", "event": shared.mark, "properties": {"total": 12.5, "category": "tea" if n % 3 else "cups"}}] * n
    for start in range(0, len(batch), 200):
        assert shared.post("/v1/batch", {"batch": batch[start:start + 200]}).status_code == 200
    shared.reader = Reader(shared).set_password()
    return shared


@pytest.fixture
def ada(shop):
    return shop.reader


def spent(shop):
    return f'sum(total) of "{shop.mark}"'


def made(ada, name, text, **fields):
    answer = ada.post(LIST, name=name, text=text, **fields)
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.text)
    return answer.headers["Location"]


def name():
    return new_id("t").replace("-", "")


def count(ada, text, **fields):
    answer = ada.post(LIST + "/count", text=text, headers={"Accept": "application/json"}, **fields)
    assert answer.status_code == 200, answer.text[:300]
    return answer.json()


def test_it_is_made_and_shows_its_values(shop, ada):
    own = name()
    place = made(ada, own, spent(shop), note="For the spring letter")
    text = ada.page(place).text
    assert own in text and "For the spring letter" in text and f"computed.{own}" in text and "40 of 40 people have a value" in text
    assert [re.search(word + r"</span><strong>([^<]*)<", ada.get(place).text)[1] for word in ("Smallest", "Middle", "Largest")] == ["0", "237.5", "487.5"]
    assert own in ada.page(LIST).text
    person = shop.profile(userId=f"{shop.mark}-7")["id"]
    profile = ada.get("/w/main/profiles/" + person).text
    row = re.search(rf"<dt><bdi>{own}</bdi>.*?</div>", profile, re.S)[0]
    assert "computed</span>" in row and "87.5" in row and html.escape(spent(shop)) in row and place in row
    then = ada.get(f"/w/main/profiles/{person}?as_of=1000").text
    assert re.search(rf"<dt><bdi>{own}</bdi>.*?<code class=\"value\">0</code>", then, re.S), "before the orders it was 0"


def test_values_of_other_kinds(shop, ada):
    favourite = ada.page(made(ada, name(), f'most frequent(category) of "{shop.mark}"')).text
    assert "tea" in favourite and "cups" in favourite and "39 of 40 people" in favourite
    assert re.search(r"Largest", ada.page(made(ada, name(), f'first time of "{shop.mark}"')).text)
    assert "Nobody has a value yet" in ada.page(made(ada, name(), 'minimum(total) of "Never"')).text


def test_the_answer_follows_the_text(shop, ada):
    answer = count(ada, spent(shop))
    assert "<strong>40</strong>" in answer["html"] and "<svg" in answer["chart"] and "237.5" in answer["chart"]
    wrong = count(ada, f'sum(total) off "{shop.mark}"')
    assert wrong["chart"] == "" and re.search(r"<mark[^>]*>off</mark>", wrong["html"]) and "Line 1, column 12" in wrong["html"]
    assert "Mars/Olympus" in count(ada, spent(shop), zone="Mars/Olympus")["html"]
    assert "will stand here" in count(ada, " ")["html"]
    # Without scripts the same stands on the page, with what was typed.
    page = ada.post(LIST, name="x", text=spent(shop), intent="count")
    assert page.status_code == 200 and "237.5" in page.text and spent(shop) in html.unescape(page.text)


@pytest.mark.parametrize("fields, said", [
    ({"name": "a b"}, "A name has 1 to 64"), ({"name": ""}, "A name has 1 to 64"), ({"name": "name"}, "already"), ({"note": "n" * 2001}, "at most 2,000 bytes"), ({"text": "plan"}, "segments."),
    ({"zone": "Mars/Olympus"}, "Mars/Olympus")])
def test_what_is_wrong_is_said_and_nothing_saved(shop, ada, fields, said):
    own = name()
    answer = ada.post(LIST, **{"name": own, "text": spent(shop), "zone": "UTC", **fields})
    assert answer.status_code == 422 and said in Page(answer.text).text, answer.text[:2000]
    assert own not in ada.page(LIST).text


def test_changing_and_deleting_with_a_segment_that_asks(shop, ada):
    own = name()
    place = made(ada, own, spent(shop))
    assert ada.post(LIST, name=own, text=spent(shop)).status_code == 422
    user = ada.post("/w/main/segments", name="Asks " + own, text=f"computed.{own} > 100").headers["Location"]
    assert "Asks " + own in ada.page(place).text and "Asks " + own in ada.page(place + "/edit").text
    assert ada.post(place + "/save", text=f'distinct list(category) of "{shop.mark}"').status_code == 422
    assert ada.post(place + "/save", text="plan =").status_code == 422
    ada.post(place + "/delete", confirm="other")
    assert ada.get(place).status_code == 200
    ada.post(place + "/delete", confirm=own)
    assert "segments ask for this computed trait" in ada.get(place).text
    assert ada.post(place + "/save", text=f'count of "{shop.mark}"', note="Changed").status_code == 303
    text = ada.page(place).text
    assert "Changed" in text and f'count of "{shop.mark}"' in text
    wait_until(lambda: "Nobody is in it now" in ada.get(user).text, what="the segment to follow")
    assert ada.post(user + "/delete", confirm="Asks " + own).status_code == 303
    assert ada.post(place + "/delete", confirm=own).status_code == 303
    assert ada.get(place).status_code == 404


def test_nothing_of_it_is_done_for_strangers(shop, ada):
    place = made(ada, name(), spent(shop))
    for path in [LIST, LIST + "/count", place + "/save", place + "/delete"]:
        assert ada.post(path, csrf="wrong", name="x", text=spent(shop)).status_code == 403
        assert Reader(shop).post(path, csrf="x", name="x", text=spent(shop)).status_code == 401
    assert ada.get(place).status_code == 200


@pytest.mark.parametrize("nasty", NASTY)
def test_notes_measures_and_values_are_text(shop, ada, nasty):
    event = new_id("nasty")
    shop.post("/v1/track", {"userId": event, "event": event, "properties": {nasty: nasty}})
    text = "last(`" + nasty.replace("\\", "\\\\") + f'`) of "{event}"'
    place = made(ada, name(), text, note=nasty)
    wait_until(lambda: "1 of" in ada.page(place).text, what="the event")
    profile = "/w/main/profiles/" + shop.profile(userId=event)["id"]
    for path in [place, place + "/edit", LIST, profile]:
        page = Page(ada.get(path).text)
        assert not page.all("img") and all(script.get("src", "").startswith("/console/assets/") for script in page.all("script"))
        assert not [tag for tag, attributes in page.tags if any(key.startswith("on") for key in attributes)]
        assert nasty in page.text
    answer = count(ada, text)
    assert not Page(answer["html"] + answer["chart"]).all("img")


def test_the_editor_in_a_browser(shop):
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.set_window_size(1440, 1000)
        driver.get(shop.url + "/sign-in?next=" + LIST + "/new")
        submit(driver, "main form", password=PASSWORD)
        shot(driver, "computed-new")
        area = find(driver, "[name=text]")
        find(driver, "[name=name]").send_keys("spentInTheBrowser")
        area.send_keys(spent(shop))
        wait_until(lambda: "487.5" in find(driver, "#distribution").text, what="the values")
        assert find(driver, "#distribution svg").is_displayed()
        fits(driver)
        shot(driver, "computed-edit")
        area.send_keys(" > 5")
        wait_until(lambda: driver.find_elements("css selector", "#answer mark"), what="the place of the fault")
        shot(driver, "computed-fault")
        area.clear()
        area.send_keys(spent(shop) + f' / count of "{shop.mark}"')
        wait_until(lambda: "39" in find(driver, ".answer-count strong").text, what="the ratio")
        area.clear()
        area.send_keys(spent(shop))
        press(driver, "#measure-form button.primary")
        assert find(driver, "h1").text == "spentInTheBrowser"
        fits(driver)
        for theme in ["dark", "light"]:
            driver.get(driver.current_url.split("?")[0] + "?theme=" + theme)
            shot(driver, "computed-" + theme)
        driver.get(shop.url + "/w/main/profiles/" + shop.profile(userId=f"{shop.mark}-7")["id"])
        fits(driver)
        shot(driver, "computed-profile")
        driver.get(shop.url + LIST)
        fits(driver)
        shot(driver, "computed-list")
        no_complaints(driver)
    finally:
        driver.quit()
