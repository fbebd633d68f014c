"""Who is who, stated and taken back through the API, the command line and restarts, with segments that follow."""

import random
import threading

import pytest

from harness import contents, wait_until


def state(martlet, kind, first, second=None, expect=201, **more):
    body = {"kind": kind, "first": first, **({} if second is None else {"second": second}), **more}
    answer = martlet.call("POST", "/api/v1/links", json=body)
    assert answer.status_code == expect, answer.text
    return answer.json()


def who(martlet, **name):
    return martlet.profile(**name)


def out(martlet, *words):
    return martlet.cli("identity", *words).stdout


def user(value):
    return {"type": "userId", "value": value}


def device(value):
    return {"type": "anonymousId", "value": value}


@pytest.fixture
def shop(martlet):
    martlet.send([
        {"type": "track", "anonymousId": "tablet", "event": "Browsed", "messageId": "1"},
        {"type": "identify", "anonymousId": "tablet", "userId": "ada", "messageId": "2", "traits": {"name": "Ada", "email": "ada@wren.example"}},
        {"type": "track", "anonymousId": "tablet", "event": "Order Completed", "messageId": "3"},
        {"type": "identify", "anonymousId": "phone", "userId": "bob", "messageId": "4", "traits": {"name": "Bob"}},
    ])
    return martlet


def test_a_merge_is_a_fact_and_can_be_taken_back(shop):
    before = {u: who(shop, userId=u)["id"] for u in ("ada", "bob")}
    preview = shop.call("POST", "/api/v1/links/preview", json={"kind": "merge", "first": before["ada"], "second": user("bob")}).json()
    assert len(preview["profiles"]) == 1 and preview["profiles"][0]["events"] == 4
    assert who(shop, userId="bob")["id"] == before["bob"]
    link = state(shop, "merge", before["ada"], user("bob"), reason="They told us.", probability=0.93, rule="names-1")
    assert (link["inForce"], link["reasons"], link["probability"], link["rule"]) == (True, ["They told us."], 0.93, "names-1")
    assert who(shop, userId="bob")["id"] == who(shop, userId="ada")["id"] == before["ada"]
    assert [x["id"] for x in shop.api("/api/v1/links")["links"]] == [link["id"]]
    assert shop.api(f"/api/v1/links?profile={before['bob']}")["links"][0]["id"] == link["id"]
    explained = shop.api(f"/api/v1/profiles/{before['ada']}/identity")
    assert any(e["kind"] == "merge" for e in explained["evidence"]) and "They told us." in explained["links"][0]["words"]
    shop.kill9()
    shop.start()
    assert who(shop, userId="bob")["id"] == before["ada"]
    assert state(shop, "merge", user("ada"), user("bob"), expect=409)["code"] == "link.one-already"
    undone = shop.call("POST", f"/api/v1/links/{link['id']}/undo", json={"reason": "They were sisters."}).json()
    assert not undone["inForce"] and undone["undoneAt"] and undone["undoneBecause"] == "They were sisters."
    assert {u: who(shop, userId=u)["id"] for u in before} == before
    assert shop.call("POST", f"/api/v1/links/{link['id']}/undo").json()["code"] == "link.undone"
    # Statements are nobody's events.
    assert len(shop.api("/api/v1/events")["events"]) == 4


def test_what_is_parted_stays_apart_and_segments_follow(shop):
    shop.call("POST", "/api/v1/segments", json={"name": "Buyers", "condition": 'did "Order Completed"'})
    wait_until(lambda: shop.api("/api/v1/segments/buyers")["size"] == 1, 2, what="one buyer")
    ada = who(shop, userId="ada")["id"]
    link = state(shop, "unmerge", [device("tablet")], reason="It is the shop's.")
    assert len(link["second"]) == 2
    assert who(shop, anonymousId="tablet")["events"] == 2
    shop.send([{"type": "identify", "anonymousId": "tablet", "userId": "ada", "messageId": "5", "traits": {"plan": "pro"}}, {"type": "track", "anonymousId": "tablet", "event": "Browsed", "messageId": "6"}])
    assert who(shop, anonymousId="tablet")["events"] == 3
    assert who(shop, userId="ada")["traits"]["plan"] == "pro"
    explained = shop.api("/api/v1/identity/explain", userId="ada")
    assert [r["because"] for r in explained["refused"]] == ["kept-apart"]
    assert explained["links"][0]["id"] == link["id"]
    query = shop.call("POST", "/api/v1/segments/preview", json={"condition": 'did "Order Completed" and plan = "pro"'}).json()
    assert query["count"] == 0
    shop.call("POST", f"/api/v1/links/{link['id']}/undo")
    assert who(shop, anonymousId="tablet")["id"] == who(shop, userId="ada")["id"]
    query = shop.call("POST", "/api/v1/segments/preview", json={"condition": 'did "Order Completed" and plan = "pro"'}).json()
    assert query["count"] == 1
    assert ada in (who(shop, userId="ada")["id"], who(shop, anonymousId="tablet")["id"])


