"""Backups: taken while events come in, whole when restored, refused when damaged."""
import datetime
import random
import shutil
import signal
import subprocess
import time

import pytest

from console_client import Reader
from harness import BINARY, Sender, check_kept, files, tracked, wait_until
from test_consent import ask
from webhook_sink import Sink


@pytest.fixture
def busy(make_martlet):
    server = make_martlet().start()
    if server.cli("backup", "--help", check=False).returncode:
        pytest.skip("`martlet backup` is not there yet")
    return server


def restore(make_martlet, server, backup):
    new = make_martlet()
    done = server.cli("restore", str(backup), check=False, data=new.data)
    return new, done


def test_fault_29_backup_under_load(make_martlet, busy):
    """Six users write while a backup is taken: it opens alone and has everything acknowledged before it began, a prefix for each user, profiles and sources included."""
    senders = [Sender(busy, f"till-{n}", size=10, pad=700) for n in range(6)]
    for sender in senders:
        sender.start()
    busy.send([{"type": "identify", "userId": "ada", "messageId": "i", "traits": {"name": "Ada"}}])
    for round in range(3):
        time.sleep(0.7)
        before = {s.user: list(s.acknowledged) for s in senders}
        backup = busy.home / f"backup-{round}"
        started = time.monotonic()
        busy.cli("backup", str(backup))
        took = time.monotonic() - started
        new, done = restore(make_martlet, busy, backup)
        assert done.returncode == 0, done.stderr
        new.start()
        for sender in senders:
            stored = [e["properties"]["n"] for e in new.events(userId=sender.user)]
            assert set(before[sender.user]) <= set(stored), f"round {round}: {sender.user} lost {sorted(set(before[sender.user]) - set(stored))[:5]}, acknowledged before the backup began"
            assert stored == list(range(len(stored))), f"round {round}: no prefix"
        assert new.profile(userId="ada")["traits"] == {"name": "Ada"}
        verdict = new.post_batch([senders[0].event(0)], key=busy.write_key, verdicts=True)
        assert verdict.status_code == 200 and verdict.json()["verdicts"][0]["status"] == "duplicate", "the restored server knows the source and what it has sent"
        print(f"round {round}: {took:.1f} s, {sum(f.stat().st_size for f in files(backup)) >> 10} KB, {sum(len(b) for b in before.values())} events before")
        new.close()
    for sender in senders:
        sender.finish()
    assert not any(s.statuses for s in senders), [s.statuses for s in senders]
    check_kept(busy, senders)


@pytest.mark.parametrize("how", ["restore", "snapshots"])
def test_sources_know_their_last_event_when_all_is_made_again(make_martlet, busy, how):
    """After a restore, and where snapshots are made again from the log, each source was waiting for its first event."""
    quiet = busy.create_source("Quiet")
    busy.create_source("Silent")
    busy.post_batch([tracked("ada", 0)], key=quiet["writeKey"]).raise_for_status()
    busy.send([tracked("ada", n) for n in range(1, 301)])
    before = {s["name"]: s["lastEventAt"] for s in busy.api("/api/v1/sources")["sources"]}
    if how == "restore":
        busy.cli("backup", str(busy.home / "saved"))
        server, done = restore(make_martlet, busy, busy.home / "saved")
        assert done.returncode == 0, done.stderr
    else:
        server = busy
        server.stop()
        for name in ("identity", "profiles"):
            shutil.rmtree(server.data / "workspaces" / "main" / name)
    server.start()
    after = {s["name"]: s["lastEventAt"] for s in server.api("/api/v1/sources")["sources"]}
    assert before["Quiet"] and before["Silent"] is None
    assert after == before
    page = Reader(server).set_password()
    assert page.get("/w/main/sources").text.count("no events yet") == 1


def test_fault_29_backup_keeps_what_people_configured(make_martlet, busy):
    """Sources with their keys, tokens, quarantine, suppression and objections are in it."""
    key, token = busy.write_key, busy.token()
    busy.send([{"type": "track", "event": "Objected", "userId": "grace", "messageId": "o", "context": {"consent": {"categoryPreferences": {"service": False}}}}, tracked("ada", 1), tracked("gone", 1)])
    busy.post_batch([{"type": "sip", "userId": "ada", "messageId": "bad"}])
    busy.cli("privacy", "erase", "--user-id", "gone", "--suppress")
    busy.cli("backup", str(busy.home / "backup"))
    new, done = restore(make_martlet, busy, busy.home / "backup")
    assert done.returncode == 0, done.stderr
    new._source, new.tokens["main"] = busy.source, token
    new.start()
    assert new.post_batch([tracked("ada", 2)], key=key, wait=True).status_code == 200
    assert [e["properties"]["n"] for e in new.events(userId="ada")] == [1, 2]
    assert [r["messageId"] for r in new.api("/api/v1/quarantine")["rejected"]] == ["bad"]
    new.profile(userId="grace", expect=404)
    assert new.post_batch([tracked("gone", 2)], verdicts=True).json()["verdicts"][0]["status"] == "suppressed"


