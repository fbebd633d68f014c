"""Segments in the console: made from an example, counted while typed, told where a text is wrong, changed, and deleted by name."""
import html
import re
import time

import pytest
import requests

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader
from harness import new_id, wait_until
from test_console import NASTY
from test_console_walk import find, fits, no_complaints, press, shot, submit


@pytest.fixture(scope="module")
def shop(shared):
    """Forty people; those with an even number ordered twice, and Ada drinks oolong."""
    shared.mark = new_id("seg")
    batch = []
    for n in range(40):
        batch.append({"type": "identify", "userId": f"{shared.mark}-{n}", "traits": {"name": "Ada" if n == 0 else f"Guest {n}", "shelf": shared.mark, "tea": "oolong" if n == 0 else "green"}})
        if n % 2 == 0:
            batch += [{"type": "track", "userId": f"{shared.mark}-{n}", "event": shared.mark, "properties": {"total": 12}}] * 2
    assert shared.post("/v1/batch", {"batch": batch}).status_code == 200
    shared.reader = Reader(shared).set_password()
    return shared


@pytest.fixture
def ada(shop):
    return shop.reader


def condition(shop):
    return f'shelf = "{shop.mark}" and did "{shop.mark}" at least twice in last 7 days'


def made(ada, name, text, **fields):
    answer = ada.post("/w/main/segments", name=name, text=text, **fields)
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.text)
    return answer.headers["Location"]


def count(ada, text, **fields):
    answer = ada.post("/w/main/segments/count", text=text, headers={"Accept": "application/json"}, **fields)
    assert answer.status_code == 200, answer.text[:300]
    return answer.json()


def test_a_segment_is_made_and_shows_its_members(shop, ada):
    name = new_id("Twice ")
    place = made(ada, name, condition(shop), note="For the spring letter")
    text = wait_until(lambda: (lambda t: t if "Guest 38" in t else None)(ada.get(place).text), what="the members")
    page = Page(text)
    assert page.headings == [name] and "For the spring letter" in page.text and "at least 2 times in the last 7 days" in page.text
    assert re.search(r"People now</span><strong>20<", text)
    assert len(re.findall(r'class="list">.*?/profiles/prf_', text, re.S)) and "Guest 37" not in text
    assert "curl http" in page.text and place.rsplit("/", 1)[1] in page.text
    listed = ada.page("/w/main/segments").text
    assert name in listed and "at least 2 times" in listed
    assert f'href="{place}"' in ada.get("/w/main/search?q=" + name.split()[1]).text


def test_members_who_come_and_go_are_listed(shop, ada):
    mark = new_id("come")
    place = made(ada, mark, f'pot = "{mark}"')
    wait_until(lambda: "Nobody is in it now" in ada.get(place).text, what="everyone being asked")
    shop.post("/v1/identify", {"userId": mark, "traits": {"name": "Tomás", "pot": mark}})
    wait_until(lambda: re.search(r"Tomás.*?came in", ada.get(place).text, re.S), what="the change")
    profile = shop.profile(userId=mark)
    page = ada.get("/w/main/profiles/" + profile["id"]).text
    assert f'href="{place}"' in page, "the person's page names the segment"
    shop.post("/v1/identify", {"userId": mark, "traits": {"pot": "other"}})
    wait_until(lambda: "left" in Page(ada.get(place).text).text, what="the exit")
    assert f'href="{place}"' not in ada.get("/w/main/profiles/" + profile["id"]).text


def test_the_chart_asks_as_of_each_day(shop, ada):
    """Who ordered ten days ago was in on that day and since, not before."""
    mark = new_id("day")
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 10 * 86400 - 3600))
    shop.post("/v1/track", {"userId": mark, "event": mark, "timestamp": when})
    place = made(ada, mark, f'did "{mark}"')
    text = wait_until(lambda: (lambda t: t if "data-refresh" not in t else None)(ada.get(place).text), what="thirty days")
    table = re.search(r"<details>.*?</table>", text, re.S)[0]
    sizes = [int(n) for n in re.findall(r'class="num"><div>(\d+)</div>', table)]
    assert sizes == [1] * 11 + [0] * 20, sizes


