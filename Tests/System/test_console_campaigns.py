"""Campaigns in the console: the form, whom it reaches, what its canaries said; and the fields and the focus of the journeys' canvas."""
import html
import re

import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader, no_barriers
from harness import new_id, wait_until
from webhook_sink import Sink
from test_console_walk import find, fits, heading, no_complaints, press, shot, submit


def agree(server, users):
    done = server.call("POST", "/api/v1/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": "granted"} for user in users]}).json()
    assert done["recorded"] == len(users), done


@pytest.fixture(scope="module")
def shop(shared):
    shared.reader = Reader(shared).set_password()
    shared.call("POST", "/api/v1/templates", json={"name": "first-flush", "kind": "email", "parts": {"subject": "First flush", "html": "<p>It is here.</p>"}})
    shared.call("POST", "/api/v1/templates", json={"name": "hook", "kind": "json", "parts": {"json": "{\"a\": 1}"}})
    shared.team = new_id("drinkers")
    assert shared.call("POST", "/api/v1/segments", json={"name": shared.team, "condition": f'team = "{shared.team}"'}).status_code == 201
    shared.send([{"type": "identify", "userId": f"{shared.team}-{n}", "traits": {"team": shared.team, **({"email": f"{shared.team}-{n}@wren.example"} if n < 30 else {})}} for n in range(40)])
    agree(shared, [f"{shared.team}-{n}" for n in range(20)])
    return shared


def fields(shop, **changed):
    """The form as it stands when it is opened, with what somebody chose."""
    page = shop.reader.get("/w/main/journeys/campaign").text
    form = page.split('action="/w/main/journeys/campaign"')[1].split("</form>")[0]
    values = {name: html.unescape(value) for name, value in re.findall(r'<input id="[^"]+" name="(\w+)"[^>]*?value="([^"]*)"', form)}
    for name, options in re.findall(r'<select id="[^"]+" name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(r'<option value="([^"]*)"', options)
        values[name] = html.unescape(chosen[1])
    segment = next(s["handle"] for s in shop.api("/api/v1/segments")["segments"] if s["name"] == shop.team)
    return {**values, "segment": segment, "template": "first-flush", "purpose": "marketing", **changed}


def test_a_campaign_is_made_without_yaml(shop):
    """The form counts whom it reaches before it starts, shows the document that comes of it, and leads to the page with Start."""
    name = new_id("flush")
    counted = shop.reader.post("/w/main/journeys/campaign", **fields(shop, name=name, event="Order Completed", revenue="properties.total", intent="count"))
    assert counted.status_code == 200
    text = " ".join(Page(counted.text).text.split())
    assert "In the segment 40" in text.replace("segment40", "segment 40") and "Of 40 people, 30 can be reached by email, and 20 of them agreed to marketing." in text, text
    assert not [j for j in shop.api("/api/v1/journeys")["journeys"] if j["name"] == name], "counting keeps nothing"
    made = shop.reader.post("/w/main/journeys/campaign", **fields(shop, name=name, event="Order Completed", revenue="properties.total", intent="save"))
    assert made.status_code == 303, made.text[-3000:]
    kept = shop.api("/api/v1/journeys/" + made.headers["location"].rsplit("/", 1)[1])
    segment = fields(shop)["segment"]
    assert kept["journey"] == {
        "name": name, "trigger": {"campaign": segment, "at": "now", "perMinute": 1000, "canary": {"share": "5%", "wait": "1 hour", "stopAbove": "2%"}}, "zone": "UTC", "holdout": "10%",
        "goal": {"event": '"Order Completed"', "revenue": "properties.total", "within": "7 days"}, "steps": [{"message": "first-flush", "purpose": "marketing"}]}
    assert html.unescape(counted.text.split("<code>")[-1].split("</code>")[0]) == kept["yaml"], "what was shown is what is kept"
    page = shop.reader.page("/w/main/journeys/" + kept["id"])
    assert "Recipients, as of now" in page.text and "Would get it" in page.text and kept["state"] == "draft"
    assert shop.reader.post(f"/w/main/journeys/{kept['id']}/start").status_code == 303
    assert shop.api("/api/v1/journeys/" + kept["id"])["state"] == "live"
    assert shop.reader.post(f"/w/main/journeys/{kept['id']}/pause").status_code == 303
    shop.call("POST", f"/api/v1/journeys/{kept['id']}/stop", json={})