@pytest.mark.parametrize("body, code, status", [
    ({"kind": "marry", "first": "prf_0000000000000", "second": "x"}, "request.parameter", 400),
    ({"kind": "undo"}, "request.parameter", 400),
    ({"kind": "merge"}, "link.side-missing", 400),
    ({"kind": "merge", "first": user("ada"), "second": "prf_0000000000000"}, "profile.unknown", 404),
    ({"kind": "merge", "first": user("ada"), "second": user("nobody")}, "link.unknown-identifier", 404),
    ({"kind": "merge", "first": user("ada"), "second": {"type": "shoe", "value": "x"}}, "link.identifier", 400),
    ({"kind": "merge", "first": user("ada"), "second": [[]]}, "link.identifier", 400),
    ({"kind": "merge", "first": user("ada"), "second": user("bob"), "probability": 1.5}, "request.parameter", 400),
    ({"kind": "merge", "first": user("ada"), "second": user("bob"), "probability": "1"}, "request.parameter", 400),
    ({"kind": "merge", "first": user("ada"), "second": user("bob"), "reason": "x" * 1001}, "request.parameter", 400),
    ({"kind": "unmerge", "first": user("bob"), "second": user("ada")}, "link.not-one", 409),
    ({"kind": "never", "first": user("ada"), "second": user("ada")}, "link.overlap", 400),
])
def test_what_cannot_be_stated_is_refused(shop, body, code, status):
    answer = shop.call("POST", "/api/v1/links", json=body)
    assert (answer.json()["code"], answer.status_code) == (code, status), answer.text
    assert shop.api("/api/v1/links")["links"] == []


def test_only_a_token_with_the_scope_states_anything(shop):
    small = shop.create_token("profiles:read")
    body = {"kind": "merge", "first": user("ada"), "second": user("bob")}
    assert shop.call("POST", "/api/v1/links", token=small, json=body).status_code == 403
    assert shop.call("POST", "/api/v1/links/preview", token=small, json=body).status_code == 200


def test_statements_are_forgotten_with_the_person(shop):
    state(shop, "never", user("ada"), user("bob"), reason="Marked-Quince says so.")
    shop.cli("privacy", "erase", "--user-id", "ada")
    assert shop.api("/api/v1/links")["links"] == []
    assert not [path for path, data in contents(shop.data) if b"Marked-Quince" in data]
    assert who(shop, userId="bob")["name"] == "Bob"


def test_the_command_line_explains_and_merges(shop):
    said = out(shop, "merge", "userId:ada", "anonymousId:phone", "--reason", "At the counter.")
    assert "lnk_" in said
    explained = out(shop, "explain", "userId:bob")
    assert "were merged" in explained and "At the counter." in explained and "anonymousId:tablet" in explained
    out(shop, "undo", said.split()[0])
    assert "were merged" not in out(shop, "explain", "userId:bob")
    assert "undone" in out(shop, "links")
    assert shop.cli("identity", "explain", "userId:ada", "--json")["name"] == "Ada"


@pytest.mark.parametrize("seed", [1, 2])
def test_statements_while_events_and_questions_come_and_the_server_dies(martlet, seed):
    """Two who state and take back at once, beside senders and askers: what was acknowledged is in force, after a kill too."""
    people = 12
    martlet.send([{"type": "identify", "userId": f"u{n}", "anonymousId": f"a{n}", "messageId": f"i{n}", "traits": {"n": n}} for n in range(people)])
    stop, sent, faults = threading.Event(), [], []

    def guarded(work):
        def run():
            chance = random.Random(f"{seed}{work.__name__}")
            while not stop.is_set():
                try:
                    work(chance)
                except Exception as fault:  # Shown by the test, which would not see it otherwise.
                    faults.append(fault)
                    return
        return threading.Thread(target=run)

    def send(chance):
        number = len(sent)
        martlet.send([{"type": "track", "anonymousId": f"a{chance.randrange(people)}", "event": "Order Completed", "messageId": f"s{number}"}], wait=False)
        sent.append(number)

    def ask(chance):
        found = martlet.call("POST", "/api/v1/segments/preview", json={"condition": 'did "Order Completed" or n >= 0'})
        assert found.status_code == 200 and 1 <= found.json()["count"] <= 2 * people, found.text

    def state_and_undo(chance):
        one, other = chance.sample(range(people), 2)
        kind = chance.choice(["merge", "merge", "unmerge", "never"])
        body = {"kind": kind, "first": [device(f"a{one}")] if kind == "unmerge" else user(f"u{one}")}
        if kind != "unmerge":
            body["second"] = user(f"u{other}")
        answer = martlet.call("POST", "/api/v1/links", json=body)
        assert answer.status_code in (201, 409), answer.text
        standing = [link["id"] for link in martlet.api("/api/v1/links")["links"] if not link["undoneAt"]]
        if standing and chance.random() < 0.5:
            assert martlet.call("POST", f"/api/v1/links/{chance.choice(standing)}/undo").status_code in (200, 409)

    threads = [guarded(send), guarded(ask), guarded(state_and_undo)]
    for thread in threads:
        thread.start()
    stop.wait(4)
    stop.set()
    for thread in threads:
        thread.join()
    assert not faults, faults
    martlet.send([{"type": "track", "userId": "u0", "event": "Last", "messageId": "last"}])

    def partition():
        ids = {}
        for n in range(people):
            for name in ({"userId": f"u{n}"}, {"anonymousId": f"a{n}"}):
                ids.setdefault(martlet.profile(**name)["id"], []).append(str(name))
        return sorted(map(sorted, ids.values())), sum(martlet.api(f"/api/v1/profiles/{i}")["events"] for i in ids)

    before, links = partition(), martlet.api("/api/v1/links", limit=1000)["links"]
    assert before[1] == people + len(sent) + 1 and len(links) > 5
    martlet.kill9()
    martlet.start()
    assert partition() == before and martlet.api("/api/v1/links", limit=1000)["links"] == links
    for link in links:
        if not link["undoneAt"]:
            assert martlet.call("POST", f"/api/v1/links/{link['id']}/undo").status_code == 200
    assert partition()[0] == sorted(sorted([str({"userId": f"u{n}"}), str({"anonymousId": f"a{n}"})]) for n in range(people))
