"""Templates of messages: versioned, checked against what is known of people, shown as anyone at any instant, and harmless whatever a value holds."""
import json
import subprocess

import pytest

from console_client import Reader
from harness import BINARY, new_id


def ask(martlet, method, path, expect=200, **body):
    answer = martlet.call(method, "/api/v1/templates" + path, **({"json": body} if body else {}))
    assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:400]}"
    return answer.json()


@pytest.fixture(scope="module")
def shop(shared):
    shared.person = new_id("tp")
    shared.send([
        {"type": "identify", "userId": shared.person, "timestamp": "2026-05-01T00:00:00Z", "traits": {"firstName": "Ada", "teaPlan": "free", "email": f"{shared.person}@wren.example"}},
        {"type": "identify", "userId": shared.person, "timestamp": "2026-06-01T00:00:00Z", "traits": {"teaPlan": "gold", "bio": "{{ profile.email }}{% for i in (1..99) %}x{% endfor %}<b>"}},
        {"type": "identify", "userId": shared.person + "-b", "traits": {"firstName": "Bob"}},
    ])
    return shared


def test_it_is_made_changed_and_every_version_stays(shop):
    name = new_id("welcome")
    made = ask(shop, "POST", "", 201, name=name, kind="email", parts={"subject": "Hi {{ profile.firstName }}", "html": "<p>{{ profile.teaPlan }}</p>"})
    assert (made["version"], made["warnings"], made["layout"], made["onMissing"]) == (1, [], True, "empty")
    changed = ask(shop, "PATCH", "/" + name, parts={"subject": "Hello {{ profile.firstName }}"})
    assert changed["version"] == 2 and changed["parts"]["html"] == "<p>{{ profile.teaPlan }}</p>"
    assert [v["parts"]["subject"] for v in ask(shop, "GET", f"/{made['id']}/versions")["versions"]] == ["Hello {{ profile.firstName }}", "Hi {{ profile.firstName }}"]
    assert name in [t["name"] for t in ask(shop, "GET", "")["templates"]]
    assert ask(shop, "POST", "", 400, name=name, kind="text", parts={"text": "x"})["code"] == "template.name-taken"
    ask(shop, "DELETE", "/" + made["id"])
    ask(shop, "GET", "/" + name, 404)


@pytest.mark.parametrize("body, code, place", [
    ({"kind": "email", "parts": {"subject": "x", "html": "a\n{{ profile.x | upcas }}"}}, "template.syntax", "html, line 2"),
    ({"kind": "email", "parts": {"subject": "{% if %}", "html": "x"}}, "template.syntax", "subject, line 1"),
    ({"kind": "email", "parts": {"subject": "x"}}, "template.part-missing", None),
    ({"kind": "text", "parts": {"html": "x", "text": "y"}}, "template.part-unknown", None),
    ({"kind": "text", "parts": {"text": "x"}, "name": "Bad Name"}, "template.name", None),
    ({"kind": "fax", "parts": {"text": "x"}}, "request.parameter", None),
])
def test_what_cannot_be_read_is_refused_with_its_place(shop, body, code, place):
    answer = ask(shop, "POST", "", 400, **{"name": new_id("bad"), **body})
    assert answer["code"] == code and answer.get("place") == place, answer


def test_names_that_nobody_has_are_warnings_with_what_was_meant(shop):
    made = ask(shop, "POST", "", 201, name=new_id("warn"), kind="text", parts={"text": "{{ profile.teaPlen }} {{ teaPlan }} {{ profile.firstName }} {{ event.total }} {{ unsubscribe_url }}"})
    assert [(w["code"], w["remedy"]) for w in made["warnings"]] == [
        ("template.unknown-trait", "Did you mean `profile.teaPlan`?"), ("template.unknown-name", "The trait is read as `profile.teaPlan`.")]


