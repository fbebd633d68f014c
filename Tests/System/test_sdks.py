"""Public Python SDKs, as they come from PyPI, send every kind of call; what is read back is what they sent.

Each SDK is installed into a folder of its own (they share import names) and runs in a process of its own. MARTLET_SDK_FOLDER names a place to keep
them between runs.
"""
import datetime
import decimal
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import pytest

from harness import new_id

SDKS = {"segment": "segment-analytics-python==2.4.0", "analytics": "analytics-python==1.4.post1", "rudder": "rudder-sdk-python==2.1.9"}

PROGRAM = r'''
import datetime, decimal, json, sys
kind, host, key, user, device = sys.argv[1:]
errors = []
if kind == "segment":
    import segment.analytics as sdk
    sdk.write_key, sdk.host = key, host
elif kind == "analytics":
    import analytics as sdk
    sdk.write_key, sdk.host = key, host
else:
    import rudderstack.analytics as sdk
    sdk.write_key, sdk.dataPlaneUrl = key, host
sdk.on_error = lambda error, items: errors.append(f"{error!r} ({len(items)} items)")
sdk.debug = False
when = datetime.datetime(2026, 2, 3, 4, 5, 6, 789000, tzinfo=datetime.timezone.utc)
sdk.identify(user, {"name": "Ada \u00c5ngstr\u00f6m \u2615", "email": user + "@example.com", "born": datetime.date(1815, 12, 10), "seen": when, "big": 9007199254740993,
                    "price": decimal.Decimal("12.50"), "nested": {"teas": ["Assam", {"grams": 100}], "none": None}}, timestamp=when)
sdk.track(user, "Tea Ordered \u2615", {"quantity": 2 ** 62, "price": 12.5, "ok": True, "note": "caf\u00e9 cafe\u0301 \U0001f375", "deep": {"a": {"b": {"c": [1, [2, [3]]]}}}},
          context={"ip": "192.0.2.7", "app": {"name": "Wren & Daughters"}}, timestamp=when)
sdk.track(user, "From A Device", {"n": 1}, anonymous_id=device)
sdk.page(user, "Shop", "Home", {"url": "https://shop.example/", "title": "Tea"})
if hasattr(sdk, "screen"):
    sdk.screen(user, "App", "Basket", {"items": 3})
sdk.group(user, "wren-" + user, {"name": "Wren & Daughters", "employees": 12})
sdk.alias("old-" + user, user)
for n in range(250):
    sdk.track(user, "Counted", {"n": n})
sdk.flush()
sdk.shutdown() if hasattr(sdk, "shutdown") else sdk.join()
print(json.dumps(errors))
'''


@pytest.fixture(scope="module")
def installed():
    """Folders with the SDKs, by name; installed when first asked for."""
    root = pathlib.Path(os.environ.get("MARTLET_SDK_FOLDER") or pathlib.Path(tempfile.gettempdir()) / "martlet-sdks")

    def folder(name):
        place = root / SDKS[name].replace("==", "-")
        if not (place / ".done").exists():
            done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(place), SDKS[name]], capture_output=True, text=True, timeout=180)
            if done.returncode:
                pytest.skip(f"{SDKS[name]} cannot be installed here: {done.stderr.strip()[-300:]}")
            (place / ".done").touch()
        return place

    return folder


