"""Power cuts: everything that the server writes is recorded, and images of the disk are made as a cut might have left it."""
import random
import time

import pytest

from harness import SOAK, Sender, new_id
from shim import Disk, Shim, read_trace

SEED = random.SystemRandom().randrange(1 << 32)
IMAGES = 40 if SOAK else 6


@pytest.fixture(scope="module")
def recording(request):
    """A shop that sent for some seconds with its disk recorded: the operations, and after how many of them each event was acknowledged."""
    from harness import Martlet

    server = Martlet()
    request.addfinalizer(server.close)
    shim = Shim(server, trace=True)
    server.start()
    key = server.write_key
    made = shim.traced
    acks = []
    # Padding rolls the log over to further segments, so that cuts also meet sealing. Every third sends so much at once that it goes past the page cache.
    sizes = [(4, 900), (4, 900), (60, 1500)] * 2
    senders = [
        Sender(server, f"till-{n}", size=size, pad=pad, key=key, on_ack=lambda s, numbers: acks.append((shim.traced, s.user, numbers)))
        for n, (size, pad) in enumerate(sizes)
    ]
    for sender in senders:
        sender.start()
    time.sleep(6 if SOAK else 3)
    for sender in senders:
        sender.finish()
    assert shim.direct > 20
    # A polite stop writes the snapshots and the message index, so that cuts meet those too.
    assert server.stop() == 0, server.errors()[-500:]
    operations = read_trace(shim.trace)
    assert len(operations) == shim.traced and len(acks) > 50
    return server, senders, operations, acks, key, made


def check_image(make_martlet, recording, cut, mode, chance, names):
    server, senders, operations, acks, key, _ = recording
    new = make_martlet()
    Disk(operations, cut).write(server.data, new.data, mode, chance, names)
    new.start()
    wanted = {}
    for traced, user, numbers in acks:
        if traced <= cut:
            wanted.setdefault(user, []).extend(numbers)
    for sender in senders:
        stored = new.events(userId=sender.user) if sender.user in wanted else []
        numbers = [e["properties"]["n"] for e in stored]
        missing = sorted(set(wanted.get(sender.user, [])) - set(numbers))
        assert not missing, f"cut at {cut}, {mode}: {sender.user} lost {missing[:8]} of {len(wanted[sender.user])} acknowledged; {new.errors()[-300:]}"
        assert numbers == sorted(set(numbers)), f"cut at {cut}, {mode}: out of order or twice"
        for event in stored:
            assert event["properties"] == sender.event(event["properties"]["n"])["properties"]
    # The source was acknowledged too, and a message that was is told as a duplicate.
    last = max(wanted.get("till-0", [0]))
    verdict = new.post_batch([senders[0].event(last)], key=key, verdicts=True)
    assert verdict.status_code == 200, verdict.text
    assert verdict.json()["verdicts"][0]["status"] == "duplicate", "an event that had been acknowledged was taken a second time"
    new.send([{**senders[0].event(10**9), "messageId": new_id()}], key=key)
    assert new.stop() == 0, new.errors()[-400:]


