"""Imports in the console: a file is dropped, its columns are looked at and changed, it runs in sight, and what it refused can be taken home."""
import csv
import gzip
import io
import json
import re
import time

import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader
from harness import new_id, tracked, wait_until
from test_console_walk import find, fits, no_complaints, press, shot


@pytest.fixture(scope="module")
def ada(shared):
    shared.source
    return Reader(shared).set_password()


@pytest.fixture
def browser():
    driver = chromium()
    driver.implicitly_wait(5)
    yield driver
    driver.quit()


def upload(reader, content, name="people.csv", source=None, csrf=None, **options):
    files = {"file": (name, content, "application/octet-stream")}
    fields = {"csrf": reader.csrf() if csrf is None else csrf, "source": source or reader.martlet.source["id"]}
    return reader.http.post(reader.martlet.url + "/w/main/imports", data=fields, files=files, allow_redirects=False, timeout=60, **options)


def finished(reader, place):
    path = reader.martlet.url and place

    def look():
        text = reader.get(path).text
        return text if "data-refresh=" not in text else None

    return wait_until(look, seconds=30, what="the import")


def kept_files(martlet):
    return [p.name for p in (martlet.data / "workspaces" / "main").glob("uploads/*")]


def people(count, mark=""):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Customer ID", "Full name", "plan", "secret"])
    writer.writerows([f"{mark}{n}", f"Ada № {n}", "free", "x"] for n in range(count))
    return out.getvalue().encode()


def test_a_file_that_waits_has_not_started(shared, ada):
    path = upload(ada, people(2), name="waits.csv").headers["Location"]
    row = lambda: next(row for row in re.findall(r"<tr>.*?</tr>", ada.get("/w/main/imports").text, re.S) if path in row)
    assert "not yet; uploaded" in row()
    assert ada.post(path + "/start", call="identify", **{"target-0": "userId"}).status_code == 303
    finished(ada, path)
    assert "not yet; uploaded" not in row()


def test_columns_are_guessed_changed_and_imported(shared, ada):
    """A CSV waits for its mapping; what the form says becomes of it, and of nothing else."""
    mark = new_id("csv")
    answer = upload(ada, people(50, mark))
    assert answer.status_code == 303, answer.text[:500]
    place = answer.headers["Location"]
    page = ada.page(place)
    assert "Customer ID" in page.text and f"{mark}0" in page.text and "Waits for its start" in page.text
    chosen = re.findall(r'<select id="f-target-(\d)".*?<option value="(\w+)" selected', ada.get(place).text, re.S)
    assert [target for _, target in chosen] == ["userId", "value", "value", "value"]
    answer = ada.post(place + "/start", call="identify", **{"target-0": "userId", "name-0": "", "target-1": "value", "name-1": "name", "target-2": "value", "name-2": "plan", "target-3": "ignore", "name-3": "secret"})
    assert answer.status_code == 303
    text = finished(ada, place)
    assert "Every row was understood" in text and ">50<" in text
    wait_until(lambda: shared.call("GET", "/api/v1/profiles/lookup", params={"userId": mark + "7"}).status_code == 200)
    assert shared.profile(userId=mark + "7")["traits"] == {"name": "Ada № 7", "plan": "free"}
    assert not kept_files(shared), "no copy of the file outlives the import"
    # The same file again changes nothing.
    place = upload(ada, people(50, mark)).headers["Location"]
    ada.post(place + "/start", call="identify", **{"target-0": "userId", "name-0": "", "target-1": "value", "name-1": "name", "target-2": "value", "name-2": "plan", "target-3": "ignore", "name-3": "secret"})
    finished(ada, place)
    job = shared.api("/api/v1/imports/" + place.rsplit("/", 1)[1])
    assert (job["accepted"], job["duplicates"]) == (0, 50)
    # Meant otherwise, its rows say something else.
    place = upload(ada, people(50, mark)).headers["Location"]
    ada.post(place + "/start", call="identify", **{"target-0": "userId", "target-1": "value", "name-1": "fullName"})
    finished(ada, place)
    assert shared.api("/api/v1/imports/" + place.rsplit("/", 1)[1])["accepted"] == 50


