"""Crashes, polite stops, frozen processes and lost answers: what was answered with 200 is kept, once, unchanged, in order."""
import random
import signal
import socket
import threading
import time

import pytest
import requests

from harness import SOAK, Sender, check_kept, new_id, tracked, wait_until

SEED = random.SystemRandom().randrange(1 << 32)


def start_senders(martlet, users=8, **options):
    # The last one sends so much at once that it goes past the page cache.
    senders = [Sender(martlet, f"till-{n}", **options) for n in range(users - 1)] + [Sender(martlet, f"till-{users - 1}", size=60, pad=1500)]
    for sender in senders:
        sender.start()
    return senders


def test_fault_01_crash_during_ingest(martlet):
    """kill -9 at random instants while eight users send: every acknowledged event is there once, unchanged, in order per user."""
    rounds, chance = (50 if SOAK else 8), random.Random(SEED)
    print("seed", SEED)
    # Padding makes the log roll over to new segments during the test, so that kills also meet sealing.
    senders = start_senders(martlet, size=5, pad=700)
    for _ in range(rounds):
        time.sleep(chance.uniform(0.05, 0.8))
        martlet.kill9()
        martlet.start()
    time.sleep(0.3)
    for sender in senders:
        sender.finish()
    assert sum(len(s.acknowledged) for s in senders) > 100, "too little was sent to prove anything"
    check_kept(martlet, senders)
    assert martlet.health()["status"] == "ok", martlet.health()
    martlet.restart()
    check_kept(martlet, senders)


def test_fault_02_crash_during_recovery(martlet):
    """kill -9 at 0 to 250 ms after each start: recovery can be repeated and loses nothing."""
    chance = random.Random(SEED)
    print("seed", SEED)
    senders = start_senders(martlet, users=4, size=10, pad=900)
    time.sleep(2.5)
    martlet.kill9()
    for sender in senders:
        sender.halt()
    for _ in range(50 if SOAK else 12):
        martlet.start(expect_ready=False)
        time.sleep(chance.uniform(0, 0.25))
        martlet.kill9()
    martlet.start()
    for sender in senders:
        sender.join(5)
    check_kept(martlet, senders)


def test_fault_03_polite_stop_under_load(martlet):
    """SIGTERM while six users send: it ends by itself within 15 s with status 0, loses no acknowledged event, and takes no new work."""
    senders = start_senders(martlet, users=6, size=5)
    time.sleep(1)
    started, port = time.monotonic(), martlet.port
    assert martlet.stop(timeout=15) == 0, martlet.errors()[-500:]
    print(f"stopped in {time.monotonic() - started:.2f} s")
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    counts = [len(s.acknowledged) for s in senders]
    for sender in senders:
        sender.halt()
        sender.join(15)
    assert [len(s.acknowledged) for s in senders] == counts, "something was acknowledged after the server had ended"
    assert not any(500 in s.statuses for s in senders), [s.statuses for s in senders]
    martlet.start()
    check_kept(martlet, senders)


def test_fault_03_polite_stop_with_idle_connections(martlet):
    """Idle kept-alive connections do not hold up a polite stop."""
    idle = [socket.create_connection(("127.0.0.1", martlet.port)) for _ in range(20)]
    used = requests.Session()
    assert used.get(martlet.url + "/health").status_code == 200
    try:
        assert martlet.stop(timeout=15) == 0
    finally:
        for connection in idle:
            connection.close()


