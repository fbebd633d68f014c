"""Hostile input: malformed, deep, inflating, trapping, smuggling, splitting, poisoning. Never a 5xx, never a crash, neighbours unharmed."""
import gzip
import io
import json
import random
import re
import socket
import time
import zlib

import pytest

from harness import SOAK, basic, new_id, tracked


@pytest.fixture(autouse=True)
def alive(shared):
    """After each attack the same process serves a normal call quickly and keeps an event from before."""
    shared.token()
    pid, before = shared.pid, shared.track(userId="neighbour")
    yield
    assert shared.running and shared.pid == pid, f"the server died: {shared.process.poll()} {shared.errors()[-600:]}"
    started = time.monotonic()
    shared.track(userId="neighbour")
    assert time.monotonic() - started < 2
    assert len(shared.events(messageId=before)) == 1
    assert not [line for line in shared.logs() if line.get("message") == "A request failed."], "something failed on our side"


def refused_or_taken(answer):
    assert answer.status_code in (200, 400, 401, 404, 405, 413, 414, 415, 431), f"{answer.status_code} {answer.text[:200]}"
    if answer.status_code != 200:
        body = answer.json()
        assert isinstance(body["code"], str) and isinstance(body["message"], str)
    return answer.status_code


def status(raw):
    """Status codes of the answers in what a connection gave back."""
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3}) ", raw)]


def head(martlet, *lines, first="POST /v1/track HTTP/1.1", key=True):
    start = [first, "Host: localhost"] + ([f"Authorization: {basic(martlet.write_key)}"] if key else [])
    return ("\r\n".join([*start, *lines]) + "\r\n\r\n").encode("latin-1", "replace")


EVENT = b'{"userId":"ada","event":"Tea Steeped"}'


# -- 64: malformed

def test_fault_64_malformed_bodies(shared):
    """Three thousand bodies, cut, doubled, swapped and bent: refused or taken, never a failure of ours."""
    chance = random.Random(64)
    seeds = [json.dumps({"batch": [tracked("fuzz", 1), {"type": "identify", "userId": "fuzz", "traits": {"a": [1, {"b": None}], "é": "☕"}}], "sentAt": "2026-01-01T00:00:00Z"}).encode(),
             b'{"userId":"fuzz","event":"Tea","properties":{"price":12.5e-3,"big":9007199254740993},"context":{"ip":"::1"},"timestamp":"2026-01-01T00:00:00.123+01:00"}']
    seen = {}
    for n in range(20000 if SOAK else 1500):
        body = bytearray(chance.choice(seeds))
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(body))
            kind = chance.randrange(5)
            if kind == 0:
                body[at] = chance.randrange(256)
            elif kind == 1:
                del body[at:at + chance.randrange(1, 20)]
            elif kind == 2:
                body[at:at] = chance.choice([b'"', b"{", b"[", b"}", b"]", b",", b":", b"\\u0000", b"\\ud800", b"-", b"1e999", b"null", b"\x00", b"\xff\xfe", b"//"])
            elif kind == 3:
                body[at:at] = body[chance.randrange(len(body)):][:chance.randrange(1, 60)]
            else:
                body = body[:at]
            if not body:
                break
        code = refused_or_taken(shared.post(chance.choice(["/v1/batch", "/v1/track", "/v1/identify", "/v1/alias", "/v1/group", "/v1/page"]), bytes(body)))
        seen[code] = seen.get(code, 0) + 1
    print(seen)


