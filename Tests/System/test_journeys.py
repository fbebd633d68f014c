"""Journeys on the real binary: from a document through an event and a wait to what was decided, over a crash, with its results, its rehearsal and its stories."""
import concurrent.futures
import datetime
import time

import pytest

from harness import contents, new_id, wait_until
from test_delivery import LOCAL, ended, furnish, message
from webhook_sink import Sink

CART = """# Somebody leaves a cart.
name: {name}
trigger:
  event: '"Product Added" where shop = "{name}"'
key: properties.cartId
reentry: restart
goal:
  event: '"Order Completed" where shop = "{name}"'
  revenue: properties.total
  within: 7 days
steps:
- id: pause
  wait: {pause}
- id: mark
  trait: {{lastCart: {{from: event.properties.cartId}}}}
- id: bought
  wait:
    until:
    - event: '"Order Shipped"'
      then:
      - exit: bought
    timeout: 1 day
tests:
- name: who leaves a cart is marked
  traits: {{plan: free}}
  story:
  - event: Product Added
    properties: {{cartId: c1, shop: "{name}"}}
  - after: 2 days
    expect: {{message: [], exit: finished}}
- name: who buys leaves
  story:
  - event: Product Added
    properties: {{cartId: c1, shop: "{name}"}}
  - after: 500 seconds
    event: Order Completed
    properties: {{total: 3, shop: "{name}"}}
  - expect: {{exit: goal}}
"""


def ask(martlet, method, path, expect=200, **body):
    answer = martlet.call(method, "/api/v1/journeys" + path, **({"json": body} if body else {}))
    assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:400]}"
    return answer.json()


def cart(name, pause="1 second"):
    return CART.format(name=name, pause=pause)


def track(user, event, **properties):
    return {"type": "track", "userId": user, "event": event, "properties": properties}


def runs(martlet, user):
    return martlet.api("/api/v1/journeys/runs", userId=user)["runs"]


def test_from_a_document_through_an_event_and_a_wait_to_a_result(shared):
    name, ada, bob = new_id("cart"), new_id("ada"), new_id("bob")
    made = ask(shared, "POST", "", 201, yaml=cart(name))
    assert (made["state"], made["version"], made["liveVersion"], made["trigger"]) == ("draft", 1, 0, "event")
    assert made["yaml"] == cart(name), "the text stays, with its comments"
    assert ask(shared, "POST", f"/{made['id']}/start")["state"] == "live"
    shared.send([track(ada, "Product Added", shop=name, cartId="c1"), track(bob, "Product Added", shop=name, cartId="c2"), track(bob, "Product Added", shop=name)])
    wait_until(lambda: [r["step"] for r in runs(shared, ada)] == ["bought"], what="the wait ends")
    history = [(n["what"], n["step"]) for n in runs(shared, ada)[0]["history"]]
    assert history == [("entered", ""), ("passed", "pause"), ("decided", "mark"), ("passed", "mark")]
    shared.send([track(bob, "Order Completed", shop=name, total=12.25)])
    wait_until(lambda: runs(shared, bob)[0]["reason"] == "goal", what="the goal")
    results = ask(shared, "GET", f"/{made['id']}/results")
    assert (results["entered"], results["walked"]["converted"], results["walked"]["revenue"]) == (2, 1, 12.25)
    assert [(s["id"], s["at"]) for s in results["steps"]] == [("pause", 0), ("mark", 0), ("bought", 1), ("exit-1", 0)]
    assert ask(shared, "GET", f"/{made['id']}/standing")["standing"] == [{"version": 1, "step": "bought", "count": 1}]
    rehearsal = ask(shared, "POST", "/rehearse", id=made["id"], days=1)
    assert (rehearsal["people"], rehearsal["entered"], rehearsal["converted"]) == (2, 2, 1)
    assert ask(shared, "POST", f"/{made['id']}/stop")["changed"] == 1
    ask(shared, "DELETE", f"/{made['id']}")
    ask(shared, "GET", f"/{made['id']}", 404)


def test_what_cannot_be_read_is_refused_with_its_place(shared):
    for yaml, code, place in [
        ("name: A\ntrigger: {event: Product Added}\nsteps: []", "segments.quotes-needed", "line 2: /trigger/event line 1, column 1"),
        ("name: A\ntrigger: {api: true}\nsteps: [{filter: in segment \"nosuch\"}]", "segment.unknown", None),
        ("name: A\ntrigger: {segment: nosuch}\nsteps: []", "segment.unknown", None),
        ("name: A\ntrigger: {api: true}\nsteps: [{wait: a while}]", "journey.value", "line 3: /steps/0/wait"),
        ("name: A\ntrigger: {api: true}\nsteps:\n- wait: 1 day\n- split:\n  - share: 50%\n    then:\n    - wait: a while", "journey.value", "line 8: /steps/1/split/0/then/0/wait"),
        ("name: A\ntrigger: {api: true}\nsteps: []\ntests:\n- name: t\n  story:\n  - expect: {mesage: x}\n", "journey.unknown-name", "line 7: /tests/0/story/0/expect/mesage"),
        ("name: A\ntrigger: {api: true}\nsteps: []\ntests:\n- story: nonsense", "journey.missing", "line 5: /tests/0"),
        ("name: [", "journey.yaml", None),
    ]:
        answer = shared.call("POST", "/api/v1/journeys/check", json={"yaml": yaml})
        assert answer.json()["code"] == code, answer.text
        if place:
            assert answer.json()["place"] == place
    assert shared.call("POST", "/api/v1/journeys/check", json={}).json()["code"] == "request.journey"
    assert ask(shared, "POST", "/check", 400, nothing=1)["code"] == "request.parameter"


def test_why_somebody_never_came_in(shared):
    """Of the event that should have begun it, of the segment, of the journey itself; and of who is in it."""
    name = new_id("why")
    journey = ask(shared, "POST", "", 201, yaml=f"""name: {name}
trigger: {{event: '"Product Added" where total > 50 and shop = "{name}"'}}
key: properties.cartId
reentry: once
steps: [{{wait: 1 day}}]
""")["id"]
    def why(user, of=journey):
        return shared.call("GET", f"/api/v1/journeys/{of}/why", params={"userId": user}).json()

    user = new_id("u")
    added = lambda user, total, **more: {"type": "track", "userId": user, "event": "Product Added", "properties": {"total": total, "shop": name, **more}}
    shared.send([{"type": "identify", "userId": user, "traits": {"a": 1}}])
    assert why(user)["why"] == "not-started"
    early = new_id("u")
    shared.send([added(early, 60, cartId="c")])
    ask(shared, "POST", f"/{journey}/start")
    assert why(user)["why"] == "no-event"
    assert why(early)["why"] == "before-start"
    shared.send([{**added(user, 20, cartId="c"), "messageId": f"m-{user}"}])
    found = why(user)
    assert (found["why"], found["messageId"], found["values"]) == ("where", f"m-{user}", [{"path": "total", "value": 20}])
    assert "total > 50" in found["sentence"] and "total was 20" in found["sentence"] and name not in found["sentence"].replace('"Product Added"', "")
    shared.send([added(user, 70)])
    assert why(user)["why"] == "no-key"
    late = new_id("u")
    shared.send([{**added(late, 70, cartId="c"), "timestamp": "2026-01-01T00:00:00Z"}])
    assert why(late)["why"] == "late"
    shared.send([added(user, 70, cartId="c")])
    wait_until(lambda: why(user)["why"] == "inside", what="the run")
    assert "once" in why(user)["sentence"] and why(user)["at"]
    segment = shared.call("POST", "/api/v1/segments", json={"name": name, "condition": f'did "{name}"'}).json()["handle"]
    other = ask(shared, "POST", "", 201, yaml=f"name: {name} 2\ntrigger: {{segment: {segment}}}\nsteps: [{{wait: 1 day}}]\n")["id"]
    shared.send([{"type": "track", "userId": late, "event": name}])
    time.sleep(1)
    ask(shared, "POST", f"/{other}/start")
    assert [why(who, other)["why"] for who in (user, late)] == ["not-in-segment", "in-before"]
    ask(shared, "POST", f"/{other}/pause")
    assert why(user, other)["why"] == "paused"
    dated = ask(shared, "POST", "", 201, yaml=f"name: {name} 3\ntrigger: {{date: birthday}}\nsteps: [{{wait: 1 day}}]\n")["id"]
    ask(shared, "POST", f"/{dated}/start")
    assert why(user, dated)["why"] == "no-date"
    shared.send([{"type": "identify", "userId": user, "traits": {"birthday": "1990-06-01"}}])
    found = why(user, dated)
    assert found["why"] == "not-yet" and found["at"][5:10] == "06-01"