def test_suppressed_addresses_would_not_get_it_and_before_its_time_nobody_waits(shop):
    count = lambda: " ".join(Page(shop.reader.post("/w/main/journeys/campaign", **fields(shop, name=new_id("count"), intent="count")).text).text.split())
    address = f"{shop.team}-3@wren.example"
    assert shop.call("POST", "/api/v1/suppressions", json={"address": address}).status_code == 200
    try:
        assert "30 can be reached by email, and 19 of them agreed to marketing." in count()
    finally:
        assert shop.call("DELETE", "/api/v1/suppressions", json={"address": address}).status_code == 200
    assert "and 20 of them agreed to marketing." in count()
    yaml = f"name: {new_id('later')}\ntrigger: {{campaign: {fields(shop)['segment']}, at: '2031-01-05T09:00'}}\nsteps: [{{message: first-flush, purpose: marketing}}]\n"
    later = shop.call("POST", "/api/v1/journeys", json={"yaml": yaml}).json()["id"]
    assert shop.reader.post(f"/w/main/journeys/{later}/start").status_code == 303
    assert "not got it yet" not in shop.reader.page(f"/w/main/journeys/{later}").text
    shop.call("POST", f"/api/v1/journeys/{later}/stop", json={})


def test_a_name_that_is_taken_is_refused_as_such(shop):
    name = new_id("taken")
    assert shop.call("POST", "/api/v1/journeys", json={"yaml": f"name: {name}\ntrigger: {{api: true}}\nsteps:\n- {{wait: 1 hour}}\n"}).status_code == 201
    refused = shop.reader.post("/w/main/journeys/campaign", **fields(shop, name=name, intent="save"))
    assert refused.status_code == 422 and 'aria-invalid="true"' in refused.text and name in refused.text


def test_everyone_is_asked_where_that_is_fast(shop):
    """Of more people than are asked in one round, the counts are still those of all."""
    team = new_id("many")
    shop.call("POST", "/api/v1/segments", json={"name": team, "condition": f'team = "{team}"'})
    shop.send([{"type": "identify", "userId": f"{team}-{n}", "traits": {"team": team, **({"email": f"{team}-{n}@wren.example"} if n % 7 == 0 else {})}} for n in range(700)])
    segment = next(s["handle"] for s in shop.api("/api/v1/segments")["segments"] if s["name"] == team)
    text = " ".join(Page(shop.reader.post("/w/main/journeys/campaign", **{**fields(shop, name=new_id("m"), intent="count"), "segment": segment}).text).text.split())
    assert "Of 700 people, 100 can be reached by email, and 0 of them agreed" in text, text


def test_each_choice_of_the_form_is_in_the_document(shop):
    made = shop.reader.post("/w/main/journeys/campaign", **fields(
        shop, name=new_id("local"), channel="email", topic="offers", when="local", at="2031-05-04T09:00", zone="Europe/Madrid", perMinute="", canaries="no", holdout="", intent="save"))
    assert made.status_code == 303, made.text[-3000:]
    journey = shop.api("/api/v1/journeys/" + made.headers["location"].rsplit("/", 1)[1])["journey"]
    assert journey["trigger"] == {"campaign": fields(shop)["segment"], "at": "2031-05-04T09:00", "local": True}
    assert journey["zone"] == "Europe/Madrid" and "holdout" not in journey and "goal" not in journey and journey["steps"] == [{"message": "first-flush", "purpose": "marketing", "topic": "offers"}]


@pytest.mark.parametrize("field, changed", [
    ("name", {"name": ""}), ("at", {"when": "at", "at": ""}), ("at", {"when": "local", "at": "tomorrow"}), ("perMinute", {"perMinute": "many"}), ("share", {"share": "half"}), ("wait", {"wait": ""}),
    ("stopAbove", {"stopAbove": "200%"}), ("holdout", {"holdout": "abc"}), ("zone", {"zone": "Mars/Base"}), ("segment", {"segment": "nobody-here"}), ("template", {"template": "gone"}), ("channel", {"channel": "webhook"}),
    ("event", {"event": '"Order Completed" where ('}), ("revenue", {"event": "Order Completed", "revenue": "total"}), ("within", {"event": "Order Completed", "within": "soon"}),
])
def test_what_is_wrong_is_told_beside_its_field(shop, field, changed):
    sent = fields(shop, **{"name": new_id("wrong"), "intent": "save", **changed})
    answer = shop.reader.post("/w/main/journeys/campaign", **sent)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text, Page(answer.text).text[-1500:]
    assert re.search(rf'<(input|select) id="f-{field}"[^>]*autofocus', answer.text), "the hand is at it"
    assert html.escape(sent["holdout"], quote=True) in answer.text, "what was typed stays"