@pytest.mark.parametrize("fields, said, at", [
    ({"call": "identify", "target-0": "value", "target-1": "value"}, "Choose userId or anonymousId", "target-0"),
    ({"call": "track", "target-0": "userId", "target-1": "value"}, "Choose event for the column", "call"),
    ({"call": "identify", "target-0": "userId", "target-1": "userId"}, "Another column has become this already", "target-1"),
    ({"call": "identify", "target-0": "anonymousId", "target-1": "timestamp", "target-2": "timestamp"}, "Another column has become this already", "target-2")])
def test_columns_that_cannot_work_do_not_start(shared, ada, fields, said, at):
    """Answered 422 with what was chosen and the fault beside it; mended, the same file starts."""
    mark = new_id("vain")
    place = upload(ada, people(3, mark)).headers["Location"]
    answer = ada.post(place + "/start", **fields)
    assert answer.status_code == 422 and said in answer.text, answer.text[:300]
    assert re.search(rf'id="f-{at}-error">.*?{said}', answer.text, re.S) and f'aria-describedby="f-{at}-' in answer.text
    for name, value in fields.items():
        assert re.search(rf'<select id="f-{name}".*?<option value="(\w+)" selected', answer.text, re.S)[1] == value
    assert "Waits for its start" in ada.page(place).text
    assert ada.post(place + "/start", call="identify", **{"target-0": "userId", "target-1": "value"}).status_code == 303
    assert "Every row was understood" in finished(ada, place)


def test_times_that_cannot_be_read_are_told_before_and_refused(shared, ada):
    user = new_id("when")
    place = upload(ada, f"userId,event,date\n{user},Tea,01/02/2026\n{user},Tea,2026-02-01\n".encode(), "when.csv").headers["Location"]
    assert "01/02/2026” cannot be read as a time" in ada.page(place).text
    ada.post(place + "/start", call="track", **{"target-0": "userId", "target-1": "event", "target-2": "timestamp"})
    text = finished(ada, place)
    assert "import.timestamp-unreadable" in text and [e["timestamp"][:10] for e in shared.events(userId=user)] == ["2026-02-01"]


@pytest.mark.parametrize("content", [b"userId,plan\n", b"userId,plan", b"userId\n\n", b"\xef\xbb\xbfuserId;plan\r\n"])
def test_a_file_that_is_only_a_header_has_no_rows(shared, ada, content):
    answer = upload(ada, content)
    assert answer.status_code == 422 and "This file has no rows" in answer.text and not kept_files(shared)


def test_a_last_row_needs_no_line_end(shared, ada):
    user = new_id("last")
    place = upload(ada, f"userId,plan\n{user},gold".encode()).headers["Location"]
    assert user in ada.page(place).text
    ada.post(place + "/start", call="identify")
    finished(ada, place)
    wait_until(lambda: shared.call("GET", "/api/v1/profiles/lookup", params={"userId": user}).status_code == 200)


def test_rows_can_be_what_people_did(shared, ada):
    user = new_id("did")
    place = upload(ada, f"who;what;when;sum\n{user};Order Completed;2026-01-02T03:04:05Z;12.5\n".encode(), "orders.csv").headers["Location"]
    ada.post(place + "/start", call="track", **{"target-0": "userId", "target-1": "event", "target-2": "timestamp", "target-3": "value", "name-3": "total"})
    finished(ada, place)
    event = wait_until(lambda: shared.events(userId=user))[0]
    assert (event["event"], event["timestamp"], event["properties"]) == ("Order Completed", "2026-01-02T03:04:05.000Z", {"total": 12.5})