LOTS = """name: Lots
trigger: {event: '"Signed Up"'}
holdout: 50%
steps:
- split: [{share: 50%, then: [{message: a, purpose: service}]}, {share: 30%, then: [{message: b, purpose: service}]}]
- message: z
  purpose: service
tests:
"""


def test_a_story_says_which_lots_somebody_draws(shared):
    """The ways of a split by number, by name, and none of them; who is held out gets nothing, and unless told nobody is."""
    story = lambda given, messages, exit: f"- name: s\n  given: {given}\n  story: [{{event: Signed Up}}, {{expect: {{message: [{messages}], exit: {exit}}}}}]\n"
    def failures(text):
        return [s["failures"] for s in ask(shared, "POST", "/test", yaml=LOTS + text)["stories"]]

    kept = story("{split: {split-1: 1}}", "a, z", "finished") + story("{split: {split-1: 2}}", "b, z", "finished") + story("{split: {split-1: 30 %}}", "b, z", "finished")
    kept += story("{split: {split-1: 0}, heldOut: false}", "z", "finished") + story("{heldOut: true}", "", "held-out")
    assert failures(kept) == [[]] * 5
    assert failures(story("{split: {split-1: 1}}", "b, z", "finished"))[0]
    for given in ("{split: {split-2: 1}}", "{split: {split-1: 3}}", "{split: 1}", "{lots: 1}"):
        for path in ("/test", "/check", ""):
            refused = ask(shared, "POST", path, 400, yaml=LOTS + story(given, "z", "finished"))
            assert refused["place"].startswith("line "), refused
    assert "holds nobody out" in ask(shared, "POST", "/check", 400, yaml=LOTS.replace("holdout: 50%\n", "") + story("{heldOut: true}", "", "held-out"))["message"]


def test_a_story_expects_the_end_that_came_last(shared):
    text = """name: Ends
trigger: {event: '"Signed Up"'}
goal: {event: '"Bought"', within: 7 days}
steps: [{wait: 1 hour}]
tests:
- name: ends
  story:
  - event: Signed Up
  - {after: 1 minute, event: Bought}
  - expect: {exit: goal}
  - {after: 1 day, event: Signed Up}
  - {after: 2 hours, expect: {exit: %s}}
"""
    failures = lambda end: ask(shared, "POST", "/test", yaml=text % end)["stories"][0]["failures"]
    assert failures("finished") == []
    assert failures("goal") and "finished" in failures("goal")[0]


@pytest.mark.parametrize("at", ["", "\n  at: 2026-05-04T09:00", "\n  at: 2026-05-04T09:00\n  local: true"])
def test_a_campaign_is_told_in_a_story(shared, at):
    """Whoever the story is about is in the segment from its beginning; with a time the campaign comes then."""
    name = new_id("campaign")
    segment = shared.call("POST", "/api/v1/segments", json={"name": name, "condition": "tea = true"}).json()["handle"]
    text = f"""name: {name}
trigger:
  campaign: {segment}{at}
steps: [{{message: m, purpose: service}}]
tests:
- name: who drinks tea gets it
  start: 2026-05-04T06:00:00Z
  traits: {{tea: true, timezone: Europe/Madrid}}
  story:
  - {{after: 30 minutes, expect: {{message: [{"" if at else "m"}]}}}}
  - {{after: 1 hour, expect: {{message: [{"m" if "local" in at else ""}]}}}}
  - {{after: 2 hours, expect: {{message: [{"m" if at and "local" not in at else ""}]}}}}
- name: who does not gets nothing
  traits: {{tea: false}}
  story:
  - {{after: 30 minutes, expect: {{message: []}}}}
"""
    assert ask(shared, "POST", "/test", yaml=text)["isKept"], ask(shared, "POST", "/test", yaml=text)


@pytest.mark.parametrize("start", ["2020-04-28T09:00:00Z", "2050-04-28T09:00:00Z"])
def test_a_date_is_told_in_a_story_by_its_own_clock(shared, start):
    """Whether the story lies behind the machine's clock or ahead of it."""
    text = f"""name: {new_id("birthday")}
trigger: {{date: birthday, at: '09:00'}}
steps: [{{message: m, purpose: service}}]
tests:
- name: on the day and not before
  start: {start}
  traits: {{birthday: '1990-05-01'}}
  story:
  - {{after: 71 hours, expect: {{message: []}}}}
  - {{after: 1 hour, expect: {{message: m}}}}
- name: who has none gets nothing
  start: {start}
  story:
  - {{after: 4 days, expect: {{message: []}}}}
"""
    answer = ask(shared, "POST", "/test", yaml=text)
    assert answer["isKept"], answer


def test_a_rehearsal_says_what_it_does_not_play(shared):
    name = new_id("gaps")
    segment = shared.call("POST", "/api/v1/segments", json={"name": name, "condition": "tea = true"}).json()["handle"]

    def left_out(trigger):
        told = ask(shared, "POST", "/rehearse", yaml=f"name: {name}\ntrigger: {trigger}\nsteps: [{{message: m, purpose: service}}]\n", days=1)["notPlayed"]
        assert all(gap["sentence"] for gap in told)
        return [gap["what"] for gap in told]

    canary = "canary: {share: 5%, wait: 1 hour, stopAbove: 2%}"
    assert left_out(f"{{campaign: {segment}, at: '2026-05-04T09:00', local: true, {canary}}}") == ["canaries", "local"]
    assert left_out(f"{{campaign: {segment}, {canary}}}") == ["canaries"]
    assert left_out(f"{{campaign: {segment}}}") == [] and left_out("{event: '\"Tea Tasted\"'}") == []


def test_the_file_of_a_kept_journey_holds_out_and_splits_as_that_does(shared):
    name = new_id("lots")
    yaml = f"name: {name}\ntrigger: {{event: '\"{name}\"'}}\nholdout: 50%\nsteps: [{{split: [{{share: 50%, then: [{{id: one, message: m, purpose: service}}]}}, {{share: 50%, then: [{{id: two, message: m, purpose: service}}]}}]}}]\n"
    shared.send([{"type": "track", "userId": f"{name}-{number}", "event": name} for number in range(40)])
    # Under another name it is another one.
    other = ask(shared, "POST", "/rehearse", yaml=yaml.replace(f"name: {name}", f"name: {name} too"), days=1)
    made = ask(shared, "POST", "", 201, yaml=yaml)
    told = [ask(shared, "POST", "/rehearse", days=1, limit=1000, **which) for which in ({"id": made["id"]}, {"yaml": yaml})]
    decided = [{(one["profile"], one["step"]) for one in rehearsal["decisions"]} for rehearsal in told]
    assert decided[0] == decided[1] and told[0]["heldOut"] == told[1]["heldOut"] and 5 < told[0]["heldOut"] < 35
    assert decided[0] != {(one["profile"], one["step"]) for one in other["decisions"]}


