"""Who is who and what we know of them, through the API alone."""
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import requests

from harness import new_id, tracked, wait_until


def person():
    """Names of this test's own, so that tests share a server."""
    return new_id("ada")


def identify(user=None, device=None, when=None, **traits):
    event = {"type": "identify", "messageId": new_id("m"), "traits": traits}
    return {**event, **({"userId": user} if user else {}), **({"anonymousId": device} if device else {}), **({"timestamp": when} if when else {})}


def track(name="Tea Steeped", user=None, device=None, when=None, **properties):
    event = {"type": "track", "event": name, "messageId": new_id("m"), "properties": properties}
    return {**event, **({"userId": user} if user else {}), **({"anonymousId": device} if device else {}), **({"timestamp": when} if when else {})}


def names(events):
    return [e["event"] for e in events if e["type"] == "track"]


def timeline(martlet, profile_id, page=1000):
    found, after = [], None
    while True:
        part = martlet.api(f"/api/v1/profiles/{profile_id}/events", limit=page, **({"after": after} if after else {}))
        found += part["events"]
        if not (after := part["next"]):
            return found


def test_a_visitor_who_signs_in_keeps_what_they_did_before(shared):
    """Anonymous events join the known person when an identify names both, also those of before."""
    ada, device = person(), new_id("device")
    shared.send([track("Product Viewed", device=device), track("Product Added", device=device)])
    visitor = shared.profile(anonymousId=device)
    assert visitor["events"] == 2 and visitor["kind"] == "person"
    shared.send([identify(ada, device, name="Ada"), track("Order Completed", user=ada)])
    known = shared.profile(userId=ada)
    assert known["id"] == shared.profile(anonymousId=device)["id"]
    assert known["events"] == 4 and known["traits"] == {"name": "Ada"}
    assert names(timeline(shared, known["id"])) == ["Product Viewed", "Product Added", "Order Completed"]
    assert {(i["type"], i["value"]) for i in known["identifiers"]} >= {("userId", ada), ("anonymousId", device)}
    assert shared.api(f"/api/v1/profiles/{visitor['id']}")["id"] == known["id"], "the id from before the merge still leads here"


def test_two_devices_of_one_person_are_one_profile(shared):
    """The telephone and the laptop meet in the userId; each event of either, before and after, is this person's."""
    ada, phone, laptop = person(), new_id("phone"), new_id("laptop")
    shared.send([track("A", device=phone), track("B", device=laptop), identify(ada, phone), track("C", device=laptop), identify(ada, laptop), track("D", device=phone)])
    ids = {shared.profile(**q)["id"] for q in ({"userId": ada}, {"anonymousId": phone}, {"anonymousId": laptop})}
    assert len(ids) == 1
    assert names(timeline(shared, ids.pop())) == ["A", "B", "C", "D"]


def test_a_shared_device_never_merges_two_known_people(shared):
    """A second userId on a known anonymousId stays a person apart; what each did stays their own."""
    ada, bea, tablet = person(), new_id("bea"), new_id("tablet")
    shared.send([identify(ada, tablet, name="Ada"), track("Ada's", user=ada, device=tablet), identify(bea, tablet, name="Bea"), track("Bea's", user=bea, device=tablet)])
    one, two = shared.profile(userId=ada), shared.profile(userId=bea)
    assert one["id"] != two["id"]
    assert (one["traits"], two["traits"]) == ({"name": "Ada"}, {"name": "Bea"})
    assert names(timeline(shared, one["id"])) == ["Ada's"] and names(timeline(shared, two["id"])) == ["Bea's"]


def test_devices_that_swap_hands_in_a_ring_never_merge_known_people(shared):
    """Ten people, each on the tablets of two: still ten people."""
    people, tablets = [person() for _ in range(10)], [new_id("tablet") for _ in range(10)]
    shared.send([identify(people[n], tablets[(n + step) % 10]) for step in (0, 1) for n in range(10)])
    assert len({shared.profile(userId=p)["id"] for p in people}) == 10


def test_alias_joins_two_known_ids_and_says_why(shared):
    """alias(previousId → userId) is the one call that merges known ids; the evidence names its message."""
    old, new = person(), person()
    shared.send([identify(old, plan="basic"), identify(new, name="Ada")])
    assert shared.profile(userId=old)["id"] != shared.profile(userId=new)["id"]
    message = new_id("alias")
    shared.send([{"type": "alias", "userId": new, "previousId": old, "messageId": message}])
    joined = shared.profile(userId=new)
    assert joined["id"] == shared.profile(userId=old)["id"] and joined["traits"] == {"name": "Ada", "plan": "basic"}
    links = shared.api(f"/api/v1/profiles/{joined['id']}/links")["links"]
    assert [(link["kind"], link["messageId"]) for link in links if link["kind"] == "alias"] == [("alias", message)]
    assert {links[-1]["a"]["value"], links[-1]["b"]["value"]} == {old, new}


def test_alias_to_oneself_and_in_circles_is_harmless(shared):
    ids = [person() for _ in range(4)]
    shared.send([{"type": "alias", "userId": a, "previousId": b, "messageId": new_id()} for a, b in zip(ids, ids[1:] + ids[:1])])
    shared.send([{"type": "alias", "userId": ids[0], "previousId": ids[0], "messageId": new_id()}])
    assert len({shared.profile(userId=i)["id"] for i in ids}) == 1


def test_alias_of_an_anonymous_id(shared):
    """Older SDKs alias the anonymousId to the new userId."""
    ada, device = person(), new_id("device")
    shared.send([track("Before", device=device), {"type": "alias", "userId": ada, "previousId": device, "messageId": new_id()}, track("After", user=ada)])
    assert names(timeline(shared, shared.profile(userId=ada)["id"])) == ["Before", "After"]


