"""Files as people have them: other encodings, separators, line ends and names; read rightly or refused in words, never half."""
import gzip
import json
import os
import sqlite3
import subprocess
from contextlib import closing

import pytest

from console_client import Reader
from harness import BINARY, new_id
from test_console_imports import kept_files, upload as drop
from test_import import ndjson, upload


def run(martlet, path, *more, source="Files", **options):
    return martlet.cli("import", str(path), "--source", source, "--wait", *more, **options)


def traits(martlet, user):
    answer = martlet.call("GET", "/api/v1/profiles/lookup", params={"userId": user})
    return answer.json().get("traits") if answer.status_code == 200 else None


# MARK: - Encodings


@pytest.mark.parametrize("rows", ["userId,name\n{u},Zo\xeb\n", "userId,name\n{u},Ada\n\xe9{u},Ren\xe9\n", "userId,Größe\n{u},5\n"], ids=["a_row", "ids_that_would_be_equal", "the_header"])
def test_a_csv_that_is_not_utf8_is_refused(shared, tmp_path, rows):
    """By the API and the command: a code, the line, what to do, and nothing of the file is taken."""
    user = new_id("latin")
    body = rows.format(u=user).encode("latin-1")
    line = next(n for n, text in enumerate(rows.split("\n"), 1) if not text.isascii())
    told = upload(shared, body, expect=400, format="csv", fingerprint=user)
    assert (told["code"], f"line {line} " in told["message"], "UTF-8" in told["remedy"]) == ("import.not-utf8", True, True), told
    path = tmp_path / "people.csv"
    path.write_bytes(body)
    done = run(shared, path, check=False)
    assert done.returncode == 1 and f"line {line} " in done.stderr and "UTF-8" in done.stderr, done
    assert traits(shared, user) is None and traits(shared, f"\ufffd{user}") is None


def test_nothing_is_taken_of_a_large_csv_that_turns_out_not_to_be_utf8(shared, tmp_path):
    """The command reads a plain file through before it sends any of it; by the API the last whole portions may be in."""
    user = new_id("large")
    path = tmp_path / "large.csv"
    path.write_bytes(f"userId,note\n{user},first\n".encode() + b"".join(b"%s%d,%s\n" % (user.encode(), n, b"x" * 300) for n in range(20_000)) + b"\xe9,last\n")
    done = run(shared, path, check=False)
    assert done.returncode == 1 and "line 20003 " in done.stderr, done.stderr
    assert traits(shared, user) is None
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert run(shared, path, check=False).returncode == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_with_its_mark_is_read_and_other_encodings_are_refused(shared, tmp_path, encoding):
    for form in ("csv", "ndjson"):
        user = new_id("wide")
        text = f"userId,name\n{user},Zoë ☕😀\n" if form == "csv" else ndjson([{"type": "identify", "userId": user, "traits": {"name": "Zoë ☕😀"}}]).decode()
        path = tmp_path / f"{user}.{form}"
        path.write_bytes(text.encode(encoding))
        done = run(shared, path, check=False)
        if encoding == "utf-16":
            assert done.returncode == 0 and traits(shared, user) == {"name": "Zoë ☕😀"}, done
            path.write_bytes(b"\xfe\xff" + text.encode("utf-16-be"))
            assert run(shared, path, check=False).returncode == 0
        else:
            assert done.returncode == 1 and "not UTF-8" in done.stderr, done
            told = upload(shared, text.encode(encoding), expect=400, format=form, fingerprint=user)
            assert told["code"] == "import.not-utf8" and traits(shared, user) is None, told


def test_a_line_that_is_not_utf8_is_refused_by_itself(shared):
    user = new_id("line")
    body = b'{"type":"identify","userId":"%s","traits":{"n":"\xe8"}}\n' % user.encode() + ndjson([{"type": "identify", "userId": user, "traits": {"n": 1}}])
    done = upload(shared, body, fingerprint=user)
    assert (done["accepted"], done["rejected"]) == (1, 1) and (done["rejectedLines"][0]["line"], done["rejectedLines"][0]["code"]) == (1, "import.line-not-utf8"), done
    assert traits(shared, user) == {"n": 1}
    kept = shared.api("/api/v1/quarantine", code="import.line-not-utf8")["rejected"][0]
    assert user in kept["payload"] and "UTF-8" in kept["remedy"]


