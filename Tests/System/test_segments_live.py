"""Segments kept under a name: their versions, and members that come and go as events do, as time passes, across restarts."""
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import new_id, tracked, wait_until

ORDER = "Order Completed"


def make(martlet, name, condition, expect=201, **body):
    answer = martlet.call("POST", "/api/v1/segments", json={"name": name, "condition": condition, **body})
    assert answer.status_code == expect, f"{name}: {answer.status_code} {answer.text[:300]}"
    return answer.json()


def change(martlet, segment, expect=200, /, **body):
    answer = martlet.call("PATCH", "/api/v1/segments/" + segment, json=body)
    assert answer.status_code == expect, f"{segment}: {answer.status_code} {answer.text[:300]}"
    return answer.json()


def size(martlet, name):
    return martlet.api("/api/v1/segments/" + name)["size"]


def becomes(martlet, name, wanted, seconds=1.5):
    wait_until(lambda: size(martlet, name) == wanted, seconds, every=0.01, what=f"{name} of {wanted}")


def changes(martlet, name):
    return [(c["change"], c["profile"]) for c in martlet.api(f"/api/v1/segments/{name}/changes")["changes"]]


def members(martlet, name, **params):
    return martlet.api(f"/api/v1/segments/{name}/members", **params)["members"]


def test_a_segment_is_made_changed_and_deleted(martlet):
    martlet.send([{"type": "identify", "userId": "ada", "messageId": "i1", "traits": {"plan": "premium"}}])
    made = make(martlet, "Tea & Friends", 'plan = "premium"', note="First flush")
    assert (made["handle"], made["version"], made["note"], made["zone"]) == ("tea-friends", 1, "First flush", "UTC") and made["id"].startswith("seg_")
    assert made["json"] == {"trait": "plan", "eq": "premium"} and made["sentence"]
    becomes(martlet, made["id"], 1)
    assert martlet.api("/api/v1/segments/tea-friends")["id"] == made["id"]
    twin = make(martlet, "tea friends", {"trait": "plan", "eq": "free"})
    assert twin["handle"] == "tea-friends-2"
    renamed = change(martlet, made["id"], name="Zeal", zone="Europe/Madrid")
    # Others name it by its handle, so that stays.
    assert (renamed["name"], renamed["handle"], renamed["version"], renamed["zone"], renamed["note"]) == ("Zeal", "tea-friends", 2, "Europe/Madrid", "First flush")
    assert [s["name"] for s in martlet.api("/api/v1/segments")["segments"]] == ["Zeal", "tea friends"]
    assert martlet.call("DELETE", "/api/v1/segments/" + twin["id"]).json() == {"success": True}
    for method in ("GET", "PATCH", "DELETE"):
        gone = martlet.call(method, "/api/v1/segments/" + twin["id"], json={})
        assert (gone.status_code, gone.json()["code"]) == (404, "segment.unknown")
    martlet.kill9()
    martlet.start()
    assert [(s["name"], s["version"]) for s in martlet.api("/api/v1/segments")["segments"]] == [("Zeal", 2)]


def test_what_cannot_be_kept_is_refused_and_changes_nothing(martlet):
    make(martlet, "A", "everyone")
    make(martlet, "B", 'in segment "a"')
    before = martlet.api("/api/v1/segments/a")
    assert change(martlet, "a", 400, condition='not in segment "b"')["code"] == "segment.cycle"
    assert change(martlet, "a", 400, condition='in segment "a"')["code"] == "segment.cycle"
    assert change(martlet, "a", 404, condition='in segment "nothing"')["code"] == "segment.unknown"
    assert change(martlet, "a", 400, condition="plan =")["place"].startswith("line 1")
    assert change(martlet, "a", 400, zone="Europe/Wren")["code"] == "condition.zone"
    assert change(martlet, "a", 400, name=" ")["code"] == "request.name"
    assert make(martlet, "C", 'in segment "nothing"', 404)["code"] == "segment.unknown"
    assert make(martlet, "", "everyone", 400)["code"] == "request.name"
    assert make(martlet, "x" * 201, "everyone", 400)["code"] == "request.name"
    used = martlet.call("DELETE", "/api/v1/segments/a")
    assert (used.status_code, used.json()["code"]) == (400, "segment.in-use") and "B" in used.json()["message"]
    assert martlet.api("/api/v1/segments/a")["version"] == before["version"] and len(martlet.api("/api/v1/segments")["segments"]) == 2
    assert martlet.call("DELETE", "/api/v1/segments/b").status_code == 200 and martlet.call("DELETE", "/api/v1/segments/a").status_code == 200


