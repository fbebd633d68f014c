"""Who may do what: a matrix made from the API's own description, so that a new route is judged the day it appears."""
import json
import re
import socket
import stat
import statistics
import subprocess
import threading
import time

import pytest
import requests

from harness import basic, files, new_id, tracked, wait_until

#: Routes that anyone may call; every other route must refuse a stranger.
PUBLIC = {("GET", "/health"), ("GET", "/api/openapi.json"), ("GET", "/martlet.js"), ("GET", "/shop"), ("GET", "/shop/{a}"), ("GET", "/shop/{a}/{b}"), ("GET", "/shop/{a}/{b}/{c}")}
METHODS = ("get", "post", "put", "patch", "delete")
SCOPES = ["events:read", "profiles:read", "quarantine:read", "quarantine:write", "sources:read", "sources:write", "imports:read", "imports:write",
          "privacy:write", "identity:write", "access:read", "access:write", "operations:read", "operations:write", "segments:read", "segments:write", "channels:read", "channels:write", "templates:read", "templates:write", "journeys:read", "journeys:write", "messages:read", "messages:write", "destinations:read", "destinations:write", "consent:read", "consent:write", "analytics:read", "accounts:write"]


def routes(martlet):
    """(method, path, kinds of security with scopes) of every route in the document."""
    document = martlet.http.get(martlet.url + "/api/openapi.json", timeout=10).json()
    out = []
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                out.append((method.upper(), path, item[method].get("security", document.get("security", []))))
    return out


def is_ingestion(security):
    return any("writeKey" in kind for kind in security)


def filled(path):
    return re.sub(r"\{(\w+)\}", lambda m: {"space": "main", "collection": "users", "profile": "user_id:ada"}.get(m[1], "1"), path)


def ask(martlet, method, path, authorization=None, **options):
    headers = {"Authorization": authorization} if authorization else {}
    session = requests.Session()
    session.trust_env = False
    return session.request(method, martlet.url + filled(path), headers={**headers, **options.pop("headers", {})}, json={} if method in ("POST", "PATCH", "PUT") else None,
                           timeout=10, allow_redirects=False, stream=True, **options)


@pytest.fixture(scope="module")
def stocked(shared):
    """A server with a person, a refused event, and another tenant's person."""
    shared.send([tracked("ada", 1)])
    shared.post_batch([{"type": "sip", "userId": "ada", "messageId": "bad"}])
    # Ids count up in each workspace, so the other tenant's source is made with one that does not exist here.
    for n in range(20):
        shared.create_source(f"Filler {n}", workspace="demo")
    shared.demo_key = shared.create_source("Demo shop", workspace="demo")["writeKey"]
    shared.send([{"type": "identify", "userId": "demo-grace", "messageId": "dg", "traits": {"name": "Grace", "email": "grace@demo.example"}}], key=shared.demo_key)
    shared.post_batch([{"type": "sip", "userId": "demo-grace", "messageId": "demo-bad"}], key=shared.demo_key)
    return shared


def test_the_document_lists_what_the_contract_promises(stocked):
    """The matrix below is only as good as the document: the routes that people build on must be in it."""
    listed = {(m, p) for m, p, _ in routes(stocked)}
    promised = {("GET", p) for p in ("/health", "/metrics", "/api/openapi.json", "/api/v1/events", "/api/v1/profiles", "/api/v1/profiles/lookup", "/api/v1/profiles/{id}",
                                     "/api/v1/profiles/{id}/traits", "/api/v1/profiles/{id}/events", "/api/v1/profiles/{id}/links", "/api/v1/groups/{id}", "/api/v1/quarantine",
                                     "/api/v1/sources", "/api/v1/tokens", "/api/v1/overview", "/api/v1/live", "/api/v1/imports", "/api/v1/imports/{id}", "/api/v1/segments", "/api/v1/segments/{id}",
                                     "/api/v1/segments/{id}/members", "/api/v1/segments/{id}/changes", "/api/v1/segments/changes/stream")}
    promised |= {("POST", p) for p in ("/v1/batch", "/v1/track", "/v1/identify", "/api/v1/sources", "/api/v1/tokens", "/api/v1/sources/{id}/rotate",
                                       "/api/v1/quarantine/{id}/replay", "/api/v1/privacy/erasures", "/api/v1/imports", "/api/v1/segments", "/api/v1/segments/preview", "/api/v1/analytics/funnel",
                                       "/api/v1/analytics/retention", "/api/v1/analytics/active", "/api/v1/analytics/overlap", "/api/v1/analytics/top", "/api/v1/analytics/rfm")}
    missing = sorted(f"{m} {p}" for m, p in promised - {(m, re.sub(r"\{\w+\}", "{id}", p)) for m, p in listed} if (m, p) not in listed)
    assert not missing, missing


