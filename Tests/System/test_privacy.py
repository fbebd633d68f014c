"""Erasure: nothing of an erased person is left, in any file, in any answer, after any restart; and nobody else is touched."""
import ctypes
import ctypes.util
import errno
import gzip
import json
import random
import shutil
import sqlite3
import string
import threading
import time
import zlib

import pytest

from console_client import Reader
from harness import contents, files, new_id, wait_until
from shim import FOLDERS_ONLY, SEALED_ONLY, Shim


def mark():
    """Text that stands nowhere else and that no compression writes in another way than letter by letter."""
    return "zq" + "".join(random.SystemRandom().choice(string.ascii_lowercase + string.digits) for _ in range(22))


def neighbours(count, people, tag):
    """Ordinary events that fill segments: 1 MiB makes the first one roll over."""
    chance = random.Random(tag)
    return [{"type": "track", "event": chance.choice(["Tea Steeped", "Tea Ordered", "Shop Visited"]), "userId": f"{tag}-{n % people}",
             "messageId": f"{tag}-{n}", "properties": {"tea": f"Blend {chance.randrange(1000)}", "grams": n, "note": f"{chance.getrandbits(512):x}"},
             "context": {"ip": "192.0.2.7", "page": {"url": f"https://shop.example/tea/{n}"}}} for n in range(count)]


def send_all(martlet, events, size=200):
    for start in range(0, len(events), size):
        martlet.send(events[start:start + size], wait=False)


def person_events(m, part):
    """What one person sends, with the mark in every place where personal data stands."""
    user, device = f"user-{m}", f"device-{m}"
    return [
        {"type": "track", "anonymousId": device, "event": "Shop Visited", "messageId": f"{part}a-{m}", "context": {"page": {"url": f"https://shop.example/?who={m}"}}},
        {"type": "identify", "userId": user, "anonymousId": device, "messageId": f"{part}b-{m}",
         "traits": {"email": f"{m}@example.com", "name": f"Ada {m}", "address": {"street": f"{m} Lane"}, "tags": [f"x{m}"]}},
        {"type": "identify", "userId": user, "messageId": f"{part}c-{m}", "context": {"traits": {"phone": f"+44-{m}"}, "device": {"id": f"hw-{m}"}}},
        {"type": "track", "userId": user, "event": f"Bought {m}", "messageId": f"{part}d-{m}", "properties": {"gift": f"for {m}", m: 1, "nested": [{"deep": m}]}},
        {"type": "page", "userId": user, "name": f"Page {m}", "messageId": f"{part}e-{m}", "properties": {"title": m, "referrer": f"https://{m}.example/"}},
        {"type": "group", "userId": user, "groupId": "wren-and-daughters", "messageId": f"{part}f-{m}", "traits": {"name": "Wren & Daughters"}},
        {"type": "screen", "userId": user, "name": "Home", "messageId": f"{part}g-{m}", "context": {"consent": {"categoryPreferences": {"email.offers": True}}}},
        {"type": "alias", "userId": user, "previousId": f"old-{m}", "messageId": f"{part}h-{m}"},
    ]


def plant(martlet, m, with_quarantine=True):
    """The person in what becomes a sealed segment, thousands of others around, and the person again in the open segment."""
    send_all(martlet, neighbours(900, 40, f"early{m[:9]}"))
    martlet.send(person_events(m, "early"))
    send_all(martlet, neighbours(2600, 60, f"late{m[:9]}"))
    martlet.send(person_events(m, "late"))
    if with_quarantine:
        # Refused for its type, kept whole: the person waits in quarantine too.
        bad = {"type": "sip", "userId": f"user-{m}", "messageId": f"bad-{m}", "traits": {"email": f"{m}@example.com"}}
        assert martlet.post_batch([bad]).status_code == 200
        assert martlet.api("/api/v1/quarantine", messageId=f"bad-{m}")["rejected"], "the event was to be quarantined"
    martlet.send([*neighbours(3, 3, f"last{m[:9]}"), {"type": "group", "userId": f"last{m[:9]}-0", "groupId": f"shop-{m[:9]}", "messageId": new_id(), "traits": {"name": "Next Door"}}])
    for number, entry in enumerate(({"userId": f"user-{m}"}, {"email": f"{m}@example.com"}, {"anonymousId": f"device-{m}"})):
        martlet.call("POST", "/api/v1/lists", json={"name": f"fair {m[:9]} {number}"})
        assert martlet.call("POST", f"/api/v1/lists/fair-{m[:9]}-{number}/entries".lower(), json={"entries": [entry, {"userId": "stays"}]}).json()["added"] == 2
    wait_until(lambda: list((martlet.data / "workspaces/main/log").glob("*.sealed")), 10, what="a sealed segment")


def spellings(m):
    return {m.encode(), m.upper().encode(), m.encode("utf-16-le"), m.encode().hex().encode()}


def remains(martlet, m):
    """Files that hold the mark: as it is, inside anything that inflates, or in a database's rows."""
    found = []
    for path, raw in contents(martlet.data):
        if any(s in raw for s in spellings(m)):
            found.append(f"{path.relative_to(martlet.data)} ({raw.count(m.encode())} times)")
        start = 0
        while (start := raw.find(b"\x1f\x8b", start)) >= 0:
            try:
                if m.encode() in zlib.decompressobj(31).decompress(raw[start:start + (1 << 20)], 1 << 24):
                    found.append(f"{path.relative_to(martlet.data)} (gzip at {start})")
            except zlib.error:
                pass
            start += 2
        if m.encode() in zstd_content(raw):
            found.append(f"{path.relative_to(martlet.data)} (zstd)")
    return found


def zstd_content(raw):
    """What the zstd frames in these bytes hold that need no dictionary, one behind the other: snapshots are made of them."""
    zstd = ctypes.CDLL(ctypes.util.find_library("zstd"))
    zstd.ZSTD_findFrameCompressedSize.restype = zstd.ZSTD_decompress.restype = ctypes.c_size_t
    zstd.ZSTD_findFrameCompressedSize.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    zstd.ZSTD_decompress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    zstd.ZSTD_isError.argtypes = [ctypes.c_size_t]
    out, found, start = ctypes.create_string_buffer(1 << 22), [], 0
    while (start := raw.find(b"\x28\xb5\x2f\xfd", start)) >= 0:
        packed = raw[start:start + (1 << 22)]
        size = zstd.ZSTD_findFrameCompressedSize(packed, len(packed))
        if not zstd.ZSTD_isError(size):
            count = zstd.ZSTD_decompress(out, len(out), packed, size)
            if not zstd.ZSTD_isError(count):
                found.append(out.raw[:count])
        start += 4
    return b"".join(found)