def test_a_late_identify_does_not_overwrite(shared):
    """What is true later wins, whatever arrives later: the timestamp decides, for each trait by itself."""
    ada = person()
    shared.send([identify(ada, when="2026-03-02T10:00:00Z", plan="gold", city="York")])
    shared.send([identify(ada, when="2026-03-01T10:00:00Z", plan="silver", birthday="1815-12-10")])
    assert shared.profile(userId=ada)["traits"] == {"plan": "gold", "city": "York", "birthday": "1815-12-10"}
    shared.send([identify(ada, when="2026-03-03T10:00:00Z", plan="platinum")])
    assert shared.profile(userId=ada)["traits"]["plan"] == "platinum"


def test_at_the_same_timestamp_the_later_arrival_wins(shared):
    ada, when = person(), "2026-03-02T10:00:00Z"
    shared.send([identify(ada, when=when, plan="one"), identify(ada, when=when, plan="two")])
    shared.send([identify(ada, when=when, plan="three")])
    assert shared.profile(userId=ada)["traits"]["plan"] == "three"


def test_traits_of_merged_devices_follow_the_same_rule(shared):
    """An anonymous trait of yesterday does not overwrite the known person's trait of today, and the other way round."""
    ada, device = person(), new_id("device")
    shared.send([identify(device=device, when="2026-05-05T00:00:00Z", size="large", tea="green"), identify(ada, when="2026-05-06T00:00:00Z", tea="black"),
                 identify(ada, device, when="2026-05-04T00:00:00Z", tea="white")])
    assert shared.profile(userId=ada)["traits"] == {"size": "large", "tea": "black"}


def test_null_clears_a_trait_and_absence_keeps_it(shared):
    ada = person()
    shared.send([identify(ada, when="2026-01-01T00:00:00Z", plan="gold", city="York"), identify(ada, when="2026-01-02T00:00:00Z", plan=None)])
    assert shared.profile(userId=ada)["traits"] == {"city": "York"}
    history = {t["name"]: t for t in shared.api(f"/api/v1/profiles/{shared.profile(userId=ada)['id']}/traits")["traits"]}
    assert [h["value"] for h in history["plan"]["history"]] == ["gold", None]


def test_context_traits_count_and_traits_win(shared):
    ada = person()
    shared.send([{"type": "identify", "userId": ada, "messageId": new_id(), "traits": {"plan": "gold"}, "context": {"traits": {"plan": "tin", "city": "York"}}}])
    assert shared.profile(userId=ada)["traits"] == {"plan": "gold", "city": "York"}


def test_trait_provenance_and_history(shared):
    """Each trait says which message and source it came from, when it was so and when we heard; the history is in the order of the truth."""
    ada = person()
    events = [identify(ada, when="2026-03-02T10:00:00Z", plan="gold"), identify(ada, when="2026-03-01T10:00:00Z", plan="silver")]
    shared.send(events)
    traits = {t["name"]: t for t in shared.api(f"/api/v1/profiles/{shared.profile(userId=ada)['id']}/traits")["traits"]}
    plan = traits["plan"]
    assert (plan["value"], plan["messageId"], plan["source"]) == ("gold", events[0]["messageId"], "Shop")
    assert plan["timestamp"].startswith("2026-03-02T10:00:00") and plan["receivedAt"] > "2026-03-02"
    assert [(h["value"], h["messageId"]) for h in plan["history"]] == [("silver", events[1]["messageId"]), ("gold", events[0]["messageId"])]


def test_before_anything_was_known_of_somebody_there_is_nobody(shared):
    ada = person()
    shared.send([identify(ada, when="2026-03-01T00:00:00Z", plan="silver")])
    profile = shared.profile(userId=ada)["id"]
    early = [{"as_of": "2026-02-28T23:59:59.999Z"}, {"known_at": "2026-03-01T00:00:00Z"}, {"as_of": "2030-01-01T00:00:00Z", "known_at": "2026-03-01T00:00:00Z"}]
    for times in early:
        for path, who in (("lookup", {"userId": ada}), (profile, {}), (f"{profile}/traits", {})):
            assert shared.api(f"/api/v1/profiles/{path}", expect=404, **who, **times)["code"] == "profile.unknown-then", (path, times)
    assert shared.profile(userId=ada, as_of="2026-03-01T00:00:00Z")["traits"] == {"plan": "silver"}
    assert shared.profile(userId=ada, known_at="2036-01-01T00:00:00Z")["events"] == 1
    assert shared.profile(expect=404, userId=person(), as_of="2026-03-01T00:00:00Z")["code"] == "profile.unknown"