def test_fault_64_wrong_types_in_every_field(shared):
    """Each field of each call as number, text, list, object, truth, nothing, and huge: an item costs at most itself."""
    values = [None, True, 0, -1, 1e308, "", "x" * 5000, [], [[]], {}, {"a": {}}, "\u0000", 9007199254740993, "2026-99-99T99:99:99Z", -62135596800001, "💥"]
    fields = ["type", "userId", "anonymousId", "groupId", "previousId", "event", "name", "category", "properties", "traits", "context", "integrations", "timestamp",
              "originalTimestamp", "sentAt", "receivedAt", "messageId", "channel", "writeKey", "version", "_metadata"]
    good = new_id("whole")
    for field in fields:
        batch = []
        for kind in ("identify", "track", "page", "screen", "group", "alias"):
            for value in values:
                batch.append({"type": kind, "userId": "typed", "event": "Tea", "groupId": "g", "previousId": "p", "messageId": new_id(), field: value})
        batch.append({**tracked("whole", field), "messageId": f"{good}-{field}"})
        answer = shared.post_batch(batch, verdicts=True)
        assert answer.status_code == 200, f"{field}: {answer.status_code} {answer.text[:200]}"
        assert answer.json()["verdicts"][-1]["status"] == "accepted"
    for batch in (None, 0, "tea", {}, [None], [[]], [[tracked("a", 1)]], ["tea"], [1] * 2500):
        refused_or_taken(shared.post("/v1/batch", {"batch": batch}))
    # Whatever was taken can be read again.
    json.loads(shared.call("GET", "/api/v1/events", params={"userId": "typed", "limit": 1000}).text)
    json.loads(shared.call("GET", "/api/v1/quarantine", params={"limit": 1000}).text)


def test_fault_64_context_in_unusual_shapes(shared):
    """Structures that readers look into (consent, traits, page, externalIds) as anything but what they should be."""
    for value in (1, "x", [], [1], None, True, {"categoryPreferences": []}, {"categoryPreferences": {"a": 1, "": None}}, {"categoryPreferences": {"x" * 3000: True}}, "\"categoryPreferences\""):
        for name in ("consent", "traits", "page", "externalIds", "device", "ip", "library", "campaign", "active", "gpc"):
            answer = shared.post("/v1/identify", {"userId": "odd", "messageId": new_id(), "context": {name: value}}, wait="profile")
            assert answer.status_code == 200, f"{name}={value}: {answer.text}"
    assert shared.call("GET", "/api/v1/profiles/lookup", params={"userId": "odd"}).status_code in (200, 404)
    json.loads(shared.call("GET", "/api/v1/events", params={"userId": "odd"}).text)


# -- 65, 66: depth and inflation

@pytest.mark.parametrize("body", [
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b"[" * 100_000 + b"]" * 100_000, b"[" * 100_000, b'{"userId":"a","event":"b","properties":' + b'{"a":' * 200_000,
    b'{"batch":' + b"[" * 500_000, b'{"userId":"a","event":"b","properties":' + b'[{"a":' * 5_000 + b"1" + b"}]" * 5_000 + b"}"],
    ids=["10k_objects", "100k_arrays", "unclosed_arrays", "unclosed_objects", "batch_of_arrays", "mixed"])
def test_fault_65_deep_nesting(shared, body):
    """Refused with 400 within three seconds."""
    for path in ("/v1/track", "/v1/batch"):
        started = time.monotonic()
        assert shared.post(path, body).status_code == 400
        assert time.monotonic() - started < 3


def test_fault_65_depth_at_the_edge(shared):
    """Properties of 100 levels are taken and come back; what is one too deep is refused in words."""
    def nest(depth):
        return b'{"userId":"deep","messageId":"%s","event":"Tea","properties":%s1%s}' % (new_id().encode(), b'{"a":' * depth, b"}" * depth)

    assert shared.post("/v1/track", nest(100), wait="profile").status_code == 200
    taken = max(d for d in range(100, 400) if shared.post("/v1/track", nest(d)).status_code == 200)
    print("deepest taken:", taken)
    assert refused_or_taken(shared.post("/v1/track", nest(taken + 1))) == 400
    json.loads(shared.call("GET", "/api/v1/events", params={"userId": "deep", "limit": 1000}).text)


def bomb(megabytes, prefix=b""):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as packed:
        packed.write(prefix)
        for _ in range(megabytes):
            packed.write(bytes(1 << 20))
    return out.getvalue()


