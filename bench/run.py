#!/usr/bin/env python3
"""Measures the running product through its public API and prints the figures; docs/BENCHMARKS.md records them.

    make bench                                  data made by the generator named by BENCH_GENERATOR (gen.py)
    bench/run.py --data FOLDER [--keep FOLDER]  NDJSON made before; FOLDER/ndjson/*.ndjson and FOLDER/manifest.json

Every answer is checked: the events and people that come out are those of the manifest.
"""
import argparse
import glob
import http.client
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import live

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BINARY = os.environ.get("MARTLET_BIN", os.path.join(ROOT, ".build/release/martlet"))


class Server:
    options = []

    def __init__(self, folder, port=0):
        self.folder = folder
        self.start(port)

    def start(self, port=0):
        began = time.monotonic()
        self.process = subprocess.Popen([BINARY, "serve", "--data", self.folder, "--port", str(port), *self.options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        self.started_s = time.monotonic() - began
        self.port = int(line.rsplit(":", 1)[1])
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def cli(self, *words):
        return subprocess.run([BINARY, *words, "--data", self.folder, "--json"], check=True, capture_output=True, text=True).stdout

    def setup(self):
        self.key = json.loads(self.cli("source", "create", "bench"))["writeKey"]
        self.token = json.loads(self.cli("token", "create", "bench", "--scopes", "all"))["token"]

    def get(self, path):
        c = http.client.HTTPConnection("127.0.0.1", self.port)
        c.request("GET", path, headers={"Authorization": "Bearer " + self.token})
        return json.loads(c.getresponse().read())

    def wait_applied(self):
        while True:
            o = self.get("/api/v1/overview")
            if o["applied"] >= o["events"]:
                return o
            time.sleep(0.02)

    def rss_mb(self):
        text = open("/proc/%d/status" % self.process.pid).read()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024

    def cpu_s(self):
        f = open("/proc/%d/stat" % self.process.pid).read().rsplit(")", 1)[1].split()
        return (int(f[11]) + int(f[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def disk_bytes(folder):
    return sum(os.lstat(os.path.join(d, f)).st_blocks * 512 for d, _, fs in os.walk(folder) for f in fs)


def show(name, value, unit, note=""):
    print("%-62s %12s %-9s %s" % (name, value, unit, note), flush=True)


def load(server, files, *words):
    out = subprocess.run([LOAD, "--url", "127.0.0.1:%d" % server.port, "--key", server.key, *words, *files], capture_output=True, text=True)
    if not out.stdout:
        sys.exit(out.stderr)
    return json.loads(out.stdout)


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p))]


def burst(files, tmp):
    """Acknowledged after fsync, 64 connections of 100 events."""
    s = Server(os.path.join(tmp, "burst"))
    s.setup()
    r = load(s, files, "--seconds", "30")
    began = time.monotonic()
    o = s.wait_applied()
    show("acknowledged, 64 connections, batches of 100", r["events_per_s"], "events/s", "for %.0f s; p50 %.1f ms, p99 %.1f ms" % (r["seconds"], r["p50_ms"], r["p99_ms"]))
    show("applied, at the end of the burst", round(o["events"] / (r["seconds"] + time.monotonic() - began)), "events/s", "%.1f s behind" % (time.monotonic() - began))
    show("memory after the burst", round(s.rss_mb()), "MB")
    s.kill()
    shutil.rmtree(s.folder)


def imported(files, manifest, tmp):
    s = Server(os.path.join(tmp, "import"))
    s.setup()
    cat = subprocess.Popen(["cat", *files], stdout=subprocess.PIPE)
    began = time.monotonic()
    out = subprocess.run([BINARY, "import", "-", "--source", "bench", "--wait", "--data", s.folder, "--json"], stdin=cat.stdout, capture_output=True, text=True)
    seconds = time.monotonic() - began
    r = json.loads(out.stdout)
    o = s.get("/api/v1/overview")
    lines = r["accepted"] + r["duplicates"]
    show("martlet import, applied", round(lines / seconds), "lines/s", "%d lines in %.1f s, %.1f CPU s" % (lines, seconds, s.cpu_s()))
    if manifest:
        wanted = manifest["events"] + manifest["identifies"]
        ok = r["accepted"] == wanted and r["duplicates"] == manifest["duplicates"] and o["profiles"] == manifest["profiles"]
        show("  the answer is the manifest's", "yes" if ok else "NO", "", "%d events, %d duplicates, %d people" % (r["accepted"], r["duplicates"], o["profiles"]))
    show("memory after the import", round(s.rss_mb()), "MB")
    # Sealing goes on behind; the disk is measured when it is through.
    while any(f.endswith(".new") for f in os.listdir(s.folder + "/workspaces/main/log")) or len(glob.glob(s.folder + "/workspaces/main/log/*.open")) > 1:
        time.sleep(0.5)
    s.stop()
    idle = [f for f in glob.glob(s.folder + "/workspaces/main/log/*") if f.endswith(".open") or f.endswith("spare")]
    total = disk_bytes(s.folder + "/workspaces/main") - sum(os.lstat(f).st_blocks * 512 for f in idle)
    sealed = sum(os.path.getsize(f) for f in glob.glob(s.folder + "/workspaces/main/log/*.sealed"))
    show("disk per event, full record, index, profiles", round(total / r["accepted"], 1), "bytes", "of it records %.1f; without the segment being written" % (sealed / r["accepted"]))
    return s


def reads(s, files, count=4000):
    ids = []
    with open(files[len(files) // 2], encoding="utf-8") as f:
        for line in f:
            if '"userId"' in line and len(ids) < 20000:
                ids.append(json.loads(line)["userId"])
    random.seed(1)
    times = []
    c = http.client.HTTPConnection("127.0.0.1", s.port)
    for k in range(count):
        began = time.perf_counter()
        c.request("GET", "/api/v1/profiles/lookup?events=50&userId=" + random.choice(ids), headers={"Authorization": "Bearer " + s.token})
        body = c.getresponse().read()
        times.append((time.perf_counter() - began) * 1000)
        assert b'"newest"' in body
    show("profile with its 50 newest events, one connection", "%.2f" % statistics.median(times), "ms p50", "p99 %.2f ms (client in Python included)" % percentile(times, 0.99))
    if shutil.which("wrk"):
        lua = os.path.join(os.path.dirname(s.folder), "reads.lua")
        with open(lua, "w") as f:
            f.write("local ids = {%s}\nmath.randomseed(1)\nrequest = function() return wrk.format('GET', '/api/v1/profiles/lookup?events=50&userId=' .. ids[math.random(#ids)], {['Authorization']='Bearer %s'}) end\n" % (",".join("'%s'" % i for i in ids), s.token))
        for connections in (1, 8):
            out = subprocess.run(["wrk", "-t1", "-c%d" % connections, "-d6", "--latency", "-s", lua, "http://127.0.0.1:%d" % s.port], capture_output=True, text=True).stdout
            got = {k: re.search(r"%s\s+([\d.]+\w+)" % k, out).group(1) for k in ("50%", "99%")}
            show("  wrk, %d connections" % connections, re.search(r"Requests/sec:\s+([\d.]+)", out).group(1), "reads/s", "p50 %s, p99 %s" % (got["50%"], got["99%"]))


def end_to_end(files, tmp):
    """How long until the profile shows an event, at 5,000 events/s beside it."""
    s = Server(os.path.join(tmp, "e2e"))
    s.setup()
    runner = threading.Thread(target=load, args=(s, files[:1], "--rate", "5000", "--batch", "10", "--seconds", "14", "--connections", "16"))
    runner.start()
    time.sleep(2)
    c = http.client.HTTPConnection("127.0.0.1", s.port)
    times = []
    until = time.monotonic() + 10
    import base64
    auth = "Basic " + base64.b64encode((s.key + ":").encode()).decode()
    while time.monotonic() < until:
        body = json.dumps({"userId": "probe-%d" % len(times), "event": "Probe"})
        began = time.perf_counter()
        c.request("POST", "/v1/track?wait=profile", body, {"Authorization": auth, "Content-Type": "application/json"})
        c.getresponse().read()
        times.append((time.perf_counter() - began) * 1000)
    runner.join()
    show("event sent to profile shows it, at 5,000 events/s", "%.1f" % statistics.median(times), "ms p50", "p99 %.1f ms of %d" % (percentile(times, 0.99), len(times)))
    s.kill()


def starts(s, tmp):
    s.start()
    time.sleep(0.5)
    show("start after a polite stop", "%.2f" % s.started_s, "s")
    s.kill()
    s.start()
    show("start after kill -9", "%.2f" % s.started_s, "s")
    show("memory after that start", round(s.rss_mb()), "MB")
    empty = Server(os.path.join(tmp, "empty"))
    time.sleep(1)
    show("empty start", "%.2f" % empty.started_s, "s")
    show("idle memory, empty", round(empty.rss_mb()), "MB")
    empty.kill()


def peers(data, tmp, *steps):
    """What the peers take for the same on the same machine, as their own run (BENCH_PEERS names run_peers.py, BENCH_PEERS_PYTHON a Python with duckdb and chdb) writes it."""
    results, store = os.path.join(tmp, "results-run.json"), os.path.join(tmp, "peers")
    os.makedirs(store, exist_ok=True)
    python = os.environ.get("BENCH_PEERS_PYTHON", sys.executable)
    subprocess.run([python, os.environ["BENCH_PEERS"], "--data", data, "--store", store, "--out", results, "--peers", "duckdb,clickhouse", *steps], check=True, stdout=subprocess.DEVNULL)
    return results


def questions(s, answers, data, tmp, compared):
    """The sixteen questions, each checked, of a server that was started again; and of the peers, right before."""
    s.stop()
    s.start()
    beside = ["--peers", peers(data, tmp, "query", "--reuse")] if compared else []
    words = ["--answers", answers, "--port", str(s.port), "--token", s.token, "--rounds", "15"]
    subprocess.run([sys.executable, os.path.join(ROOT, "bench/segments.py"), *words, *beside])


def main():
    global LOAD
    p = argparse.ArgumentParser()
    p.add_argument("--data")
    p.add_argument("--burst-data", nargs="*", default=[], help="further NDJSON files, so that the burst lasts 30 s")
    p.add_argument("--profiles", type=int, default=100000)
    p.add_argument("--events", type=int, default=5000000)
    p.add_argument("--answers", default=os.environ.get("BENCH_ANSWERS"), help="right answers of the sixteen questions for this scale, which are then asked too")
    p.add_argument("--segments", type=int, default=200, help="how many live segments")
    p.add_argument("--only", default="")
    a = p.parse_args()
    tmp = tempfile.mkdtemp(prefix="martlet-bench-", dir=os.environ.get("BENCH_TMP"))
    LOAD = os.path.join(tmp, "load")
    subprocess.run(["cc", "-O2", "-o", LOAD, os.path.join(ROOT, "bench/load.c")], check=True)
    data = a.data
    if not data:
        generator = os.environ.get("BENCH_GENERATOR")
        if not generator:
            sys.exit("Name the data generator (gen.py) in BENCH_GENERATOR, or data made before with --data.")
        data = os.path.join(tmp, "data")
        subprocess.run([sys.executable, generator, "--profiles", str(a.profiles), "--events", str(a.events), "--out", data], check=True)
    files = sorted(glob.glob(data + "/ndjson/*.ndjson"))
    manifest = json.load(open(data + "/manifest.json")) if os.path.exists(data + "/manifest.json") else None
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    cpu = re.search(r"model name\s*:\s*(.*)", open("/proc/cpuinfo").read())
    print("commit %s, %s, %d processors, load %s" % (commit, cpu.group(1) if cpu else "?", os.cpu_count(), os.getloadavg()))
    wanted = lambda name: not a.only or name in a.only.split(",")
    try:
        if wanted("burst"):
            burst(files + a.burst_data, tmp)
        if wanted("e2e"):
            end_to_end(files, tmp)
        if wanted("live"):
            live.live(Server, BINARY, files, a.burst_data, tmp, load, show, a.segments)
        if wanted("import"):
            compared = "BENCH_PEERS" in os.environ
            if compared:
                results = peers(data, tmp, "load", "query", "pipeline")
                for name, r in json.load(open(results))["pipeline"].items():
                    show("  %s, deduplicated and resolved tables of the same file" % name, round(r["events_per_s"]), "events/s")
            s = imported(files, manifest, tmp)
            starts(s, tmp)
            reads(s, files)
            if a.answers:
                questions(s, a.answers, data, tmp, compared)
            s.kill()
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


if __name__ == "__main__":
    main()