def test_as_of_and_known_at(shared):
    """`as_of` asks what was true then, `known_at` what we knew then: a late identify shows in the one and not in the other."""
    ada = person()
    shared.send([identify(ada, when="2026-03-01T00:00:00Z", plan="silver")])
    time.sleep(0.05)
    known = shared.api(f"/api/v1/profiles/{shared.profile(userId=ada)['id']}/traits")["traits"][0]["receivedAt"]
    time.sleep(0.05)
    shared.send([identify(ada, when="2026-03-10T00:00:00Z", plan="gold"), identify(ada, when="2026-02-01T00:00:00Z", plan="tin", shop="York")])
    ask = lambda **q: shared.api("/api/v1/profiles/lookup", userId=ada, **q)["traits"]
    assert ask() == {"plan": "gold", "shop": "York"}
    assert ask(as_of="2026-03-05T00:00:00Z") == {"plan": "silver", "shop": "York"}
    assert ask(as_of="2026-02-15T00:00:00Z") == {"plan": "tin", "shop": "York"}
    assert ask(known_at=known) == {"plan": "silver"}
    assert ask(known_at="2999-01-01T00:00:00Z") == ask()
    profile = shared.profile(userId=ada)["id"]
    told = lambda **q: {t["name"]: (t["value"], [h["value"] for h in t["history"]]) for t in shared.api(f"/api/v1/profiles/{profile}/traits", **q)["traits"]}
    assert told() == {"plan": ("gold", ["tin", "silver", "gold"]), "shop": ("York", ["York"])}
    assert told(as_of="2026-03-05T00:00:00Z") == {"plan": ("silver", ["tin", "silver"]), "shop": ("York", ["York"])}
    assert told(known_at=known) == {"plan": ("silver", ["silver"])}
    refused = shared.call("GET", f"/api/v1/profiles/{profile}/events", params={"as_of": "2026-03-05T00:00:00Z"})
    assert refused.status_code == 400 and "as_of" in refused.json()["message"], "what a path does not know is not left out in silence"
    assert shared.call("GET", f"/api/v1/profiles/{profile}/traits?as_of=2026-03-05&as_of=2026-03-06").status_code == 400
    for wrong in ("yesterday", "", "99999999999999999999", "2026-13-01T00:00:00Z"):
        assert shared.call("GET", "/api/v1/profiles/lookup", params={"userId": ada, "as_of": wrong}).status_code == 400, wrong


def test_known_at_knows_nothing_of_a_merge_that_came_later(shared):
    """What we knew before the sign-in did not include the visitor's traits."""
    ada, device = person(), new_id("device")
    shared.send([identify(ada, plan="gold"), identify(device=device, colour="green")])
    time.sleep(0.05)
    before = shared.api(f"/api/v1/profiles/{shared.profile(userId=ada)['id']}/traits")["traits"][0]["receivedAt"]
    time.sleep(0.05)
    shared.send([identify(ada, device)])
    assert shared.profile(userId=ada)["traits"] == {"plan": "gold", "colour": "green"}
    assert shared.api("/api/v1/profiles/lookup", userId=ada, known_at=before)["traits"] == {"plan": "gold"}


def test_timeline_is_in_the_order_accepted_and_pages_without_loss(shared):
    """2,500 events page by page: each once, in order, whatever the size of the page, also while more arrive."""
    ada = person()
    for start in range(0, 2500, 500):
        shared.send([tracked(ada, n) for n in range(start, start + 500)])
    profile = shared.profile(userId=ada)
    assert profile["events"] == 2500
    for page in (1000, 333):
        assert [e["properties"]["n"] for e in timeline(shared, profile["id"], page)] == list(range(2500))
        assert [e["properties"]["n"] for e in shared.events(userId=ada, page=page)] == list(range(2500))
    first = shared.api("/api/v1/events", userId=ada, limit=1000)
    shared.send([tracked(ada, 2500)])
    second = shared.api("/api/v1/events", userId=ada, limit=1000, after=first["next"])
    third = shared.api("/api/v1/events", userId=ada, limit=1000, after=second["next"])
    assert [e["properties"]["n"] for e in first["events"] + second["events"] + third["events"]] == list(range(2501))
    assert third["next"] is None


def test_page_ends_exactly_at_the_last_event(shared):
    """A page that the events fill exactly leads to no empty page, or to one that ends."""
    ada = person()
    shared.send([tracked(ada, n) for n in range(20)])
    page = shared.api("/api/v1/events", userId=ada, limit=20)
    assert len(page["events"]) == 20
    if page["next"]:
        assert shared.api("/api/v1/events", userId=ada, limit=20, after=page["next"]) == {"events": [], "next": None}


def test_events_are_filtered_by_type_name_and_time(shared):
    ada = person()
    shared.send([track("Tea Ordered", user=ada), track("Tea Steeped", user=ada), identify(ada, name="Ada"), {"type": "page", "userId": ada, "name": "Home", "messageId": new_id()}])
    assert names(shared.events(userId=ada, event="Tea Ordered")) == ["Tea Ordered"]
    assert [e["type"] for e in shared.events(userId=ada, type="page")] == ["page"]
    assert [e["type"] for e in shared.events(userId=ada, type="identify")] == ["identify"]
    assert shared.events(userId=ada, to="2000-01-01T00:00:00Z") == []
    assert len(shared.events(userId=ada, **{"from": "2000-01-01T00:00:00Z"})) == 4
    assert shared.call("GET", "/api/v1/events", params={"type": "sip"}).status_code == 400


def test_a_message_is_found_with_its_own_identifiers_alone(martlet):
    events = [track(user="ada"), track(user="bob")]
    martlet.send(events)
    first = events[0]["messageId"]
    assert [e["messageId"] for e in martlet.events(messageId=first, userId="ada")] == [first], "also the first of all"
    assert martlet.events(messageId=first, userId="bob") == [] and martlet.events(messageId=first, userId="nobody") == []
    assert martlet.events(messageId=first, after="1000") == []


def test_events_beside_a_profile_need_their_scope_and_stand_in_their_time(martlet):
    martlet.send([identify("ada", when="2026-01-01T00:00:00Z", plan="a"), track("Old", "ada", when="2026-01-02T00:00:00Z"), track("New", "ada", when="2026-06-01T00:00:00Z")])
    few = martlet.call("POST", "/api/v1/tokens", json={"name": "few", "scopes": ["profiles:read"]}).json()["token"]
    for path in ("/api/v1/profiles/lookup?userId=ada", f"/api/v1/profiles/{martlet.profile(userId='ada')['id']}?"):
        assert martlet.call("GET", path, token=few).status_code == 200
        assert martlet.call("GET", path + "&events=5", token=few).json()["code"] == "access.scope"
    past = martlet.api("/api/v1/profiles/lookup", userId="ada", events=5, as_of="2026-02-01T00:00:00Z")
    assert past["events"] == 2 and [e.get("event", e["type"]) for e in past["newest"]] == ["Old", "identify"]


