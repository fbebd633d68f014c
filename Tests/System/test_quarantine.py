"""Quarantine: what is replayed is stored once or told why not, counts with all that its request said, and waits once."""
import concurrent.futures
import html
import json
import os
import re
import subprocess
import sys

import pytest
import requests

from harness import basic, new_id


def rows(martlet, **query):
    return martlet.api("/api/v1/quarantine", **query)["rejected"]


def refused(martlet, event, path="/v1/track", **options):
    """The row of what is sent and refused."""
    before = {row["id"] for row in rows(martlet)}
    answer = requests.post(martlet.url + path, auth=(martlet.write_key, ""), timeout=10, **({"data": event} if isinstance(event, (bytes, str)) else {"json": event}), **options)
    assert answer.status_code in (200, 400), answer.text
    return next(row for row in rows(martlet) if row["id"] not in before)


def replay(martlet, row, event=None):
    return martlet.call("POST", f"/api/v1/quarantine/{row['id']}/replay", **({"json": event} if event is not None else {}))


@pytest.mark.parametrize("has_id", [False, True])
def test_replayed_twice_at_once_it_is_stored_once(shared, has_id):
    """A double click, or a client that tries again."""
    user = new_id("twice")
    event = {"userId": user, **({"messageId": new_id("m")} if has_id else {})}
    row = refused(shared, event)
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = [a.status_code for a in pool.map(lambda _: replay(shared, row, {"userId": user, "event": "Tea Sipped"}), range(12))]
    assert 200 in answers and set(answers) <= {200, 404, 409}, answers
    shared.send([{"type": "identify", "userId": user, "traits": {}}])
    assert len([e for e in shared.events(userId=user) if e["type"] == "track"]) == 1
    assert replay(shared, row, {"userId": user, "event": "Tea Sipped"}).status_code == 404


def test_what_a_replay_does_not_store_is_told_and_stays(shared):
    user, message = new_id("known"), new_id("m")
    row = refused(shared, {"userId": user})
    shared.send([{"type": "track", "userId": user, "event": "First", "messageId": message}])
    answer = replay(shared, row, {"userId": user, "event": "Second", "messageId": message})
    assert answer.status_code == 409 and answer.json()["code"] == "quarantine.duplicate" and message in answer.json()["message"]
    gone = new_id("gone")
    shared.call("POST", "/api/v1/privacy/erasures", json={"userId": gone, "suppress": True}).raise_for_status()
    answer = replay(shared, row, {"userId": gone, "event": "Second"})
    assert answer.status_code == 409 and answer.json()["code"] == "quarantine.suppressed", answer.text
    assert row["id"] in {r["id"] for r in rows(shared)}
    assert replay(shared, row, {"userId": user, "event": "Second"}).status_code == 200
    assert [e["event"] for e in shared.events(userId=user)] == ["First", "Second"] or len(shared.events(userId=user)) == 2


def test_a_row_with_an_unreadable_time_waits_for_one(shared):
    """An order of January must not count as one of today: the import refuses it, and so does the replay."""
    shared.create_source("Ledger")
    name = new_id("ledger")
    csv = f"userId,event,timestamp\n{name},Order,01/02/2026x\n"
    done = shared.call("POST", "/api/v1/imports", params={"source": "Ledger", "format": "csv"}, data=csv.encode())
    assert done.status_code in (200, 202), done.text
    row = next(r for r in rows(shared, code="import.timestamp-unreadable") if name in json.dumps(r["payload"]))
    answer = replay(shared, row)
    assert answer.status_code == 400 and answer.json()["code"] == "import.timestamp-unreadable", answer.text
    payload = row["payload"] if isinstance(row["payload"], dict) else json.loads(row["payload"])
    assert replay(shared, row, {**payload, "timestamp": "2026-02-01"}).status_code == 200
    assert [e["timestamp"][:10] for e in shared.events(userId=name)] == ["2026-02-01"]


