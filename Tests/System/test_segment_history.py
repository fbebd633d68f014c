"""How a segment became what it is, and how large it was: by the API and in the console."""
import csv
import io
import re
import time

import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader
from harness import new_id
from test_console_walk import find, fits, no_complaints, shot, submit


@pytest.fixture(scope="module")
def shop(shared):
    """Ada bought ten days ago and Bob today; the segment of buyers was written three times."""
    mark = shared.mark = new_id("hist")
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 10 * 86400 - 3600))
    shared.send([{"type": "track", "userId": mark + "-ada", "event": mark, "timestamp": when}, {"type": "track", "userId": mark + "-bob", "event": mark}])
    shared.id = shared.call("POST", "/api/v1/segments", json={"name": mark, "condition": f'did "{mark}" at least twice'}).json()["id"]
    for change in ({"condition": f'did "{mark}"'}, {"name": mark + " again", "zone": "Europe/Madrid"}):
        assert shared.call("PATCH", f"/api/v1/segments/{shared.id}", json=change).status_code == 200
    shared.reader = Reader(shared).set_password()
    return shared


def test_versions_are_listed_with_what_changed(shop):
    versions = shop.api(f"/api/v1/segments/{shop.id}/versions")
    assert versions["next"] is None and [v["version"] for v in versions["versions"]] == [3, 2, 1]
    third, second, first = versions["versions"]
    assert third["changed"] == ["name", "zone"] and third["diff"] is None and third["zone"] == "Europe/Madrid"
    assert second["changed"] == ["condition"] and second["diff"] == [{"kind": "same", "text": f'did "{shop.mark}"'}, {"kind": "removed", "text": " at least 2 times"}]
    assert first["changed"] == [] and first["diff"] is None and first["text"].endswith("at least 2 times")
    page = shop.api(f"/api/v1/segments/{shop.id}/versions?limit=1")
    assert page["next"] == "3" and page["versions"] == [third]
    assert shop.api(f"/api/v1/segments/{shop.id}/versions?limit=1&after=3")["versions"] == [second]
    assert shop.call("GET", "/api/v1/segments/seg_none/versions").status_code == 404
    assert shop.call("GET", f"/api/v1/segments/{shop.id}/versions?after=x").status_code == 400


def test_the_trend_is_the_last_thirty_days(shop):
    points = shop.api(f"/api/v1/segments/{shop.id}/trend")["points"]
    assert [p["count"] for p in points] == [0] * 20 + [1] * 10 + [2]
    assert points == sorted(points, key=lambda p: p["at"])
    answer = shop.call("GET", f"/api/v1/segments/{shop.id}/trend?format=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows[0] == ["at", "people"] and [int(n) for _, n in rows[1:]] == [p["count"] for p in points] and rows[-1][0] == points[-1]["at"]
    assert shop.call("GET", f"/api/v1/segments/{shop.id}/trend?format=xml").json()["code"] == "request.parameter"
    assert shop.call("GET", "/api/v1/segments/seg_none/trend").status_code == 404


def test_the_segments_page_shows_both(shop):
    text = shop.reader.get(f"/w/main/segments/{shop.id}").text
    page = Page(text)
    assert "Version 3" in page.text and "name, time zone" in page.text and "made" in page.text
    assert re.search(r"<del><span class=\"hidden\">removed: </span> at least 2 times</del>", text)
    file = re.search(r'href="([^"]+sizes\.csv)" download', text)[1]
    answer = shop.reader.get(file)
    assert answer.headers["Content-Type"].startswith("text/csv") and "attachment" in answer.headers["Content-Disposition"] and answer.text.count("\r\n") == 32


def test_in_a_browser(shop):
    pytest.importorskip("selenium")
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.get(shop.url + "/sign-in")
        submit(driver, "form", password=PASSWORD)
        for theme in ("dark", "light"):
            driver.get(f"{shop.url}/w/main/segments/{shop.id}?theme={theme}")
            assert find(driver, ".versions del").is_displayed()
            fits(driver)
            driver.execute_script("document.querySelector('.versions').scrollIntoView({block: 'end'})")
            shot(driver, "versions-" + theme)
        no_complaints(driver)
    finally:
        driver.quit()