def test_the_console_says_what_is_not_utf8(shared):
    reader = Reader(shared).set_password()
    before = kept_files(shared)
    for content in ("userId,name\na1,Ren\xe9\n".encode("latin-1"), b"userId,name\n" + b"a1,b\n" * 40_000 + b"\xe9,c\n", "userId,name\na1,b\n".encode("utf-16-le")):
        answer = drop(reader, content)
        assert answer.status_code == 422 and "UTF-8" in answer.text, answer.text[:300]
    assert kept_files(shared) == before
    user = new_id("wide")
    place = drop(reader, f"userId,name\n{user},Zoë\n".encode("utf-16")).headers["Location"]
    assert "Zoë" in reader.get(place).text and user in reader.get(place).text


# MARK: - Sources


def test_a_disabled_source_takes_no_imports(shared, tmp_path):
    source = shared.create_source(new_id("Off"))
    reader = Reader(shared).set_password()
    place = drop(reader, b"userId,name\na1,b\n", source=source["id"]).headers["Location"]
    shared.cli("source", "disable", source["id"])
    user = new_id("off")
    body = ndjson([{"type": "identify", "userId": user}])
    for name in (source["id"], source["name"]):
        answer = shared.call("POST", "/api/v1/imports", params={"source": name}, data=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "source.disabled"), answer.text
    path = tmp_path / "off.ndjson"
    path.write_bytes(body)
    done = run(shared, path, source=source["name"], check=False)
    assert done.returncode == 1 and "disabled" in done.stderr
    assert traits(shared, user) is None
    answer = reader.post(place + "/start", call="identify", **{"target-0": "userId", "name-0": ""})
    assert answer.status_code == 422 and "disabled" in answer.text
    shared.cli("source", "enable", source["id"])
    assert run(shared, path, source=source["name"]).returncode == 0


def test_a_name_of_several_sources_names_none(make_martlet, tmp_path):
    """Older versions let several sources have one name; such a folder goes on."""
    martlet = make_martlet().start()
    ids = [martlet.create_source(name)["id"] for name in ("Twin", "Till")]
    martlet.stop()
    with closing(sqlite3.connect(martlet.data / "workspaces/main/workspace.sqlite")) as db, db:
        db.execute("UPDATE storage_documents SET body = CAST(replace(CAST(body AS TEXT), '\"Till\"', '\"Twin\"') AS BLOB) WHERE kind = 'source'")
    # Who changes a database by hand breaks its seal.
    (martlet.data / "workspaces/main/workspace.sqlite.seal").unlink()
    martlet.start()
    path = tmp_path / "twin.ndjson"
    path.write_bytes(ndjson([{"type": "identify", "userId": "ada"}]))
    done = run(martlet, path, source="Twin", check=False)
    assert done.returncode == 1 and all(i in done.stderr for i in ids), done.stderr
    assert upload(martlet, path.read_bytes(), expect=400, source="Twin")["code"] == "import.source-ambiguous"
    assert run(martlet, path, "--json", source=ids[1])["source"] == "Twin"
    assert martlet.call("PATCH", f"/api/v1/sources/{ids[1]}", json={"name": "Twin", "enabled": True}).status_code == 200, "what is called so already may stay so"
    assert martlet.call("PATCH", f"/api/v1/sources/{ids[1]}", json={"name": "Till"}).json()["name"] == "Till"


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_lists_consents_and_matching_read_what_imports_read(shared, tmp_path, coding):
    """"Unicode text" of a spreadsheet is read, and what is in another encoding is refused with its line."""
    user, mark = new_id("zoë"), b"\xfe\xff" if coding == "utf-16-be" else b""
    made = shared.call("POST", "/api/v1/lists", json={"name": new_id("Fair")}).json()["id"]
    files = {"list": f"userId\tcity\n{user}\tKöln\n", "consent": f"userId,purpose,state,proof\n{user},marketing,granted,Größe\n",
             "match": "id,first name,last name,email\nZoë-1,Zoë,Byron,zoe@wren.example\nBob-2,Bob,Smith,bob@wren.example\n"}
    paths = {name: tmp_path / f"{name}.csv" for name in files}
    for name, text in files.items():
        paths[name].write_bytes(mark + text.encode(coding))
    commands = {"list": ("list", "add", made, str(paths["list"])), "consent": ("consent", "import", str(paths["consent"])), "match": ("match", str(paths["match"]), "--out", "-")}
    matching = lambda check=True: subprocess.run([str(BINARY), *commands["match"]], capture_output=True, check=check)
    assert "1 added" in shared.cli(*commands["list"]).stdout
    shared.cli(*commands["consent"])
    said = shared.call("GET", f"/api/v1/profiles/{shared.profile(userId=user)['id']}/consents") if traits(shared, user) is not None else None
    assert said is None or said.json()["consents"][0]["proof"] == "Größe"
    assert matching().stdout.decode().splitlines() == ["id,cluster_id", "Zoë-1,Zoë-1", "Bob-2,Bob-2"]
    for name, text in files.items():
        paths[name].write_bytes(text.replace(user, "zoe-\xeb").encode("latin-1"))
    for done in (shared.cli(*commands["list"], check=False), shared.cli(*commands["consent"], check=False), matching(False)):
        told = done.stderr if isinstance(done.stderr, str) else done.stderr.decode()
        assert done.returncode == 1 and "not UTF-8: line 2 " in told, told