def test_a_rehearsal_hears_events_when_they_were_received(shared):
    """Late by seconds or by minutes, and stamped ahead by a device whose clock is fast: as the live journey did."""
    name, users = new_id("clock"), [new_id("u") for _ in range(3)]
    stamp = lambda seconds: datetime.datetime.fromtimestamp(time.time() + seconds, datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    tasted = lambda user, event, seconds: {"type": "track", "userId": user, "event": f"{name} {event}", "timestamp": stamp(seconds)}
    made = ask(shared, "POST", "", 201, yaml=f"""name: {name}
trigger: {{event: '"{name} Tasted"'}}
goal: {{event: '"{name} Praised"', within: 1 day, ends: false}}
steps:
- wait: {{until: [{{event: '"{name} Bought"', then: [{{exit: bought}}]}}], timeout: 2 seconds}}
  otherwise: [{{exit: waited}}]
""")
    ask(shared, "POST", f"/{made['id']}/start")
    shared.send([tasted(users[0], "Tasted", 0), tasted(users[1], "Tasted", 600), tasted(users[2], "Tasted", -120)])
    time.sleep(0.5)
    shared.send([tasted(users[2], "Bought", 0), tasted(users[1], "Praised", 601)])
    time.sleep(3)
    # It came when nobody waited for it any more.
    shared.send([tasted(users[0], "Bought", -3)])
    live = wait_until(lambda: (told := ask(shared, "GET", f"/{made['id']}/results")) and sum(end["count"] for end in told["ended"]) == 3 and told, what="the ends")
    rehearsed = ask(shared, "POST", "/rehearse", id=made["id"], days=1)
    ends = lambda told: {end["reason"]: end["count"] for end in told["ended"]}
    assert ends(live) == ends(rehearsed) == {"waited": 2, "bought": 1}
    assert (live["entered"], live["walked"]["converted"]) == (rehearsed["entered"], rehearsed["converted"]) == (3, 1)


def own_writes(shared, name, steps, trigger="{event: '\"Tea Tasted\"'}", more=""):
    """What a rehearsal of a journey that writes the trait `tier` and the event `Tea Praised` does not play."""
    text = f"name: {name}\ntrigger: {trigger}\n{more}steps:\n- trait: {{tier: gold}}\n- event: Tea Praised\n  properties: {{cups: 3}}\n{steps}"
    return [gap["what"] for gap in ask(shared, "POST", "/rehearse", yaml=text, days=1)["notPlayed"]]


def test_a_rehearsal_says_where_it_would_read_what_the_journey_writes(shared, tmp_path):
    name = new_id("writes")

    def segment(what, condition):
        return shared.call("POST", "/api/v1/segments", json={"name": f"{name} {what}", "condition": condition}).json()["handle"]

    praised, silver, gold = segment("praise", 'did "Tea Praised"'), segment("silver", 'tierOfTea = "gold"'), segment("gold", 'tier = "gold"')
    both = segment("both", f'in segment "{gold}" or country = "es"')
    assert shared.call("POST", "/api/v1/computed-traits", json={"name": f"{name}Cups", "measure": "sum(cups) of \"Tea Praised\""}).status_code == 201
    for steps in ("- filter: tier = \"gold\"\n", "- filter: tier.since = 3\n", "- filter: trait country = trait tier\n", "- branch: [{if: 'did \"Tea Praised\" where cups > 5', then: []}]\n",
                  "- wait: {until: [{event: '\"Tea Praised\"', then: []}], timeout: 1 day}\n", "- wait: {until: [{condition: did anything in last 1 day, then: []}], timeout: 1 day}\n",
                  f"- filter: in segment \"{both}\"\n", f"- filter: in segment \"{praised}\"\n", f"- filter: computed.{name}Cups > 2\n"):
        assert own_writes(shared, name, steps) == ["writes"], steps
    assert own_writes(shared, name, "", more="goal: {event: '\"Tea Praised\"', within: 1 day}\n") == ["writes"]
    assert own_writes(shared, name, "", more="exits: [{condition: tier = \"gold\"}]\n") == ["writes"]
    assert own_writes(shared, name, "", trigger=f"{{segment: {both}, on: entry}}") == ["writes"]
    assert own_writes(shared, name, "", trigger="{date: tier, at: '09:00'}") == ["writes"]
    # Nothing but the API begins it: nobody comes in, and that is said.
    assert own_writes(shared, name, "", trigger="{api: true}") == ["api"]
    for steps in ("", "- wait: 1 hour\n- message: m\n  purpose: service\n", "- filter: country = \"gold\" and did \"Tea Tasted\"\n", f"- filter: in segment \"{silver}\"\n", "- filter: did page\n"):
        assert own_writes(shared, name, steps) == [], steps
    file = tmp_path / "own.yaml"
    file.write_text(f"name: {name}\ntrigger: {{api: true}}\nsteps:\n- trait: {{tier: gold}}\n- filter: tier = \"gold\"\n")
    assert "Not played: What its own steps write" in shared.cli("journey", "rehearse", str(file)).stdout


def test_a_story_plays_what_the_journey_itself_writes(shared):
    name = new_id("own")
    text = f"""name: {name}
trigger: {{event: '"Tea Tasted"'}}
reentry: parallel
steps:
- event: Tea Praised
  properties: {{cups: {{from: event.properties.cups}}}}
- trait: {{tier: gold, lastTea: {{from: event.properties.tea}}}}
- id: atOnce
  branch: [{{if: tier = "gold", then: [{{message: too-early, purpose: service}}]}}]
- wait: 3 seconds
- branch: [{{if: 'tier = "gold" and did "Tea Praised" where cups = 3', then: [{{message: gold, purpose: service}}]}}]
  otherwise: [{{message: plain, purpose: service}}]
- wait: {{until: [{{condition: tier = "none", then: [{{message: fallen, purpose: service}}]}}], timeout: 1 day}}
tests:
- name: what it writes is read later, and not in the same instant
  story:
  - {{event: Tea Tasted, properties: {{cups: 3, tea: Assam}}}}
  - {{expect: {{message: []}}}}
  - {{after: 3 seconds, expect: {{message: gold}}}}
  - {{after: 1 minute, traits: {{tier: none}}}}
  - {{expect: {{message: fallen, exit: finished}}}}
- name: another value is another value
  story:
  - {{event: Tea Tasted, properties: {{cups: 2}}}}
  - {{after: 10 seconds, expect: {{message: plain}}}}
- name: what the person says later counts, not what was written before
  story:
  - {{event: Tea Tasted, properties: {{cups: 3}}}}
  - {{after: 1 second, traits: {{tier: silver}}}}
  - {{after: 2 seconds, expect: {{message: plain}}}}
"""
    answer = ask(shared, "POST", "/test", yaml=text)
    assert answer["isKept"], answer


def test_a_story_hears_the_journeys_own_event_and_is_over_where_it_writes_too_much(shared):
    name = new_id("round")
    text = f"""name: {name}
trigger: {{event: '"Tea Tasted"'}}
goal: {{event: '"Tea Praised"', within: 1 day}}
steps:
- wait: 1 minute
- event: Tea Praised
- wait: 1 hour
tests:
- name: its own event is its goal
  story:
  - event: Tea Tasted
  - {{after: 2 minutes, expect: {{exit: goal}}}}
"""
    answer = ask(shared, "POST", "/test", yaml=text)
    assert answer["isKept"], answer
    text = f"""name: {name}
trigger: {{event: '"Tea Tasted"'}}
reentry: parallel
steps:
- event: Tea Praised
- trait: {{tier: gold}}
tests:
- name: again and again
  story:
""" + "  - {after: 1 hour, event: Tea Tasted}\n" * 100
    last = "  - {after: 1 hour, expect: {exit: finished}}\n"
    assert ask(shared, "POST", "/test", yaml=text + last)["isKept"]
    told = ask(shared, "POST", "/test", yaml=text + "  - event: Tea Tasted\n" + last)["stories"][0]["failures"]
    assert len(told) == 1 and "more than 200 traits and events" in told[0], told


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_long_journey_is_read_however_its_lines_end(shared, end):
    """A form of a browser, and files of Windows, end lines by two characters; some begin with a byte-order mark."""
    lines = ["name: Long", "trigger: {api: true}", "steps:", *["- wait: 1 minute"] * 190, "tests:", "- name: begins", "  story:", *["  - {after: 1 second, event: Tea}"] * 30]
    for mark in ("", "\ufeff"):
        found = ask(shared, "POST", "/check", yaml=mark + end.join(lines))
        assert len(found["steps"]) == 190


def test_the_command_line_tells_a_fault_with_its_place(shared, tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text("name: A\ntrigger: {api: true}\nsteps:\n- wait: a while\n")
    refused = shared.cli("journey", "apply", str(file), check=False)
    assert refused.returncode == 1 and refused.stderr.startswith("martlet: line 4: /steps/0/wait: `wait` is not"), refused.stderr
    file.write_text("name: A\ntrigger: {api: true}\nstep: []\nsteps: []\n")
    assert "Did you mean `steps`?" in shared.cli("journey", "apply", str(file), check=False).stderr
    file.write_text("name: A\ntrigger: {api: true}\nzzz: []\nsteps: []\n")
    assert "exits, goal, holdout" in shared.cli("journey", "apply", str(file), check=False).stderr


def test_stories_are_played_and_what_is_not_kept_is_told(shared, tmp_path):
    name = new_id("story")
    played = ask(shared, "POST", "/test", yaml=cart(name, "1 hour"))
    assert played == {"isKept": True, "stories": [{"name": "who leaves a cart is marked", "failures": []}, {"name": "who buys leaves", "failures": []}]}
    file = tmp_path / "cart.yaml"
    file.write_text(cart(name, "1 hour"))
    assert "✓ who buys leaves" in shared.cli("journey", "test", str(file)).stdout
    file.write_text(cart(name, "9 seconds").replace("exit: goal", "exit: bought"))
    refused = shared.cli("journey", "test", str(file), check=False)
    assert refused.returncode == 1 and "an end by bought was expected, and the last was by goal" in refused.stdout
    stories = shared.data / "workspaces/main/stories"
    wait_until(lambda: not list(stories.iterdir()), what="the stories' folders gone")


def test_the_command_line_does_it_all(shared, tmp_path):
    name, user = new_id("cli"), new_id("u")
    file = tmp_path / "cart.yaml"
    file.write_text(cart(name))
    assert "draft" in shared.cli("journey", "apply", str(file)).stdout
    assert "live" in shared.cli("journey", "start", name).stdout
    shared.send([track(user, "Product Added", shop=name, cartId="c1")])
    wait_until(lambda: "bought" in shared.cli("journey", "why", f"userId:{user}").stdout, what="the run")
    assert "entered 1" in shared.cli("journey", "show", name).stdout
    assert shared.cli("journey", "show", name, "--yaml").stdout.strip() == cart(name).strip()
    assert "1 people" in shared.cli("journey", "rehearse", str(file), "--days", "1").stdout
    assert "paused" in shared.cli("journey", "pause", name).stdout
    assert name in shared.cli("journey", "list").stdout
    assert "version 2" in shared.cli("journey", "apply", str(file), "--start").stdout
    assert "stopped, 1 runs" in shared.cli("journey", "stop", name).stdout


def test_the_api_puts_people_in(shared):
    name, user = new_id("api"), new_id("u")
    made = ask(shared, "POST", "", 201, journey={"name": name, "trigger": {"api": True}, "reentry": "once", "steps": [{"event": "Greeted", "properties": {"code": {"from": "data.code"}}}]})
    shared.send([{"type": "identify", "userId": user, "traits": {"plan": "free"}}])
    assert ask(shared, "POST", f"/{made['id']}/enter", 400, userId=user)["code"] == "journey.not-live"
    ask(shared, "POST", f"/{made['id']}/start")
    assert [r["reason"] for r in ask(shared, "POST", f"/{made['id']}/enter", userId=user, data={"code": "T"})["runs"]] == ["finished"]
    assert ask(shared, "POST", f"/{made['id']}/enter", userId=user)["runs"] == []
    assert ask(shared, "POST", f"/{made['id']}/enter", 404, userId="nobody-at-all")["code"] == "profile.unknown"


def test_segments_begin_journeys(shared):
    name, user = new_id("seg"), new_id("u")
    segment = shared.call("POST", "/api/v1/segments", json={"name": name, "condition": f'club = "{name}"'}).json()
    made = ask(shared, "POST", "", 201, journey={"name": name, "trigger": {"segment": segment["handle"]}, "steps": [{"event": "Greeted"}]})
    ask(shared, "POST", f"/{made['id']}/start")
    shared.send([{"type": "identify", "userId": user, "traits": {"club": name}}])
    wait_until(lambda: [r["reason"] for r in runs(shared, user)] == ["finished"], what="the entry")


@pytest.mark.parametrize("kill", [True, False])
def test_changes_of_segments_while_the_server_is_down_begin_journeys(martlet, kill):
    """Somebody whose coming was acknowledged and not yet followed, and somebody whom time alone takes out while nothing runs: each begins a run, once."""
    active = martlet.call("POST", "/api/v1/segments", json={"name": "Active", "condition": 'did "Tea Steeped" in last 4 seconds'}).json()
    gold = martlet.call("POST", "/api/v1/segments", json={"name": "Gold", "condition": 'plan = "gold"'}).json()
    martlet.send([{"type": "identify", "userId": "before", "traits": {"plan": "gold"}}])
    lapsed = ask(martlet, "POST", "", 201, journey={"name": "Lapsed", "trigger": {"segment": active["handle"], "on": "exit"}, "reentry": "parallel", "steps": [{"event": "Missed"}]})
    came = ask(martlet, "POST", "", 201, journey={"name": "Came", "trigger": {"segment": gold["handle"]}, "reentry": "parallel", "steps": [{"event": "Greeted"}]})
    wait_until(lambda: [martlet.call("GET", f"/api/v1/segments/{made['id']}").json()["size"] for made in (gold, active)] == [1, 0], what="the members")
    for made in (lapsed, came):
        ask(martlet, "POST", f"/{made['id']}/start")
    martlet.send([track("u1", "Tea Steeped")])
    time.sleep(1)
    martlet.send([{"type": "identify", "userId": "u2", "traits": {"plan": "gold"}}], wait=False)
    martlet.kill9() if kill else martlet.stop()
    time.sleep(5)
    martlet.start()
    for user in ("u1", "u2"):
        wait_until(lambda: martlet.call("GET", f"/api/v1/journeys/runs?userId={user}").json().get("runs"), 20, what=user)
    martlet.kill9()
    martlet.start()
    time.sleep(2)
    assert [len(runs(martlet, user)) for user in ("u1", "u2", "before")] == [1, 1, 0]


@pytest.mark.parametrize("kill", [True, False])
def test_fault_39_down_while_a_timer_is_due(martlet, kill):
    """It rings once, not early, as of its own instant, soon after the start."""
    made = ask(martlet, "POST", "", 201, yaml=cart("shop", "3 seconds"))
    ask(martlet, "POST", f"/{made['id']}/start")
    martlet.send([track("u1", "Product Added", shop="shop", cartId="c1")])
    wait_until(lambda: runs(martlet, "u1"), what="the run")
    wake = runs(martlet, "u1")[0]["wakeAt"]
    martlet.kill9() if kill else martlet.stop()
    time.sleep(4)
    martlet.start()
    wait_until(lambda: runs(martlet, "u1")[0]["step"] == "bought", what="the timer")
    history = runs(martlet, "u1")[0]["history"]
    assert [n["at"] for n in history if n["what"] == "decided"] == [wake], "decided at its instant, and once"
    assert ask(martlet, "GET", f"/{made['id']}/results")["steps"][1]["decided"] == 1


def test_what_was_decided_brings_nobody_back_who_is_forgotten_meanwhile(martlet):
    """People are forgotten while a trait that a journey gives them, and the word that a message to them was refused, are on their way into the log."""
    martlet.call("POST", "/api/v1/templates", json={"name": "hello", "kind": "text", "parts": {"text": "Hello"}})
    text = cart("shop").replace("- id: mark\n", "- id: mail\n  message: hello\n  channel: webhook\n  purpose: marketing\n- id: mark\n").replace("    expect: {message: [], exit: finished}\n", "    expect: {exit: finished}\n")
    made = ask(martlet, "POST", "", 201, yaml=text)
    ask(martlet, "POST", f"/{made['id']}/start")
    people = [f"MARKED-{n:03}" for n in range(80)]
    begun = time.time()
    martlet.send([track(user, "Product Added", shop="shop", cartId=f"cart-of-{user}") for user in people])

    def forget(n):
        time.sleep(max(0, begun + 0.9 + n * 0.01 - time.time()))
        assert martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": people[n]}).status_code == 200

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(forget, range(len(people))))
    time.sleep(1.5)
    assert [user for user in people if martlet.call("GET", f"/api/v1/journeys/runs?userId={user}").status_code != 404] == []
    martlet.stop()
    assert [path for path, held in contents(martlet.data) if b"MARKED-" in held] == []


def test_erasure_reaches_runs_and_what_was_decided(martlet):
    made = ask(martlet, "POST", "", 201, yaml=cart("shop"))
    ask(martlet, "POST", f"/{made['id']}/start")
    martlet.send([track("u1", "Product Added", shop="shop", cartId="MARKED-CART-1"), track("u2", "Product Added", shop="shop", cartId="c2")])
    wait_until(lambda: [r["step"] for r in runs(martlet, "u1")] == ["bought"], what="the run")
    receipt = martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": "u1"}).json()
    assert {"store": "journeys", "count": 1} in receipt["removed"]
    assert martlet.call("GET", "/api/v1/journeys/runs?userId=u1").status_code == 404
    martlet.stop()
    assert [path for path, held in contents(martlet.data) if b"MARKED-CART-1" in held] == []
    martlet.start()
    assert [r["step"] for r in runs(martlet, "u2")] == ["bought"]


@pytest.mark.parametrize("reentry, count", [("once", 1), ("idle", 1), ("parallel", 40)])
def test_fault_41_somebody_qualifies_many_times_at_once(shared, reentry, count):
    """Forty events in eight threads, some of them sent twice: as many runs as the rule says."""
    name, user = new_id("again"), new_id("u")
    made = ask(shared, "POST", "", 201, journey={"name": name, "trigger": {"event": f'"Product Added" where shop = "{name}"'}, "reentry": reentry, "steps": [{"event": "Greeted"}, {"wait": "1 hour"}]})
    ask(shared, "POST", f"/{made['id']}/start")
    events = [{**track(user, "Product Added", shop=name), "messageId": f"{name}-{n}"} for n in range(40)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda event: shared.send([event]), events + events[::3]))
    wait_until(lambda: ask(shared, "GET", f"/{made['id']}/results")["entered"] == count, what="the runs")
    time.sleep(0.5)
    assert ask(shared, "GET", f"/{made['id']}/results")["entered"] == count
    assert len({n["intent"] for run in runs(shared, user) for n in run["history"] if n["what"] == "decided"}) == count


