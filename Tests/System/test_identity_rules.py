"""The rules of identity: a document with a preview on everyone, put in force on the whole past while the server serves."""
import copy
import json
import random
import threading

import pytest

from harness import wait_until


def rules_of(martlet):
    document = martlet.api("/api/v1/identity/rules")
    return {"types": document["types"], "blocked": document["blocked"]}


def with_type(document, name, **changes):
    document = copy.deepcopy(document)
    for row in document["types"]:
        if row["name"] == name:
            row.update(changes)
    return document


def put(martlet, document):
    answer = martlet.call("PUT", "/api/v1/identity/rules", json=document)
    assert answer.status_code == 200, answer.text
    wait_until(lambda: martlet.api("/api/v1/identity/rules")["resolving"] is None, 30, what="everyone decided anew")
    return answer.json()


def everyone(martlet):
    """Each profile's id with its identifiers and traits, and how many events it has."""
    found = []
    for profile in martlet.api("/api/v1/profiles", limit=1000)["profiles"]:
        whole = martlet.api(f"/api/v1/profiles/{profile['id']}")
        found.append((profile["id"], sorted((i["type"], i["value"]) for i in whole["identifiers"]), whole["traits"], whole["events"]))
    return sorted(found, key=lambda p: p[0])


def people(found):
    return sorted((tuple(ids), events) for _, ids, _, events in found)


def story(seed, count=400):
    chance = random.Random(seed)
    events = []
    for number in range(count):
        event = {"messageId": f"m{number}", "anonymousId": f"a{chance.randrange(40)}"}
        if chance.random() < 0.4:
            event["userId"] = f"u{chance.randrange(25)}"
        if chance.random() < 0.5:
            event |= {"type": "identify", "traits": {"email": f"e{chance.randrange(30)}@wren.example", "plan": chance.choice(["free", "pro"]), "card": f"c{chance.randrange(30)}"}}
        else:
            event |= {"type": "track", "event": chance.choice(["Browsed", "Order Completed"])}
        events.append(event)
    return events


def test_a_change_is_previewed_put_in_force_and_taken_back(martlet, make_martlet):
    martlet.send(story(1))
    martlet.call("POST", "/api/v1/segments", json={"name": "Buyers", "condition": 'did "Order Completed"'})
    usual, before = rules_of(martlet), everyone(martlet)
    other = with_type(usual, "email", use="join")
    other["types"].append({"name": "card", "use": "join", "paths": ["traits.card"], "sharedBy": 10})
    other["blocked"].append({"type": "anonymousId", "value": "a1?"})
    answer = martlet.call("POST", "/api/v1/identity/rules/preview", json=other)
    assert answer.status_code == 200, answer.text
    preview = answer.json()
    assert preview["profilesBefore"] == len(before) and preview["joining"] > 0 and preview["samples"]
    assert everyone(martlet) == before and rules_of(martlet) == usual
    assert put(martlet, other)["version"] == 1
    changed = everyone(martlet)
    assert len(changed) == preview["profilesAfter"]
    fresh = make_martlet().start()
    put(fresh, other)
    fresh.send(story(1))
    assert people(everyone(fresh)) == people(changed)
    ask = {"condition": 'did "Order Completed" and plan = "pro"'}
    assert fresh.call("POST", "/api/v1/segments/preview", json=ask).json()["count"] == martlet.call("POST", "/api/v1/segments/preview", json=ask).json()["count"]
    count = martlet.call("POST", "/api/v1/segments/preview", json={"condition": 'did "Order Completed"'}).json()["count"]
    wait_until(lambda: martlet.api("/api/v1/segments/buyers")["size"] == count, 5, what="live members by the new rules")
    # What comes next is decided by the rules in force, and a restart keeps them.
    martlet.send([{"type": "identify", "anonymousId": "new", "messageId": "n1", "traits": {"card": "c-new"}}, {"type": "identify", "anonymousId": "newer", "messageId": "n2", "traits": {"card": "c-new"}}])
    assert martlet.profile(anonymousId="new")["id"] == martlet.profile(anonymousId="newer")["id"]
    now = everyone(martlet)
    martlet.kill9()
    martlet.start()
    assert everyone(martlet) == now
    assert [v["version"] for v in martlet.api("/api/v1/identity/rules/versions")["versions"]] == [1]
    put(martlet, usual)
    after = [p for p in everyone(martlet) if not any(value.startswith("new") for _, value in p[1])]
    assert after == before


