"""A memory budget: before it is reached, events are refused for a while; a process that gets no memory all the same ends, and loses nothing."""
import gzip
import json
import re
import resource
import socket
import threading
import time

import pytest
import requests

from harness import NotReady, Sender, basic, check_kept, new_id, wait_until

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
        while answer.status_code == 429:
            # A busy machine's profiles lag behind; that is another refusal, and passes.
            time.sleep(0.5)
            answer = martlet.post("/v1/batch", body, headers={"Content-Encoding": "gzip"})
        if answer.status_code != 200:
            break
        accepted.append(users[0])
        assert time.monotonic() < end, "it took a minute of events without coming near its budget"
    watch.halted = True
    assert answer.status_code == 503 and answer.json()["code"] == "memory.short" and int(answer.headers["Retry-After"]) > 0, answer.text
    assert "memory" in answer.json()["remedy"]
    assert watch.highest < 128 * MB, f"{watch.highest / MB:.0f} MB of 128"
    health = martlet.http.get(martlet.url + "/health", timeout=10)
    assert health.status_code == 503 and health.json()["reasons"][0]["code"] == "memory.short"
    assert len(martlet.events(userId=accepted[0])) == 1, "reading goes on"
    martlet.kill9()
    martlet.args = []
    martlet.start()
    assert martlet.health()["status"] == "ok"
    for user in (accepted[0], accepted[-1]):
        assert len(martlet.events(userId=user)) == 1
    martlet.track()


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
