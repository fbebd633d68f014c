"""Clocks that jump: a day on, a day back, ten years on, and back over a restart (shim.c moves the server's clock, and only that)."""
import errno
import time

import pytest

from harness import Sender, check_kept, new_id, tracked, wait_until
from shim import Shim
from webhook_sink import Sink

DAY = 86_400_000


@pytest.fixture
def clocked(make_martlet):
    server = make_martlet()
    shim = Shim(server)
    server.start()
    server.token()
    return server, shim


def steps(server, shim, say):
    """The jumps of the row, with a restart at a day back; `say(n)` is called at each."""
    say(0)
    for n, offset in enumerate((DAY, -DAY, 3650 * DAY), 1):
        shim.clock_offset_ms = offset
        say(n)
    shim.clock_offset_ms = -DAY
    assert server.stop() == 0
    server.start()
    say(4)
    server.kill9()
    server.start()
    say(5)


def test_the_clock_really_moves(clocked):
    """Otherwise the tests below would prove nothing."""
    server, shim = clocked
    shim.clock_offset_ms = 3650 * DAY
    server.track(userId="ada")
    assert server.events(userId="ada")[0]["receivedAt"] > "2034"


def test_fault_10_clock_jumps_keep_the_order_of_arrival(clocked):
    """It serves throughout, and lists events in the order in which they came, not by the wall clock."""
    server, shim = clocked
    steps(server, shim, lambda n: server.send([tracked("ada", n)]))
    assert [e["properties"]["n"] for e in server.events(userId="ada")] == list(range(6))
    assert [e["properties"]["n"] for e in server.events()] == list(range(6))
    again = server.post_batch([tracked("ada", n) for n in range(6)], verdicts=True).json()["verdicts"]
    assert {v["status"] for v in again} == {"duplicate"}


def test_fault_10_received_at_never_falls(clocked):
    """receivedAt is log time: it never goes back, also not over a restart."""
    server, shim = clocked
    steps(server, shim, lambda n: server.send([tracked("ada", n)]))
    times = [e["receivedAt"] for e in server.events()]
    assert times == sorted(times), times


def test_fault_10_server_stamped_traits_do_not_lose_to_older_ones(clocked):
    """A trait without a time of its own gets ours: one that came later wins, though the clock has gone back in between."""
    server, shim = clocked
    seen = []

    def say(n):
        server.send([{"type": "identify", "userId": "ada", "messageId": new_id(), "traits": {"n": n}}])
        seen.append(server.profile(userId="ada")["traits"]["n"])

    steps(server, shim, say)
    assert seen == [0, 1, 2, 3, 4, 5]


def test_fault_10_clock_jumps_under_load(clocked):
    """Six jumps while four users send: nothing is refused for long, everything acknowledged is there."""
    server, shim = clocked
    senders = [Sender(server, f"till-{n}") for n in range(4)]
    for sender in senders:
        sender.start()
    for offset in (DAY, -DAY, 3650 * DAY, 0, -3650 * DAY, 0):
        time.sleep(0.3)
        shim.clock_offset_ms = offset
    time.sleep(0.3)
    before = sum(len(s.acknowledged) for s in senders)
    time.sleep(0.7)
    assert sum(len(s.acknowledged) for s in senders) > before
    for sender in senders:
        sender.finish()
    assert {status for s in senders for status in s.statuses} <= {429}
    check_kept(server, senders)


@pytest.mark.parametrize("jump, stays, kill", [(-4000, True, False), (-4000, True, True), (-DAY, False, False), (-DAY, False, True)])
def test_fault_40_the_clock_goes_back_while_somebody_waits(clocked, jump, stays, kill):
    """A wait ends once, not early, and late by no more than the jump, for as long as that lasts; what is decided has the instant for which it waited."""
    server, shim = clocked
    made = server.call("POST", "/api/v1/journeys", json={"yaml": "name: Wait\ntrigger: {event: '\"Tea Ordered\"'}\nsteps: [{wait: 3 seconds}, {event: Reminded}]\n"}).json()
    server.call("POST", f"/api/v1/journeys/{made['id']}/start", json={})
    server.track("Tea Ordered", userId="ada")
    runs = lambda: server.api("/api/v1/journeys/runs", userId="ada")["runs"]
    wait_until(runs, what="the run")
    wake, began = runs()[0]["wakeAt"], time.monotonic()
    shim.clock_offset_ms = jump
    if kill:
        server.kill9()
        server.start()
    if not stays:
        time.sleep(4)
        shim.clock_offset_ms = 0
    wait_until(lambda: runs()[0]["reason"] == "finished", 15, what="the end of the wait")
    assert time.monotonic() - began > 2.5, "early"
    time.sleep(1.5)
    assert [n["at"] for n in runs()[0]["history"] if n["what"] == "decided"] == [wake]
    wait_until(lambda: [e for e in server.events(userId="ada") if e.get("event") == "Reminded"], what="what was decided")
    time.sleep(0.5)
    assert len([e for e in server.events(userId="ada") if e.get("event") == "Reminded"]) == 1


@pytest.mark.parametrize("offset", [DAY, -DAY])
def test_fault_10_credentials_outlive_a_jump(clocked, offset):
    """Tokens and write keys have no time in them: they work on both sides of a jump."""
    server, shim = clocked
    server.send([tracked("ada", 1)])
    shim.clock_offset_ms = offset
    server.send([tracked("ada", 2)])
    assert len(server.events(userId="ada")) == 2
    assert server.health()["status"] == "ok"


@pytest.mark.parametrize("jump", [DAY, -DAY])
def test_fault_10_what_is_tried_again_is_not_held_up_by_a_jump(make_martlet, jump):
    """Pauses between two attempts go by the monotonic clock: a full disk ends by itself, and a destination that failed hears of it, while the wall clock is elsewhere.

    The shim moves what the server reads and not what its waits rest on, as a clock that is set while they wait.
    """
    server = make_martlet(args=("--allow-private-destinations",))
    shim = Shim(server)
    server.start()
    server.token()
    sink = Sink(behave=lambda call, number: 503 if number < 2 else 204)
    try:
        made = server.call("POST", "/api/v1/destinations", json={"name": "warehouse", "url": sink.url, "events": ["*"]}).json()
        sink.secrets = made["secrets"]
        shim.clock_offset_ms = jump
        server.send([tracked("ada", 1)])
        wait_until(lambda: len(sink.ids()) == 3, 30, what="the third attempt")
        assert len(set(sink.ids())) == 1
        shim.write_errno = shim.open_errno = errno.ENOSPC
        assert server.post_batch([tracked("ada", 2)]).status_code == 503
        wait_until(lambda: server.health()["status"] != "ok", what="health that says so")
        shim.heal()
        shim.clock_offset_ms = jump
        wait_until(lambda: server.health()["status"] == "ok", what="health that is well by itself")
        server.send([tracked("ada", 3)])
        assert [e["properties"]["n"] for e in server.events(userId="ada")] == [1, 3]
    finally:
        sink.close()
