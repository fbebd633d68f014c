"""Households, pets and whatever else people have: stated by the API, asked for in conditions, and forgotten with whom they name."""
import pytest

from harness import contents


def put(martlet, type, expect=200, **body):
    answer = martlet.call("POST", f"/api/v1/entities/{type}", json=body)
    assert answer.status_code == expect, answer.text
    return answer.json()


def count(martlet, condition):
    answer = martlet.call("POST", "/api/v1/segments/preview", json={"condition": condition})
    assert answer.status_code == 200, answer.text
    assert martlet.call("POST", "/api/v1/segments/preview", json={"condition": answer.json()["json"]}).json()["count"] == answer.json()["count"]
    return answer.json()["count"]


@pytest.fixture
def pets(martlet):
    assert put(martlet, "Pet", records=[
        {"id": "rex", "traits": {"name": "Rex", "species": "dog", "age": 3}, "people": [{"userId": "ada", "role": "owner"}, {"userId": "bob", "role": "walker"}], "timestamp": "2026-01-01T00:00:00Z"},
        {"id": "tom", "traits": {"species": "cat"}, "people": [{"userId": "eve"}]},
    ])["accepted"] == 5
    put(martlet, "Household", id="h1", traits={"city": "Lugo"}, people=[{"userId": "ada"}, {"userId": "bob"}])
    return martlet


def test_things_have_traits_people_and_a_history(pets):
    rex = pets.api("/api/v1/entities/Pet/rex")
    assert (rex["type"], rex["id"], rex["name"], rex["traits"]["species"]) == ("Pet", "rex", "Rex", "dog")
    assert [(p["name"], p["active"], p["relations"][0]["roles"]) for p in rex["people"]] == [("ada", True, ["owner"]), ("bob", True, ["walker"])]
    assert [e["id"] for e in pets.api("/api/v1/entities/Pet")["entities"]] == ["rex", "tom"] and pets.api("/api/v1/entities/Boat")["entities"] == []
    put(pets, "Pet", id="rex", people=[{"userId": "bob", "status": "left"}], timestamp="2026-02-01T00:00:00Z")
    ada, bob = pets.profile(userId="ada")["id"], pets.profile(userId="bob")["id"]
    assert [(e["type"], e["id"]) for e in pets.api(f"/api/v1/profiles/{ada}/entities")["entities"]] == [("Household", "h1"), ("Pet", "rex")]
    assert [e["to"] for e in pets.api(f"/api/v1/profiles/{bob}/entities")["entities"] if e["type"] == "Pet"] == ["2026-02-01T00:00:00.000Z"]
    # They are no accounts, and nobody acts for them.
    assert pets.api("/api/v1/accounts")["accounts"] == [] and pets.api(f"/api/v1/profiles/{ada}/memberships")["memberships"] == []
    pets.send([{"type": "group", "userId": "ada", "groupId": "sol", "messageId": "g"}])
    pets.track("Order Completed", userId="ada", properties={"total": 3})
    assert pets.api("/api/v1/accounts/sol")["rollUp"]["events"] == 1
    missing = pets.call("GET", "/api/v1/entities/Pet/nobody")
    assert (missing.status_code, missing.json()["code"]) == (404, "entity.unknown")


def test_conditions_ask_for_things(pets):
    assert count(pets, 'has a Pet where (species = "dog" and age > 2)') == 2
    assert count(pets, 'has a Pet where (species = "dog") with role "owner"') == 1
    assert count(pets, 'has a Pet "tom"') == 1 and count(pets, "has a Boat") == 0
    assert count(pets, "not has a Household and has a Pet") == 1
    put(pets, "Pet", id="tom", people=[{"userId": "eve", "status": "left"}])
    assert (count(pets, "has a Pet"), count(pets, "had a Pet")) == (2, 3)
    assert count(pets, "is member of any account") == 0
    assert pets.call("POST", "/api/v1/segments/preview", json={"condition": {"event": "A", "where": {"member": {"type": "Pet"}}}}).json()["code"] == "segments.entity-context"


def test_a_person_is_erased_from_their_things(pets):
    mark = "lovelace4711"
    put(pets, "Pet", id=mark, traits={"name": mark}, people=[{"userId": mark}])
    put(pets, "Pet", id="rex", people=[{"userId": mark, "role": mark}])
    assert pets.call("POST", "/api/v1/privacy/erasures", json={"userId": mark}).status_code == 200
    assert [p["name"] for p in pets.api("/api/v1/entities/Pet/rex")["people"]] == ["ada", "bob"]
    # The thing itself was stated without a person, and is forgotten by its own id.
    assert pets.call("POST", "/api/v1/privacy/erasures", json={"groupId": f"Pet\x1f{mark}"}).status_code == 200
    assert [path for path, data in contents(pets.data) if mark.encode() in data] == []


@pytest.mark.parametrize("type, body, code", [
    ("Pet", {"id": ""}, "entity.id"), ("Pet", {"traits": {}}, "entity.id"), ("Pet", {"id": "a\x1fb"}, "entity.id"), ("Pet", {"id": "x", "traits": 7}, "entity.traits"),
    ("Pet", {"id": "x", "people": [{}]}, "account.person"), ("Pet", {"id": "x", "people": [{"userId": "a", "status": "gone"}]}, "entity.status"),
    ("Pet", {"id": "x", "timestamp": "2999-01-01T00:00:00Z"}, "account.future"), ("Pet", {"records": [{"id": str(n)} for n in range(1001)]}, "entity.too-many"),
])
def test_what_makes_no_sense_is_refused(shared, type, body, code):
    assert put(shared, type, expect=400, **body)["code"] == code
