"""Imports: files of events go through the same gates as the tracking API; broken off, they are simply started again."""
import csv
import gzip
import io
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import threading
import time

import pytest
import requests

from console_client import Reader
from harness import BINARY, new_id, tracked, wait_until


@pytest.fixture(autouse=True)
def there_are_imports(shared):
    if shared.call("GET", "/api/v1/imports").status_code == 404:
        pytest.skip("/api/v1/imports answers 404: there are no imports yet")


def ndjson(events):
    return "".join(json.dumps(e, ensure_ascii=False) + "\n" for e in events).encode()


def upload(martlet, body, expect=200, **query):
    answer = martlet.call("POST", "/api/v1/imports", params={"source": "Old system", "wait": "profile", **{k: v for k, v in query.items() if k != "headers"}}, data=body, headers=query.get("headers", {}), timeout=60)
    assert answer.status_code == expect, f"{answer.status_code} {answer.text[:300]}"
    return answer.json()


def test_fault_67_a_long_field_and_many_short_ones_behind_it(martlet):
    """Each field takes the room of its own bytes: a row within its bound asked for gigabytes, each field of it for as much as the longest."""
    martlet.token()
    martlet.create_source("Rows")

    def asked():
        return int(re.search(r"VmPeak:\s+(\d+)", pathlib.Path(f"/proc/{martlet.pid}/status").read_text())[1]) << 10
    header = "userId,note," + ",".join(f"c{n}" for n in range(20_000))
    body = f"{header}\nada,{'z' * 900_000}{',x' * 20_000}\nbea,short\n".encode()
    martlet.send([tracked("ada", 1)])
    before = asked()
    answer = martlet.call("POST", "/api/v1/imports", params={"source": "Rows", "format": "csv"}, data=body, timeout=60)
    assert answer.status_code == 200 and answer.json()["accepted"] + answer.json()["rejected"] == 2, answer.text[:300]
    assert asked() - before < 2 << 30, f"{asked() - before >> 20} MB"


def test_an_import_ends_in_the_same_state_as_the_tracking_api(make_martlet):
    """The same events by import and by batch: the same events and the same profiles, but for what names the source and the time of receipt."""
    events = []
    for n in range(300):
        user = f"u{n % 20}"
        events.append({"type": "identify", "userId": user, "anonymousId": f"d{n % 30}", "messageId": f"i{n}", "timestamp": f"2026-01-{n % 28 + 1:02d}T10:00:00.000Z", "traits": {"plan": f"p{n}", "email": f"{user}@example.com"}})
        events.append({**tracked(user, n), "timestamp": f"2026-02-{n % 28 + 1:02d}T10:00:00Z", "properties": {"big": 9007199254740993 + n, "tea": "Dårjeeling ☕"}})
    states = []
    for way in ("batch", "import"):
        server = make_martlet().start()
        if way == "batch":
            for start in range(0, len(events), 100):
                server.send(events[start:start + 100])
        else:
            assert upload(server, ndjson(events))["accepted"] == len(events)
        forget = lambda e: {k: v for k, v in e.items() if k not in ("receivedAt", "position", "context", "source")}
        stored = [forget(e) for e in server.events()]
        people = [(server.profile(userId=f"u{n}")["traits"], sorted(i["value"] for i in server.profile(userId=f"u{n}")["identifiers"]), server.profile(userId=f"u{n}")["events"]) for n in range(20)]
        states.append((stored, people))
    assert states[0][0] == states[1][0]
    assert states[0][1] == states[1][1]


def test_a_file_imported_twice_changes_nothing(shared):
    """Lines with and without messageId are known again, by the command line and by a fingerprint of one's own."""
    user = new_id("twice")
    path = shared.home / "twice.ndjson"
    path.write_bytes(ndjson([tracked(user, n) for n in range(50)] + [{"type": "track", "event": "Tea", "userId": user, "properties": {"n": n}} for n in range(50)]))
    first, second = (shared.cli("import", str(path), "--source", "Old system", "--wait", "--json") for _ in range(2))
    assert (first["accepted"], first["duplicates"]) == (100, 0) and (second["accepted"], second["duplicates"]) == (0, 100)
    packed = shared.home / "twice.ndjson.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    shared.cli("import", str(packed), "--source", "Old system", "--wait", "--json")
    assert len([e for e in shared.events(userId=user) if e["messageId"].startswith(user)]) == 50