def everywhere(martlet, m, workspace="main"):
    """Every answer of the read API in one text, and the answers about this person."""
    texts, after = [], None
    while True:
        page = martlet.call("GET", "/api/v1/events", params={"limit": 1000, **({"after": after} if after else {})})
        texts.append(page.text)
        after = page.json()["next"]
        if not after:
            break
    after = None
    while True:
        page = martlet.call("GET", "/api/v1/profiles", params={"limit": 1000, **({"after": after} if after else {})})
        texts.append(page.text)
        after = page.json()["next"]
        if not after:
            break
    for number in range(3):
        texts.append(martlet.call("GET", f"/api/v1/lists/fair-{m[:9]}-{number}/entries".lower()).text)
    for path in ("/api/v1/quarantine?limit=1000", "/api/v1/overview", "/api/v1/sources", "/metrics", "/api/v1/groups/wren-and-daughters"):
        texts.append(martlet.call("GET", path).text)
    texts.append(martlet.call("GET", "/api/v1/profiles", params={"q": m}).text)
    return "\n".join(texts)


def check_forgotten(martlet, m):
    assert not remains(martlet, m)
    assert m not in everywhere(martlet, m).replace(f"q={m}", "")
    for query in ({"userId": f"user-{m}"}, {"anonymousId": f"device-{m}"}, {"email": f"{m}@example.com"}, {"userId": f"old-{m}"}):
        assert martlet.call("GET", "/api/v1/profiles/lookup", params=query).status_code == 404, query
        assert martlet.events(**query) == []
    for part in ("early", "late"):
        for letter in "abcdefgh":
            assert martlet.events(messageId=f"{part}{letter}-{m}") == []
    assert martlet.api("/api/v1/profiles", q=m)["profiles"] == []
    assert martlet.api("/api/v1/quarantine", messageId=f"bad-{m}")["rejected"] == []
    answer = martlet.call("GET", f"/v1/spaces/main/collections/users/profiles/user_id:user-{m}/traits")
    assert answer.status_code == 404
    assert m not in martlet.errors(), "the log names the person"


def check_neighbours(martlet, m):
    tag = m[:9]
    for name, count, people in (("early", 900, 40), ("late", 2600, 60), ("last", 3, 3)):
        wanted = neighbours(count, people, f"{name}{tag}")
        for person in random.Random(m).sample(range(people), min(people, 8)):
            mine = [e for e in wanted if e["userId"] == f"{name}{tag}-{person}"]
            stored = martlet.events(userId=f"{name}{tag}-{person}", type="track")
            assert [(e["messageId"], e["properties"]) for e in stored] == [(e["messageId"], e["properties"]) for e in mine]
    assert martlet.api(f"/api/v1/groups/shop-{tag}")["traits"] == {"name": "Next Door"}


def test_the_mark_is_found_before_the_erasure(martlet):
    """The search itself: before the erasure the mark stands in files and in answers."""
    m = mark()
    plant(martlet, m)
    assert remains(martlet, m) and m in everywhere(martlet, m)


@pytest.mark.parametrize("when", ["running", "after_restart", "server_stopped"])
@pytest.mark.parametrize("by", ["user-id", "anonymous-id", "email"])
def test_fault_60_erasure_forgets_a_person_everywhere(martlet, when, by):
    """`martlet privacy erase` by any identifier: the whole person is gone from open and sealed segments, snapshots, databases and quarantine."""
    m = mark()
    plant(martlet, m)
    if when == "after_restart":
        martlet.restart()
    elif when == "server_stopped":
        assert martlet.stop() == 0
    value = {"user-id": f"user-{m}", "anonymous-id": f"device-{m}", "email": f"{m}@example.com"}[by]
    martlet.cli("privacy", "erase", f"--{by}", value)
    if not martlet.running:
        assert not remains(martlet, m)
        martlet.start()
    check_forgotten(martlet, m)
    check_neighbours(martlet, m)
    martlet.restart()
    check_forgotten(martlet, m)
    check_neighbours(martlet, m)


def test_fault_58_kill_right_after_an_erasure(martlet):
    """kill -9 the moment the erasure is answered: after the next start nothing of the person has come back."""
    m = mark()
    plant(martlet, m)
    martlet.restart()
    answer = martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": f"user-{m}"})
    martlet.kill9()
    assert answer.status_code == 200, answer.text
    assert not remains(martlet, m)
    martlet.start()
    check_forgotten(martlet, m)
    check_neighbours(martlet, m)


