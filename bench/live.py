"""What live segments cost and how soon they change: segments of mixed kinds on a running server, while events are imported and sent.

Called by run.py with `--only live`; the sizes kept live are compared at the end with what asking anew says.
"""
import base64
import http.client
import json
import random
import statistics
import subprocess
import threading
import time

EVENTS = ["Product Viewed", "Product Added", "Order Completed", "Cart Viewed", "Products Searched", "Product List Viewed", "App Opened", "Email Opened", "Checkout Started"]
CATEGORIES = ["shoes", "bags", "electronics", "beauty", "books"]


def condition(r):
    """One of ten kinds, with constants of its own."""
    event, days, n = r.choice(EVENTS), r.randint(120, 330), r.randint(1, 12)
    return [
        lambda: 'plan = "%s" and country in ("US", "DE", "%s")' % (r.choice(["free", "basic", "premium"]), r.choice(["ES", "FR", "GB"])),
        lambda: "loyaltyPoints between %d and %d" % (days * 4, days * 4 + 900),
        lambda: 'did "%s" at least %d times in last %d days' % (event, n, days),
        lambda: 'did "%s" in last %d days and not did "%s" in last %d days' % (event, days, r.choice(EVENTS), days),
        lambda: 'sum(total) of "Order Completed" in last %d days > %d' % (days, n * 60),
        lambda: 'did "Product Viewed" where category = "%s" at least %d times in last %d days' % (r.choice(CATEGORIES), n, days),
        lambda: 'distinct(category) of "Product Viewed" in last %d days >= %d' % (days, 1 + n % 6),
        lambda: 'most frequent(category) of "Product Viewed" = "%s"' % r.choice(CATEGORIES),
        lambda: 'did "Product Added" in last %d days then "Order Completed" within %d hours' % (days, n),
        lambda: 'first time of "%s" more than %d days ago and (country = "DE" or not (did "Email Opened" in last %d days))' % (event, days, days),
    ][r.randrange(10)]()


def post(s, path, body):
    c = http.client.HTTPConnection("127.0.0.1", s.port)
    c.request("POST", path, json.dumps(body), {"Authorization": "Bearer " + s.token, "Content-Type": "application/json"})
    answer = c.getresponse()
    data = json.loads(answer.read())
    if answer.status >= 300:
        raise SystemExit("%s: %s" % (path, data))
    return data


def follow(s, seen, is_over):
    """Notes when each change is heard of."""
    c = http.client.HTTPConnection("127.0.0.1", s.port)
    c.request("GET", "/api/v1/segments/changes/stream", headers={"Authorization": "Bearer " + s.token})
    stream = c.getresponse()
    while not is_over.is_set():
        line = stream.readline()
        if line.startswith(b"data:"):
            change = json.loads(line[5:])
            seen.setdefault((change["segment"], change["profile"]), time.perf_counter())


def freshness(s, files, load, show, seconds=14):
    """From the acknowledgement of an event to the member's coming in, and to the preview's counting it, at 5,000 events/s."""
    probe = "Probe %d" % time.time()
    segment = post(s, "/api/v1/segments", {"name": probe, "condition": 'did "%s"' % probe})
    seen, is_over = {}, threading.Event()
    threading.Thread(target=follow, args=(s, seen, is_over), daemon=True).start()
    runner = threading.Thread(target=load, args=(s, files, "--rate", "5000", "--batch", "10", "--seconds", str(seconds), "--connections", "16"))
    runner.start()
    time.sleep(2)
    c = http.client.HTTPConnection("127.0.0.1", s.port)
    auth = "Basic " + base64.b64encode((s.key + ":").encode()).decode()
    sent, previews = {}, []
    until = time.monotonic() + seconds - 4
    while time.monotonic() < until:
        user = "%s-%d" % (probe.lower().replace(" ", "-"), len(sent))
        c.request("POST", "/v1/track", json.dumps({"userId": user, "event": probe}), {"Authorization": auth, "Content-Type": "application/json"})
        c.getresponse().read()
        sent[user] = time.perf_counter()
        if len(sent) % 2:
            c.request("POST", "/api/v1/segments/preview", json.dumps({"condition": 'did "%s"' % probe, "sample": 0}), {"Authorization": "Bearer " + s.token, "Content-Type": "application/json"})
            assert json.loads(c.getresponse().read())["count"] == len(sent), "the preview does not count the event acknowledged a moment ago"
            previews.append((time.perf_counter() - sent[user]) * 1000)
        time.sleep(0.01)
    runner.join()
    time.sleep(1)
    is_over.set()
    times = []
    for user, at in sent.items():
        profile = s.get("/api/v1/profiles/lookup?userId=" + user)["id"]
        heard = seen.get((segment["id"], profile))
        if heard:
            times.append((heard - at) * 1000)
    times.sort()
    previews.sort()
    if not times:
        show("acknowledged to membership change, at 5,000 events/s", "none", "", "not one of %d heard of in time" % len(sent))
    else:
        show("acknowledged to membership change, at 5,000 events/s", "%.1f" % statistics.median(times), "ms p50", "p99 %.1f ms of %d; %d never heard of" % (times[int(len(times) * 0.99)], len(times), len(sent) - len(times)))
    show("acknowledged to the preview's count", "%.1f" % statistics.median(previews), "ms p50", "p99 %.1f ms of %d" % (previews[int(len(previews) * 0.99)], len(previews)))


def live(Server, binary, files, further, tmp, load, show, count):
    s = Server(tmp + "/live-%d" % count)
    s.setup()
    r = random.Random(7)
    began = time.monotonic()
    made = [post(s, "/api/v1/segments", {"name": "Segment %d" % k, "condition": condition(r)}) for k in range(count)]
    cat = subprocess.Popen(["cat", *files], stdout=subprocess.PIPE)
    began, cpu = time.monotonic(), s.cpu_s()
    out = subprocess.run([binary, "import", "-", "--source", "bench", "--wait", "--data", s.folder, "--json"], stdin=cat.stdout, capture_output=True, text=True)
    seconds = time.monotonic() - began
    lines = json.loads(out.stdout)["accepted"] + json.loads(out.stdout)["duplicates"]
    show("with %d live segments: imported and applied" % count, round(lines / seconds), "lines/s", "%.1f CPU s" % (s.cpu_s() - cpu))
    if further:
        answer = load(s, further, "--seconds", "15")
        began = time.monotonic()
        s.wait_applied()
        show("  acknowledged over HTTP, 64 connections", answer["events_per_s"], "events/s", "p50 %.1f ms, p99 %.1f ms; %.1f s behind at the end" % (answer["p50_ms"], answer["p99_ms"], time.monotonic() - began))
        freshness(s, further[-3:], load, show)
    began = time.monotonic()
    wrong = made[:40]
    while wrong and time.monotonic() - began < 15:
        wrong = [one for one in wrong if s.get("/api/v1/segments/" + one["id"])["size"] != post(s, "/api/v1/segments/preview", {"condition": one["text"], "sample": 0})["count"]]
        time.sleep(0.2)
    show("  sizes kept live are what asking anew says", "yes" if not wrong else "NO: %d" % len(wrong), "", "%d segments looked at, %.1f s later" % (len(made[:40]), time.monotonic() - began))
    s.kill()