def test_a_name_that_is_taken_is_told_at_the_name(shop):
    sent = fields(shop, name=new_id("twice"), intent="save")
    assert shop.reader.post("/w/main/journeys/campaign", **sent).status_code == 303
    assert 'id="f-name-error"' in shop.reader.post("/w/main/journeys/campaign", **sent).text


@pytest.mark.parametrize("wait", ["1 second", "1 hour"])
def test_canaries_that_paused_it_say_why_and_what_to_do(make_martlet, wait):
    """Every message of the canaries fails: the page tells how many of how many, against which limit, and how many are left; of a pause by hand it tells only the latter."""
    server, sink = make_martlet(args=["--allow-private-destinations"]).start(), Sink(behave=lambda call, number: 400)
    reader = Reader(server).set_password()
    try:
        hook = server.call("POST", "/api/v1/destinations", json={"name": "hook", "url": sink.url}).json()
        assert server.call("PUT", "/api/v1/sending-policy", json={**server.api("/api/v1/sending-policy"), "webhookDestination": hook["id"]}).status_code == 200
        server.call("POST", "/api/v1/templates", json={"name": "hello", "kind": "json", "parts": {"json": "{\"a\": 1}"}})
        server.call("POST", "/api/v1/segments", json={"name": "all", "condition": 'team = "tea"'})
        server.send([{"type": "identify", "userId": f"u{n}", "traits": {"team": "tea"}} for n in range(40)])
        agree(server, [f"u{n}" for n in range(40)])
        yaml = f"name: careful\ntrigger:\n  campaign: all\n  canary: {{share: 20%, wait: {wait}, stopAbove: 2.5%}}\nsteps:\n- message: hello\n  channel: webhook\n  purpose: marketing\n"
        journey = server.call("POST", "/api/v1/journeys", json={"yaml": yaml}).json()["id"]
        page = lambda: " ".join(reader.page(f"/w/main/journeys/{journey}").text.split())
        assert server.call("POST", f"/api/v1/journeys/{journey}/start", json={}).status_code == 200
        wait_until(lambda: server.api(f"/api/v1/journeys/{journey}")["state"] == "paused", 60, what="the pause of the canaries")
        told = page()
        assert "Paused by what came of the first messages" in told
        failed, all_of = map(int, re.search(r"(\d+) of the first (\d+) messages failed: 100%, and 2\.5% is the limit\.", told).groups())
        left = int(re.search(r"(\d+) people have not got it\. See why in Deliveries; then start it again", told)[1])
        assert failed == all_of > 0 and failed + left <= 40 and left > 20, told
        assert [a for a in reader.page(f"/w/main/journeys/{journey}").all("a") if "state=dead" in a.get("href", "")]
        assert reader.post(f"/w/main/journeys/{journey}/start").status_code == 303
        reader.post(f"/w/main/journeys/{journey}/pause")
        assert "Paused by what came of the first messages" not in page(), "somebody paused it"
        assert server.api(f"/api/v1/journeys/{journey}")["state"] == "paused" and re.search(r"\d+ (person has|people have) not got it yet", page())
    finally:
        sink.close()


def test_the_mail_catcher_says_which_journeys_hold_people_out(shop):
    """Whoever waits for a mail that does not come reads that they may be one of those; of a journey that is stopped it says nothing."""
    name = new_id("holding")
    journey = shop.call("POST", "/api/v1/journeys", json={"yaml": f"name: {name}\ntrigger: {{api: true}}\nholdout: 5%\nsteps:\n- message: first-flush\n  purpose: marketing\n"}).json()["id"]
    told = lambda: f"{name}: holds 5% of people out" in " ".join(shop.reader.page("/w/main/catcher").text.split())
    assert not told()
    shop.call("POST", f"/api/v1/journeys/{journey}/start", json={})
    assert told()
    shop.call("POST", f"/api/v1/journeys/{journey}/stop", json={})
    assert not told()


