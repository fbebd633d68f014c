"""Accounts: made by group calls and by the API, joined and left, with a tree, roll-ups and contexts, and forgotten with the people who spoke of them."""
import time

import pytest

from harness import contents, new_id, wait_until


def group(user, account, at="2026-01-01T09:00:00Z", **more):
    return {"type": "group", "userId": user, "groupId": account, "timestamp": at, "messageId": f"g-{user}-{account}-{at}", **more}


def order(user, total, at, **more):
    return {"type": "track", "userId": user, "event": "Order Completed", "properties": {"total": total}, "timestamp": at, "messageId": f"o-{user}-{at}", **more}


@pytest.fixture
def hotel(martlet):
    martlet.send([
        group("ada", "sol", traits={"name": "Hotel Sol", "industry": "Hotels", "role": "buyer"}),
        group("bob", "sol-kitchen", traits={"name": "Sol kitchen", "parentId": "sol"}),
        order("ada", 100.5, "2026-01-02T09:00:00Z"),
        order("bob", 20, "2026-01-02T10:00:00Z"),
        {"type": "track", "userId": "ada", "event": "Account Left", "properties": {"groupId": "sol"}, "timestamp": "2026-02-01T09:00:00Z", "messageId": "left"},
        order("ada", 7, "2026-02-02T09:00:00Z"),
    ])
    return martlet


def count(martlet, condition):
    answer = martlet.call("POST", "/api/v1/segments/preview", json={"condition": condition})
    assert answer.status_code == 200, answer.text
    return answer.json()["count"]


def test_an_account_has_traits_a_tree_and_roll_ups(hotel):
    account = hotel.api("/api/v1/accounts/sol")
    assert (account["name"], account["traits"], account["ancestors"]) == ("Hotel Sol", {"name": "Hotel Sol", "industry": "Hotels"}, [])
    assert account["children"] == [{"id": "sol-kitchen", "name": "Sol kitchen"}] and account["childCount"] == 1
    # Ada left before her last order; Bob's is below. Leaving is an event of hers, after which she is no member.
    assert {key: account["rollUp"][key] for key in ("members", "activeMembers", "events", "revenue")} == {"members": 2, "activeMembers": 1, "events": 2, "revenue": 120.5}
    below = hotel.api("/api/v1/accounts/sol-kitchen")
    assert below["ancestors"] == [{"id": "sol", "name": "Hotel Sol"}] and below["rollUp"]["revenue"] == 20
    past = hotel.api("/api/v1/accounts/sol", as_of="2026-01-15T00:00:00Z")
    assert past["rollUp"]["activeMembers"] == 2
    assert [event["properties"]["total"] for event in hotel.api("/api/v1/accounts/sol/events")["events"]] == [20, 100.5]
    assert [a["id"] for a in hotel.api("/api/v1/accounts", q="KITCHEN")["accounts"]] == ["sol-kitchen"]
    missing = hotel.call("GET", "/api/v1/accounts/nobody")
    assert (missing.status_code, missing.json()["code"]) == (404, "account.unknown")


def test_people_join_and_leave_by_the_api_and_keep_their_history(hotel):
    made = hotel.call("POST", "/api/v1/accounts/luna/members", json={"userId": "ada", "role": "owner", "at": "2026-03-01T00:00:00Z"})
    assert made.status_code == 201, made.text
    memberships = [(m["account"]["id"], m["roles"], m["from"], m["to"]) for m in made.json()["memberships"]]
    assert memberships == [("luna", ["owner"], "2026-03-01T00:00:00.000Z", None), ("sol", ["buyer"], "2026-01-01T09:00:00.000Z", "2026-02-01T09:00:00.000Z")]
    hotel.send([order("ada", 50, "2026-03-02T00:00:00Z")])
    assert hotel.api("/api/v1/accounts/luna")["rollUp"]["revenue"] == 50
    left = hotel.call("DELETE", "/api/v1/accounts/luna/members?userId=ada&at=2026-04-01T00:00:00Z").json()["memberships"]
    assert left[0]["to"] == "2026-04-01T00:00:00.000Z"
    hotel.kill9()
    hotel.start()
    profile = hotel.profile(userId="ada")["id"]
    assert hotel.api(f"/api/v1/profiles/{profile}/memberships")["memberships"] == left
    assert [m["active"] for m in hotel.api("/api/v1/accounts/luna/members")["members"]] == [False]
    assert hotel.api("/api/v1/accounts/luna/members", active="true")["members"] == []
    assert len(hotel.api("/api/v1/accounts/luna/members", active="true", as_of="2026-03-15T00:00:00Z")["members"]) == 1