def test_fault_46_two_become_one_while_they_wait(shared):
    """A device and a person wait in the same journey and turn out to be one: one of the runs goes on, and one thing is decided."""
    name, user = new_id("merge"), new_id("u")
    made = ask(shared, "POST", "", 201, journey={"name": name, "trigger": {"event": f'"Product Added" where shop = "{name}"'}, "steps": [{"wait": "5 seconds"}, {"event": "Greeted"}]})
    ask(shared, "POST", f"/{made['id']}/start")
    shared.send([{"type": "track", "anonymousId": "a" + user, "event": "Product Added", "properties": {"shop": name}}])
    shared.send([track(user, "Product Added", shop=name)])
    wait_until(lambda: runs(shared, user), what="both wait")
    shared.send([{"type": "identify", "userId": user, "anonymousId": "a" + user, "traits": {}}])
    wait_until(lambda: sorted(str(r["reason"]) for r in runs(shared, user)) == ["finished", "merged"], 20, what="both ends")
    assert [s["decided"] for s in ask(shared, "GET", f"/{made['id']}/results")["steps"]] == [0, 1]


def test_fault_43_assignments_stay_over_restarts_and_merges(make_martlet):
    """Halves and who is held out are a hash of who somebody is: even, the same after a restart, and of two who become one those of the older."""
    server = make_martlet().start()
    ways = "[{share: 50%, then: []}, {share: 25%, then: []}]"
    made = ask(server, "POST", "", 201, yaml=f"name: Test\ntrigger: {{event: '\"Product Added\"'}}\nreentry: parallel\nholdout: 20%\nsteps:\n" + "".join(f"- {{id: s{n}, split: {ways}}}\n" for n in range(3)))
    ask(server, "POST", f"/{made['id']}/start")
    people = [new_id("u") for _ in range(600)]

    def trigger(events):
        for start in range(0, len(events), 200):
            server.send(events[start:start + 200])

    def entered():
        return ask(server, "GET", f"/{made['id']}/results")["entered"]

    def assignments(user):
        """The newest run's first; each as the ways it took, or that it was held out."""
        return [tuple(n["detail"] for n in run["history"] if n["what"] == "passed") or "held" for run in runs(server, user)]

    trigger([{"type": "track", "anonymousId": "a" + user, "event": "Product Added"} for user in people[:200]])
    wait_until(lambda: entered() == 200, 30, what="the devices")
    older = {user: [tuple(n["detail"] for n in run["history"] if n["what"] == "passed") or "held" for run in server.api("/api/v1/journeys/runs", anonymousId="a" + user)["runs"]] for user in people[:200]}
    trigger([track(user, "Product Added") for user in people])
    wait_until(lambda: entered() == 800, 30, what="the people")
    first = {user: assignments(user) for user in people}
    assert all(len(found) == 1 for found in [*older.values(), *first.values()])

    # Of three splits that are drawn apart, at most one may be as uneven as one in a thousand is.
    drawn = [found[0] for found in [*older.values(), *first.values()]]
    walked = [way for way in drawn if way != "held"]
    uneven = 0
    for place in range(3):
        counts = [sum(way[place] == name for way in walked) for name in ("50 %", "25 %", "")]
        chi = sum((count - len(walked) * share) ** 2 / (len(walked) * share) for count, share in zip(counts, (0.5, 0.25, 0.25)))
        uneven += chi > 13.82
    assert uneven <= 1
    assert 100 < len(drawn) - len(walked) < 230, "about a fifth of 800"
    assert len(set(walked)) == 27, "splits are drawn apart"

    server.kill9()
    server.start()
    trigger([track(user, "Product Added") for user in people])
    wait_until(lambda: entered() == 1400, 30, what="after the restart")
    assert {user: assignments(user) for user in people} == {user: found * 2 for user, found in first.items()}
    trigger([{"type": "identify", "userId": user, "anonymousId": "a" + user, "traits": {}} for user in people[:200]])
    trigger([track(user, "Product Added") for user in people[:200]])
    wait_until(lambda: entered() == 1600, 30, what="after the merges")
    changed = 0
    for user in people[:200]:
        assert assignments(user)[0] == older[user][0], "the older one's"
        changed += older[user] != first[user]
    assert changed > 100, "most had another before"


