"""A memory budget: before it is reached, events are refused for a while; a process that gets no memory all the same ends, and loses nothing."""
import base64
import gzip
import json
import os
import re
import resource
import socket
import subprocess
import threading
import time

import pytest
import requests

from harness import BINARY, NotReady, Sender, basic, check_kept, new_id, tracked, wait_until

MB = 1 << 20


def anonymous(martlet):
    """Bytes that no file backs."""
    resident, shared = open(f"/proc/{martlet.pid}/statm").read().split()[1:3]
    return (int(resident) - int(shared)) * resource.getpagesize()


class Watch(threading.Thread):
    """The highest memory use while it runs."""

    def __init__(self, martlet):
        super().__init__(daemon=True)
        self.martlet, self.highest, self.halted = martlet, 0, False
        self.start()

    def run(self):
        while not self.halted:
            try:
                self.highest = max(self.highest, anonymous(self.martlet))
            except OSError:
                return
            time.sleep(0.02)


def open_body(martlet, size):
    """A call that announces a body, sends all of it but the last byte, and waits; it may be refused meanwhile."""
    line = socket.create_connection(("127.0.0.1", martlet.port), timeout=5)
    line.sendall(f"POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: {basic(martlet.write_key)}\r\nContent-Length: {size}\r\n\r\n".encode())
    try:
        line.sendall(b" " * (size - 1))
    except OSError:
        pass
    return line


def test_fault_12_bodies_on_their_way_in_stay_within_the_budget(make_martlet):
    """200 senders with 4 MB each, none of them ending: 503 before the budget, everybody else is served, and all is well when they go."""
    budget = 256 * MB
    martlet = make_martlet(args=["--memory", "256MB"]).start()
    martlet.track()
    watch, held, refused = Watch(martlet), [], 0
    try:
        for _ in range(200):
            held.append(open_body(martlet, 4 * MB - 10))
        for line in held:
            line.settimeout(0.05)
            try:
                refused += b" 503 " in line.recv(4096)[:20]
            except OSError:
                pass
        assert refused > 100, f"{refused} of 200 were told to come again"
        assert martlet.health()["status"] == "ok" and martlet.events(userId="ada")
    finally:
        for line in held:
            line.close()
        watch.halted = True
    assert watch.highest < budget, f"{watch.highest / MB:.0f} MB of 256"
    wait_until(lambda: martlet.post("/v1/track", {"userId": "ada", "event": "Tea Steeped"}).status_code == 200, 10, 0.2, "taking events again")


def test_fault_12_events_are_refused_before_the_budget_is_reached(make_martlet):
    """More people than fit: at some point 503 with Retry-After and a reason, memory below the budget, reading goes on, nothing acknowledged is lost; with more memory it goes on."""
    martlet = make_martlet(args=["--memory", "128MB"]).start()
    martlet.token()
    watch, accepted, answer = Watch(martlet), [], None
    end = time.monotonic() + 60
    for number in range(100_000):
        users = [f"{number}-{n}-" + "u" * 200 for n in range(1000)]
        body = gzip.compress(json.dumps({"batch": [{"type": "identify", "userId": u, "traits": {f"t{k}": u for k in range(3)}} for u in users]}).encode(), 1)
        answer = martlet.post("/v1/batch", body, headers={"Content-Encoding": "gzip"})
        tries = 0
        while answer.status_code == 429 or answer.status_code == 503 and (tries := tries + 1) < 5:
            # A busy machine's profiles lag behind, or memory was short while a call was read; those refusals pass.
            time.sleep(0.5)
            answer = martlet.post("/v1/batch", body, headers={"Content-Encoding": "gzip"})
        if answer.status_code != 200:
            # Near the mark, what is given back to the system can make room again between a refusal and the next look: then it takes more.
            health = martlet.http.get(martlet.url + "/health", timeout=10)
            if health.status_code == 503:
                break
        else:
            accepted.append(users[0])
        assert time.monotonic() < end, "it took a minute of events without coming near its budget"
    watch.halted = True
    assert answer.status_code == 503 and answer.json()["code"] == "memory.short" and int(answer.headers["Retry-After"]) > 0, answer.text
    assert "memory" in answer.json()["remedy"]
    assert watch.highest < 128 * MB, f"{watch.highest / MB:.0f} MB of 128"
    assert health.json()["reasons"][0]["code"] == "memory.short"
    assert len(martlet.events(userId=accepted[0])) == 1, "reading goes on"
    martlet.kill9()
    martlet.args = []
    martlet.start()
    assert martlet.health()["status"] == "ok"
    for user in (accepted[0], accepted[-1]):
        assert len(martlet.events(userId=user)) == 1
    martlet.track()