# -- The canvas


YAML = """# The cart, by Ada.
name: %s   # never Basket
trigger:
  event: '"Product Added"'   # each
holdout: 5%%   # of all
steps:
# First.
- id: pause
  wait: 1 hour   # not less
- id: end
  exit: done
"""


def yaml_of(answer):
    return html.unescape(answer.text.split('name="yaml"')[1].split(">", 1)[1].split("</textarea>")[0].lstrip("\n"))


def pressed(shop, yaml, intent, **more):
    """What a button of the editor leads to, with the fields as they were drawn."""
    return shop.reader.post("/w/main/journeys", yaml=yaml, drawn=yaml, intent=intent, **more)


def focused(answer):
    """What has the focus: its name and value, or its text."""
    tags = [(tag, at) for tag, at in Page(answer.text).tags if "autofocus" in at]
    assert len(tags) == 1, tags
    tag, at = tags[0]
    return at.get("value") if tag == "button" else at.get("name") or tag


@pytest.mark.parametrize("kind, fields, trigger", [
    ("segment", {"at:/trigger/on": "exit"}, "  segment: {segment}\n  'on': exit\n"),
    ("date", {"at:/trigger/date": "customer.birthday", "at:/trigger/offsetDays": "-2", "at:/trigger/yearly": "false"}, "  date: customer.birthday\n  at: '09:00'\n  offsetDays: -2\n  yearly: false\n"),
    ("schedule", {"at:/trigger/schedule": "week", "at:/trigger/on": "mon, fri"}, "  schedule: week\n  at: '09:00'\n  segment: {segment}\n  'on': [mon, fri]\n"),
    ("campaign", {"at:/trigger/at": "2031-05-04T09:00", "at:/trigger/local": "true", "at:/trigger/perMinute": "50", "at:/trigger/canary/share": "5%", "at:/trigger/canary/wait": "1 hour", "at:/trigger/canary/stopAbove": "2%"},
     "  campaign: {segment}\n  at: '2031-05-04T09:00'\n  perMinute: 50\n  local: true\n  canary:\n    share: 5%\n    wait: 1 hour\n    stopAbove: 2%\n"),
    ("inaction", {"at:/trigger/without": '"Cart Left"', "at:/trigger/within": "30 minutes"}, "  inaction: '\"Product Added\"'\n  without: '\"Cart Left\"'\n  within: 30 minutes\n"),
    ("api", {}, "  api: true\n"),
])
def test_each_trigger_is_made_and_changed_by_fields(shop, kind, fields, trigger):
    """Every other line stays, with its comments; what is written is a journey that can be saved."""
    yaml = YAML % new_id(kind)
    made = pressed(shop, yaml, "kind:/trigger", **{"kind:/trigger": kind})
    assert made.status_code == 200 and focused(made) == "summary"
    text = yaml_of(made)
    answer = pressed(shop, text, "take:/trigger", **fields)
    segment = shop.api("/api/v1/segments")["segments"][0]["handle"]
    before, after = yaml.split("trigger:\n")[0], yaml.split("# each\n")[1]
    assert yaml_of(answer) == before + "trigger:\n" + trigger.format(segment=segment) + after, yaml_of(answer)
    saved = shop.reader.post("/w/main/journeys", yaml=yaml_of(answer), intent="save")
    assert saved.status_code == 303, Page(saved.text).text[-1500:]