def test_fault_76_strangers_are_refused_everywhere(stocked):
    """No credentials: 401 on every route but the declared public ones."""
    problems = []
    for method, path, security in routes(stocked):
        status = ask(stocked, method, path).status_code
        if (method, path) in PUBLIC:
            # The shop is there in the demo only.
            wanted = (200, 404) if path.startswith("/shop") else (200, 503)
        elif is_ingestion(security):
            # A pixel always answers its image, and SDKs' own metrics are swallowed, unread.
            wanted = (200, 400, 401, 404)
        else:
            wanted = (401,)
        if status not in wanted:
            problems.append(f"{method} {path}: {status}")
    assert not problems, problems
    listed = {(m, p) for m, p, s in routes(stocked) if not s or {} in s}
    assert listed <= PUBLIC, f"declared open, but not in this test's list: {listed - PUBLIC}"


@pytest.mark.parametrize("credential", ["unknown_bearer", "unknown_basic", "empty_bearer", "prefix_of_a_token", "token_in_query", "write_key_as_bearer", "write_key_as_basic"])
def test_fault_76_and_79_wrong_credentials_open_nothing(stocked, credential):
    """A wrong, cut, misplaced token or a write key: 401 on every route that needs a token."""
    token, key, params = stocked.token(), stocked.write_key, {}
    authorization = {
        "unknown_bearer": "Bearer mt_" + "x" * 32, "unknown_basic": basic("mt_" + "x" * 32), "empty_bearer": "Bearer ", "prefix_of_a_token": "Bearer " + token[:-1],
        "token_in_query": None, "write_key_as_bearer": "Bearer " + key, "write_key_as_basic": basic(key)}[credential]
    if credential == "token_in_query":
        params = {"token": token, "access_token": token}
    problems = [f"{m} {p}: {s}" for m, p, security in routes(stocked) if (m, p) not in PUBLIC and not is_ingestion(security)
                if (s := ask(stocked, m, p, authorization, params=params).status_code) != 401]
    assert not problems, problems


def test_fault_76_each_route_needs_exactly_its_scope(stocked):
    """A token with every scope but the route's own is refused with 403; a token with that scope alone is let in."""
    needed = {}
    for method, path, security in routes(stocked):
        for kind in security:
            if "token" in kind:
                assert len(kind["token"]) == 1, f"{method} {path} declares {kind}"
                needed[method, path] = kind["token"][0]
    assert set(needed.values()) <= set(SCOPES), f"scopes that this test does not know: {set(needed.values()) - set(SCOPES)}"
    alone = {scope: stocked.create_token(scope, name=scope) for scope in SCOPES}
    others = {scope: stocked.create_token(",".join(s for s in SCOPES if s != scope), name="all but " + scope) for scope in set(needed.values())}
    problems = []
    for (method, path), scope in needed.items():
        without = ask(stocked, method, path, "Bearer " + others[scope])
        if without.status_code != 403 or not without.json().get("code"):
            problems.append(f"{method} {path} without {scope}: {without.status_code}")
        if (method, path) in (("GET", "/api/v1/live"), ("GET", "/api/v1/segments/changes/stream")):
            # Streams: that they begin is enough.
            continue
        if path.endswith("segments/{id}/explain") or path.endswith("segments/explain"):
            # What is seen of people's events takes the scope for events, too.
            continue
        if (status := ask(stocked, method, path, "Bearer " + alone[scope]).status_code) in (401, 403, 500):
            problems.append(f"{method} {path} with {scope} alone: {status}")
    assert not problems, problems


