"""What comes in, as the console tells it: sources that fall silent or are disabled, refusals in the reader's language, first steps, API tokens."""
import html
import json
import re
import sqlite3

from console_client import Page, Reader
from harness import new_id, wait_until

#: Every reason for which one event waits in quarantine, with an event that has it.
REFUSED = {
    "event.not-object": 7, "event.type-unknown": {"type": "steep", "userId": "u"}, "event.no-identity": {"type": "track", "event": "Tea"},
    "event.identifier-too-long": {"type": "track", "event": "Tea", "userId": "u" * 2049}, "event.name-missing": {"type": "track", "userId": "u"},
    "event.group-missing": {"type": "group", "userId": "u"}, "event.previous-missing": {"type": "alias", "userId": "u"},
}


def source(shop, name):
    return next(s for s in shop.api("/api/v1/sources")["sources"] if s["name"] == name)


def made(shop, ada):
    name = new_id("Till")
    ada.post("/w/main/sources", name=name)
    return source(shop, name)


def test_disabling_a_source_names_what_is_lost_and_wants_its_name(shop, ada):
    till = made(shop, ada)
    path = f"/w/main/sources/{till['id']}"
    page = ada.get(path).text
    dialog = page[page.index('id="disable"'):]
    assert "is lost" in dialog and f'action="{path}/disable"' in dialog and 'name="confirm"' in dialog
    assert ada.post(path + "/disable", confirm="").status_code == 303
    assert ada.post(path + "/disable", confirm="another").status_code == 303
    assert source(shop, till["name"])["enabled"]
    assert ada.post(path + "/disable", confirm=till["name"]).status_code == 303
    assert not source(shop, till["name"])["enabled"]
    assert ada.post(path + "/enable").status_code == 303, "what harms nobody asks nothing"


def test_a_refused_name_stays_in_its_field(shop, ada):
    till, other = made(shop, ada), made(shop, ada)
    answer = ada.post(f"/w/main/sources/{till['id']}/rename", name=other["name"])
    field = next(f for f in Page(answer.text).all("input") if f.get("id") == "f-name")
    assert answer.status_code == 422 and field["value"] == other["name"] and "autofocus" in field and field["aria-invalid"] == "true"
    field = next(f for f in ada.page(f"/w/main/sources/{till['id']}").all("input") if f.get("id") == "f-name")
    assert field["value"] == till["name"] and "autofocus" not in field


def test_a_source_receives_only_while_events_come(shop, ada):
    till = made(shop, ada)
    path = f"/w/main/sources/{till['id']}"
    assert "Waiting for its first event" in ada.get(path).text
    shop.send([{"type": "track", "userId": "grace", "event": "Tea"}], key=till["writeKey"])
    wait_until(lambda: "Receiving" in ada.get(path).text, what="the source")
    assert "Silent since" not in ada.get(path).text


def test_waiting_means_what_the_list_shows(shop, ada):
    till = made(shop, ada)
    path = f"/w/main/sources/{till['id']}"
    assert 'class="tile caution"' not in ada.get(path).text, "nothing waits: no colour"
    shop.post_batch([{"type": "track", "userId": "u", "messageId": new_id("bad")} for _ in range(3)], key=till["writeKey"])
    tile = lambda: re.search(r'<a class="tile caution" href="([^"]+)"><span>Waiting in quarantine</span>\s*<strong>(\d+)', ada.get(path).text)
    wait_until(lambda: tile() and tile()[2] == "3", what="three in quarantine")
    listed = ada.get(html.unescape(tile()[1])).text
    ids = re.findall(r'id="q-(\d+)"', listed)
    assert len(ids) == 3
    ada.post(f"/w/main/quarantine/{ids[0]}/delete")
    assert tile()[2] == "2", "one less waits"


