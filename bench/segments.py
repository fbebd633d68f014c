#!/usr/bin/env python3
"""Asks a running server the sixteen questions of the shop data, checks each answer exactly, and prints how long each took.

    bench/segments.py --data FOLDER --answers FILE --port N --token T [--rounds 5]

FOLDER holds the generator's ndjson/ and parquet/, FILE its answers. Times are those of the whole HTTP request and, in brackets, of the engine.
"""
import argparse
import glob
import http.client
import json
import statistics
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
    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}

    def call(self, method, path, body=None):
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        data = json.loads(answer.read())
        if answer.status != 200:
            raise SystemExit("%s: %s" % (path, data))
        return data

    def ask(self, question):
        if question in SEGMENTS:
            return self.call("POST", "/api/v1/segments/preview", {"condition": SEGMENTS[question], "asOf": AS_OF, "sample": 0})
        name, body = INSIGHTS[question]
        return self.call("POST", "/api/v1/analytics/" + name, dict(body, asOf=AS_OF))


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
    o = arguments.parse_args()
    answers = json.load(open(o.answers))
    answers = answers.get("answers", answers)
    asker = Asker(o.port, o.token)
    wrong = 0
    for question in sorted(list(SEGMENTS) + list(INSIGHTS)):
        if o.only and question not in o.only.split(","):
            continue
        walls, engines = [], []
        for _ in range(o.rounds):
            began = time.perf_counter()
            answer = asker.ask(question)
            walls.append((time.perf_counter() - began) * 1000)
            engines.append(answer["milliseconds"])
        got, want = rows(question, answer), expected(question, answers, o.data)
        if question == "q10" and want:
            got = [[None, row[1]] for row in got]
        verdict = "not checked" if want is None else "exact" if got == want else "WRONG"
        wrong += verdict == "WRONG"
        print("%s  %8.2f ms  (%8.2f)  %s" % (question, statistics.median(walls), statistics.median(engines), verdict))
        if verdict == "WRONG":
            print("   got ", str(got)[:300])
            print("   want", str(want)[:300])
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