def test_journeys_that_begin_each_other_are_not_started_and_end_where_they_slip_through(shared):
    first, second, user = new_id("first"), new_id("second"), new_id("u")
    yaml = lambda name, event, other, more="": f"name: {name}\ntrigger: {{event: '\"{event} {first}\"{more}'}}\nreentry: parallel\nsteps: [{{event: {other} {first}, properties: {{n: 1}}}}]\n"
    a = ask(shared, "POST", "", 201, yaml=yaml(first, "Ping", "Pong"))
    assert ask(shared, "POST", f"/{a['id']}/start")["state"] == "live"
    b = ask(shared, "POST", "", 201, yaml=yaml(second, "Pong", "Ping"))
    (warning,) = b["warnings"]
    assert warning["code"] == "journey.circle" and first in warning["problem"] and second in warning["problem"]
    refused = ask(shared, "POST", f"/{b['id']}/start", 400)
    assert refused["code"] == "journey.circle" and first in str(refused) and second in str(refused)
    told = shared.cli("journey", "start", second, check=False)
    assert told.returncode != 0 and first in told.stderr
    # A condition may end it, which nobody can know: it is started with a warning, and people go round so often and no more.
    b = ask(shared, "PUT", f"/{b['id']}", yaml=yaml(second, "Pong", "Ping", " where n = 1"))
    assert [w["code"] for w in b["warnings"]] == ["journey.may-circle"]
    ask(shared, "POST", f"/{b['id']}/start")
    shared.send([track(user, f"Ping {first}", n=1)])
    wait_until(lambda: any(n["what"] == "refused" for run in runs(shared, user) for n in run["history"]), 60, what="the bound")
    time.sleep(1)
    counts = [sum(r["journey"] == made["id"] for r in runs(shared, user)) for made in (a, b)]
    assert max(counts) <= 51 and min(counts) >= 49, counts
    for made in (a, b):
        ask(shared, "POST", f"/{made['id']}/stop")