@pytest.mark.parametrize("pack, name", [(bytes, "events.ndjson"), (gzip.compress, "events.ndjson.gz"), (gzip.compress, "backup")])
def test_lines_are_shown_and_refused_ones_listed(shared, ada, pack, name):
    """NDJSON, packed or not, by whatever name: a look at it first; rejected rows with reasons, and the same as a file."""
    user = new_id("lines")
    body = b"".join(json.dumps(tracked(user, n)).encode() + b"\n" for n in range(5)) + b"no json\n" + json.dumps({"type": "sip", "userId": user}).encode() + b"\n"
    place = upload(ada, pack(body), name).headers["Location"]
    assert f"{user}-0" in ada.page(place).text
    ada.post(place + "/start")
    text = finished(ada, place)
    assert "Rejected rows" in text and "import.not-json" in text
    rows = list(csv.reader(io.StringIO(ada.get(place + "/rejected.csv").text)))
    assert rows[0] == ["line", "code", "problem", "remedy"] and [row[0] for row in rows[1:]] == ["6", "7"] and all(row[2] and row[3] for row in rows[1:])
    assert len(wait_until(lambda: shared.events(userId=user))) == 5
    listed = ada.page("/w/main/imports").text
    assert name in listed and "Finished" in listed


@pytest.mark.parametrize("content, name", [(b"", "empty.csv"), (b"\x89PNG\r\n\x1a\n\0\0", "tea.png"), (b"PK\x03\x04\0\0../../etc/passwd", "people.xlsx")])
def test_what_is_no_such_file_is_refused_on_the_page(shared, ada, content, name):
    answer = upload(ada, content, name)
    assert answer.status_code == 422 and "upload." in answer.text and not kept_files(shared)


@pytest.mark.parametrize("name", ["../../../evil.csv", "/etc/passwd.csv", '"><script>alert(1)</script>.csv', "a\r\nX-Evil: 1.csv", "‮fdp.csv", "x" * 5000 + ".csv"])
def test_fault_67_hostile_names_of_uploads(shared, ada, name):
    """A file's name is shown and never used: no file of that name, no header, no markup."""
    answer = upload(ada, people(2, new_id()), name)
    assert answer.status_code in (303, 400) and "X-Evil" not in answer.headers
    if answer.status_code == 303:
        text = ada.get(answer.headers["Location"]).text
        assert "<script>alert" not in text
        assert all(re.fullmatch(r"imp_\w+", kept) for kept in kept_files(shared))
        assert ada.post(answer.headers["Location"] + "/cancel").status_code == 303
    assert not list(shared.home.rglob("*evil*")) and not kept_files(shared)


def test_fault_83_an_upload_needs_its_token(shared, ada):
    before = len(shared.api("/api/v1/imports")["imports"])
    for token in ("", "x" * 32, ada.csrf()[:-1]):
        assert upload(ada, people(2), csrf=token or "-").status_code == 403
    assert upload(ada, people(2), headers={"Origin": "https://evil.example"}).status_code == 403
    assert upload(Reader(shared), people(2), csrf=ada.csrf()).status_code == 401
    assert len(shared.api("/api/v1/imports")["imports"]) == before and not kept_files(shared)


def test_broken_forms_are_refused_and_leave_nothing(shared, ada):
    """A form that ends early, lacks its boundary, or hides a megabyte in a field."""
    token, url = ada.csrf(), shared.url + "/w/main/imports"
    part = lambda name, value, more="": f'--B\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
    start = part("csrf", token) + part("source", shared.source["id"]) + '--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    for body in ("", "--B--\r\n", start + "userId\nada\n", start[:-20], part("csrf", "x" * 1_000_000), part("csrf", token) * 30, "no form at all" * 1000):
        answer = ada.http.post(url, data=body.encode(), headers={"Content-Type": "multipart/form-data; boundary=B"}, timeout=20)
        assert answer.status_code in (400, 403), (body[:40], answer.status_code)
    for kind in ("multipart/form-data", "multipart/form-data; boundary=" + "x" * 200, "text/plain"):
        assert ada.http.post(url, data=start.encode(), headers={"Content-Type": kind}, timeout=20).status_code in (400, 415)
    assert not kept_files(shared)
    # The content may hold anything, even what looks like the end.
    user = new_id("edge")
    body = start + f"userId,note\n{user},\"--B \r\n--A--\"\n" + "\r\n--B--\r\n"
    answer = ada.http.post(url, data=body.encode(), headers={"Content-Type": "multipart/form-data; boundary=B"}, allow_redirects=False, timeout=20)
    assert answer.status_code == 303
    ada.post(answer.headers["Location"] + "/start", call="identify")
    wait_until(lambda: shared.call("GET", "/api/v1/profiles/lookup", params={"userId": user}).status_code == 200)