def test_an_event_lets_in_and_time_lets_out(martlet):
    """In within a second of the event, out when three seconds have passed without another; others that name the segment go with it."""
    fresh = make(martlet, "Fresh", 'did "Tea Steeped" in last 3 seconds')["id"]
    outer = make(martlet, "Outer", 'in segment "fresh" and plan is missing')["id"]
    becomes(martlet, fresh, 0)
    begun = time.monotonic()
    martlet.track("Tea Steeped", userId="ada")
    becomes(martlet, fresh, 1, 1)
    becomes(martlet, outer, 1, 1)
    ada = martlet.profile(userId="ada")["id"]
    assert members(martlet, fresh) == [ada]
    wait_until(lambda: size(martlet, fresh) == 0, 5, every=0.01, what="leaving")
    took = time.monotonic() - begun
    assert 2.9 < took < 4.2, f"in for {took:.2f} s"
    becomes(martlet, outer, 0, 1)
    for name in (fresh, outer):
        assert changes(martlet, name) == [("entered", ada), ("exited", ada)]


def test_a_second_event_lets_stay(martlet):
    fresh = make(martlet, "Fresh", 'did "Tea Steeped" in last 3 seconds')["id"]
    begun = time.monotonic()
    martlet.track("Tea Steeped", userId="ada")
    becomes(martlet, fresh, 1)
    time.sleep(1.5)
    martlet.track("Tea Steeped", userId="ada")
    wait_until(lambda: size(martlet, fresh) == 0, 6, every=0.01, what="leaving")
    assert 4.4 < time.monotonic() - begun < 5.8
    assert [kind for kind, _ in changes(martlet, fresh)] == ["entered", "exited"]


def test_two_who_turn_out_to_be_one(martlet):
    """Each bought once. As one person they bought twice: the pair's condition takes them in, and the buyers are one fewer, of whom nobody left."""
    twice = make(martlet, "Twice", f'did "{ORDER}" at least twice')["id"]
    buyers = make(martlet, "Buyers", f'did "{ORDER}"')["id"]
    martlet.track(ORDER, anonymousId="a1")
    martlet.track(ORDER, userId="ada")
    becomes(martlet, buyers, 2)
    assert size(martlet, twice) == 0
    martlet.send([{"type": "identify", "anonymousId": "a1", "userId": "ada", "messageId": new_id("i")}])
    becomes(martlet, twice, 1)
    becomes(martlet, buyers, 1)
    one = martlet.profile(userId="ada")["id"]
    assert members(martlet, buyers) == members(martlet, twice) == [one]
    assert [kind for kind, _ in changes(martlet, buyers)] == ["entered", "entered"]


def test_who_is_erased_is_in_nothing(martlet):
    buyers = make(martlet, "Buyers", f'did "{ORDER}"')["id"]
    strangers = make(martlet, "Strangers", f'did not do "{ORDER}"')["id"]
    for user in ("ada", "bob"):
        martlet.track(ORDER, userId=user)
    becomes(martlet, buyers, 2)
    ada, bob = (martlet.profile(userId=user)["id"] for user in ("ada", "bob"))
    assert martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": "ada"}).status_code == 200
    becomes(martlet, buyers, 1)
    assert members(martlet, buyers) == [bob]
    time.sleep(0.3)
    assert size(martlet, strangers) == 0, "whoever is forgotten is nobody who did not buy"
    assert ada not in json.dumps(martlet.api(f"/api/v1/segments/{buyers}/changes"))


def test_sizes_outlive_a_stop_and_a_crash(martlet):
    names = [make(martlet, f"S{n}", condition)["id"] for n, condition in enumerate(
        ['did "Tea Steeped" at least 2 times', 'did not do "Tea Steeped"', "everyone", 'in segment "s0" and in segment "s2"'])]
    martlet.send([tracked(f"u{n}", i) for n in range(40) for i in range(n % 4)] + [{"type": "page", "name": "Home", "userId": "u4", "messageId": "pg"}])
    wanted = [20, 1, 31, 20]
    for again in (martlet.stop, martlet.kill9):
        for name, number in zip(names, wanted):
            becomes(martlet, name, number, 5)
        before = [sorted(members(martlet, name)) for name in names]
        again()
        martlet.start()
        for name, number, who in zip(names, wanted, before):
            becomes(martlet, name, number, 5)
            assert sorted(members(martlet, name)) == who
    martlet.track("Tea Steeped", userId="u4")
    becomes(martlet, names[1], 0)


def test_a_restart_is_no_change(martlet):
    """Whoever was in before a restart does not come in by it, also where the condition was changed once; who comes in afterwards does."""
    martlet.send([{"type": "identify", "userId": u, "messageId": u, "traits": {"plan": "premium"}} for u in ("ada", "bob")])
    chosen = make(martlet, "Chosen", 'plan = "free"')["id"]
    change(martlet, chosen, condition='plan = "premium"')
    becomes(martlet, chosen, 2)
    before = changes(martlet, chosen)
    assert [kind for kind, _ in before] == ["entered", "entered"]
    for again in (martlet.stop, martlet.kill9):
        again()
        martlet.start()
        becomes(martlet, chosen, 2, 5)
        assert changes(martlet, chosen) == before
    martlet.send([{"type": "identify", "userId": "cyd", "messageId": "cyd", "traits": {"plan": "premium"}}])
    becomes(martlet, chosen, 3)
    assert changes(martlet, chosen) == before + [("entered", martlet.profile(userId="cyd")["id"])]


