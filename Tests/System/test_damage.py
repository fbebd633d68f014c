"""Damaged stores: torn tails, shortened files, flipped bits. It never invents or changes an event, never dies by a signal, and says so."""
import json
import random
import shutil
import sqlite3
import time

import pytest

from harness import SOAK, Martlet, NotReady, copy_store, files, tracked

SEED = random.SystemRandom().randrange(1 << 32)
USERS = 12
PER_USER = 260


def event(user, number):
    return {**tracked(f"u{user}", number), "properties": {"n": number, "tea": "Dårjeeling", "leaves": f"{user:03d}-{number:05d}-" * 40}}


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Two stopped stores with the same events, sealed and open segments: one stopped politely, one killed."""
    made = {}
    server = Martlet().start()
    try:
        server.token()
        for start in range(0, PER_USER, 20):
            server.send([event(u, n) for n in range(start, start + 20) for u in range(USERS)])
        server.send([{"type": "identify", "userId": f"u{u}", "messageId": f"i{u}", "traits": {"name": f"Ada {u}"}} for u in range(USERS)])
        time.sleep(0.5)
        server.kill9()
        made["killed"] = copy_store(server, server.home / "killed")
        server.start()
        assert server.stop() == 0
        made["stopped"] = copy_store(server, server.home / "stopped")
        made["key"], made["token"] = server.write_key, server.token()
        yield made
    finally:
        server.close()


def open_copy(make_martlet, store, stores, damage):
    server = make_martlet()
    shutil.copytree(store, server.data)
    damage(server.data)
    server.tokens["main"], server._source = stores["token"], {"writeKey": stores["key"]}
    return server


def outcome(server):
    """None when it refuses in words; otherwise the numbers stored for each user, all of them unchanged."""
    try:
        server.start(timeout=20)
    except NotReady:
        assert server.process.poll() is not None, "it hangs"
        status = server.process.returncode
        assert status > 0, f"ended by signal {-status}: {server.errors()[-600:]}"
        assert "martlet:" in server.errors() and "Fatal" not in server.errors(), server.errors()[-600:]
        server._forget()
        return None
    found = {}
    after, answer = None, None
    while True:
        answer = server.call("GET", "/api/v1/events", params={"limit": 1000, **({"after": after} if after else {})})
        assert answer.status_code in (200, 401, 503), f"{answer.status_code} {answer.text[:300]}"
        if answer.status_code == 401:
            # The table of tokens is what was damaged: another token must do, and says nothing about the events.
            server.tokens.clear()
            made = server.cli("token", "create", "again", "--scopes", "all", "--json", check=False)
            assert made.returncode > 0 or made.stdout, "the command line died"
            if made.returncode:
                return None
            server.tokens["main"] = json.loads(made.stdout)["token"]
            continue
        if answer.status_code == 503:
            return None
        page = answer.json()
        for stored in page["events"]:
            if stored["type"] != "track":
                continue
            user, number = int(stored["userId"][1:]), stored["properties"]["n"]
            wanted = event(user, number)
            assert {k: stored[k] for k in wanted} == wanted, f"an event was changed: {stored}"
            found.setdefault(user, []).append(number)
        after = page["next"]
        if not after:
            break
    assert server.running, f"ended by {server.process.poll()}"
    for user, numbers in found.items():
        assert numbers == sorted(set(numbers)), f"u{user}: out of order or twice"
    return found


def says_so(server):
    status = server.health()["status"] if server.running else "refused"
    return status != "ok" or any(line.get("level") in ("notice", "warning", "error", "critical") or "damage" in json.dumps(line) for line in server.logs())



def whole(found):
    return found is not None and all(len(found.get(u, [])) == PER_USER for u in range(USERS))


def end_of_records(path):
    raw = path.read_bytes()
    return len(raw.rstrip(b"\0"))


@pytest.mark.parametrize("tail", ["half_a_record", "zeros", "old_bytes", "json", "noise"])
@pytest.mark.parametrize("place", ["behind_the_records", "behind_the_file"])
def test_fault_25_torn_tail(make_martlet, stores, tail, place):
    """Half a record, zeros, old bytes or foreign text behind the last record: it starts, and everything acknowledged is there."""
    def damage(folder):
        (segment,) = list((folder / "workspaces/main/log").glob("*.open"))
        end = end_of_records(segment) if place == "behind_the_records" else segment.stat().st_size
        raw = segment.read_bytes()
        used = end_of_records(segment)
        garbage = {"half_a_record": raw[used - 900:used - 300], "zeros": bytes(5000), "old_bytes": raw[64:1064], "json": b'{"type":"track","userId":"u0","event":"Never Sent"}' * 20,
                   "noise": random.Random(3).randbytes(3000)}[tail]
        with open(segment, "r+b") as out:
            out.seek(end)
            out.write(garbage)

    for kind in ("killed", "stopped"):
        server = open_copy(make_martlet, stores[kind], stores, damage)
        assert whole(outcome(server)), f"{kind}: {server.errors()[-300:]}"
        server.send([event(0, 100000)])
        server.restart()
        assert len(server.events(userId="u0", type="track")) == PER_USER + 1
        assert server.post_batch([event(3, 5)], verdicts=True).json()["verdicts"][0]["status"] == "duplicate"


@pytest.mark.parametrize("pattern", ["*.sqlite-wal", "*.sqlite", "*.snapshot", "*.run", "*.sealed", "workspace.key", "format"])
def test_fault_25_bytes_behind_other_files(make_martlet, stores, pattern):
    """The same behind every other file: everything acknowledged is there, or it refuses in words."""
    def damage(folder):
        for path in folder.rglob(pattern):
            with open(path, "ab") as out:
                out.write(b"\0tea\0" * 200)

    for kind in ("killed", "stopped"):
        server = open_copy(make_martlet, stores[kind], stores, damage)
        found = outcome(server)
        assert found is None or whole(found), f"{kind}: {server.errors()[-300:]}"


def lost_positions(server):
    """What `doctor` lists as unreadable."""
    answer = json.loads(server.cli("doctor", "--json", check=False).stdout)
    return {position for place in answer["workspaces"] if place["workspace"] == "main" for lost in place["lost"] for position in range(lost["from"], lost["to"] + 1)}


def served_positions(server):
    found, after = set(), None
    while True:
        page = server.api("/api/v1/events", limit=1000, **({"after": after} if after else {}))
        found |= {e["position"] for e in page["events"]}
        if not (after := page["next"]):
            return found


@pytest.mark.parametrize("which", ["sealed", "others"])
def test_fault_26_shortened_files(make_martlet, stores, which):
    """Each file in turn loses its last byte, some, or half: refused in words, or everything that is left is served, nothing changed. Of a
    sealed segment, every position is either served or listed as lost, at least what stood in whole blocks is served, and health says so."""
    chance = random.Random(SEED)
    print("seed", SEED)
    names = [p.relative_to(stores["killed"]) for p in files(stores["killed"]) if p.stat().st_size > 1 and "/demo/" not in str(p) and (p.suffix == ".sealed") == (which == "sealed")]
    problems = []
    for name in names:
        for share in ((1, 0.2, 0.5) if not SOAK else (1, 7, 0.1, 0.25, 0.5, 0.8)):
            cut = []

            def damage(folder):
                path = folder / name
                size = path.stat().st_size
                # An open segment ends in zeros; what counts is cut from its records.
                used = end_of_records(path) if path.suffix == ".open" else size
                cut.append(share if share >= 1 else int(used * share))
                with open(path, "r+b") as out:
                    out.truncate(max(0, used - cut[0]))

            server = open_copy(make_martlet, stores["killed"], stores, damage)
            try:
                found = outcome(server)
                if found is not None and not whole(found):
                    left = sum(map(len, found.values()))
                    if not says_so(server):
                        problems.append(f"{name} -{cut[0]}: {left} of {USERS * PER_USER} events left, health ok and no word in the log")
                    if which == "sealed":
                        lost, served = lost_positions(server), served_positions(server)
                        total = USERS * (PER_USER + 1)
                        if lost & served or lost | served != set(range(total)):
                            problems.append(f"{name} -{cut[0]}: {len(served)} served and {len(lost)} listed as lost of {total}")
                        (first,) = [int(name.name.split(".")[0], 16)]
                        behind = [int(p.name.split(".")[0], 16) for p in (stores["killed"] / name.parent).iterdir() if p.suffix in (".sealed", ".open")]
                        end = min([b for b in behind if b > first], default=total)
                        # The share of the file that is left holds about that share of its events, less a block and what is no block.
                        if len(lost) > (end - first) * min(1, share + 0.1) or not lost <= set(range(first, end)):
                            problems.append(f"{name} -{cut[0]}: {len(lost)} of the segment's {end - first} events lost")
                        reason = next(r for r in server.health()["reasons"] if r["code"] == "log.damaged")
                        if str(len(lost)) not in reason["problem"] or str(min(lost)) not in reason["problem"]:
                            problems.append(f"health says {reason}")
                        server.restart()
                        if lost_positions(server) != lost:
                            problems.append(f"{name} -{cut[0]}: other positions lost after a restart")
                    else:
                        for user in range(USERS):
                            numbers = found.get(user, [])
                            if numbers != list(range(len(numbers))):
                                problems.append(f"{name} -{cut[0]}: u{user} is no prefix: {len(numbers)} events")
                                break
                elif which == "sealed" and share < 1:
                    problems.append(f"{name} -{cut[0]}: nothing is missing" if found else f"{name} -{cut[0]}: refused, though whole blocks are left")
            except AssertionError as failure:
                problems.append(f"{name} -{cut[0]}: {str(failure)[:300]}")
            server.close()
    assert not problems, "\n".join(problems)


def flip_and_judge(make_martlet, stores, name, bit, loss=0.1):
    """None when all is well, otherwise what is wrong."""
    def damage(folder):
        with open(folder / name, "r+b") as file:
            file.seek(bit // 8)
            byte = file.read(1)[0]
            file.seek(bit // 8)
            file.write(bytes([byte ^ 1 << bit % 8]))

    server = open_copy(make_martlet, stores["stopped"], stores, damage)
    try:
        found = outcome(server)
        if found is None or whole(found):
            return None
        left = sum(len(found.get(u, [])) for u in range(USERS)) / (USERS * PER_USER)
        if left < 1 - loss:
            return f"{name} bit {bit}: only {left:.0%} of the events are left ({server.health()['status']})"
        if not says_so(server):
            return f"{name} bit {bit}: {1 - left:.2%} lost without a word"
        # What is left is served, and new events are taken.
        if server.post_batch([event(0, 10**6)]).status_code != 200:
            return f"{name} bit {bit}: takes no new events"
        return None
    except AssertionError as failure:
        return f"{name} bit {bit}: {str(failure)[:400]}"
    finally:
        server.close()


def test_fault_27_bit_flips_anywhere(make_martlet, stores):
    """One bit anywhere in a stopped store, weighed by size: never a changed event, no death by a signal, less than a tenth lost, and it says so."""
    chance = random.Random(SEED)
    print("seed", SEED)
    all_files = [p for p in files(stores["stopped"]) if p.stat().st_size]
    problems = []
    for _ in range(100 if SOAK else 18):
        # The zeros behind the open segment's records are no part of the store.
        path = chance.choices(all_files, [end_of_records(p) for p in all_files])[0]
        bit = chance.randrange(max(1, end_of_records(path)) * 8)
        problems.append(flip_and_judge(make_martlet, stores, path.relative_to(stores["stopped"]), bit))
    assert not any(problems), "\n".join(filter(None, problems))


def test_fault_27_bit_flips_in_every_kind_of_file(make_martlet, stores):
    """As before, one in each kind of file, so that the small ones get their turn."""
    chance = random.Random(SEED)
    print("seed", SEED)
    problems = [flip_and_judge(make_martlet, stores, path.relative_to(stores["stopped"]), chance.randrange(end_of_records(path) * 8))
                for path in files(stores["stopped"]) if path.stat().st_size and "/demo/" not in str(path)]
    assert not any(problems), "\n".join(filter(None, problems))


@pytest.mark.parametrize("kind", ["open", "sealed"])
@pytest.mark.parametrize("part", ["header", "index"])
def test_fault_27_bit_flips_where_they_hurt_most(make_martlet, stores, kind, part):
    """One bit in the few bytes that the rest of a segment depends on: at most a tenth is lost, or it refuses in words with a remedy."""
    chance = random.Random(SEED)
    paths = sorted((stores["stopped"] / "workspaces/main/log").glob(f"*.{kind}"))
    if kind == "open" and part == "index":
        pytest.skip("an open segment has no index")
    problems = []
    for path in paths[:1]:
        for _ in range(3):
            size = path.stat().st_size
            bit = chance.randrange(8 * 8, 44 * 8) if part == "header" else chance.randrange((size - 800) * 8, size * 8)
            if kind == "open":
                bit = chance.randrange(28 * 8)
            problems.append(flip_and_judge(make_martlet, stores, path.relative_to(stores["stopped"]), bit))
    assert not any(problems), "\n".join(filter(None, problems))


def test_fault_16_a_folder_of_another_version_is_refused(make_martlet, stores):
    """A folder that a later version wrote is refused with the remedy and left untouched."""
    server = open_copy(make_martlet, stores["stopped"], stores, lambda folder: (folder / "format").write_text("99\n"))
    before = {p: p.read_bytes() for p in files(server.data)}
    assert outcome(server) is None
    assert "version" in server.errors()
    after = {p: p.read_bytes() for p in files(server.data)}
    assert {p.name for p in after} - {p.name for p in before} <= {"lock"} and all(after[p] == before[p] for p in before)


@pytest.mark.parametrize("name", ["martlet.sqlite", "workspaces/main/workspace.sqlite", "workspaces/main/decisions.sqlite"])
def test_fault_16_a_database_of_a_later_version_is_refused(make_martlet, stores, name):
    """A step that this version does not know was taken in a database: it is refused with the remedy, and no step is taken in it."""
    def advance(folder):
        with sqlite3.connect(folder / name) as database:
            database.execute("INSERT INTO grdb_migrations VALUES ('martlet_of_tomorrow')")
        database.close()
        # As that version would leave it when it is killed.
        (folder / f"{name}.seal").unlink()

    server = open_copy(make_martlet, stores["stopped"], stores, advance)
    assert outcome(server) is None and server.exits[-1:] != [-11]
    assert "later version" in server.errors(), server.errors()[-400:]
    with sqlite3.connect(server.data / name) as database:
        assert ("martlet_of_tomorrow",) in database.execute("SELECT identifier FROM grdb_migrations").fetchall()


@pytest.mark.parametrize("missing", ["format", "workspace.key", "*.snapshot", "*.run", "*.sealed", "martlet.sqlite", "workspace.sqlite", "decisions.sqlite"])
def test_a_missing_file_is_never_taken_for_an_empty_store(make_martlet, stores, missing):
    """A file of a store that is in use was removed: what can be made again is made again, anything else is said; acknowledged events do not vanish without a word."""
    def damage(folder):
        for path in [folder / missing] if missing in ("format", "martlet.sqlite") else (folder / "workspaces/main").rglob(missing):
            path.unlink()

    server = open_copy(make_martlet, stores["stopped"], stores, damage)
    found = outcome(server)
    if found is None:
        return
    assert whole(found) or says_so(server), f"{USERS * PER_USER - sum(map(len, found.values()))} events vanished without a word"
    if missing in ("workspace.key",):
        key = server.create_source("Again")["writeKey"] if server.post_batch([event(1, 1)]).status_code == 401 else stores["key"]
        assert server.post_batch([event(1, 1)], key=key, verdicts=True).json()["verdicts"][0]["status"] == "duplicate" or says_so(server), "duplicates are no longer told, without a word"


@pytest.mark.parametrize("names", [["martlet.sqlite"], ["workspaces/main/workspace.sqlite"], ["workspaces/demo/decisions.sqlite"], ["workspaces/main/decisions.sqlite", "workspaces/demo/workspace.sqlite"]])
def test_the_doctor_looks_past_a_damaged_database(make_martlet, stores, names):
    """It names each, and reads the logs of every workspace all the same, which show what a restore must bring back."""
    server = make_martlet()
    shutil.copytree(stores["stopped"], server.data, dirs_exist_ok=True)
    for name in names:
        content = bytearray((server.data / name).read_bytes())
        content[:4096] = b"\x5a" * 4096
        (server.data / name).write_bytes(content)
        # The write-ahead log would hold the beginning once more.
        (server.data / f"{name}-wal").unlink(missing_ok=True)
    done = server.cli("doctor", "--json", check=False)
    told = json.loads(done.stdout)
    assert done.returncode == 1 and told["healthy"] is False
    assert sorted(f["problem"].split(" is damaged")[0].split(f"{server.data}/")[1] for f in told["findings"] if f["code"] == "storage.damaged") == sorted(names)
    assert {w["workspace"]: w["readable"] for w in told["workspaces"]} == {"main": USERS * PER_USER + USERS, "demo": 0}
    said = server.cli("doctor", check=False)
    assert said.returncode == 1 and f"main: {USERS * PER_USER + USERS} of {USERS * PER_USER + USERS} events readable" in said.stdout and "martlet restore" in said.stdout


DATABASES = ["martlet.sqlite", "workspaces/main/workspace.sqlite", "workspaces/main/decisions.sqlite"]


def flip(path, bit):
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def refused_as_damaged(server, code):
    """Whether it refuses to start, and the doctor says why."""
    assert outcome(server) is None, "it started"
    said = server.cli("doctor", "--json", check=False)
    assert said.returncode and code in server.errors() + said.stdout + said.stderr, said.stdout + said.stderr
    return True


@pytest.mark.parametrize("name", [*DATABASES, "workspaces/main/workspace.key"])
def test_fault_27_no_bit_of_what_was_promised_to_people_is_another_without_a_word(make_martlet, stores, name):
    """Databases hold consents, suppressions, sources and tokens: any flipped bit of one that was closed is found, also where SQLite finds nothing wrong; so it is in the key by which they are known."""
    chance = random.Random(SEED)
    print("seed", SEED)
    size = (stores["stopped"] / name).stat().st_size
    for bit in [size * 8 - 1, *(chance.randrange(size * 8) for _ in range(30 if SOAK else 4))]:
        server = open_copy(make_martlet, stores["stopped"], stores, lambda folder: flip(folder / name, bit))
        assert refused_as_damaged(server, "damaged"), bit
        server.close()


def test_a_polite_stop_leaves_everything_in_the_databases(make_martlet, stores):
    for name in DATABASES:
        log = stores["stopped"] / f"{name}-wal"
        assert not log.exists() or log.stat().st_size == 0
        assert (stores["stopped"] / f"{name}.seal").stat().st_size == 16
    # A seal of its own that is not whole says nothing, and one that was broken by a start is none after a crash.
    server = open_copy(make_martlet, stores["stopped"], stores, lambda folder: flip(folder / "martlet.sqlite.seal", 77))
    assert whole(outcome(server)) and not (server.data / "martlet.sqlite.seal").exists()
    server.create_source("Another")
    server.kill9()
    server.start()
    assert "Another" in [s["name"] for s in server.api("/api/v1/sources")["sources"]]


def test_fault_27_a_write_ahead_log_is_never_read_half_without_a_word(make_martlet):
    """Who withdrew stays withdrawn: a bit that flips under later transactions is told at the start, where SQLite alone would forget them all; what a crash cuts off at the end is no damage."""
    server = make_martlet().start()
    server.token()
    for state in ("granted", "withdrawn"):
        server.call("POST", "/api/v1/consents", json={"consents": [{"userId": "ada", "purpose": "marketing", "state": state}]}).raise_for_status()
    for number in range(8):
        server.create_source(f"S{number}")
    server.kill9()
    log = server.data / "workspaces/main/workspace.sqlite-wal"
    whole_log, page = log.read_bytes(), 4096
    frames = (len(whole_log) - 32) // (24 + page)
    assert frames > 8, frames

    def starts(content):
        copy = make_martlet()
        shutil.copytree(server.data, copy.data, ignore=shutil.ignore_patterns("*.sock"))
        (copy.data / "workspaces/main/workspace.sqlite-wal").write_bytes(content)
        try:
            copy.start(timeout=20)
            return True
        except NotReady:
            assert "damaged" in copy.errors(), copy.errors()[-400:]
            return False
        finally:
            copy.close()

    def flipped(at):
        return whole_log[:at] + bytes([whole_log[at] ^ 4]) + whole_log[at + 1:]

    middle = 32 + (frames // 2) * (24 + page)
    assert not starts(flipped(3)) and not starts(flipped(17)) and not starts(flipped(40)) and not starts(flipped(32 + 24 + 300)), "the beginning"
    assert not starts(flipped(middle + 9)) and not starts(flipped(middle + 24 + 2000)), "the middle"
    assert starts(whole_log) and starts(whole_log[:-1]) and starts(whole_log[:-page - 30]) and starts(flipped(len(whole_log) - 5)), "the last transaction"
    assert starts(whole_log + bytes(5000)) and starts(whole_log + whole_log[32:32 + 2 * (24 + page)]) and starts(b"")


def test_a_folder_without_its_format_is_a_folder_all_the_same(make_martlet, stores):
    server = open_copy(make_martlet, stores["stopped"], stores, lambda folder: (folder / "format").unlink())
    said = server.cli("doctor", check=False)
    assert said.returncode == 0 and f"main: {USERS * PER_USER + USERS} of" in said.stdout, said.stdout + said.stderr


@pytest.mark.parametrize("left", [0, 10])
def test_an_emptied_segment_costs_what_it_held_and_no_count_says_millions(make_martlet, stores, left):
    """How many events it held is not known, and nothing says otherwise: not at the first start, not when others stand behind it."""
    def empty(folder):
        last = max((folder / "workspaces/main/log").glob("*.open"))
        last.write_bytes(last.read_bytes()[:left])

    server = open_copy(make_martlet, stores["stopped"], stores, empty)
    before = outcome(server)
    left_over = sum(len(numbers) for numbers in before.values())
    for _ in range(2):
        reason = next(r for r in server.health()["reasons"] if r["code"] == "log.damaged")
        assert "not known" in reason["problem"] and "1677" not in json.dumps(server.health()), reason
        assert server.api("/api/v1/overview")["events"] <= left_over + 3 and server.api("/api/v1/overview")["applied"] <= left_over + 3
        assert "1677" not in server.cli("doctor", check=False).stdout
        assert server.post_batch([event(0, 10**6)], wait=True).status_code == 200
        server.restart()
    assert sum(len(numbers) for numbers in outcome(server).values()) == left_over + 1 if server.stop() == 0 else False
