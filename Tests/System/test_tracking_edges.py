"""What senders, browsers, proxies and attackers do at the edges of the tracking API."""
import base64
import gzip
import json
import re
import time

import pytest
import requests

from harness import basic, new_id, tracked, wait_until
from shim import Shim

ORIGIN = {"Origin": "https://shop.example"}


@pytest.fixture(scope="module")
def shop(shared):
    shared.token()
    return shared


def anonymous(shop, method, path, **options):
    """Without the write key that the harness sends."""
    return requests.request(method, shop.url + path, timeout=10, **options)


@pytest.mark.parametrize("method, path", [
    ("POST", "/beacon/v1/batch"), ("POST", "/api/s/track"), ("POST", "/api/s/s2s/track"), ("GET", "/sourceConfig"), ("GET", "/projects/none/settings"), ("POST", "/v1/track"), ("PUT", "/beacon/v1/batch")])
def test_browsers_can_read_every_refusal(shop, method, path):
    answer = anonymous(shop, method, path, headers=ORIGIN, data=b"{")
    assert 400 <= answer.status_code < 500 and answer.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]
    assert {"code", "message"} <= answer.json().keys()
    assert "Access-Control-Allow-Origin" not in anonymous(shop, "GET", "/api/v1/events", headers=ORIGIN).headers