def test_an_empty_workspace_waits_without_work(martlet):
    """A segment of nobody has the size 0, costs no processor time, and tells of the first who comes in."""
    buyers = make(martlet, "Buyers", f'did "{ORDER}"')["id"]
    becomes(martlet, buyers, 0)
    before = martlet.processor_seconds()
    time.sleep(1)
    assert martlet.processor_seconds() - before < 0.1
    martlet.track(ORDER, userId="ada")
    becomes(martlet, buyers, 1)
    assert [kind for kind, _ in changes(martlet, buyers)] == ["entered"]


def test_erasures_beside_a_stream_of_events(martlet):
    """People are forgotten while others come in: nobody who was forgotten stays in, and nobody who is there is left out."""
    everyone = make(martlet, "Everyone", "everyone")["id"]
    buyers = make(martlet, "Buyers", f'did "{ORDER}" or did "Tea Steeped"')["id"]
    for n in range(30):
        martlet.send([tracked(f"u{n}-{i}", 0) for i in range(20)])
        for user in (f"u{n}-3", f"u{n}-17"):
            assert martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": user}).status_code == 200
    for name in (everyone, buyers):
        becomes(martlet, name, 30 * 18, 3)
    there = martlet.call("POST", "/api/v1/segments/preview", json={"condition": "everyone", "sample": 1000}).json()["sample"]
    assert sorted(members(martlet, everyone, limit=1000)) == sorted(members(martlet, buyers, limit=1000)) == sorted(there)
    known = set(there)
    assert {profile for _, profile in changes(martlet, everyone)} <= known


def test_a_changed_condition_changes_the_members(martlet):
    martlet.send([{"type": "identify", "userId": u, "messageId": u, "traits": {"plan": plan}} for u, plan in (("ada", "premium"), ("bob", "free"), ("cyd", "free"))])
    chosen = make(martlet, "Chosen", 'plan = "premium"')["id"]
    becomes(martlet, chosen, 1)
    assert changes(martlet, chosen) == [], "whoever was in from the beginning did not come in"
    assert change(martlet, chosen, condition='plan = "free"')["version"] == 2
    becomes(martlet, chosen, 2)
    assert sorted(kind for kind, _ in changes(martlet, chosen)) == ["entered", "entered", "exited"]
    # A name alone changes no members.
    change(martlet, chosen, name="The chosen")
    time.sleep(0.3)
    assert size(martlet, chosen) == 2 and len(changes(martlet, chosen)) == 3


def test_a_segment_that_another_names_takes_it_along(martlet):
    martlet.send([{"type": "identify", "userId": u, "messageId": u, "traits": {"plan": plan}} for u, plan in (("ada", "premium"), ("bob", "free"), ("cyd", "free"))])
    make(martlet, "Inner", 'plan = "premium"')
    outer = make(martlet, "Outer", 'not in segment "inner"')["id"]
    becomes(martlet, outer, 2)
    change(martlet, "inner", condition='plan = "free"')
    becomes(martlet, outer, 1)
    assert members(martlet, outer) == [martlet.profile(userId="ada")["id"]]


def test_members_page_by_page(martlet):
    everyone = make(martlet, "Everyone", "everyone")["id"]
    martlet.send([tracked(f"u{n}", 1) for n in range(25)])
    becomes(martlet, everyone, 25)
    pages, after = [], None
    while True:
        page = martlet.api(f"/api/v1/segments/{everyone}/members", limit=10, **({"after": after} if after else {}))
        pages.append(page["members"])
        after = page["next"]
        if not after:
            break
    assert [len(p) for p in pages] == [10, 10, 5]
    assert len({m for p in pages for m in p}) == 25
    for bad in ({"limit": 0}, {"limit": 1001}, {"after": "x"}):
        martlet.api(f"/api/v1/segments/{everyone}/members", 400, **bad)
    martlet.api("/api/v1/segments/nothing/members", 404)


class Stream(threading.Thread):
    """Reads server-sent events; `seen` holds (name, id, data, when)."""

    def __init__(self, martlet, **options):
        super().__init__(daemon=True)
        self.answer = martlet.call("GET", "/api/v1/segments/changes/stream", stream=True, **options)
        assert self.answer.status_code == 200 and self.answer.headers["content-type"].startswith("text/event-stream")
        self.seen, self.begun = [], threading.Event()
        self.start()

    def run(self):
        fields = {}
        try:
            for line in self.answer.iter_lines(chunk_size=1, decode_unicode=True):
                self.begun.set()
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "event" in fields:
                    self.seen.append((fields["event"], int(fields["id"]), json.loads(fields["data"]), time.monotonic()))
                    fields = {}
        except Exception:  # The connection is closed by the test's end.
            pass