@pytest.mark.parametrize("body", ["1_GB_of_zeros", "64_MB_behind_json", "many_members", "nested_gzip"])
def test_fault_66_gzip_bomb(shared, body):
    """Refused while inflating: memory grows by less than 128 MB, and it takes less than three seconds."""
    data = {"1_GB_of_zeros": lambda: bomb(1024), "64_MB_behind_json": lambda: bomb(64, EVENT), "many_members": lambda: gzip.compress(b" " * 100_000) * 5000,
            "nested_gzip": lambda: gzip.compress(bomb(256))}[body]()
    before, started = shared.memory(), time.monotonic()
    answer = shared.post("/v1/track", data, headers={"Content-Encoding": "gzip"})
    took, grown = time.monotonic() - started, (shared.memory() - before) / 1e6
    assert answer.status_code == 400 and took < 3, f"{answer.status_code} after {took:.1f} s"
    assert grown < 128, f"{grown:.0f} MB"


def test_fault_66_damaged_and_odd_compression(shared):
    """Cut, with a wrong checksum, with bytes behind, twice, under another name: 400 with words, and no event stored."""
    good = gzip.compress(b'{"userId":"gz","event":"Tea","messageId":"gz-1"}')
    for body, name in ((good[:-4], "gzip"), (good[:-8] + b"\0" * 8, "gzip"), (good[:20], "gzip"), (b"", "gzip"), (good, "br"), (good, "deflate"), (good, "gzip, gzip"), (EVENT, "gzip"),
                       (b"\x28\xb5\x2f\xfd" + b"\xff" * 50, "zstd"), (zlib.compress(EVENT), "zstd"), (good, "x" * 3000)):
        answer = shared.post("/v1/track", body, headers={"Content-Encoding": name})
        assert answer.status_code in (400, 415), f"{name}: {answer.status_code}"
        assert answer.json()["code"] and answer.json()["message"]
    assert shared.events(messageId="gz-1") == []
    assert shared.post("/v1/track", good, headers={"Content-Encoding": "GZIP"}, wait="profile").status_code == 200
    assert len(shared.events(messageId="gz-1")) == 1


# -- 68: integers

def test_fault_68_integer_traps_in_heads(shared):
    """Lengths and chunk sizes that do not fit a number: refused, never a trap."""
    for line, tail in (("Content-Length: 99999999999999999999", b""), ("Content-Length: -1", EVENT), ("Content-Length: 18446744073709551615", b""), ("Content-Length: 9223372036854775807", b""),
                       ("Content-Length: 0x10", EVENT), ("Content-Length: +38", EVENT), ("Content-Length: 1e3", EVENT), ("Content-Length: ", EVENT),
                       ("Transfer-Encoding: chunked", b"ffffffffffffffff\r\n" + EVENT), ("Transfer-Encoding: chunked", b"7fffffffffffffff\r\n"), ("Transfer-Encoding: chunked", b"-1\r\n\r\n"),
                       ("Transfer-Encoding: chunked", b"10000000000000000\r\n"), ("Transfer-Encoding: chunked", b"5;" + b"x" * 70000 + b"\r\nhello\r\n0\r\n\r\n")):
        answer = shared.raw(head(shared, line) + tail, timeout=1.5, half_close=True)
        codes = status(answer)
        assert not codes or (len(codes) == 1 and 400 <= codes[0] < 500), f"{line} {tail[:30]}: {codes}"