def test_fault_58_kill_during_an_erasure(make_martlet):
    """kill -9 in the middle of an erasure: asking again after the restart finishes it, whatever the first had done already."""
    chance = random.Random(7)
    martlet = make_martlet().start()
    import threading

    for _ in range(4):
        m = mark()
        plant(martlet, m)
        done = []

        def ask():
            try:
                done.append(martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": f"user-{m}"}, timeout=10).status_code)
            except Exception:
                pass

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(chance.uniform(0, 0.06))
        martlet.kill9()
        thread.join()
        martlet.start()
        for value in ({"userId": f"user-{m}"}, {"email": f"{m}@example.com"}, {"anonymousId": f"device-{m}"}):
            assert martlet.call("POST", "/api/v1/privacy/erasures", json=value).status_code in (200, 404)
        check_forgotten(martlet, m)
        check_neighbours(martlet, m)


def test_state_after_an_erasure_is_the_same_from_the_log_alone(martlet):
    """What is served after an erasure does not depend on snapshots: people, their ids, accounts and timelines are the same when all is made again."""
    m = mark()
    martlet.send([{"type": "identify", "userId": u, "anonymousId": f"d-{u}", "messageId": new_id(), "traits": {"email": f"{u}@example.com", "n": n}} for n, u in enumerate(("ada", "bea"))])
    martlet.send(person_events(m, "early"))
    martlet.send([{"type": "identify", "userId": u, "anonymousId": f"d-{u}", "messageId": new_id(), "traits": {"email": f"{u}@example.com", "n": n}} for n, u in enumerate(("cleo", "dot"))])
    martlet.cli("privacy", "erase", "--user-id", f"user-{m}")

    def picture():
        people = [martlet.profile(userId=u) for u in ("ada", "bea", "cleo", "dot")]
        return people + [martlet.call("GET", "/api/v1/groups/wren-and-daughters").text, martlet.events(), martlet.api("/api/v1/profiles"), martlet.api("/api/v1/overview")["profiles"]]

    before = picture()
    martlet.restart()
    assert picture() == before, "after a restart"
    martlet.kill9()
    for snapshot in martlet.data.rglob("*.snapshot"):
        snapshot.unlink()
    martlet.start()
    after = picture()
    for was, now in zip(before, after):
        assert now == was, f"from the log alone: {str(now)[:300]}, before: {str(was)[:300]}"


@pytest.mark.parametrize("seed", range(4))
def test_state_after_erasures_of_people_who_share_devices_is_the_same_from_the_log_alone(martlet, seed):
    """Random histories in which devices and addresses go from hand to hand: whoever is left has what the log gives them, and nothing moves at the next start."""
    chance = random.Random(seed)
    users, devices, addresses = ["u1", "u2", "u3"], ["a1", "a2", "a3"], ["e1@x.example", "e2@x.example"]

    def event():
        who = chance.choice([{"userId": chance.choice(users)}, {"anonymousId": chance.choice(devices)}, {"userId": chance.choice(users), "anonymousId": chance.choice(devices)}])
        traits = {"p": chance.choice("xyz"), **({"email": chance.choice(addresses)} if chance.random() < 0.4 else {})}
        return {"type": "identify", "messageId": new_id(), "traits": traits, **who} if chance.random() < 0.7 else {"type": "track", "event": "E", "messageId": new_id(), **who}

    def picture():
        found = {}
        for kind, values in (("userId", users), ("anonymousId", devices), ("email", addresses)):
            for value in values:
                answer = martlet.call("GET", "/api/v1/profiles/lookup", params={kind: value})
                found[value] = answer.json() if answer.status_code == 200 else answer.status_code
        return found

    for _ in range(12):
        martlet.send([event() for _ in range(chance.randrange(1, 4))])
        if chance.random() < 0.3:
            kind, value = chance.choice([("userId", chance.choice(users)), ("anonymousId", chance.choice(devices)), ("email", chance.choice(addresses))])
            assert martlet.call("POST", "/api/v1/privacy/erasures", json={kind: value}).status_code in (200, 404)
    wait_until(lambda: not (martlet.data / "workspaces/main/decide-again").exists(), what="everyone decided again")
    before = picture()
    martlet.stop()
    for made in ("identity", "profiles", "accounts", "columns"):
        shutil.rmtree(martlet.data / "workspaces/main" / made, ignore_errors=True)
    martlet.start()
    after = picture()
    assert after == before, {k: (before[k], after[k]) for k in before if before[k] != after[k]}


def test_a_crash_right_after_everyone_was_decided_anew_leaves_no_snapshots_of_two_moments(make_martlet):
    """People have other numbers then: of snapshots of before and behind it some would take people for others, or for nobody at all. The disk is slow, so that one of them is still being written."""
    martlet = make_martlet()
    shim = Shim(martlet)
    martlet.start()
    mark = martlet.data / "workspaces/main/decide-again"
    shared = lambda n: [{"type": "identify", "userId": f"u{n}-{k}", "messageId": new_id(), "traits": {"email": f"e{n}@tea.example", "own": f"{n}-{k}"}} for k in range(2)]
    martlet.send([event for n in range(1500) for event in shared(n)])
    for number in range(4):
        gone = f"u{number * 7}-0"
        assert martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": gone}).status_code == 200
        shim.sync_delay_us = 200_000
        wait_until(lambda: not mark.exists(), 30, what="everyone decided anew")
        martlet.kill9()
        shim.heal()
        martlet.start()
        for n in (0, number * 7, 700, 1499):
            assert martlet.profile(userId=f"u{n}-1")["traits"] == {"email": f"e{n}@tea.example", "own": f"{n}-1"}
        assert martlet.call("GET", f"/api/v1/profiles/lookup?userId={gone}").status_code == 404
        wanted = 3000 - number - 1
        assert martlet.call("POST", "/api/v1/segments/preview", json={"condition": "own exists"}).json()["count"] == wanted
        assert martlet.call("POST", "/api/v1/segments/preview", json={"condition": 'own = "1499-1"'}).json()["count"] == 1
    martlet.stop()
    assert martlet.cli("doctor").returncode == 0


def test_a_resend_of_what_was_erased_is_a_duplicate_in_a_restored_backup_too(martlet, make_martlet, tmp_path):
    events = [{"type": "identify", "userId": "ada", "messageId": "gone-1", "traits": {"tea": "Assam"}}, {"type": "track", "event": "Tea Steeped", "userId": "bea", "messageId": "kept-1"}]
    martlet.send(events)
    martlet.cli("privacy", "erase", "--user-id", "ada")
    martlet.cli("backup", str(tmp_path / "backup"))
    verdicts = lambda server: [v["status"] for v in server.post_batch(events, key=martlet.write_key, verdicts=True, wait=True).json()["verdicts"]]
    assert verdicts(martlet) == ["duplicate"] * 2
    martlet.cli("restore", str(tmp_path / "backup"), data=tmp_path / "restored")
    assert verdicts(make_martlet(folder=tmp_path / "restored").start()) == ["duplicate"] * 2
    martlet.stop()
    shutil.rmtree(martlet.data / "workspaces/main/messages")
    martlet.start()
    assert verdicts(martlet) == ["duplicate"] * 2


def test_an_erasure_that_broke_off_and_is_finished_by_a_start_is_told(make_martlet):
    """Refused when the disk failed behind its decision: the next start carries it out in the log and says so once, without a name; asked for again, it forgets the rest."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    server.token()
    m, words = mark(), "An erasure that had been answered"
    kept = plant_many_names(server, m)
    shim.only, shim.write_errno = SEALED_ONLY, errno.ENOSPC
    assert server.call("POST", "/api/v1/privacy/erasures", json={"userId": f"second-{m[::-1]}"}).status_code == 503
    server.kill9()
    shim.heal()
    for is_told in (True, False):
        server.stderr.clear()
        server.start()
        assert (words in server.errors()) is is_told and m[::-1] not in server.errors(), server.errors()
        assert server.events(userId=f"second-{m[::-1]}") == []
        if is_told:
            assert server.stop() == 0
    server.cli("privacy", "erase", "--user-id", f"second-{m[::-1]}", check=False)
    assert not remains(server, m[::-1])
    assert {event["messageId"] for event in server.events() if event["messageId"].startswith("early")} == set(kept)


def test_erasure_while_everybody_sends(martlet):
    """Erasing under load, again and again while segments roll: all marks are gone, and every neighbour is whole."""
    import threading

    from harness import Sender, check_kept

    senders = [Sender(martlet, f"till-{n}", size=10, pad=800) for n in range(3)]
    for sender in senders:
        sender.start()
    marks = [mark() for _ in range(8)]
    for m in marks:
        martlet.send(person_events(m, "early"))
        time.sleep(0.15)
        martlet.send(person_events(m, "late"))
        assert martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": f"user-{m}"}).status_code == 200
    for sender in senders:
        sender.finish()
    text = everywhere(martlet, marks[0])
    for m in marks:
        assert m not in text.replace(f"q={m}", "")
    check_kept(martlet, senders)
    martlet.restart()
    for m in marks:
        assert not remains(martlet, m)
        assert martlet.events(userId=f"user-{m}") == []
    check_kept(martlet, senders)


def test_erasure_of_a_person_with_many_devices_leaves_no_copy_in_a_segments_dictionary(martlet):
    """One person with 60 devices fills half of a segment: what compression learnt from it must not keep the person's data."""
    m = mark()
    street = f"{m} Lane, Wren Cottage, Teatown"
    for device in range(60):
        events = [{"type": "identify", "userId": f"user-{m}", "anonymousId": f"device-{device}-{m}", "messageId": new_id()}]
        events += [{"type": "track", "event": "Tea Steeped", "anonymousId": f"device-{device}-{m}", "messageId": new_id(),
                    "context": {"traits": {"email": f"{m}@example.com", "street": street}}, "properties": {"n": n}} for n in range(30)]
        martlet.send(events, wait=False)
    send_all(martlet, neighbours(2500, 50, f"early{m[:9]}"))
    wait_until(lambda: list((martlet.data / "workspaces/main/log").glob("*.sealed")), 10, what="a sealed segment")
    martlet.cli("privacy", "erase", "--user-id", f"user-{m}")
    assert not remains(martlet, m)
    martlet.restart()
    assert not remains(martlet, m)


def test_erasure_while_a_sealed_segments_name_is_not_durable(make_martlet):
    """The folder cannot be synced after a segment was sealed, so that its open file stands beside it: an erasure reaches both or says that it did not."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    server.token()
    m, log = mark(), server.data / "workspaces/main/log"
    shim.sync_delay_us = 100_000
    server.send(person_events(m, "early"), wait=False)
    others = threading.Thread(target=send_all, args=(server, neighbours(3400, 40, f"early{m[:9]}")))
    others.start()
    wait_until(lambda: list(log.glob("*.sealed.new")), 20, 0.001, "a segment that is being sealed")
    shim.only, shim.sync_errno = FOLDERS_ONLY, errno.EIO
    others.join()
    wait_until(lambda: shim.failed, 10, 0.005, "the folder's sync to fail")
    shim.sync_delay_us = 0
    both = {path.stem for path in log.glob("*.open")} & {path.stem for path in log.glob("*.sealed")}
    assert both, "no open file stands beside its sealed one"
    assert remains(server, m)
    assert server.cli("privacy", "erase", "--user-id", f"user-{m}", check=False).returncode != 0
    shim.heal()
    server.cli("privacy", "erase", "--user-id", f"user-{m}")
    assert not remains(server, m)
    assert not [path for path in log.glob("*.open") if path.stem in both]
    server.kill9()
    server.start()
    assert not remains(server, m) and m not in everywhere(server, m).replace(f"q={m}", "")
    wanted = [e["messageId"] for e in neighbours(3400, 40, f"early{m[:9]}") if e["userId"] == f"early{m[:9]}-1"]
    assert [event["messageId"] for event in server.events(userId=f"early{m[:9]}-1", type="track")] == wanted


def test_erasure_after_a_sealing_that_failed(make_martlet):
    """The disk is full in the middle of a sealing: nothing that is half done keeps what an erasure takes, and the segment is sealed later."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    server.token()
    m, log = mark(), server.data / "workspaces/main/log"
    shim.only, shim.write_skip, shim.write_errno = SEALED_ONLY, 0, errno.ENOSPC
    server.send(person_events(m, "early"), wait=False)
    send_all(server, neighbours(3400, 40, f"early{m[:9]}"))
    wait_until(lambda: shim.failed, 10, what="a sealing that fails")
    server.cli("privacy", "erase", "--user-id", f"user-{m}")
    assert not remains(server, m)
    assert not list(log.glob("*.new")) and not list(log.glob("*.sealed"))
    shim.heal()
    wait_until(lambda: list(log.glob("*.sealed")) and len(list(log.glob("*.open"))) == 1, 20, what="the segment to be sealed after all")
    server.restart()
    assert not remains(server, m)
    wanted = [e["messageId"] for e in neighbours(3400, 40, f"early{m[:9]}") if e["userId"] == f"early{m[:9]}-1"]
    assert [event["messageId"] for event in server.events(userId=f"early{m[:9]}-1", type="track")] == wanted


def plant_many_names(server, m):
    """A person of 25 devices, whose events may have taught a segment's dictionary, and a second person, in a sealed segment with others."""
    events = neighbours(4500, 40, f"early{m[:9]}")
    for n in range(25):
        events.insert(n * 100, {"type": "identify", "userId": f"user-{m}", "anonymousId": f"device-{n}-{m}", "messageId": f"d{n}-{m}"})
        events.insert(n * 100, {"type": "track", "anonymousId": f"device-{n}-{m}", "event": "Tea Steeped", "messageId": f"t{n}-{m}"})
    for n in range(4):
        events.insert(n * 700 + 7, {"type": "track", "userId": f"second-{m[::-1]}", "event": "Tea Steeped", "messageId": f"s{n}-{m}"})
    send_all(server, events)
    wait_until(lambda: list((server.data / "workspaces/main/log").glob("*.sealed")), 20, what="a sealed segment")
    return [event["messageId"] for event in events if event["messageId"].startswith("early")]


def test_what_an_erasure_left_half_done_harms_no_later_one(make_martlet):
    """Blocks that could not be overwritten are, before the segment is written anew for somebody else; nobody's events go with either."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    server.token()
    m, log = mark(), server.data / "workspaces/main/log"
    kept = plant_many_names(server, m)
    shim.only, shim.write_errno = SEALED_ONLY, errno.EIO
    assert server.cli("privacy", "erase", "--user-id", f"second-{m[::-1]}", check=False).returncode != 0
    shim.heal()
    assert (log / "erasure.journal").exists()
    server.cli("privacy", "erase", "--user-id", f"user-{m}")
    assert not (log / "erasure.journal").exists()
    server.restart()
    # The start carries out what was refused, also where somebody else was erased in between: nobody is there to be asked for again.
    wait_until(lambda: not list((server.data / "workspaces" / "main").glob("erasing*")), what="the erasure's end")
    assert "no such profile" in server.cli("privacy", "erase", "--user-id", f"second-{m[::-1]}", check=False).stderr
    for _ in range(2):
        assert {event["messageId"] for event in server.events() if event["messageId"].startswith("early")} == set(kept)
        assert not remains(server, m) and not remains(server, m[::-1]) and server.health()["status"] == "ok"
        server.restart()


def test_a_read_that_fails_during_an_erasure_costs_nobody_their_events(make_martlet):
    """Whichever read of a sealed segment fails: the erasure is refused, or it is whole, and others keep all."""
    refused, at, hit = 0, 1, True
    while hit:
        server = make_martlet()
        shim = Shim(server)
        server.start()
        server.token()
        m = mark()
        kept = set(plant_many_names(server, m))
        shim.read_errno, shim.read_left = errno.EIO, at
        done = server.cli("privacy", "erase", "--user-id", f"user-{m}", check=False).returncode == 0
        hit, shim.read_left = shim.read_left <= 0, 0
        refused += not done
        assert {event["messageId"] for event in server.events() if event["messageId"].startswith("early")} == kept, f"read {at}"
        if not done:
            server.cli("privacy", "erase", "--user-id", f"user-{m}")
        assert not remains(server, m) and at < 1 << 20
        server.close()
        at = at * 4 + 1
    assert refused > 1


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC], ids=["17_eio", "18_enospc"])
def test_fault_17_and_18_a_write_that_fails_anywhere_in_an_erasure(make_martlet, code):
    """From whichever write on the disk takes nothing more: the erasure is refused and others keep all; when the disk is well it is repeated, over a crash too, and forgets everything."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    server.token()
    skip, rounds = 0, 0
    kept = []
    while True:
        m = mark()
        kept += plant_many_names(server, m)
        # Theirs are the only other records that name the mark.
        server.cli("privacy", "erase", "--user-id", f"second-{m[::-1]}")
        shim.write_skip, shim.write_errno = skip, code
        done = server.cli("privacy", "erase", "--user-id", f"user-{m}", check=False).returncode == 0
        hit = bool(shim.failed)
        shim.heal()
        shim.failed = 0
        if not done and rounds % 2:
            server.kill9()
            server.start()
        assert {event["messageId"] for event in server.events() if event["messageId"].startswith("early")} == set(kept), f"write {skip}"
        if not done:
            # The start after a crash may have carried it out already: then nobody is there any more.
            asked = server.cli("privacy", "erase", "--user-id", f"user-{m}", check=False)
            assert asked.returncode == 0 or rounds % 2 and "no such profile" in asked.stderr, asked.stderr
            wait_until(lambda: not list((server.data / "workspaces" / "main").glob("erasing*")), what="the erasure's end")
        assert not remains(server, m), f"write {skip}"
        if done and not hit:
            break
        skip, rounds = skip * 3 + 1, rounds + 1
        assert rounds < 12
    assert rounds > 2
    assert server.health()["status"] == "ok"


def test_fault_59_suppression_is_in_force_before_the_erasure_is(martlet):
    """Somebody who sends on and on while they are erased and suppressed: nothing of theirs stays."""
    for batch in range(20):
        martlet.send([{"type": "track", "event": "Tea Steeped", "userId": f"other-{n}", "messageId": f"{batch}-{n}"} for n in range(500)], wait=False)
    for turn in range(4):
        user, stop = f"live-{turn}", threading.Event()
        martlet.track(userId=user)

        def go():
            while not stop.is_set():
                martlet.post_batch([{"type": "track", "event": "Tea Steeped", "userId": user, "messageId": new_id()} for _ in range(5)])

        senders = [threading.Thread(target=go) for _ in range(3)]
        for sender in senders:
            sender.start()
        time.sleep(0.2)
        martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": user, "suppress": True})
        time.sleep(0.2)
        stop.set()
        for sender in senders:
            sender.join()
        wait_until(lambda: martlet.api("/health")["status"] == "ok", 10)
        assert martlet.events(userId=user) == []
        assert martlet.call("GET", "/api/v1/profiles/lookup", params={"userId": user}).status_code == 404


def test_erasure_of_one_person_leaves_the_quarantine_of_others(martlet):
    """The quarantine of userId 7 goes, those of userId 77, of a price of 7, and of another's message stay."""
    martlet.send([{"type": "track", "event": "Tea Steeped", "userId": user, "messageId": new_id()} for user in ("7", "77")])
    for user, message in (("7", "bad-seven"), ("77", "bad-seventyseven"), ("ada", "bad-ada")):
        martlet.post_batch([{"type": "sip", "userId": user, "messageId": message, "properties": {"grams": 17, "price": "7.50"}}])
    martlet.cli("privacy", "erase", "--user-id", "7")
    left = {r["messageId"] for r in martlet.api("/api/v1/quarantine")["rejected"]}
    assert left == {"bad-seventyseven", "bad-ada"}
    assert len(martlet.events(userId="77")) == 1


def test_erasure_reaches_bodies_that_were_refused_as_they_came(martlet):
    """A gzip body that is no JSON is kept whole: erasing who is in it removes it, though its bytes do not show the name."""
    m = mark()
    martlet.send(person_events(m, "early"))
    body = gzip.compress(json.dumps({"batch": person_events(m, "late")}).encode()[:-1])
    answer = martlet.post("/v1/batch", body, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 400, answer.text
    martlet.cli("privacy", "erase", "--user-id", f"user-{m}")
    assert not remains(martlet, m)
    assert martlet.stop() == 0
    assert not remains(martlet, m)
    for database in martlet.data.rglob("*.sqlite"):
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        if isinstance(value, bytes):
                            try:
                                value = zlib.decompressobj(31).decompress(value)
                            except zlib.error:
                                pass
                            assert m.encode() not in value, f"{table} keeps the person in compressed form"


def test_fault_59_new_events_after_an_erasure_make_a_new_profile(martlet):
    """Late and new events of the erased id: a message that came before stays a duplicate, a new one makes a new profile without history."""
    m = mark()
    martlet.send(person_events(m, "early"))
    old = martlet.profile(userId=f"user-{m}")["id"]
    martlet.cli("privacy", "erase", "--user-id", f"user-{m}")
    again = martlet.post_batch(person_events(m, "early"), verdicts=True).json()["verdicts"]
    assert {v["status"] for v in again} == {"duplicate"}
    martlet.send([{"type": "track", "userId": f"user-{m}", "event": "Tea Steeped", "messageId": new_id()}])
    fresh = martlet.profile(userId=f"user-{m}")
    assert fresh["events"] == 1 and fresh["traits"] == {} and fresh["id"] != old
    assert [i["type"] for i in fresh["identifiers"]] == ["userId"]
    martlet.restart()
    assert martlet.profile(userId=f"user-{m}") == fresh
    again = martlet.post_batch(person_events(m, "early"), verdicts=True).json()["verdicts"]
    assert {v["status"] for v in again} == {"duplicate"}


def test_fault_59_suppressed_after_an_erasure(martlet):
    """Erased with --suppress: nothing that names this person is taken any more, over restarts and crashes; others are."""
    m = mark()
    martlet.send(person_events(m, "early"))
    martlet.cli("privacy", "erase", "--user-id", f"user-{m}", "--suppress")
    for step in range(3):
        # The first of these comes from the browser alone, before it says whose it is.
        verdicts = martlet.post_batch([*person_events(m, f"step{step}")[1:], {"type": "track", "event": "Tea Steeped", "userId": "ada", "messageId": new_id()}], verdicts=True, wait=True).json()["verdicts"]
        assert [v["status"] for v in verdicts][-1] == "accepted"
        assert {v["status"] for v in verdicts[:-1]} <= {"suppressed"}, [v["status"] for v in verdicts]
        assert martlet.events(userId=f"user-{m}") == [] and not remains(martlet, m)
        if step == 0:
            martlet.restart()
        elif step == 1:
            martlet.kill9()
            martlet.start()


def test_who_is_suppressed_is_taken_in_by_no_way(martlet):
    """Not under an address, in an alias, a list, a custom identifier, and not by what is refused; and others are."""
    m = mark()
    address = f"{m}@wren.example"
    rules = martlet.api("/api/v1/identity/rules")
    own = {"name": "loyaltyId", "use": "join", "paths": ["traits.loyaltyId"], "sharedBy": 10}
    put = martlet.call("PUT", "/api/v1/identity/rules", json={"types": rules["types"] + [own], "blocked": rules["blocked"]})
    assert put.status_code == 200, put.text
    martlet.send([{"type": "identify", "userId": f"u-{m}", "messageId": new_id(), "traits": {"email": address, "loyaltyId": f"L-{m}"}}])
    wait_until(lambda: martlet.call("GET", "/api/v1/profiles/lookup", params={"externalId": f"loyaltyId:L-{m}"}).status_code == 200, what="the new type")
    martlet.cli("privacy", "erase", "--external-id", f"loyaltyId:L-{m}", "--suppress")
    again = [
        {"type": "identify", "anonymousId": "d1", "messageId": new_id(), "traits": {"email": address}}, {"type": "identify", "anonymousId": "d2", "messageId": new_id(), "traits": {"email": address.upper()}},
        {"type": "track", "event": "E", "anonymousId": "d3", "messageId": new_id(), "context": {"traits": {"email": address}}},
        {"type": "alias", "userId": "fresh", "previousId": f"u-{m}", "messageId": new_id()}, {"type": "identify", "userId": "fresh2", "messageId": new_id(), "traits": {"loyaltyId": f"L-{m}"}},
        {"type": "track", "userId": f"u-{m}", "messageId": new_id()}, {"type": "sip", "anonymousId": "d4", "traits": {"email": address}, "messageId": new_id()},
        {"type": "identify", "anonymousId": "d5", "messageId": new_id(), "traits": {"email": f"other-{m[2:]}@wren.example"}}]
    verdicts = martlet.post_batch(again, verdicts=True, wait=True).json()["verdicts"]
    assert [v["status"] for v in verdicts] == ["suppressed"] * 7 + ["accepted"], verdicts
    assert martlet.http.post(martlet.url + "/v1/batch", data=f'{{"batch": [{{"userId": "u-{m}", ]', auth=(martlet.write_key, ""), timeout=10).status_code == 400
    made = martlet.call("POST", "/api/v1/lists", json={"name": "Fair"}).json()
    added = martlet.call("POST", f"/api/v1/lists/{made['id']}/entries", json={"entries": [{"userId": f"u-{m}"}, {"email": address}, {"userId": "bea"}]}).json()
    assert added["added"] == 1 and added["refused"] == 2 and {r["code"] for r in added["refusedLines"]} == {"list.person-suppressed"}, added
    assert martlet.api("/api/v1/quarantine")["rejected"] == [] and not remains(martlet, m)


def test_suppression_keeps_out_nobody_else_who_uses_a_device_or_an_address(martlet):
    """Two on one tablet and under one family address: the one who is erased stays out by what is theirs alone, the other is taken as before."""
    rules = martlet.api("/api/v1/identity/rules")
    own = [{"name": "loyaltyId", "use": "attach", "paths": ["traits.loyaltyId"], "sharedBy": 10}]
    types = [dict(t, use="attach") if t["name"] in ("phone", "ios.id") else t for t in rules["types"]]
    martlet.call("PUT", "/api/v1/identity/rules", json={"types": types + own, "blocked": rules["blocked"]}).raise_for_status()
    wait_until(lambda: not martlet.api("/api/v1/identity/rules").get("resolving"), what="the new types")
    martlet.send([
        {"type": "track", "event": "Looked", "anonymousId": "tablet", "messageId": "v1"},
        {"type": "identify", "userId": "ada", "anonymousId": "tablet", "messageId": "a1", "traits": {"email": "family@wren.example", "phone": "+44 1", "loyaltyId": "L1"},
         "context": {"device": {"type": "ios", "id": "phone-1"}}},
        {"type": "identify", "userId": "ada", "messageId": "a2", "traits": {"email": "ada@wren.example"}},
        # Perhaps Ada herself, on another device: nobody says so, and nobody else is known by her address.
        {"type": "identify", "anonymousId": "other-phone", "messageId": "o1", "traits": {"email": "ada@wren.example"}},
        {"type": "identify", "userId": "bea", "anonymousId": "tablet", "messageId": "b1", "traits": {"email": "family@wren.example"}}])
    answer = martlet.call("POST", "/api/v1/privacy/erasures", json={"anonymousId": "tablet", "suppress": True}).json()
    assert (answer["suppressed"], answer["notSuppressed"]) == (["email", "loyaltyId", "phone", "userId"], ["anonymousId", "email", "ios.id"]), answer
    sent = [
        {"type": "track", "event": "E", "userId": "ada"}, {"type": "identify", "userId": "ada", "anonymousId": "tablet"}, {"type": "identify", "anonymousId": "d1", "traits": {"email": "Ada@wren.example"}},
        {"type": "identify", "anonymousId": "d2", "traits": {"phone": "+44 1"}}, {"type": "identify", "anonymousId": "d3", "traits": {"loyaltyId": "L1"}}, {"type": "alias", "userId": "new", "previousId": "ada"},
        {"type": "track", "event": "E", "userId": "bea", "anonymousId": "tablet"}, {"type": "identify", "userId": "bea", "traits": {"email": "family@wren.example"}},
        {"type": "track", "event": "Looked", "anonymousId": "tablet"}, {"type": "track", "event": "E", "userId": "cara", "context": {"device": {"type": "ios", "id": "phone-1"}}}]
    verdicts = martlet.post_batch([dict(event, messageId=new_id()) for event in sent], verdicts=True, wait=True).json()["verdicts"]
    assert [v["status"] for v in verdicts] == ["suppressed"] * 6 + ["accepted"] * 4, verdicts
    assert martlet.profile(userId="bea")["traits"]["email"] == "family@wren.example"


def test_a_visitor_without_a_name_is_suppressed_by_their_browser(martlet):
    """Who has nothing else is kept out by what was named; after an erasure by name, the person's browser is a visitor whom nobody knows, and can be shut out by a call of its own."""
    def sends(*events):
        return [v["status"] for v in martlet.post_batch([{"type": "track", "event": "E", "messageId": new_id(), **e} for e in events], verdicts=True, wait=True).json()["verdicts"]]
    assert sends({"anonymousId": "visitor"}, {"anonymousId": "laptop"}, {"anonymousId": "laptop", "userId": "ada"}) == ["accepted"] * 3
    answer = martlet.call("POST", "/api/v1/privacy/erasures", json={"anonymousId": "visitor", "suppress": True}).json()
    assert (answer["suppressed"], answer["notSuppressed"]) == (["anonymousId"], [])
    printed = martlet.cli("privacy", "erase", "--user-id", "ada", "--suppress").stdout
    assert "names their userId." in printed and "or may: anonymousId." in printed
    assert sends({"anonymousId": "visitor"}, {"anonymousId": "laptop"}, {"anonymousId": "laptop", "userId": "ada"}) == ["suppressed", "accepted", "suppressed"]
    assert martlet.profile(anonymousId="laptop")["events"] == 1
    martlet.cli("privacy", "erase", "--anonymous-id", "laptop", "--suppress")
    assert sends({"anonymousId": "laptop"}) == ["suppressed"] and martlet.events() == []
    without = martlet.call("POST", "/api/v1/privacy/erasures", json={"anonymousId": "laptop", "suppress": False})
    assert without.status_code == 404


def test_whom_nobody_has_met_can_be_suppressed(martlet):
    martlet.call("POST", "/api/v1/privacy/erasures", json={"email": "new@wren.example", "suppress": True}).raise_for_status()
    verdicts = martlet.post_batch([{"type": "identify", "userId": "new", "messageId": new_id(), "traits": {"email": "new@wren.example"}}], verdicts=True).json()["verdicts"]
    assert [v["status"] for v in verdicts] == ["suppressed"]
    assert martlet.call("POST", "/api/v1/privacy/erasures", json={"email": "newer@wren.example"}).status_code == 404


def test_who_was_suppressed_is_taken_in_again_by_any_of_their_identifiers(martlet):
    """All that were suppressed together come in together, whichever is named, in whichever case, and after a restart; who was suppressed beside them stays out."""
    def status(**event):
        return martlet.post_batch([{"type": "identify", "messageId": new_id(), **event}], verdicts=True).json()["verdicts"][0]["status"]
    def looked_up(**named):
        return martlet.call("POST", "/api/v1/privacy/suppressions/lookup", json=named).json()
    martlet.send([{"type": "identify", "userId": user, "messageId": user, "traits": {"email": f"{user.upper()}@Wren.example"}} for user in ("ada", "bea")])
    for user in ("ada", "bea"):
        martlet.cli("privacy", "erase", "--user-id", user, "--suppress")
    assert looked_up(userId="ada")["suppressed"] and looked_up(email="ADA@wren.example")["at"] == looked_up(userId="ada")["at"]
    assert looked_up(userId="cara") == {"suppressed": False, "at": None} and looked_up(anonymousId="ada")["suppressed"] is False
    assert status(userId="ada") == status(anonymousId="a1", traits={"email": "ada@wren.example"}) == "suppressed"
    refused = martlet.call("DELETE", "/api/v1/privacy/suppressions", json={"userId": "cara"})
    assert (refused.status_code, refused.json()["code"]) == (404, "privacy.not-suppressed")
    assert "since" in martlet.cli("privacy", "suppressed", "--user-id", "ada").stdout and "Not suppressed" in martlet.cli("privacy", "suppressed", "--user-id", "cara").stdout
    assert "Taken in again" in martlet.cli("privacy", "unsuppress", "--email", "Ada@wren.example").stdout
    for _ in range(2):
        assert looked_up(userId="ada") == looked_up(email="ada@wren.example") == {"suppressed": False, "at": None} and looked_up(userId="bea")["suppressed"]
        assert status(userId="ada", traits={"email": "ada@wren.example"}) == "accepted" and status(userId="bea") == "suppressed"
        martlet.stop()
        martlet.start()
    assert martlet.profile(userId="ada")["traits"]["email"] == "ada@wren.example"
    # Suppressed again by one of two, then by the other: both are one person's still.
    martlet.cli("privacy", "erase", "--email", "ada@wren.example", "--suppress")
    martlet.call("DELETE", "/api/v1/privacy/suppressions", json={"userId": "ada"}).raise_for_status()
    assert not looked_up(email="ada@wren.example")["suppressed"]
    assert martlet.call("DELETE", "/api/v1/privacy/suppressions", json={"userId": "ada"}).status_code == 404


def test_the_console_says_who_is_kept_out_and_takes_them_in_again(martlet):
    martlet.send([{"type": "identify", "userId": "ada", "messageId": "a", "traits": {"email": "ada@wren.example"}}])
    martlet.cli("privacy", "erase", "--user-id", "ada", "--suppress")
    reader = Reader(martlet).set_password()
    assert "/w/main/consent/suppressions" in reader.get("/w/main/consent").text
    def ask(**fields):
        return reader.post("/w/main/consent/suppressions", **fields)
    assert "Kept out" in ask(kind="userId", value=" ada ").text and "Taken as anybody is" in ask(kind="userId", value="cara").text
    found = ask(kind="email", value="ada@wren.example").text
    assert "Kept out" in found and "They may go there" in found
    stopped = ask(kind="email", value="ada@wren.example", change="stop").text
    assert "suppressed by hand" in stopped and martlet.call("POST", "/api/v1/suppressions/lookup", json={"address": "ada@wren.example"}).json()["suppressed"]
    taken = ask(kind="email", value="ada@wren.example", change="admit").text
    assert "Taken as anybody is" in taken and "suppressed by hand" in taken, "one list is not the other"
    assert "Taken as anybody is" in ask(kind="userId", value="ada").text
    assert "They may go there" in ask(kind="email", value="ada@wren.example", change="send").text
    martlet.cli("consent", "suppress", "ada@wren.example")
    assert "may go there again" in martlet.cli("consent", "unsuppress", "ADA@wren.example").stdout
    assert martlet.cli("consent", "unsuppress", "ada@wren.example", check=False).returncode == 4
    for kind, value in (("email", "no address"), ("userId", ""), ("userId", " ")):
        refused = ask(kind=kind, value=value)
        assert refused.status_code == 422 and "role=\"status\"" not in refused.text, (kind, value)


def test_a_suppressed_account_is_taken_in_no_more(martlet):
    martlet.send([{"type": "group", "userId": "ada", "groupId": "acme", "messageId": new_id(), "traits": {"name": "Acme"}}])
    martlet.call("POST", "/api/v1/privacy/erasures", json={"groupId": "acme", "suppress": True}).raise_for_status()
    events = [{"type": "group", "userId": "bea", "groupId": g, "messageId": new_id()} for g in ("acme", "other")] + [{"type": "track", "userId": "bea", "event": "E", "messageId": new_id()}]
    assert [v["status"] for v in martlet.post_batch(events, verdicts=True).json()["verdicts"]] == ["suppressed", "accepted", "accepted"]


def test_many_refused_items_around_much_are_looked_through_quickly(martlet):
    """Each of 50,000 refused items beside a megabyte that all have in common."""
    martlet.call("POST", "/api/v1/privacy/erasures", json={"email": "gone@wren.example", "suppress": True}).raise_for_status()
    body = '{"batch": [' + ",".join(["{}"] * 50_000) + '], "context": [' + ",".join(map(str, range(150_000))) + ']}'
    started = time.monotonic()
    martlet.http.post(martlet.url + "/v1/batch", data=body, auth=(martlet.write_key, ""), timeout=120)
    assert time.monotonic() - started < 30


def test_live_forgets_whom_an_erasure_forgets_and_nobody_else(martlet):
    """What others sent stays on Live; what was refused or sent twice goes, since it may name somebody in its own words."""
    for user in ("ada", "bea"):
        martlet.send([{"type": "track", "event": f"Tea of {user}", "userId": user, "messageId": user}])
    martlet.send([{"type": "track", "event": "Tea again", "userId": "ada", "messageId": "ada"}])
    martlet.send([{"type": "track", "event": "", "userId": "cara"}])
    reader = Reader(martlet).set_password()
    page = reader.get("/w/main/live").text
    assert all(text in page for text in ("Tea of ada", "Tea of bea", "Tea again", "cara"))
    martlet.cli("privacy", "erase", "--user-id", "ada")
    page = reader.get("/w/main/live").text
    assert "Tea of bea" in page and not any(text in page for text in ("Tea of ada", "Tea again"))
    martlet.send([{"type": "track", "event": "", "userId": "cara"}])
    assert "cara" in reader.get("/w/main/live").text
    martlet.cli("privacy", "erase", "--user-id", "cara")
    page = reader.get("/w/main/live").text
    assert "Tea of bea" in page and "cara" not in page


def test_erasure_of_nobody_says_so(martlet):
    """An unknown id is told apart from an erasure, and erases nothing."""
    martlet.track(userId="ada")
    result = martlet.cli("privacy", "erase", "--user-id", "nobody", check=False)
    assert result.returncode != 0 and "profile" in result.stderr, result.stderr
    assert martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": ""}).status_code == 400
    assert martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": "a", "email": "b"}).status_code == 400
    assert len(martlet.events(userId="ada")) == 1


def test_erasure_keeps_to_its_workspace(martlet):
    """The same person in `demo` is another tenant's."""
    demo = martlet.create_source("Shop", workspace="demo")["writeKey"]
    martlet.send([{"type": "track", "event": "Tea Steeped", "userId": "ada", "messageId": "main-1"}])
    martlet.send([{"type": "track", "event": "Tea Steeped", "userId": "ada", "messageId": "demo-1"}], key=demo)
    martlet.cli("privacy", "erase", "--user-id", "ada")
    assert martlet.events(userId="ada") == []
    assert [e["messageId"] for e in martlet.events(workspace="demo", userId="ada")] == ["demo-1"]


def test_a_shared_device_keeps_the_other_persons_events(martlet):
    """Two people on one device: erasing the first leaves the second whole, device and all."""
    martlet.send([
        {"type": "identify", "userId": "ada", "anonymousId": "kitchen-tablet", "messageId": "a1"},
        {"type": "identify", "userId": "bea", "anonymousId": "kitchen-tablet", "messageId": "b1", "traits": {"name": "Bea"}},
        {"type": "track", "userId": "bea", "anonymousId": "kitchen-tablet", "event": "Tea Steeped", "messageId": "b2"}])
    martlet.cli("privacy", "erase", "--user-id", "ada")
    assert [e["messageId"] for e in martlet.events(userId="bea")] == ["b1", "b2"]
    assert martlet.profile(userId="bea")["traits"] == {"name": "Bea"}
    assert "ada" not in martlet.call("GET", "/api/v1/events").text


# -- Global Privacy Control


def consents(martlet, **who):
    found = martlet.profile(**who)
    return found["optedOutOfSharing"], {c["purpose"]: c for c in found["consents"]}


def test_fault_56_a_browsers_signal_is_an_objection_to_sharing(martlet):
    """`Sec-GPC: 1`, by call, batch, beacon and pixel, or `context.gpc`: opted out, with the event that says so; it holds for the whole person and over a crash."""
    martlet.post("/v1/track", {"userId": "ada", "anonymousId": "a1", "event": "Tea Steeped", "messageId": "m1"}, headers={"Sec-GPC": "1"}, wait="profile")
    opted_out, found = consents(martlet, userId="ada")
    assert opted_out and found["sharing"]["because"] == "gpc" and found["sharing"]["messageId"] == "m1" and found["sharing"]["granted"] is False
    assert consents(martlet, anonymousId="a1")[0], "the browser is theirs"
    martlet.send([{"type": "track", "userId": "grace", "event": "Tea Steeped", "context": {"gpc": True}}, {"type": "track", "userId": "joan", "event": "Tea Steeped", "context": {"gpc": "1"}}])
    assert consents(martlet, userId="grace")[0] and consents(martlet, userId="joan")[0]
    # A device that is theirs brings its objection along.
    martlet.post("/v1/page", {"anonymousId": "a2", "messageId": "m2"}, headers={"Sec-GPC": "1"}, wait="profile")
    martlet.send([{"type": "identify", "userId": "lin", "anonymousId": "a2"}])
    assert consents(martlet, userId="lin")[0]
    martlet.kill9()
    martlet.start()
    assert all(consents(martlet, userId=u)[0] for u in ("ada", "grace", "joan", "lin"))


def test_fault_56_no_signal_says_nothing(martlet):
    """Without it, or with another value, nobody opted out; and nobody is taken to have agreed."""
    for value in (None, "0", "", "true", "1, 1"):
        user = new_id("calm")
        martlet.post("/v1/track", {"userId": user, "event": "Tea Steeped"}, headers={"Sec-GPC": value} if value is not None else {}, wait="profile")
        assert consents(martlet, userId=user) == (False, {}), value
    martlet.send([{"type": "track", "userId": "calm", "event": "Tea Steeped", "context": {"gpc": gpc}} for gpc in (False, None, 0, "no", {}, [1])])
    assert consents(martlet, userId="calm") == (False, {})


def test_fault_56_signal_and_choice(martlet):
    """Of one moment the objection stands; a later choice changes it, and the next signal changes it back. A choice is told from a signal."""
    allow = {"consent": {"categoryPreferences": {"sharing": True, "email.offers": True}}}
    refuse = {"consent": {"categoryPreferences": {"sharing": False}}}
    send = lambda minute, context: martlet.send([{"type": "track", "userId": "ada", "event": "Tea Steeped", "timestamp": f"2026-01-01T10:{minute:02d}:00Z", "context": context}])
    send(0, {**allow, "gpc": True})
    opted_out, found = consents(martlet, userId="ada")
    assert opted_out and found["email.offers"]["granted"] and found["email.offers"]["because"] == "stated"
    send(1, allow)
    assert not consents(martlet, userId="ada")[0]
    send(2, {"gpc": True})
    assert consents(martlet, userId="ada")[0]
    send(1, allow)
    assert consents(martlet, userId="ada")[0], "what was said earlier does not replace what was said later"
    send(30, refuse)
    assert consents(martlet, userId="ada")[1]["sharing"]["because"] == "stated"


def test_fault_56_the_profile_says_so(martlet):
    """On the person's page, with the message; and nothing there about who did not object."""
    reader = Reader(martlet).set_password()
    martlet.post("/v1/track", {"userId": "ada", "event": "Tea Steeped", "messageId": "the-signal"}, headers={"Sec-GPC": "1"}, wait="profile")
    martlet.track(userId="grace")
    page = reader.page("/w/main/profiles/" + martlet.profile(userId="ada")["id"])
    assert "Opted out of sale and sharing" in page.text and "Global Privacy Control" in page.text and "the-signal" in page.text
    assert "Opted out" not in reader.page("/w/main/profiles/" + martlet.profile(userId="grace")["id"]).text


def test_fault_56_an_erasure_forgets_the_objection(martlet):
    martlet.post("/v1/track", {"userId": "ada", "event": "Tea Steeped"}, headers={"Sec-GPC": "1"}, wait="profile")
    martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": "ada"})
    martlet.track(userId="ada")
    assert consents(martlet, userId="ada") == (False, {})
    martlet.post("/v1/track", {"userId": "ada", "event": "Tea Steeped"}, headers={"Sec-GPC": "1"}, wait="profile")
    assert consents(martlet, userId="ada")[0], "and hears the next"
