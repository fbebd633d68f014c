"""Journeys of the running product, through its API.

    python bench/journeys.py trigger [per second] [seconds]   from a trigger's receipt to its message handed to a mail sink, alone, beside a destination, and beside the same one when it never answers
    python bench/journeys.py many [journeys] [per second] [seconds]  the same with so many journeys live, each with an event, a timer and an exit of its own
    python bench/journeys.py campaign [people]                a campaign to everyone, until the last mail is taken by the sink
    python bench/journeys.py waiting [people] [runs of each]  entries a second, bytes for each who waits, the cost of a restart, how late timers ring
    python bench/journeys.py rehearsal FILE...                a draft of five steps over 90 days of these NDJSON files, the newest events last
"""
import asyncio
import base64
import contextlib
import datetime
import http.client
import json
import multiprocessing
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mail import free_port
from run import Server, percentile, show

SPEED = "name: Speed\ntrigger:\n  event: '\"Trigger\"'\nreentry: parallel\nsteps:\n- id: hello\n  message: hello\n  purpose: service\n"
MANY = """name: Speed {n}
trigger:
  event: '"Trigger {n}"'
reentry: parallel
exits:
- event: '"Left {n}"'
steps:
- id: hello
  message: hello
  purpose: service
- id: rest
  wait: {rest} seconds
- id: woke
  event: Woke {n}
"""
WAITING = "name: {name}\ntrigger:\n  event: '\"{event}\"'\nreentry: parallel\nsteps:\n- id: rest\n  wait: {rest}\n- id: woke\n  event: Woke\n"
DRAFT = """name: Five steps
trigger:
  event: '"Product Added"'
reentry: idle
steps:
- id: pause
  wait:
    until:
    - event: '"Order Completed"'
      then: [{exit: ordered}]
    timeout: 3 hours
- id: shoppers
  branch:
  - if: did "Order Completed" at least 1 time in last 90 days
    then: [{id: thanks, message: hello, purpose: service}]
- id: halves
  split:
  - share: 50%
    then: [{id: rest, wait: 1 day}]
  - share: 50%
    then: [{id: rest-longer, wait: 2 days}]
- id: again
  filter: did "Product Viewed" at least 1 time in last 7 days
- id: reminder
  message: hello
  purpose: service
"""


