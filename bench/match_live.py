#!/usr/bin/env python3
"""Streaming matching on a running server: one record against all others, and from a profile's arrival to its pair in the queue.

    bench/match_live.py --people people_1000000_s7.csv [--questions 2000] [--work /tmp]

The file is one of the generator's (bench/matching.py says where it is). Every record becomes a profile of its own; then records of a second file, or of the same one with a slip in
it, are asked about over the API on one connection. Prints how long learning took, the percentiles of an answer, and the memory.
"""
import argparse
import base64
import csv
import http.client
import json
import os
import pathlib
import random
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from run import Server, percentile, show  # noqa: E402


def traits(row):
    """A record as senders write it."""
    out = {"firstName": row["first_name"], "middleName": row["middle_name"], "lastName": row["last_name"], "email": row["email"], "phone": row["phone"], "birthday": row["dob"],
           "customer_no": row["customer_no"], "device_id": row["device_id"], "address": {"street": row["street"], "city": row["city"], "state": row["state"], "postalCode": row["postcode"]}}
    out["address"] = {k: v for k, v in out["address"].items() if v}
    return {k: v for k, v in out.items() if v}


def slipped(record, chance):
    """The record as somebody else might write it."""
    out = dict(record)
    for key in list(out):
        if key != "lastName" and chance.random() < 0.3:
            del out[key]
    if "firstName" in out and chance.random() < 0.3:
        out["firstName"] = out["firstName"][:1]
    return out


def ask(server, connection, path, body):
    connection.request("POST", path, json.dumps(body), {"Authorization": "Bearer " + server.token, "Content-Type": "application/json"})
    answer = connection.getresponse()
    data = answer.read()
    return answer.status, data


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=pathlib.Path, required=True)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--work", type=pathlib.Path)
    options = parser.parse_args()
    chance = random.Random(5)
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        events = pathlib.Path(folder) / "people.ndjson"
        sample, count = [], 0
        with open(options.people, newline="") as rows, open(events, "w") as out:
            for row in csv.DictReader(rows):
                record = traits(row)
                out.write(json.dumps({"type": "identify", "userId": row["record_id"], "messageId": row["record_id"], "timestamp": "2026-01-01T00:00:00Z", "traits": record}) + "\n")
                count += 1
                if chance.random() < options.questions * 1.5 / 1_000_000 or len(sample) < options.questions and count % 50 == 0:
                    sample.append(record)
        server = Server(os.path.join(folder, "data"))
        server.setup()
        began = time.monotonic()
        server.cli("import", str(events), "--wait")
        show("match.import/%d profiles/s" % count, "%.1f" % (time.monotonic() - began), "s")
        while True:
            status = server.get("/api/v1/match")
            if status["records"] >= count * 0.99 and not status["learning"] and status["waiting"] == 0:
                break
            time.sleep(0.5)
        show("match.learned/%d profiles/s" % status["records"], "%.1f" % (time.monotonic() - began), "s", "from the import's beginning; model %d, %d pairs to review" % (status["model"], status["open"]))
        show("match.memory", "%.0f" % server.rss_mb(), "MB", "of the whole server")
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        times, found = [], 0
        chance.shuffle(sample)
        for record in sample[:options.questions]:
            body = {"record": slipped(record, chance), "limit": 10}
            began = time.perf_counter()
            code, data = ask(server, connection, "/api/v1/match", body)
            times.append((time.perf_counter() - began) * 1000)
            if code == 200:
                found += bool(json.loads(data)["candidates"])
        show("match.find/p50", "%.2f" % percentile(times, 0.5), "ms", "%d records asked, %d with a candidate" % (len(times), found))
        show("match.find/p99", "%.2f" % percentile(times, 0.99), "ms", "slowest %.1f ms" % max(times))
        waits = []
        for number, record in enumerate(sample[:100]):
            event = {"type": "identify", "userId": "new-%d" % number, "traits": {**record, "email": "new%d@wren.example" % number}}
            began = time.perf_counter()
            connection.request("POST", "/v1/batch", json.dumps({"batch": [event]}), {"Authorization": "Basic " + basic(server), "Content-Type": "application/json"})
            connection.getresponse().read()
            while time.perf_counter() - began < 5:
                profile = server.get("/api/v1/profiles/lookup?userId=new-%d" % number)
                if "id" in profile and json.loads(ask(server, connection, "/api/v1/match", {"profile": profile["id"]})[1]).get("candidates"):
                    break
                time.sleep(0.005)
            waits.append((time.perf_counter() - began) * 1000)
        show("match.arrival/p50", "%.0f" % percentile(waits, 0.5), "ms", "from sending a profile to its candidates")
        show("match.arrival/p99", "%.0f" % percentile(waits, 0.99), "ms")
        server.stop()


def basic(server):
    return base64.b64encode((server.key + ":").encode()).decode()


if __name__ == "__main__":
    main()