def test_fault_60_an_erasure_takes_waiting_files_with_it(make_martlet):
    """A file that waits may name the person who is erased: it is gone with them, as it is after a restart."""
    server = make_martlet().start()
    reader = Reader(server).set_password()
    server.track(userId="ada")
    assert upload(reader, people(3)).status_code == 303 and kept_files(server)
    server.call("POST", "/api/v1/privacy/erasures", json={"userId": "ada"})
    assert not kept_files(server)
    upload(reader, people(3))
    server.kill9()
    server.start()
    assert not kept_files(server)


def test_a_running_import_is_stopped_by_its_button_and_by_the_end(make_martlet):
    """Cancelled, it stops at its next piece and keeps what it took; a server that is told to stop does not wait for it."""
    server = make_martlet().start()
    reader = Reader(server).set_password()
    big = b"".join(json.dumps({"type": "track", "event": "Tea", "userId": f"u{n % 99}", "properties": {"n": n, "note": "x" * 300}}).encode() + b"\n" for n in range(150_000))
    place = upload(reader, big, "big.ndjson", source=server.source["id"]).headers["Location"]
    reader.post(place + "/start")
    assert reader.post(place + "/cancel").status_code == 303
    text = finished(reader, place)
    assert "Cancelled" in text
    place = upload(reader, big, "big.ndjson", source=server.source["id"]).headers["Location"]
    reader.post(place + "/start")
    started = time.monotonic()
    assert server.stop() == 0 and time.monotonic() - started < 10


def test_a_file_is_dropped_and_followed_to_its_end(make_martlet, browser):
    """In a real browser: dropped on the page, previewed, a column renamed, started, watched without a reload; nothing scrolls sideways, nothing complains."""
    server = make_martlet().start()
    server.source
    reader = Reader(server).set_password()
    browser.get(server.url + "/sign-in")
    find(browser, "[name=password]").send_keys(PASSWORD)
    press(browser, "form button[type=submit]")
    browser.get(server.url + "/w/main/imports")
    assert find(browser, ".rail a[href='/w/main/imports']")
    shot(browser, "imports-empty")
    fits(browser)
    rows = people(200_000, "c").decode() + "," * 3 + "\n"
    browser.execute_script("""
        const transfer = new DataTransfer();
        transfer.items.add(new File([arguments[0]], "people of Wren & Daughters.csv", { type: "text/csv" }));
        document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));""", rows)
    assert "people of Wren & Daughters.csv" in find(browser, "[data-drop-hint]").text
    shot(browser, "imports-dropped")
    press(browser, "#upload button[type=submit]")
    assert find(browser, "h1").text == "people of Wren & Daughters.csv"
    shot(browser, "import-mapping")
    fits(browser)
    name = find(browser, "[name=name-1]")
    name.clear()
    name.send_keys("name")
    press(browser, "form.mapping button[type=submit]")
    shot(browser, "import-running")
    fits(browser)
    wait_until(lambda: "Finished" in browser.execute_script("return document.querySelector('main').innerText"), seconds=60, what="the end")
    assert "200,000" in find(browser, ".tiles").text
    shot(browser, "import-finished")
    fits(browser)
    browser.get(server.url + "/w/main/imports?lang=es")
    shot(browser, "imports-list-es")
    fits(browser)
    browser.get(server.url + "/w/main/imports?lang=tr")
    press(browser, ".table a")
    browser.get(browser.current_url.split("?")[0] + "?theme=dark")
    shot(browser, "import-finished-tr-dark")
    fits(browser)
    no_complaints(browser)