def test_a_campaign_goes_out_once_and_pauses_exactly(shared):
    name = new_id("camp")
    people = [new_id("u") for _ in range(6)]
    shared.send([{"type": "identify", "userId": user, "traits": {"club": name}} for user in people])
    segment = shared.call("POST", "/api/v1/segments", json={"name": name, "condition": f'club = "{name}"'}).json()
    made = ask(shared, "POST", "", 201, yaml=f"name: {name}\ntrigger: {{campaign: {segment['handle']}, perMinute: 60}}\nsteps:\n- event: Greeted\n")
    assert ask(shared, "POST", "/rehearse", id=made["id"], days=1)["people"] in (0, 6)
    ask(shared, "POST", f"/{made['id']}/start")
    wait_until(lambda: ask(shared, "GET", f"/{made['id']}/results")["entered"] >= 2, what="the first")
    ask(shared, "POST", f"/{made['id']}/pause")
    entered = ask(shared, "GET", f"/{made['id']}/results")["entered"]
    time.sleep(2)
    assert ask(shared, "GET", f"/{made['id']}/results")["entered"] == entered < 6
    ask(shared, "POST", f"/{made['id']}/start")
    wait_until(lambda: ask(shared, "GET", f"/{made['id']}/results")["entered"] == 6, what="the rest")
    assert [len(runs(shared, user)) for user in people] == [1] * 6


def test_what_a_running_journey_rests_on_cannot_be_deleted(shared):
    """Segments, lists, computed traits, templates and destinations: refused with the journeys' names while one is live or paused, gone once it is stopped; others go at once."""
    name, tag = new_id("rest"), new_id("t")
    def make(what, **body):
        answer = shared.call("POST", f"/api/v1/{what}", json=body)
        assert answer.status_code == 201, f"{what}: {answer.text[:300]}"
        return answer.json()

    made = {
        "segments": make("segments", name=name + " start", condition=f'did "{tag}"'),
        "lists": make("lists", name=name + " list"),
        "computed-traits": make("computed-traits", name=name.replace("-", "_"), measure=f'count of "{tag}"'),
        "templates": make("templates", name=name.lower(), kind="json", parts={"json": "{}"}),
        "destinations": make("destinations", name=name, url="https://hooks.example.com/x"),
    }
    handle = made["lists"]["handle"]
    text = f"""name: {name}
trigger: {{segment: {made["segments"]["handle"]}}}
steps:
- filter: 'not in list "{handle}" and computed.{made["computed-traits"]["name"]} > 0'
- {{message: {name.lower()}, channel: webhook, purpose: service}}
- webhook: {made["destinations"]["id"]}
"""
    journey = make("journeys", yaml=text)
    ask(shared, "POST", f"/{journey['id']}/start")
    for state in ("live", "paused"):
        for kind, thing in made.items():
            refused = shared.call("DELETE", f"/api/v1/{kind}/{thing['id']}")
            assert refused.status_code == 400 and refused.json()["code"].endswith(".in-journey") and name in refused.json()["message"], f"{state} {kind}: {refused.text}"
        if state == "live":
            ask(shared, "POST", f"/{journey['id']}/pause")
    free = make("segments", name=name + " free", condition=f'did "{tag}"')
    assert shared.call("DELETE", f"/api/v1/segments/{free['id']}").status_code == 200
    ask(shared, "POST", f"/{journey['id']}/stop")
    for kind, thing in made.items():
        assert shared.call("DELETE", f"/api/v1/{kind}/{thing['id']}").status_code == 200, kind


def goal(name, **more):
    return {"name": name, "trigger": {"event": f'"Product Added" where shop = "{name}"'}, "goal": {"event": f'"Order Completed" where shop = "{name}"', "revenue": "properties.total", "within": "7 days"}, "steps": [{"wait": "1 hour"}], **more}


def started(martlet, journey):
    made = ask(martlet, "POST", "", 201, journey=journey)
    ask(martlet, "POST", f"/{made['id']}/start")
    return made["id"]


def results(martlet, journey):
    return ask(martlet, "GET", f"/{journey}/results")


def test_sums_beyond_all_money_stop_nothing(make_martlet):
    """Twelve hundred orders of a trillion in one batch, live and rehearsed, over a restart."""
    server = make_martlet().start()
    made, users = started(server, goal("big")), [f"b{n}" for n in range(1200)]
    server.send([track(user, "Product Added", shop="big") for user in users])
    wait_until(lambda: results(server, made)["entered"] == 1200, 30, what="the runs")
    for total in (999999999999, "999999999999", -5):
        server.send([track(user, "Order Completed", shop="big", total=total) for user in users])
        time.sleep(0.5)
    wait_until(lambda: results(server, made)["walked"]["converted"] == 1200, 30, what="the conversions")
    assert server.running and results(server, made)["walked"]["revenue"] > 9e14
    assert ask(server, "POST", "/rehearse", id=made, days=1)["converted"] in (0, 1200), "what happened before it was started may be in it"
    server.kill9()
    server.start()
    assert results(server, made)["walked"]["revenue"] > 9e14