def test_fault_76_every_other_method_and_path_is_refused(stocked):
    """Methods that a path does not have answer 404 or 405 with words, TRACE and CONNECT included; nothing is there that the document does not name."""
    token = "Bearer " + stocked.token()
    listed = {}
    for method, path, _ in routes(stocked):
        listed.setdefault(path, set()).add(method)
    problems = []
    for path, methods in listed.items():
        for method in ("PUT", "TRACE", "DELETE", "PATCH", "PROPFIND", "POST"):
            if method not in methods:
                status = ask(stocked, method, path, token).status_code
                if status not in (404, 405, 501, 400):
                    problems.append(f"{method} {path}: {status}")
    for path in ("/debug", "/debug/pprof", "/.env", "/admin", "/api", "/api/v1", "/api/v2/events", "/v1", "/server-status", "/martlet.sqlite", "/workspaces/main/workspace.key",
                 "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/v1/sign-in-links", "/api/v1/backups", "/api/v1/doctor", "//etc/passwd"):
        for method in ("GET", "POST"):
            answer = ask(stocked, method, path, token)
            if answer.status_code not in (400, 404, 405) or b"root:" in answer.content:
                problems.append(f"{method} {path}: {answer.status_code}")
    assert not problems, problems


def test_fault_77_a_token_of_main_sees_nothing_of_demo(stocked):
    """Other tenants' ids, whether guessed or known, read as not there; a header that names their workspace changes nothing."""
    demo = stocked.api("/api/v1/profiles/lookup", workspace="demo", userId="demo-grace")
    demo_source = next(s for s in stocked.api("/api/v1/sources", workspace="demo")["sources"] if s["name"] == "Demo shop")
    demo_tokens = stocked.api("/api/v1/tokens", workspace="demo")["tokens"]
    demo_row = stocked.api("/api/v1/quarantine", workspace="demo", messageId="demo-bad")["rejected"][0]
    secrets = ["demo-grace", "Grace", "grace@demo.example", f'"{demo_source["id"]}"', demo_source["writeKey"], demo_tokens[0]["id"], "demo-bad"]
    for headers in ({}, {"X-Martlet-Workspace": "demo"}, {"Host": "demo"}):
        for path in ("/api/v1/events?limit=1000", "/api/v1/events?userId=demo-grace", "/api/v1/events?messageId=dg", "/api/v1/profiles?limit=1000", "/api/v1/profiles?q=grace",
                     "/api/v1/profiles/lookup?userId=demo-grace", "/api/v1/profiles/lookup?email=grace@demo.example", "/api/v1/quarantine?limit=1000", "/api/v1/quarantine?messageId=demo-bad",
                     "/api/v1/sources", "/api/v1/tokens", "/v1/spaces/demo/collections/users/profiles/user_id:demo-grace/traits", "/api/v1/overview?workspace=demo"):
            text = stocked.call("GET", path, headers=headers).text
            assert not [s for s in secrets if s in text], f"{path} {headers}: {text[:300]}"
    for method, path, body in (("POST", f"/api/v1/sources/{demo_source['id']}/rotate", None), ("PATCH", f"/api/v1/sources/{demo_source['id']}", {"enabled": False}),
                               ("DELETE", f"/api/v1/tokens/{demo_tokens[0]['id']}", None), ("POST", "/api/v1/privacy/erasures", {"userId": "demo-grace"})):
        answer = stocked.call(method, path, json=body, headers={"X-Martlet-Workspace": "demo"})
        assert answer.status_code == 404, f"{method} {path}: {answer.status_code} {answer.text}"
    assert stocked.send([tracked("demo-grace", 2)], key=stocked.demo_key)["success"], "its key still works"
    assert stocked.api("/api/v1/profiles/lookup", workspace="demo", userId="demo-grace")["id"] == demo["id"]
    # Ids of the quarantine are small numbers in every tenant: the number may exist here too, but never their row.
    mine = stocked.call("DELETE", f"/api/v1/quarantine/{int(demo_row['id']) + 1000}")
    assert mine.status_code == 404
    assert stocked.api("/api/v1/quarantine", workspace="demo", messageId="demo-bad")["rejected"]