def test_preview_is_as_a_real_person_at_any_instant(shop):
    template = {"kind": "email", "parts": {"subject": "{{ profile.firstName }}: {{ profile.teaPlan }}", "html": "<p>{{ profile.bio }}{{ profile.city }}{{ event.total }}</p>"}}
    now = ask(shop, "POST", "/preview", template=template, userId=shop.person, event={"total": 12.5})
    assert now["subject"] == "Ada: gold" and now["missing"] == ["profile.city"]
    assert "{{ profile.email }}{% for i in (1..99) %}x{% endfor %}&lt;b&gt;12.5" in now["html"], "a value is never a template"
    assert "{{ profile.email }}" in now["text"] and "<p>" not in now["text"]
    then = ask(shop, "POST", "/preview", template=template, userId=shop.person, asOf="2026-05-15T00:00:00Z")
    assert then["subject"] == "Ada: free" and set(then["missing"]) == {"profile.bio", "profile.city", "event.total"}
    assert ask(shop, "POST", "/preview", 404, template=template, userId="nobody-at-all")["code"] == "profile.unknown"
    refused = ask(shop, "POST", "/preview", 400, template={**template, "onMissing": "refuse"}, userId=shop.person)
    assert refused["code"] == "template.missing-value"


def test_missing_values_are_counted_before_anything_is_sent(shop):
    template = {"kind": "text", "parts": {"text": "{{ profile.firstName }} {{ profile.teaPlan }} {{ profile.bio | default: '' }}{% if profile.city %}{{ profile.city }}{% endif %}"}}
    found = ask(shop, "POST", "/check", template=template, condition=f'firstName in ("Ada", "Bob") and email = "{shop.person}@wren.example" or firstName = "Bob"')
    assert found["of"] == 2 and found["gaps"] == [{"path": "profile.teaPlan", "count": 1}]


def test_what_is_counted_as_missing_is_what_a_message_lacks(shop):
    """Of a list its length, its first and its last are asked of the list; an empty text prints nothing."""
    people = {new_id("gap"): traits for traits in ({"teas": [1, 2], "nick": "Ada"}, {"teas": [], "nick": ""}, {})}
    shop.send([{"type": "identify", "userId": user, "traits": {"gapTest": True, **traits}} for user, traits in people.items()])
    template = {"kind": "text", "parts": {"text": "{{ profile.teas.size }} {{ profile.nick }}"}}
    found = ask(shop, "POST", "/check", template=template, condition="gapTest = true")
    assert (found["of"], {gap["path"]: gap["count"] for gap in found["gaps"]}) == (3, {"profile.teas.size": 1, "profile.nick": 2})
    missing = [ask(shop, "POST", "/preview", template=template, userId=user)["missing"] for user in people]
    assert [sum(path in m for m in missing) for path in ("profile.teas.size", "profile.nick")] == [1, 2], missing


def test_a_header_injection_is_impossible(shop):
    who = new_id("inj")
    shop.send([{"type": "identify", "userId": who, "traits": {"firstName": "Ada\r\nBcc: eve@example.com\u2028x"}}])
    got = ask(shop, "POST", "/preview", template={"kind": "email", "parts": {"subject": "Hi {{ profile.firstName }}", "html": "x"}}, userId=who)
    assert got["subject"] == "Hi Ada Bcc: eve@example.com x"


def test_partials_are_templates_of_the_workspace(shop):
    partial = new_id("foot")
    ask(shop, "POST", "", 201, name=partial, kind="partial", parts={"html": "<i>{{ who }}</i>"})
    text = ask(shop, "POST", "/preview", template={"kind": "email", "layout": False, "parts": {"subject": "x", "html": f"{{% render '{partial}', who: profile.firstName %}}"}}, userId=shop.person)
    assert text["html"] == "<i>Ada</i>"
    missing = ask(shop, "POST", "/preview", 400, template={"kind": "text", "parts": {"text": "{% render '../secret' %}"}}, userId=shop.person)
    assert missing["code"] == "template.partial"


def test_any_liquid_is_rendered_for_any_data(shop):
    assert ask(shop, "POST", "/render", source="{{ x | upcase }}", data={"x": "tea"})["output"] == "TEA"
    assert ask(shop, "POST", "/render", source="{{ x }}", data={"x": "<"}, output="html")["output"] == "&lt;"
    assert ask(shop, "POST", "/render", 400, source="{% for i in (1..999999999) %}{% endfor %}")["code"] == "template.limit"


