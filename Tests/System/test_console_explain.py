"""Why a person is in a segment or is not, in the console: from the person's page, for any segment, in words that everybody reads."""
import re
import time

import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader, no_barriers
from harness import new_id, wait_until
from test_console import NASTY
from test_console_walk import find, fits, no_complaints, press, shot, submit


def iso(days_ago):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days_ago * 86400))


@pytest.fixture(scope="module")
def shop(shared):
    """Ada bought tea a week and a day ago; the segments ask for buyers, for people of Bath, and for baskets that were left."""
    mark = shared.mark = new_id("why")
    shared.send([
        {"type": "identify", "userId": mark, "traits": {"name": "Ada Wren", "city": "Bath", "tea": mark}},
        *({"type": "track", "userId": mark, "event": "Order Completed", "messageId": f"{mark}-{days}", "timestamp": iso(days), "properties": {"total": 12.5, "category": "tea"}} for days in (8, 1)),
        {"type": "track", "userId": mark, "event": "Product Added", "messageId": f"{mark}-basket", "timestamp": iso(0.5), "properties": {"category": "cups", "productId": "p1"}},
        {"type": "track", "userId": mark + "-no", "event": "Order Completed", "context": {"consent": {"categoryPreferences": {"analytics": False}}}}])
    shared.ids = {}
    for name, text in [("Buyers", 'did "Order Completed" at least twice in last 30 days'), ("Bath and more", f'city = "York" or (tea = "{mark}" and in segment "buyers" and sum(total) of "Order Completed" where category = "tea" in last 14 days >= 20)'),
                       ("Baskets", 'did "Product Added" in last 7 days then not "Order Completed" within 24 hours'), ("Nobody of York", 'city = "York" and not did "Order Refunded"')]:
        shared.ids[name] = shared.call("POST", "/api/v1/segments", json={"name": name, "condition": text}).json()["id"]
    shared.reader = Reader(shared).set_password()
    shared.ada = shared.profile(userId=mark)["id"]
    return shared


def why(shop, name, person=None, **query):
    return shop.reader.get(f"/w/main/profiles/{person or shop.ada}/why", params={"segment": shop.ids[name], **query})


def test_the_persons_page_leads_to_it(shop):
    place = f"/w/main/profiles/{shop.ada}"
    text = wait_until(lambda: (lambda t: t if "Bath and more" in t else None)(shop.reader.get(place).text), what="the memberships")
    assert f'href="{place}/why?segment={shop.ids["Buyers"]}"' in text and 'aria-label="Why in Buyers?"' in text and f'href="{place}/why"' in text
    # Without a segment it takes one that they are in; of the past nothing is asked.
    assert "Why Ada Wren is in " in shop.reader.page(place + "/why").text
    assert "/why" not in re.sub(r'action="[^"]*"', "", shop.reader.get(place, params={"as_of": "1000"}).text)
    assert shop.reader.get(place + "/why?segment=seg_none").status_code == 404 and shop.reader.get("/w/main/profiles/prf_none/why").status_code == 404


def test_it_tells_what_decided_and_when_it_ends(shop):
    page = Page(why(shop, "Bath and more").text)
    assert page.headings == ["Why Ada Wren is in Bath and more"] and "one of these" in page.text and "all of these" in page.text
    assert "2 such events" in page.text and "25, from 2 such events" in page.text and "total: 12.5 · category: tea" in page.text and f"{shop.mark}-1" in page.text
    assert "they leave in 5 days" in page.text or "they leave in 6 days" in page.text, page.text[:2000]
    text = why(shop, "Bath and more").text
    assert re.search(r'why-part aside"><span class="why-mark critical">.*?city is “York”', text, re.S), "the part that does not decide is grey"
    assert f'/api/v1/segments/{shop.ids["Bath and more"]}/explain?profile={shop.ada}' in text
    waits = Page(why(shop, "Baskets").text)
    assert waits.headings == ["Why Ada Wren is not in Baskets"] and "decided in 1" in waits.text and re.search("they enter in 1[12] hr", waits.text)
    out = Page(why(shop, "Nobody of York").text)
    assert "it is “Bath”" in out.text and "this stays so until" in out.text


@pytest.mark.parametrize("language, title", [("es", "Por qué Ada Wren no está en Baskets"), ("tr", "Ada Wren neden Baskets içinde değil")])
def test_in_other_languages(shop, language, title):
    Reader.get(shop.reader, "/w/main/session", params={"lang": language})
    try:
        assert Page(why(shop, "Baskets").text).headings == [title]
    finally:
        shop.reader.get("/w/main/session", params={"lang": "en"})


def test_who_objects_is_told_as_such(shop):
    person = shop.profile(userId=shop.mark + "-no")["id"]
    page = Page(why(shop, "Buyers", person).text)
    assert "object to analytics" in page.text and "such event" not in page.text


@pytest.mark.parametrize("nasty", NASTY)
def test_names_values_and_events_are_text(shop, nasty):
    person = new_id("nasty")
    shop.send([{"type": "identify", "userId": person, "traits": {"name": nasty, "pot": nasty}}, {"type": "track", "userId": person, "event": nasty, "messageId": person + nasty, "properties": {"x": nasty}}])
    quoted = nasty.replace("\\", "\\\\").replace('"', '\\"')
    made = shop.call("POST", "/api/v1/segments", json={"name": nasty, "condition": f'pot = "{quoted}" and did "{quoted}" where x exists and in segment "buyers"'}).json()["id"]
    answer = shop.reader.get(f"/w/main/profiles/{shop.profile(userId=person)['id']}/why", params={"segment": made})
    assert answer.status_code == 200
    for tag, attributes in Page(answer.text).tags:
        assert not any(name.startswith("on") for name in attributes) and (tag != "script" or attributes.get("src", "").startswith("/console/assets/")), (tag, attributes)
    assert shop.call("DELETE", f"/api/v1/segments/{made}").status_code == 200


def test_strangers_see_nothing(shop):
    answer = shop.http.get(f"{shop.url}/w/main/profiles/{shop.ada}/why", allow_redirects=False)
    assert answer.status_code in (302, 303) and "Ada" not in answer.text


def test_in_a_browser(shop):
    pytest.importorskip("selenium")
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.get(shop.url + "/sign-in")
        submit(driver, "form", password=PASSWORD)
        driver.get(f"{shop.url}/w/main/profiles/{shop.ada}")
        shot(driver, "why-profile")
        fits(driver)
        press(driver, ".asked a[aria-label='Why in Bath and more?']")
        for theme in ("light", "dark"):
            driver.get(f"{shop.url}/w/main/profiles/{shop.ada}/why?segment={shop.ids['Bath and more']}&theme={theme}")
            shot(driver, "why-in-" + theme)
            fits(driver)
            no_barriers(driver, theme)
        # Another segment is chosen by the keyboard alone.
        from selenium.webdriver.common.keys import Keys
        from selenium.webdriver.support.ui import Select
        Select(find(driver, "select[name=segment]")).select_by_visible_text("Baskets")
        driver.execute_script("document.documentElement.dataset.old = '1'")
        find(driver, "form.filters button").send_keys(Keys.ENTER)
        wait_until(lambda: driver.execute_script("return !document.documentElement.dataset.old && document.readyState === 'complete'"), what="the next page")
        assert "not in Baskets" in find(driver, "h1").text
        shot(driver, "why-out")
        fits(driver)
        no_complaints(driver)
        driver.get(f"{shop.url}/w/main/profiles/{shop.ada}/why?segment={shop.ids['Nobody of York']}&theme=system")
        shot(driver, "why-not")
    finally:
        driver.quit()