def test_fault_77_unknown_and_foreign_ids_answer_alike(stocked):
    """The answers for an id of another tenant and for one that does not exist are the same to the byte."""
    demo_source = next(s for s in stocked.api("/api/v1/sources", workspace="demo")["sources"] if s["name"] == "Demo shop")["id"]
    foreign = stocked.call("PATCH", f"/api/v1/sources/{demo_source}", json={"enabled": False})
    unknown = stocked.call("PATCH", "/api/v1/sources/src_99999", json={"enabled": False})
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)


def test_fault_77_the_other_workspace_takes_its_own_write_key_only(stocked):
    """An event sent with the key of main never lands in demo, whatever else the request says."""
    message = new_id("m")
    stocked.post("/v1/track", {"userId": "ada", "event": "Tea", "messageId": message, "writeKey": stocked.demo_key}, headers={"X-Martlet-Workspace": "demo"}, wait="profile")
    assert len(stocked.events(messageId=message)) == 1 and stocked.events(workspace="demo", messageId=message) == []


def test_fault_78_mass_assignment(stocked):
    """Ids, workspaces, keys, scopes and numbers that a body has no business to set are ignored or refused."""
    made = stocked.call("POST", "/api/v1/sources", json={
        "name": "Till", "id": "src_mine", "workspace": "demo", "workspaceId": "demo", "writeKey": "wk_mine", "number": 1, "createdBy": "root", "createdAt": "1999-01-01T00:00:00Z"})
    if made.status_code != 400:
        source = made.json()
        assert source["id"] != "src_mine" and source["writeKey"] != "wk_mine" and source["workspace"] == "main" and source["createdAt"] > "2020"
        patched = stocked.call("PATCH", f"/api/v1/sources/{source['id']}", json={"id": "src_x", "writeKey": "wk_x", "workspace": "demo", "name": "Till 2"}).json()
        assert (patched["id"], patched["writeKey"], patched["workspace"], patched["name"]) == (source["id"], source["writeKey"], "main", "Till 2")
        assert len({s["writeKey"] for s in stocked.api("/api/v1/sources")["sources"]}) == len(stocked.api("/api/v1/sources")["sources"])
    made = stocked.call("POST", "/api/v1/tokens", json={"name": "t", "scopes": ["events:read"], "workspace": "demo", "token": "mt_mine", "id": "tok_mine", "isAdmin": True})
    if made.status_code != 400:
        token = made.json()
        assert token["workspace"] == "main" and token["scopes"] == ["events:read"] and token["token"] != "mt_mine" and token["id"] != "tok_mine"
        assert stocked.call("GET", "/api/v1/sources", token=token["token"]).status_code == 403


def test_fault_78_an_event_cannot_set_what_we_set(stocked):
    """receivedAt, source, workspace and position in a body change nothing of the record's own."""
    message = new_id("m")
    stocked.post("/v1/track", {"userId": "ada", "event": "Tea", "messageId": message, "receivedAt": "1999-01-01T00:00:00Z", "source": "Other", "workspace": "demo", "position": 0, "profileId": "prf_0"},
                 wait="profile")
    doubled = []

    def pairs(members):
        names = [name for name, _ in members]
        doubled.extend(name for name in names if names.count(name) > 1)
        return dict(members)

    event = json.loads(stocked.call("GET", "/api/v1/events", params={"messageId": message}).text, object_pairs_hook=pairs)["events"][0]
    assert event["receivedAt"] > "2020" and event["userId"] == "ada"
    assert not doubled, f"the answer has members twice, so that two readers read two things: {set(doubled)}"
    assert stocked.events(workspace="demo", messageId=message) == []