@pytest.mark.parametrize("mode", ["dropped", "some", "torn", "zeroed"])
def test_fault_07_power_cut(make_martlet, recording, mode):
    """The power goes just after an answer: writes that no sync had covered are dropped, torn or zeroed; it starts with everything acknowledged."""
    chance = random.Random(f"{SEED}{mode}")
    print("seed", SEED)
    _, _, operations, acks, _, _ = recording
    cuts = [chance.choice(acks)[0] for _ in range(IMAGES // 2)]
    # Cuts a few operations later meet what is half done: a new segment, a seal, a snapshot.
    cuts += [min(len(operations), chance.choice(acks)[0] + chance.randrange(1, 40)) for _ in range(IMAGES // 4)]
    cuts += [chance.randrange(acks[-1][0], len(operations) + 1) for _ in range(IMAGES // 4)]
    for cut in cuts:
        check_image(make_martlet, recording, cut, mode, chance, "all")


def test_fault_07_power_cut_around_sealing(make_martlet, recording):
    """Cuts at every operation that renames or removes a file, where old and new exist side by side."""
    chance = random.Random(SEED)
    print("seed", SEED)
    _, _, operations, acks, _, _ = recording
    first = acks[0][0]
    places = [op.index + shift for op in operations if op.kind in "RU" and op.index > first and "-wal" not in op.a and ".sqlite" not in op.a for shift in (0, 1)]
    assert places, "no segment was sealed in the recording"
    for cut in chance.sample(places, min(len(places), IMAGES * 2)):
        check_image(make_martlet, recording, cut, chance.choice(["dropped", "torn"]), chance, "all")


@pytest.mark.parametrize("mode", ["dropped", "kept"])
def test_fault_08_power_cut_names_not_synced(make_martlet, recording, mode):
    """As before, and a file's or folder's name is there only if the folder that holds it was synced after it was made."""
    chance = random.Random(SEED)
    print("seed", SEED)
    _, _, operations, acks, _, _ = recording
    cuts = [chance.choice(acks)[0] for _ in range(IMAGES - 1)] + [len(operations)]
    for cut in cuts:
        check_image(make_martlet, recording, cut, mode, chance, "synced")


def test_fault_20_sync_fails_once_and_pages_are_dropped(make_martlet):
    """One fsync fails and the kernel drops the pages: no later acknowledgement rests on the dropped bytes, as the image after a cut shows."""
    server = make_martlet()
    shim = Shim(server, trace=True)
    server.start()
    key, acks = server.write_key, []
    senders = [Sender(server, f"till-{n}", size=3, pad=300, key=key, on_ack=lambda s, numbers: acks.append((shim.traced, s.user, numbers))) for n in range(4)]
    for sender in senders:
        sender.start()
    for _ in range(3):
        time.sleep(0.5)
        shim.sync_count_left = 1
        shim.sync_errno = 5
        time.sleep(0.3)
        shim.heal()
    time.sleep(0.5)
    for sender in senders:
        sender.finish()
    server.kill9()
    assert shim.failed >= 1, "no sync failed, so nothing was tested"
    operations = read_trace(shim.trace)
    recording = (server, senders, operations, acks, key, 0)
    chance = random.Random(SEED)
    for cut in [acks[-1][0]] + [chance.choice(acks)[0] for _ in range(3)]:
        check_image(make_martlet, recording, cut, "dropped", chance, "all")


def test_fault_08_power_cut_around_an_erasure(make_martlet):
    """Two people are erased, one in place behind the journal, one by writing the segment anew: wherever the power goes, others keep all of theirs, and who was told
    that somebody is forgotten finds nothing of them in any file."""
    from test_privacy import mark, plant_many_names, remains

    server = make_martlet()
    shim = Shim(server, trace=True)
    server.start()
    server.token()
    m = mark()
    kept = set(plant_many_names(server, m))
    told = [shim.traced]
    for user in (f"second-{m[::-1]}", f"user-{m}"):
        server.cli("privacy", "erase", "--user-id", user)
        told.append(shim.traced)
    server.kill9()
    operations = read_trace(shim.trace)
    chance = random.Random(SEED)
    print("seed", SEED)
    cuts = told[1:] + [chance.randrange(told[n], told[n + 1]) for n in (0, 1) for _ in range(IMAGES // 2)]
    for cut in cuts:
        mode, names = chance.choice(["dropped", "torn", "some"]), chance.choice(["all", "synced"])
        new = make_martlet()
        Disk(operations, cut).write(server.data, new.data, mode, chance, names)
        new.start()
        where = f"cut at {cut} of {told}, {mode}, {names}"
        assert {event["messageId"] for event in new.events() if event["messageId"].startswith("early")} == kept, where
        for done, who in zip(told[1:], (m[::-1], m)):
            assert cut < done or not remains(new, who), where
        for user in (f"second-{m[::-1]}", f"user-{m}"):
            new.cli("privacy", "erase", "--user-id", user, check=False)
        assert not remains(new, m) and not remains(new, m[::-1]), where
        assert {event["messageId"] for event in new.events() if event["messageId"].startswith("early")} == kept, where
        new.close()
