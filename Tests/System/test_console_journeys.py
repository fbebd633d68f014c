"""Journeys in a real browser: the steps are changed by buttons alone, stories are played, a rehearsal is looked at, on a desk and on a telephone, in light and in dark."""
import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader, no_barriers
from harness import new_id, wait_until
from test_console import NASTY
from test_console_walk import find, fits, heading, no_complaints, press, shot, submit

CART = """name: Abandoned cart
trigger:
  event: '"Product Added"'
holdout: 20%
goal:
  event: '"Order Completed"'
  revenue: properties.total
  within: 7 days
steps:
- id: reminder
  message: cart-reminder
  purpose: email.offers
- id: bought
  wait:
    until:
    - event: '"Order Completed" where total > 10'
      then:
      - exit: bought
    timeout: 1 day
  otherwise:
  - branch:
    - if: plan = "premium"
      then:
      - trait: {cart: left}
tests:
- name: who leaves is reminded
  story:
  - event: Product Added
  - expect: {step: bought}
"""


@pytest.fixture(scope="module")
def shop(shared):
    shared.reader = Reader(shared).set_password()
    shared.call("POST", "/api/v1/templates", json={"name": "cart-reminder", "kind": "text", "parts": {"text": "Your cart"}})
    made = shared.call("POST", "/api/v1/journeys", json={"yaml": CART}).json()
    shared.journey = made["id"]
    assert shared.call("POST", f"/api/v1/journeys/{made['id']}/start", json={}).status_code == 200
    shared.send([{"type": "track", "userId": f"u{n}", "event": "Product Added"} for n in range(60)])
    shared.send([{"type": "track", "userId": f"u{n}", "event": "Order Completed", "properties": {"total": 12.5}} for n in range(0, 60, 3)])
    wait_until(lambda: shared.call("GET", f"/api/v1/journeys/{made['id']}/results").json()["walked"]["converted"] > 10, what="the conversions")
    return shared


@pytest.mark.parametrize("nasty", NASTY)
def test_what_operators_write_is_text(shop, nasty):
    text = nasty.replace("\n", " ").replace("\0", "")[:150]
    answer = shop.reader.post("/w/main/journeys", yaml="name: '" + text.replace("'", "''") + "'\ntrigger: {api: true}\nsteps:\n- exit: '" + text.replace("'", "''")[:60] + "'\n", intent="show")
    page = Page(answer.text)
    assert answer.status_code in (200, 422)
    assert not page.all("img") and all(script.get("src", "").startswith("/console/assets/") for script in page.all("script"))
    assert not [tag for tag, attributes in page.tags if any(key.startswith("on") for key in attributes)]


def test_only_the_session_itself_writes(shop):
    for path in ["/w/main/journeys", f"/w/main/journeys/{shop.journey}/save", f"/w/main/journeys/{shop.journey}/pause", f"/w/main/journeys/{shop.journey}/stop", f"/w/main/journeys/{shop.journey}/start"]:
        assert shop.reader.post(path, csrf="wrong", yaml="x", confirm="x").status_code == 403
        assert Reader(shop).post(path, csrf="x").status_code == 401
    assert shop.reader.get("/w/main/journeys/nosuch").status_code == 404


