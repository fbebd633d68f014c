"""The decoder under seeded fire: valid bodies, bent. Never a 5xx, the server lives, the neighbour's event stays."""
import gzip
import json
import os
import random
import threading
import time


from harness import ROOT, SOAK, basic, tracked

SECONDS = 600 if SOAK else 10
SEED = int(os.environ.get("MARTLET_SEED", random.SystemRandom().randrange(1 << 32)))


def seeds():
    """The bodies of the wire corpus, and a few full ones of our own."""
    bodies = []
    for case in json.loads((ROOT / "Tests/Fixtures/wire/corpus.json").read_text())["cases"]:
        for request in case.get("requests", []):
            if "json" in request:
                bodies.append((request["path"].split("?")[0], json.dumps(request["json"], ensure_ascii=False).replace("{{", "").replace("}}", "").encode("utf-8", "replace")))
    full = {"userId": "ada", "anonymousId": "d1", "type": "identify", "messageId": "m", "traits": {"name": "Ada", "email": "ada@example.com", "address": {"city": "York"}, "é": [1.5e3, -0, None, True]},
            "context": {"ip": "::1", "traits": {"plan": "gold"}, "consent": {"categoryPreferences": {"email.offers": True}}, "page": {"url": "https://shop.example/?a=b"}, "externalIds": [{"id": "1", "type": "t", "collection": "users", "encoding": "none"}]},
            "timestamp": "2026-01-02T03:04:05.678901+02:00", "sentAt": "2026-01-02T03:04:06Z", "integrations": {"All": True}}
    bodies.append(("/v1/identify", json.dumps(full).encode()))
    bodies.append(("/v1/batch", json.dumps({"batch": [full, tracked("ada", 1), {**full, "type": "alias", "previousId": "p"}, {**full, "type": "group", "groupId": "g"}], "sentAt": "2026-01-02T03:04:06Z"}).encode()))
    calls = {f"/v1/{name}" for name in ("identify", "track", "page", "screen", "group", "alias", "batch", "import", "i", "t", "p", "s", "g", "a", "b")}
    return [b for b in bodies if b[0] in calls and len(b[1]) < 20000]


TOKENS = [b'"', b"\\", b"{", b"}", b"[", b"]", b":", b",", b"null", b"true", b"-", b".", b"e", b"1e400", b"-0.0e-0", b"\\u0000", b"\\uD83C", b"\\uDF75", b"\\u12", b"\x00", b"\x1f", b"\x7f", b"\xc3", b"\xe2\x98\x95",
          b"\xf0\x9f\x8d\xb5", b"\xff", b" ", b"\n", b"/*", b"//", b"'", b"userId", b"messageId", b'"type":"alias"', b'"batch":[', b'"batch":{}', b"9" * 400, b'"' + b"a" * 5000 + b'"', b'"writeKey":"x"', b'"sentAt":1e300']