def test_tokens_hand_out_no_more_than_they_have(stocked):
    """A token with access:write makes tokens of at most its own scopes."""
    small = stocked.create_token("access:write,events:read")
    refused = stocked.call("POST", "/api/v1/tokens", token=small, json={"name": "bigger", "scopes": ["all"]})
    assert refused.status_code == 403
    assert stocked.call("POST", "/api/v1/tokens", token=small, json={"name": "bigger", "scopes": ["privacy:write"]}).status_code == 403
    same = stocked.call("POST", "/api/v1/tokens", token=small, json={"name": "same", "scopes": ["events:read"]})
    assert same.status_code == 201 and same.json()["scopes"] == ["events:read"]
    for scopes in ([], ["tea"], "all", None, [1], ["events:read", "tea"]):
        assert stocked.call("POST", "/api/v1/tokens", json={"name": "wrong", "scopes": scopes}).status_code == 400, scopes


def test_a_source_has_a_name_of_its_own(shared):
    """By the API and the command line as in the console: names are compared as they are written."""
    one, other = shared.create_source("Tasting room"), shared.create_source("tasting room")
    for method, path, name in (("POST", "sources", " Tasting room "), ("PATCH", f"sources/{other['id']}", "Tasting room")):
        answer = shared.call(method, f"/api/v1/{path}", json={"name": name})
        assert (answer.status_code, answer.json()["code"]) == (409, "source.name-taken"), answer.text
    done = shared.cli("source", "create", "Tasting room", check=False)
    assert done.returncode == 1 and "source of this name already" in done.stderr
    assert [s["name"] for s in shared.api("/api/v1/sources")["sources"]].count("Tasting room") == 1
    assert shared.call("PATCH", f"/api/v1/sources/{one['id']}", json={"name": "Tasting room", "enabled": False}).json()["enabled"] is False, "its own name is not taken"


def test_sources_of_one_name_made_at_once_are_one(shared):
    from concurrent.futures import ThreadPoolExecutor

    name = new_id("Kiosk")
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: shared.call("POST", "/api/v1/sources", json={"name": name}).status_code, range(16)))
    assert sorted(statuses) == [201] + [409] * 15


def test_sources_and_tokens_made_at_once_are_all_different(martlet):
    """Forty sources and forty tokens on eight connections: ids of their own, and each key and token works, also after a restart."""
    from concurrent.futures import ThreadPoolExecutor

    martlet.token()

    def source(n):
        answer = martlet.call("POST", "/api/v1/sources", json={"name": f"Till {n}"})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def token(n):
        answer = martlet.call("POST", "/api/v1/tokens", json={"name": f"Clerk {n}", "scopes": ["events:read"]})
        assert answer.status_code == 201, answer.text
        return answer.json()

    with ThreadPoolExecutor(8) as pool:
        sources, tokens = list(pool.map(source, range(40))), list(pool.map(token, range(40)))
    for _ in range(2):
        assert len({s["id"] for s in sources}) == 40 and len({t["id"] for t in tokens}) == 40
        bad = [s["id"] for n, s in enumerate(sources) if martlet.post_batch([tracked("ada", n)], key=s["writeKey"]).status_code != 200]
        assert not bad, f"write keys that were handed out do not work: {bad}"
        assert all(martlet.call("GET", "/api/v1/events?limit=1", token=t["token"]).status_code == 200 for t in tokens)
        martlet.restart()