def test_another_journey_begins_it_by_fields_and_business_days_are_the_shops_own(shop):
    """Days that are emptied are the usual ones again."""
    other = new_id("other")
    assert shop.call("POST", "/api/v1/journeys", json={"yaml": f"name: {other}\ntrigger: {{api: true}}\nsteps: []\n"}).status_code == 201
    yaml = YAML % new_id("next")
    made = pressed(shop, yaml, "kind:/trigger", **{"kind:/trigger": "journey"})
    assert made.status_code == 200 and "Left by" in made.text and f'value="{other}"' in made.text
    text = yaml_of(made)
    answer = pressed(shop, text, "take:/trigger", **{"at:/trigger/journey": other, "at:/trigger/reason": "goal, exit"})
    before, after = yaml.split("trigger:\n")[0], yaml.split("# each\n")[1]
    assert yaml_of(answer) == before + f"trigger:\n  journey: {other}\n  'on': exit\n  reason: [goal, exit]\n" + after, yaml_of(answer)
    text = yaml_of(pressed(shop, yaml_of(answer), "take:/rules", **{"at:/businessDays/on": "sun, mon, tue", "at:/businessDays/except": "12-25, 2026-04-03"}))
    saved = shop.reader.post("/w/main/journeys", yaml=text, intent="save")
    assert saved.status_code == 303, Page(saved.text).text[-1500:]
    journey = shop.api("/api/v1/journeys/" + saved.headers["Location"].split("/")[-1].split("?")[0])
    assert journey["journey"]["businessDays"] == {"on": ["sun", "mon", "tue"], "except": ["12-25", "2026-04-03"]} and journey["trigger"] == "journey", journey
    text = yaml_of(pressed(shop, journey["yaml"], "take:/rules", **{"at:/businessDays/on": "", "at:/businessDays/except": ""}))
    assert "businessDays" not in text, text


def test_rules_goal_and_exits_are_changed_by_fields_and_no_other_line_is(shop):
    yaml = YAML % new_id("rules")
    text = yaml_of(pressed(shop, yaml, "take:/rules", **{"at:/holdout": "7%", "at:/reentry": "once", "at:/key": "properties.cartId"}))
    assert text == yaml.replace("holdout: 5%", "holdout: 7%").replace("# of all\n", "# of all\nkey: properties.cartId\nreentry: once\n")
    text = yaml_of(pressed(shop, text, "take:/rules", **{"at:/key": "", "at:/reentry": ""}))
    assert text == yaml.replace("holdout: 5%", "holdout: 7%")
    goal = pressed(shop, text, "goal:/goal")
    assert "goal:\n  event: '\"Order Completed\"'\n  within: 7 days\nsteps:\n# First." in yaml_of(goal)
    changed = yaml_of(pressed(shop, yaml_of(goal), "take:/goal", **{"at:/goal/within": "14 days", "at:/goal/revenue": "properties.total", "at:/goal/ends": "false"}))
    assert "goal:\n  event: '\"Order Completed\"'\n  within: 14 days\n  revenue: properties.total\n  ends: false\nsteps:" in changed
    gone = pressed(shop, changed, "drop:/goal")
    assert yaml_of(gone) == text and focused(gone) == "goal:/goal"
    one = yaml_of(pressed(shop, text, "exit:/exits", **{"add:/exits": "event"}))
    two = pressed(shop, one, "exit:/exits", **{"add:/exits": "condition"})
    assert "exits:\n- event: '\"Order Completed\"'\n- condition: 'plan = \"premium\"'\nsteps:" in yaml_of(two).replace("  - ", "- "), yaml_of(two)
    mended = yaml_of(pressed(shop, yaml_of(two), "take:/exits/1", **{"at:/exits/1/condition": 'plan = "gold"'}))
    assert """condition: 'plan = "gold"'""" in mended
    assert yaml_of(pressed(shop, yaml_of(pressed(shop, mended, "drop:/exits/1")), "drop:/exits/0")) == text


def test_what_is_typed_in_a_field_is_lost_by_no_button(shop):
    """Save, and any other button, take over what stands in the fields; where the text was changed by hand as well, both stand."""
    name = new_id("typed")
    yaml = YAML % name
    saved = pressed(shop, yaml, "save", **{"at:/holdout": "9%", "step:/steps/0": "id: pause\r\nwait: 2 hours\r\n"})
    kept = shop.api("/api/v1/journeys/" + saved.headers["location"].rsplit("/", 1)[1])["journey"]
    assert kept["holdout"] == "9%" and kept["steps"][0]["wait"] == "2 hours"
    by_hand = shop.reader.post("/w/main/journeys", drawn=yaml, yaml=yaml.replace("1 hour", "3 hours"), intent="show", **{"at:/holdout": "9%"})
    assert yaml_of(by_hand) == yaml.replace("1 hour", "3 hours").replace("5%", "9%")