def test_numbers_and_text_come_back_exactly_as_sent(shared):
    """Past 2^53, decimals, exponents, escapes, emoji, empty and nested values: nothing is rounded, normalised or trimmed."""
    ada = person()
    raw = ('{"userId":"%s","event":"Tea \\u2615 Ordered","messageId":"%s","properties":{"big":9007199254740993,"huge":123456789012345678901234567890,'
           '"price":12.50,"tiny":1e-7,"neg":-0,"text":" caf\\u00e9 cafe\\u0301 \\ud83c\\udf75 ","empty":"","none":null,"list":[1,[2,{"a":[]}]],"":"no name",'
           '"like a date":"2026-01-01T00:00:00Z","like a number":"007"}}' % (ada, new_id("m")))
    assert shared.post("/v1/track", raw.encode(), wait="profile").status_code == 200
    text = shared.call("GET", "/api/v1/events", params={"userId": ada}).content.decode("utf-8")
    for exact in ('9007199254740993', '123456789012345678901234567890', '12.50', '1e-7', '-0', '"007"', '"2026-01-01T00:00:00Z"'):
        assert exact in text, f"{exact} is not in {text}"
    event = shared.events(userId=ada)[0]
    assert event["event"] == "Tea ☕ Ordered"
    assert event["properties"]["text"] == " café cafe\u0301 🍵 " and event["properties"][""] == "no name"
    assert event["properties"]["list"] == [1, [2, {"a": []}]] and event["properties"]["none"] is None


def test_group_traits_and_group_lookups(shared):
    """group sets the account's traits, latest truth wins; the person's own traits are untouched."""
    ada, shop = person(), new_id("wren")
    shared.send([identify(ada, name="Ada"), {"type": "group", "userId": ada, "groupId": shop, "messageId": new_id(), "timestamp": "2026-04-02T00:00:00Z", "traits": {"name": "Wren & Daughters", "employees": 12}},
                 {"type": "group", "userId": ada, "groupId": shop, "messageId": new_id(), "timestamp": "2026-04-01T00:00:00Z", "traits": {"employees": 3, "city": "York"}}])
    assert shared.api(f"/api/v1/groups/{shop}") == {**shared.api(f"/api/v1/groups/{shop}"), "id": shop, "traits": {"name": "Wren & Daughters", "employees": 12, "city": "York"}}
    assert shared.profile(userId=ada)["traits"] == {"name": "Ada"}
    assert shared.api("/api/v1/groups/nobody", expect=404)["code"]
    account = shared.profile(groupId=shop)
    assert account["kind"] == "account" and account["events"] == 2
    assert shared.api(f"/api/v1/profiles/{account['id']}/events")["events"][0]["groupId"] == shop


def test_wait_profile_reads_its_own_writes(shared):
    """With ?wait=profile the answer comes when the profile shows the event: two hundred times out of two hundred, on eight connections."""
    shared.write_key, shared.token()

    def one(number):
        user = new_id("fast")
        assert shared.post("/v1/identify", {"userId": user, "messageId": new_id(), "traits": {"n": number}}, wait="profile").status_code == 200
        return shared.profile(userId=user)["traits"] == {"n": number}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(200)))


def test_verdicts_tell_what_became_of_each_event(shared):
    """accepted, duplicate and quarantined in one batch, in its order, with the reason; the batch answers 200 and costs only its bad items."""
    ada, good = person(), new_id("good")
    batch = [{**track(user=ada), "messageId": good}, {**track(user=ada), "messageId": good}, {"type": "sip", "userId": ada, "messageId": new_id("bad")},
             {"type": "track", "userId": ada, "messageId": new_id("nameless")}, {"type": "track", "event": "Nobody", "messageId": new_id("nobody")}, 17, track(user=ada)]
    verdicts = shared.post_batch(batch, verdicts=True).json()["verdicts"]
    assert [v["status"] for v in verdicts] == ["accepted", "duplicate", "quarantined", "quarantined", "quarantined", "quarantined", "accepted"]
    assert [v["messageId"] for v in verdicts[:5]] == [e["messageId"] for e in batch[:5]]
    for verdict in verdicts[2:6]:
        assert verdict["code"] and verdict["message"]
    by_header = shared.post("/v1/batch", {"batch": batch[:1]}, headers={"X-Martlet-Verdicts": "true"}).json()
    assert by_header["verdicts"][0]["status"] == "duplicate"


def test_quarantine_keeps_replays_and_deletes(shared):
    """A refused event waits whole with its reason; mended it is replayed and found; as it was it stays; deleted it is gone."""
    ada, message = person(), new_id("bad")
    shared.post_batch([{"type": "track", "userId": ada, "messageId": message, "properties": {"tea": "Assam"}}])
    row = shared.api("/api/v1/quarantine", messageId=message)["rejected"][0]
    assert row["code"] and row["reason"] and row["source"] == "Shop" and "Assam" in (row["payload"] if isinstance(row["payload"], str) else str(row["payload"]))
    path = f"/api/v1/quarantine/{row['id']}"
    assert shared.call("POST", path + "/replay").status_code == 400
    assert shared.api("/api/v1/quarantine", messageId=message)["rejected"], "what is still wrong stays"
    mended = {"type": "track", "event": "Tea Ordered", "userId": ada, "messageId": message, "properties": {"tea": "Assam"}}
    assert shared.call("POST", path + "/replay", json=mended).status_code == 200
    assert shared.api("/api/v1/quarantine", messageId=message)["rejected"] == []
    assert [e["properties"] for e in shared.events(messageId=message)] == [{"tea": "Assam"}]
    assert shared.call("POST", path + "/replay", json=mended).status_code == 404
    other = new_id("bad")
    shared.post_batch([{"type": "track", "userId": ada, "messageId": other}])
    row = shared.api("/api/v1/quarantine", messageId=other)["rejected"][0]
    assert shared.call("DELETE", f"/api/v1/quarantine/{row['id']}").status_code == 200
    assert shared.call("DELETE", f"/api/v1/quarantine/{row['id']}").status_code == 404