def test_fault_03_polite_stop_with_a_half_sent_request(martlet):
    """A client that stopped in the middle of its body does not hold up a polite stop: nothing of it was acknowledged."""
    martlet.track()
    with socket.create_connection(("127.0.0.1", martlet.port)) as half:
        half.sendall(b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        time.sleep(0.2)
        assert martlet.stop(timeout=15) == 0
    assert not [line for line in martlet.logs() if line.get("level") == "error"], "what the end cuts off is no error"


def test_fault_03_polite_stop_with_an_open_stream(martlet):
    """A console that follows the live events does not hold up a polite stop."""
    stream = requests.get(martlet.url + "/api/v1/live", headers={"Authorization": "Bearer " + martlet.token()}, stream=True, timeout=5)
    if stream.status_code == 404:
        pytest.skip("/api/v1/live answers 404: there is no live stream yet")
    martlet.track()
    assert martlet.stop(timeout=15) == 0


def test_fault_03_sigint_stops_like_sigterm(martlet):
    """Ctrl-C in a terminal is a polite stop too."""
    mark = martlet.track()
    martlet.process.send_signal(signal.SIGINT)
    assert martlet.process.wait(15) == 0
    martlet._forget()
    martlet.start()
    assert len(martlet.events(messageId=mark)) == 1


def test_fault_04_frozen_process(martlet):
    """SIGSTOP for 2.5 s while clients time out after 0.5 s and send again: no duplicates, order kept."""
    senders = start_senders(martlet, users=6, timeout=0.5)
    time.sleep(0.5)
    for _ in range(3 if SOAK else 1):
        martlet.process.send_signal(signal.SIGSTOP)
        time.sleep(2.5)
        martlet.process.send_signal(signal.SIGCONT)
        time.sleep(1)
    for sender in senders:
        sender.timeout = 15
        sender.finish()
    assert sum(s.resent for s in senders) > 0, "nobody had to send again, so nothing was tested"
    check_kept(martlet, senders)


class CuttingProxy(threading.Thread):
    """Passes requests on, lets the server finish, and cuts the line instead of passing the answer back."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target, self.listener = port, socket.create_server(("127.0.0.1", 0))
        self.port, self.cutting, self.cut = self.listener.getsockname()[1], True, 0

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            client.settimeout(0.2)
            try:
                while chunk := client.recv(65536):
                    server.sendall(chunk)
            except TimeoutError:
                pass
            answer = server.recv(65536)
            if self.cutting:
                self.cut += 1
            else:
                client.sendall(answer)


def test_fault_05_lost_answer(martlet):
    """The line is cut after the server had finished: sending again is not a second event, and changes nothing about the first."""
    proxy = CuttingProxy(martlet.port)
    proxy.start()
    address, batch = f"http://127.0.0.1:{proxy.port}/v1/batch", [tracked("ada", n) for n in range(20)]
    header = {"Authorization": f"Bearer {martlet.write_key}"}
    for _ in range(3):
        with pytest.raises(requests.ConnectionError):
            requests.post(address, json={"batch": batch}, headers=header, timeout=5)
    proxy.cutting = False
    assert requests.post(address, json={"batch": batch}, headers=header, timeout=5).status_code == 200
    assert proxy.cut == 3
    assert [e["properties"]["n"] for e in martlet.events(userId="ada")] == list(range(20))


def test_fault_06_same_message_id_at_once(martlet):
    """32 connections send the same 20 messages at once, again after a restart and after a crash: each is stored once, and counts once."""
    messages = [{"type": "track", "event": "Tea Ordered", "userId": "ada", "messageId": new_id("same"), "properties": {"by": None}} for _ in range(20)]
    key, accepted, lock = martlet.write_key, [], threading.Lock()

    def all_at_once():
        gate = threading.Barrier(32)

        def one(number):
            mine = [{**m, "properties": {"by": number}} for m in messages]
            gate.wait()
            answer = martlet.post_batch(mine, key=key, verdicts=True)
            assert answer.status_code == 200, answer.text
            with lock:
                accepted.extend(v["messageId"] for v in answer.json()["verdicts"] if v["status"] == "accepted")

        threads = [threading.Thread(target=one, args=(n,)) for n in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    all_at_once()
    assert sorted(accepted) == sorted(m["messageId"] for m in messages), "each message is accepted from exactly one sender"
    first = {e["messageId"]: e["properties"] for e in martlet.events(userId="ada")}
    martlet.restart()
    all_at_once()
    martlet.kill9()
    martlet.start()
    all_at_once()
    stored = martlet.events(userId="ada")
    assert len(stored) == 20 and len(accepted) == 20
    assert {e["messageId"]: e["properties"] for e in stored} == first, "the first one wins, whatever later bodies say"
    assert martlet.profile(userId="ada")["events"] == 20


def test_fault_06_duplicates_are_told_within_one_batch_and_across_calls(martlet):
    """The verdict says `duplicate` for the second of two equal messageIds, in one batch or in two calls; another source may use the id again."""
    one, other = new_id("m"), martlet.create_source("Till")["writeKey"]
    answer = martlet.post_batch([{**tracked("ada", 1), "messageId": one}, {**tracked("ada", 2), "messageId": one}], verdicts=True).json()
    assert [v["status"] for v in answer["verdicts"]] == ["accepted", "duplicate"]
    again = martlet.post("/v1/track", {**tracked("ada", 3), "messageId": one}, verdicts="true").json()
    assert [v["status"] for v in again["verdicts"]] == ["duplicate"]
    elsewhere = martlet.post("/v1/track", {**tracked("ada", 4), "messageId": one}, key=other, verdicts="true").json()
    assert [v["status"] for v in elsewhere["verdicts"]] == ["accepted"]
    assert [e["properties"]["n"] for e in martlet.events(messageId=one)] == [1, 4]


def test_fault_09_long_recovery(martlet):
    """Every snapshot gone and a crash: the log makes everything again, quickly and with its progress told, and the profiles are the same."""
    total = 1_000_000 if SOAK else 300_000
    key, per_batch = martlet.write_key, 1000
    shops = [threading.Thread(target=lambda s=s: [
        martlet.post_batch([tracked(f"u{(s * 7 + n) % 5000}", f"{s}-{b}-{n}") for n in range(per_batch)], key=key).raise_for_status()
        for b in range(total // per_batch // 4)]) for s in range(4)]
    for shop in shops:
        shop.start()
    for shop in shops:
        shop.join()
    martlet.send([{"type": "identify", "userId": "ada", "messageId": new_id(), "traits": {"name": "Ada", "teas": 3}}])
    before = martlet.profile(userId="ada"), martlet.profile(userId="u7")["events"], martlet.api("/api/v1/overview")["events"]
    martlet.kill9()
    removed = [p for pattern in ("*.snapshot", "*.run") for p in martlet.data.rglob(pattern)]
    for path in removed:
        path.unlink()
    started = time.monotonic()
    martlet.start(timeout=60 if SOAK else 20)
    took = time.monotonic() - started
    said = [(int(line["events"]), int(line["of"])) for line in martlet.logs() if line.get("message") == "Reading the log."]
    assert said and all(0 < done <= end and end > total for done, end in said) and said == sorted(said), said
    print(f"{total} events read again in {took:.1f} s, {len(removed)} snapshots removed")
    assert took < max(3, 10 * total / 1e6)
    assert (martlet.profile(userId="ada"), martlet.profile(userId="u7")["events"], martlet.api("/api/v1/overview")["events"]) == before
    again = martlet.post_batch([tracked("u0", "0-0-0")], verdicts=True).json()
    assert again["verdicts"][0]["status"] == "duplicate", "duplicates are still told without the index's files"


def test_fault_11_two_processes_on_one_folder(martlet, make_martlet):
    """A second server on the same folder refuses with a message and a status; the first goes on unharmed."""
    mark = martlet.track()
    second = make_martlet(folder=martlet.data)
    second.start(expect_ready=False)
    assert second.process.wait(10) not in (0, None)
    wait_until(lambda: second.errors(), 2)
    assert "martlet:" in second.errors() and str(martlet.data) in second.errors(), second.errors()
    assert second.process.returncode > 0, "it ended by a signal"
    assert len(martlet.events(messageId=mark)) == 1
    martlet.track()
    assert martlet.cli("health").stdout.startswith("status: ok"), "the command line still reaches the first over its socket"


def test_fault_11_a_killed_server_leaves_no_lock_behind(martlet):
    """After kill -9 neither the lock file nor the old socket keeps the next server, or the command line, from working."""
    martlet.kill9()
    assert (martlet.data / "lock").exists()
    assert martlet.create_source("Between")["writeKey"], "the command line opens the folder by itself"
    martlet.start()
    martlet.track()