def test_fault_68_integer_traps_in_queries(shared):
    """limit, after, next, ids and times at and past the ends of every integer type: 4xx with words, or a sound answer."""
    numbers = ["-1", "0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "1e300", "1.5", "0x10", "٣", "", " 1", "1 ", "NaN", "+1", "1" * 400]
    paths = ["/api/v1/events?limit=", "/api/v1/events?after=", "/api/v1/profiles?limit=", "/api/v1/profiles?after=", "/api/v1/profiles?q=a&after=", "/api/v1/quarantine?limit=", "/api/v1/quarantine?after=",
             "/api/v1/events?from=", "/api/v1/events?to=", "/api/v1/profiles/lookup?userId=neighbour&as_of=", "/api/v1/profiles/lookup?userId=neighbour&known_at=",
             "/v1/spaces/main/collections/users/profiles/user_id:neighbour/events?limit=", "/v1/spaces/main/collections/users/profiles/user_id:neighbour/events?next=",
             "/v1/spaces/main/collections/users/profiles/user_id:neighbour/traits?next=", "/v1/spaces/main/collections/users/profiles/user_id:neighbour/external_ids?next="]
    for path in paths:
        for number in numbers:
            answer = shared.call("GET", path + number)
            assert answer.status_code in (200, 400, 404), f"{path}{number}: {answer.status_code} {answer.text[:200]}"
            json.loads(answer.text)
    for number in numbers:
        for method, path in (("GET", f"/api/v1/profiles/prf_{number}"), ("GET", f"/api/v1/profiles/{number}"), ("DELETE", f"/api/v1/quarantine/{number}x"), ("POST", f"/api/v1/quarantine/{number}9999/replay"),
                             ("PATCH", f"/api/v1/sources/src_{number}x")):
            assert shared.call(method, path, json={} if method == "PATCH" else None).status_code in (200, 400, 404, 405), f"{method} {path}"


def test_fault_68_integer_traps_in_events(shared):
    """Times and numbers past every end: the event is taken with a time of ours, and the number comes back as it was."""
    for value in ("1e300", "-1e300", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e18", "-62135596800001", "253402300800000", "0", "-0.0", "1E400", '"1e300"', '"9999999-01-01T00:00:00Z"',
                  '"0000-00-00T00:00:00Z"', '"2026-02-30T25:61:61Z"', '"-0001-01-01T00:00:00Z"'):
        message = new_id("m")
        body = '{"userId":"times","event":"Tea","messageId":"%s","timestamp":%s,"sentAt":%s,"properties":{"n":%s}}' % (message, value, value, value)
        answer = shared.post("/v1/track", body.encode(), wait="profile")
        assert answer.status_code == 200, f"{value}: {answer.text}"
        text = shared.call("GET", "/api/v1/events", params={"messageId": message}).text
        assert f'"n":{value}' in text, f"{value}: {text}"
    profile = shared.profile(userId="times")
    assert profile["firstSeen"] <= profile["lastSeen"]
    for instant, status in (("0001-01-01T00:00:00Z", 404), ("9999-12-31T23:59:59Z", 200)):
        assert shared.call("GET", "/api/v1/profiles/lookup", params={"userId": "times", "as_of": instant}).status_code == status


# -- 69, 70: smuggling and splitting

@pytest.mark.parametrize("lines, body", [
    (["Content-Length: 6", "Transfer-Encoding: chunked"], b"0\r\n\r\nX"), (["Transfer-Encoding: chunked", "Content-Length: 6"], b"0\r\n\r\nX"),
    (["Content-Length: 38", "Content-Length: 0"], EVENT), (["Content-Length: 0", "Content-Length: 38"], EVENT), (["Content-Length: 38, 0"], EVENT), (["Content-Length : 38"], EVENT),
    (["Transfer-Encoding : chunked"], b"0\r\n\r\n"), (["Transfer-Encoding: xchunked"], b"0\r\n\r\n"), (["Transfer-Encoding: chunked, identity"], b"0\r\n\r\n"),
    (["Transfer-Encoding: identity", "Transfer-Encoding: chunked"], b"0\r\n\r\n"), (["Transfer-Encoding:\x0bchunked"], b"0\r\n\r\n"), ([" Content-Length: 38"], EVENT),
    (["X: y\nContent-Length: 38"], EVENT), (["X: y\rContent-Length: 38"], EVENT), (["X: y\x00z", "Content-Length: 38"], EVENT), (["Content-Length: 38\x00"], EVENT)],
    ids=["CL_TE", "TE_CL", "CL_CL", "CL0_CL", "CL_list", "CL_blank_colon", "TE_blank_colon", "TE_unknown", "TE_identity", "TE_TE", "TE_vtab", "folded", "bare_LF", "bare_CR", "NUL", "CL_NUL"])
def test_fault_69_request_smuggling(shared, lines, body):
    """Two readings of where a request ends: refused and the line closed, or one reading (chunked last counts); what follows is then never served."""
    hidden = new_id("smuggled")
    inner = b'{"userId":"ada","event":"Tea","messageId":"%s"}' % hidden.encode()
    second = head(shared, f"Content-Length: {len(inner)}", "Connection: close") + inner
    answer = shared.raw(head(shared, *lines) + body + second, timeout=1.2)
    codes = status(answer)
    assert len(codes) <= 2 and all(code < 500 for code in codes), codes
    time.sleep(0.05)
    stored = len(shared.events(messageId=hidden))
    if lines[0] != "Transfer-Encoding: identity" and (len(lines) == 2 or any(code >= 400 for code in codes)):
        assert len(codes) <= 1 and stored == 0, f"what followed a request that can be read in two ways was served: {codes}"


def test_fault_69_leftovers_of_a_refused_body_are_not_a_request(shared):
    """A body that is refused before its end: the rest of it is not taken for the next request."""
    hidden = new_id("smuggled")
    inner = b'{"userId":"ada","event":"Tea","messageId":"%s"}' % hidden.encode()
    second = head(shared, f"Content-Length: {len(inner)}") + inner
    for first in (["Content-Encoding: br"], ["Content-Type: application/json", "X-Write-Key: nobody"]):
        for line in ("POST /v1/track HTTP/1.1", "POST /nowhere HTTP/1.1", "PUT /v1/track HTTP/1.1"):
            shared.raw(head(shared, *first, f"Content-Length: {len(second)}", first=line, key=False) + second, timeout=1)
    assert shared.events(messageId=hidden) == []


def test_fault_70_header_splitting(shared):
    """Line breaks in paths, queries and values never make a header of an answer."""
    for path in ("/%0d%0aX-Evil:%20yes", "/v1/%0d%0aX-Evil:%20yes", "/v1/projects/%0d%0aX-Evil:%20yes/settings", "/sign-in/%0d%0aSet-Cookie:%20x=y", "/api/v1/profiles/%0d%0aX-Evil:%20yes",
                 "/sign-in?next=%0d%0aX-Evil:%20yes", "/v1/pixel/track?data=%0d%0aX-Evil:yes", "/sourceConfig?writeKey=%0d%0aX-Evil:yes", "/%E5%98%8A%E5%98%8DX-Evil:yes"):
        for origin in ("https://shop.example", "https://shop.example%0d%0aX-Evil: yes", "null", "https://shop.example\tX-Evil"):
            answer = shared.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n".encode(), timeout=2)
            lines = answer.split(b"\r\n\r\n")[0].lower().split(b"\r\n")
            assert status(answer) and status(answer)[0] < 500
            assert not [line for line in lines if line.startswith((b"x-evil", b"set-cookie: x"))], lines


# -- 71, 72: size and text

def test_fault_71_big_heads(shared):
    """A header of 1 MB, a URL of 1 MB, 5,000 headers, an endless head: 431, 414 or 400, or the line is cut; memory stays flat."""
    before = shared.memory()
    for data in (head(shared, "X: " + "a" * (1 << 20)), b"GET /" + b"a" * (1 << 20) + b" HTTP/1.1\r\nHost: x\r\n\r\n", head(shared, *[f"X-{n}: y" for n in range(5000)]),
                 b"GET /health?" + b"a=b&" * 300_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"A" * (2 << 20), b"\r\n" * 500_000 + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
                 head(shared, "Cookie: " + "; ".join(f"c{n}=v" for n in range(20000)))):
        codes = status(shared.raw(data, timeout=3))
        assert all(code in (200, 400, 404, 414, 431) for code in codes), codes
    assert (shared.memory() - before) / 1e6 < 64
    ordinary = head(shared, *[f"X-{n}: {'v' * 100}" for n in range(60)], "Content-Length: 0", "Connection: close", first="GET /health HTTP/1.1")
    assert status(shared.raw(ordinary, timeout=3)) == [200], "an ordinary large head is taken"


@pytest.mark.parametrize("raw", [
    b'{"userId":"u8","event":"\xff\xfe","messageId":"M"}', b'{"userId":"u8","event":"\xc0\x80","messageId":"M"}', b'{"userId":"u8","event":"\xed\xa0\x80","messageId":"M"}',
    b'{"userId":"u8","event":"\xf5\x80\x80\x80","messageId":"M"}', b'{"userId":"u8","event":"\xe2\x82","messageId":"M"}',
    '{"userId":"u8","event":"Tea","messageId":"M"}'.encode("utf-16"), '{"userId":"u8","event":"Tea","messageId":"M"}'.encode("utf-32"), b'{"userId":"u8","event":"a\x00b","messageId":"M"}',
    b'{"userId":"u8","event":"a\nb","messageId":"M"}'], ids=["ff_fe", "overlong", "surrogate", "above_10ffff", "cut", "utf16", "utf32", "raw_NUL", "raw_newline"])
def test_fault_72_text_that_is_no_text(shared, raw):
    """Refused with 400; nothing stored."""
    message = new_id("m")
    assert shared.post("/v1/track", raw.replace(b"M", message.encode())).status_code == 400
    assert shared.events(messageId=message) == []


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "\\udc00\\ud800", "\\ud83c", "\\u2028\\u2029", "\\ufeff", "\\u202e", "\\uffff", "<\\/script>", "\\b\\f"])
def test_fault_72_odd_escapes(shared, text):
    """Refused, or kept with a replacement, and everything else of the event is as it was; every later answer is JSON."""
    message = new_id("m")
    body = '{"userId":"u8","event":"Tea","messageId":"%s","properties":{"odd":"a%sb","next":"whole ☕"},"context":{"odd%s":1}}' % (message, text, text)
    answer = shared.post("/v1/track", body.encode(), wait="profile")
    if refused_or_taken(answer) == 200:
        (event,) = shared.events(messageId=message)
        assert event["properties"]["next"] == "whole ☕" and event["properties"]["odd"].startswith("a") and event["properties"]["odd"].endswith("b")
        json.loads(shared.call("GET", "/api/v1/profiles/lookup", params={"userId": "u8"}).text)
    body = '{"userId":"odd%s%s","event":"Tea","messageId":"%s"}' % (text, message, message + "x")
    refused_or_taken(shared.post("/v1/track", body.encode(), wait="profile"))
    json.loads(shared.call("GET", "/api/v1/profiles", params={"q": message}).text)