def many_people(tag, count):
    """Identify calls of as many people, each with three values that nobody else has."""
    return [{"type": "identify", "userId": f"{tag}-{n}", "messageId": f"m-{tag}-{n}", "traits": {f"t{k}": f"{tag}-{n}" for k in range(3)}} for n in range(count)]


def test_fault_12_what_waits_to_be_applied_counts(make_martlet):
    """Eight senders at once are acknowledged faster than their people are made: what that will take is counted before it is there."""
    martlet = make_martlet(args=["--memory", "128MB"]).start()
    martlet.token()
    bodies = [gzip.compress(json.dumps({"batch": many_people(f"{n}", 1000)}).encode(), 1) for n in range(300)]
    watch, accepted, halted = Watch(martlet), [], threading.Event()

    def send(first):
        session = requests.Session()
        for n in range(first, len(bodies), 8):
            while not halted.is_set():
                answer = session.post(martlet.url + "/v1/batch", bodies[n], headers={"Authorization": basic(martlet.write_key), "Content-Encoding": "gzip"}, timeout=30)
                if answer.status_code == 200:
                    accepted.append(n)
                    break
                assert answer.status_code in (429, 503), answer.text
                if answer.status_code == 503:
                    assert answer.json()["code"] == "memory.short"
                    return halted.set()
                time.sleep(0.02)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(1)
    watch.halted = True
    assert halted.is_set(), "300,000 people fit: the test must press harder"
    assert watch.highest < 128 * MB, f"{watch.highest / MB:.0f} MB of 128"
    assert len(martlet.events(userId=f"{accepted[-1]}-999")) == 1