class Bench(Server):
    options = ["--allow-private-destinations"]

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="journeys-", dir=os.environ.get("BENCH_TMP"))
        super().__init__(self.home + "/data")
        self.setup()

    def api(self, method, path, body=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        c.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})
        answer = c.getresponse()
        text = answer.read()
        assert answer.status < 300, (method, path, answer.status, text[:500])
        return json.loads(text) if text else None

    def send(self, events, size=500, connections=4, rate=None):
        """In order for each connection; at a rate of so many events a second, or as fast as it goes."""
        auth = "Basic " + base64.b64encode((self.key + ":").encode()).decode()
        began = time.perf_counter()

        def work(part):
            c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            for start in range(part * size, len(events), size * connections):
                pause = began + start / rate - time.perf_counter() if rate else 0
                if pause > 0:
                    time.sleep(pause)
                while True:
                    c.request("POST", "/v1/batch", json.dumps({"batch": events[start : start + size]}), {"Authorization": auth, "Content-Type": "application/json"})
                    answer = c.getresponse()
                    answer.read()
                    if answer.status == 200:
                        break
                    time.sleep(float(answer.getheader("Retry-After") or 1))

        threads = [threading.Thread(target=work, args=(part,)) for part in range(connections)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        return time.perf_counter() - began

    def people(self, count):
        self.send([{"type": "identify", "userId": f"u{n}", "traits": {"email": f"u{n}@tea.example", "firstName": "Ada"}} for n in range(count)])
        self.wait_applied()

    def begin(self, yaml):
        journey = self.api("POST", "/journeys", {"yaml": yaml})
        self.api("POST", f"/journeys/{journey['id']}/start", {})
        return journey["id"]

    def end(self):
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def template(s):
    s.api("POST", "/templates", {"name": "hello", "kind": "email", "parts": {"subject": "Hello {{ profile.firstName }}", "html": "<p>Hello {{ profile.firstName }} <a href='https://tea.example/'>here</a></p>"}})


@contextlib.contextmanager
def mailing():
    """A server whose mail goes to a sink."""
    sink = free_port()
    catcher = subprocess.Popen(["smtp-sink"] + (["-u", "nobody"] if os.geteuid() == 0 else []) + [f"127.0.0.1:{sink}", "1024"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/tmp")
    s = Bench()
    try:
        s.api("PATCH", "/channels/email", {"from": {"address": "shop@wren.example"}, "host": "127.0.0.1", "port": sink, "security": "none", "connections": 16})
        template(s)
        yield s
    finally:
        s.end()
        catcher.kill()


def sent(s, count):
    """Every message, once so many are sent."""
    rows, after = [], None
    while len(rows) < count:
        page = s.api("GET", "/messages?limit=500&state=sent" + (f"&after={after}" if after else ""))
        rows += page["messages"]
        after = page.get("next")
        if not after and len(rows) < count:
            rows, after = [], time.sleep(1)
    return rows


class Receiver(asyncio.Protocol):
    """A destination that takes every call."""

    def connection_made(self, transport):
        self.transport, self.text = transport, b""

    def data_received(self, data):
        self.text += data
        while b"\r\n\r\n" in self.text:
            head, rest = self.text.split(b"\r\n\r\n", 1)
            length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])
            if len(rest) < length:
                return
            self.text = rest[length:]
            self.transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")


def receive(port):
    async def run():
        server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(run())


def trigger(rate=1000, length=20):
    for beside in ["", "/beside a destination", "/beside the same one dead"]:
        with mailing() as s, socket.socket() as dead:
            s.begin(SPEED)
            count = rate * length
            s.people(count)
            port = free_port()
            receiver = multiprocessing.Process(target=receive, args=(port,), daemon=True)
            if beside == "/beside a destination":
                receiver.start()
                s.api("POST", "/destinations", {"name": "shop", "url": f"http://127.0.0.1:{port}/"})
            elif beside:
                # It takes connections and never answers.
                dead.bind(("127.0.0.1", 0))
                dead.listen(1024)
                s.api("POST", "/destinations", {"name": "shop", "url": f"http://127.0.0.1:{dead.getsockname()[1]}/"})
            time.sleep(5)
            s.send([{"type": "track", "event": "Trigger", "userId": f"u{n}"} for n in range(count)], size=10, rate=rate)
            rows = sent(s, count)
            if receiver.is_alive():
                receiver.terminate()
            for name, end in [("handed to the channel", "firstTriedAt"), ("taken by the mail server", "endedAt")]:
                took = [(seconds(row[end]) - seconds(row["decidedAt"])) * 1000 for row in rows]
                show(f"journeys.trigger/{rate} a second{beside}/{name}", round(percentile(took, 0.5), 1), "ms p50", f"p99 {round(percentile(took, 0.99), 1)} ms, goal 100; {len(rows)} messages, signed")


def many(journeys=5000, rate=1000, length=20):
    with mailing() as s:
        began = time.perf_counter()
        for n in range(journeys):
            s.begin(MANY.format(n=n, rest=5 + n % 60))
        show("journeys.many/made and started", round(journeys / (time.perf_counter() - began)), "a second", f"{journeys} journeys, one call after the other")
        count = rate * length
        s.people(count)
        time.sleep(5)
        s.send([{"type": "track", "event": f"Trigger {n * 7919 % journeys}", "userId": f"u{n}"} for n in range(count)], size=10, rate=rate)
        rows = sent(s, count)
        took = [(seconds(row["firstTriedAt"]) - seconds(row["decidedAt"])) * 1000 for row in rows]
        show(f"journeys.many/{rate} a second/handed to the channel", round(percentile(took, 0.5), 1), "ms p50", f"p99 {round(percentile(took, 0.99), 1)} ms; {len(rows)} messages, {journeys} journeys live, their timers ringing beside it")


def campaign(count=200_000):
    with mailing() as s:
        s.people(count)
        s.api("POST", "/segments", {"name": "Everyone", "condition": 'firstName = "Ada"'})
        time.sleep(10)
        cpu, began = s.cpu_s(), time.perf_counter()
        journey = s.begin("name: All\ntrigger:\n  campaign: everyone\n  at: now\nsteps:\n- message: hello\n  purpose: service\n")
        while s.api("GET", f"/journeys/{journey}/results")["entered"] < count:
            time.sleep(0.5)
        show("journeys.campaign/everyone has begun", round(time.perf_counter() - began, 1), "s", f"{count} people")
        while left := sum(lane["waiting"] + lane["underway"] for lane in s.api("GET", "/deliveries?hours=1")["lanes"] if lane["name"] == "email"):
            # Every answer counts the whole queue.
            time.sleep(2 if left > 10_000 else 0.2)
        show("journeys.campaign/mail taken by the sink", round(count / (time.perf_counter() - began)), "a second", f"goal 2,000; {(s.cpu_s() - cpu) / count * 1000:.2f} ms of processor time each, signed by RSA and Ed25519")


def waiting(people=1_000_000, each=1, punctual=30_000):
    count = people * each
    s = Bench()
    try:
        s.people(people + punctual)
        time.sleep(10)
        s.kill()
        s.start()
        time.sleep(5)
        memory, disk = s.rss_mb(), os.path.getsize(decisions_file(s.home))
        journey = s.begin(WAITING.format(name="Waiting", event="Joined", rest="30 days"))
        began = time.perf_counter()
        for _ in range(each):
            s.send([{"type": "track", "event": "Joined", "userId": f"u{n}"} for n in range(people)])
        while s.api("GET", f"/journeys/{journey}/results")["entered"] < count:
            time.sleep(0.2)
        show("journeys.entries", round(count / (time.perf_counter() - began)), "a second", "goal 5,000")
        time.sleep(5)
        show("journeys.waiting/disk", round((os.path.getsize(decisions_file(s.home)) - disk) / count), "bytes each")
        s.kill()
        s.start()
        show("journeys.waiting/start after kill -9", round(s.started_s, 2), "s", f"{count} wait")
        time.sleep(5)
        show("journeys.waiting/memory", round((s.rss_mb() - memory) * 1048576 / count), "bytes each", "the whole server after a start, with the event that each began by")
        s.begin(WAITING.format(name="Punctual", event="Called", rest="20 seconds"))
        s.send([{"type": "track", "event": "Called", "userId": f"u{people + n}"} for n in range(punctual)], size=10, rate=1000)
        time.sleep(25)
        late = list(lateness(s, range(people, people + punctual, 15)))
        assert len(late) == punctual // 15, len(late)
        show("journeys.timers/late p50, 1,000 a second", round(percentile(late, 0.5) * 1000), "ms", f"beside {count} that wait")
        show("journeys.timers/late p99, 1,000 a second", round(percentile(late, 0.99) * 1000), "ms", "goal 1,000")
    finally:
        s.end()


def decisions_file(home):
    return next(os.path.join(folder, "decisions.sqlite") for folder, _, files in os.walk(home) if "decisions.sqlite" in files)


def lateness(s, numbers):
    """From the instant at which a wait was over to the receipt of the event that followed it."""
    for n in numbers:
        for event in s.get(f"/api/v1/events?userId=u{n}&limit=10")["events"]:
            if event.get("event") == "Woke":
                yield seconds(event["receivedAt"]) - seconds(event["timestamp"])


def rehearsal(files):
    s = Bench()
    try:
        template(s)
        for file in files:
            s.cli("import", file, "--source", "bench", "--wait")
        newest = max(seconds(json.loads(open(file, "rb").read().rsplit(b"\n", 2)[-2])["timestamp"]) for file in files)
        days = int((time.time() - newest) / 86400) + 91
        for _ in range(3):
            began = time.perf_counter()
            answer = s.api("POST", "/journeys/rehearse", {"yaml": DRAFT, "days": days})
            show("journeys.rehearsal/five steps, 90 days", round(time.perf_counter() - began, 2), "s", "goal 10; " + json.dumps({k: v for k, v in answer.items() if isinstance(v, (int, float))}))
    finally:
        s.end()


if __name__ == "__main__":
    what, rest = sys.argv[1], sys.argv[2:]
    {"trigger": lambda: trigger(*map(int, rest)), "many": lambda: many(*map(int, rest)), "campaign": lambda: campaign(*map(int, rest)), "waiting": lambda: waiting(*map(int, rest)), "rehearsal": lambda: rehearsal(rest)}[what]()