def test_counting_answers_number_sentence_and_rows(shop, ada):
    answer = count(ada, condition(shop))
    assert "<strong>20</strong>" in answer["html"] and "in the last 7 days" in answer["html"]
    root = answer["rows"]
    assert [row["kind"] for row in root["items"]] == ["trait", "did"] and root["mode"] == "all" and answer["counts"] == [40, 20]
    assert root["items"][1] == {"text": f'did "{shop.mark}" at least 2 times in last 7 days', "event": shop.mark, "days": "7", "kind": "did", "times": "2"}
    kinds = count(ada, f'did not do "{shop.mark}" in last 3 days or sum(total) of "{shop.mark}" >= 24 or phone is missing')
    assert [row["kind"] for row in kinds["rows"]["items"]] == ["not", "measure", "trait"] and kinds["rows"]["mode"] == "any" and kinds["counts"][1] == 20
    assert "Nobody has sent" in count(ada, 'did "Nothing Of This Name"')["html"] or "warnings" in count(ada, 'did "Nothing Of This Name"')["html"]


def test_groups_within_groups_are_counted_each(shop, ada):
    text = f'tea = "oolong" and (did "{shop.mark}" at least 2 times or phone exists) and not (tea = "green" or tea = "mint")'
    answer = count(ada, text)
    trait, some, none = answer["rows"]["items"]
    assert (some["kind"], some["mode"], none["mode"]) == ("group", "any", "none") and [row["kind"] for row in some["items"]] == ["did", "trait"]
    assert len(answer["counts"]) == 7 and answer["counts"][:3] == [1, 20, 20], "a group is counted before what it holds"
    assert count(ada, "a = 1 and (b = 1 or (c = 1 and (d = 1 or (e = 1 and (f = 1 or (g = 1 and h = 1))))))")["rows"], "the deepest is a row of text"
    assert count(ada, " or ".join(f"a = {n}" for n in range(41)))["rows"] is None and count(ada, " or ".join(f"a = {n}" for n in range(40)))["rows"]


@pytest.mark.parametrize("text,line,column,fault", [('plan = ', 1, 7, None), ('tea = "oolong"\nand did did', 2, 9, "did"), ('é = 1 and 🍵', 1, 11, None)])
def test_a_fault_is_shown_at_its_place(ada, text, line, column, fault):
    answer = count(ada, text)
    shown = re.search(r'<mark data-start="(\d+)" data-end="(\d+)">(.*?)</mark>', answer["html"])
    assert shown and answer["rows"] is None and answer["text"] is None
    place = re.search(r"Line (\d+), column (\d+)", answer["html"])
    assert int(place[1]) == line, answer["html"]
    units = text.encode("utf-16-le")
    marked = units[2 * int(shown[1]):2 * int(shown[2])].decode("utf-16-le")
    assert marked == html.unescape(shown[3])
    if fault:
        assert marked == fault and int(place[2]) == column
    # Without scripts the same stands on the page, with what was typed.
    for fields in [{"intent": "count"}, {}]:
        page = ada.post("/w/main/segments", name="x", text=text.replace("\n", "\r\n"), **fields)
        assert page.status_code == (200 if fields else 422)
        assert html.unescape(re.search(r'<mark data-start="(\d+)"', page.text)[1]) == shown[1] and f">\n{html.escape(text, quote=False)[:4]}" in page.text


def test_a_change_is_saved_and_a_bad_one_is_not(shop, ada):
    name = new_id("Change ")
    place = made(ada, name, condition(shop))
    page = ada.get(place + "/edit").text
    assert html.escape(name) in page and "at least 2 times" in page
    assert ada.post(place + "/save", name=name, text="plan =").status_code == 422
    assert ada.post(place + "/save", name=" ", text="plan = 1").status_code == 422
    assert ada.post(place + "/save", name=name, text="plan = 1", zone="Mars/Olympus").status_code == 422
    assert ada.post(place + "/save", name=name, text='in segment "no-such"').status_code == 422
    assert "at least 2 times" in ada.get(place).text
    assert ada.post(place + "/save", name=name + "!", text='tea = "oolong"', zone="Europe/Madrid").status_code == 303
    assert name + "!" in ada.page(place).headings
    wait_until(lambda: re.search(r"People now</span><strong>1<", ada.get(place).text), what="the new condition")


