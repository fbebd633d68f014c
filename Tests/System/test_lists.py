"""Static lists: identifiers that somebody put on them, asked for by conditions as people are met, merge, expire and are forgotten."""
import datetime
import time

import pytest

from harness import wait_until


def make(martlet, name="Trade fair", **body):
    answer = martlet.call("POST", "/api/v1/lists", json={"name": name, **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


def put(martlet, name, *entries, method="POST", **more):
    answer = martlet.call(method, f"/api/v1/lists/{name}/entries", json={"entries": list(entries), **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def csv(martlet, name, text, method="POST", expect=200, **params):
    data = text.encode() if isinstance(text, str) else text
    answer = martlet.call(method, f"/api/v1/lists/{name}/entries", data=data, params=params, headers={"Content-Type": "text/csv"})
    assert answer.status_code == expect, answer.text
    return answer.json()


def count(martlet, condition, **more):
    answer = martlet.call("POST", "/api/v1/segments/preview", json={"condition": condition, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["count"]


def size(martlet, name, wanted):
    wait_until(lambda: martlet.api("/api/v1/segments/" + name)["size"] == wanted, 1.5, every=0.01, what=f"{name} of {wanted}")


def later(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


@pytest.fixture
def people(martlet):
    martlet.send([{"type": "identify", "userId": u, "messageId": u, "traits": {"email": f"{u}@wren.example"}} for u in ("ada", "bob", "eve")])
    return martlet


def test_a_list_is_made_changed_and_deleted(people):
    made = make(people, source="Tea fair", note="Booth 7")
    assert (made["handle"], made["source"], made["note"], made["expiresAt"], made["entries"]) == ("trade-fair", "Tea fair", "Booth 7", None, 0)
    assert make(people, "trade FAIR")["handle"] == "trade-fair-2"
    changed = people.call("PATCH", "/api/v1/lists/trade-fair", json={"name": "Fair", "expiresAt": "2020-01-01T00:00:00Z"}).json()
    assert (changed["name"], changed["handle"], changed["note"]) == ("Fair", "trade-fair", "Booth 7") and changed["expiresAt"].startswith("2020")
    assert put(people, "trade-fair", {"userId": "ada"})["added"] == 1
    assert count(people, 'in list "trade-fair"') == 0
    people.call("PATCH", "/api/v1/lists/trade-fair", json={"expiresAt": None})
    assert count(people, 'in list "trade-fair"') == 1
    people.kill9()
    people.start()
    assert count(people, {"list": made["id"]}) == 1 and len(people.api("/api/v1/lists")["lists"]) == 2
    assert people.call("DELETE", "/api/v1/lists/trade-fair").json() == {"success": True}
    gone = people.call("GET", "/api/v1/lists/trade-fair")
    assert (gone.status_code, gone.json()["code"]) == (404, "list.unknown")


def test_who_is_on_a_list_follows_people(people):
    make(people)
    assert put(people, "trade-fair", {"userId": "ada"}, {"email": "bob@wren.example"}, {"anonymousId": "device"}, {"userId": "new"}) == {"added": 4, "present": 0, "refused": 0, "refusedLines": []}
    assert put(people, "trade-fair", {"userId": "ada"})["present"] == 1
    assert count(people, 'in list "trade-fair"') == 2 and count(people, 'not in list "trade-fair"') == 1
    assert people.api("/api/v1/lists/trade-fair")["unknown"] == 2
    people.call("POST", "/api/v1/segments", json={"name": "Fair people", "condition": 'in list "trade-fair"'})
    size(people, "fair-people", 2)
    # Somebody who waits is met, and a device turns out to be Eve's.
    people.track("Order Completed", userId="new")
    size(people, "fair-people", 3)
    people.send([{"type": "identify", "userId": "eve", "anonymousId": "device", "messageId": "m9"}])
    size(people, "fair-people", 4)
    assert put(people, "trade-fair", {"userId": "ada"}, method="DELETE")["removed"] == 1
    size(people, "fair-people", 3)
    # Two entries of one person: one of them is enough.
    put(people, "trade-fair", {"userId": "bob"})
    put(people, "trade-fair", {"userId": "bob"}, method="DELETE")
    size(people, "fair-people", 3)
    members = people.api("/api/v1/lists/trade-fair/members", limit=2)
    rest = people.api("/api/v1/lists/trade-fair/members", limit=2, after=members["next"])
    assert members["count"] == 3 and len(set(members["members"] + rest["members"])) == 3 and rest["next"] is None


def test_entries_expire_by_themselves(people):
    make(people)
    people.call("POST", "/api/v1/segments", json={"name": "Fair people", "condition": 'in list "trade-fair"'})
    put(people, "trade-fair", {"userId": "ada", "expiresAt": later(2)}, {"userId": "bob"})
    size(people, "fair-people", 2)
    time.sleep(1.6)
    size(people, "fair-people", 1)
    assert people.api("/api/v1/lists/trade-fair")["expired"] == 1
    people.call("PATCH", "/api/v1/lists/trade-fair", json={"expiresAt": later(1.5)})
    size(people, "fair-people", 1)
    time.sleep(1.2)
    size(people, "fair-people", 0)


def test_a_list_in_use_stays_and_unknown_ones_are_refused(people):
    make(people)
    people.call("POST", "/api/v1/segments", json={"name": "Fair people", "condition": 'in list "trade-fair"'})
    refused = people.call("DELETE", "/api/v1/lists/trade-fair")
    assert (refused.status_code, refused.json()["code"]) == (400, "list.in-use") and "Fair people" in refused.json()["message"]
    unknown = people.call("POST", "/api/v1/segments", json={"name": "X", "condition": 'in list "trade-fare"'})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "list.unknown")
    assert people.call("POST", "/api/v1/segments/preview", json={"condition": 'in list "trade-fare"'}).status_code == 404


def test_a_file_is_read_whatever_it_is(people):
    make(people)
    assert csv(people, "trade-fair", "\ufeffName;E-Mail;expires_at\r\n\"A;\"\"da\"\"\";ada@wren.example;\r\nBob;bob@wren.example;soon\r\n;;\r\nEve;eve@wren.example;2099-01-01T00:00:00Z\r\n") == {
        "added": 2, "present": 0, "refused": 2, "refusedLines": [
            {"line": 3, "code": "list.expiry", "message": "The expiry is not a time.", "remedy": "Write it as 2026-07-01T00:00:00Z, or leave it empty."},
            {"line": 4, "code": "list.identifier-empty", "message": "There is no identifier.", "remedy": "Fill it in, or leave the entry out."}]}
    assert count(people, 'in list "trade-fair"') == 2
    assert csv(people, "trade-fair", "Mail\nbob@wren.example\n", column="Mail", type="email")["added"] == 1
    hostile = csv(people, "trade-fair", "userId\n=cmd|' /C calc'!A0\n" + "x" * 1_000_000 + "\nnull\n00000\n")
    assert (hostile["added"], [line["code"] for line in hostile["refusedLines"]]) == (1, ["list.identifier-long", "list.identifier-blocked", "list.identifier-blocked"])
    for bad, code in ((b"userId\n\xff\xc3\n", "list.not-utf8"), ("userId\nada\n".encode("utf-16-le"), "list.not-utf8"), (b"userId\nada\x00\n", "list.not-utf8"), ("what\nada\n", "list.no-column"), ("", "list.empty-file")):
        assert csv(people, "trade-fair", bad, expect=400)["code"] == code
    before = count(people, 'in list "trade-fair"')
    unclosed = csv(people, "trade-fair", "userId\nada\n\"never closed\ncyd\n", expect=400)
    assert unclosed["code"] == "list.unclosed-quotes" and "line 3" in unclosed["message"] and count(people, 'in list "trade-fair"') == before
    assert csv(people, "trade-fair", "email\nada@wren.example\n", method="DELETE")["removed"] == 1
    for entry in ({}, {"userId": "a", "email": "b"}, {"userId": 5}, "ada", {"groupId": "g"}):
        assert put(people, "trade-fair", entry)["refused"] == 1
    entries = people.api("/api/v1/lists/trade-fair/entries", limit=1)
    seen = entries["entries"]
    while entries["next"]:
        entries = people.api("/api/v1/lists/trade-fair/entries", limit=1, after=entries["next"])
        seen += entries["entries"]
    assert {e["value"]: e["known"] for e in seen if e["type"] == "email"} == {"bob@wren.example": True, "eve@wren.example": True}


def test_the_command_line(people):
    assert "martlet list create" in people.cli("list", "list").stderr
    assert people.cli("list", "create", "Trade fair", "--source", "Tea fair", "--json")["source"] == "Tea fair"
    file = people.home / "fair.csv"
    file.write_text("userId\nada\nnobody\nnull\n")
    assert people.cli("list", "add", "trade-fair", str(file)).stdout.startswith("2 added, 0 already there, 1 refused\n  line 4: ")
    assert people.cli("list", "add", "trade-fair", str(file)).stdout.startswith("0 added, 2 already there, 1 refused\n  line 4: ")
    shown = people.cli("list", "show", "trade-fair").stdout
    assert "2 entries, 1 of people not known yet" in shown and "1 profile now" in shown
    assert people.cli("query", 'in list "trade-fair"', "--json")["count"] == 1
    assert people.cli("list", "remove", "trade-fair", str(file)).stdout.startswith("2 removed, 1 refused")
    assert people.cli("list", "delete", "trade-fair").stdout == "Deleted.\n"