def bend(chance, body, others):
    body = bytearray(body)
    for _ in range(1 + int(chance.expovariate(0.7))):
        if not body:
            break
        at, kind = chance.randrange(len(body)), chance.randrange(8)
        if kind == 0:
            body[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            body[at] = chance.randrange(256)
        elif kind == 2:
            del body[at:at + chance.choice([1, 2, 5, 50])]
        elif kind == 3:
            body[at:at] = chance.choice(TOKENS)
        elif kind == 4:
            body[at:at + chance.randrange(8)] = chance.choice(TOKENS)
        elif kind == 5:
            piece = chance.choice(others)
            start = chance.randrange(len(piece))
            body[at:at] = piece[start:start + chance.randrange(1, 200)]
        elif kind == 6:
            body = body[:at]
        else:
            start = chance.randrange(len(body))
            body[at:at] = body[start:start + chance.randrange(1, 80)] * chance.choice([1, 2, 30])
    return bytes(body)


def test_fault_64_decoder_fuzz(martlet):
    """Wire bodies bent at random for ten seconds (ten minutes under MARTLET_SOAK), four at a time, plain, gzipped and chunked."""
    print("seed", SEED)
    corpus = seeds()
    others = [b for _, b in corpus]
    martlet.token()
    neighbour = martlet.track(userId="neighbour", properties={"tea": "Assam ☕"})
    kept = martlet.events(messageId=neighbour)
    memory, counts, problems, end = martlet.memory(), {}, [], time.monotonic() + SECONDS
    lock = threading.Lock()
    header = {"Authorization": basic(martlet.write_key)}

    def fire(number):
        chance = random.Random(SEED + number)
        while time.monotonic() < end and not problems:
            path, body = chance.choice(corpus)
            body = bend(chance, body, others)
            headers = dict(header)
            if chance.random() < 0.1:
                body = gzip.compress(body, 1)
                if chance.random() < 0.3:
                    body = bend(chance, body, others)
                headers["Content-Encoding"] = "gzip"
            if chance.random() < 0.3:
                path += "?verdicts=true"
            sent = iter([body[i:i + 97] for i in range(0, len(body), 97)]) if body and chance.random() < 0.1 else body
            try:
                answer = martlet.http.post(martlet.url + path, data=sent, headers=headers, timeout=10)
            except Exception as failure:
                problems.append(f"{failure!r} for {path} {body[:500]!r}")
                return
            with lock:
                counts[answer.status_code] = counts.get(answer.status_code, 0) + 1
            if answer.status_code not in (200, 400, 401):
                problems.append(f"{answer.status_code} {answer.text[:200]} for {path} {body[:800]!r}")
            elif answer.status_code != 200 and not {"code", "message"} <= set(answer.json()):
                problems.append(f"{answer.text[:200]} for {path}")

    threads = [threading.Thread(target=fire, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(counts)
    assert martlet.running, f"it died with {martlet.process.poll()}: {martlet.errors()[-1500:]}"
    assert not problems, problems[0]
    assert sum(counts.values()) > 300
    assert martlet.events(messageId=neighbour) == kept
    # Whatever was taken or kept can be read, and survives a restart.
    read = lambda: [json.loads(martlet.call("GET", path).text) for path in ("/api/v1/events?limit=1000", "/api/v1/profiles?limit=1000", "/api/v1/quarantine?limit=1000")]
    before = read()
    for profile in before[1]["profiles"][:200]:
        for part in ("", "/traits", "/events", "/links"):
            answer = martlet.call("GET", f"/api/v1/profiles/{profile['id']}{part}")
            assert answer.status_code in (200, 404), f"{part} {answer.text[:200]}"
            json.loads(answer.text)
    assert (martlet.memory() - memory) / 1e6 < 200
    martlet.kill9()
    martlet.start()
    for was, now in zip(before, read()):
        (name,) = [n for n in ("events", "profiles", "rejected") if n in was]
        assert len(was[name]) == len(now[name])
        for a, b in zip(was[name], now[name]):
            assert a == b, f"after a crash {name} show {b}, before it {a}"
    assert martlet.health()["status"] == "ok"


LINES = [b"},{", b"]}", b'],"batch":[', b'],"batch":[{"type":"group","groupId":"g","userId":"u"}', b"\n", b"\r\n", b'""', b'"', b";", b"\t", b"\xef\xbb\xbf", b"\\ud800", b'"messageId":"x",', b"[" * 199 + b"]" * 199, b" " * 1000, b"z" * 1_100_000]


def test_fault_64_import_fuzz(martlet):
    """Files of lines and of rows bent at random, plain and packed: every line is accepted, a duplicate or rejected, once at most, and the server lives."""
    chance, end, count = random.Random(SEED), time.monotonic() + SECONDS, 0
    print("seed", SEED)
    martlet.token()
    neighbour = martlet.track(userId="neighbour", properties={"tea": "Assam ☕"})
    kept = martlet.events(messageId=neighbour)

    def lines():
        kinds = ["track", "identify", "page", "group", "alias"]
        made = [{"type": chance.choice(kinds), "userId": f"u{n}", "event": "Tea", "groupId": "g", "previousId": "p", "properties": {"a": [1, {"b": None}]}, "traits": {"é": "☕"}} for n in range(chance.randrange(1, 8))]
        return b"".join(json.dumps({**e, **({"messageId": str(chance.random())} if chance.random() < 0.5 else {})}, ensure_ascii=False).encode() + b"\n" for e in made)

    def rows():
        mark = chance.choice(",;\t")
        return "".join(mark.join(row) + "\n" for row in [["userId", "name", "price", "timestamp", "event"]] + [[f"u{n}", f"A {n}", f"{n}.5", "2026-01-01", "Tea"] for n in range(5)]).encode()

    while time.monotonic() < end:
        form = chance.choice(["ndjson", "ndjson", "csv"])
        body = bytearray(lines() if form == "ndjson" else rows())
        for _ in range(1 + int(chance.expovariate(0.7))):
            at = chance.randrange(len(body) + 1)
            body[at:at + chance.choice([0, 0, 1, 2, 10])] = chance.choice(LINES if chance.random() < 0.5 else TOKENS)
        body, headers = bytes(body), {}
        most = body.count(b"\n") + 1
        if chance.random() < 0.2:
            body, headers = gzip.compress(body, 1), {"Content-Encoding": "gzip"}
            if chance.random() < 0.3:
                body, most = bend(chance, body, [body]), 1 << 30
        answer = martlet.call("POST", "/api/v1/imports", params={"source": "Fuzz", "format": form}, data=body, headers=headers, timeout=10)
        assert answer.status_code in (200, 400), f"{answer.status_code} {answer.text[:200]} for {body[:500]!r}"
        if answer.status_code == 200:
            done = answer.json()
            assert done["accepted"] + done["duplicates"] + done["rejected"] <= most, f"{done} for {body[:500]!r}"
        count += 1
    assert martlet.running, martlet.errors()[-1500:]
    assert count > 50 and martlet.events(messageId=neighbour) == kept


def test_fault_64_and_69_head_fuzz(martlet):
    """Request lines and headers bent at random: refused or served, the line closed after nonsense, the server lives."""
    chance = random.Random(SEED)
    print("seed", SEED)
    body = b'{"userId":"ada","event":"Tea"}'
    good = (f"POST /v1/track HTTP/1.1\r\nHost: localhost\r\nAuthorization: {basic(martlet.write_key)}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            "Accept: */*\r\nConnection: close\r\n\r\n").encode()
    tokens = [b"\r\n", b"\n", b"\r", b":", b" ", b"\t", b"\x00", b"\xff", b"HTTP/1.1", b"HTTP/2.0", b"HTTP/0.9", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n",
              b"Upgrade: h2c\r\n", b"Connection: upgrade\r\n", b"%", b"%00", b"%c0%af", b"/../", b"//", b"?", b"#", b"http://other/", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\n\r\n"]
    end, count, statuses = time.monotonic() + (120 if SOAK else 8), 0, {}
    while time.monotonic() < end:
        data = bytearray(good)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(data))
            if chance.random() < 0.6:
                data[at:at + chance.choice([0, 0, 1, 3, 10])] = chance.choice(tokens)
            else:
                data[at] = chance.randrange(256)
        answer = martlet.raw(bytes(data) + body, timeout=0.3, half_close=chance.random() < 0.5)
        code = answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/1.") else answer[:12]
        statuses[code] = statuses.get(code, 0) + 1
        count += 1
        assert martlet.running, f"it died of {bytes(data)!r}: {martlet.errors()[-800:]}"
        assert not (isinstance(code, str) and code.startswith("5") and code not in ("501", "505")), f"{answer[:300]!r} for {bytes(data)!r}"
    print(count, statuses)
    martlet.track()
    assert not [line for line in martlet.logs() if line.get("message") == "A request failed."], martlet.errors()[-500:]