def test_fault_72_byte_order_mark(shared):
    message = new_id("m")
    answer = shared.post("/v1/track", b"\xef\xbb\xbf" + b'{"userId":"u8","event":"Tea","messageId":"%s"}' % message.encode(), wait="profile")
    assert refused_or_taken(answer) in (200, 400)
    assert len(shared.events(messageId=message)) == (answer.status_code == 200)


# -- 73: identifiers

BLOCKED = ["null", "NULL", "undefined", "Undefined", "0", "00", "0000", "-1", "-", "---", "0-0", "none", "None", "nan", "NaN", "true", "false", "[object Object]", "[Object object]", "n/a", "N/A", "anonymous", "Anonymous"]


@pytest.mark.parametrize("value", BLOCKED)
def test_fault_73_identifiers_that_name_nobody_merge_nobody(shared, value):
    """Broken clients send these for everybody: strangers who share one stay strangers."""
    one, two = new_id("one"), new_id("two")
    shared.send([{"type": "identify", "userId": one, "anonymousId": value, "messageId": new_id(), "traits": {"name": "One"}},
                 {"type": "identify", "userId": two, "anonymousId": value, "messageId": new_id(), "traits": {"name": "Two"}}])
    device_one, device_two = new_id("d1"), new_id("d2")
    shared.send([{"type": "identify", "userId": value, "anonymousId": device_one, "messageId": new_id(), "traits": {"name": "Three"}},
                 {"type": "identify", "userId": value, "anonymousId": device_two, "messageId": new_id(), "traits": {"name": "Four"}},
                 {"type": "alias", "userId": one, "previousId": value, "messageId": new_id()}, {"type": "alias", "userId": two, "previousId": value, "messageId": new_id()}])
    ids = [shared.profile(**q)["id"] for q in ({"userId": one}, {"userId": two}, {"anonymousId": device_one}, {"anonymousId": device_two})]
    assert len(set(ids)) == 4
    assert shared.profile(userId=one)["traits"] == {"name": "One"}
    for query in ({"userId": value}, {"anonymousId": value}):
        assert shared.call("GET", "/api/v1/profiles/lookup", params=query).status_code == 404, f"{query} names somebody"