def test_the_stream_tells_changes_as_they_happen(martlet):
    buyers = make(martlet, "Buyers", f'did "{ORDER}"')["id"]
    becomes(martlet, buyers, 0)
    stream = Stream(martlet)
    assert stream.begun.wait(3)
    sent = time.monotonic()
    martlet.track(ORDER, userId="ada")
    wait_until(lambda: stream.seen, 2, every=0.01, what="the change")
    name, number, data, when = stream.seen[0]
    assert when - sent < 1
    assert (name, data["segment"], data["change"], data["number"]) == ("entered", buyers, "entered", number) and data["profile"] == martlet.profile(userId="ada")["id"]
    martlet.track(ORDER, userId="bob")
    wait_until(lambda: len(stream.seen) == 2, 2, what="the second change")
    # Whoever comes back names the last that they saw.
    again = Stream(martlet, headers={"Last-Event-ID": str(number)})
    wait_until(lambda: again.seen, 2, what="what was missed")
    assert [e[1] for e in again.seen] == [stream.seen[1][1]]
    martlet.track("Nothing", userId="cyd")
    time.sleep(0.5)
    assert len(stream.seen) == 2 and len(again.seen) == 1


def test_a_stream_goes_on_behind_a_restart(martlet):
    """An open stream does not hold up a polite stop, and who names the last change that they saw is told the next one by the new process."""
    make(martlet, "Buyers", f'did "{ORDER}"')
    streams = [Stream(martlet) for _ in range(5)]
    assert all(stream.begun.wait(3) for stream in streams)
    martlet.track(ORDER, userId="ada")
    wait_until(lambda: all(stream.seen for stream in streams), 2, every=0.01, what="the change")
    last = streams[0].seen[0][1]
    begun = time.monotonic()
    assert martlet.stop() == 0
    assert time.monotonic() - begun < 4
    martlet.start()
    becomes(martlet, "buyers", 1, 3)
    again = Stream(martlet, headers={"Last-Event-ID": str(last)})
    martlet.track(ORDER, userId="bob")
    wait_until(lambda: again.seen, 2, every=0.01, what="the change behind the restart")
    assert again.seen[0][1] > last and again.seen[0][2]["profile"] == martlet.profile(userId="bob")["id"]


def test_members_are_exact_under_many_senders(martlet):
    """Four senders, segments made meanwhile: in the end each segment holds exactly whom a preview counts."""
    martlet.write_key
    conditions = ['did "Tea Steeped" at least 5 times', 'sum(n) of "Tea Steeped" > 20', 'did "Tea Steeped" at most 3 times', 'did "Tea Steeped" where n >= 4']
    names = [make(martlet, "First", conditions[0])["id"]]

    def send(sender):
        for n in range(8):
            martlet.send([tracked(f"u{(sender * 31 + n * 7 + i * i) % 60}", f"{sender}-{n}-{i}", properties={"n": i % 6}) for i in range(40)], wait=False)

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(send, sender) for sender in range(4)]
        names += [make(martlet, f"Later {n}", condition)["id"] for n, condition in enumerate(conditions[1:])]
        for job in jobs:
            job.result()
    for name, condition in zip(names, conditions):
        counted = martlet.call("POST", "/api/v1/segments/preview", json={"condition": condition, "sample": 1000}).json()
        becomes(martlet, name, counted["count"], 3)
        assert sorted(members(martlet, name, limit=1000)) == sorted(counted["sample"])


@pytest.mark.parametrize("scope, opens", [
    ("segments:read", {"preview", "list", "show"}), ("segments:write", {"create"}), ("analytics:read", {"active"}), ("profiles:read", set())])
def test_each_scope_opens_its_own(shared, scope, opens):
    token = shared.create_token(scope, name=new_id("t"))
    if "Kept" not in [s["name"] for s in shared.api("/api/v1/segments")["segments"]]:
        make(shared, "Kept", "everyone")
    asked = {
        "preview": ("POST", "/api/v1/segments/preview", {"condition": "everyone"}), "list": ("GET", "/api/v1/segments", None), "show": ("GET", "/api/v1/segments/kept", None),
        "create": ("POST", "/api/v1/segments", {"name": new_id("s"), "condition": "everyone"}), "active": ("POST", "/api/v1/analytics/active", {"period": "1d", "periods": 3})}
    got = {name for name, (method, path, body) in asked.items() if shared.call(method, path, token=token, json=body).status_code in (200, 201)}
    assert got == opens