def test_reasons_are_told_in_the_readers_language(shop):
    """Title and remedy of every reason, in quarantine and on Live; the code stands beside it, and nothing is printed with its backquotes."""
    till = shop.create_source(new_id("Codes"))
    shop.post_batch(list(REFUSED.values()), key=till["writeKey"])
    shop.post("/v1/batch", b'{"batch": [', key=till["writeKey"])
    rows = shop.api("/api/v1/quarantine", source=till["name"])["rejected"]
    assert {r["code"] for r in rows} == set(REFUSED) | {"body.not-json"}
    page = {language: Reader(shop, **{"Accept-Language": language}) for language in ("en", "es", "tr")}
    for reader in page.values():
        reader.sign_in()
    texts = {language: reader.get("/w/main/quarantine", params={"source": till["name"]}).text for language, reader in page.items()}
    for language, text in texts.items():
        shown = html.unescape(text.split("</nav>")[-1].split('id="api"')[0])
        for row in rows:
            assert f'<code class="quiet">{row["code"]}</code>' in text, (language, row["code"])
            if language != "en":
                assert row["reason"] not in shown and row["remedy"] not in shown, (language, row["code"])
        assert not re.search(r'class="remedy">[^\n]*`', text), language
    assert "Sin userId ni anonymousId utilizables" in texts["es"] and "track çağrısında olayın adı eksik" in texts["tr"]
    assert "(byte " in texts["es"], "where in the body it is"
    assert "Pon en <code>event</code> un texto como <code>Order Completed</code>" in texts["es"]
    assert "Una llamada track necesita el nombre del evento" in page["es"].get("/w/main/live").text


def test_what_the_console_has_no_words_for_is_told_as_it_came(shop, ada):
    """A code of a later version: its English, with code where backquotes are."""
    shop.post("/v1/track", {"userId": "later"})
    with sqlite3.connect(shop.data / "workspaces/main/workspace.sqlite", timeout=10) as db:
        (newest,) = db.execute("SELECT max(id) FROM ingest_quarantine").fetchone()
        db.execute("UPDATE ingest_quarantine SET reasons = ? WHERE id = ?", (json.dumps([{"code": "event.brewed-twice", "problem": "The tea `x<y` was brewed twice.", "remedy": "Set `once`."}]), newest))
    text = ada.get("/w/main/quarantine?code=event.brewed-twice").text
    assert "The tea <code>x&lt;y</code> was brewed twice." in text and "Set <code>once</code>." in text


def test_the_filter_stays_after_a_correction(shop, ada):
    till = shop.create_source(new_id("Filter"))
    shop.post_batch([{"type": "track", "userId": "u", "messageId": new_id("bad")} for _ in range(3)], key=till["writeKey"])
    query = f"code=event.name-missing&source={till['name']}"
    text = ada.get(f"/w/main/quarantine?{query}").text
    forms = [html.unescape(a) for a in re.findall(r'<form method="post" action="(/w/main/quarantine/[^"]+)"', text)]
    replay, delete = next(f for f in forms if "/replay" in f), [f for f in forms if "/delete" in f][-1]
    answer = ada.post(replay, payload='{"type": "track", "userId": "u"}')
    field = next(f for f in Page(answer.text).all("textarea") if "autofocus" in f)
    assert answer.status_code == 422 and field["aria-invalid"] == "true" and field["aria-describedby"]
    assert html.unescape(re.search(r'href="([^"]+)"[^>]*hreflang="es"', answer.text)[1]).startswith(f"/w/main/quarantine?{query}")
    answer = ada.post(replay, payload=json.dumps({"type": "track", "userId": "u", "event": "Tea", "messageId": new_id("good")}))
    assert answer.status_code == 303 and answer.headers["Location"] == f"/w/main/quarantine?{query}"
    answer = ada.post(delete)
    assert answer.status_code == 303 and answer.headers["Location"] == f"/w/main/quarantine?{query}"


def test_as_api_asks_for_what_the_page_shows(shop, ada):
    till = shop.create_source(new_id("Drawer"))
    shop.post_batch([{"type": "track", "userId": "u", "messageId": new_id("bad")}, {"type": "group", "userId": "u"}], key=till["writeKey"])
    text = html.unescape(ada.get(f"/w/main/quarantine?code=event.name-missing&source={till['name']}").text)
    path = f"/api/v1/quarantine?code=event.name-missing&source={till['name']}"
    assert path + " \\" in text
    assert [r["code"] for r in shop.api(path)["rejected"]] == ["event.name-missing"]
    assert shop.api("/api/v1/quarantine", source="Nobody")["rejected"] == []
    device, user = new_id("device"), new_id("u")
    shop.send([{"type": "identify", "anonymousId": device, "userId": user}, {"type": "identify", "userId": user + "-other"}])
    text = html.unescape(ada.get(f"/w/main/profiles?q={user}&merged=1").text)
    path = f"/api/v1/profiles?q={user}&merged=true"
    assert path + " \\" in text
    assert [p["id"] for p in shop.api(path)["profiles"]] == [shop.profile(userId=user)["id"]]
    assert len(shop.api(f"/api/v1/profiles?q={user}")["profiles"]) == 2