def test_fault_12_an_import_stays_within_the_budget(make_martlet, tmp_path):
    """An import of more people than fit waits below the budget; cancelled there, what it took is there, and with more memory it goes on where it stood."""
    martlet = make_martlet(args=["--memory", "128MB"]).start()
    martlet.token()
    martlet.create_source("Old system")
    path = tmp_path / "people.ndjson"
    path.write_text("".join(json.dumps(e) + "\n" for e in many_people("old", 300_000)))
    watch = Watch(martlet)
    process = subprocess.Popen([str(BINARY), "import", str(path), "--source", "Old system", "--data", str(martlet.data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=martlet.environment())
    stood, since = -1, time.monotonic()
    while time.monotonic() - since < 2:
        taken = sum(job["accepted"] for job in martlet.api("/api/v1/imports")["imports"])
        stood, since = taken, since if taken == stood and taken else time.monotonic()
        assert process.poll() is None, "300,000 people fit: the test must press harder"
        time.sleep(0.1)
    watch.halted = True
    process.kill()
    process.wait()
    assert watch.highest < 128 * MB, f"{watch.highest / MB:.0f} MB of 128"
    assert len(martlet.events(userId="old-0")) == 1
    martlet.stop()
    martlet.args = []
    martlet.start()
    done = martlet.cli("import", str(path), "--source", "Old system", "--wait", "--json", timeout=120)
    assert done["accepted"] + done["duplicates"] == 300_000 and done["duplicates"] > 1000, done
    assert [len(martlet.events(userId=f"old-{n}")) for n in (0, 150_000, 299_999)] == [1, 1, 1]


def test_fault_29_a_backup_takes_little_memory(make_martlet, tmp_path):
    """Beside senders, a backup of more than a hundred megabytes takes a few of memory."""
    martlet = make_martlet(args=["--memory", "512MB"]).start()
    martlet.token()
    for n in range(60):
        martlet.send([tracked("ada", n * 100 + k, properties={"noise": base64.b64encode(os.urandom(15_000)).decode()}) for k in range(100)], wait=False)
    martlet.send([tracked("ada", 6000)])
    size = sum(f.stat().st_size for f in martlet.data.rglob("*") if f.is_file())
    senders = [Sender(martlet, f"till-{n}") for n in range(4)]
    before, watch = anonymous(martlet), Watch(martlet)
    for sender in senders:
        sender.start()
    martlet.cli("backup", str(tmp_path / "backup"))
    for sender in senders:
        sender.finish()
    watch.halted = True
    assert size > 100 * MB, f"{size / MB:.0f} MB to copy"
    assert watch.highest - before < 64 * MB, f"{(watch.highest - before) / MB:.0f} MB more than before"


def test_fault_12_a_process_that_gets_no_memory_loses_no_acknowledged_event(martlet):
    """The system gives it nothing more while events come in: it ends by itself, or is killed; after the start all that was acknowledged is there, once and in order."""
    senders = [Sender(martlet, f"till-{n}", size=20, pad=2000, timeout=3) for n in range(4)]
    for sender in senders:
        sender.start()
    wait_until(lambda: all(len(s.acknowledged) > 100 for s in senders), 20, what="events")
    mapped = int(open(f"/proc/{martlet.pid}/statm").read().split()[0]) * resource.getpagesize()
    resource.prlimit(martlet.pid, resource.RLIMIT_AS, (mapped, mapped))
    # Every new person takes memory for good, and a Swift process that gets none ends.
    end, round = time.monotonic() + 90, 0
    while martlet.running and time.monotonic() < end:
        round += 1
        batch = [{"type": "identify", "userId": f"{round}-{n}-" + "u" * 200, "traits": {"note": f"{round}-{n}" * 30}} for n in range(300)]
        try:
            martlet.post("/v1/batch", {"batch": batch}, timeout=5)
        except (requests.RequestException, TypeError):
            pass
    assert not martlet.running, "it was to get no memory, and lives: the test must press harder"
    assert martlet.process.wait() < 0, "an end by a signal, as from the system"
    martlet._forget()
    martlet.start()
    counts = [len(s.acknowledged) for s in senders]
    for sender in senders:
        sender.finish()
    assert sum(counts) > 400
    check_kept(martlet, senders)


@pytest.mark.parametrize("value", ["tea", "-1", "1MB", "127MB", "99999999999GB", "1.5GB"])
def test_a_wrong_budget_is_named_with_the_remedy(make_martlet, value):
    for server, options in ((make_martlet(args=["--memory=" + value]), {}), (make_martlet(), {"env": {"MARTLET_MEMORY": value}})):
        with pytest.raises(NotReady):
            server.start(timeout=20, **options)
        assert "`memory`" in server.errors() and "512MB" in server.errors(), server.errors()


def test_metrics_show_the_budget(make_martlet):
    martlet = make_martlet(args=["--memory", "1GB"]).start()
    text = martlet.call("GET", "/metrics").text
    assert "martlet_memory_budget_bytes 1073741824\n" in text
    assert 1 * MB < int(re.search(r"^martlet_memory_bytes (\d+)$", text, re.M)[1]) < 512 * MB


def test_metrics_show_what_takes_the_disk_and_the_memory(make_martlet):
    martlet = make_martlet().start()
    martlet.send([{"type": "track", "userId": "ada", "event": "Tea Tasted", "properties": {"tea": "Assam"}}])
    martlet.stop()
    martlet.start()
    text = martlet.call("GET", "/metrics").text
    on_disk = {kind: int(size) for kind, size in re.findall(r'^martlet_disk_bytes\{workspace="main",kind="(\w+)"\} (\d+)$', text, re.M)}
    assert {"log", "messages", "identity", "profiles", "columns", "tables"} <= set(on_disk)
    folder = martlet.data / "workspaces/main"
    assert abs(sum(on_disk.values()) - sum(f.stat().st_blocks * 512 for f in folder.rglob("*") if f.is_file())) < 1 * MB
    forms = dict(re.findall(r'^martlet_columns_bytes\{workspace="main",form="(\w+)"\} (\d+)$', text, re.M))
    assert set(forms) == {"plain", "packed", "tail"} and sum(map(int, forms.values())) > 0