@pytest.mark.parametrize("value", BLOCKED)
def test_fault_73_blocked_email_addresses_find_nobody(shared, value):
    one = new_id("one")
    shared.send([{"type": "identify", "userId": one, "messageId": new_id(), "traits": {"email": value}}])
    assert shared.call("GET", "/api/v1/profiles/lookup", params={"email": value}).status_code == 404


def test_fault_73_text_is_compared_byte_for_byte(shared):
    """NFC and NFD, upper and lower case, blanks around, full-width letters: different people."""
    tag = new_id("tag")
    names = [f"{tag}-café", f"{tag}-cafe\u0301", f"{tag}-CAFÉ", f"{tag}-ｃａｆé", f"{tag}-cafe", f"{tag}-cafe\u200b"]
    shared.send([{"type": "identify", "userId": name, "messageId": new_id(), "traits": {"n": n}} for n, name in enumerate(names)])
    found = [shared.profile(userId=name) for name in names]
    assert len({p["id"] for p in found}) == len(names) and [p["traits"]["n"] for p in found] == list(range(len(names)))
    for name in names:
        assert len(shared.events(userId=name)) == 1


def test_fault_73_trimming_is_the_same_on_write_and_read(shared):
    tag = new_id("tag")
    shared.send([{"type": "identify", "userId": f" {tag} ", "messageId": new_id(), "traits": {"n": 1}}])
    assert shared.call("GET", "/api/v1/profiles/lookup", params={"userId": f" {tag} "}).status_code == 200


