"""A disk that fails, fills up, shortens writes or is slow: nothing is acknowledged that is not kept, reads go on, and it mends itself."""
import errno
import os
import resource
import subprocess
import time

import pytest

from harness import Sender, check_kept, new_id, tracked, wait_until
from shim import DATABASES_ONLY, LOG_FILES_ONLY, Shim


@pytest.fixture
def shimmed(make_martlet):
    """A running server whose disk obeys the test."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    server.send([tracked("ada", n) for n in range(10)])
    server.token()
    return server, shim


def refused(answer):
    """A fault of ours is 503 with words, since clients drop what is answered with 4xx."""
    assert answer.status_code == 503, f"{answer.status_code} {answer.text}"
    body = answer.json()
    assert body["code"] and body["message"], body
    assert int(answer.headers["Retry-After"]) > 0
    return body


def recovers(server, seconds=15):
    wait_until(lambda: server.post_batch([tracked("ada", new_id())]).status_code == 200, seconds, 0.2, "taking events again")
    wait_until(lambda: server.health()["status"] == "ok", seconds, 0.2, "health ok again")


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC], ids=["fault_17_every_write_EIO", "fault_18_every_write_ENOSPC"])
@pytest.mark.parametrize("which", [0, DATABASES_ONLY, LOG_FILES_ONLY], ids=["all_files", "databases", "log_files"])
def test_disk_fails_every_write(shimmed, code, which):
    """While writes fail nothing is acknowledged with anything but the truth, reads go on, health says why; then it recovers without a restart."""
    server, shim = shimmed
    senders = [Sender(server, f"till-{n}") for n in range(3)]
    for sender in senders:
        sender.start()
    time.sleep(0.3)
    shim.only, shim.write_errno = which, code
    time.sleep(0.5)
    if which != DATABASES_ONLY:
        body = refused(server.post_batch([tracked("ada", 100)]))
        if code == errno.ENOSPC:
            assert "full" in body["message"].lower(), body
        health = server.http.get(server.url + "/health")
        assert health.status_code == 503 and health.json()["status"] == "failing" and health.json()["reasons"], health.text
    if which != LOG_FILES_ONLY:
        # A refused event cannot be kept now, and is worth sending again.
        refused(server.post("/v1/track", {"event": "Nobody"}))
    assert [e["properties"]["n"] for e in server.events(userId="ada")][:10] == list(range(10)), "reads go on"
    assert server.profile(userId="ada")["events"] >= 10
    during = sum(len(s.acknowledged) for s in senders)
    time.sleep(0.5)
    if which != DATABASES_ONLY:
        assert sum(len(s.acknowledged) for s in senders) == during, "acknowledged while no write worked"
    shim.heal()
    recovers(server)
    time.sleep(0.5)
    for sender in senders:
        sender.finish()
    assert {status for s in senders for status in s.statuses} <= {503, 429}, {status for s in senders for status in s.statuses}
    assert sum(len(s.acknowledged) for s in senders) > during, "senders got through again"
    check_kept(server, senders)
    assert server.call("POST", "/api/v1/sources", json={"name": "Till"}).status_code == 201
    server.kill9()
    server.start()
    check_kept(server, senders)


@pytest.mark.parametrize("method, path, body", [
    ("POST", "/api/v1/sources", {"name": "Till"}), ("POST", "/api/v1/tokens", {"name": "till", "scopes": ["events:read"]}),
    ("PATCH", "/api/v1/sources/{source}", {"enabled": False}), ("POST", "/api/v1/sources/{source}/rotate", None),
    ("POST", "/api/v1/privacy/erasures", {"userId": "ada"})], ids=["make_source", "make_token", "disable_source", "rotate_key", "erase"])
def test_fault_18_admin_calls_on_a_full_disk(shimmed, method, path, body):
    """What people configure is refused with 503 and a reason, never 500; nothing is half done, and it works when there is room."""
    server, shim = shimmed
    shim.write_errno = shim.open_errno = errno.ENOSPC
    answer = server.call(method, path.format(source=server.source["id"]), json=body, timeout=10)
    shim.heal()
    assert answer.status_code == 503 and answer.json()["code"] != "server.failed", f"{answer.status_code} {answer.text}"
    assert server.post_batch([tracked("ada", 50)]).status_code == 200, "the source still works with its old key"
    assert [e["properties"]["n"] for e in server.events(userId="ada")][:10] == list(range(10))
    assert server.call(method, path.format(source=server.source["id"]), json=body).status_code in (200, 201)


def objection(user, message):
    """A track call by which a person objects to the purpose `service`."""
    return {"type": "track", "event": "Objected", "userId": user, "messageId": message,
            "context": {"consent": {"categoryPreferences": {"service": False, "analytics": False}}}}


@pytest.mark.parametrize("crash", [False, True], ids=["resent", "killed_and_resent"])
def test_fault_17_consent_that_cannot_be_recorded_is_not_lost(shimmed, crash):
    """The log takes an objection but the consent ledger cannot be written: no 200 until it is in force, and sending again makes it so, once."""
    server, shim = shimmed
    server.send([tracked("grace", 1)])
    assert server.profile(userId="grace")["id"]
    body = {"batch": [objection("grace", "objection-1")]}
    shim.only, shim.write_errno = DATABASES_ONLY, errno.EIO
    refused(server.post("/v1/batch", body))
    if crash:
        server.kill9()
        shim.heal()
        server.start()
    shim.heal()
    answer = wait_until(lambda: (a := server.post("/v1/batch", body, wait="profile")).status_code == 200 and a, 10, 0.2, "the objection's acknowledgement")
    assert answer.json()["success"]
    server.profile(userId="grace", expect=404)
    # Everything else goes on as if nothing had happened.
    server.send([tracked("ada", n) for n in range(20, 25)])
    assert [e["properties"]["n"] for e in server.events(userId="ada")] == list(range(10)) + list(range(20, 25))
    everything = [e["messageId"] for e in server.events()]
    assert everything.count("objection-1") == 1, f"the objection stands {everything.count('objection-1')} times in the log"


def test_fault_19_sync_fails_for_a_while(shimmed):
    """fsync fails for a second: no acknowledgement meanwhile, nothing lost after, also not by a crash."""
    server, shim = shimmed
    senders = [Sender(server, f"till-{n}") for n in range(4)]
    for sender in senders:
        sender.start()
    time.sleep(0.5)
    shim.sync_errno = errno.EIO
    time.sleep(0.3)
    during = sum(len(s.acknowledged) for s in senders)
    time.sleep(1)
    assert sum(len(s.acknowledged) for s in senders) == during, "acknowledged without a sync"
    refused(server.post_batch([tracked("ada", 100)]))
    shim.heal()
    recovers(server)
    time.sleep(0.5)
    for sender in senders:
        sender.finish()
    assert sum(len(s.acknowledged) for s in senders) > during
    check_kept(server, senders)
    server.kill9()
    server.start()
    check_kept(server, senders)


@pytest.mark.parametrize("size", [5, 120], ids=["little", "much"])
def test_fault_21_short_writes(shimmed, size):
    """Each write takes only half of what it is given: nobody notices, neither in the page cache nor past it."""
    server, shim = shimmed
    shim.short_writes = 1
    senders = [Sender(server, f"till-{n}", size=size, pad=800) for n in range(4)]
    for sender in senders:
        sender.start()
    time.sleep(2)
    for sender in senders:
        sender.finish()
    assert not any(s.statuses for s in senders), [s.statuses for s in senders]
    check_kept(server, senders)
    server.restart()
    check_kept(server, senders)


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EIO], ids=["as a file system that cannot", "as a broken disk"])
def test_writes_past_the_page_cache_fail(shimmed, code):
    """Where the file system takes nothing past its page cache, everything goes through it; where the disk is broken, nothing is acknowledged meanwhile."""
    server, shim = shimmed
    before = shim.direct
    senders = [Sender(server, f"till-{n}", size=120, pad=800) for n in range(4)]
    for sender in senders:
        sender.start()
    wait_until(lambda: shim.direct > before + 10, 10, 0.05, "writes past the page cache")
    shim.direct_errno = code
    time.sleep(1)
    statuses = {status for s in senders for status in s.statuses}
    assert statuses == (set() if code == errno.EINVAL else {503})
    shim.heal()
    acknowledged = sum(len(s.acknowledged) for s in senders)
    wait_until(lambda: sum(len(s.acknowledged) for s in senders) > acknowledged + 1000, 15, 0.1, "taking events again")
    for sender in senders:
        sender.finish()
    check_kept(server, senders)
    server.kill9()
    server.start()
    check_kept(server, senders)


def test_fault_22_slow_disk(shimmed):
    """Each sync takes 300 ms: 40 senders share each one, so that far more is taken than one event per sync, and reads do not wait."""
    server, shim = shimmed
    server.events(userId="ada", page=10)
    shim.sync_delay_us = 300_000
    senders = [Sender(server, f"till-{n}", size=1) for n in range(40)]
    for sender in senders:
        sender.start()
    reads, started = [], time.monotonic()
    while time.monotonic() - started < 4:
        before = time.monotonic()
        server.events(userId="ada", page=10)
        reads.append(time.monotonic() - before)
    for sender in senders:
        sender.halt()
    taken, took = sum(len(s.acknowledged) for s in senders), time.monotonic() - started
    print(f"{taken / took:.0f} events/s at 3 syncs/s, slowest read {max(reads) * 1000:.0f} ms")
    shim.heal()
    for sender in senders:
        sender.finish()
    assert taken / took > 30, "events did not share syncs"
    # A machine with much else to do may hold one or two up; what waits for the disk would do so again and again.
    assert sorted(reads)[-4] < 0.3, f"reads took {sorted(reads)[-4:]} s"
    check_kept(server, senders)


def test_fault_22_the_first_read_with_a_token_does_not_wait_for_the_disk(shimmed):
    """A read writes nothing that it has to wait for."""
    server, shim = shimmed
    shim.sync_delay_us = 300_000
    started = time.monotonic()
    server.events(userId="ada", page=10)
    assert time.monotonic() - started < 0.25


def test_fault_18_polite_stop_on_a_full_disk(shimmed):
    """SIGTERM while the disk is full: what was acknowledged is on the disk already, so it ends in time."""
    server, shim = shimmed
    shim.write_errno = shim.open_errno = errno.ENOSPC
    refused(server.post_batch([tracked("ada", 100)]))
    assert server.stop(timeout=15) == 0
    shim.heal()
    server.start()
    assert [e["properties"]["n"] for e in server.events(userId="ada")] == list(range(10))


@pytest.fixture
def small_disk(make_martlet):
    """A server on a tmpfs of 24 MB."""
    server = make_martlet()
    server.data.mkdir(mode=0o700)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "martlet-test", str(server.data)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a tmpfs cannot be mounted here: {done.stderr.strip()}")
    try:
        server.start()
        server.token()
        yield server
    finally:
        if server.running:
            server.kill9()
        subprocess.run(["umount", "-l", str(server.data)], check=False)


def test_fault_23_disk_full(small_disk):
    """The disk fills up under load: 503 and reads go on; when it is enlarged everything resumes without a restart, and no acknowledged event is lost."""
    server = small_disk
    senders = [Sender(server, f"till-{n}", size=20, pad=1500) for n in range(4)]
    for sender in senders:
        sender.start()
    wait_until(lambda: any(503 in s.statuses for s in senders), 40, 0.1, "the disk to fill up")
    time.sleep(1)
    free = os.statvfs(server.data)
    print(f"refused with {free.f_bavail * free.f_frsize >> 10} KB free, after {sum(len(s.acknowledged) for s in senders)} events")
    # A segment that is compressed meanwhile makes room for a moment, and health turns green by itself; the senders fill it again.
    wait_until(lambda: server.http.get(server.url + "/health").status_code == 503, 30, 0.05, "health to say so")
    # Counted before it is read: where room is made for a moment, more is acknowledged meanwhile.
    acknowledged = len(senders[0].acknowledged)
    assert len(server.events(userId="till-0", page=1000)) >= acknowledged
    assert server.profile(userId="till-0")["events"] > 0
    before = sum(len(s.acknowledged) for s in senders)
    subprocess.run(["mount", "-o", "remount,size=160m", str(server.data)], check=True)
    wait_until(lambda: sum(len(s.acknowledged) for s in senders) > before + 200, 20, 0.1, "resuming")
    for sender in senders:
        sender.finish()
    wait_until(lambda: server.health()["status"] == "ok", 10)
    assert {status for s in senders for status in s.statuses} <= {503, 429}
    check_kept(server, senders)
    server.kill9()
    server.start()
    check_kept(server, senders)


def test_fault_23_start_on_a_full_disk(small_disk):
    """A server that is restarted while the disk is full serves what it has, or says in words why it cannot; with room again it starts and has everything."""
    server = small_disk
    server.send([tracked("ada", n) for n in range(10)])
    server.token()
    server.kill9()
    filler = server.data / "filler"
    # Without a buffer, whose rest would fail again when the file is closed.
    with open(filler, "wb", buffering=0) as out:
        try:
            while True:
                out.write(bytes(1 << 16))
        except OSError:
            pass
    try:
        server.start()
        assert [e["properties"]["n"] for e in server.events(userId="ada")] == list(range(10))
        server.kill9()
    except AssertionError:
        assert server.process.poll() not in (None, 0) and server.process.returncode > 0, "it neither serves nor ends by itself"
        assert "martlet:" in server.errors() and ("full" in server.errors() or "space" in server.errors()), server.errors()[-400:]
        server._forget()
    filler.unlink()
    server.start()
    assert [e["properties"]["n"] for e in server.events(userId="ada")] == list(range(10))
    server.track()


@pytest.mark.parametrize("free", [0, 8 << 10])
def test_fault_23_a_start_without_room_says_so(small_disk, free):
    """Where a start needs more than there is, the refusal names the disk and not the port, and nothing is lost."""
    server = small_disk
    server.send([tracked("ada", n) for n in range(10)])
    server.token()
    # A polite stop leaves no files of SQLite's that the start could go on with.
    assert server.stop() == 0
    spare, filler = server.data / "spare", server.data / "filler"
    spare.write_bytes(bytes(free))
    with open(filler, "wb", buffering=0) as out:
        try:
            while True:
                out.write(bytes(1 << 12))
        except OSError:
            pass
    spare.unlink()
    server.start(expect_ready=False)
    assert server.process.wait(20) == 1
    wait_until(lambda: "martlet:" in server.errors(), 2)
    assert f"The disk with the data folder {server.data} is full" in server.errors() and "Free some space" in server.errors() and "port" not in server.errors(), server.errors()[-400:]
    server._forget()
    done = server.cli("source", "list", check=False)
    assert done.returncode == 1 and "is full" in done.stderr, done.stderr
    assert not (server.data / "room").exists()
    filler.unlink()
    server.start()
    assert [e["properties"]["n"] for e in server.events(userId="ada")] == list(range(10))


def test_fault_24_file_size_limit(make_martlet):
    """RLIMIT_FSIZE of 8 MB: no death by SIGXFSZ; smaller files are used, or 503 is answered, reads go on and nothing acknowledged is lost."""
    limit = 8 << 20
    server = make_martlet(preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    server.start()
    senders = [Sender(server, f"till-{n}", size=50, pad=3000) for n in range(4)]
    for sender in senders:
        sender.start()
    wait_until(lambda: sum(len(s.acknowledged) for s in senders) * 3200 > 40e6 or any(s.statuses for s in senders), 40, 0.1, "40 MB or a refusal")
    assert server.running, f"it died with {server.process.poll()}"
    time.sleep(1)
    assert server.profile(userId="till-0")["events"] > 0
    for sender in senders:
        sender.finish()
    print(f"{sum(len(s.acknowledged) for s in senders)} events taken, refusals: {sum(len(s.statuses) for s in senders)}")
    assert {status for s in senders for status in s.statuses} <= {503, 429}
    check_kept(server, senders)
    server.kill9()
    server.start()
    check_kept(server, senders)


def as_nobody():
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)


@pytest.mark.parametrize("how", [
    "read_only", "other_owner", "a_file", "missing_parent"])
def test_fault_28_folder_that_cannot_be_used(make_martlet, how):
    """A data folder that cannot be written: a clear message that names it, a status above 0, nothing made anywhere else."""
    server = make_martlet()
    os.chmod(server.home, 0o755)
    if how == "a_file":
        server.data.write_text("tea")
    elif how == "missing_parent":
        server.data = server.home / "no" / "such" / "folder"
        server.preexec = as_nobody if os.getuid() == 0 else None
    else:
        server.data.mkdir(mode=0o500 if how == "read_only" else 0o700)
        if os.getuid() != 0 and how == "other_owner":
            pytest.skip("only root can make a folder of another owner")
        if os.getuid() == 0:
            server.preexec = as_nobody
            if how == "read_only":
                os.chown(server.data, 65534, 65534)
    before = sorted(server.home.rglob("*"))
    server.start(expect_ready=False)
    try:
        status = server.process.wait(10)
    except subprocess.TimeoutExpired:
        raise AssertionError("it went on without a folder to write to") from None
    wait_until(lambda: server.errors(), 2, what="a message")
    assert status > 0, f"ended with {status}: {server.errors()[-300:]}"
    assert str(server.data) in server.errors() and "Fatal" not in server.errors(), server.errors()
    assert sorted(server.home.rglob("*")) == before, "something was made elsewhere"


def test_fault_28_read_only_files_in_the_folder(make_martlet):
    """A folder that was written by another user before (root, by mistake): a message, not a crash, and nothing lost."""
    if os.getuid() != 0:
        pytest.skip("only root can make files of another owner")
    server = make_martlet().start()
    mark = server.track()
    server.token()
    assert server.stop() == 0
    os.chmod(server.home, 0o755)
    for path in [server.data, *server.data.rglob("*")]:
        os.chown(path, 65534 if path.is_dir() else 0, 65534 if path.is_dir() else 0)
    server.preexec = as_nobody
    server.start(expect_ready=False)
    assert server.process.wait(10) > 0
    wait_until(lambda: server.errors(), 2)
    assert "martlet:" in server.errors() and "Fatal" not in server.errors(), server.errors()
    server._forget()
    server.preexec = None
    server.start()
    assert len(server.events(messageId=mark)) == 1


def test_fault_28_a_log_that_cannot_be_listed_is_not_taken_for_an_empty_one(make_martlet):
    """One failed look at the folder of the log at a start: it says so and ends, and every event is there at the next."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    server.token()
    server.send([tracked("ada", n) for n in range(7)])
    assert server.stop() == 0
    for code in (errno.EIO, errno.EACCES, errno.EMFILE):
        shim.list_errno = code
        server.start(expect_ready=False)
        assert server.process.wait(10) > 0
        wait_until(lambda: "error" in server.errors(), 2)
        server._forget()
        server.stderr.clear()
    shim.heal()
    server.start()
    assert server.health()["status"] == "ok" and len(server.events(userId="ada")) == 7


def test_long_data_path_works_or_is_refused_in_words(make_martlet):
    """A data folder whose path is too long for a Unix socket: it serves, or it ends with the reason and a status above 0."""
    server = make_martlet()
    server.data = server.home / ("tea-" * 30)
    server.start(expect_ready=False)
    wait_until(lambda: server.process.poll() is not None or b"ready" in b"".join(server.stdout), 10, what="an end or a beginning")
    if server.process.poll() is None:
        assert b"ready" in b"".join(server.stdout)
    else:
        wait_until(lambda: "martlet:" in server.errors(), 2, what="a message")
        assert "path" in server.errors() and "socket" in server.errors(), server.errors()