@pytest.mark.parametrize("path, body", [
    ("/v1/track", b'{"userId": "MARK", "event": '),
    ("/v1/batch", b'{"batch": "MARK"'),
    ("/v1/batch", b'{"events": ["MARK"]}'),
    ("/v1/track", b'{"userId": "MARK\xff"}'),
])
def test_a_body_refused_whole_keeps_the_objection_of_its_request(shared, path, body):
    user = new_id("gpc")
    row = refused(shared, body.replace(b"MARK", user.encode()), path, headers={"Sec-GPC": "1", "Content-Type": "application/json"})
    assert row["around"]["gpc"] is True and row["around"]["ip"], row
    assert replay(shared, row, {"type": "track", "userId": user, "event": "Mended"}).status_code == 200
    shared.send([{"type": "identify", "userId": user, "traits": {}}])
    assert shared.api("/api/v1/profiles/lookup", userId=user)["optedOutOfSharing"]
    assert shared.events(userId=user)[0]["context"]["gpc"] is True


def test_the_same_file_again_waits_once(shared):
    """Its refused lines are the same lines: one row each in quarantine, and one event when it is mended, however often the file comes."""
    shared.create_source("Again")
    user = new_id("again")
    lines = f'{{"type": "track", "userId": "{user}", "event": "Kept", "messageId": "{user}"}}\n{{"type": "track", "userId": "{user}"}}\n{{"userId": "{user}", \n'
    send = lambda: shared.call("POST", "/api/v1/imports", params={"source": "Again", "fingerprint": user}, data=lines.encode()).raise_for_status()
    mine = lambda: [r for r in rows(shared, source="Again") if user in json.dumps(r["payload"])]
    send()
    first = mine()
    assert len(first) == 2
    send()
    assert [r["id"] for r in mine()] == [r["id"] for r in first]
    row = next(r for r in first if "name" in r["code"] or "event" in r["code"])
    mended = {"type": "track", "userId": user, "event": "Mended"}
    assert replay(shared, row, mended).status_code == 200
    send()
    row = next(r for r in mine() if r["id"] not in {f["id"] for f in first})
    assert replay(shared, row, mended).json()["code"] == "quarantine.duplicate"
    shared.send([{"type": "identify", "userId": user, "traits": {}}])
    assert sorted(e["event"] for e in shared.events(userId=user) if e["type"] == "track") == ["Kept", "Mended"]


def test_nothing_is_replayed_into_a_disabled_source(make_martlet):
    martlet = make_martlet().start()
    row = refused(martlet, {"userId": "ada"})
    martlet.call("PATCH", "/api/v1/sources/src_1", json={"enabled": False}).raise_for_status()
    answer = replay(martlet, row, {"userId": "ada", "event": "Tea Sipped"})
    assert answer.status_code == 403 and answer.json()["code"] == "source.disabled"
    martlet.call("PATCH", "/api/v1/sources/src_1", json={"enabled": True}).raise_for_status()
    assert replay(martlet, row, {"userId": "ada", "event": "Tea Sipped"}).status_code == 200


BATCHES = ["[]", '"B7"', "null", '{"size": 2}', "7", '[{"type": "track", "userId": "inner", "event": "Inner"}]']


@pytest.mark.parametrize("path", ["/v1/track", "/v1/batch", "import"])
@pytest.mark.parametrize("value", BATCHES)
def test_one_event_with_a_batch_of_its_own_is_one_event(shared, path, value):
    """Its `batch` is a member like any that we have no use for; it was taken for a batch, and the event was lost."""
    user = new_id("own-batch")
    event = f'{{"type": "track", "userId": "{user}", "batch": {value}}}'
    if path == "import":
        before = {row["id"] for row in rows(shared)}
        shared.call("POST", "/api/v1/imports", params={"source": shared.create_source(user)["name"]}, data=event.encode()).raise_for_status()
        row = next(row for row in rows(shared) if row["id"] not in before)
    else:
        row = refused(shared, event if path == "/v1/track" else f'{{"batch": [{event}]}}', path)
    mended = event.replace('"batch"', '"event": "Tea Packed", "batch"').encode()
    answer = shared.call("POST", f"/api/v1/quarantine/{row['id']}/replay", data=mended)
    assert answer.status_code == 200, answer.text
    assert [(e["event"], e["batch"]) for e in shared.events(userId=user)] == [("Tea Packed", json.loads(value))]
    assert not shared.events(userId="inner")
    assert row["id"] not in {r["id"] for r in rows(shared)}