def test_a_replayed_item_counts_with_what_stood_around_it(shared):
    """Of its batch: the sender's clock and what all items have in common; of its request: the address and GPC."""
    ada, bob, message = person(), person(), new_id("around")
    bare = {"type": "track", "userId": ada, "messageId": message, "originalTimestamp": "2026-03-01T10:00:00Z", "context": {"page": {"path": "/tea"}}}
    batch = {"batch": [bare, {"type": "track", "userId": bob, "messageId": message + "b"}], "sentAt": "2026-03-01T11:00:00Z", "context": {"locale": "cy", "page": {}}, "integrations": {"All": False}}
    requests.post(shared.url + "/v1/batch", json=batch, auth=(shared.write_key, ""), headers={"Sec-GPC": "1"}, timeout=10).raise_for_status()
    row = shared.api("/api/v1/quarantine", messageId=message)["rejected"][0]
    assert json.loads(row["payload"]) == bare, "what was sent is kept as it was sent"
    assert row["around"]["sentAt"] == batch["sentAt"] and row["around"]["context"] == batch["context"] and row["around"]["gpc"]
    path = f"/api/v1/quarantine/{row['id']}/replay"
    broken = shared.call("POST", path, data="{\"event\": }").json()
    assert broken["code"] == "body.not-json" and "byte 10" in broken["message"], broken
    assert shared.call("POST", path, json={**bare, "event": "Sip"}).status_code == 200
    kept = shared.events(messageId=message)[0]
    assert kept["context"]["locale"] == "cy" and kept["context"]["page"] == {"path": "/tea"} and kept["context"]["gpc"] and kept["integrations"] == {"All": False}
    hour = datetime.fromisoformat(kept["receivedAt"]) - datetime.fromisoformat(kept["timestamp"])
    assert hour == timedelta(hours=1), "corrected by the clock of the batch's sender"
    assert shared.api("/api/v1/profiles/lookup", userId=ada)["optedOutOfSharing"]
    other = shared.api("/api/v1/quarantine", messageId=message + "b")["rejected"][0]
    assert other["around"] == row["around"], "what is left keeps it"


def test_what_stands_around_a_refused_event_is_erased_with_who_it_names(shared):
    ada, message = person(), new_id("around")
    shared.send([identify(ada, email=f"{ada}@wren.example")])
    batch = {"batch": [{"type": "track", "messageId": message}], "context": {"traits": {"email": f"{ada}@wren.example"}}}
    requests.post(shared.url + "/v1/batch", json=batch, auth=(shared.write_key, ""), timeout=10).raise_for_status()
    assert shared.api("/api/v1/quarantine", messageId=message)["rejected"]
    shared.call("POST", "/api/v1/privacy/erasures", json={"userId": ada}).raise_for_status()
    assert shared.api("/api/v1/quarantine", messageId=message)["rejected"] == []


def test_quarantine_pages(shared):
    bad = [{"type": "sip", "userId": "ada", "messageId": new_id("page-bad")} for _ in range(25)]
    shared.post_batch(bad)
    found, after = [], None
    while True:
        page = shared.api("/api/v1/quarantine", limit=10, **({"after": after} if after else {}))
        found += [r["messageId"] for r in page["rejected"]]
        if not (after := page["next"]):
            break
    assert len(found) == len(set(found)) and set(found) >= {e["messageId"] for e in bad}
    assert found[:25] == [e["messageId"] for e in reversed(bad)], "newest first"


def test_duplicates_change_nothing(shared):
    ada = person()
    event = identify(ada, plan="gold")
    shared.send([event])
    shared.send([{**event, "traits": {"plan": "tin"}}])
    assert shared.profile(userId=ada)["traits"] == {"plan": "gold"} and shared.profile(userId=ada)["events"] == 1


def test_profiles_are_found_by_text_and_paged(shared):
    """`q` finds by part of a name, an e-mail address or an identifier, in either case; pages hold everyone once."""
    tag = new_id("wren").replace("-", "")
    shared.send([identify(f"{tag}-{n}", name=f"Tea Lover {n}", email=f"lover{n}@{tag}.example") for n in range(25)])
    found, after = [], None
    while True:
        page = shared.api("/api/v1/profiles", q=tag.upper(), limit=10, **({"after": after} if after else {}))
        found += page["profiles"]
        if not (after := page["next"]):
            break
    assert len(found) == len({p["id"] for p in found}) == 25
    assert {p["name"] for p in found} == {f"Tea Lover {n}" for n in range(25)}
    assert [p["name"] for p in shared.api("/api/v1/profiles", q=f"lover7@{tag}")["profiles"]] == ["Tea Lover 7"]
    assert shared.api("/api/v1/profiles", q=tag + "nobody")["profiles"] == []


