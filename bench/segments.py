#!/usr/bin/env python3
"""Asks a running server the sixteen questions of the shop data, checks each answer exactly, and prints how long each took.

    bench/segments.py --data FOLDER --answers FILE --port N --token T [--rounds 5] [--peers RESULTS] [--arriving KEY --load PROGRAM --files A,B]

FOLDER holds the generator's ndjson/ and parquet/, FILE its answers. Times are those of the whole HTTP request, from the first byte sent to the last byte
received, and in brackets of the engine. RESULTS is what the peers' own run wrote; the ratio to the best of them stands behind. With --arriving, 5,000 events
a second of the files arrive meanwhile under the write key.
"""
import argparse
import glob
import json
import math
import socket
import statistics
import subprocess
import time

AS_OF = "2026-07-01T00:00:00Z"
SEGMENTS = {
    "q01": 'plan = "premium"',
    "q02": "loyaltyPoints between 1000 and 2500 and birthday > 1991-07-01 and birthday <= 2001-07-01",
    "q03": 'did "Order Completed" at least 3 times in last 30 days',
    "q04": 'sum(total) of "Order Completed" in last 90 days > 500',
    "q05": 'did "Product Added" from 30 days ago to 24 hours ago then not "Order Completed" within 24 hours',
    "q07": 'did "App Opened" in last 7 days and not did "Email Opened" in last 60 days',
    "q08": 'first time of "Order Completed" >= 2026-05-01 and first time of "Order Completed" < 2026-06-01',
    "q09": 'most frequent(category) of "Product Viewed" = "shoes"',
    "q11": 'distinct(category) of "Product Viewed" in last 30 days >= 5',
    "q16": 'country in ("US", "GB", "CA") and plan != "free" and (did "Order Completed" at least 2 times in last 60 days'
    ' or sum(total) of "Order Completed" in last 180 days >= 300)'
    ' and not (did "Order Refunded" in last 60 days or did "Support Ticket Opened" in last 30 days)',
}
SHOES = 'did "Product Viewed" where category = "shoes" in last 30 days'
INSIGHTS = {
    "q06": ("funnel", {"steps": ["Product Viewed", "Product Added", "Order Completed"], "within": "7d", "last": "60d"}),
    "q10": ("top", {"limit": 10, "event": "Order Completed", "sum": "total", "condition": 'country = "DE"'}),
    "q12": ("retention", {"period": "7d", "periods": 12}),
    "q13": ("overlap", {"conditions": [SEGMENTS["q01"], SEGMENTS["q04"], SEGMENTS["q03"], SEGMENTS["q07"], SHOES]}),
    "q14": ("rfm", {"event": "Order Completed", "monetary": "total", "tiles": 5}),
    "q15": ("active", {"period": "1d", "periods": 90, "by": "country"}),
}


class Asker:
    """One kept connection; requests are made ready before they are timed, and answers are read apart afterwards."""

    def __init__(self, port, token):
        self.port, self.token = port, token
        self.connection = None

    def request(self, question):
        if question in SEGMENTS:
            path, body = "/api/v1/segments/preview", {"condition": SEGMENTS[question], "asOf": AS_OF, "sample": 0}
        else:
            name, about = INSIGHTS[question]
            path, body = "/api/v1/analytics/" + name, dict(about, asOf=AS_OF)
        text = json.dumps(body).encode()
        head = "POST %s HTTP/1.1\r\nHost: martlet\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        return (head % (path, self.token, len(text))).encode() + text

    def ask(self, question, rounds):
        """The answer, and for each round the milliseconds of the request and of the engine."""
        request, walls, engines, answer = self.request(question), [], [], None
        with socket.create_connection(("127.0.0.1", self.port)) as s:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(rounds):
                began = time.perf_counter()
                s.sendall(request)
                data = s.recv(1 << 20)
                head = data.index(b"\r\n\r\n") + 4
                length = int(data[:head].lower().split(b"content-length:")[1].split()[0])
                while len(data) < head + length:
                    data += s.recv(1 << 20)
                walls.append((time.perf_counter() - began) * 1000)
                answer = json.loads(data[head:])
                if not data.startswith(b"HTTP/1.1 200"):
                    raise SystemExit("%s: %s" % (question, answer))
                engines.append(answer["milliseconds"])
        return answer, walls, engines


def best_peers(path):
    """By question: the milliseconds of the fastest peer, and its name."""
    asked = json.load(open(path))["query"]
    return {q: min((peer["median_ms"], name) for name, peer in peers.items() if isinstance(peer, dict) and "median_ms" in peer) for q, peers in asked.items()}


