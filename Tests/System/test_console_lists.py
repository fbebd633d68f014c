"""Static lists in the console: one is made, a file is looked at and put on it, its people are seen, it is deleted."""
import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader
from harness import wait_until
from test_console_walk import find, fits, no_complaints, press, shot, submit


@pytest.fixture
def ada(martlet):
    martlet.send([{"type": "identify", "userId": u, "messageId": u, "traits": {"name": f"{u.title()} Wren", "email": f"{u}@wren.example"}} for u in ("ada", "bob")])
    return Reader(martlet).set_password()


def upload(reader, place, content, csrf=None, **fields):
    files = {"file": ("fair.csv", content, "text/csv")}
    fields = {"csrf": reader.csrf() if csrf is None else csrf, **fields}
    return reader.http.post(reader.martlet.url + place + "/add", data=fields, files=files, allow_redirects=False, timeout=60)


def test_a_list_is_made_filled_and_deleted(martlet, ada):
    assert "No lists yet" in ada.page("/w/main/lists").text
    assert any(a.get("href") == "/w/main/lists" for a in ada.page("/w/main/segments").all("a"))
    refused = ada.post("/w/main/lists", name="Fair", source="Booth", expiry="someday")
    assert refused.status_code == 422 and "not a time" in refused.text and 'value="Booth"' in refused.text
    made = ada.post("/w/main/lists", name="Tea <fair>", source="Booth 7", expiry="2099-01-01")
    assert made.status_code == 303
    place = made.headers["Location"]
    file = b"E-Mail,Note\nada@wren.example,=1+1\nnew@wren.example,x\n,y\n"
    looked = upload(ada, place, file, look="1")
    assert looked.status_code == 200
    page = Page(looked.text)
    assert "2 identifiers would be put on the list" in page.text and "1 line refused" in page.text and "E-Mail holds the identifiers (email)" in page.text and "=1+1" in page.text
    handle = martlet.api("/api/v1/lists")["lists"][0]["handle"]
    assert martlet.api("/api/v1/lists/" + handle)["entries"] == 0
    page = Page(upload(ada, place, file).text)
    assert "2 added" in page.text and "Ada Wren" in page.text and "Line 4" in page.text
    assert "0 added" in Page(upload(ada, place, file).text).text
    wrong = upload(ada, place, b"what\nada\n")
    assert wrong.status_code == 422 and "list.no-column" in wrong.text
    assert upload(ada, place, b"what\nada\n", column="what", type="userId").status_code == 200
    assert upload(ada, place, file, csrf="no").status_code == 403
    saved = ada.post(place + "/save", name="Tea <fair>", source="Booth 8", note="By the <door>", expiry="")
    assert saved.status_code == 303 and "The list is saved." in ada.page(place).text
    kept = martlet.api("/api/v1/lists/" + handle)
    assert (kept["source"], kept["note"], kept["expiresAt"]) == ("Booth 8", "By the <door>", None)
    refused = ada.post(place + "/save", name="Other", source="Booth 9", note="", expiry="soon")
    assert refused.status_code == 422 and "not a time" in refused.text and 'value="Booth 9"' in refused.text and martlet.api("/api/v1/lists/" + handle)["source"] == "Booth 8"
    assert ada.post(place + "/save", csrf="no", name="x", source="", note="", expiry="").status_code == 403
    assert martlet.call("POST", "/api/v1/segments", json={"name": "Fair people", "condition": f'in list "{handle}"'}).status_code == 201
    assert "Fair people" in ada.page(place).text
    assert ada.post(place + "/delete", confirm="other").status_code == 303
    assert ada.post(place + "/delete", confirm="Tea <fair>").headers["Location"] == place
    assert martlet.call("DELETE", "/api/v1/segments/fair-people").status_code == 200
    assert ada.post(place + "/delete", confirm="Tea <fair>").headers["Location"] == "/w/main/lists"
    assert ada.get(place).status_code == 404


def test_lists_in_a_browser(martlet, ada, tmp_path):
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.set_window_size(1440, 1000)
        driver.get(martlet.url + "/sign-in?next=/w/main/lists")
        submit(driver, "main form", password=PASSWORD)
        shot(driver, "lists-empty")
        submit(driver, "main form[action$='/lists']", name="Tea fair visitors", source="Tea fair 2026", expiry="2099-01-31")
        assert find(driver, "h1").text == "Tea fair visitors"
        file = tmp_path / "fair.csv"
        file.write_text("email,note\nada@wren.example,a\nnobody@wren.example,b\n,c\n")
        find(driver, "#f-look").click()
        find(driver, "#f-file").send_keys(str(file))
        press(driver, "#upload button.primary")
        assert "would be put" in find(driver, "#outcome-title").text
        shot(driver, "list-looked")
        find(driver, "#f-file").send_keys(str(file))
        press(driver, "#upload button.primary")
        assert "2 added" in find(driver, "#outcome-title").text
        place = driver.current_url.split("?")[0].removesuffix("/add")
        for theme in ["dark", "light"]:
            driver.get(place + "?theme=" + theme)
            fits(driver)
            shot(driver, "list-" + theme)
        # A row of the segment editor chooses the list, and the text comes back as that row.
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.ui import Select
        driver.get(martlet.url + "/w/main/segments/new")
        find(driver, ".root > .actions .row-add").click()
        row = find(driver, "#row-list .row")
        Select(row.find_element(By.CSS_SELECTOR, "[data-part=kind] select")).select_by_value("unlisted")
        row.find_element(By.CSS_SELECTOR, "[data-part=listed] input").send_keys("tea-fair-visitors")
        area = find(driver, "[name=text]")
        wait_until(lambda: area.get_attribute("value") == 'not in list "tea-fair-visitors"', what="the row's text")
        wait_until(lambda: row.find_element(By.CSS_SELECTOR, "output").text == "1", what="the row's count")
        shot(driver, "list-row")
        area.clear()
        area.send_keys('in list "tea-fair-visitors"')
        # Asked in the page, where a row that is just being replaced is no error.
        wait_until(lambda: driver.execute_script("return (document.querySelector('#row-list .row [data-part=kind] select') || {}).value") == "list", what="the row")
        fits(driver)
        driver.get(martlet.url + "/w/main/lists")
        fits(driver)
        shot(driver, "lists")
        no_complaints(driver)
    finally:
        driver.quit()