def test_profiles_are_found_in_either_case_of_any_script(shared):
    """Names that were sent with escapes or in another case are found; after the person is forgotten they are not."""
    user, tag = person(), new_id("tag").replace("-", "")
    body = json.dumps({"type": "identify", "userId": user, "messageId": new_id(), "traits": {"name": f"Éloïse Weiß İpek {tag}"}}, ensure_ascii=True)
    assert "\\u00c9" in body
    assert shared.post("/v1/batch", f'{{"batch":[{body}]}}'.encode()).status_code == 200
    shared.send([identify(new_id("other"), name=f"Eloise {tag}")])
    for query in (f"éloïse weiß ipek {tag}", f"ÉLOÏSE WEISS İPEK {tag.upper()}", f"ïse weiss ipek {tag}"):
        assert [p["identifiers"][0]["value"] for p in shared.api("/api/v1/profiles", q=query)["profiles"]] == [user], query
    shared.cli("privacy", "erase", "--user-id", user)
    assert shared.api("/api/v1/profiles", q=f"éloïse weiß ipek {tag}")["profiles"] == []


def test_email_finds_the_person_who_named_it_and_joins_nobody(shared):
    ada, bea, address = person(), new_id("bea"), f"{new_id('post')}@example.com"
    shared.send([identify(ada, email=address)])
    shared.send([identify(bea, email=address)])
    assert shared.profile(userId=ada)["id"] != shared.profile(userId=bea)["id"]
    assert shared.profile(email=address)["id"] == shared.profile(userId=ada)["id"]


def test_unknown_profiles_and_wrong_lookups_are_refused_in_words(shared):
    for path, params, status in (
            ("/api/v1/profiles/lookup", {"userId": new_id("nobody")}, 404), ("/api/v1/profiles/prf_zzzzz", {}, 404), ("/api/v1/profiles/nonsense", {}, 404),
            ("/api/v1/profiles/prf_-1", {}, 404), ("/api/v1/profiles/prf_" + "9" * 50, {}, 404), ("/api/v1/profiles/lookup", {}, 400),
            ("/api/v1/profiles/lookup", {"userId": "a", "email": "b"}, 400), ("/api/v1/events", {"limit": "0"}, 400), ("/api/v1/events", {"limit": "1001"}, 400),
            ("/api/v1/events", {"after": "-1"}, 400), ("/api/v1/events", {"after": "tea"}, 400)):
        answer = shared.call("GET", path, params=params)
        assert answer.status_code == status, f"{path} {params}: {answer.status_code} {answer.text}"
        assert answer.json()["code"] and answer.json()["message"]


def test_contract_of_identifiers(shared):
    """Each identifier of a profile says when it was first and last seen."""
    ada = person()
    shared.send([identify(ada, name="Ada")])
    for identifier in shared.profile(userId=ada)["identifiers"]:
        assert identifier["firstSeen"] and identifier["lastSeen"], identifier


def test_concurrent_writers_and_readers_see_whole_states(shared):
    """Eight writers and four readers for two seconds: every read is a state that was, every own write is read."""
    users, stop, problems = [person() for _ in range(8)], threading.Event(), []
    shared.write_key, shared.token()

    def write(user):
        n = 0
        while not stop.is_set():
            shared.send([identify(user, n=n, double=2 * n)], wait=True)
            seen = shared.profile(userId=user)["traits"]
            if seen != {"n": n, "double": 2 * n}:
                problems.append((n, seen))
            n += 1

    def read():
        while not stop.is_set():
            for user in users:
                answer = shared.call("GET", "/api/v1/profiles/lookup", params={"userId": user})
                if answer.status_code == 200 and (t := answer.json()["traits"])["double"] != 2 * t["n"]:
                    problems.append(t)
                elif answer.status_code not in (200, 404):
                    problems.append(answer.text)

    threads = [threading.Thread(target=write, args=(u,)) for u in users] + [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    stop.set()
    for thread in threads:
        thread.join()
    assert not problems, problems[:5]


def test_fault_45_concurrent_merges(martlet):
    """240 identify pairs on eight connections, killed in the middle and sent again: people are the union of the pairs, known users never merge."""
    pairs = [(f"user-{n % 40}", f"device-{n}") for n in range(240)]
    events = [{**identify(u, d), "messageId": f"pair-{u}-{d}"} for u, d in pairs]
    martlet.write_key, martlet.token()

    def send(event):
        for _ in range(100):
            try:
                if martlet.post_batch([event], timeout=5).status_code == 200:
                    return
            except Exception:
                time.sleep(0.05)
        raise AssertionError("never acknowledged")

    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(send, e) for e in events]
        time.sleep(0.15)
        martlet.kill9()
        martlet.start()
        for one in done:
            one.result()
    for _ in range(2):
        ids = {u: martlet.profile(userId=u)["id"] for u in {u for u, _ in pairs}}
        assert len(set(ids.values())) == 40
        for user, device in pairs:
            assert martlet.profile(anonymousId=device)["id"] == ids[user]
        martlet.restart()


def test_profiles_survive_restarts_and_crashes_unchanged(martlet):
    """Snapshots, the log behind them, and the log alone give the same people."""
    martlet.send([identify("ada", "d1", when="2026-01-02T00:00:00Z", plan="gold", email="ada@example.com"), track("A", device="d1"), identify("bea", "d1", plan="tin"),
                  {"type": "alias", "userId": "ada", "previousId": "old-ada", "messageId": "al"}, {"type": "group", "userId": "ada", "groupId": "wren", "messageId": "g", "traits": {"n": 1}}])

    def picture():
        out = []
        for query in ({"userId": "ada"}, {"userId": "bea"}, {"userId": "old-ada"}, {"anonymousId": "d1"}, {"email": "ada@example.com"}, {"groupId": "wren"}):
            profile = martlet.profile(**query)
            parts = [martlet.api(f"/api/v1/profiles/{profile['id']}/{what}") for what in ("traits", "events", "links")]
            out.append([profile, *parts])
        return out

    before = picture()
    martlet.restart()
    assert picture() == before, "after a polite restart"
    martlet.send([track("B", user="ada")])
    after = picture()
    martlet.kill9()
    martlet.start()
    assert picture() == after, "after a crash, from a snapshot and the log behind it"
    martlet.kill9()
    for snapshot in martlet.data.rglob("*.snapshot"):
        snapshot.unlink()
    martlet.start()
    assert picture() == after, "from the log alone"