def test_the_command_line_renders_checks_and_keeps(martlet, tmp_path):
    (tmp_path / "order.liquid").write_text("Hello {{ profile.firstName | upcase }}{% render 'foot' %}\n")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/foot.liquid").write_text("!")
    (tmp_path / "values.json").write_text(json.dumps({"profile": {"firstName": "ada"}}))

    def run(*words, code=0):
        done = subprocess.run([BINARY, "template", *map(str, words)], capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stderr
        return done

    assert run("render", tmp_path / "order.liquid", "--values", tmp_path / "values.json", "--partials", tmp_path / "parts").stdout == "Hello ADA!\n"
    assert "profile.firstName" in run("check", tmp_path / "order.liquid", "--partials", tmp_path / "parts").stdout
    (tmp_path / "bad.liquid").write_text("x\n{{ y | nosuch }}")
    assert "line 2" in run("check", tmp_path / "bad.liquid", code=1).stderr
    assert json.loads(run("render", tmp_path / "order.liquid", "--values", tmp_path / "values.json", "--partials", tmp_path / "parts", "--times", "10").stdout)["bytes"] == 11
    (tmp_path / "mail.html").write_text("<p>{{ profile.firstName }}</p>")
    assert "version 1" in run("save", "greeting", "--subject", "Hi", "--html", tmp_path / "mail.html", "--data", martlet.data).stdout
    assert "version 2" in run("save", "greeting", "--subject", "Hello", "--data", martlet.data).stdout
    martlet.send([{"type": "identify", "userId": "cli-ada", "traits": {"firstName": "Ada"}}])
    assert "Subject: Hello\n\nAda" in run("preview", "greeting", "--user-id", "cli-ada", "--data", martlet.data).stdout
    assert "greeting" in run("list", "--data", martlet.data).stdout and "<p>" in run("show", "greeting", "--data", martlet.data).stdout
    run("delete", "greeting", "--data", martlet.data)


# MARK: - The console

@pytest.fixture
def reader(shop):
    return Reader(shop).set_password()


def test_the_editor_shows_the_message_as_a_real_person(shop, reader):
    fields = dict(kind="email", subject="Hi {{ profile.firstName }}", html="<p>{{ profile.teaPlan }} {{ profile.nosuch }}</p>", person=shop.person)
    html = reader.post("/w/main/templates/preview", headers={"Accept": "application/json"}, **fields).json()["html"]
    assert "Hi Ada" in html and "profile.nosuch" in html and "sandbox" in html
    frame = html.split('src="')[1].split('"')[0]
    mail = reader.get(frame)
    assert "<p>gold" in mail.text and mail.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    then = reader.post("/w/main/templates/preview", headers={"Accept": "application/json"}, **fields, asOf="2026-05-15").json()["html"]
    assert "<p>free" in reader.get(then.split('src="')[1].split('"')[0]).text
    broken = reader.post("/w/main/templates/preview", headers={"Accept": "application/json"}, **{**fields, "html": "{{ x | nosuch }}"}).json()["html"]
    assert "html, line 1" in broken


def test_the_editor_saves_refuses_and_deletes(shop, reader):
    name = new_id("mail")
    fields = dict(name=name, kind="email", subject="Hi", html="<p>x</p>", text="", preheader="")
    saved = reader.post("/w/main/templates", **fields)
    assert saved.status_code == 303
    place = saved.headers["Location"]
    assert name in reader.page("/w/main/templates").text and "&lt;p&gt;x&lt;/p&gt;" in reader.get(place).text
    assert reader.post("/w/main/templates", **fields).status_code == 422
    assert reader.post(place + "/save", **{**fields, "html": "{% if %}"}).status_code == 422
    assert reader.post(place + "/save", **{**fields, "html": "<p>y</p>"}).status_code == 303
    assert ask(shop, "GET", "/" + name)["version"] == 2
    assert reader.post(place + "/delete", confirm=name).status_code == 303
    ask(shop, "GET", "/" + name, 404)