# MARK: - Values


def test_which_digits_become_numbers(shared):
    """All that JSON writes as a number, but for whole numbers above 2^53 and columns whose last word says that they are no quantity."""
    user = new_id("num")
    numbers = {"paid": "12.50", "bid": "3", "hotel": "5", "idle_minutes": "9", "number_of_orders": "7", "code_count": "4", "phoneCalls": "2", "pi": "3.14159265358979323846", "large": "9007199254740992", "small": "-9007199254740992", "tiny": "1e-30", "bidding": "1", "grid_id_count": "8"}
    texts = {"phone": "491234567", "zip_code": "12345", "orderNumber": "17", "order-id": "18", "home.tel": "19", "Postal Code": "20", "phone_2": "21", "customerID": "22", "card": "9007199254740993", "iban": "123456789012345678901234567890"}
    body = ",".join(["userId", *numbers, *texts]) + "\n" + ",".join([user, *numbers.values(), *texts.values()]) + "\n"
    upload(shared, body.encode(), format="csv", fingerprint=user)
    text = shared.call("GET", "/api/v1/profiles/lookup", params={"userId": user}).text
    got = json.loads(text, parse_float=lambda t: ("number", t), parse_int=lambda t: ("number", t))["traits"]
    assert {n: got.get(n) for n in numbers} == {n: ("number", v) for n, v in numbers.items()}
    # A column `customerID` names people itself.
    assert {n: got.get(n) for n in texts if n != "customerID"} == {n: v for n, v in texts.items() if n != "customerID"}


def test_a_row_with_more_cells_than_the_header_is_refused(shared, tmp_path):
    """Which value holds the separator cannot be known: nothing of the row is taken, and all of it waits. Empty cells behind the last column are a spreadsheet's."""
    good, bad = new_id("cells"), new_id("cells")
    path = tmp_path / "rows.csv"
    path.write_text(f'userId,name,city\n{bad},Wren, Ada,London\n{good},"Wren, Ada",London,,\n{good}-2,Grace\n')
    told = run(shared, path, source=shared.source["name"])
    assert "2 events accepted, 0 duplicates, 1 rejected" in told.stdout, told.stdout
    assert traits(shared, bad) is None and traits(shared, good) == {"name": "Wren, Ada", "city": "London"} and traits(shared, good + "-2") == {"name": "Grace"}
    waiting = next(one for one in shared.api("/api/v1/quarantine", limit=100)["rejected"] if one["reasons"][0]["code"] == "import.too-many-cells")
    assert waiting["payload"] == f"{bad},Wren, Ada,London"
    mended = f'userId,name,city\n{bad},"Wren, Ada",London\n'
    assert "or mend it in quarantine: write the event as JSON" in waiting["remedy"] and "import the mended rows alone" in waiting["remedy"]
    replay = f"/api/v1/quarantine/{waiting['id']}/replay"
    assert shared.call("POST", replay, data=f'{bad},"Wren, Ada",London').json()["code"] == "body.not-json"
    shared.call("POST", replay, json={"type": "identify", "userId": bad, "traits": {"name": "Ada"}}).raise_for_status()
    assert traits(shared, bad) == {"name": "Ada"}
    path.write_text(mended)
    assert "1 events accepted, 0 duplicates, 0 rejected" in run(shared, path, source=shared.source["name"]).stdout
    assert traits(shared, bad) == {"name": "Wren, Ada", "city": "London"}


def test_columns_of_one_name_are_told_apart(shared):
    user = new_id("twice")
    upload(shared, f"userId,email,email,email 2,userId\n{user},a@wren.example,b@wren.example,c@wren.example,other\n".encode(), format="csv", fingerprint=user)
    assert traits(shared, user) == {"email": "a@wren.example", "email 2": "b@wren.example", "email 2 2": "c@wren.example", "userId": "other"}