def test_revoked_tokens_and_rotated_or_disabled_keys_stop_at_once(martlet):
    """A revoked token, a rotated key and a disabled source are refused by the very next call, and stay so after a crash."""
    made = martlet.cli("token", "create", "short", "--scopes", "all", "--json")
    assert martlet.call("GET", "/api/v1/events", token=made["token"]).status_code == 200
    martlet.cli("token", "revoke", made["id"])
    assert martlet.call("GET", "/api/v1/events", token=made["token"]).status_code == 401
    source = martlet.create_source("Till")
    rotated = martlet.cli("source", "rotate", source["id"], "--json")
    assert martlet.post_batch([tracked("ada", 1)], key=source["writeKey"]).status_code == 401
    assert martlet.post_batch([tracked("ada", 1)], key=rotated["writeKey"]).status_code == 200
    martlet.cli("source", "disable", source["id"])
    assert martlet.post_batch([tracked("ada", 2)], key=rotated["writeKey"]).status_code == 401
    martlet.kill9()
    martlet.start()
    assert martlet.call("GET", "/api/v1/events", token=made["token"]).status_code == 401
    assert martlet.post_batch([tracked("ada", 1)], key=source["writeKey"]).status_code == 401
    assert martlet.post_batch([tracked("ada", 2)], key=rotated["writeKey"]).status_code == 401
    martlet.cli("source", "enable", source["id"])
    assert martlet.post_batch([tracked("ada", 2)], key=rotated["writeKey"]).status_code == 200


def test_fault_79_an_api_token_ingests_nothing(stocked):
    """A token is no write key: it is refused in every place where a key may stand."""
    token, message = stocked.token(), new_id("m")
    body = {"userId": "ada", "event": "Tea", "messageId": message}
    for headers, params, extra in (({"Authorization": "Bearer " + token}, {}, {}), ({"Authorization": basic(token)}, {}, {}), ({"X-Write-Key": token}, {}, {}), ({}, {"writeKey": token}, {}),
                                   ({}, {}, {"writeKey": token})):
        answer = requests.post(stocked.url + "/v1/track", json={**body, **extra}, headers=headers, params=params, timeout=5)
        assert answer.status_code == 401, f"{headers} {params} {extra}: {answer.status_code}"
    assert stocked.events(messageId=message) == []