def test_a_wrong_method_is_told_the_right_ones(shop):
    assert anonymous(shop, "DELETE", "/v1/track").headers["Allow"] == "POST"
    assert set(anonymous(shop, "DELETE", "/api/v1/sources").headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_mistyped_address_is_a_page_for_browsers_and_json_for_programs(shop):
    page = anonymous(shop, "GET", "/nope", headers={"Accept": "text/html,application/xhtml+xml"})
    assert page.status_code == 404 and page.headers["Content-Type"].startswith("text/html") and "Content-Security-Policy" in page.headers
    for path, accept in (("/nope", "*/*"), ("/api/v1/nope", "text/html"), ("/v1/nope", "text/html")):
        assert anonymous(shop, "GET", path, headers={"Accept": accept}).json()["code"] == "request.unknown-path"


def test_the_preflight_allows_what_clients_send(shop):
    allowed = anonymous(shop, "OPTIONS", "/v1/track", headers={**ORIGIN, "Access-Control-Request-Method": "POST"}).headers["Access-Control-Allow-Headers"].lower()
    for name in ("authorization", "content-type", "x-retry-count", "x-write-key", "anonymousid", "x-enable-debug"):
        assert name in allowed


def test_a_refused_call_is_refused_with_verdicts_too(shop):
    """Its verdict stands beside the reason; a batch, whose items are each judged alone, is answered with 200."""
    for options in ({"verdicts": "true"}, {"headers": {"X-Martlet-Verdicts": "true"}}):
        answer = shop.post("/v1/track", {"userId": "ada", "messageId": new_id()}, **options)
        told = answer.json()
        assert answer.status_code == 400 and told["code"] and told["remedy"] and [one["status"] for one in told["verdicts"]] == ["quarantined"] and "success" not in told
        batch = shop.post("/v1/batch", {"batch": [{"type": "track", "userId": "ada", "messageId": new_id()}]}, **options)
        assert batch.status_code == 200 and [one["status"] for one in batch.json()["verdicts"]] == ["quarantined"]


@pytest.fixture
def proxied(make_martlet):
    """Behind a proxy that it was told to trust."""
    return make_martlet(args=["--trusted-proxies", "127.0.0.1, 0:0:0:0:0:0:0:1"]).start()


def test_settings_lead_through_the_proxy_in_front(shop, proxied):
    """A trusted proxy says how it was asked; a public address that was set counts before. Nobody else is believed."""
    def target(shop=proxied, **headers):
        found = anonymous(shop, "GET", f"/v1/projects/{shop.write_key}/settings", headers=headers).json()["integrations"]["Segment.io"]
        return found["protocol"] + "://" + found["apiHost"]
    assert target(shop, **{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "cdp.example"}) == shop.url + "/v1"
    shop = proxied
    assert target() == shop.url + "/v1"
    assert target(**{"X-Forwarded-Proto": "https"}) == shop.url.replace("http:", "https:") + "/v1"
    assert target(**{"X-Forwarded-Proto": "http, https", "X-Forwarded-Host": "inner.example, cdp.shop.example"}) == "https://cdp.shop.example/v1"
    assert target(**{"X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "\"><script>"}) == shop.url.replace("127.0.0.1:" + str(shop.port), "script") + "/v1"
    policy = shop.api("/api/v1/sending-policy")
    assert shop.call("PUT", "/api/v1/sending-policy", json={**policy, "publicAddress": "https://cdp.example/in"}).status_code == 200
    assert target(**{"X-Forwarded-Proto": "http"}) == "https://cdp.example/in/v1"


def test_a_browsers_address_comes_from_the_proxy_in_front(shop, proxied):
    for shop, header, ip in ((shop, "203.0.113.9", "127.0.0.1"), (proxied, None, "127.0.0.1"), (proxied, "203.0.113.9", "203.0.113.9"), (proxied, "10.1.1.1, 2001:db8::7", "2001:db8::7"), (proxied, "203.0.113.9:4711", "203.0.113.9"), (proxied, "[2001:db8::7]:4711", "2001:db8::7"), (proxied, "tea", "127.0.0.1")):
        message = new_id()
        shop.post("/v1/track", {"userId": "ada", "event": "Tea", "messageId": message, "context": {"library": {"name": "analytics.js"}}}, headers={"X-Forwarded-For": header} if header else {}, wait="profile")
        assert shop.events(messageId=message)[0]["context"]["ip"] == ip


@pytest.mark.parametrize("spelled", [
    lambda data: data, lambda data: data.replace("+", "-").replace("/", "_").rstrip("="), lambda data: data[:40] + "%0A" + data[40:], lambda data: data.replace("+", "%2B")])
def test_a_pixel_takes_base64_in_every_spelling_and_only_when_it_is_loaded(shop, spelled):
    data = ""
    while "+" not in data or "/" not in data:
        message = new_id("pixel")
        data = base64.b64encode(json.dumps({"writeKey": shop.write_key, "userId": "ada", "event": "Mail Opened", "messageId": message, "properties": {"tea": "~~~???>>>" + new_id()}}).encode()).decode()
    assert anonymous(shop, "HEAD", "/v1/pixel/track?data=" + spelled(data)).status_code == 200
    shop.track()
    assert shop.events(messageId=message) == []
    answer = anonymous(shop, "GET", "/v1/pixel/track?data=" + spelled(data))
    assert answer.status_code == 200 and answer.content.startswith(b"GIF89a")
    wait_until(lambda: shop.events(messageId=message), 5, what="the event")


def test_an_unknown_bearer_leaves_the_word_to_the_other_keys(shop):
    body = {"userId": "ada", "event": "Tea"}
    for headers, query in (({"X-Write-Key": shop.write_key}, ""), ({}, f"?writeKey={shop.write_key}")):
        assert anonymous(shop, "POST", "/v1/track" + query, json=body, headers={"Authorization": "Bearer someone", **headers}).status_code == 200
    assert anonymous(shop, "POST", "/v1/track", json=body, headers={"Authorization": "Bearer someone", "X-Write-Key": "wrong"}).status_code == 401
    assert anonymous(shop, "POST", "/v1/track", json=body, headers={"Authorization": "Bearer someone"}).status_code == 401


@pytest.mark.parametrize("context", [None, "text", [], {"gpc": False}, {"gpc": None}, {"a": 1}])
def test_fault_56_the_signal_counts_whatever_the_context_is(shop, context):
    user = new_id("gpc")
    shop.post("/v1/track", {"userId": user, "event": "Tea", "context": context}, headers={"Sec-GPC": "1"}, wait="profile")
    assert shop.api("/api/v1/profiles/lookup", userId=user)["optedOutOfSharing"] is True
    event = shop.events(userId=user)[0]
    assert event["context"]["gpc"] is True
    assert event.get("contextAsSent") == (context if isinstance(context, (str, list)) else None)


def test_consent_and_traits_are_read_however_their_names_are_written(shop):
    user = new_id("escaped")
    body = '{"userId":"%s","event":"Tea","context":{"c\\u006fnsent":{"category\\u0050references":{"ads":false}}}}' % user
    assert shop.post("/v1/track", body.encode(), wait="profile").status_code == 200
    assert [(c["purpose"], c["state"] if "state" in c else c.get("granted")) for c in shop.api("/api/v1/profiles/lookup", userId=user)["consents"]]
    body = '{"userId":"%s","context":{"tra\\u0069ts":{"plan":"leaf"}}}' % user
    assert shop.post("/v1/identify", body.encode(), wait="profile").status_code == 200
    assert shop.api("/api/v1/profiles/lookup", userId=user)["traits"] == {"plan": "leaf"}


def test_of_a_repeated_member_the_last_counts_everywhere(shop):
    user = new_id("twice")
    body = '{"userId":"%s","traits":{"email":"a@%s.example","email":"b@%s.example","em\\u0061il":"c@%s.example"}}' % ((user,) * 4)
    assert shop.post("/v1/identify", body.encode(), wait="profile").status_code == 200
    found = shop.api("/api/v1/profiles/lookup", userId=user)
    assert found["traits"] == {"email": f"c@{user}.example"}
    assert [i["value"] for i in found["identifiers"] if i["type"] == "email"] == [f"c@{user}.example"]


def test_a_group_that_is_everybodys_by_mistake_is_no_account(shop):
    for group in ("null", "undefined", "-1", "0000-0000", "Wren"):
        shop.post("/v1/group", {"userId": new_id("member"), "groupId": group, "traits": {"name": group}}, wait="profile")
        assert shop.call("GET", f"/api/v1/accounts/{group}").status_code == (200 if group == "Wren" else 404), group


def test_ids_of_zeros_or_blanks_join_nobody(shop):
    for blocked in ("0" * 64, "-" * 40, "   "):
        devices = [new_id("device"), new_id("device")]
        for device in devices:
            shop.post("/v1/track", {"userId": blocked, "anonymousId": device, "event": "Tea"}, wait="profile")
        assert len({shop.api("/api/v1/profiles/lookup", anonymousId=device)["id"] for device in devices}) == 2, blocked


def test_an_item_that_is_nested_too_deeply_costs_only_itself(shop):
    good, deep = new_id("good"), new_id("deep")
    body = '{"batch":[{"type":"track","userId":"ada","event":"Tea","messageId":"%s"},{"type":"track","userId":"ada","event":"Tea","messageId":"%s","properties":{"a":%s1%s}}]}' % (good, deep, "[" * 5000, "]" * 5000)
    answer = shop.post("/v1/batch", body.encode(), verdicts="true", wait="profile")
    assert [verdict["status"] for verdict in answer.json()["verdicts"]] == ["accepted", "quarantined"]
    assert len(shop.events(messageId=good)) == 1
    kept = [item for item in shop.api("/api/v1/quarantine")["rejected"] if deep in item["payload"]]
    assert len(kept) == 1 and kept[0]["reasons"][0]["code"] == "event.too-deep" and kept[0]["payload"].endswith("]}}")


@pytest.mark.parametrize("name, size, items, code", [("context", 512 << 10, 33, "body.too-large"), ("integrations", 3 << 20, 6, "body.too-large")])
def test_fault_66_a_batch_cannot_say_much_for_all_its_items(shop, name, size, items, code):
    """Some hundred bytes, compressed, that would become gigabytes of events."""
    body = gzip.compress(json.dumps({name: {"big": "x" * size}, "batch": [{"type": "track", "userId": "amp", "event": "e"}] * items}).encode())
    before = shop.memory()
    answer = shop.post("/v1/batch", body, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 400 and answer.json()["code"] == code
    assert shop.memory() - before < 100 << 20
    assert shop.events(userId="amp") == []


def test_an_event_counts_with_what_its_batch_gives_it(shop):
    message = new_id("large")
    answer = shop.post("/v1/batch", {"context": {"big": "x" * (600 << 10)}, "batch": [
        {"type": "track", "userId": "ada", "event": "Tea", "messageId": message, "properties": {"big": "y" * (600 << 10)}}]}, verdicts="true")
    assert answer.json()["verdicts"][0]["code"] == "event.too-large"
    assert shop.events(messageId=message) == []


def test_many_items_and_many_traits_take_time_that_grows_with_them_alone(shop):
    answer = shop.post("/v1/batch", b'{"batch":[' + b",".join([b"0"] * 100_001) + b"]}")
    assert answer.status_code == 400 and answer.json()["code"] == "body.too-many"
    user = new_id("wide")
    started = time.monotonic()
    for turn in range(2):
        traits = {f"trait {n}": n + turn for n in range(40_000)}
        assert shop.post("/v1/identify", {"userId": user, "traits": traits}, wait="profile", timeout=60).status_code == 200
    assert time.monotonic() - started < 20
    assert shop.api("/api/v1/profiles/lookup", userId=user)["traits"] == traits


def test_fault_97_a_key_is_rotated_without_a_gap(make_martlet):
    """The old key is taken beside the new one for the hours that were asked for, over a crash too, and not a moment longer."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    source = server.create_source("Till")
    rotated = server.cli("source", "rotate", source["id"], "--keep-old", "2", "--json")
    assert rotated["oldKeyUntil"] and rotated["writeKey"] != source["writeKey"]

    def statuses():
        return [server.post("/v1/track", {"userId": "ada", "event": "Tea"}, key=key).status_code for key in (source["writeKey"], rotated["writeKey"])]
    assert statuses() == [200, 200]
    server.kill9()
    server.start()
    assert statuses() == [200, 200]
    shim.clock_offset_ms = 2 * 3_600_000 + 1000
    assert statuses() == [401, 200]
    assert server.api("/api/v1/sources")["sources"][0]["oldKeyUntil"] is None
    assert server.call("POST", f"/api/v1/sources/{source['id']}/rotate?keepOldHours=721").status_code == 400


def test_each_old_key_keeps_the_time_that_it_was_given(make_martlet):
    """A second rotation ended the first key at once, whatever it had been promised."""
    server = make_martlet()
    shim = Shim(server)
    server.start()
    source = server.create_source("Till")
    keys = [source["writeKey"]]

    def rotate(hours):
        keys.append(server.cli("source", "rotate", source["id"], "--keep-old", str(hours), "--json")["writeKey"])

    def statuses():
        return [server.post("/v1/track", {"userId": "ada", "event": "Tea"}, key=key).status_code for key in keys]
    rotate(3)
    until = server.api("/api/v1/sources")["sources"][0]["oldKeyUntil"]
    rotate(1)
    assert server.api("/api/v1/sources")["sources"][0]["oldKeyUntil"] == until, "the longest of them"
    assert statuses() == [200, 200, 200]
    server.kill9()
    server.start()
    assert statuses() == [200, 200, 200]
    shim.clock_offset_ms = 3_600_000 + 1000
    assert statuses() == [200, 401, 200]
    rotate(0)
    assert statuses() == [401, 401, 401, 200], "at once, of whatever may have leaked"
    assert server.api("/api/v1/sources")["sources"][0]["oldKeyUntil"] is None


@pytest.mark.parametrize("data", ["%%%no-base64%%%", base64.b64encode(b"[1]").decode(), base64.b64encode(b'{"event": ').decode()])
def test_what_a_pixel_carries_and_nobody_can_read_is_in_quarantine(martlet, data):
    """The answer is the image in any case, so the sender cannot know."""
    answer = requests.get(martlet.url + "/v1/pixel/track", params={"writeKey": martlet.write_key, "data": data}, timeout=10)
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/gif"
    rejected = martlet.api("/api/v1/quarantine")["rejected"]
    assert [r["code"] for r in rejected] == ["body.not-json"]
    requests.get(martlet.url + "/v1/pixel/track", params={"writeKey": "wk_unknown", "data": data}, timeout=10)
    assert len(martlet.api("/api/v1/quarantine")["rejected"]) == 1


def test_a_write_key_in_a_refused_body_is_not_kept(martlet):
    requests.post(martlet.url + "/v1/track", json={"writeKey": martlet.write_key, "userId": "ada", "messageId": "r1"}, timeout=10)
    row = martlet.api("/api/v1/quarantine")["rejected"][0]
    assert martlet.write_key not in row["payload"] and json.loads(row["payload"])["userId"] == "ada"
    assert martlet.call("POST", f"/api/v1/quarantine/{row['id']}/replay", json={**json.loads(row["payload"]), "event": "Mended"}).status_code == 200
    assert [e["event"] for e in martlet.events(messageId="r1")] == ["Mended"]


def test_what_is_refused_is_counted_as_quarantine_counts_it(martlet):
    """An event that says too little, and bodies of which nothing can be read."""
    send = lambda body: requests.post(martlet.url + "/v1/batch", data=body, headers={"Authorization": basic(martlet.write_key), "Content-Type": "application/json"}, timeout=10)
    send(b'{"batch": [{"type": "track"}, {"type": "track", "event": "Tea", "userId": "ada"}]}')
    for body in (b"{", b"\xff", b'{"batch": 7}'):
        assert send(body).status_code == 400
    kept = len(martlet.api("/api/v1/quarantine")["rejected"])
    assert kept == 4 and f'martlet_events_quarantined_total{{workspace="main"}} {kept}\n' in martlet.call("GET", "/metrics").text


@pytest.mark.parametrize("path", ["/health", "/api/v1/sources", "/api/v1/events", "/martlet.js", "/api/v1/none", "/sign-in", "/v1/pixel/track?data=e30"])
def test_head_tells_the_length_that_get_has(shop, path):
    headers = {"Authorization": "Bearer " + shop.token(), "Accept-Encoding": "identity"}
    get, head = (anonymous(shop, method, path, headers=headers) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content, head.headers["Content-Type"]) == (get.status_code, b"", get.headers["Content-Type"])
    assert head.headers.get("Content-Length") == get.headers.get("Content-Length") != "0"


def test_head_of_what_has_no_length_ends_with_its_head(shop):
    """The next answer of the connection begins right behind it."""
    auth = f"Host: x\r\nAuthorization: Bearer {shop.token()}\r\n"
    answer = shop.raw(f"HEAD /api/v1/live HTTP/1.1\r\n{auth}\r\nGET /health HTTP/1.1\r\n{auth}Connection: close\r\n\r\n".encode())
    first, second = re.split(rb"\r\n\r\n(?=HTTP)", answer, maxsplit=1)
    assert first.startswith(b"HTTP/1.1 200") and b"content-length" not in first.lower(), answer
    assert second.startswith(b"HTTP/1.1 200") and json.loads(second.split(b"\r\n\r\n", 1)[1])["status"] == "ok", answer


@pytest.mark.parametrize("version, hosts, status", [
    ("1.1", ["x"], b"200"), ("1.1", [], b"400"), ("1.1", ["x", "x"], b"400"), ("1.1", ["x", "y"], b"400"), ("1.1", [""], b"200"), ("1.0", [], b"200"), ("1.0", ["x", "y"], b"400")])
def test_a_request_has_one_host(shop, version, hosts, status):
    lines = [f"GET /health HTTP/{version}", *(f"Host: {host}" for host in hosts), "Connection: close", "", ""]
    answer = shop.raw("\r\n".join(lines).encode())
    assert answer.startswith(b"HTTP/1.1 " + status) or answer.startswith(b"HTTP/1.0 " + status), answer
    if status == b"400":
        assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["code"] == "request.host"


def test_a_source_that_sends_seldom_is_known_to_have_sent_after_a_restart(martlet):
    """Its last event stands behind more than the newest 20,000, which are all that a start looks at."""
    rare = martlet.create_source("Rare")
    martlet.post_batch([tracked("ada", 1)], key=rare["writeKey"], wait=True).raise_for_status()
    def last():
        return next(s["lastEventAt"] for s in martlet.api("/api/v1/sources")["sources"] if s["name"] == "Rare")
    before = last()
    for start in range(0, 21_000, 1000):
        martlet.post_batch([tracked(f"u{n}", n) for n in range(start, start + 1000)]).raise_for_status()
    assert martlet.stop() == 0
    martlet.start()
    assert before and last() == before