def test_deleting_wants_the_name_and_nobody_who_uses_it(shop, ada):
    name = new_id("Base ")
    place = made(ada, name, condition(shop))
    handle = re.search(r'class="small"><code>(.*?)</code>', ada.get(place).text)[1]
    user = made(ada, name + " user", f'in segment "{handle}" and tea = "oolong"')
    assert name + " user" in Page(ada.get(place).text).text and name + " user" in Page(ada.get(place + "/edit").text).text
    ada.post(place + "/delete", confirm="other")
    assert ada.get(place).status_code == 200
    ada.post(place + "/delete", confirm=name)
    assert "other segments name this one" in ada.get(place).text
    assert ada.post(user + "/delete", confirm=name + " user").status_code == 303
    assert ada.post(place + "/delete", confirm=name).status_code == 303
    assert ada.get(place).status_code == 404


def test_nothing_of_it_is_done_for_strangers(shop, ada):
    place = made(ada, new_id("Guarded "), condition(shop))
    for path in ["/w/main/segments", "/w/main/segments/count", place + "/save", place + "/delete"]:
        assert ada.post(path, csrf="wrong", name="x", text="a = 1").status_code == 403
        assert Reader(shop).post(path, csrf="x", name="x", text="a = 1").status_code == 401
    assert ada.get(place).status_code == 200


@pytest.mark.parametrize("nasty", NASTY)
def test_names_notes_and_conditions_are_text(shop, ada, nasty):
    text = 'tea = "' + nasty.replace('"', '\\"') + '"'
    place = made(ada, nasty, text, note=nasty)
    for path in [place, place + "/edit", "/w/main/segments"]:
        page = Page(ada.get(path).text)
        assert not page.all("img") and all(script.get("src", "").startswith("/console/assets/") for script in page.all("script"))
        assert not [tag for tag, attributes in page.tags if any(name.startswith("on") for name in attributes)]
        assert nasty in page.text
    answer = Page(count(ada, nasty)["html"] + count(ada, text)["html"])
    assert not answer.all("img") and not answer.all("script")
    assert ada.post(place + "/delete", confirm=nasty).status_code == 303


@pytest.mark.parametrize("text, fields", [
    ("count of sessions in last 30 days >= 3", {"kind": "sessions", "times": "3", "days": "30"}), ("plan changed within last 7 days", {"kind": "changed", "trait": "plan", "days": "7"}),
    ('sum(total) of "Order Completed" in last 90 days in top 10%', {"kind": "top", "event": "Order Completed", "property": "total", "days": "90", "percent": "10"}),
    ('is member of account "sol" with role "buyer"', {"kind": "member", "account": "sol", "role": "buyer"}), ("is member of any account", {"kind": "member", "account": "", "role": ""}),
    ('did "A" as member of account "sol" at least 2 times in last 7 days', {"kind": "as", "event": "A", "account": "sol", "times": "2", "days": "7"}),
    ('name contains "jose" ignoring accents', {"kind": "trait", "trait": "name", "test": "like", "value": "jose"}),
    ('app >= version "2.10"', {"kind": "trait", "trait": "app", "test": ">= version", "value": "2.10"}), ('app < version "3.0"', {"kind": "trait", "trait": "app", "test": "< version", "value": "3.0"}),
    ('country in ("US", "GB", 7)', {"kind": "trait", "trait": "country", "test": "in", "value": "US, GB, 7"}), ("birthday > 1991-07-01", {"kind": "trait", "trait": "birthday", "test": ">", "value": "1991-07-01"}),
    ('did "A" where (total > 3)', {"kind": "did", "event": "A", "days": "", "times": "1", "filter": "total", "filter-test": ">", "filter-value": "3"}),
    ('did not do "A" where size = "7" in last 2 days', {"kind": "not", "event": "A", "days": "2", "filter": "size", "filter-test": "=", "filter-value": '"7"'}),
    ('distinct(category) of "A" in last 30 days >= 5', {"kind": "measure", "measure": "distinct", "property": "category", "event": "A", "days": "30", "test": ">=", "value": "5"}),
    ('most frequent(category) of "A" = "shoes"', {"kind": "measure", "measure": "most frequent", "property": "category", "event": "A", "days": "", "test": "=", "value": "shoes"})])