def test_fault_30_a_damaged_backup_is_refused(make_martlet, busy):
    """One bit in each file of a backup, a file missing, a file too many, cut short: refused in words, nothing restored."""
    chance = random.Random(30)
    busy.send([tracked("ada", n, context={"note": "x" * 500}) for n in range(400)])
    whole = busy.home / "backup"
    busy.cli("backup", str(whole))
    problems = []
    for path in files(whole):
        for damage in ("bit", "missing", "cut"):
            copy = busy.home / "damaged"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(whole, copy)
            target = copy / path.relative_to(whole)
            if damage == "missing":
                target.unlink()
            elif path.stat().st_size == 0:
                continue
            else:
                raw = bytearray(target.read_bytes())
                if damage == "bit":
                    at = chance.randrange(len(raw) * 8)
                    raw[at // 8] ^= 1 << at % 8
                else:
                    raw = raw[:len(raw) // 2]
                target.write_bytes(raw)
            new, done = restore(make_martlet, busy, copy)
            if done.returncode <= 0 or "martlet:" not in done.stderr or new.data.exists():
                problems.append(f"{path.relative_to(whole)} {damage}: status {done.returncode} {done.stderr[:200]} {'restored' if new.data.exists() else ''}")
            new.close()
    assert not problems, "\n".join(problems)


def test_backup_and_restore_refuse_to_write_over_anything(make_martlet, busy):
    """A folder that exists is never written into, by either."""
    busy.track()
    taken = busy.home / "taken"
    taken.mkdir()
    (taken / "tea").write_text("Assam")
    assert busy.cli("backup", str(taken), check=False).returncode > 0
    busy.cli("backup", str(busy.home / "backup"))
    assert busy.cli("backup", str(busy.home / "backup"), check=False).returncode > 0
    other = make_martlet().start()
    mark = other.track()
    assert busy.cli("restore", str(busy.home / "backup"), check=False, data=other.data).returncode > 0
    assert len(other.events(messageId=mark)) == 1
    assert busy.cli("restore", str(busy.home), check=False, data=busy.home / "new").returncode > 0
    assert sorted(p.name for p in taken.iterdir()) == ["tea"]


def test_a_backup_is_not_readable_by_others(busy):
    """It holds everything that the data folder holds."""
    busy.track()
    busy.cli("backup", str(busy.home / "backup"))
    assert (busy.home / "backup").stat().st_mode & 0o077 == 0
    assert not [p for p in files(busy.home / "backup") if p.stat().st_mode & 0o077]


def test_doctor_finds_nothing_wrong_and_then_what_is(busy):
    """`martlet doctor` ends with 0 on a sound folder, running or not, and with 1 and a place on a damaged one."""
    for start in range(0, 3000, 500):
        busy.send([tracked("ada", n, context={"note": f"{n}" * 150}) for n in range(start, start + 500)])
    assert busy.cli("doctor", check=False).returncode == 0
    assert busy.stop() == 0
    assert busy.cli("doctor", check=False).returncode == 0
    sealed = sorted(busy.data.rglob("*.sealed"))[0]
    raw = bytearray(sealed.read_bytes())
    raw[len(raw) // 2] ^= 1
    sealed.write_bytes(raw)
    done = busy.cli("doctor", check=False)
    assert done.returncode == 1 and "damaged" in done.stdout + done.stderr, done.stdout + done.stderr


def test_what_waited_is_held_after_a_restore_until_somebody_decides(make_martlet, tmp_path):
    """A message, a call and a journey's reminder that waited when the backup was made and were sent since: the restored folder sends none of them without being asked."""
    sink = Sink()
    server = make_martlet(args=["--allow-private-destinations"]).start()
    try:
        made = ask(server, "POST", "/destinations", 201, json={"name": "messages", "url": sink.url})
        ask(server, "POST", "/templates", 201, json={"name": "hello", "kind": "json", "parts": {"json": "{\"text\": \"Hello\"}"}})
        ask(server, "PUT", "/sending-policy", json={"webhookDestination": made["id"]})
        journey = ask(server, "POST", "/journeys", 201, json={"journey": {"name": "Soon", "trigger": {"event": '"Tea Steeped"'}, "steps": [{"id": "moment", "wait": "3 seconds"}, {"id": "hello", "message": "hello", "channel": "webhook", "purpose": "service"}]}})
        ask(server, "POST", f"/journeys/{journey['id']}/start", json={})
        server.send([{"type": "track", "event": "Tea Steeped", "userId": "ada"}])
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
        sent = {"userId": "ada", "template": "hello", "channel": "webhook"}
        ask(server, "POST", "/messages", 202, json={**sent, "idempotencyKey": "later", "notBefore": soon.isoformat()})
        wait_until(lambda: server.call("GET", "/api/v1/messages/api:later").status_code == 200, what="the message to be taken")
        backup = tmp_path / "backup"
        server.cli("backup", str(backup))
        wait_until(lambda: len(sink.calls) == 2, 20, what="the message and the reminder, after the backup")
        server.stop()
        printed = server.cli("restore", str(backup), data=tmp_path / "again").stdout
        assert "martlet message release" in printed
        again = make_martlet(folder=tmp_path / "again", args=["--allow-private-destinations"]).start()
        held = wait_until(lambda: len(found := ask(again, "GET", "/messages", params={"state": "held"})["messages"]) == 2 and found, 20, what="both to be held")
        assert {m["reason"] for m in held} == {"delivery.held"} and ask(again, "GET", "/deliveries")["held"]["lanes"] == [{"name": "webhook", "count": 2}]
        ask(again, "POST", "/messages", 202, json={**sent, "idempotencyKey": "new"})
        wait_until(lambda: len(sink.calls) == 3, what="what is asked for now")
        again.restart()
        page = Reader(again).set_password().get("/w/main/deliveries").text
        assert "Held since a backup was restored" in page and "/w/main/deliveries/release" in page
        time.sleep(1)
        assert [call.id for call in sink.calls[2:]] == ["api:new"]
        for bad in ({}, {"keys": []}, {"keys": ["a"], "channel": "*"}):
            assert ask(again, "POST", "/messages/release", 400, json=bad)["code"] == "message.held"
        assert again.cli("message", "drop", "api:later").stdout == "Taken back: 1\n"
        assert ask(again, "GET", "/messages/api:later")["reason"] == "delivery.cancelled"
        assert again.cli("message", "release").stdout == "Sent after all: 1\n"
        wait_until(lambda: len(sink.calls) == 4, what="the reminder, released")
        assert sink.calls[3].id == sink.calls[1].id or sink.calls[3].id == sink.calls[0].id, "under its key, so that the receiver can tell"
        assert ask(again, "GET", "/deliveries")["held"] is None
    finally:
        sink.close()

def test_a_restore_says_that_the_folder_above_is_missing(busy):
    busy.cli("backup", str(busy.home / "above"))
    done = busy.cli("restore", str(busy.home / "above"), check=False, data=busy.home / "no" / "such" / "data")
    assert done.returncode == 1 and str(busy.home / "no" / "such") in done.stderr and "does not exist" in done.stderr, done.stderr
    assert not (busy.home / "no").exists()


def test_fault_29_a_restore_that_breaks_off_leaves_no_data_folder(busy):
    """The disk is full halfway: what stands there would start as a Martlet that has lost the rest. A second try goes on."""
    busy.cli("backup", str(busy.home / "whole"))
    data = busy.home / "restored"
    # No file may grow past 20 kB: the copies of the databases fail.
    limited = subprocess.run(["prlimit", "--fsize=20000", str(BINARY), "restore", str(busy.home / "whole"), "--data", str(data)], capture_output=True, text=True, timeout=60, preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
    assert limited.returncode != 0 and "failed" in limited.stderr, limited.stderr
    assert not data.exists()
    left = busy.home / "restored.restoring"
    (left / "workspaces").mkdir(parents=True)
    (left / "workspaces" / "tea").write_text("Assam")
    busy.cli("restore", str(busy.home / "whole"), data=data)
    assert data.exists() and not left.exists() and not (data / "workspaces" / "tea").exists()


@pytest.mark.parametrize("how", ["no room", "killed"])
def test_fault_29_a_backup_that_breaks_off_has_no_name(make_martlet, busy, how):
    """What stands there would be taken for a backup. A second try begins anew, and another one meanwhile is refused."""
    busy.track()
    assert busy.stop() == 0
    folder, left = busy.home / "half", busy.home / "half.making"
    shutil.rmtree(left, ignore_errors=True)
    if how == "no room":
        # No file may grow past 20 kB: the copies of the databases fail.
        done = subprocess.run(["prlimit", "--fsize=20000", str(BINARY), "backup", str(folder), "--data", str(busy.data)], capture_output=True, text=True, timeout=60, preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
        assert done.returncode != 0, done.stdout
        assert not left.exists()
    else:
        (left / "workspaces").mkdir(parents=True)
        (left / "workspaces" / "tea").write_text("Assam")
    assert not folder.exists()
    busy.cli("backup", f"{folder}/")
    assert (folder / "backup.list").exists() and not left.exists() and not (folder / "workspaces" / "tea").exists()
    new, done = restore(make_martlet, busy, folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [["backup", "all"], ["doctor"], ["health"], ["sign-in"], ["restore", "all"]])
def test_commands_about_the_whole_folder_take_no_workspace(busy, command):
    done = busy.cli(*command, "--workspace", "nosuch", check=False)
    assert done.returncode == 64 and "--workspace" in done.stderr, done.stderr
    assert not (busy.home / "all").exists()
