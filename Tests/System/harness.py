"""Starts the real `martlet` binary in a folder of its own and talks to it like its users do.

Nothing here knows the insides of the server: it is judged by what it answers and by what it leaves on the disk.
"""
import base64
import itertools
import json
import os
import pathlib
import queue
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("MARTLET_BIN", ROOT / ".build/release/martlet")).absolute()
#: Long forms of the tests: 50 kills instead of 8, ten minutes of fuzzing, the slow attacks.
SOAK = os.environ.get("MARTLET_SOAK") == "1"
READY = re.compile(rb"Martlet is ready at (https?)://(?:\[.*\]|[^:]+):(\d+)")


class NotReady(AssertionError):
    """The server ended, or did not say that it is ready, in time."""


class Martlet:
    """One data folder, and the process that serves it while it runs."""

    def __init__(self, folder=None, args=(), env=None, preexec=None):
        # A short path: the folder's socket must fit the 107 bytes that a socket's path may have.
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="martlet-"))
        self.data = pathlib.Path(folder) if folder else self.home / "data"
        self.args, self.env, self.preexec = list(args), dict(env or {}), preexec
        self.process, self.port, self.scheme = None, None, "http"
        self.stdout, self.stderr, self.exits = [], [], []
        self.tokens, self._local, self._source = {}, threading.local(), None

    # -- the process

    def environment(self, extra=None):
        keep = {k: v for k, v in os.environ.items() if not k.startswith("MARTLET_")}
        return {**keep, **self.env, **(extra or {})}

    def start(self, *args, env=None, timeout=30, expect_ready=True):
        assert not self.running, "it runs already"
        self.process = subprocess.Popen(
            [str(BINARY), "serve", "--data", str(self.data), "--port", "0", *self.args, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=self.environment(env), preexec_fn=self.preexec, cwd=self.home)
        self.port, ready = None, queue.Queue()
        for stream, lines in ((self.process.stdout, self.stdout), (self.process.stderr, self.stderr)):
            threading.Thread(target=self._collect, args=(stream, lines, ready), daemon=True).start()
        if not expect_ready:
            return self
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                self.scheme, self.port = ready.get(timeout=0.05)
                return self
            except queue.Empty:
                if self.process.poll() is not None:
                    time.sleep(0.05)
                    raise NotReady(f"it ended with {self.process.returncode}: {self.errors()[-800:]}")
        raise NotReady(f"not ready within {timeout} s: {self.errors()[-800:]}")

    def _collect(self, stream, lines, ready):
        for line in stream:
            lines.append(line)
            if found := READY.search(line):
                ready.put((found[1].decode(), int(found[2])))

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self):
        return self.process.pid

    def kill9(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._forget()

    def stop(self, timeout=15):
        """Asks politely and gives the exit status; a server that does not end in time fails the test."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise AssertionError(f"still running {timeout} s after SIGTERM") from None
        self._forget()
        return status

    def restart(self, *args, **options):
        assert self.stop() == 0, self.errors()[-800:]
        return self.start(*args, **options)

    def _forget(self):
        """Connections of the process that ended are of no use to the next."""
        self.exits.append(self.process.returncode)
        self._local = threading.local()

    def close(self):
        if self.running:
            self.kill9()
        shutil.rmtree(self.home, ignore_errors=True)

    # -- what it says

    def errors(self):
        return b"".join(self.stderr).decode("utf-8", "replace")

    def logs(self):
        """The JSON lines on stderr; a line that is no JSON is given as {"text": line}."""
        out = []
        for line in self.errors().splitlines():
            try:
                out.append(json.loads(line))
            except ValueError:
                out.append({"text": line})
        return out

    def memory(self):
        """Resident bytes."""
        return int(pathlib.Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * 4096

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    # -- talking to it

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def http(self):
        """A session for each thread, since its connections are kept alive."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        return self._local.session

    def cli(self, *args, check=True, timeout=60, env=None, data=None):
        """Runs another command on the same folder; gives the finished process, or the JSON that it printed where `--json` is asked."""
        result = subprocess.run(
            [str(BINARY), *args, "--data", str(data or self.data)], capture_output=True, text=True, timeout=timeout, env=self.environment(env), cwd=self.home)
        if check:
            assert result.returncode == 0, f"martlet {' '.join(args)}: {result.returncode} {result.stderr[-800:]}"
        return json.loads(result.stdout) if check and "--json" in args else result

    def create_source(self, name="Shop", workspace="main"):
        return self.cli("source", "create", name, "--workspace", workspace, "--json")

    def create_token(self, scopes="all", workspace="main", name="tests"):
        return self.cli("token", "create", name, "--scopes", scopes, "--workspace", workspace, "--json")["token"]

    @property
    def source(self):
        if self._source is None:
            made = self.cli("source", "create", "Shop", "--json", check=False)
            if made.returncode != 0 and "of this name" in made.stderr:
                self._source = next(source for source in self.api("/api/v1/sources")["sources"] if source["name"] == "Shop")
            else:
                self._source = json.loads(made.stdout)
        return self._source

    @property
    def write_key(self):
        return self.source["writeKey"]

    def token(self, workspace="main"):
        if workspace not in self.tokens:
            self.tokens[workspace] = self.create_token(workspace=workspace)
        return self.tokens[workspace]

    def post(self, path, body, key=None, timeout=30, headers=None, **params):
        """One ingestion call; bodies are dicts or bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return self.http.post(
            self.url + path, data=data, params=params, timeout=timeout,
            headers={"Authorization": basic(key or self.write_key), "Content-Type": "application/json", **(headers or {})})

    def post_batch(self, events, key=None, verdicts=False, wait=False, timeout=30):
        params = {**({"verdicts": "true"} if verdicts else {}), **({"wait": "profile"} if wait else {})}
        return self.post("/v1/batch", {"batch": events}, key, timeout, **params)

    def send(self, events, key=None, wait=True):
        """Sends events and insists on success."""
        answer = self.post_batch(events, key, wait=wait)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def track(self, event="Tea Steeped", wait=True, **fields):
        """One track call; gives its messageId."""
        body = {"event": event, "messageId": new_id("m"), **fields}
        body.setdefault("userId", "ada") if "anonymousId" not in fields else None
        answer = self.post("/v1/track", body, **({"wait": "profile"} if wait else {}))
        assert answer.status_code == 200, answer.text
        return body["messageId"]

    def call(self, method, path, token=None, workspace="main", timeout=30, **options):
        headers = {"Authorization": "Bearer " + (token or self.token(workspace)), **options.pop("headers", {})}
        return self.http.request(method, self.url + path, headers=headers, timeout=timeout, **options)

    def api(self, path, expect=200, workspace="main", **params):
        """Reads JSON; integers come back as integers, whatever their size."""
        answer = self.call("GET", path, workspace=workspace, params=params)
        assert answer.status_code == expect, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def events(self, workspace="main", page=1000, **filters):
        """Every event that matches, page by page."""
        found, after = [], None
        while True:
            part = self.api("/api/v1/events", workspace=workspace, limit=page, **filters, **({"after": after} if after else {}))
            found += part["events"]
            after = part["next"]
            if not after:
                return found

    def profile(self, expect=200, **identifier):
        return self.api("/api/v1/profiles/lookup", expect=expect, **identifier)

    def health(self):
        return self.http.get(self.url + "/health", timeout=10).json()

    def raw(self, data, timeout=5, half_close=False):
        """Sends bytes as they are and reads until the server closes or says nothing for `timeout` seconds."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            try:
                connection.sendall(data)
                if half_close:
                    connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            out = b""
            try:
                while chunk := connection.recv(65536):
                    out += chunk
            except OSError:
                pass
            return out


def basic(key):
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


_counter = itertools.count(1)


def new_id(prefix="id"):
    return f"{prefix}-{next(_counter)}-{uuid.uuid4().hex[:10]}"


def tracked(user, number, **fields):
    """A track call of a numbered sequence, so that order and loss can be told."""
    return {"type": "track", "event": "Tea Steeped", "userId": user, "messageId": f"{user}-{number}", "properties": {"n": number}, **fields}


class Sender(threading.Thread):
    """One shop till: sends numbered events of one user in order, and sends each batch again until it is acknowledged.

    `acknowledged` holds the numbers that were answered with 200; `statuses` every other answer that came.
    """

    def __init__(self, martlet, user, size=3, pad=0, timeout=10, on_ack=None, limit=None, key=None):
        super().__init__(daemon=True)
        self.martlet, self.user, self.size, self.timeout, self.on_ack, self.limit = martlet, user, size, timeout, on_ack, limit
        self.key = key or martlet.write_key
        self.pad = "t" * pad
        self.acknowledged, self.statuses, self.resent = [], [], 0
        self.sent = 0
        self._halt = threading.Event()

    def event(self, number):
        event = tracked(self.user, number)
        event["properties"]["tea"] = "Dårjeeling № 7 ☕"
        if self.pad:
            event["properties"]["leaves"] = self.pad
        return event

    def run(self):
        number = 0
        while not self._halt.is_set() and (self.limit is None or number < self.limit):
            numbers = list(range(number, number + self.size))
            number += self.size
            self.sent = number
            batch = [self.event(n) for n in numbers]
            while True:
                try:
                    answer = self.martlet.post_batch(batch, key=self.key, timeout=self.timeout)
                    if answer.status_code == 200:
                        self.acknowledged += numbers
                        if self.on_ack:
                            self.on_ack(self, numbers)
                        break
                    self.statuses.append(answer.status_code)
                except (requests.RequestException, TypeError):
                    pass
                self.resent += 1
                if self._halt.is_set():
                    return
                time.sleep(0.02)

    def halt(self):
        self._halt.set()

    def finish(self, timeout=20):
        self.halt()
        self.join(timeout)


def check_kept(martlet, senders):
    """Every acknowledged event is there exactly once, unchanged, and in the order in which its sender sent it."""
    # A person's events are read from applied state, which may be a moment behind the last acknowledgement.
    wait_until(lambda: (o := martlet.api("/api/v1/overview"))["applied"] >= o["events"], 10, what="applying")
    for sender in senders:
        stored = martlet.events(userId=sender.user)
        numbers = [e["properties"]["n"] for e in stored]
        missing = sorted(set(sender.acknowledged) - set(numbers))
        assert not missing, f"{sender.user}: acknowledged but lost: {missing[:10]} of {len(sender.acknowledged)}"
        assert len(numbers) == len(set(numbers)), f"{sender.user}: stored twice: {sorted(n for n in set(numbers) if numbers.count(n) > 1)[:10]}"
        assert numbers == sorted(numbers), f"{sender.user}: out of order: {[(a, b) for a, b in zip(numbers, numbers[1:]) if a > b][:5]}"
        for event in stored:
            wanted = sender.event(event["properties"]["n"])
            for field in ("type", "event", "userId", "messageId", "properties"):
                assert event[field] == wanted[field], f"{field} is {event[field]!r}, was sent as {wanted[field]!r}"


def wait_until(condition, seconds=10, every=0.05, what="it"):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(every)
    raise AssertionError(f"{what}: not within {seconds} s")


def files(folder):
    """Every regular file below, largest last. A running server may replace some meanwhile: then the look is taken again."""
    for _ in range(20):
        try:
            return sorted((p for p in pathlib.Path(folder).rglob("*") if p.is_file() and not p.is_symlink()), key=lambda p: p.stat().st_size)
        except OSError:  # Gone while it was looked at.
            time.sleep(0.1)
    raise AssertionError("the folder does not come to rest")


def contents(folder):
    """Every regular file below with its bytes, all of one moment in which none was replaced."""
    for _ in range(20):
        try:
            return [(path, path.read_bytes()) for path in files(folder)]
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the folder does not come to rest")


def copy_store(martlet, into):
    """A copy of a stopped server's folder, without its socket."""
    shutil.copytree(martlet.data, into, ignore=shutil.ignore_patterns("*.sock"))
    return pathlib.Path(into)