def test_rows_say_what_is_said_often(ada, text, fields):
    row, = count(ada, text)["rows"]["items"]
    assert row == {"text": text, **fields}


@pytest.mark.parametrize("text", [
    "count of sessions with gaps up to 2 hours >= 3", "count of sessions >= 0", "plan set within last 7 days", "plan changed within last 2 weeks", "points in top 10%", "sum(total) of page in top 10%",
    'sum(total) of "A" in bottom 10%', 'sum(total) of "A" in top 10', 'app = version "2.10"', 'name = "jose" ignoring accents', 'did "A" where (items has any (a = 1))', "did anything", 'a = "x" ignoring case',
    'did "A" in last 3 months', 'did "A" where a = 1 and b = 2', 'count of sessions where pages >= 3 >= 2', 'country in ("a, b", "c")', 'did "A" then "B" within 2 days', 'most frequent(a) of "A" = 3',
    'is member of account under "sol"', 'is member of account in ("a", "b")', 'did "A" as member of account "sol" with role "x"', 'did "A" where (as member of account "sol" and total > 5)'])
def test_what_fields_cannot_show_is_a_row_of_text(ada, text):
    answer = count(ada, text)
    row, = answer["rows"]["items"]
    written = "did \"A\" where (a = 1 and b = 2)" if "b = 2" in text else text
    assert row["kind"] == "text" and row["raw"] == row["text"] == answer["text"] == written


def test_the_list_shows_a_line_of_sizes(shop, ada):
    name = new_id("Line ")
    place = made(ada, name, condition(shop))
    text = wait_until(lambda: (lambda t: t if "data-refresh" not in t else None)(ada.get("/w/main/segments").text), what="every line")
    row = text.split(f'href="{place}"')[1].split("</tr>")[0]
    assert re.search(r'class="trace".*?from 0 to 20', row, re.S), row
    assert "/w/main/segments/overlap" in text