def test_fault_79_and_97_no_secret_and_no_person_in_the_logs(martlet):
    """Keys in URLs, tokens, bad requests full of personal data: the server's own log shows none of it, at the start, in use and at the end."""
    # The welcome prints a curl with the first source's key for whoever starts it: it has spoken before there is a source.
    wait_until(lambda: b"Make a source" in b"".join(martlet.stdout), what="the welcome")
    key, token = martlet.write_key, martlet.token()
    requests.post(martlet.url + f"/v1/track?writeKey={key}", json={"userId": "lovelace-1815", "event": "Tea"}, timeout=5)
    requests.get(martlet.url + f"/v1/pixel/track?writeKey={key}&userId=lovelace-1815&event=Tea", timeout=5)
    requests.get(martlet.url + f"/v1/projects/{key}/settings", timeout=5)
    requests.get(martlet.url + f"/no/such/{key}?token={token}&email=lovelace-1815@example.com", timeout=5)
    martlet.post("/v1/track", b'{"userId":"lovelace-1815"' + key.encode())
    martlet.post_batch([{"type": "sip", "userId": "lovelace-1815"}])
    martlet.call("GET", "/api/v1/profiles/lookup", params={"userId": "lovelace-1815"})
    martlet.raw(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nBad Header: lovelace-1815\r\n\r\n".encode(), timeout=2)
    martlet.stop()
    output = martlet.errors() + b"".join(martlet.stdout).decode()
    for secret in (key, key[3:], token, token[3:], "lovelace-1815"):
        assert secret not in output, f"{secret} is in: {output[-500:]}"


def test_fault_81_guesses_take_equally_long_however_much_of_them_is_right(stocked):
    """A key that shares all but its last letter takes as long to refuse as one that shares nothing: medians within 15 %."""
    key = stocked.write_key
    near, far = key[:-1] + ("A" if key[-1] != "A" else "B"), "x" * len(key)
    session, times = requests.Session(), {near: [], far: []}
    for _ in range(300):
        for guess in (near, far):
            started = time.perf_counter()
            assert session.post(stocked.url + "/v1/track", data=b'{"userId":"a","event":"b"}', headers={"Authorization": basic(guess)}, timeout=5).status_code == 401
            times[guess].append(time.perf_counter() - started)
    a, b = statistics.median(times[near]), statistics.median(times[far])
    assert abs(a - b) / max(a, b) < 0.15, f"{a * 1e6:.0f} µs against {b * 1e6:.0f} µs"


def test_fault_97_secrets_at_rest(martlet):
    """Tokens are kept as hashes only, and no file of the folder can be read by others, even in a folder that lets them in."""
    token, key = martlet.token(), martlet.write_key
    martlet.send([tracked("ada", n) for n in range(10)])
    assert martlet.stop() == 0
    for path in files(martlet.data):
        assert token.encode() not in path.read_bytes(), f"{path.name} holds a token in clear"
    loose = [f"{p.relative_to(martlet.data)} {stat.filemode(p.stat().st_mode)}" for p in files(martlet.data) if p.stat().st_mode & 0o077]
    top = stat.S_IMODE(martlet.data.stat().st_mode)
    assert top == 0o700, oct(top)
    assert not loose, f"readable by others if the folder ever is: {loose}"


def test_fault_97_a_folder_that_others_can_enter(make_martlet):
    """A data folder that was made before with mode 755 (a mounted volume): what is in it is not readable by others."""
    import os

    server = make_martlet()
    server.data.mkdir(mode=0o755)
    os.chmod(server.data, 0o755)
    server.start()
    server.send([tracked("ada", 1)])
    # Stopped, so that no file is replaced while it is looked at; what a running one makes has the same modes.
    socket_mode = stat.S_IMODE((server.data / "martlet.sock").stat().st_mode)
    assert server.stop() == 0
    reachable = []
    for path in files(server.data):
        parents = [p for p in path.parents if server.data in p.parents]
        if path.stat().st_mode & 0o044 and all(p.stat().st_mode & 0o011 for p in parents):
            reachable.append(str(path.relative_to(server.data)))
    assert not reachable, reachable
    assert socket_mode == 0o600


def test_fault_97_help_and_errors_show_no_secrets(martlet):
    """--help, wrong options and error answers hold no key, token, path of the source code or stack."""
    key, token = martlet.write_key, martlet.token()
    for args in (["--help"], ["serve", "--help"], ["source", "create", "--help"], ["serve", "--port", "tea"], ["tea"], ["source", "list", "--workspace", "nowhere"]):
        done = martlet.cli(*args, check=False) if "--help" not in args else subprocess.run([str(__import__("harness").BINARY), *args], capture_output=True, text=True, timeout=10)
        text = done.stdout + done.stderr
        assert token not in text and (key not in text or args[:2] == ["source", "list"])
        assert ".swift" not in text and "Fatal" not in text and "0x0000" not in text, text
        if args[-1] in ("tea", "nowhere"):
            assert done.returncode != 0
    for answer in (martlet.http.get(martlet.url + "/nothing"), martlet.post("/v1/track", b"{"), martlet.http.get(martlet.url + "/api/v1/events")):
        assert "swift" not in answer.text.lower() and "/Users/" not in answer.text and "server" not in {h.lower() for h in answer.headers}, answer.headers


def test_fault_97_a_crash_shows_nobody(make_martlet):
    """It ends in the middle: no report of what stands in memory, and no copy of it, whatever the shell allows."""
    import pathlib
    import resource
    import signal

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    for name in (signal.SIGSEGV, signal.SIGILL, signal.SIGABRT):
        server = make_martlet(preexec=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))).start()
        mark = new_id("crash")
        server.track(userId=mark)
        limits = pathlib.Path(f"/proc/{server.pid}/limits").read_text()
        assert [line.split()[4] for line in limits.splitlines() if line.startswith("Max core file size")] == ["0"]
        server.process.send_signal(name)
        assert server.process.wait(20) == -name
        assert mark not in server.errors() and "rax" not in server.errors().lower(), server.errors()[:300]
        assert not list(server.home.glob("core*"))
        server.start()
        assert len(server.events(userId=mark)) == 1