@pytest.mark.parametrize("place, typed", [("/holdout", "abc"), ("/trigger/event", "Product Added where ("), ("/zone", "Mars/Base"), ("/maximum", "soon")])
def test_a_wrong_value_is_told_beside_its_field_and_changes_nothing(shop, place, typed):
    yaml = YAML % new_id("wrong")
    answer = pressed(shop, yaml, "take:/rules", **{"at:" + place: typed})
    assert answer.status_code == 422 and yaml_of(answer) == yaml
    assert f'id="f-at:{place}-error"' in answer.text and f'value="{html.escape(typed)}"' in answer.text
    assert focused(answer) == "at:" + place
    assert '<details class="journey-edit" open>' in answer.text


def test_of_two_changed_fields_the_wrong_one_is_told(shop):
    answer = pressed(shop, YAML % new_id("two"), "take:/rules", **{"at:/holdout": "7%", "at:/reentry": "sometimes"})
    assert answer.status_code == 422 and focused(answer) == "at:/reentry", focused(answer)
    assert 'id="f-at:/reentry-error"' in answer.text and 'id="f-at:/holdout-error"' not in answer.text


def test_the_focus_stays_at_what_a_button_changed(shop):
    yaml = YAML % new_id("focus")
    assert focused(pressed(shop, yaml, "down:/steps/0")) == "up:/steps/1", "at the end there is no further way down"
    assert focused(pressed(shop, yaml, "up:/steps/1")) == "down:/steps/0"
    assert focused(pressed(shop, yaml, "remove:/steps/1")) == "summary"
    longer = pressed(shop, yaml, "add:/steps", **{"add:/steps": "wait"})
    assert focused(longer) == "summary" and longer.text.index("autofocus") > longer.text.index(">end<")
    assert focused(pressed(shop, yaml, "play")) == "play" and focused(pressed(shop, yaml, "show")) == "show"
    assert focused(pressed(shop, yaml.replace("wait: 1 hour", "wait: soon"), "save")) == "div"
    assert focused(pressed(shop, yaml, "change:/steps/0", **{"step:/steps/0": "id: pause\nwait: [\n"})) == "step:/steps/0"


def test_a_journey_of_two_hundred_steps_can_be_edited_by_its_fields(shop):
    yaml = "name: %s\ntrigger: {api: true}\nsteps:\n" % new_id("long") + "".join(f"- {{id: s{n}, wait: 1 hour}}\n" for n in range(200))
    answer = pressed(shop, yaml, "take:/rules", **{"at:/holdout": "3%"}, **{f"step:/steps/{n}": f"{{id: s{n}, wait: 1 hour}}\n" for n in range(200)})
    assert answer.status_code == 200 and "holdout: 3%" in yaml_of(answer)


def test_warnings_stand_on_the_page_each_with_its_next_step(shop):
    name = new_id("warned")
    yaml = f"name: {name}\ntrigger: {{api: true}}\nkey: properties.cart\nsteps:\n- message: {name}-gone\n  purpose: marketing\n  channel: pigeon\n- webhook: nowhere\n"
    made = shop.call("POST", "/api/v1/journeys", json={"yaml": yaml}).json()
    assert len(made["warnings"]) == 4
    page = shop.reader.page("/w/main/journeys/" + made["id"])
    text = " ".join(page.text.split())
    for words in (f"There is no template {name}-gone yet.", "There is no channel pigeon.", "There is no destination nowhere yet.", "never has the key properties.cart"):
        assert words in text, text
    links = [a["href"] for a in page.all("a")]
    assert f"/w/main/templates/new?name={name}-gone" in links and "/w/main/destinations" in links and f"/w/main/journeys/{made['id']}/edit" in links
    assert f'value="{name}-gone"' in shop.reader.get(f"/w/main/templates/new?name={name}-gone").text
    spanish = shop.reader.http.get(shop.url + "/w/main/journeys/" + made["id"] + "?lang=es", timeout=20).text
    shop.reader.get("/w/main/journeys?lang=en")
    assert "Aún no existe la plantilla" in spanish