def test_fault_73_identifiers_of_every_length(shared):
    """Ids up to the limit are one person each; longer ones are refused in words, never cut to a common beginning."""
    tag = new_id("long")
    for size in (100, 255, 256, 257, 1000, 10_000, 30_000):
        one, two = tag + "x" * size + "1", tag + "x" * size + "2"
        answers = [shared.post("/v1/identify", {"userId": u, "messageId": new_id(), "traits": {"n": n}}, wait="profile").status_code for n, u in enumerate((one, two))]
        assert answers[0] == answers[1] and answers[0] in (200, 400), answers
        if answers[0] == 200 and size <= 10_000:
            assert shared.profile(userId=one)["traits"] == {"n": 0} and shared.profile(userId=two)["traits"] == {"n": 1}


def test_fault_73_userid_and_anonymousid_of_the_same_text_are_two(shared):
    """The namespaces are apart: an anonymousId that looks like somebody's userId is not that person."""
    ada = new_id("ada")
    shared.send([{"type": "identify", "userId": ada, "messageId": new_id(), "traits": {"name": "Ada"}}, {"type": "track", "anonymousId": ada, "event": "Tea", "messageId": new_id()}])
    assert shared.profile(userId=ada)["id"] != shared.profile(anonymousId=ada)["id"]