def test_lift_counts_people_and_each_order_once(shared):
    """Half of them come five times and buy, half come once and do not: the journey changes nothing, and shows nothing."""
    name = new_id("bias")
    made, users = started(shared, goal(name, holdout="50%")), [new_id("u") for _ in range(400)]
    shared.send([track(user, "Product Added", shop=name) for user in users])
    for _ in range(4):
        shared.send([track(user, "Product Added", shop=name) for user in users[:200]])
    shared.send([track(user, "Order Completed", shop=name, total="10") for user in users[:200]])
    wait_until(lambda: (r := results(shared, made))["walked"]["converted"] + r["heldOut"]["converted"] == 200, 30, what="the orders")
    found = results(shared, made)
    assert found["walked"]["people"] + found["heldOut"]["people"] == 400
    assert found["walked"]["revenue"] + found["heldOut"]["revenue"] == 2000
    assert abs(found["lift"]["value"]) < 0.2 and found["lift"]["low"] < found["lift"]["value"] < found["lift"]["high"]
    again = new_id("again")
    made, user = started(shared, goal(again, reentry="restart")), new_id("u")
    for _ in range(5):
        shared.send([track(user, "Product Added", shop=again)])
    shared.send([track(user, "Order Completed", shop=again, total=24.5)])
    wait_until(lambda: results(shared, made)["walked"]["converted"], what="the order")
    found = results(shared, made)
    assert (found["entered"], found["walked"]["people"], found["walked"]["converted"], found["walked"]["revenue"]) == (5, 1, 1, 24.5)


def test_who_becomes_one_counts_on_one_side(shared):
    name = new_id("sides")
    made, users = started(shared, goal(name, holdout="50%")), [new_id("u") for _ in range(40)]
    shared.send([{"type": "track", "anonymousId": "a" + user, "event": "Product Added", "properties": {"shop": name}} for user in users])
    shared.send([track(user, "Product Added", shop=name) for user in users])
    wait_until(lambda: results(shared, made)["entered"] == 80, what="both")
    shared.send([{"type": "identify", "userId": user, "anonymousId": "a" + user, "traits": {}} for user in users])
    shared.send([track(user, "Order Completed", shop=name, total=10) for user in users])
    wait_until(lambda: (r := results(shared, made))["walked"]["converted"] + r["heldOut"]["converted"] == 40, what="the orders")
    found = results(shared, made)
    assert found["walked"]["people"] + found["heldOut"]["people"] == 40
    assert found["walked"]["revenue"] + found["heldOut"]["revenue"] == 400


def test_halves_are_counted_apart_and_a_draft_hides_nothing(shared):
    name = new_id("halves")
    split = {"id": "s", "split": [{"share": "50%", "then": [{"id": "x", "event": "X"}]}, {"share": "50%", "then": [{"id": "y", "event": "Y"}]}]}
    made, users = started(shared, goal(name, steps=[split, {"wait": "1 hour"}])), [new_id("u") for _ in range(200)]
    shared.send([track(user, "Product Added", shop=name) for user in users])
    wait_until(lambda: results(shared, made)["entered"] == 200, what="everyone")
    steps = {s["id"]: s for s in results(shared, made)["steps"]}
    assert [way["name"] for way in steps["s"]["ways"]] == ["50 % (1)", "50 % (2)"]
    assert [way["count"] for way in steps["s"]["ways"]] == [steps["x"]["arrived"], steps["y"]["arrived"]]
    assert 0 < steps["x"]["arrived"] < 200
    assert [n["detail"] for n in runs(shared, users[0])[0]["history"] if n["step"] == "s"][0] in ("50 % (1)", "50 % (2)")
    ask(shared, "PUT", f"/{made}", journey=goal(name, steps=[{"id": "z", "wait": "1 hour"}]))
    assert {s["id"]: s for s in results(shared, made)["steps"]} == steps, "the draft is not what people walk"


def test_receipts_are_believed_from_martlet_alone_and_counted_once(shared):
    """Sixty steps come before the message, so that its run has a long history."""
    name, user = new_id("long"), new_id("u")
    assert shared.call("POST", "/api/v1/templates", json={"name": name, "kind": "text", "parts": {"text": "Hello"}}).status_code == 201
    steps = [*({"event": f"Step {n}"} for n in range(60)), {"id": "told", "message": name, "purpose": "service"}, {"id": "hold", "wait": "1 hour"}]
    made = started(shared, goal(name, steps=steps))
    shared.send([track(user, "Product Added", shop=name)])
    wait_until(lambda: runs(shared, user) and runs(shared, user)[0]["step"] == "hold", what="the walk")
    key = next(n["intent"] for n in runs(shared, user)[0]["history"] if n["what"] == "decided" and n["step"] == "told")
    for event in ("Message Sent", "Message Failed", "Email Opened", "Email Link Clicked"):
        for _ in range(2):
            shared.send([track(user, event, message_key=key)])
    time.sleep(1)
    step = next(s for s in results(shared, made)["steps"] if s["id"] == "told")
    assert (step["decided"], step["sent"], step["failed"], step["opened"], step["clicked"]) == (1, 0, 0, 0, 0), "nobody has an address, and nobody read anything"


def test_what_waits_is_sent_only_while_its_journey_wants_it(make_martlet):
    """The other side takes nothing yet: who buys meanwhile does not get their reminder, nobody does of a journey that is stopped, and of one that is paused it goes on waiting."""
    server, sink = make_martlet(args=LOCAL).start(), Sink(behave=lambda call, number: 503)
    furnish(server, sink)
    keys, made = {}, {}
    for name in ("bought", "wanted", "stopped", "paused"):
        made[name] = ask(server, "POST", "", 201, yaml=f"""name: {name}
trigger: {{event: '"Cart {name}"'}}
goal: {{event: '"Order {name}"', within: 7 days}}
steps:
- message: hello
  channel: webhook
  purpose: service
""")
        ask(server, "POST", f"/{made[name]['id']}/start")
        server.send([track(name, f"Cart {name}")])
        wait_until(lambda: runs(server, name), what="the run")
        (keys[name],) = [note["intent"] for run in runs(server, name) for note in run["history"] if note.get("intent")]
        wait_until(lambda: server.call("GET", f"/api/v1/messages/{keys[name]}").json().get("reason") == "delivery.deferred", what="the first try")
    server.send([track("bought", "Order bought")])
    wait_until(lambda: runs(server, "bought")[0]["convertedAt"], what="the order")
    ask(server, "POST", f"/{made['stopped']['id']}/stop")
    ask(server, "POST", f"/{made['paused']['id']}/pause")
    sink.behave = lambda call, number: 204
    before = len(sink.calls)
    reasons = {name: ended(server, keys[name], 90)["reason"] for name in ("bought", "wanted", "stopped")}
    assert reasons == {"bought": "delivery.unwanted", "wanted": "delivery.sent", "stopped": "delivery.unwanted"}
    wait_until(lambda: message(server, keys["paused"])["reason"] == "delivery.journey-paused", 90, what="the pause")
    assert len([call for call in sink.calls[before:]]) <= 2
    sink.close()


def test_a_campaign_goes_once_to_two_who_become_one_while_they_wait(shared):
    name = new_id("camp")
    people = [new_id("u") for _ in range(4)]
    shared.send([{"type": "identify", kind: prefix + user, "traits": {"club": name}} for user in people for kind, prefix in (("userId", ""), ("anonymousId", "a"))])
    segment = shared.call("POST", "/api/v1/segments", json={"name": name, "condition": f'club = "{name}"'}).json()
    made = ask(shared, "POST", "", 201, yaml=f"name: {name}\ntrigger: {{campaign: {segment['handle']}, perMinute: 60}}\nsteps:\n- event: Greeted\n")
    ask(shared, "POST", f"/{made['id']}/start")
    shared.send([{"type": "identify", "userId": user, "anonymousId": "a" + user, "traits": {}} for user in people])
    time.sleep(10)
    assert [sum(run["journey"] == made["id"] for run in runs(shared, user)) for user in people] == [1] * 4