@pytest.mark.parametrize("sdk", list(SDKS))
def test_sdk_sends_every_call(shared, installed, sdk):
    """identify, track, page, screen, group, alias and 250 numbered tracks arrive once, in order, with unicode, big integers, decimals, dates and nesting intact."""
    place, user, device = installed(sdk), new_id(sdk), new_id("device")
    done = subprocess.run([sys.executable, "-c", PROGRAM, sdk, shared.url, shared.write_key, user, device], env={**os.environ, "PYTHONPATH": str(place), "PYTHONWARNINGS": "ignore"},
                          capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr[-1500:]
    assert json.loads(done.stdout.splitlines()[-1]) == [], done.stdout
    events = shared.events(userId=user)
    kinds = [e["type"] for e in events]
    assert kinds[:2] == ["identify", "track"] and {"page", "group", "alias"} <= set(kinds)
    identify = events[0]
    traits = identify.get("traits") or identify["context"]["traits"]
    assert traits["name"] == "Ada Ångström ☕" and traits["big"] == 9007199254740993
    # The SDKs make a number or a text of a decimal, and a text of a date; either way it comes back as they sent it.
    assert decimal.Decimal(str(traits["price"])) == decimal.Decimal("12.50")
    assert str(traits["born"]).startswith("1815-12-10") and str(traits["seen"]).startswith("2026-02-03T04:05:06.789")
    assert traits["nested"] == {"teas": ["Assam", {"grams": 100}], "none": None}
    assert identify["timestamp"][:19] == "2026-02-03T04:05:06" or abs(instant(identify["timestamp"]) - instant("2026-02-03T04:05:06.789Z")) < datetime.timedelta(minutes=2)
    ordered = events[1]
    assert ordered["event"] == "Tea Ordered ☕"
    assert ordered["properties"] == {"quantity": 2 ** 62, "price": 12.5, "ok": True, "note": "café cafe\u0301 🍵", "deep": {"a": {"b": {"c": [1, [2, [3]]]}}}}
    assert ordered["context"]["ip"] == "192.0.2.7" and ordered["context"]["app"] == {"name": "Wren & Daughters"} and ordered["context"]["library"]["name"]
    assert [e["properties"]["n"] for e in events if e.get("event") == "Counted"] == list(range(250))
    assert len({e["messageId"] for e in events}) == len(events)
    page = next(e for e in events if e["type"] == "page")
    assert page["name"] == "Home" and page["properties"]["url"] == "https://shop.example/"
    assert "writeKey" not in json.dumps(events)

    profile = shared.profile(userId=user)
    assert profile["traits"]["name"] == "Ada Ångström ☕" and profile["traits"]["email"] == f"{user}@example.com"
    assert shared.profile(userId=f"old-{user}")["id"] == profile["id"], "alias joins the old id"
    assert shared.profile(anonymousId=device)["id"] == profile["id"]
    assert shared.profile(email=f"{user}@example.com")["id"] == profile["id"]
    assert shared.api(f"/api/v1/groups/wren-{user}")["traits"] == {"name": "Wren & Daughters", "employees": 12}
    assert shared.api("/api/v1/quarantine")["rejected"] == []


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


@pytest.mark.parametrize("sdk", list(SDKS))
def test_sdk_gives_up_at_once_on_a_wrong_key(shared, installed, sdk):
    """A wrong key is refused in a way that the SDK understands: it reports an error soon and does not send again for minutes."""
    place = installed(sdk)
    small = PROGRAM.replace("for n in range(250):", "for n in range(0):")
    try:
        done = subprocess.run([sys.executable, "-c", small, sdk, shared.url, "wk_unknown", new_id("wrong"), "d"], env={**os.environ, "PYTHONPATH": str(place), "PYTHONWARNINGS": "ignore"},
                              capture_output=True, text=True, timeout=30)
    except subprocess.TimeoutExpired:
        raise AssertionError("it went on trying for more than 30 s") from None
    assert done.returncode == 0, done.stderr[-800:]
    assert json.loads(done.stdout.splitlines()[-1]), "no error was reported"


def test_sdk_outlives_a_crash_of_the_server(make_martlet, installed):
    """The server is killed while an SDK sends and comes back on the same port: each event is there once, in order."""
    import socket
    import threading
    import time

    place = installed("segment")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    martlet = make_martlet(args=["--port", str(port)]).start()
    user = new_id("crash")
    program = PROGRAM.replace("for n in range(250):", "import time\nfor n in range(600):\n    time.sleep(0.003)")
    process = subprocess.Popen([sys.executable, "-c", program, "segment", martlet.url, martlet.write_key, user, "d"], env={**os.environ, "PYTHONPATH": str(place), "PYTHONWARNINGS": "ignore"},
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(3):
        time.sleep(0.6)
        martlet.kill9()
        martlet.start()
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0 and json.loads(out.splitlines()[-1]) == [], out + errors[-500:]
    assert [e["properties"]["n"] for e in martlet.events(userId=user, event="Counted")] == list(range(600))