def test_a_refused_first_event_is_told_and_later_steps_follow(make_martlet):
    martlet = make_martlet(args=["--mail-catcher", "0"]).start()
    reader = Reader(martlet).set_password()
    martlet.create_source("Shop")
    assert "was refused" not in reader.get("/w/main").text
    martlet.post("/v1/track", {"event": "Tea"})
    text = reader.get("/w/main").text
    assert "An event came and was refused: <strong>No usable userId or anonymousId</strong>" in text and 'href="/w/main/quarantine"' in text
    assert "verdict=accepted" in text, "a further refusal does not reload the page"
    assert "Llegó un evento y fue rechazado" in reader.get("/w/main?lang=es").text
    reader.get("/w/main?lang=en")
    martlet.send([{"type": "track", "userId": "ada", "event": "Tea"}])
    text = reader.get("/w/main").text
    assert "was refused" not in text and 'href="/w/main/segments/new"' in text and "Catch your first message" in text
    for n in range(12):
        martlet.track(userId=f"u{n}")
    text = reader.get("/w/main").text
    assert Page(text).headings == ["Home"] and "Make your first segment" in text, "until it is done"
    assert martlet.call("POST", "/api/v1/segments", json={"name": "Everyone", "condition": 'did "Tea Steeped"'}).status_code == 201
    wait_until(lambda: 'href="/w/main/segments/new"' not in reader.get("/w/main").text, what="the segment with people in it")


def test_newest_profiles_say_when_they_were_met(shop, ada):
    user = new_id("met")
    shop.send([{"type": "track", "userId": new_id("guest"), "event": "Tea"} for _ in range(10)])
    shop.send([{"type": "track", "userId": user, "event": "Tea", "timestamp": "2026-01-05T10:00:00Z"}, {"type": "track", "userId": user, "event": "Tea", "timestamp": "2026-06-05T10:00:00Z"}])
    text = ada.get("/w/main").text
    line = next(line for line in re.findall(r"<li>.*?</li>", text[text.index('id="newest-title"'):], re.S) if user in line)
    assert 'datetime="2026-01-05' in line and "2026-06-05" not in line


# -- tokens


def token_form(reader):
    text = reader.get("/w/main/tokens").text
    return re.search(r'name="once" value="([^"]+)"', text)[1]


def test_every_scope_says_what_it_may(shop, ada):
    text = ada.get("/w/main/tokens").text
    scopes = re.findall(r'<label for="scope-\d+"><code>([^<]+)</code> <span class="quiet">([^<]*)</span>', text)
    assert len(scopes) > 25 and not [name for name, words in scopes if not words]


def test_a_refused_token_keeps_its_ticks_and_says_so_first(shop, ada):
    answer = ada.post("/w/main/tokens", name=" ", scope=["profiles:read", "events:read"])
    ticked = [f["value"] for f in Page(answer.text).all("input") if f.get("name") == "scope" and "checked" in f]
    assert answer.status_code == 422 and sorted(ticked) == ["events:read", "profiles:read"]
    for answer, target in ((answer, "#f-name"), (ada.post("/w/main/tokens", name=new_id("Rep")), "#scope-0")):
        main = answer.text[answer.text.index('<main'):]
        summary = re.search(r'<div class="notice critical" role="alert" tabindex="-1" autofocus>.*?</div>', main)[0]
        assert f'href="{target}"' in summary and main.index(summary) < main.index("<form")