@pytest.mark.parametrize("mended, code", [
    ({"batch": []}, "quarantine.no-event"),
    ({"batch": None}, "quarantine.no-event"),
    ({"batch": "B7"}, "batch.missing"),
    ({"batch": {}}, "batch.missing"),
    ({}, "event.type-unknown"),
])
def test_a_whole_batch_that_is_mended_into_nothing_stays(shared, mended, code):
    user = new_id("whole")
    row = refused(shared, f'{{"batch": ["{user}"', "/v1/batch")
    answer = replay(shared, row, mended)
    assert answer.status_code == 400 and answer.json()["code"] == code, answer.text
    assert row["id"] in {r["id"] for r in rows(shared)}
    events = [{"type": "track", "userId": user, "event": name, "batch": 1} for name in ("First", "Second")]
    assert replay(shared, row, {"batch": events}).status_code == 200
    assert sorted((e["event"], e["batch"]) for e in shared.events(userId=user)) == [("First", 1), ("Second", 1)]
    assert row["id"] not in {r["id"] for r in rows(shared)}


def test_the_console_sends_one_event_with_a_batch_of_its_own(shop, ada):
    user = new_id("own-batch")
    row = refused(shop, {"userId": user, "batch": []})
    answer = ada.post(f"/w/main/quarantine/{row['id']}/replay", payload=json.dumps({"userId": user, "event": "Tea Packed", "batch": []}))
    assert answer.status_code == 303, answer.text
    assert [(e["event"], e["batch"]) for e in shop.events(userId=user)] == [("Tea Packed", [])]


@pytest.mark.parametrize("value", BATCHES)
def test_a_call_keeps_its_member_batch(shared, value):
    user = new_id("kept-batch")
    requests.post(shared.url + "/v1/track?wait=profile", auth=(shared.write_key, ""), timeout=10, data=f'{{"userId": "{user}", "event": "Tea Packed", "batch": {value}, "other": {value}}}').raise_for_status()
    event, = shared.events(userId=user)
    assert event["batch"] == event["other"] == json.loads(value)


@pytest.mark.parametrize("pad, isCut", [(32 * 1024, False), (32 * 1024 + 1, True), (600_000, True)])
def test_what_is_too_long_for_the_page_is_corrected_elsewhere(shop, ada, tmp_path, pad, isCut):
    """Of a payload of more than 32 KiB the page shows the beginning, says so, and how to correct it; a field with the beginning could never be sent."""
    user = new_id("long")
    event = {"userId": user, "properties": {"leaves": ""}}
    event["properties"]["leaves"] = "x" * (pad - len(json.dumps(event)))
    row = refused(shop, json.dumps(event))
    assert len(row["payload"]) == pad
    text = ada.get("/w/main/quarantine").text
    item = text[text.index(f'id="q-{row["id"]}"'):].split("</details>\n</div>")[0].split('<details class="panel')[0]
    assert ("<textarea" in item) is not isCut and ("only the beginning" in item) is isCut
    address = f"/w/main/quarantine/{row['id']}/replay"
    assert f'action="{address}"' in item, "as it is, it can be tried again"
    if not isCut:
        assert f'data-copy="' in item
        return
    assert row["payload"][:50].replace('"', "&quot;") not in item.split('data-copy="', 1)[-1], "a beginning is not copied as if it were the whole"
    answer = ada.post(address)
    assert "event.name-missing" in answer.text and "<textarea" not in answer.text[answer.text.index(f'id="q-{row["id"]}"'):].split('<details class="panel')[0]
    script = html.unescape(re.search(r"<code>(curl .*?)</code>", item, re.S)[1])
    assert str(row["id"]) in script
    fetch, send = script.split("curl ")[1:]
    run = lambda command: subprocess.run(["bash", "-ec", "curl -fsS " + command], cwd=tmp_path, env={**os.environ, "MARTLET_TOKEN": shop.token()}, check=True, capture_output=True, text=True).stdout
    run(fetch.replace("jq -r '.rejected[0].payload'", f"{sys.executable} -c 'import json, sys; print(json.load(sys.stdin)[\"rejected\"][0][\"payload\"])'"))
    kept = json.loads((tmp_path / "event.json").read_text())
    assert kept == event
    (tmp_path / "event.json").write_text(json.dumps({**kept, "event": "Tea Packed"}))
    assert json.loads(run(send))["success"] is True
    assert [e["properties"] for e in shop.events(userId=user)] == [event["properties"]]