def test_profile_ids_stay_with_their_people(martlet):
    """An id that somebody has stored names the same person after a crash, after a restart and when everything is made again from the log."""
    for user in ("ada", "bea", "cleo"):
        martlet.send([identify(user, email=f"{user}@example.com"), track(user=user)])
    martlet.send([identify("dot", "d1", email="dot@example.com"), identify("eve", email="eve@example.com"), {"type": "group", "userId": "eve", "groupId": "wren", "messageId": new_id()}])
    before = {user: martlet.profile(userId=user)["id"] for user in ("ada", "bea", "cleo", "dot", "eve")}
    for how in ("crash", "restart", "from the log alone"):
        if how == "restart":
            assert martlet.stop() == 0
        else:
            martlet.kill9()
        if how == "from the log alone":
            for snapshot in martlet.data.rglob("*.snapshot"):
                snapshot.unlink()
        martlet.start()
        assert {user: martlet.profile(userId=user)["id"] for user in before} == before, f"after a {how}"
        for user, number in before.items():
            assert {"type": "userId", "value": user}.items() <= next(i for i in martlet.api(f"/api/v1/profiles/{number}")["identifiers"] if i["type"] == "userId").items()


# -- Segment's Profile API

def test_segment_profile_api(shared):
    """Traits, events, external ids, metadata and links in Segment's shapes, with a token as the Basic user name."""
    import base64

    ada, device = person(), new_id("device")
    shared.send([identify(ada, device, name="Ada", plan="gold", teas=3), track("Tea Ordered", user=ada, price=3), track("Tea Steeped", user=ada)])
    header = {"Authorization": "Basic " + base64.b64encode(f"{shared.token()}:".encode()).decode()}
    base = f"{shared.url}/v1/spaces/main/collections/users/profiles/user_id:{ada}"
    get = lambda path, **q: shared.http.get(base + path, headers=header, params=q, timeout=10)
    traits = get("/traits").json()
    assert traits["traits"] == {"name": "Ada", "plan": "gold", "teas": 3}
    assert {"url", "has_more", "next", "limit"} <= set(traits["cursor"])
    assert get("/traits", include="plan,teas").json()["traits"] == {"plan": "gold", "teas": 3}
    first = get("/traits", limit=1).json()
    second = get("/traits", limit=2, next=first["cursor"]["next"]).json()
    assert {**first["traits"], **second["traits"]} == {"name": "Ada", "plan": "gold", "teas": 3} and not second["cursor"]["has_more"]
    events = get("/events").json()["data"]
    assert [e["event"] for e in events if e["type"] == "track"] == ["Tea Steeped", "Tea Ordered"], "newest first"
    assert events[1]["properties"] == {"price": 3} and events[1]["message_id"] and events[1]["timestamp"]
    ids = {(i["type"], i["id"]) for i in get("/external_ids").json()["data"]}
    assert ids >= {("user_id", ada), ("anonymous_id", device)}
    assert get("/metadata").json()["metadata"]["created_at"]
    assert get("/links").json()["data"] == []
    by_device = shared.http.get(f"{shared.url}/v1/spaces/main/collections/users/profiles/anonymous_id:{device}/traits", headers=header, timeout=10)
    assert by_device.json()["traits"]["name"] == "Ada"
    assert shared.http.get(base + "nobody/traits", headers=header, timeout=10).status_code == 404
    elsewhere = base.replace("/users/", "/nope/")
    assert elsewhere != base and shared.http.get(elsewhere + "/traits", headers=header, timeout=10).status_code == 404
    assert shared.http.get(base + "/traits", timeout=10).status_code == 401
    for limit in ("0", "201", "-1", "tea"):
        assert get("/traits", limit=limit).status_code == 400


def test_segment_profile_api_pages_all_events(shared):
    ada = person()
    shared.send([tracked(ada, n) for n in range(450)])
    found, after = [], None
    while True:
        page = shared.call("GET", f"/v1/spaces/main/collections/users/profiles/user_id:{ada}/events", params={"limit": 200, **({"next": after} if after else {})}).json()
        found += [e["properties"]["n"] for e in page["data"]]
        if not page["cursor"]["has_more"]:
            break
        after = page["cursor"]["next"]
    assert found == list(reversed(range(450)))


def test_segment_profile_api_tells_traits_by_class_and_with_where_they_came_from(shared):
    ada = person()
    shared.send([identify(ada, name="Ada", plan="gold")])
    base = f"/v1/spaces/main/collections/users/profiles/user_id:{ada}/traits"
    name = new_id("golden").replace("-", "")
    made = shared.call("POST", "/api/v1/computed-traits", json={"name": name, "measure": 'count of "Tea Steeped"'}).json()
    segment = shared.call("POST", "/api/v1/segments", json={"name": name + " people", "condition": 'plan = "gold" and name = "Ada"'}).json()
    wait_until(lambda: shared.profile(userId=ada)["id"] in shared.api(f"/api/v1/segments/{segment['id']}/members", limit=1000)["members"], what="the member")
    assert shared.api(base)["traits"] == {name: 0, "name": "Ada", "plan": "gold"}
    assert shared.api(base, **{"class": "computed_trait"})["traits"] == {name: 0}
    assert shared.api(base, **{"class": "audience"})["traits"] == {name + " people": True}
    assert "class" in shared.api(base, expect=400, **{"class": "star"})["message"]
    told = shared.api(base, verbose="true")["traits"]
    assert told["plan"]["value"] == "gold" and told["plan"]["source_id"] == shared.source["id"] and told["plan"]["updated_at"].startswith("20")
    assert told[name] == {"value": 0, "source_id": None, "updated_at": told[name]["updated_at"]}
    for path in (f"/api/v1/computed-traits/{made['id']}", f"/api/v1/segments/{segment['id']}"):
        assert shared.call("DELETE", path).status_code == 200