def test_fault_97_environment_secrets_do_not_show_in_the_process_list(martlet):
    """The command line of the running server holds no key or token."""
    import pathlib

    line = pathlib.Path(f"/proc/{martlet.pid}/cmdline").read_bytes().decode()
    assert "wk_" not in line and "mt_" not in line


def test_socket_is_for_its_owner_only(martlet):
    """The command line's socket carries full rights, so its file has mode 600 from the moment that it is there, and an unknown workspace is refused."""
    import socket

    path = martlet.data / "martlet.sock"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600, "at the moment when the server says that it is ready"
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        line.settimeout(3)
        line.sendall(b"GET /api/v1/sources HTTP/1.1\r\nHost: x\r\nX-Martlet-Workspace: ../main\r\nConnection: close\r\n\r\n")
        assert b" 404 " in line.recv(4096).split(b"\r\n")[0]
    result = martlet.cli("source", "create", "Till", "--workspace", "nowhere", check=False)
    assert result.returncode != 0 and "workspace" in result.stderr


@pytest.mark.parametrize("path, scope", [("/api/v1/live", "events:read"), ("/api/v1/segments/changes/stream", "segments:read")])
def test_fault_76_a_stream_ends_with_its_token(make_martlet, path, scope):
    """What was opened before the token was revoked tells nothing that comes after."""
    martlet = make_martlet().start()
    martlet.call("POST", "/api/v1/segments", json={"name": "Sippers", "condition": 'did "Sip"'}).raise_for_status()
    made = martlet.cli("token", "create", "reader", "--scopes", scope, "--json")
    stream = requests.get(martlet.url + path, headers={"Authorization": "Bearer " + made["token"]}, stream=True, timeout=30)
    assert stream.status_code == 200
    told = []

    def read():
        for line in stream.iter_lines():
            told.append(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    martlet.send([{"type": "track", "userId": "ada", "event": "Sip", "messageId": "before"}])
    wait_until(lambda: any(line.startswith(b"data") for line in told), what="the first")
    martlet.call("DELETE", f"/api/v1/tokens/{made['id']}").raise_for_status()
    seen = len([line for line in told if line.startswith(b"data")])
    for number in range(5):
        martlet.send([{"type": "track", "userId": f"bob-{number}", "event": "Sip"}])
    reader.join(10)
    assert not reader.is_alive() and len([line for line in told if line.startswith(b"data")]) == seen


def test_a_body_under_way_is_asked_again_whose_it_is(make_martlet):
    """A call that began with a key that is rotated, or a source that is disabled, before its end is none of the source's any more."""
    martlet = make_martlet().start()
    body = b'{"userId": "ada", "event": "Sip", "messageId": "late"}'
    for order in (("PATCH", "/api/v1/sources/src_1", {"enabled": False}), ("POST", "/api/v1/sources/src_1/rotate", None)):
        key = martlet.api("/api/v1/sources")["sources"][0]["writeKey"] if martlet.write_key else None
        line = socket.create_connection(("127.0.0.1", martlet.port), timeout=10)
        line.sendall(f"POST /v1/track HTTP/1.1\r\nHost: localhost\r\nAuthorization: {basic(key)}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:10])
        time.sleep(0.3)
        method, path, json = order
        martlet.call(method, path, **({"json": json} if json else {})).raise_for_status()
        line.sendall(body[10:])
        assert b" 401 " in line.recv(4096)[:20], order
        line.close()
        martlet.call("PATCH", "/api/v1/sources/src_1", json={"enabled": True}).raise_for_status()
    assert martlet.api("/api/v1/events", messageId="late")["events"] == []