def test_what_a_running_journey_finds_by_name_keeps_that_name(shop):
    """Templates, their partials and destinations, in the API and the console: refused while a journey is live or paused; everything else about them changes, and what is found by its id is renamed."""
    name, tag = new_id("named").lower(), new_id("t").lower()
    def make(what, **body):
        answer = shop.call("POST", f"/api/v1/{what}", json=body)
        assert answer.status_code == 201, answer.text[:300]
        return answer.json()["id"]

    partial = make("templates", name=f"{name}-partial", kind="partial", parts={"html": "tea"})
    template = make("templates", name=name, kind="email", parts={"subject": "Tea", "html": f"<p>{{% render '{name}-partial' %}}</p>"})
    hook, other = make("templates", name=f"{name}-hook", kind="json", parts={"json": "{}"}), make("templates", name=f"{name}-other", kind="json", parts={"json": "{}"})
    crm, known = make("destinations", name=name, url="https://hooks.example.com/x"), make("destinations", name=f"{name}-known", url="https://hooks.example.com/x")
    text = f"""name: {name}
trigger: {{api: true}}
steps:
- {{message: {name}, purpose: service}}
- {{message: {hook}, channel: webhook, purpose: service}}
- webhook: {name}
- webhook: {known}
"""
    journey = ask(shop, "POST", "", 201, yaml=text)["id"]
    ask(shop, "POST", f"/{journey}/start")
    patch = lambda what, thing, **body: shop.call("PATCH", f"/api/v1/{what}/{thing}", json=body)
    used = [("templates", template), ("templates", partial), ("destinations", crm)]
    for state in ("live", "paused"):
        for number, (what, thing) in enumerate(used):
            refused = patch(what, thing, name=f"{tag}-{number}")
            assert refused.status_code == 400 and refused.json()["code"] == f"{what[:-1]}.in-journey" and name in refused.json()["message"], f"{state} {what}: {refused.text}"
        if state == "live":
            ask(shop, "POST", f"/{journey}/pause")
    refused = patch("templates", template, kind="text", parts={"text": "x", "subject": None, "html": None})
    assert refused.status_code == 400 and refused.json()["code"] == "template.in-journey", "another kind is no message of its channel any more"
    # What they are called now may be said again, with anything else.
    assert [patch(*thing, **body).status_code for thing, body in zip(used, ({"name": name, "note": "new"}, {"parts": {"html": "more tea"}}, {"name": name, "events": ["x"]}))] == [200] * 3
    assert [patch("templates", hook, name=f"{tag}-hook").status_code, patch("templates", other, name=f"{tag}-other").status_code, patch("destinations", known, name=f"{tag}-known").status_code] == [200] * 3
    shown = shop.reader.post(f"/w/main/templates/{template}/save", name=f"{tag}-0", kind="email", subject="Tea", html="<p>tea</p>", intent="save")
    assert "Journeys rest on it" in shown.text and shop.call("GET", f"/api/v1/templates/{template}").json()["name"] == name, shown.text[:500]
    ask(shop, "POST", f"/{journey}/stop")
    assert [patch(what, thing, name=f"{tag}-{number}").status_code for number, (what, thing) in enumerate(used) if thing != partial] == [200] * 2


def test_partials_of_what_a_running_journey_sends_cannot_be_deleted(shared):
    """Also one that only another partial puts in; one that nobody puts in goes at once."""
    name = new_id("part").lower()
    make = lambda name, **body: shared.call("POST", "/api/v1/templates", json={"name": name, **body}).json()["id"]
    inner, unused = make(f"{name}-inner", kind="partial", parts={"html": "tea"}), make(f"{name}-unused", kind="partial", parts={"html": "tea"})
    outer = make(f"{name}-outer", kind="partial", parts={"html": f"{{% render '{name}-inner' %}}"})
    make(name, kind="email", parts={"subject": "Tea", "html": f"<p>{{% render '{name}-outer' %}}</p>"})
    journey = ask(shared, "POST", "", 201, yaml=f"name: {name}\ntrigger: {{api: true}}\nsteps:\n- {{message: {name}, purpose: service}}\n")["id"]
    ask(shared, "POST", f"/{journey}/start")
    for partial in (outer, inner):
        refused = shared.call("DELETE", f"/api/v1/templates/{partial}")
        assert refused.status_code == 400 and refused.json()["code"] == "template.in-journey" and name in refused.json()["message"], refused.text
    assert shared.call("DELETE", f"/api/v1/templates/{unused}").status_code == 200
    ask(shared, "POST", f"/{journey}/stop")
    assert [shared.call("DELETE", f"/api/v1/templates/{partial}").status_code for partial in (outer, inner)] == [200, 200]


def test_saving_warns_of_what_can_never_work(shared):
    codes = lambda **journey: sorted(w["code"] for w in ask(shared, "POST", "", 201, journey={"name": new_id("warn"), **journey})["warnings"])
    assert codes(trigger={"date": "birthday"}, key="properties.cartId", steps=[]) == ["journey.key-never"]
    assert codes(trigger={"event": '"A"'}, key="data.cartId", steps=[]) == ["journey.key-never"]
    other = new_id("other")
    ask(shared, "POST", "", 201, journey={"name": other, "trigger": {"api": True}, "steps": []})
    assert codes(trigger={"journey": other}, key="data.key", steps=[]) == codes(trigger={"journey": other, "on": "entry"}, key="data.reason", steps=[]) == codes(trigger={"journey": other}, key="data.cart", steps=[]) == ["journey.key-never"]
    assert codes(trigger={"journey": other}, key="data.reason", steps=[]) == []
    goal = lambda key: {"event": '"Order Completed"', "within": "7 days", "sameKey": key}
    assert codes(trigger={"api": True}, key="data.cart", goal=goal(True), steps=[]) == ["journey.same-key-never"]
    assert codes(trigger={"api": True}, key="data.cart", goal=goal("properties.cart"), steps=[]) == codes(trigger={"event": '"A"'}, key="properties.cart", goal=goal(True), steps=[]) == []
    refused = shared.call("POST", "/api/v1/journeys", json={"journey": {"name": new_id("warn"), "trigger": {"api": True}, "key": "data.cart", "goal": goal("cart"), "steps": []}})
    assert refused.status_code == 400 and refused.json()["place"] == "/goal/sameKey", refused.text
    assert codes(trigger={"event": '"A"'}, key="properties.cartId", steps=[{"message": "nothing", "purpose": "service", "channel": "pigeon"}, {"webhook": "nowhere"}]) == ["journey.no-channel", "journey.no-destination", "journey.no-template"]


def test_what_people_in_an_older_version_rest_on_cannot_be_deleted(shared):
    """While somebody stands in a version that sends a template, it stays, though the version that was started goes without."""
    name, user = new_id("older"), new_id("u")
    template = shared.call("POST", "/api/v1/templates", json={"name": name.lower(), "kind": "json", "parts": {"json": "{}"}}).json()
    shared.send([{"type": "identify", "userId": user, "traits": {}}])
    text = lambda step: f"name: {name}\ntrigger: {{api: true}}\nsteps:\n- wait: 1 day\n- {step}\n"
    journey = ask(shared, "POST", "", 201, yaml=text(f"{{message: {name.lower()}, channel: webhook, purpose: service}}"))["id"]
    ask(shared, "POST", f"/{journey}/start")
    ask(shared, "POST", f"/{journey}/enter", userId=user)
    wait_until(lambda: runs(shared, user), what="the run")
    ask(shared, "PUT", f"/{journey}", yaml=text("{exit: done}"))
    ask(shared, "POST", f"/{journey}/start", policy="finish")
    refused = shared.call("DELETE", f"/api/v1/templates/{template['id']}")
    assert refused.status_code == 400 and refused.json()["code"] == "template.in-journey", refused.text
    ask(shared, "POST", f"/{journey}/stop")
    assert shared.call("DELETE", f"/api/v1/templates/{template['id']}").status_code == 200