def test_an_editor_that_is_older_than_what_is_saved_replaces_it_only_when_told_again(shop):
    """Of two windows with one document, the later save is held up once and tells of the other; journeys, templates, segments, computed traits and lists alike."""
    name = new_id("two")
    def make(what, **body):
        answer = shop.call("POST", f"/api/v1/{what}", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    journey = make("journeys", yaml=f"name: {name}\ntrigger: {{api: true}}\nsteps: [{{exit: done}}]\n")["id"]
    template = make("templates", name=name.lower(), kind="text", parts={"text": "one"})["id"]
    segment = make("segments", name=name, condition='plan = "gold"')["id"]
    computed = make("computed-traits", name=name.replace("-", "_"), measure='count of "Order Completed"')["id"]
    people = make("lists", name=name)["id"]
    for kind, thing, editor, fields, saved in [
        ("lists", people, f"/w/main/lists/{people}", lambda text: {"name": name, "source": "fair", "note": text, "expiry": ""}, lambda: shop.api(f"/api/v1/lists/{people}")["note"]),
        ("computed-traits", computed, f"/w/main/computed-traits/{computed}/edit", lambda text: {"note": text, "text": 'count of "Order Completed"', "zone": "UTC"}, lambda: shop.api(f"/api/v1/computed-traits/{computed}")["note"]),
        ("journeys", journey, f"/w/main/journeys/{journey}/edit", lambda text: {"yaml": f"name: {name}\nnote: {text}\ntrigger: {{api: true}}\nsteps: [{{exit: done}}]\n", "intent": "save"}, lambda: shop.api(f"/api/v1/journeys/{journey}")["note"]),
        ("templates", template, f"/w/main/templates/{template}", lambda text: {"name": name.lower(), "kind": "text", "note": text, "text": "one"}, lambda: shop.api(f"/api/v1/templates/{template}")["note"]),
        ("segments", segment, f"/w/main/segments/{segment}/edit", lambda text: {"name": name, "note": text, "text": 'plan = "gold"', "zone": "UTC"}, lambda: shop.api(f"/api/v1/segments/{segment}")["note"]),
    ]:
        edition = lambda page: next(i["value"] for i in page.all("input") if i.get("name") == "edition")
        begun = edition(shop.reader.page(editor))
        save = lambda text, edition: shop.reader.post(f"/w/main/{kind}/{thing}/save", **fields(text), edition=edition)
        assert save("first window", begun).status_code == 303
        held = save("second window", begun)
        assert held.status_code in (200, 422) and "second window" in held.text and "was saved meanwhile" in held.text, f"{kind}: {held.status_code} {held.text[:300]}"
        assert saved() == "first window"
        assert save("second window", edition(Page(held.text))).status_code == 303 and saved() == "second window"
        assert save("no edition", "").status_code == 303


def test_the_sending_policy_and_computed_traits_are_saved_over_what_was_seen(shop):
    """By the API with If-Match; in the console the later of two windows is held up once."""
    policy = shop.api("/api/v1/sending-policy")
    body = {key: value for key, value in policy.items() if key != "version"}
    put = lambda seen, **more: shop.call("PUT", "/api/v1/sending-policy", json={**body, **more}, headers={"If-Match": seen})
    assert put(f'"{policy["version"]}"', keepDays=300).status_code == 200
    late = put(f'"{policy["version"]}"', keepDays=200)
    assert late.status_code == 412 and late.json()["code"] == "document.stale" and shop.api("/api/v1/sending-policy")["keepDays"] == 300
    assert put("*").status_code == 200 and put("new").json()["code"] == "request.if-match"
    edition = lambda page: next(i["value"] for i in page.all("input") if i.get("name") == "edition")
    begun = edition(shop.reader.page("/w/main/sending-policy"))
    save = lambda days, edition: shop.reader.post("/w/main/sending-policy", caps="", quietHours="", zone=body["zone"], publicAddress="", webhookDestination="", keepDays=days, edition=edition)
    assert save("301", begun).status_code == 303
    held = save("302", begun)
    assert held.status_code == 422 and "was saved meanwhile" in held.text and shop.api("/api/v1/sending-policy")["keepDays"] == 301
    assert save("302", edition(Page(held.text))).status_code == 303 and shop.api("/api/v1/sending-policy")["keepDays"] == 302
    put("*")
    trait = shop.call("POST", "/api/v1/computed-traits", json={"name": new_id("seen").replace("-", "_"), "measure": 'count of "Order Completed"'}).json()
    change = lambda note: shop.call("PATCH", f"/api/v1/computed-traits/{trait['id']}", json={"note": note}, headers={"If-Match": f'"{trait["version"]}"'})
    assert change("first").status_code == 200 and change("second").status_code == 412 and shop.api(f"/api/v1/computed-traits/{trait['id']}")["note"] == "first"


def test_how_mail_is_sent_and_what_consent_is_asked_for_are_saved_over_what_was_seen(shop):
    """By the API with If-Match; in the console the later of two windows is held up once, and loses nothing."""
    edition = lambda page: next(i["value"] for i in page.all("input") if i.get("name") == "edition")
    settings = shop.api("/api/v1/consent-settings")
    put = lambda seen, **more: shop.call("PUT", "/api/v1/consent-settings", json={**settings, **more}, headers={"If-Match": seen})
    seen = f'"{settings["version"]}"'
    assert put(seen, channels=["email", "sms"]).json()["version"] == settings["version"] + 1
    late = put(seen, channels=["push"])
    assert late.status_code == 412 and late.json()["code"] == "document.stale" and shop.api("/api/v1/consent-settings")["channels"] == ["email", "sms"]
    begun = edition(shop.reader.page("/w/main/consent"))
    save = lambda channels, edition: shop.reader.post("/w/main/consent", purposes="marketing", channels=channels, topics="", edition=edition)
    assert save("email", begun).status_code == 303
    held = save("push", begun)
    assert held.status_code == 422 and "was saved meanwhile" in held.text and 'value="push"' in held.text and shop.api("/api/v1/consent-settings")["channels"] == ["email"]
    assert save("push", edition(Page(held.text))).status_code == 303 and shop.api("/api/v1/consent-settings")["channels"] == ["push"]
    refused = save("", edition(shop.reader.page("/w/main/consent")))
    assert refused.status_code == 422 and "was saved meanwhile" not in refused.text
    assert put("*").status_code == 200

    patch = lambda seen, **body: shop.call("PATCH", "/api/v1/channels/email", json=body, headers={"If-Match": seen} if seen else {})
    made = patch(None, **{"from": {"name": "Wren", "address": "a@wren.example"}, "host": "127.0.0.1", "port": 2525, "security": "none", "password": "first"})
    assert made.status_code == 200 and patch(f'"{made.json()["version"]}"', replyTo="r@wren.example").status_code == 200
    late = patch(f'"{made.json()["version"]}"', replyTo="x@wren.example", password="")
    assert late.status_code == 412 and late.json()["code"] == "document.stale"
    now = shop.api("/api/v1/channels/email")
    assert now["replyTo"] == "r@wren.example" and now["hasPassword"]
    page = shop.reader.page("/w/main/email")
    fields = {i["name"]: i.get("value", "") for i in page.all("input") if i.get("name") and i.get("type") not in ("checkbox", "hidden", "password")}
    save = lambda edition, **more: shop.reader.post("/w/main/email", **{**fields, "fromAddress": "a@wren.example", "security": "none", "edition": edition, **more})
    begun = edition(page)
    assert save(begun, replyTo="one@wren.example").status_code == 303
    held = save(begun, replyTo="two@wren.example", fromName="Two")
    assert held.status_code == 422 and "was saved meanwhile" in held.text and "two@wren.example" in held.text and shop.api("/api/v1/channels/email")["replyTo"] == "one@wren.example"
    assert save(edition(Page(held.text)), replyTo="two@wren.example").status_code == 303 and shop.api("/api/v1/channels/email")["replyTo"] == "two@wren.example"
    assert shop.call("DELETE", "/api/v1/channels/email").status_code == 200


def test_numbers_of_a_journey_lead_to_its_messages_and_what_rests_on_what_is_named(shop):
    name = new_id("led")
    segment = shop.call("POST", "/api/v1/segments", json={"name": f"Segment {name}", "condition": 'plan = "gold"'}).json()
    template = shop.call("POST", "/api/v1/templates", json={"name": name, "kind": "text", "parts": {"text": "Hello"}}).json()
    yaml = f"""name: {name}
trigger: {{api: true}}
steps:
- id: first
  message: {name}
  purpose: service
- id: second
  message: {name}
  purpose: nobody.agreed
- branch:
  - if: in segment "{segment["handle"]}"
    then: [{{exit: gold}}]
"""
    journey = shop.call("POST", "/api/v1/journeys", json={"yaml": yaml}).json()["id"]
    assert "No other segment names it" in shop.reader.get(f"/w/main/segments/{segment['id']}").text and "No journey under way sends it" in shop.reader.get(f"/w/main/templates/{template['id']}").text
    assert shop.call("POST", f"/api/v1/journeys/{journey}/start", json={}).status_code == 200
    for path in (f"segments/{segment['id']}", f"templates/{template['id']}"):
        assert any(link.get("href") == f"/w/main/journeys/{journey}" for link in shop.reader.page(f"/w/main/{path}").all("a")), path
    people = [f"{name}-{n}" for n in range(3)]
    shop.send([{"type": "identify", "userId": person, "traits": {"email": f"{person}@wren.example"}} for person in people])
    for person in people:
        assert shop.call("POST", f"/api/v1/journeys/{journey}/enter", json={"userId": person}).status_code in (200, 202)
    step = lambda number: shop.api(f"/api/v1/journeys/{journey}/results")["steps"][number]
    wait_until(lambda: step(1)["refused"] == 3, what="the refusals")
    page = shop.reader.page(f"/w/main/journeys/{journey}")
    links = [link["href"] for link in page.all("a") if "/deliveries?" in link.get("href", "")]
    refused = f"/w/main/deliveries?originId={journey}&step=second&state=refused"
    assert refused in links and f"/w/main/deliveries?originId={journey}&step=first" in links
    assert step(0)["refused"] == shop.api("/api/v1/messages", originId=journey, step="first", state="refused")["messages"].__len__()
    shown = shop.reader.page(refused)
    assert len([link for link in shown.all("a") if link.get("href", "").startswith("/w/main/deliveries/jny_")]) == 3 and "Only what was decided by" in shown.text
    assert all(f"originId={journey}" in link["href"] and "step=second" in link["href"] for link in shown.all("a") if "state=" in link.get("href", "") and "/deliveries?" in link["href"])
    assert {m["key"].split(":")[-1] for m in shop.api("/api/v1/messages", originId=journey)["messages"]} >= {"first", "second"} and not shop.api("/api/v1/messages", originId=journey, step="third")["messages"]
    assert not shop.api("/api/v1/messages", originId="jny_nosuch")["messages"]
    listed = shop.cli("message", "list", "--journey", journey, "--step", "second", "--state", "refused").stdout
    assert listed.count(f"{journey}:") == 3 and ":first" not in listed
    # What a new version changes stands above the button that starts it.
    assert shop.call("PUT", f"/api/v1/journeys/{journey}", json={"yaml": yaml.replace("purpose: nobody.agreed", "purpose: <service> & more")}).status_code == 200
    html = shop.reader.get(f"/w/main/journeys/{journey}").text
    assert "What changes" in html and "purpose: nobody.agreed</del>" in html and "purpose: &lt;service&gt; &amp; more</ins>" in html and "lines stay" in html


def test_the_api_changes_segments_lists_templates_and_journeys_over_what_was_seen(shop):
    """With If-Match of an older version they are refused, and stay; without it the later one counts."""
    name = new_id("seen")
    yaml = lambda note: f"name: {name}\nnote: {note}\ntrigger: {{api: true}}\nsteps: [{{exit: done}}]\n"
    for kind, method, made, change in [
        ("segments", "PATCH", {"name": name, "condition": 'plan = "gold"'}, lambda note: {"note": note}),
        ("lists", "PATCH", {"name": name}, lambda note: {"note": note}),
        ("templates", "PATCH", {"name": name.lower(), "kind": "text", "parts": {"text": "one"}}, lambda note: {"note": note}),
        ("journeys", "PUT", {"yaml": yaml("new")}, lambda note: {"yaml": yaml(note)}),
    ]:
        thing = shop.call("POST", f"/api/v1/{kind}", json=made).json()
        path = f"/api/v1/{kind}/{thing['id']}"
        write = lambda note, **headers: shop.call(method, path, json=change(note), headers=headers)
        assert thing["version"] == 1 and write("first", **{"If-Match": '"1"'}).json()["version"] == 2, kind
        late = write("second", **{"If-Match": '"1"'})
        assert late.status_code == 412 and late.json()["code"] == "document.stale" and shop.api(path)["note"] == "first", (kind, late.text)
        assert write("third", **{"If-Match": "new"}).json()["code"] == "request.if-match" and shop.api(path)["version"] == 2
        assert write("fourth").status_code == 200 and write("fifth", **{"If-Match": "3"}).status_code == 200 and shop.api(path)["note"] == "fifth", kind


def test_the_rehearsal_of_a_campaign_says_what_is_not_played(shop):
    name = new_id("gaps")
    segment = shop.call("POST", "/api/v1/segments", json={"name": name, "condition": 'plan = "gold"'}).json()["handle"]
    text = f"name: {name}\ntrigger: {{campaign: {segment}, at: '2026-05-04T09:00', local: true, canary: {{share: 5%, wait: 1 hour, stopAbove: 2%}}}}\nsteps: [{{message: m, purpose: service}}]\n"
    campaign = shop.call("POST", "/api/v1/journeys", json={"yaml": text}).json()["id"]
    gaps = lambda journey: [words in shop.reader.page(f"/w/main/journeys/{journey}/rehearsal?days=7").text for words in ("messages say is not played", "people are looked for three times")]
    assert gaps(campaign) == [True, True] and gaps(shop.journey) == [False, False]
    says, own = "What its own steps write (traits, events) is not played", f"name: {name}-own\ntrigger: {{api: true}}\nsteps:\n- trait: {{tier: gold}}\n- filter: tier = \"gold\"\n"
    writing = shop.call("POST", "/api/v1/journeys", json={"yaml": own}).json()["id"]
    next_one = shop.call("POST", "/api/v1/journeys", json={"yaml": f"name: {name}-next\ntrigger: {{journey: {name}-own}}\nsteps: []\n"}).json()["id"]
    assert [says in shop.reader.page(f"/w/main/journeys/{journey}/rehearsal?days=7").text for journey in (writing, campaign, next_one)] == [True, False, False]
    assert "who really passed through that one is played" in shop.reader.page(f"/w/main/journeys/{next_one}/rehearsal?days=7").text


def test_the_page_tells_the_change_of_revenue_and_that_nothing_is_compared_without_a_goal(shop):
    """And who still stands in a version before the one that was started."""
    name = new_id("worth")
    text = lambda more, steps="[{wait: 1 day}]": f"name: {name}\ntrigger: {{event: '\"{name}\"'}}\nholdout: 40%\n{more}steps: {steps}\n"
    goal = f"goal: {{event: '\"{name} bought\"', revenue: properties.total, within: 7 days, ends: false}}\n"
    journey = shop.call("POST", "/api/v1/journeys", json={"yaml": text(goal)}).json()["id"]
    page = lambda: shop.reader.page(f"/w/main/journeys/{journey}").text
    assert shop.reader.post(f"/w/main/journeys/{journey}/start").status_code == 303
    users = [f"{name}-{n}" for n in range(160)]
    shop.send([{"type": "track", "userId": user, "event": name} for user in users])
    results = lambda: shop.api(f"/api/v1/journeys/{journey}/results")
    wait_until(lambda: results()["walked"]["people"] + results()["heldOut"]["people"] == 160, what="everyone in")
    shop.send([{"type": "track", "userId": user, "event": f"{name} bought", "properties": {"total": 20 + n % 7}} for n, user in enumerate(users)])
    wait_until(lambda: results()["walked"]["converted"] + results()["heldOut"]["converted"] == 160, what="the orders")
    lift = results()["revenueLift"]
    assert ("Of the revenue of a person nothing is proved" in page()) == (lift["low"] <= 0 <= lift["high"]) and "revenue of a person" in page(), (lift, page()[-2000:])
    assert "stand in older versions" not in page()
    shop.call("PUT", f"/api/v1/journeys/{journey}", json={"yaml": text("", "[{wait: 2 days}]")})
    assert shop.reader.post(f"/w/main/journeys/{journey}/start").status_code == 303
    assert "Without a goal nothing is compared" in page() and f"{results()['walked']['people']} runs stand in older versions." in page()


@pytest.mark.parametrize("policy, standing, ended", [("finish", {1: 3}, 0), ("migrate", {2: 3}, 0), ("leave", {}, 3), ("", {1: 3}, 0)])
def test_a_new_version_asks_what_those_in_the_old_one_do(shop, policy, standing, ended):
    """The page tells how many stand where before a version is started, and they do what is chosen; a stopped journey is deleted there, by its name."""
    name = new_id("versions")
    text = lambda note: f"name: {name}\nnote: {note}\ntrigger: {{api: true}}\nsteps:\n- {{id: pause, wait: 1 day}}\n"
    journey = shop.call("POST", "/api/v1/journeys", json={"yaml": text("one")}).json()["id"]
    path = f"/w/main/journeys/{journey}"
    assert shop.reader.post(path + "/start").status_code == 303
    shop.send([{"type": "identify", "userId": f"{name}-{n}", "traits": {}} for n in range(3)])
    for n in range(3):
        shop.call("POST", f"/api/v1/journeys/{journey}/enter", json={"userId": f"{name}-{n}"})
    stands = lambda: {row["version"]: row["count"] for row in shop.api(f"/api/v1/journeys/{journey}/standing")["standing"]}
    wait_until(lambda: stands() == {1: 3}, what="three inside")
    assert not [s for s in shop.reader.page(path).all("select") if s.get("name") == "policy"]
    shop.call("PUT", f"/api/v1/journeys/{journey}", json={"yaml": text("two")})
    page = shop.reader.page(path)
    assert "3 runs stand in older versions." in page.text and [s for s in page.all("select") if s.get("name") == "policy"]
    assert shop.reader.post(path + "/start", **({"policy": policy} if policy else {})).status_code == 303
    wait_until(lambda: stands() == standing, what=policy)
    assert sum(row["count"] for row in shop.api(f"/api/v1/journeys/{journey}/results")["ended"]) == ended
    shop.reader.post(path + "/delete", confirm=name)
    assert shop.reader.get(path).status_code == 200, "people are inside"
    shop.reader.post(path + "/stop", confirm=name)
    shop.reader.post(path + "/delete", confirm="another name")
    assert shop.reader.get(path).status_code == 200
    assert shop.reader.post(path + "/delete", confirm=name).status_code == 303 and shop.reader.get(path).status_code == 404


def test_a_persons_page_tells_what_became_of_what_was_decided(shop):
    """Beside each decision its message's state and reason, with the way to the whole answer."""
    user = new_id("why")
    people = [f"{user}-{n}" for n in range(10)]
    shop.send([{"type": "track", "userId": who, "event": "Product Added"} for who in people])
    for who in people:
        profile = shop.profile(userId=who)["id"]
        wait_until(lambda: shop.api("/api/v1/journeys/runs", userId=who)["runs"], what="the run")
        history = shop.api("/api/v1/journeys/runs", userId=who)["runs"][0]["history"]
        decided = [note["intent"] for note in history if note["what"] == "decided"]
        if decided:
            break
    assert decided, "all are held out"
    wait_until(lambda: shop.call("GET", f"/api/v1/messages/{decided[0]}").json()["state"] == "refused", what="the refusal")
    page = shop.reader.page(f"/w/main/profiles/{profile}/journeys")
    links = [a["href"] for a in page.all("a") if "/deliveries/" in a.get("href", "")]
    assert links and shop.reader.get(links[0]).status_code == 200
    assert "Refused" in page.text


def test_why_in_each_journey_stands_on_one_page(shop):
    """Also of a journey that they never came into, in each language; and at the command line."""
    user, name = new_id("never"), new_id("unbegun")
    made = shop.call("POST", "/api/v1/journeys", json={"yaml": f"name: {name}\ntrigger: {{event: '\"Never Done\"'}}\nsteps:\n- {{wait: 1 hour}}\n"}).json()["id"]
    shop.call("POST", f"/api/v1/journeys/{made}/start", json={})
    shop.send([{"type": "track", "userId": user, "event": "Something Else"}])
    profile = shop.profile(userId=user)["id"]
    for language, text in (("es", "No hizo lo que lo inicia"), ("tr", "Başlatan şeyi yapmadı"), ("en", "Has not done what begins it")):
        page = shop.reader.page(f"/w/main/profiles/{profile}/journeys?lang={language}")
        assert text in page.text and name in page.text
    said = shop.cli("journey", "why", f"userId:{user}", "--journey", name)
    assert said.stdout.startswith("no-event  No "), said.stdout
    shop.call("POST", f"/api/v1/journeys/{made}/stop", json={})


def edit(shop, yaml, intent, **fields):
    """What the editor shows as the text after a button was pressed."""
    answer = shop.reader.post("/w/main/journeys", yaml=yaml, intent=intent, **fields)
    assert answer.status_code in (200, 422), answer.status_code
    return answer.text.split('name="yaml"')[1].split(">", 1)[1].split("</textarea>")[0].lstrip("\n").replace("&quot;", '"').replace("&#39;", "'").replace("&gt;", ">").replace("&amp;", "&")


def test_buttons_write_the_text(shop):
    added = edit(shop, CART, "add:/steps", **{"add:/steps": "wait"})
    assert added == CART.replace("\ntests:", "\n- wait: 1 day\ntests:")
    moved = edit(shop, added, "up:/steps/2")
    assert moved.index("wait: 1 day") < moved.index("id: bought")
    assert edit(shop, moved, "down:/steps/1") == added
    assert edit(shop, moved, "remove:/steps/1") == CART == edit(shop, CART, "remove:/steps/9")
    assert "premium" not in edit(shop, CART, "remove:/steps/1/otherwise/0")
    inner = edit(shop, CART, "add:/steps/1/wait/until/0/then", **{"add:/steps/1/wait/until/0/then": "trait"})
    assert inner.index("exit: bought") < inner.index("journey: walked") < inner.index("timeout")
    noted = CART.replace("- id: reminder", "# At once.\n- id: reminder   # Ada's").replace("then:\n      - exit", "then:\n      # Enough.\n      - exit")
    for verb, at in [("add", "/steps"), ("down", "/steps/0"), ("remove", "/steps/1/otherwise/0"), ("add", "/steps/1/wait/until/0/then")]:
        kept = edit(shop, noted, f"{verb}:{at}", **{"add:" + at: "exit"})
        assert kept != noted and all(comment in kept for comment in ("# At once.\n- id: reminder   # Ada's", "      # Enough.\n      - exit: bought")), kept
    changed = edit(shop, CART, "change:/steps/0", **{"step:/steps/0": "id: reminder\nmessage: other\npurpose: email.news\n"})
    assert "message: other" in changed and "cart-reminder" not in changed


def test_journeys_in_a_browser(shop):
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.set_window_size(1440, 1000)
        driver.get(shop.url + "/sign-in?next=/w/main/journeys")
        submit(driver, "main form", password=PASSWORD)
        assert "Abandoned cart" in find(driver, "main").text
        fits(driver)
        shot(driver, "journeys-list")
        driver.get(shop.url + f"/w/main/journeys/{shop.journey}")
        assert "Held out" in find(driver, "main").text and "came " in find(driver, ".journey-counts").text
        for theme in ["dark", "light"]:
            driver.get(driver.current_url.split("?")[0] + "?theme=" + theme)
            fits(driver)
            shot(driver, "journey-" + theme)
        driver.get(shop.url + f"/w/main/journeys/{shop.journey}/rehearsal?days=7")
        assert "Rehearsal of" in heading(driver)
        fits(driver)
        shot(driver, "journey-rehearsal")
        driver.get(shop.url + "/w/main/journeys/new")
        fits(driver)
        shot(driver, "journey-new")
        name = new_id("walked")
        area = find(driver, "[name=yaml]")
        area.clear()
        area.send_keys(CART.replace("name: Abandoned cart", "name: " + name))
        press(driver, "button[value=show]:not(.hidden)")
        find(driver, "[name='add:/steps'] option[value=wait]").click()
        press(driver, "[value='add:/steps']")
        assert len(driver.find_elements("css selector", ".panel > ol.journey > li")) == 3
        fits(driver)
        for theme in ["dark", "light"]:
            shot(driver, "journey-edit-" + theme)
        press(driver, "button[value=play]")
        assert "Kept" in find(driver, "[role=status]").text
        shot(driver, "journey-stories")
        press(driver, "button[value=save]")
        assert "The journey is saved" in find(driver, "main").text and heading(driver) == name
        press(driver, "form[action$='/start'] button")
        assert "The journey is live" in find(driver, "main").text
        press(driver, "form[action$='/pause'] button")
        assert "The journey is paused" in find(driver, "main").text
        person = shop.profile(userId="u1")["id"]
        driver.get(shop.url + f"/w/main/profiles/{person}")
        press(driver, ".facts a[href$='/journeys']")
        assert "Abandoned cart" in find(driver, "main").text and "Entered" in find(driver, "main").text
        fits(driver)
        shot(driver, "journeys-of-person")
        for language in ["es", "tr"]:
            driver.get(shop.url + f"/w/main/journeys/{shop.journey}?lang={language}")
            fits(driver)
            shot(driver, "journey-" + language)
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
            for page in ("", "/new", f"/{shop.journey}", f"/{shop.journey}/edit", f"/{shop.journey}/rehearsal"):
                driver.get(shop.url + "/w/main/journeys" + page)
                no_barriers(driver, page, width)
    finally:
        driver.quit()


def test_a_draft_hides_nothing_of_what_is_live(shop):
    name = new_id("drafted")
    text = "name: %s\ntrigger: {api: true}\nsteps:\n- {id: first, wait: 1 hour}\n" % name
    made = shop.call("POST", "/api/v1/journeys", json={"yaml": text}).json()["id"]
    shop.call("POST", f"/api/v1/journeys/{made}/start", json={})
    assert "in which people begin" not in shop.reader.get(f"/w/main/journeys/{made}").text
    shop.call("PUT", f"/api/v1/journeys/{made}", json={"yaml": text.replace("first", "second")})
    page = shop.reader.get(f"/w/main/journeys/{made}").text
    assert ">first<" in page and ">second<" not in page and "Of version 1, in which people begin" in page
    assert "second" in shop.reader.get(f"/w/main/journeys/{made}/edit").text