def test_overlaps_count_each_two_and_exactly_which(shop, ada):
    """Green drinkers are 39, twice-buyers 20 of whom one drinks oolong; a list has two of them."""
    marks = [new_id(word) for word in ("green", "twice", "listed")]
    green = made(ada, marks[0], f'shelf = "{shop.mark}" and tea = "green"').rsplit("/")[-1]
    twice = made(ada, marks[1], condition(shop)).rsplit("/")[-1]
    made_list = shop.call("POST", "/api/v1/lists", json={"name": marks[2], "source": "test"}).json()["id"]
    entries = [{"userId": f"{shop.mark}-{n}"} for n in (0, 1)]
    assert shop.call("POST", f"/api/v1/lists/{made_list}/entries", json={"entries": entries}).status_code in (200, 202)
    page = ada.get(f"/w/main/segments/overlap?of={green}&of={twice}&of={made_list}")
    assert page.status_code == 200 and "Each two" in page.text
    matrix, exactly = re.findall(r"<tbody>.*?</tbody>", page.text, re.S)
    def numbers(table):
        return [[re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td.*?</td>", row, re.S)] for row in re.findall(r"<tr>.*?</tr>", table, re.S)]
    rows = numbers(matrix)
    assert [row[0][-1] for row in rows] == ["39", "20", "2"]
    assert [cell[-1] for cell in rows[0][1:]] == ["–", "19", "1"] and rows[0][2][:2] == ["49", "%"], rows
    assert [cell[-1] for cell in rows[1][1:]] == ["19", "–", "1"] and rows[1][1][0] == "95"
    assert sorted((tuple(sorted(row[0])), int(row[1][0])) for row in numbers(exactly)) == sorted([
        (tuple(sorted(marks[:2])), 19), ((marks[0],), 19), (tuple(sorted([marks[0], marks[2]])), 1), (tuple(sorted(marks[1:])), 1)])
    assert "Choose at least two" in ada.get(f"/w/main/segments/overlap?of={green}").text
    assert ada.get("/w/main/segments/overlap").status_code == 200, "without a choice the largest are compared"
    assert "checked" in ada.get("/w/main/segments/overlap").text


def test_the_editor_in_a_browser(shop):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.set_window_size(1440, 1000)
        driver.get(shop.url + "/sign-in?next=/w/main/segments/new")
        submit(driver, "main form", password=PASSWORD)
        shot(driver, "segment-new")
        name, area = find(driver, "[name=name]"), find(driver, "[name=text]")
        name.send_keys("Written by rows")
        find(driver, ".root > .actions .row-add").click()
        row = find(driver, "#row-list .row")
        field = lambda part, tag="input": row.find_element(By.CSS_SELECTOR, f"[data-part={part}] {tag}")
        Select(field("kind", "select")).select_by_value("did")
        field("event").send_keys(shop.mark)
        field("times").clear()
        field("times").send_keys("2")
        wait_until(lambda: area.get_attribute("value") == f'did "{shop.mark}" at least 2 times in last 30 days', what="the row's text")
        wait_until(lambda: row.find_element(By.CSS_SELECTOR, "output").text == "20", what="the row's count")
        assert "20" in find(driver, ".answer-count strong").text
        shot(driver, "segment-rows")
        # Rows follow the text; what fields cannot show is a row of text.
        area.send_keys(' and tea = "oolong"')
        wait_until(lambda: len(driver.find_elements(By.CSS_SELECTOR, "#row-list .row")) == 2, what="a second row")
        area.send_keys(" and (a = 1 or b = 2")
        wait_until(lambda: driver.find_elements(By.CSS_SELECTOR, "#answer mark"), what="the place of the fault")
        shot(driver, "segment-fault")
        area.send_keys(")")
        wait_until(lambda: len(driver.find_elements(By.CSS_SELECTOR, ".group .group .row")) == 2, what="a group of two rows")
        assert area.get_attribute("value").endswith("(a = 1 or b = 2)")
        fits(driver)
        area.clear()
        for kind, parts, wanted in [
            ("sessions", {"times": "2", "days": "7"}, "count of sessions in last 7 days >= 2"), ("changed", {"trait": "tea", "days": "14"}, "`tea` changed within last 14 days"),
            ("top", {"event": shop.mark, "property": "total", "days": "", "percent": "5"}, f'sum(`total`) of "{shop.mark}" in top 5%'),
            ("measure", {"event": shop.mark, "property": "total", "days": "", "filter": "size", "filter-value": "7", "value": "12"}, f'sum(`total`) of "{shop.mark}" where `size` = 7 >= 12'),
            ("text", {"raw": 'a = 1 or b = 2'}, "a = 1 or b = 2")]:
            area.clear()
            area.send_keys('tea = "oolong"')
            # The row of what stood there before is drawn anew.
            wait_until(lambda: driver.execute_script("return document.querySelectorAll('#row-list .row').length === 1 && [...document.querySelectorAll('#row-list .row input')].some(box => box.value === 'oolong')")
                       and find(driver, "#rows").is_displayed(), what="one row")
            row = find(driver, "#row-list .row")
            Select(row.find_element(By.CSS_SELECTOR, "[data-part=kind] select")).select_by_value(kind)
            for part, value in parts.items():
                box = row.find_element(By.CSS_SELECTOR, f"[data-part={part}] input")
                box.clear()
                box.send_keys(value)
            if kind == "measure":
                Select(row.find_element(By.CSS_SELECTOR, "[data-part=test] select")).select_by_value(">=")
            wait_until(lambda: area.get_attribute("value").replace("`", "").strip("()") == wanted.replace("`", ""), what="the text of " + kind)
            shot(driver, "segment-row-" + kind)
        fits(driver)
        area.clear()
        area.send_keys(condition(shop))
        press(driver, "#segment-form button.primary")
        assert find(driver, "h1").text == "Written by rows"
        fits(driver)
        shot(driver, "segment")
        for theme in ["dark", "light"]:
            driver.get(driver.current_url.split("?")[0] + "?theme=" + theme)
            shot(driver, "segment-" + theme)
        driver.get(shop.url + "/w/main/segments")
        fits(driver)
        shot(driver, "segments")
        no_complaints(driver)
    finally:
        driver.quit()


def test_a_nested_condition_is_built_without_writing(shop):
    """Countries and not free, who ordered twice or spent 300, and neither refunded nor complained: by rows and groups alone, all by keyboard fields and buttons."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.set_window_size(1440, 1400)
        driver.get(shop.url + "/sign-in?next=/w/main/segments/new")
        submit(driver, "main form", password=PASSWORD)
        find(driver, "[name=name]").send_keys("Worth keeping")

        def fill(row, kind, selects=(), **fields):
            Select(row.find_element(By.CSS_SELECTOR, "[data-part=kind] select")).select_by_value(kind)
            for part, value in selects:
                Select(row.find_element(By.CSS_SELECTOR, f"[data-part={part}] select")).select_by_value(value)
            for part, value in fields.items():
                box = row.find_element(By.CSS_SELECTOR, f"[data-part={part}] input")
                box.clear()
                box.send_keys(value)

        def more(group, button=".row-add"):
            group.find_element(By.CSS_SELECTOR, ":scope > .actions " + button).click()
            return group.find_elements(By.CSS_SELECTOR, ":scope > .group-items > *")[-1]

        root = find(driver, ".group.root")
        fill(more(root), "trait", [("test", "in")], trait="tea", value="oolong, green")
        fill(more(root), "trait", [("test", "!=")], trait="plan", value="free")
        some = more(root, ".group-add")
        assert Select(some.find_element(By.CSS_SELECTOR, "select")).first_selected_option.get_attribute("value") == "any"
        fill(some.find_element(By.CSS_SELECTOR, ".row"), "did", event=shop.mark, times="2", days="60")
        fill(more(some), "measure", [("test", ">=")], event=shop.mark, property="total", days="180", value="300")
        none = more(root, ".group-add")
        Select(none.find_element(By.CSS_SELECTOR, "select")).select_by_value("none")
        fill(none.find_element(By.CSS_SELECTOR, ".row"), "did", event="Order Refunded", days="60")
        fill(more(none), "did", event="Support Ticket Opened", days="30")
        wanted = (
            f'tea in ("oolong", "green") and plan != "free" and (did "{shop.mark}" at least 2 times in last 60 days or sum(total) of "{shop.mark}" in last 180 days >= 300)'
            ' and not (did "Order Refunded" in last 60 days or did "Support Ticket Opened" in last 30 days)')
        area = find(driver, "[name=text]")
        wait_until(lambda: area.get_attribute("value") == wanted, what="the whole text")
        wait_until(lambda: [output.text for output in driver.find_elements(By.CSS_SELECTOR, ".group-items output")][:1] == ["40"] and all(
            output.text for output in driver.find_elements(By.CSS_SELECTOR, ".group-items output")), what="a count on every row and group")
        fits(driver)
        shot(driver, "segment-nested")
        for theme in ["dark", "light"]:
            driver.get(driver.current_url.split("?")[0] + "?theme=" + theme + "&text=" + requests.utils.quote(wanted))
            wait_until(lambda: len(driver.find_elements(By.CSS_SELECTOR, ".group-items .row")) == 6, what="the same rows of the text")
            shot(driver, "segment-nested-" + theme)
            for path in ("/w/main/segments", "/w/main/segments/overlap"):
                driver.get(shop.url + path)
                fits(driver)
                shot(driver, path.rsplit("/")[-1] + "-" + theme)
            driver.get(shop.url + "/w/main/segments/new")
        no_complaints(driver)
    finally:
        driver.quit()