def test_lists_and_consents_refuse_such_rows_too(shared):
    user = new_id("cells")
    made = shared.call("POST", "/api/v1/lists", json={"name": "Cells " + user}).json()
    body = f"userId,expiresAt\n{user},,more\n{user}-2,2999-01-01,\n".encode()
    told = shared.call("POST", f"/api/v1/lists/{made['id']}/entries", data=body, headers={"Content-Type": "text/csv"}).json()
    assert (told["added"], [(one["line"], one["code"]) for one in told["refusedLines"]]) == (1, [(2, "import.too-many-cells")])
    body = f"userId,purpose,channel,state\n{user},marketing,email,granted,more\n{user}-2,marketing,email,granted\n".encode()
    told = shared.call("POST", "/api/v1/consents", data=body, headers={"Content-Type": "text/csv"}).json()
    assert (told["recorded"], [(one["line"], one["code"]) for one in told["refusedLines"]]) == (1, [(2, "import.too-many-cells")])


def test_refused_lines_are_told_in_the_order_of_the_file(shared):
    user = new_id("order")
    lines = ['{"type":"sip","userId":"x"}', "not json", '{"type":"track","userId":"x"}', json.dumps({"type": "identify", "userId": user})]
    told = upload(shared, "\n".join(lines).encode(), fingerprint=user)
    assert [one["line"] for one in told["rejectedLines"]] == [1, 2, 3]


# MARK: - Files, names and line ends


def test_a_folder_is_no_file(shared, tmp_path):
    for folder in (tmp_path, "/tmp"):
        done = run(shared, folder, check=False)
        assert done.returncode == 1 and "is a folder" in done.stderr, done


@pytest.mark.parametrize("name", ["P.CSV", "p.tsv", "p.Tab", "p.csv.GZ", "odd.csv"])
def test_names_in_any_spelling(shared, tmp_path, name):
    user = new_id("name")
    separator = "\t" if ".t" in name.lower() else ";" if name.startswith("odd") else ","
    text = f"userId{separator}name\n{user}{separator}Ada, Countess\n".encode() if separator != "," else f"userId,name\n{user},Ada\n".encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(text) if name.lower().endswith("gz") else text)
    assert run(shared, path, "--json")["accepted"] == 1
    assert traits(shared, user)["name"].startswith("Ada")


def test_a_name_that_does_not_tell_is_asked_about(shared, tmp_path):
    user = new_id("tell")
    path = tmp_path / "people.txt"
    path.write_text(f"userId,name\n{user},Ada\n")
    done = run(shared, path, check=False)
    assert done.returncode == 1 and "--format csv" in done.stderr
    assert run(shared, path, "--format", "csv", "--json")["accepted"] == 1
    for name in ("events", "events.jsonl", "events.json"):
        path = tmp_path / name
        path.write_bytes(ndjson([{"type": "identify", "userId": user}]))
        assert run(shared, path, "--json")["rejected"] == 0


def test_what_is_packed_is_known_by_its_bytes(shared, tmp_path):
    """Through standard input, and under a name that says otherwise."""
    user = new_id("packed")
    plain = ndjson([{"type": "identify", "userId": user, "traits": {"n": 1}}])
    packed = gzip.compress(plain)
    done = subprocess.run(
        [str(BINARY), "import", "-", "--source", "Files", "--wait", "--json", "--data", str(shared.data)], input=packed, capture_output=True, env=shared.environment(), timeout=60)
    assert done.returncode == 0 and json.loads(done.stdout)["accepted"] == 1, done
    for name, content in (("plain.ndjson.gz", plain), ("packed.ndjson", packed)):
        path = tmp_path / name
        path.write_bytes(content)
        assert run(shared, path, "--json")["rejected"] == 0, name
    assert traits(shared, user) == {"n": 1}


def test_lines_that_end_in_carriage_returns(shared, tmp_path):
    user = new_id("mac")
    path = tmp_path / "mac.csv"
    path.write_bytes(f'userId,note,at\r{user}1,"two\rlines",1\r{user}2,b,2\r{user}3,c,3'.encode())
    assert run(shared, path, "--json")["accepted"] == 3
    assert traits(shared, user + "1") == {"note": "two\rlines", "at": 1} and traits(shared, user + "3") == {"note": "c", "at": 3}
    done = upload(shared, f"userId,timestamp\r{user},2026-01-01\r{user},never\r".encode(), format="csv", fingerprint=user)
    assert (done["accepted"], [line["line"] for line in done["rejectedLines"]]) == (1, [3])
    # A stray one within a row of another file is no end.
    upload(shared, f"userId,note,n\n{user}4,a\rb,4\n".encode(), format="csv", fingerprint=user + "4")
    assert traits(shared, user + "4")["n"] == 4