# -- manners of HTTP/1


def talk(martlet, data, timeout=3):
    """What a connection gave back, and whether the server closed it by itself."""
    with socket.create_connection(("127.0.0.1", martlet.port), timeout=timeout) as connection:
        connection.sendall(data)
        out = b""
        try:
            while chunk := connection.recv(65536):
                out += chunk
        except TimeoutError:
            return out, False
        return out, True


def call(martlet, *fields, version="1.1", body=b'{"userId":"manners","event":"Tea Steeped"}'):
    lines = [f"POST /v1/track HTTP/{version}", "Host: wren.example", f"Authorization: {basic(martlet.write_key)}", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize("version, fields, closes", [
    ("1.1", [], False), ("1.1", ["Connection: keep-alive"], False), ("1.1", ["Connection: close"], True), ("1.1", ["connection: Close"], True), ("1.1", ["Connection: te, CLOSE"], True),
    ("1.0", [], True), ("1.0", ["Connection: keep-alive"], True)])
def test_the_last_request_of_a_connection_ends_it(shared, version, fields, closes):
    """Who reads until the end, as old clients and load balancers do, must not wait for the time that an idle connection gets."""
    out, closed = talk(shared, call(shared, *fields, version=version), timeout=1)
    assert status(out) == [200] and closed == closes
    assert (b"\r\nconnection: close\r\n" in out.lower()) == closes


def test_only_the_last_of_several_requests_ends_the_connection(shared):
    out, closed = talk(shared, call(shared) + call(shared) + call(shared, "Connection: close"))
    assert status(out) == [200, 200, 200] and closed
    assert out.lower().count(b"connection: close") == 1 and out.lower().rindex(b"connection: close") > out.rindex(b"HTTP/1.1 200")


def test_who_waits_for_a_word_before_the_body_gets_it(shared):
    whole = call(shared, "Expect: 100-continue", "Connection: close")
    head, body = whole.split(b"\r\n\r\n", 1)
    with socket.create_connection(("127.0.0.1", shared.port), timeout=5) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        out = b""
        while chunk := connection.recv(65536):
            out += chunk
    assert status(out) == [200]
    # Whose body is too large is spared it.
    refused, _ = talk(shared, head.replace(b"Content-Length: ", b"Content-Length: 99999") + b"\r\n\r\n", timeout=1)
    assert status(refused) == [400] and b"body.too-large" in refused
    # Where the body comes along, nobody waits for the word.
    assert status(talk(shared, whole)[0]) == [200]


@pytest.mark.parametrize("body", [{}, {"events": []}, {"batch": {"type": "track", "userId": "batchless", "event": "Tea"}}, {"batch": "tea"}, {"type": "track", "userId": "batchless", "event": "Tea"}])
def test_a_batch_without_a_list_is_refused_and_kept(shared, body):
    body = {**body, "context": {"mark": new_id("mark")}}
    answer = shared.post("/v1/batch", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "batch.missing")
    assert any(body["context"]["mark"] in json.dumps(one) for one in shared.api("/api/v1/quarantine", limit=5)["rejected"]), "what was in it is lost"


@pytest.mark.parametrize("items", [[], None])
def test_an_empty_batch_is_no_fault(shared, items):
    assert shared.post("/v1/batch", {"batch": items}, verdicts="true").json()["verdicts"] == []


@pytest.mark.parametrize("member", ["userId", "anonymousId", "groupId", "previousId"])
def test_an_identifier_has_a_length_that_a_page_can_show(shared, member):
    def said(length):
        call = {"type": "group", "userId": f"long-{member}-{length}", "groupId": "g", "anonymousId": "a", "previousId": "p"} | {member: "é" * (length // 2)}
        return shared.post_batch([call | {"messageId": new_id()}], verdicts=True).text

    assert "event.identifier-too-long" not in said(2048)
    assert "event.identifier-too-long" in said(2050)
