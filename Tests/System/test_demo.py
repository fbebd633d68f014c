"""The tea shop that `martlet demo` fills: whole, also where a filling broke off, and left alone once it is whole."""
import subprocess

from harness import BINARY, wait_until

FILL = ("demo", "--people", "400")


def names(martlet):
    return {kind: sorted(one["name"] for one in martlet.api(f"/api/v1/{path}", workspace="demo")[kind])
            for kind, path in (("segments", "segments"), ("computedTraits", "computed-traits"), ("templates", "templates"), ("journeys", "journeys"))}


def test_a_filling_that_broke_off_goes_on(make_martlet):
    whole, broken = make_martlet().start(), make_martlet().start()
    whole.cli(*FILL, timeout=120)
    filling = subprocess.Popen([str(BINARY), *FILL, "--data", str(broken.data)], stdout=subprocess.PIPE, text=True, env=broken.environment())
    for line in filling.stdout:
        if "30 %" in line:
            break
    filling.kill()
    filling.wait()
    events = lambda martlet: martlet.api("/api/v1/overview", workspace="demo")["events"]
    before = events(broken)
    assert 0 < before < 0.9 * events(whole), "it broke off in the midst of it"
    broken.cli(*FILL, timeout=120)
    # A few events at the edges of the ninety days hang on when they were begun.
    assert abs(events(broken) - events(whole)) < 0.02 * events(whole)
    assert names(broken) == names(whole) and len(names(whole)["journeys"]) == 2
    assert {journey["state"] for journey in broken.api("/api/v1/journeys", workspace="demo")["journeys"]} == {"live"}
    wait_until(lambda: broken.api("/api/v1/overview", workspace="demo")["applied"] == events(broken), 30)
    segment = next(one for one in broken.api("/api/v1/segments", workspace="demo")["segments"] if one["name"] == "Left a basket")
    broken.call("DELETE", f"/api/v1/segments/{segment['id']}", workspace="demo")
    count = events(broken)
    broken.cli(*FILL, timeout=60)
    assert events(broken) == count and "Left a basket" not in names(broken)["segments"], "what is whole is left as its owner keeps it"