def test_segment_profile_api_chooses_events(shared):
    ada, device = person(), new_id("device")
    day = "2026-03-0{}T12:00:00Z"
    shared.send([{"type": "track", "userId": ada, "anonymousId": device, "event": name, "messageId": f"{ada}-{n}", "timestamp": day.format(n)} for n, name in enumerate(["Tea Steeped", "Tea Ordered", "Tea Drunk"], 1)])
    base = f"/v1/spaces/main/collections/users/profiles/user_id:{ada}"
    names = lambda **q: [e["event"] for e in shared.api(base + "/events", **q)["data"]]
    assert names() == ["Tea Drunk", "Tea Ordered", "Tea Steeped"]
    assert names(sort="asc") == ["Tea Steeped", "Tea Ordered", "Tea Drunk"]
    assert names(include="Tea Steeped,Tea Drunk") == ["Tea Drunk", "Tea Steeped"] and names(exclude="Tea Drunk, Tea Ordered") == ["Tea Steeped"] and names(include="Nothing") == []
    assert names(start="2026-03-02T12:00:00Z") == ["Tea Drunk", "Tea Ordered"], "the instant itself counts"
    assert names(end="2026-03-02T12:00:00Z") == ["Tea Steeped"], "and does not at the end"
    first = shared.api(base + "/events", sort="asc", exclude="Tea Ordered", limit=1)
    assert first["cursor"]["has_more"] and [e["event"] for e in first["data"]] == ["Tea Steeped"]
    second = shared.api(base + "/events", sort="asc", exclude="Tea Ordered", limit=1, next=first["cursor"]["next"])
    assert [e["event"] for e in second["data"]] == ["Tea Drunk"] and not second["cursor"]["has_more"] and second["cursor"]["next"] == ""
    told = second["data"][0]
    assert told["source_id"] == shared.source["id"]
    assert told["external_ids"] == [{"id": ada, "type": "user_id", "collection": "users", "encoding": "none"}, {"id": device, "type": "anonymous_id", "collection": "users", "encoding": "none"}]
    about = shared.api(base + "/metadata")["metadata"]
    assert (about["first_message_id"], about["last_message_id"], about["first_source_id"]) == (f"{ada}-1", f"{ada}-3", shared.source["id"])
    assert [i["type"] for i in shared.api(base + "/external_ids", include="anonymous_id")["data"]] == ["anonymous_id"]
    for wrong in ({"sort": "up"}, {"start": "soon"}, {"next": "zzz"}, {"next": "-1"}):
        assert shared.api(base + "/events", expect=400, **wrong)["code"] == "request.parameter"
    assert shared.api(base + "/traits", expect=400, next="zzz")["code"] == "request.parameter"


def test_segment_profile_api_finds_the_few_among_many(shared):
    """Chosen events are read in pieces: the page is whole although most of a long history is left out."""
    ada = person()
    rare = [n for n in range(1400) if n % 350 == 7]
    shared.send([{**tracked(ada, n), "event": "Rare" if n in rare else "Common"} for n in range(1400)])
    base = f"/v1/spaces/main/collections/users/profiles/user_id:{ada}/events"
    found, after = [], ""
    while True:
        page = shared.api(base, include="Rare", limit=3, next=after)
        found += [e["properties"]["n"] for e in page["data"]]
        if not page["cursor"]["has_more"]:
            break
        after = page["cursor"]["next"]
    assert found == rare[::-1]


def test_a_name_of_blanks_names_nobody(shared):
    ada = person()
    shared.send([identify(ada, name="  ", firstName="\t", lastName="Byron")])
    assert shared.profile(userId=ada)["name"] == "Byron"


def test_people_are_found_by_their_whole_name(martlet):
    """First and last name come as two traits or as one; the digits of a random id are nobody's name, but its beginning finds it."""
    martlet.send([
        {"type": "identify", "userId": "u1", "traits": {"firstName": "Ada", "lastName": "Wren"}},
        {"type": "identify", "userId": "u2", "traits": {"first_name": "Gökhan", "last_name": "D\\u0065mir".encode().decode("unicode_escape")}},
        {"type": "identify", "userId": "u3", "traits": {"name": "Chidi Evans", "firstName": "Chidi"}},
        {"type": "identify", "userId": "u4", "traits": {"firstName": "Ada", "lastName": 7}},
        {"type": "track", "event": "Tea", "anonymousId": "3f9b-53ab9ada3-wren"}])

    def found(query):
        return {i["value"] for p in martlet.api("/api/v1/profiles", q=query)["profiles"] for i in martlet.api(f"/api/v1/profiles/{p['id']}")["identifiers"]}
    assert found("Ada Wren") == {"u1"} and found("ada wr") == {"u1"} and found("GÖKHAN DEMIR") == {"u2"} and found("chidi evans") == {"u3"}
    assert found("ada") == {"u1", "u4"} and found("wren ada") == set()
    assert found("3f9b-53") == {"3f9b-53ab9ada3-wren"} and found("53ab9") == set()
    martlet.send([{"type": "identify", "userId": "u1", "traits": {"lastName": "Finch"}}])
    assert found("Ada Wren") == set() and found("Ada Finch") == {"u1"}
