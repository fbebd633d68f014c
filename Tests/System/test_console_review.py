"""Identity review in the console: two people side by side, answered by a press or a key, and how good matching is."""
import pytest

from browser_bench import chromium
from console_client import PASSWORD, Reader
from harness import wait_until
from test_console_walk import find, fits, no_complaints, shot, submit
from test_matching import MASHA, person


@pytest.fixture
def ada(martlet):
    martlet.send([person("masha", **MASHA, city="Seattle", birthday="1984-03-09")])
    for n, name in enumerate(("Maria", "M.", "Mascha")):
        martlet.send([person(f"mk{n}", firstName=name, lastName="Kelley", phone="206 555 0143", city="Seattle" if n else "Tacoma", plan="<club>")])
    wait_until(lambda: len(martlet.api("/api/v1/match/review")["pairs"]) >= 3, 10, what="pairs")
    return Reader(martlet).set_password()


def test_a_pair_is_answered_and_the_next_one_comes(martlet, ada):
    page = ada.page("/w/main/review")
    assert "Are these the same person?" in page.text and "<club>" in page.text and "telephone the same" in page.text
    first = martlet.api("/api/v1/match/review")["pairs"][0]["id"]
    place = f"/w/main/review/{first}"
    assert ada.post(place, csrf="no", answer="same").status_code == 403
    assert ada.post(place, answer="maybe").status_code == 404
    assert ada.post("/w/main/review/99999", answer="same").headers["Location"] == "/w/main/review"
    done = ada.post(place, answer="different")
    assert done.status_code == 303 and done.headers["Location"] == "/w/main/review"
    assert "stay two people" in ada.page("/w/main/review").text
    assert first not in [pair["id"] for pair in martlet.api("/api/v1/match/review")["pairs"]]
    for _ in range(10):
        pairs = martlet.api("/api/v1/match/review")["pairs"]
        if not pairs:
            break
        assert ada.post(f"/w/main/review/{pairs[0]['id']}", answer="unsure").status_code == 303
    assert "Nothing to review" in ada.page("/w/main/review").text


def test_quality_and_settings(martlet, ada):
    page = ada.page("/w/main/review/quality")
    assert "Quality of matching" in page.text and "Answer some pairs" in page.text
    looked = ada.post("/w/main/review/settings", intent="look", merge="0,5", review="0.4")
    assert looked.status_code == 200 and "would be merged" in looked.text and martlet.api("/api/v1/match/settings")["version"] == 0
    refused = ada.post("/w/main/review/settings", merge="1.5", review="0.4")
    assert refused.status_code == 422 and "must be above 0 and below 1" in refused.text and 'value="1.5"' in refused.text
    saved = ada.post("/w/main/review/settings", merge="0.97", review="0.2", automatic="1")
    assert saved.status_code == 303 and "The settings are saved." in ada.page("/w/main/review/quality").text
    assert martlet.api("/api/v1/match/settings") == {"automatic": True, "merge": 0.97, "review": 0.2, "version": 1}
    for pair in martlet.api("/api/v1/match/review")["pairs"][:2]:
        martlet.call("POST", f"/api/v1/match/review/{pair['id']}", json={"answer": "different"})
    assert "<svg class=\"calibration\"" in ada.get("/w/main/review/quality").text
    for language, words in (("es", "Calidad del emparejamiento"), ("tr", "Eşleştirme kalitesi")):
        assert words in ada.page(f"/w/main/review/quality?lang={language}").text


def test_reviewing_in_a_browser(martlet, ada):
    from selenium.webdriver.common.by import By
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.set_window_size(1440, 1000)
        driver.get(martlet.url + "/sign-in?next=/w/main/review")
        submit(driver, "main form", password=PASSWORD)
        assert find(driver, "h1").text == "Identity review"
        for page in ("review", "review/quality"):
            for theme in ("dark", "light"):
                driver.get(f"{martlet.url}/w/main/{page}?theme={theme}")
                fits(driver)
                shot(driver, f"{page.replace('/', '-')}-{theme}")
        driver.get(martlet.url + "/w/main/review")
        before = martlet.api("/api/v1/match/review")["open"]
        driver.find_element(By.TAG_NAME, "body").send_keys("2")
        wait_until(lambda: martlet.api("/api/v1/match/review")["open"] < before, 5, what="answered by a key")
        driver.get(martlet.url + "/w/main/review/quality")
        assert find(driver, ".calibration")
        fits(driver)
        shot(driver, "review-quality-answered")
        no_complaints(driver)
    finally:
        driver.quit()
