"""What people make, thing by thing: whose it is, and what its maker cannot say of it. The things and the routes come from lists that a new route has to join."""
import json
import re

import pytest

import everything
from harness import Martlet
from test_access import filled, is_ingestion, routes

MARK = "Lapsang-of-the-other-house"


@pytest.fixture(scope="module")
def house():
    """One of each thing in `main`, and one of each, called otherwise, in `demo`."""
    server = Martlet().start()
    try:
        server.demo_key = server.create_source("Demo shop", workspace="demo")["writeKey"]
        server.mine = everything.make(server, "Oolong", "oolong")
        # Numbers count up in each workspace: these are some that `main` has not reached.
        for n in range(5):
            server.create_source(f"Filler {n}", workspace="demo")
        server.theirs = everything.make(server, MARK, "lapsang", workspace="demo", key=server.demo_key)
        yield server
    finally:
        server.close()


def answered(server, method, path, body=None):
    answer = server.call(method, path, **({} if body is None else {"json": body}))
    return answer.status_code, answer.content


def named(body, found):
    """Every id in an answer, at any depth."""
    if isinstance(body, dict):
        found.update(value for name, value in body.items() if name in ("id", "key", "profileId", "handle", "name") and isinstance(value, str) and value)
        for value in body.values():
            named(value, found)
    elif isinstance(body, list):
        for value in body:
            named(value, found)
    return found


def listed(server, workspace):
    """What the routes that need no more than a token say in a workspace: by the first part of the path, every id."""
    found = {}
    for method, path, security in routes(server):
        if method == "GET" and path.startswith("/api/v1/") and "{" not in path and not path.endswith("stream") and "backup" not in path:
            answer = server.call("GET", path, workspace=workspace, stream=True)
            if answer.status_code == 200 and "json" in answer.headers.get("Content-Type", "") and "event-stream" not in answer.headers.get("Content-Type", ""):
                named(answer.json(), found.setdefault(path.split("/")[3], set()))
            answer.close()
    return found


def test_every_making_is_answered(house):
    """Else the tests below would prove nothing about it."""
    for answers in (house.mine, house.theirs):
        wrong = {f"{m} {p}": f"{a.status_code} {a.text[:200]}" for (m, p), a in answers.items() if a.status_code not in (200, 201, 202)}
        assert not wrong, wrong


def test_fault_76_a_new_route_that_makes_something_joins_the_list(house):
    made = {(m, p) for m, p, security in routes(house) if m == "POST" and not is_ingestion(security) and ("{" not in p or p.endswith("/entities/{type}"))}
    unknown = made - set(everything.MAKING) - everything.OTHER
    assert not unknown, f"add to everything.py: {sorted(unknown)}"
    gone = (set(everything.MAKING) | everything.OTHER) - made
    assert not gone, f"take out of everything.py: {sorted(gone)}"


def test_fault_77_no_route_reaches_what_another_workspace_has(house):
    """Each route with an id, for each id that demo's lists show, asked with main's token: answered as for an id that nobody has, and demo stays as it was."""
    mine, theirs = listed(house, "main"), listed(house, "demo")
    ids = {kind: sorted(theirs[kind] - mine.get(kind, set()))[:12] for kind in theirs}
    assert sum(len(v) for v in ids.values()) > 20 and any(MARK in i for v in ids.values() for i in v), ids
    before = {kind: sorted(found) for kind, found in theirs.items()}
    problems, asked = [], 0
    for method, path, security in routes(house):
        kind = path.split("/")[3] if path.startswith("/api/v1/") else ""
        if "{" not in path or is_ingestion(security) or path.endswith("stream"):
            continue
        # Of its own kind, and profiles for whatever else takes one.
        for theirs_id in ids.get(kind, []) + [i for i in ids.get("profiles", []) if i.startswith("prf_")]:
            body = {} if method in ("POST", "PATCH", "PUT") else None
            place = lambda i: re.sub(r"\{(id|key|name|number|member|profile)\}", lambda m: ("profile_id:" if m[1] == "profile" else "") + i.replace("/", "%2F").replace(" ", "%20"), path, count=1)
            status, content = answered(house, method, filled(place(theirs_id)), body)
            asked += 1
            if MARK.encode() in content.replace(theirs_id.encode(), b""):
                problems.append(f"{method} {path} with {theirs_id}: says {content[:200]}")
            absent = answered(house, method, filled(place("nobody-has-this-9")), body)
            if status != absent[0]:
                problems.append(f"{method} {path} with {theirs_id}: {status}, and {absent[0]} for an id that nobody has")
    assert asked > 100, asked
    assert not problems, "\n".join(problems[:20])
    after = listed(house, "demo")
    assert {kind: sorted(found) for kind, found in after.items() if kind not in ("live", "overview")} == {kind: found for kind, found in before.items() if kind not in ("live", "overview")}


def test_fault_78_nothing_is_made_with_what_its_maker_cannot_say(house):
    """Members that are not for senders, in every body that makes something: refused, or without effect."""
    answers = everything.make(house, "Foreign", "foreign", more=everything.FOREIGN)
    problems = []
    for (method, path), answer in answers.items():
        assert answer.status_code < 500, f"{path}: {answer.status_code} {answer.text[:200]}"
        if answer.status_code >= 400:
            continue
        said = answer.json()
        for name, value in everything.FOREIGN.items():
            # Of accounts, entities and messages the sender does say the id, or what the data is called.
            if said.get(name) == value and not (name == "id" and path in ("/api/v1/accounts", "/api/v1/entities/{type}")):
                problems.append(f"{path}: {name} is {value!r}")
        if said.get("createdAt", "2020") < "2000" or "wk_mine" in answer.text or "mt_mine" in answer.text:
            problems.append(f"{path}: {answer.text[:200]}")
    assert not problems, problems
    assert "Foreign" not in json.dumps([house.api("/api/v1/" + kind, workspace="demo") for kind in ("sources", "segments", "lists", "journeys", "templates", "destinations")])
    assert {j["state"] for j in house.api("/api/v1/journeys")["journeys"]} == {"draft"}
