"""E-mail through the running product: messages that were asked for beforehand and all become due at once, until the last is handed over to a local sink (`smtp-sink` of Debian's postfix package),
each with both DKIM signatures and without any, and `smtp-source -d` to the same sink beside it.

    python bench/mail.py [messages]
"""
import concurrent.futures
import datetime
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("MARTLET_BIN", ROOT / ".build/release/martlet"))
HTML = "<h1>Hello {{ profile.firstName }}</h1>" + "".join(f"<p>Assam no. {n}, 100 g — <a href='https://tea.example/{n}'>12.50</a></p>" for n in range(20))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, folder, sink):
        self.process = subprocess.Popen([BINARY, "serve", "--data", folder, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        command = [BINARY, "token", "create", "bench", "--scopes", "all", "--data", folder, "--json"]
        self.head = {"Authorization": "Bearer " + json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["token"]}
        self.key = json.loads(subprocess.run([BINARY, "source", "create", "Shop", "--data", folder, "--json"], check=True, capture_output=True, text=True).stdout)["writeKey"]
        self.session = requests.Session()
        self.session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=64))
        self.api("PATCH", "/channels/email", {"from": {"address": "shop@wren.example"}, "host": "127.0.0.1", "port": sink, "security": "none", "connections": 16, "requiresRecords": False})
        self.api("POST", "/templates", {"name": "hello", "kind": "email", "parts": {"subject": "Hello {{ profile.firstName }}", "html": HTML}})

    def api(self, method, path, body=None):
        answer = self.session.request(method, self.url + "/api/v1" + path, json=body, headers=self.head, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def people(self, count):
        for start in range(0, count, 500):
            batch = [{"type": "identify", "userId": f"u{n}", "traits": {"firstName": f"Ada {n}", "email": f"u{n}@tea.example"}} for n in range(start, min(start + 500, count))]
            self.session.post(self.url + "/v1/batch", json={"batch": batch}, headers={"X-Write-Key": self.key}, timeout=60).raise_for_status()

    def seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rate(self, count, run):
        """Messages a second, from the moment at which all are due until the last is sent, and the milliseconds of processor time that each took."""
        due = time.time() + 10 + count / 500
        when = datetime.datetime.fromtimestamp(due, datetime.timezone.utc).isoformat()
        ask = lambda n: self.api("POST", "/messages", {"userId": f"u{n}", "template": "hello", "channel": "email", "notBefore": when, "idempotencyKey": f"{run}-{n}"})
        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            list(pool.map(ask, range(count)))
        assert time.time() < due, "they were due before all were asked for: wait longer"
        time.sleep(due - time.time())
        before = self.seconds()
        while True:
            lane = next((lane for lane in self.api("GET", "/deliveries?hours=1")["lanes"] if lane["name"] == "email"), None)
            left = lane["waiting"] + lane["underway"] if lane else 0
            if left == 0:
                break
            assert lane["dead"] == 0, lane
            # Every answer counts the whole queue: seldom, until the end is near.
            time.sleep(0.5 if left > 3000 else 0.05)
        return count / (time.time() - due), (self.seconds() - before) / count * 1000


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    sink, home = free_port(), tempfile.mkdtemp(prefix="mail-", dir="/tmp")
    command = ["smtp-sink", "-c", f"127.0.0.1:{sink}", "1024"]
    catcher = subprocess.Popen(command[:1] + (["-u", "nobody"] if os.geteuid() == 0 else []) + command[1:], stdout=subprocess.DEVNULL, cwd="/tmp")
    server = Server(home + "/data", sink)
    try:
        server.people(count)
        rates = {}
        for run, signs in [("signed", True), ("unsigned", False)]:
            server.api("PATCH", "/channels/email", {"signs": signs})
            rates[run], cost = server.rate(count, run)
            print(f"mail.handed-over/{run}/per second    {rates[run]:9.0f}\nmail.processor/{run}/ms a message    {cost:9.2f}")
        start = time.time()
        subprocess.run(["smtp-source", "-d", "-s", "16", "-m", str(count), "-l", "9000", f"127.0.0.1:{sink}"], check=True)
        peer = count / (time.time() - start)
        print(f"mail.smtp-source -d/per second        {peer:9.0f}\nmail.unsigned to smtp-source's       {rates['unsigned'] / peer:9.2f}")
    finally:
        server.process.terminate()
        server.process.wait(30)
        catcher.terminate()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