def cents(text):
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int((rest + "00")[:2])


def quintiles_by_first_seen(data):
    """The RFM table with ties in the order in which people were first seen, as the server has it; made from the data itself."""
    import duckdb

    con = duckdb.connect()
    con.execute("create view d as select * from read_parquet('%s/parquet/devices.parquet')" % data)
    device = dict(con.execute("select anonymous_id, profile_id from d").fetchall())
    born = {}
    for name in sorted(glob.glob(data + "/ndjson/*.ndjson")):
        with open(name, "rb") as lines:
            for line in lines:
                at = line.find(b'"anonymousId":"') + 15
                profile = device[line[at : at + 36].decode()]
                if profile not in born:
                    born[profile] = len(born)
    con.execute("create table b as select unnest($1) as profile_id, unnest($2) as born", [list(born.keys()), list(born.values())])
    return con.execute(
        """with p as (select profile_id, max(ts) l, count(*) c, sum(total_cents) s from read_parquet('%s/parquet/events-*.parquet')
             where event = 'Order Completed' group by 1),
           t as (select ntile(5) over (order by l, born) r, ntile(5) over (order by c, born) f, ntile(5) over (order by s, born) m from p join b using (profile_id))
           select r, f, m, count(*) from t group by 1, 2, 3 order by 1, 2, 3"""
        % data
    ).fetchall()


def rows(question, answer):
    if question in SEGMENTS:
        return [[answer["count"]]]
    if question == "q06":
        return [answer["steps"]]
    if question == "q10":
        return [[p["id"], cents(p["value"])] for p in answer["profiles"]]
    if question == "q12":
        return [[c["cohort"], c["later"], c["profiles"]] for c in answer["cells"]]
    if question == "q13":
        return [[c["mask"], c["profiles"]] for c in answer["cells"]]
    if question == "q14":
        return [[c["recency"], c["frequency"], c["monetary"], c["profiles"]] for c in answer["cells"]]
    return sorted([p["period"], p["group"] or "unknown", p["profiles"]] for p in answer["points"])


def expected(question, answers, data):
    known = [list(row) for row in answers[question]]
    if question in SEGMENTS:
        return [[known[0][0]]]
    if question == "q10":
        return [[None, row[1]] for row in known]
    if question == "q14":
        return [list(row) for row in quintiles_by_first_seen(data)] if data else None
    return sorted(known) if question == "q15" else known


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data")
    arguments.add_argument("--answers", required=True)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--token", required=True)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--only")
    arguments.add_argument("--peers")
    arguments.add_argument("--arriving")
    arguments.add_argument("--load")
    arguments.add_argument("--files")
    o = arguments.parse_args()
    answers = json.load(open(o.answers))
    answers = answers.get("answers", answers)
    peers = best_peers(o.peers) if o.peers else {}
    asker = Asker(o.port, o.token)
    sender = None
    if o.arriving:
        sender = subprocess.Popen(
            [o.load, "--url", "127.0.0.1:%d" % o.port, "--key", o.arriving, "--rate", "5000", "--batch", "10", "--seconds", "600", "--connections", "16", *o.files.split(",")],
            stdout=subprocess.DEVNULL)
        time.sleep(2)
    wrong, ratios = 0, []
    for question in sorted(list(SEGMENTS) + list(INSIGHTS)):
        if o.only and question not in o.only.split(","):
            continue
        answer, walls, engines = asker.ask(question, o.rounds)
        # What arrives changes the answers.
        got, want = rows(question, answer), None if o.arriving else expected(question, answers, o.data)
        if question == "q10" and want:
            got = [[None, row[1]] for row in got]
        verdict = "not checked" if want is None else "exact" if got == want else "WRONG"
        wrong += verdict == "WRONG"
        wall, engine = statistics.median(walls), statistics.median(engines)
        beside = ""
        if question in peers:
            ms, name = peers[question]
            ratios.append((ms / wall, ms / engine))
            beside = "  %s %.2f ms: %.1f × (%.1f ×)" % (name, ms, ms / wall, ms / engine)
        print("%s  %8.2f ms  (%8.2f)  %s%s" % (question, wall, engine, verdict, beside), flush=True)
        if verdict == "WRONG":
            print("   got ", str(got)[:300])
            print("   want", str(want)[:300])
    if ratios:
        mean = [math.exp(sum(math.log(r[k]) for r in ratios) / len(ratios)) for k in (0, 1)]
        print("geometric mean of the ratios %.1f, of the engine alone %.1f; lowest %.1f" % (mean[0], mean[1], min(r[0] for r in ratios)))
    if sender:
        sender.kill()
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
