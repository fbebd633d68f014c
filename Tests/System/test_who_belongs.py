"""Accounts, links and rules of identity together: memberships go with the identifiers that they were said of, whoever is made one or parted, and whatever the rules."""
import copy

import pytest

from harness import wait_until
from test_accounts import count, group, order
from test_identity_rules import put, rules_of, with_type
from test_links import device, state, user


@pytest.fixture
def shop(martlet):
    """Ada buys for the hotel; on the tablet, somebody who has not signed in joined the bakery."""
    martlet.send([
        group("ada", "hotel", traits={"name": "Hotel Sol", "industry": "Hotels", "role": "buyer"}),
        {"type": "group", "anonymousId": "tablet", "groupId": "bakery", "timestamp": "2026-01-01T09:00:00Z", "messageId": "b", "traits": {"name": "Bakery"}},
        order("ada", 100, "2026-01-02T09:00:00Z"),
        {"type": "track", "anonymousId": "tablet", "event": "Order Completed", "properties": {"total": 7}, "timestamp": "2026-01-03T09:00:00Z", "messageId": "t"},
    ])
    return martlet


def memberships(martlet, **name):
    profile = martlet.profile(**name)["id"]
    return sorted(m["account"]["id"] for m in martlet.api(f"/api/v1/profiles/{profile}/memberships")["memberships"])


def revenue(martlet):
    return {account: martlet.api("/api/v1/accounts/" + account)["rollUp"]["revenue"] for account in ("hotel", "bakery")}


def seen(martlet):
    conditions = ['is member of account "hotel"', 'is member of account "bakery"', 'is member of account "hotel" and is member of account "bakery"', 'did "Order Completed" as member of any account']
    return [count(martlet, c) for c in conditions], revenue(martlet), memberships(martlet, userId="ada"), memberships(martlet, anonymousId="tablet")


def test_memberships_follow_a_merge_and_come_back_when_it_is_undone(shop):
    before = seen(shop)
    assert before == ([1, 1, 0, 2], {"hotel": 100, "bakery": 7}, ["hotel"], ["bakery"])
    shop.call("POST", "/api/v1/segments", json={"name": "Both", "condition": 'is member of account "hotel" and is member of account "bakery"'})
    wait_until(lambda: shop.api("/api/v1/segments/both")["size"] == 0, what="nobody in both")
    link = state(shop, "merge", user("ada"), device("tablet"))
    # One person of two accounts has no context of which nobody told.
    assert seen(shop) == ([1, 1, 1, 0], {"hotel": 0, "bakery": 0}, ["bakery", "hotel"], ["bakery", "hotel"])
    wait_until(lambda: shop.api("/api/v1/segments/both")["size"] == 1, what="one in both")
    shop.kill9()
    shop.start()
    assert seen(shop)[0] == [1, 1, 1, 0]
    assert shop.call("POST", f"/api/v1/links/{link['id']}/undo").status_code == 200
    assert seen(shop) == before
    wait_until(lambda: shop.api("/api/v1/segments/both")["size"] == 0, what="nobody in both again")


def test_memberships_and_segments_follow_other_rules_and_back(shop):
    shop.send([{"type": "identify", "anonymousId": "tablet", "messageId": "i1", "traits": {"card": "c1"}}, {"type": "identify", "userId": "ada", "messageId": "i2", "traits": {"card": "c1"}}])
    before = seen(shop)
    shop.call("POST", "/api/v1/segments", json={"name": "Both", "condition": 'is member of account "hotel" and is member of account "bakery"'})
    old = rules_of(shop)
    other = copy.deepcopy(old)
    other["types"].append({"name": "card", "use": "join", "limit": None, "window": "ever", "sharedBy": 10, "paths": ["traits.card"]})
    put(shop, other)
    assert seen(shop)[0] == [1, 1, 1, 0]
    wait_until(lambda: shop.api("/api/v1/segments/both")["size"] == 1, what="one in both")
    # Whoever is matched by rows is matched by the new ones.
    found = shop.call("POST", "/api/v1/match", json={"record": {"name": "Ada"}})
    assert found.status_code == 200, found.text
    shop.kill9()
    shop.start()
    assert seen(shop)[0] == [1, 1, 1, 0]
    put(shop, old)
    assert seen(shop) == before
    wait_until(lambda: shop.api("/api/v1/segments/both")["size"] == 0, what="nobody in both again")


def test_survivorship_stands_under_other_rules(shop):
    old = rules_of(shop)
    shop.send([
        {"type": "identify", "userId": "ada", "messageId": "n1", "timestamp": "2026-02-01T00:00:00Z", "traits": {"city": "Madrid"}},
        {"type": "identify", "userId": "ada", "messageId": "n2", "timestamp": "2026-02-02T00:00:00Z", "traits": {"city": "Madrid"}},
        {"type": "identify", "userId": "ada", "messageId": "n3", "timestamp": "2026-02-03T00:00:00Z", "traits": {"city": "Lugo"}}])
    assert shop.call("PUT", "/api/v1/survivorship/default", json={"rules": {"city": {"rule": "frequent"}}}).status_code == 200
    assert shop.profile(userId="ada")["traits"]["city"] == "Madrid" and count(shop, 'city = "Madrid"') == 1
    put(shop, with_type(old, "userId", limit=2))
    assert shop.profile(userId="ada")["traits"]["city"] == "Madrid" and count(shop, 'city = "Madrid"') == 1


def test_who_is_forgotten_after_a_merge_leaves_no_membership(shop):
    state(shop, "merge", user("ada"), device("tablet"))
    assert shop.call("POST", "/api/v1/privacy/erasures", json={"userId": "ada"}).status_code in (200, 202)
    wait_until(lambda: count(shop, "is member of any account") == 0, what="nobody's membership")
    assert all(value == 0 for value in revenue_or_none(shop))


def revenue_or_none(shop):
    """Accounts of which nothing is left are gone too."""
    for account in ("hotel", "bakery"):
        answer = shop.call("GET", "/api/v1/accounts/" + account)
        yield answer.json()["rollUp"]["revenue"] if answer.status_code == 200 else 0