@pytest.mark.parametrize("method, path, body, code", [
    ("POST", "/api/v1/accounts/sol/members", {"role": "x"}, "account.person"),
    ("POST", "/api/v1/accounts/sol/members", {"userId": "null"}, "account.person"),
    ("POST", "/api/v1/accounts/sol/members", {"userId": "ada", "role": 7}, "account.role"),
    ("POST", "/api/v1/accounts/sol/members", {"userId": "ada", "at": "2999-01-01T00:00:00Z"}, "account.future"),
    ("POST", "/api/v1/accounts/sol/members", {"userId": "ada", "at": "soon"}, "request.time"),
    ("POST", "/api/v1/accounts", {"id": "", "traits": {}}, "account.id"),
    ("POST", "/api/v1/accounts", {"id": "x", "traits": []}, "account.traits"),
])
def test_what_makes_no_sense_is_refused(shared, method, path, body, code):
    answer = shared.call(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text


def test_a_record_makes_an_account_without_any_person(martlet):
    made = martlet.call("POST", "/api/v1/accounts", json={"id": "crm-7", "traits": {"name": "Teahouse", "parentId": "crm-7"}})
    assert made.status_code == 201 and made.json()["isOnCircle"] is True, made.text
    assert martlet.api("/api/v1/accounts/crm-7/members")["members"] == []
    assert [p["kind"] for p in martlet.api("/api/v1/profiles")["profiles"]] == ["account"]


def test_conditions_ask_in_a_context_and_live_members_follow(hotel):
    assert count(hotel, 'did "Order Completed" as member of account "sol"') == 1
    assert count(hotel, 'sum(total) of "Order Completed" as member of account under "sol" >= 20') == 2
    assert count(hotel, 'sum(total) of "Order Completed" as member of any account > 105') == 0
    assert count(hotel, 'is member of any account where (industry = "Hotels")') == 0
    assert count(hotel, 'did "Order Completed" as member of account "sol" where total > 100') == 1 and count(hotel, 'did "Order Completed" as member of account "sol" where total > 101') == 0
    assert count(hotel, 'was member of any account where (industry = "Hotels") with role "buyer"') == 1
    hotel.call("POST", "/api/v1/segments", json={"name": "Sol people", "condition": 'is member of account under "sol"'})
    wait_until(lambda: hotel.api("/api/v1/segments/sol-people")["size"] == 1, what="Bob")
    hotel.call("POST", "/api/v1/accounts/sol/members", json={"userId": "ada"})
    wait_until(lambda: hotel.api("/api/v1/segments/sol-people")["size"] == 2, 15, what="Ada")
    ada = hotel.profile(userId="ada")["id"]
    why = hotel.call("POST", "/api/v1/segments/explain", json={"condition": 'did "Order Completed" as member of account "sol"', "profile": ada})
    assert why.status_code == 200, why.text
    refused = hotel.call("POST", "/api/v1/segments/preview", json={"condition": "count of sessions as member of account \"sol\" > 1"})
    assert refused.status_code == 400 and refused.json()["code"] == "segments.context-of-session"


def test_a_large_hostile_group_call_and_a_person_in_a_thousand_accounts(martlet):
    martlet.send([group("ada", "big", traits={"blob": "x" * 100_000, "parentId": {"a": 1}, "role": ["a"] * 500})])
    assert len(martlet.api("/api/v1/accounts/big")["traits"]["blob"]) == 100_000
    martlet.send([group("eve", f"acc-{number}", traits={"parentId": f"acc-{(number + 1) % 1000}"}) for number in range(1000)])
    eve = martlet.profile(userId="eve")["id"]
    assert len(martlet.api(f"/api/v1/profiles/{eve}/memberships")["memberships"]) == 1000
    began = time.monotonic()
    account = martlet.api("/api/v1/accounts/acc-5")
    assert account["isOnCircle"] and account["ancestors"] == [] and account["children"] == []
    assert time.monotonic() - began < 2
    # Nobody guesses as whose member somebody acts who belongs to a thousand.
    martlet.track("Order Completed", userId="eve", properties={"total": 5})
    assert martlet.api("/api/v1/accounts/acc-5")["rollUp"]["events"] == 0


def test_erasure_reaches_memberships(martlet):
    mark = "lovelace4711"
    martlet.send([group(mark, "wren", traits={"name": "Wren", "role": mark + "-role"}), group("bob", "wren"), group(mark, mark + "-own")])
    assert martlet.call("POST", "/api/v1/accounts/wren/members", json={"userId": mark, "role": mark + "-buyer"}).status_code == 201
    martlet.restart()
    erased = martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": mark})
    assert erased.status_code == 200, erased.text
    for _ in range(2):
        assert [m["name"] for m in martlet.api("/api/v1/accounts/wren/members")["members"]] == ["bob"]
        assert [a["id"] for a in martlet.api("/api/v1/accounts")["accounts"]] == ["wren"]
        assert [path for path, data in contents(martlet.data) if mark.encode() in data] == []
        martlet.kill9()
        martlet.start()


def test_the_command_line(hotel):
    assert "sol  0 of 1 members now  Hotel Sol" in hotel.cli("account", "list").stdout
    shown = hotel.cli("account", "show", "sol").stdout
    assert "above: Sol kitchen" in shown and "revenue 120.5" in shown and "buyer, 2026-01-01T09:00:00.000Z to 2026-02-01T09:00:00.000Z" in shown
    assert "luna  owner" in hotel.cli("account", "join", "luna", "--user-id", "ada", "--role", "owner").stdout
    assert "luna  owner" in hotel.cli("account", "leave", "luna", "--user-id", "ada").stdout
    assert hotel.cli("account", "show", "nobody", check=False).returncode == 4


def test_segments_profile_api_tells_the_links(hotel):
    hotel.send([group("bob", "luna", at="2026-03-01T00:00:00Z")])
    path = "/v1/spaces/main/collections/{}/profiles/{}/links"
    links = hotel.api(path.format("users", "user_id:bob"), limit=1)
    assert [(l["to_collection"], l["external_ids"][0]["id"], l["external_ids"][0]["type"]) for l in links["data"]] == [("accounts", "luna", "group_id")]
    assert links["cursor"]["has_more"] and hotel.api(path.format("users", "user_id:bob"), next=links["cursor"]["next"])["data"][0]["external_ids"][0]["id"] == "sol-kitchen"
    assert [l["external_ids"][0]["id"] for l in hotel.api(path.format("accounts", "group_id:luna"))["data"]] == ["bob"]
    assert hotel.api(path.format("users", "user_id:ada"))["data"] == []


@pytest.mark.parametrize("people", [1000, 1001, 1300])
def test_segments_profile_api_tells_all_people_of_an_account(shared, people):
    """It ended after a thousand, and said that there were no more."""
    name = new_id("large")
    for start in range(0, people, 500):
        shared.send([group(f"{name}-{n}", name) for n in range(start, min(start + 500, people))])
    path, found, following = f"/v1/spaces/main/collections/accounts/profiles/group_id:{name}/links", [], None
    while True:
        page = shared.api(path, limit=100, **({"next": following} if following else {}))
        found += [link["external_ids"][0]["id"] for link in page["data"]]
        following = page["cursor"]["next"]
        assert page["cursor"]["has_more"] is bool(following)
        if not following:
            break
        assert len(page["data"]) == 100
    assert len(found) == people and set(found) == {f"{name}-{n}" for n in range(people)}
    assert shared.api(path, 400, next="tea")["code"] == "request.parameter"


def test_roles_of_another_kind_change_nothing(hotel):
    path = "/api/v1/accounts/luna/members"
    assert hotel.call("POST", path, json={"userId": "rolf", "roles": ["admin"]}).status_code == 201
    for roles in ("buyer", 5, {"a": 1}, [7]):
        answer = hotel.call("POST", path, json={"userId": "rolf", "roles": roles})
        assert (answer.status_code, answer.json()["code"]) == (400, "account.role"), roles
    member = hotel.profile(userId="rolf")["id"]
    assert [(m["roles"], m["to"]) for m in hotel.api(f"/api/v1/profiles/{member}/memberships")["memberships"]] == [(["admin"], None)]
    assert hotel.call("POST", "/api/v1/entities/Pet", json={"id": "rex", "people": "rolf"}).json()["code"] == "entity.people"