def test_one_form_makes_one_token_and_a_name_is_used_once(shop, ada):
    name, once = new_id("Reporting"), token_form(ada)
    first = ada.post("/w/main/tokens", name=name, scope="events:read", once=once)
    assert first.status_code == 200 and "mt_" in first.text
    again = ada.post("/w/main/tokens", name=name, scope="events:read", once=once)
    assert again.status_code == 422 and "mt_" not in again.text and "Nothing was created now" in again.text
    taken = ada.post("/w/main/tokens", name=name, scope="events:read", once=token_form(ada))
    assert taken.status_code == 422 and "already" in taken.text
    named = [t for t in shop.api("/api/v1/tokens")["tokens"] if t["name"] == name]
    assert len(named) == 1
    assert ada.post("/w/demo/tokens", name=name, scope="events:read", once=token_form(ada)).status_code == 200, "another workspace has names of its own"
    ada.post(f"/w/main/tokens/{named[0]['id']}/revoke", confirm=name)
    assert ada.post("/w/main/tokens", name=name, scope="events:read", once=token_form(ada)).status_code == 200, "a revoked one's name is free"


def test_what_a_sender_escaped_is_read_in_its_characters(shop, ada):
    """A sender may write each letter by its number; people read letters. What would turn the words around it stays a number, and markup is text."""
    user = new_id("zoe")
    first, second = '"Zo\\u00eb \\ud83c\\udf75 \\u003cb\\u003e"', '"\\u202egnp.exe"'
    body = '{"batch": [' + ", ".join(
        '{"type": "%s", "userId": "%s", "groupId": "g-%s", "event": "Tea", "messageId": "%s", "traits": {"label": %s, "nested": {"label": %s}, "back": %s}, "properties": {"label": %s}}'
        % (kind, user, user, new_id(), label, label, second, label) for kind, label in [("identify", '"Fr\\u00fcher"'), ("identify", first), ("group", first), ("track", first)]) + "]}"
    assert shop.post("/v1/batch", body.encode(), wait="profile").status_code == 200
    profile = shop.profile(userId=user)["id"]
    pages = [ada.get(f"/w/main/profiles/{profile}").text, ada.get(f"/w/main/accounts/g-{user}").text]
    for page in pages:
        text = Page(page).text
        assert "Zoë 🍵 <b>" in text and "u00eb" not in page and "u003c" not in page and "ud83c" not in page
        assert "\\u202egnp.exe" in text and "\u202e" not in text
    assert "Früher" in Page(pages[0]).text, "in the history"


def test_a_search_tells_that_there_are_more_and_home_counts_people_and_accounts_apart(make_martlet):
    server = make_martlet().start()
    reader = Reader(server).set_password()
    server.send([{"type": "identify", "userId": f"u{n}", "traits": {"name": f"Ada Wren {n}"}} for n in range(25)])
    server.send([{"type": "group", "userId": "u1", "groupId": f"g{n}", "traits": {"name": f"Company {n}"}} for n in range(3)])
    wait_until(lambda: "28 profiles" in reader.page("/w/main/profiles").text, what="the people")
    text = " ".join(reader.page("/w/main/search?q=Ada+Wren").text.split())
    assert "More than 20 found for Ada Wren" in text, text
    assert "1 found for Ada Wren 24" in " ".join(reader.page("/w/main/search?q=Ada+Wren+24").text.split())
    home = reader.get("/w/main").text
    tiles = dict(re.findall(r'<a class="tile" href="[^"]*"><span>([^<]*)</span><strong>([^<]*)</strong>', home))
    assert tiles["People"] == "25" and tiles["Accounts"] == "3", tiles


def test_what_a_paste_brought_along_is_no_part_of_a_name(shop, ada):
    """Tabs and other control characters: a browser's field takes them, the API refuses them, and lists and logs show them on one line."""
    name = new_id("pasted")
    ada.post("/w/main/sources", name=f"\t{name}\x1b[31m\tshop\r\n")
    assert f"{name} [31m shop" in [s["name"] for s in shop.api("/api/v1/sources")["sources"]]
    assert ada.post("/w/main/tokens", name=f"{name}\ttoken", scope="events:read", once=token_form(ada)).status_code == 200
    assert f"{name} token" in [t["name"] for t in shop.api("/api/v1/tokens")["tokens"]]
    assert ada.post("/w/main/segments", name=f"{name}\u2028people", note="", text='plan = "gold"', zone="UTC").status_code == 303
    assert f"{name} people" in [s["name"] for s in shop.api("/api/v1/segments")["segments"]]
    refused = ada.post("/w/main/sources", name="\t\x00")
    assert refused.status_code == 422