def test_an_import_that_a_crash_broke_off_is_started_again(make_martlet):
    """kill -9 three times during the import of one file: imported again to its end, every line is there once, in order."""
    server = make_martlet().start()
    path = server.home / "long.ndjson"
    total = 60_000
    path.write_bytes(ndjson([{"type": "track", "event": "Tea", "userId": f"u{n % 10}", "properties": {"n": n, "note": "x" * 200}} for n in range(total)]))
    chance = random.Random(5)
    for _ in range(3):
        process = subprocess.Popen([str(BINARY), "import", str(path), "--source", "Old system", "--data", str(server.data)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=server.environment())
        time.sleep(chance.uniform(0.05, 0.4))
        server.kill9()
        out, errors = process.communicate(timeout=20)
        assert process.returncode >= 0, f"the command died by a signal: {errors[-300:]}"
        server.start()
    done = server.cli("import", str(path), "--source", "Old system", "--wait", "--json")
    assert done["accepted"] + done["duplicates"] == total and done["rejected"] == 0
    for user in range(10):
        assert [e["properties"]["n"] for e in server.events(userId=f"u{user}")] == list(range(user, total, 10))
    listed = server.api("/api/v1/imports")["imports"]
    assert listed[0]["id"] == done["id"] and listed[0]["state"] == "finished" and listed[0]["accepted"] == done["accepted"]
    for broken in listed[1:]:
        assert broken["state"] == "finished" or broken["state"] == "interrupted" and "again" in broken["problem"]["remedy"], broken
    server.kill9()
    server.start()
    assert server.api("/api/v1/imports")["imports"] == listed


@pytest.mark.parametrize("isNoted", [False, True])
def test_counts_that_nobody_knows_are_not_told(make_martlet, isNoted):
    """Counts are written down every two seconds: of an import that is killed they are those of a moment before, or none. They read 0."""
    server = make_martlet().start()
    server.token()
    began = threading.Event()
    piece = lambda: ndjson([{"type": "track", "event": "Tea", "userId": "ada", "properties": {"note": "x" * 500}} for _ in range(400)])

    def pieces():
        for _ in range(60):
            yield piece()
        began.set()
        for _ in range(600):
            time.sleep(0.05)
            yield piece()

    def run():
        try:
            server.call("POST", "/api/v1/imports", params={"source": "Till"}, data=pieces(), timeout=60)
        except requests.RequestException:
            pass
    sender = threading.Thread(target=run)
    started = time.monotonic()
    sender.start()
    assert began.wait(10)
    job = lambda: server.api("/api/v1/imports")["imports"][0]
    wait_until(lambda: server.api("/api/v1/imports")["imports"] and job()["accepted"] > 0)
    assert job()["counted"] == "whole"
    if isNoted:
        time.sleep(max(0, 2.5 - (time.monotonic() - started)))
        seen = job()["accepted"]
        wait_until(lambda: job()["accepted"] > seen)
    elif time.monotonic() - started > 1.9:
        pytest.skip("too slow a machine to kill it before its first note")
    server.kill9()
    sender.join(30)
    server.start()
    counts = [job()[name] for name in ("accepted", "duplicates", "suppressed", "rejected", "bytes")]
    page = Reader(server).set_password()
    listed, own = page.get("/w/main/imports").text, page.get(f"/w/main/imports/{job()['id']}").text
    assert job()["state"] == "interrupted" and server.api("/api/v1/imports/" + job()["id"])["accepted"] == counts[0]
    if isNoted:
        assert job()["counted"] == "partly" and 0 < counts[0] <= len(server.events(userId="ada"))
        assert "at least" in listed and f"at least {counts[0]:,}" in own
    else:
        assert job()["counted"] == "never" and counts == [None] * 5 and server.events(userId="ada")
        assert listed.count("not known") == own.count("not known") == 3


def test_csv_columns_quotes_and_numbers(shared):
    """Separators, quotes, line ends, a byte order mark and unicode; numbers become numbers, ids and telephone numbers stay text."""
    user = new_id("csv")
    for separator in ",;\t":
        for end in ("\r\n", "\n"):
            for bom in ("", "\ufeff"):
                u = new_id(user)
                out = io.StringIO()
                writer = csv.writer(out, delimiter=separator, lineterminator=end)
                writer.writerows([["user_id", "name", "note", "price", "phone", "zip_code", "empty"], [u, "Ada Ångström", f'say "tea"{separator} twice\nplease', "12.50", "+44 0123", "00123", ""]])
                done = upload(shared, (bom + out.getvalue()).encode(), format="csv", fingerprint=u)
                assert done["accepted"] == 1, done
                traits = shared.profile(userId=u)["traits"]
                assert traits["name"] == "Ada Ångström" and traits["note"].replace("\r\n", "\n") == f'say "tea"{separator} twice\nplease'
                assert traits["price"] == 12.5 and traits["phone"] == "+44 0123" and traits["zip_code"] == "00123"


def test_csv_columns_are_recognised_by_name(shared):
    """What the guide says of names: ids, event, time and group are what they are called, however they are spelt; the rest are values."""
    u = new_id("named")
    done = upload(shared, f"User ID,event,group_id,Occurred-At,total\n{u},Tea Bought,wren,2026-05-01T00:00:00Z,5\n".encode(), format="csv", fingerprint=u)
    assert done["accepted"] == 1, done
    event, = shared.events(userId=u)
    assert (event["event"], event["groupId"], event["timestamp"], event["properties"]) == ("Tea Bought", "wren", "2026-05-01T00:00:00.000Z", {"total": 5})


def test_refused_lines_are_counted_named_and_kept(shared):
    """A bad line costs itself; its number and reason are in the answer, and it waits in quarantine."""
    user = new_id("lines")
    bad = new_id("badline")
    body = ndjson([tracked(user, 0)]) + b"{not json}\n\n" + ndjson([{"type": "sip", "userId": user, "messageId": bad}]) + b"17\n" + ndjson([tracked(user, 1)])[:-1]
    done = upload(shared, body)
    assert (done["accepted"], done["rejected"]) == (2, 3), done
    assert sorted(line["line"] for line in done["rejectedLines"]) == [2, 4, 5] and all(line["code"] and line["message"] for line in done["rejectedLines"])
    assert shared.api("/api/v1/quarantine", messageId=bad)["rejected"]
    assert shared.api(f"/api/v1/imports/{done['id']}")["rejected"] == 3


@pytest.mark.parametrize("odd", ["A,A", 'A],"batch":[A,A', 'A],"batch":[A', "A],\"x\":[1", "A]}", "[" * 150 + "]" * 150])
def test_a_line_that_is_not_one_event_costs_itself_alone(shared, odd):
    """Two values in a line, or what ends the list that lines are put in: refused by its number, with its neighbours taken and the server alive."""
    user = new_id("odd")
    plain = json.dumps({"type": "track", "event": "Tea", "userId": user})
    text = odd.replace("A", plain)
    done = upload(shared, "\n".join([text, plain, text, plain, text]).encode(), fingerprint=user)
    assert (done["accepted"], done["duplicates"], done["rejected"]) == (2, 0, 3), done
    assert sorted(line["line"] for line in done["rejectedLines"]) == [1, 3, 5] and len(shared.events(userId=user)) == 2


def test_lines_and_rows_that_are_too_long_are_refused_by_themselves(shared):
    """Plain, packed and as CSV: one over 1 MiB is refused under its number, and not one of 20,000 others is taken for a duplicate."""
    user = new_id("long")
    event = lambda n, **more: json.dumps({"type": "track", "userId": user, "event": "Tea", "properties": {"n": n, **more}})
    lines = [event(n) for n in range(10)] + [event(10, blob="z" * 1_300_000)] + [event(n) for n in range(20_000)]
    body = ("\n".join(lines) + "\n").encode()
    rows = ["userId,event,n"] + [f"{user},Tea,{n}" for n in range(10)] + [f'{user},Tea,"stray ' + "y" * 1_300_000 + '"'] + [f"{user},Tea,{n}" for n in range(20_000)]
    for name, body, line, query in (("plain", body, 11, {}), ("packed", gzip.compress(body), 11, {"headers": {"Content-Encoding": "gzip"}}), ("rows", ("\n".join(rows) + "\n").encode(), 12, {"format": "csv"})):
        done = upload(shared, body, fingerprint=user + name, **query)
        assert (done["accepted"], done["duplicates"], done["rejected"]) == (20_010, 0, 1), (name, done)
        assert done["rejectedLines"][0]["line"] == line and done["rejectedLines"][0]["code"].endswith("-too-long"), done


def test_of_a_corrected_file_what_changed_is_taken(shared, tmp_path):
    """A file of the same length and the same beginning, corrected at its end, and the same by standard input."""
    mark, path = new_id("c"), tmp_path / "people.csv"
    content = lambda plan: "userId,plan,n\n" + "".join(f"{mark}{n:05d},{plan if n >= 5000 else 'free'},{n:05d}\n" for n in range(6000))
    run = lambda *more, **options: shared.cli("import", *more, "--source", "Old system", "--wait", "--json", **options)
    counts = []
    for plan in ("free", "free", "gold", "gold"):
        path.write_text(content(plan))
        done = run(str(path))
        counts.append((done["accepted"], done["duplicates"]))
    assert counts == [(6000, 0), (0, 6000), (1000, 5000), (0, 6000)]
    assert shared.profile(userId=f"{mark}05500")["traits"]["plan"] == "gold" and shared.profile(userId=f"{mark}00500")["traits"]["plan"] == "free"


def test_a_time_that_cannot_be_read_refuses_its_row(shared):
    user = new_id("when")
    done = upload(shared, f"userId,event,timestamp\n{user},Tea,01/02/2026\n{user},Tea,2026-02-01\n{user},Tea,\n".encode(), format="csv", fingerprint=user)
    assert (done["accepted"], done["rejected"]) == (2, 1) and (done["rejectedLines"][0]["line"], done["rejectedLines"][0]["code"]) == (2, "import.timestamp-unreadable"), done


def zstd_of(filler, blocks):
    """A frame in which four bytes stand for 128 KiB of one byte."""
    head = b"\x28\xb5\x2f\xfd\x00" + bytes([(17 - 10) << 3])
    return head + b"".join(((n == blocks - 1) | 1 << 1 | (128 << 10) << 3).to_bytes(3, "little") + filler for n in range(blocks))


@pytest.mark.parametrize("filler, blocks", [(b"\n", 2_000), (b"x", 12_000), (b'"', 4_000)], ids=["lines", "a_line", "quotes"])
def test_fault_67_a_small_file_that_is_a_large_one(make_martlet, filler, blocks):
    """8 to 48 KB that come to 250 MB to 1.5 GB, under a budget of 256 MB: read in small steps, and events are taken all the while."""
    server = make_martlet(args=["--memory", "256MB"]).start()
    server.track(userId="before")
    before, peak, answers = server.memory(), [0], []
    body = zstd_of(filler, blocks)
    query = {"source": "Old system", "format": "csv" if filler == b'"' else "ndjson"}

    def run():
        answers.append(server.call("POST", "/api/v1/imports", params=query, data=body, headers={"Content-Encoding": "zstd"}, timeout=60))

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive():
        peak[0] = max(peak[0], server.memory())
        server.track(userId="meanwhile", wait=False)
        time.sleep(0.02)
    thread.join()
    assert answers and answers[0].status_code == 200, answers and answers[0].text[:300]
    assert (peak[0] - before) >> 20 < 100, f"{(peak[0] - before) >> 20} MB more"
    assert answers[0].json()["rejected"] == (0 if filler == b"\n" else 1)


def test_an_import_that_waits_for_memory_gives_up_when_its_sender_leaves(make_martlet):
    """With the memory full, a file waits; whoever sent it leaves, and the import is over soon after."""
    server = make_martlet(args=["--memory", "128MB"]).start()
    server.track(userId="before")

    refused, end = 0, time.monotonic() + 60
    while refused < 5:
        # What was freed may make room for a call or two.
        people = [{"type": "identify", "userId": os.urandom(9).hex(), "traits": {"note": os.urandom(60).hex()}} for _ in range(2000)]
        refused = refused + 1 if server.post_batch(people).status_code == 503 else 0
        if refused:
            time.sleep(0.3)
        assert time.monotonic() < end, "a minute of people did not fill the memory"
    for attempt in range(20):
        # What was freed may make room for a part of it, or for one of them.
        people = ndjson([{"type": "identify", "userId": os.urandom(9).hex(), "traits": {"note": os.urandom(60).hex()}} for _ in range(15_000)])
        try:
            server.call("POST", "/api/v1/imports", params={"source": "Old system", "name": f"small {attempt}"}, data=people, timeout=2)
        except requests.ReadTimeout:
            break
    else:
        pytest.fail("none of twenty waited")
    small = lambda: [i for i in server.api("/api/v1/imports")["imports"] if i["name"] == f"small {attempt}"][0]
    wait_until(lambda: small()["state"] == "failed", seconds=10, what="the import to give up")
    assert small()["problem"]["code"] == "import.abandoned"


def test_a_csv_of_one_unclosed_quote_takes_no_memory(make_martlet):
    server = make_martlet(args=["--memory", "256MB"]).start()
    server.track(userId="before")
    before, peak, over = server.memory(), [0], threading.Event()

    def watch():
        while not over.is_set():
            peak[0] = max(peak[0], server.memory())
            time.sleep(0.02)

    def rows():
        yield b'userId,event,n\nu1,Tea,1\nu1,Tea,"stray\n'
        for _ in range(2000):
            yield b"u2,Tea,17,some text that is here\n" * 2000

    thread = threading.Thread(target=watch)
    thread.start()
    answer = server.call("POST", "/api/v1/imports", params={"source": "Old system", "format": "csv"}, data=rows(), timeout=60)
    over.set()
    thread.join()
    done = answer.json()
    assert (done["accepted"], done["rejected"], done["rejectedLines"][0]["line"], done["rejectedLines"][0]["code"]) == (1, 1, 3, "import.unclosed-quotes"), done
    assert (peak[0] - before) >> 20 < 100, f"{(peak[0] - before) >> 20} MB more"


@pytest.mark.parametrize("body, headers, form", [
    (b"", {}, "ndjson"), (b"\0" * 100_000, {}, "ndjson"), (b"\xff\xfe" + "type".encode("utf-16-le"), {}, "csv"), (b'"' * 10_001, {}, "csv"), (b"a,b\n" * 3, {}, "csv"), (b"," * 200_000 + b"\n" + b"," * 200_000, {}, "csv"),
    (b"userId\n" + b'"' + b"x" * 6_000_000, {}, "csv"), (b'{"a":' * 200_000 + b"\n", {}, "ndjson"), (b"x" * 9_000_000, {}, "ndjson"), (gzip.compress(b"{}\n" * 10)[:-6], {"Content-Encoding": "gzip"}, "ndjson"),
    (gzip.compress(bytes(300 << 20), 1), {"Content-Encoding": "gzip"}, "ndjson"), (b"PK\x03\x04../../etc/passwd", {}, "csv"), (b"{}\n", {"Content-Encoding": "br"}, "ndjson"), (b"{}\n", {}, "xml")],
    ids=["empty", "zeros", "utf16", "quotes", "no_ids", "200k_columns", "endless_field", "deep", "endless_line", "cut_gzip", "gzip_bomb", "zip", "brotli", "xml"])
def test_fault_67_hostile_files(shared, body, headers, form):
    """Refused in words or counted line by line, with bounded memory and time; nothing is written outside the folder, and a good file goes through after it."""
    before, memory, started = sorted(os.listdir(shared.home)), shared.memory(), time.monotonic()
    answer = shared.call("POST", "/api/v1/imports", params={"source": "Hostile", "format": form, "fingerprint": new_id()}, data=body, headers=headers, timeout=60)
    assert answer.status_code in (200, 400), f"{answer.status_code} {answer.text[:300]}"
    json.loads(answer.text)
    assert time.monotonic() - started < 20 and (shared.memory() - memory) / 1e6 < 200, f"{time.monotonic() - started:.0f} s, {(shared.memory() - memory) / 1e6:.0f} MB"
    assert sorted(os.listdir(shared.home)) == before
    user = new_id("after")
    assert upload(shared, ndjson([tracked(user, 1)]))["accepted"] == 1
    assert len(shared.events(userId=user)) == 1


def test_names_of_sources_and_files_are_only_names(shared):
    """Paths, markup and line breaks in `source` and `name` make no file and no header."""
    for name in ("../../../tmp/evil", "/etc/passwd", "a\r\nX-Evil: yes", "<script>", "x" * 201, "\0"):
        answer = shared.call("POST", "/api/v1/imports", params={"source": name, "name": name}, data=b"", timeout=10)
        assert answer.status_code in (200, 400) and "X-Evil" not in answer.headers, name
    assert not [p for p in shared.home.rglob("*evil*")]


def test_ingestion_goes_on_during_an_import(shared):
    """A large import does not hold up a till: its calls stay below half a second."""
    body, times, done = ndjson([tracked(f"bulk{n % 100}", n) for n in range(200_000)]), [], threading.Event()
    shared.token(), shared.write_key

    def run():
        upload(shared, body)
        done.set()

    thread = threading.Thread(target=run)
    thread.start()
    while not done.is_set():
        started = time.monotonic()
        shared.track(userId="till", wait=False)
        times.append(time.monotonic() - started)
        time.sleep(0.01)
    thread.join()
    assert times and sorted(times)[int(len(times) * 0.95)] < 0.5, f"{len(times)} calls, slowest {max(times):.2f} s"


def test_the_command_says_by_its_status_that_nothing_was_taken(shared, tmp_path):
    path = tmp_path / "events.ndjson"

    def run(*lines, more=()):
        path.write_text("".join(line + "\n" for line in lines))
        return shared.cli("import", str(path), "--source", "Old system", *more, check=False)

    for more in ([], ["--json"]):
        refused = run(json.dumps({"type": "track", "event": new_id()}), "nothing", more=more)
        assert refused.returncode == 1 and "no usable userId" in refused.stdout and refused.stderr == "", refused
    user = new_id("vain")
    lines = json.dumps({"type": "track", "event": "Kept", "userId": user, "messageId": user}), '{"type":"track"}'
    for _ in range(2):
        assert run(*lines).returncode == 0, "a part was taken, now or before"


@pytest.mark.parametrize("options, code", [(("--source", ""), "text of 1 to 200 bytes"), (("--source", "Old system", "--format", "xml"), "ndjson or csv"), (("--source", "Old system", "--workspace", "nope"), "no such workspace")])
def test_a_large_file_that_is_refused_at_once_says_so(shared, tmp_path, options, code):
    """The refusal comes while most of the file is not sent: the command ends with it, and does not wait for ever."""
    path = tmp_path / "large.ndjson"
    path.write_bytes(ndjson([tracked("ada", n, properties={"pad": "x" * 500}) for n in range(20_000)]))
    done = shared.cli("import", str(path), *options, check=False, timeout=20)
    assert done.returncode in (1, 4) and code in done.stderr, done.stderr


@pytest.mark.parametrize("head", ["Content-Length: 900", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", ["/api/v1/imports?source=Cut&format=csv&name={name}", "/api/v1/lists/{list}/entries"])
def test_a_body_that_is_cut_off_is_not_taken_for_a_whole_one(shared, head, path):
    """The sender leaves in the middle of a row: nobody is made of its first half, and the import says that it failed."""
    name = new_id("cut")
    made = shared.call("POST", "/api/v1/lists", json={"name": name}).json()["id"]
    rows = f"userId,total\n{name}1,5\n{name}2,129".encode()
    body = rows if "Length" in head else f"{len(rows):x}\r\n".encode() + rows + b"\r\n"
    line = socket.create_connection(("127.0.0.1", shared.port), timeout=5)
    line.sendall(f"POST {path.format(name=name, list=made)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shared.token()}\r\nContent-Type: text/csv\r\n{head}\r\n\r\n".encode() + body)
    time.sleep(0.3)
    line.close()
    if "imports" in path:
        mine = lambda: [i for i in shared.api("/api/v1/imports")["imports"] if i["name"] == name]
        wait_until(lambda: mine() and mine()[0]["state"] != "running", what="the end of the import")
        assert mine()[0]["state"] == "failed" and mine()[0]["problem"]["code"] == "import.broken-off", mine()
    time.sleep(0.3)
    assert shared.call("GET", "/api/v1/profiles/lookup", params={"userId": name + "2"}).status_code == 404
    assert shared.api(f"/api/v1/lists/{made}")["entries"] == 0


def slowly(martlet, source, began):
    """An import whose sender takes its time; its answer, or what went wrong with it."""
    def lines():
        yield ndjson([tracked("ada", n) for n in range(100)])
        began.set()
        for n in range(100, 500):
            time.sleep(0.05)
            yield ndjson([tracked("ada", n)])

    try:
        return martlet.call("POST", "/api/v1/imports", params={"source": source}, data=lines(), timeout=60)
    except requests.RequestException as error:
        return error


def test_an_import_ends_with_its_source(make_martlet):
    """Disabled while it runs: it takes nothing more."""
    martlet, began, answers = make_martlet().start(), threading.Event(), []
    martlet.token()
    made = martlet.create_source("Till")
    run = threading.Thread(target=lambda: answers.append(slowly(martlet, "Till", began)))
    run.start()
    assert began.wait(10)
    martlet.call("PATCH", f"/api/v1/sources/{made['id']}", json={"enabled": False}).raise_for_status()
    wait_until(lambda: martlet.api("/api/v1/imports")["imports"][0]["state"] == "failed", 5, what="its end")
    assert martlet.api("/api/v1/imports")["imports"][0]["problem"]["code"] == "source.disabled"
    run.join(30)


def test_a_polite_stop_interrupts_an_import(make_martlet):
    """Its sender is not to blame."""
    martlet, began = make_martlet().start(), threading.Event()
    martlet.token()
    run = threading.Thread(target=slowly, args=(martlet, "Till", began))
    run.start()
    assert began.wait(10)
    wait_until(lambda: martlet.api("/api/v1/imports")["imports"])
    martlet.stop()
    run.join(30)
    martlet.start()
    found = martlet.api("/api/v1/imports")["imports"][0]
    assert (found["state"], found["problem"]["code"]) == ("interrupted", "import.interrupted"), found


def test_lines_of_suppressed_people_are_counted_as_such(shared, tmp_path):
    """A file's lines are all accounted for: whoever is suppressed is neither accepted nor a duplicate, and nothing is said of who it is."""
    gone, stays = new_id("gone"), new_id("stays")
    shared.call("POST", "/api/v1/privacy/erasures", json={"userId": gone, "suppress": True}).raise_for_status()
    body = ndjson([tracked(stays, 1), tracked(gone, 1), tracked(gone, 2), tracked(stays, 2), {"type": "nope", "userId": stays}])
    done = upload(shared, body, source=new_id("Old"))
    assert (done["accepted"], done["duplicates"], done["suppressed"], done["rejected"]) == (2, 0, 2, 1), done
    assert shared.api(f"/api/v1/imports/{done['id']}")["suppressed"] == 2 and gone not in json.dumps(done)
    path = tmp_path / "some.ndjson"
    path.write_bytes(body)
    printed = shared.cli("import", str(path), "--source", new_id("Old")).stdout
    assert "1 rejected, 2 left out as suppressed, in" in printed, printed
    path.write_bytes(ndjson([tracked(stays, 3)]))
    assert "suppressed" not in shared.cli("import", str(path), "--source", new_id("Old")).stdout


def test_counts_of_suppressed_lines_outlive_a_restart(make_martlet):
    server = make_martlet().start()
    server.call("POST", "/api/v1/privacy/erasures", json={"userId": "gone", "suppress": True}).raise_for_status()
    done = upload(server, ndjson([tracked("gone", 1), tracked("stays", 1)]))
    server.restart()
    assert server.api(f"/api/v1/imports/{done['id']}")["suppressed"] == 1 and server.api("/api/v1/imports")["imports"][0]["suppressed"] == 1
    assert "Left out, suppressed" in Reader(server).set_password().get(f"/w/main/imports/{done['id']}").text