def test_the_canvas_by_keyboard_alone(shop):
    """From the list to a journey with another trigger and one step more, without a mouse."""
    pytest.importorskip("selenium")
    from selenium.webdriver.common.keys import Keys
    driver = chromium()
    driver.implicitly_wait(5)
    active = lambda: driver.switch_to.active_element
    def enter(key=Keys.ENTER):
        driver.execute_script("document.documentElement.dataset.old = '1'")
        active().send_keys(key)
        wait_until(lambda: driver.execute_script("return !document.documentElement.dataset.old && document.readyState === 'complete'"), what="the next page")
    def focus(selector):
        driver.execute_script("arguments[0].focus()", find(driver, selector))
    try:
        driver.set_window_size(1440, 1000)
        driver.get(shop.url + "/sign-in?next=/w/main/journeys/new")
        submit(driver, "main form", password=PASSWORD)
        area = find(driver, "[name=yaml]")
        area.clear()
        area.send_keys(YAML % new_id("keys"))
        press(driver, "button[value=show]:not(.hidden)")
        focus("[value='down:/steps/0']")
        enter()
        assert active().get_attribute("value") == "up:/steps/1"
        enter(Keys.SPACE)
        assert active().get_attribute("value") == "down:/steps/0"
        rules = next(s for s in driver.find_elements("css selector", ".canvas summary") if "Rules" in s.get_attribute("textContent"))
        driver.execute_script("arguments[0].focus()", rules)
        active().send_keys(Keys.ENTER)
        field = find(driver, "[name='at:/holdout']")
        field.clear()
        field.send_keys("11%")
        enter()
        assert "holdout: 11%" in find(driver, "[name=yaml]").get_attribute("value"), "Enter in a field takes it over"
        assert active().tag_name == "summary" and "Rules" in active().get_attribute("textContent")
        active().send_keys(Keys.ENTER)
        field = find(driver, "[name='at:/holdout']")
        field.clear()
        field.send_keys("abc")
        enter()
        assert active().get_attribute("name") == "at:/holdout" and active().get_attribute("value") == "abc"
        fits(driver)
        for theme in ("dark", "light"):
            driver.get(shop.url + f"/w/main/journeys/new?theme={theme}")
            driver.execute_script("document.querySelectorAll('.canvas details').forEach(d => d.open = true)")
            fits(driver)
            shot(driver, "canvas-" + theme)
        for theme in ("dark", "light"):
            driver.get(shop.url + f"/w/main/journeys/campaign?theme={theme}")
            fits(driver)
            shot(driver, "campaign-" + theme)
        driver.get(shop.url + "/w/main/journeys/campaign")
        find(driver, "[name=name]").send_keys(new_id("browser"))
        find(driver, f"[name=segment] option[value='{fields(shop)['segment']}']").click()
        find(driver, "[name=purpose] option[value=marketing]").click()
        press(driver, "[value=count]")
        assert "Of 40 people" in find(driver, ".audience").text
        assert active().get_attribute("id") == "answer"
        driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        fits(driver)
        shot(driver, "campaign-counted")
        find(driver, "[name=holdout]").clear()
        find(driver, "[name=holdout]").send_keys("lots")
        press(driver, "[value=save]")
        assert active().get_attribute("name") == "holdout"
        fits(driver)
        shot(driver, "campaign-wrong")
        active().clear()
        active().send_keys("10%")
        press(driver, "[value=save]")
        assert "kept as a draft" in find(driver, "main").text
        fits(driver)
        for theme in ("dark", "light"):
            driver.get(driver.current_url.split("?")[0] + "?theme=" + theme)
            shot(driver, "campaign-page-" + theme)
        for language in ("es", "tr"):
            driver.get(shop.url + f"/w/main/journeys/campaign?lang={language}")
            fits(driver)
            shot(driver, "campaign-" + language)
        driver.get(shop.url + "/w/main/journeys?lang=en")
        no_complaints(driver)
    finally:
        driver.quit()


def test_axe_finds_nothing(shop):
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.get(shop.url + "/sign-in?next=/w/main/journeys")
        submit(driver, "main form", password=PASSWORD)
        for width in (1440, 390):
            driver.set_window_size(width, 1000)
            for theme in ("light", "dark"):
                for page in ("campaign", "new"):
                    driver.get(shop.url + f"/w/main/journeys/{page}?theme={theme}")
                    driver.execute_script("document.querySelectorAll('main details').forEach(d => d.open = true)")
                    no_barriers(driver, page, width, theme)
    finally:
        driver.quit()
