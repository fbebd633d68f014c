"""`martlet segment` and `martlet query`: asking for people and keeping conditions, with a server and without one."""
import pytest

from harness import wait_until


@pytest.fixture
def told(martlet):
    martlet.send([{"type": "identify", "userId": u, "messageId": u, "traits": {"plan": plan}} for u, plan in (("ada", "premium"), ("bob", "free"))])
    martlet.track("Order Completed", userId="ada", timestamp="2026-06-01T09:00:00Z")
    return martlet


def test_query_counts(told):
    ada = told.profile(userId="ada")["id"]
    for command in (["query"], ["segment", "preview"]):
        assert told.cli(*command, 'plan = "premium"').stdout == f"1 of 2 profiles\n  {ada}\n"
        assert told.cli(*command, '{"trait": "plan", "eq": "premium"}', "--sample", "0").stdout == "1 of 2 profiles\n"
        assert told.cli(*command, "everyone", "--json")["count"] == 2
    assert told.cli("query", 'did "Order Completed"', "--as-of", "2026-06-01T09:00:00Z", "--json")["count"] == 0
    assert told.cli("query", 'did "Order Completed" today', "--as-of", "2026-06-01T22:30:00Z", "--json")["count"] == 1
    assert told.cli("query", 'did "Order Completed" today', "--as-of", "2026-06-01T22:30:00Z", "--zone", "Europe/Madrid", "--json")["count"] == 0


def test_a_condition_from_a_file(told):
    file = told.home / "premium.txt"
    file.write_text('plan = "premium"\n  and did "Order Completed"\n')
    assert told.cli("query", "--file", str(file), "--json")["count"] == 1
    made = told.cli("segment", "create", "Buyers", "--file", str(file), "--note", "All of them", "--json")
    assert made["handle"] == "buyers" and made["note"] == "All of them"
    missing = told.cli("query", "--file", str(told.home / "no-such.txt"), check=False)
    assert missing.returncode == 1 and "cannot be read" in missing.stderr
    for both in ([], ["everyone", "--file", str(file)]):
        slip = told.cli("query", *both, check=False)
        assert slip.returncode == 64 and "--file" in slip.stderr


@pytest.mark.parametrize("condition, shown", [
    ('plan = "premium" and and country = "ES"', '  plan = "premium" and and country = "ES"\n                       ^^^\n'),
    ('name = "Dårjeeling" und x = 1', '  name = "Dårjeeling" und x = 1\n                      ^^^\n'),
    ('plan = "premium"\n\tor plan off 3', '  \tor plan off 3\n  \t        ^^^\n'),
    ('{"trait": "plan", "eqq": 1}', "  at /eqq\n")])
def test_a_fault_is_shown_in_its_line(told, condition, shown):
    for command in (["query"], ["segment", "preview"], ["segment", "create", "Wrong"]):
        done = told.cli(*command, condition, check=False)
        assert done.returncode == 1 and done.stdout == ""
        assert done.stderr.startswith("martlet: ") and shown in done.stderr, done.stderr
    assert told.cli("segment", "list", "--json") == {"segments": []}


def test_a_misspelt_name_is_noted(told):
    done = told.cli("query", 'plam = "premium"')
    assert done.stdout == "0 of 2 profiles\n" and "note: " in done.stderr and "plan" in done.stderr


def test_segments_are_made_shown_listed_and_deleted(told):
    done = told.cli("segment", "list")
    assert done.stdout == "" and "martlet segment create" in done.stderr
    made = told.cli("segment", "create", "Premium people", 'plan = "premium"', "--zone", "Europe/Madrid").stdout
    assert made.startswith("seg_") and "premium-people" in made
    wait_until(lambda: "1 profile" in told.cli("segment", "list").stdout, what="counting")
    assert told.cli("segment", "list").stdout.split("  ")[1:] == ["premium-people", "1 profile", "Premium people\n"]
    shown = told.cli("segment", "show", "premium-people").stdout
    assert "1 profile now" in shown and 'plan = "premium"' in shown and "Europe/Madrid" in shown and "version 1" in shown
    told.cli("segment", "create", "Others", 'not in segment "premium-people"')
    used = told.cli("segment", "delete", "premium-people", check=False)
    assert used.returncode == 1 and "Others" in used.stderr
    assert told.cli("segment", "delete", "others").stdout == "Deleted.\n"
    assert told.cli("segment", "delete", "premium-people", "--json") == {"success": True}
    gone = told.cli("segment", "show", "premium-people", check=False)
    assert gone.returncode == 4 and "no such segment" in gone.stderr


def test_without_a_server(told):
    """The same where nothing runs: the command opens the folder itself."""
    told.stop()
    assert told.cli("query", 'plan = "premium"', "--json")["count"] == 1
    told.cli("segment", "create", "Premium", 'plan = "premium"')
    told.start()
    wait_until(lambda: told.api("/api/v1/segments/premium")["size"] == 1, what="counting")


def test_help_shows_an_example(told):
    import subprocess

    from harness import BINARY
    for command in (["segment"], ["query"], ["segment", "preview"], ["segment", "create"]):
        text = subprocess.run([str(BINARY), *command, "--help"], capture_output=True, text=True, timeout=10).stdout
        assert "condition" in text.lower()
        assert command == ["segment"] or "Order Completed" in text


def test_the_demo_has_segments(make_martlet):
    """Four of them, whose names are all known there; filling it again makes none twice."""
    server = make_martlet()
    for _ in range(2):
        server.cli("demo", "--people", "400")
    server.start()
    kept = wait_until(lambda: (all_ := server.cli("segment", "list", "--workspace", "demo", "--json")["segments"]) and all(s["size"] is not None for s in all_) and all_, what="counting")
    assert [s["handle"] for s in kept] == ["club-birthdays", "left-a-basket", "regulars", "regulars-gone-quiet"]
    people = server.cli("query", "everyone", "--workspace", "demo", "--json")["count"]
    for segment in kept:
        assert server.cli("query", segment["text"], "--workspace", "demo", "--json")["warnings"] == [] and segment["note"]
        assert segment["size"] < people / 2
    assert all(s["size"] > 0 for s in kept if s["handle"] != "club-birthdays"), {s["handle"]: s["size"] for s in kept}