def test_events_links_and_an_erasure_meanwhile_are_not_lost(martlet):
    martlet.send(story(2, 2000))
    usual = rules_of(martlet)
    stop = threading.Event()
    sent = []

    def send():
        number = 0
        while not stop.is_set():
            martlet.send([{"type": "track", "userId": f"s{number % 7}", "event": "Order Completed", "messageId": f"s{number}"}], wait=False)
            sent.append(number)
            number += 1

    thread = threading.Thread(target=send)
    thread.start()
    try:
        put(martlet, with_type(usual, "email", use="join"))
        martlet.call("POST", "/api/v1/links", json={"kind": "merge", "first": {"type": "userId", "value": "s1"}, "second": {"type": "userId", "value": "s2"}})
        martlet.call("PUT", "/api/v1/identity/rules", json=usual)
        martlet.cli("privacy", "erase", "--user-id", "u1")
        wait_until(lambda: martlet.api("/api/v1/identity/rules")["resolving"] is None, 30, what="everyone decided anew")
    finally:
        stop.set()
        thread.join()
    martlet.send([{"type": "track", "userId": "s0", "event": "Last", "messageId": "last"}])
    martlet.profile(expect=404, userId="u1")
    assert martlet.profile(userId="s1")["id"] == martlet.profile(userId="s2")["id"]
    events = sum(martlet.profile(userId=f"s{n}")["events"] for n in range(7) if n != 2)
    assert events == len(sent) + 1
    before = people(everyone(martlet))
    martlet.kill9()
    martlet.start()
    assert people(everyone(martlet)) == before


@pytest.mark.parametrize("change, place", [
    ({"types": []}, "/types"), ({"types": None}, "/types"), ({"blocked": 7}, "/blocked"), ({"blocked": [{"value": "*"}]}, "/blocked/0/value"),
    ({"blocked": [{"value": "x", "type": "shoe"}]}, "/blocked/0/type"), ({"blocked": [{"value": "x", "type": 5}]}, "/blocked/0/type"),
])
def test_rules_that_cannot_be_are_refused_with_their_place(martlet, change, place):
    answer = martlet.call("PUT", "/api/v1/identity/rules", json={**rules_of(martlet), **change})
    assert (answer.status_code, answer.json()["code"], answer.json()["place"]) == (400, "identity.rules", place)
    assert martlet.api("/api/v1/identity/rules")["version"] == 0


def test_only_a_token_with_the_scope_sets_rules(martlet):
    small = martlet.create_token("profiles:read")
    assert martlet.call("PUT", "/api/v1/identity/rules", token=small, json=rules_of(martlet)).status_code == 403
    assert martlet.call("POST", "/api/v1/identity/rules/preview", token=small, json=rules_of(martlet)).status_code == 200


def test_the_command_line_shows_tries_and_sets(martlet, tmp_path):
    martlet.send(story(3, 100))
    file = tmp_path / "rules.json"
    document = json.loads(martlet.cli("identity", "rules").stdout)
    file.write_text(json.dumps(with_type(document, "email", use="join")))
    assert "profiles would be" in martlet.cli("identity", "rules", "--preview", str(file)).stdout
    assert martlet.api("/api/v1/identity/rules")["version"] == 0
    assert "Version 1 is set" in martlet.cli("identity", "rules", "--set", str(file)).stdout
    file.write_text('{"types": []}')
    refused = martlet.cli("identity", "rules", "--set", str(file), check=False)
    assert refused.returncode == 1 and "userId is missing" in refused.stderr
    assert martlet.cli("identity", "rules", "--set", str(file), "--preview", str(file), check=False).returncode != 0
