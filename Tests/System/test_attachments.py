"""Files that mails carry: the same for everyone, written for each person, and handed in with the message; through the API, the command line and the console."""
import base64
import email
import email.policy
import json

import pytest

from console_client import Reader
from harness import Martlet, new_id, wait_until
from test_consent import ask

PDF = bytes(range(256)) * 40


def b64(data):
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def shop():
    martlet = Martlet(args=["--mail-catcher", "0"])
    martlet.start()
    ask(martlet, "PATCH", "/channels/email", json={"from": {"address": "shop@wren.example"}, "host": "catcher"})
    martlet.reader = Reader(martlet).set_password()
    yield martlet
    martlet.close()


def template(shop, attachments, expect=201, **more):
    return ask(shop, "POST", "/templates", expect, json={"name": new_id("tpl").lower(), "kind": "email", "parts": {"subject": "Tea", "html": "<p>Hello</p>"}, "attachments": attachments, **more})


def person(shop):
    user = new_id("ada")
    shop.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@tea.example", "firstName": "Zoë"}}])
    shop.profile(userId=user)
    return user


def sent(shop, user, template, **data):
    key = ask(shop, "POST", "/messages", 202, json={"userId": user, "template": template, "channel": "email", "purpose": "service", "data": data})["key"]
    return wait_until(lambda: (found := shop.call("GET", f"/api/v1/messages/{key}")) and found.status_code == 200 and found.json()["state"] in ("sent", "refused", "dead") and found.json(), what="its end")


def caught(shop, user):
    number = next(mail["number"] for mail in shop.api("/api/v1/mail-catcher")["mails"] if mail["to"] == [f"{user}@tea.example"])
    found = shop.api(f"/api/v1/mail-catcher/{number}")
    return found, email.message_from_bytes(base64.b64decode(found["raw"]), policy=email.policy.default)


def test_a_mail_carries_what_is_the_same_what_is_written_and_what_is_handed_in(shop):
    made = template(shop, [
        {"name": "terms.pdf", "base64": b64(PDF)},
        {"name": "für {{ profile.firstName }}.ics", "type": "text/calendar; method=PUBLISH", "text": "BEGIN:VCALENDAR\r\nSUMMARY:Tea with {{ profile.firstName }}\r\nEND:VCALENDAR\r\n"},
        {"name": "invoice-{{ number }}.pdf", "type": "application/pdf", "from": "invoice"},
    ])
    assert [a.get("bytes") for a in made["attachments"]] == [len(PDF), None, None] and made["attachments"][0]["type"] == "application/pdf"
    user = person(shop)
    assert sent(shop, user, made["name"], number=17, invoice=b64(b"%PDF-1 \x00\xff"))["state"] == "sent"
    shown, mail = caught(shop, user)
    assert [(a["name"], a["bytes"]) for a in shown["attachments"]] == [("terms.pdf", len(PDF)), ("für Zoë.ics", 55), ("invoice-17.pdf", 9)]
    files = list(mail.iter_attachments())
    assert [file.get_filename() for file in files] == ["terms.pdf", "für Zoë.ics", "invoice-17.pdf"]
    assert files[0].get_payload(decode=True) == PDF and files[2].get_payload(decode=True) == b"%PDF-1 \x00\xff"
    assert files[1].get_content() .replace("\r\n", "\n") == "BEGIN:VCALENDAR\nSUMMARY:Tea with Zoë\nEND:VCALENDAR\n" and files[1].get_content_type() == "text/calendar"
    assert "Hello" in mail.get_body(("plain",)).get_content() and "<p>Hello</p>" in mail.get_body(("html",)).get_content()
    assert shown["text"].startswith("Hello") and shown["headers"]
    page = shop.reader.page(f"/w/main/catcher/{shown['number']}")
    assert "invoice-17.pdf" in page.text and "Attachments" in page.text


def test_without_the_file_that_it_speaks_of_nothing_goes_out(shop):
    made = template(shop, [{"name": "invoice.pdf", "from": "invoice"}])
    for data in ({}, {"invoice": "not base64"}):
        user = person(shop)
        told = sent(shop, user, made["name"], **data)
        assert told["state"] == "refused" and told["reason"] == "delivery.template-fault", told
        assert not [mail for mail in shop.api("/api/v1/mail-catcher")["mails"] if mail["to"] == [f"{user}@tea.example"]]


@pytest.mark.parametrize("attachments, code", [
    ([{"name": "a.pdf"}], "template.attachment"), ([{"base64": "AQ=="}], "template.attachment"), ([{"name": "a", "base64": "!"}], "template.attachment"), ([{"name": "a", "type": "x\r\ny", "base64": "AQ=="}], "template.attachment"),
    ([{"name": "a", "base64": "A" * 1_400_000}], "template.attachment-too-large"), ([{"name": "a", "text": "{% if %}"}], "template.syntax"), ({"a": 1}, "request.parameter"),
])
def test_what_is_none_is_refused(shop, attachments, code):
    refused = shop.call("POST", "/api/v1/templates", json={"name": new_id("bad").lower(), "kind": "email", "parts": {"subject": "Tea", "html": "x"}, "attachments": attachments})
    assert refused.status_code == 400 and refused.json()["code"] == code, refused.text[:300]


def test_lists_leave_contents_out_and_a_change_keeps_them(shop):
    made = template(shop, [{"name": "terms.pdf", "base64": b64(PDF)}, {"name": "b.txt", "text": "b"}])
    listed = next(t for t in ask(shop, "GET", "/templates")["templates"] if t["id"] == made["id"])
    assert "base64" not in listed["attachments"][0] and listed["attachments"][0]["bytes"] == len(PDF)
    ask(shop, "PATCH", f"/templates/{made['id']}", json={"attachments": [{"name": "terms.pdf"}]})
    assert ask(shop, "GET", f"/templates/{made['id']}")["attachments"] == [{"name": "terms.pdf", "type": "application/pdf", "bytes": len(PDF), "base64": b64(PDF)}]
    ask(shop, "PATCH", f"/templates/{made['id']}", json={"note": "new"})
    preview = ask(shop, "POST", "/templates/preview", json={"template": made["name"], "userId": person(shop)})
    assert preview["attachments"] == [{"name": "terms.pdf", "type": "application/pdf", "bytes": len(PDF)}]
    shop.kill9()
    shop.start()
    assert ask(shop, "GET", f"/templates/{made['id']}")["attachments"][0]["base64"] == b64(PDF)


def test_what_is_handed_in_with_a_message_is_handed_in_with_its_preview(shop, tmp_path):
    made = template(shop, [{"name": "invoice-{{ number }}.pdf", "from": "invoice"}])
    user = person(shop)
    without = shop.call("POST", "/api/v1/templates/preview", json={"template": made["name"], "userId": user})
    assert without.status_code == 400 and without.json()["code"] == "template.attachment-missing", without.text
    data = {"number": 7, "invoice": b64(b"%PDF"), "profile": {"firstName": "Eve"}}
    shown = ask(shop, "POST", "/templates/preview", json={"template": made["name"], "userId": user, "data": data})
    assert shown["attachments"] == [{"name": "invoice-7.pdf", "type": "application/pdf", "bytes": 4}]
    (tmp_path / "data.json").write_text(json.dumps(data))
    (tmp_path / "none.json").write_text("[]")
    assert shop.cli("template", "preview", made["name"], "--user-id", user, "--values", str(tmp_path / "data.json")).returncode == 0
    assert "no JSON object" in shop.cli("template", "preview", made["name"], "--user-id", user, "--values", str(tmp_path / "none.json"), check=False).stderr


def test_values_in_a_written_file_are_made_harmless_by_what_it_is(shop):
    """A name is what a stranger writes: it is no markup, no member and no line of a calendar."""
    name = '<b>", "admin":1; x\r\nATTENDEE:mailto:eve@evil.example'
    shows = "{{ profile.firstName }}"
    made = template(shop, [
        {"name": "a.html", "text": f"<p>{shows}</p>"}, {"name": "a.svg", "text": f"<text>{shows}</text>"}, {"name": "a.json", "text": f'{{"name": "{shows}"}}'}, {"name": "a.ics", "text": f"SUMMARY:{shows}\r\nEND:VEVENT\r\n"},
        {"name": "a.txt", "text": shows}, {"name": "raw.ics", "text": "URL:{{ 'https://wren.example/?a;b' | raw }}"},
    ])
    user = new_id("ada")
    shop.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@tea.example", "firstName": name}}])
    shop.profile(userId=user)
    assert sent(shop, user, made["name"])["state"] == "sent"
    html, svg, data, ics, text, raw = [file.get_payload(decode=True).decode() for file in caught(shop, user)[1].iter_attachments()]
    assert "<b>" not in html + svg and html.startswith("<p>&lt;b&gt;") and svg.startswith("<text>&lt;b&gt;")
    assert json.loads(data) == {"name": name} and text == name
    assert ics == 'SUMMARY:<b>"\\, "admin":1\\; x\\nATTENDEE:mailto:eve@evil.example\r\nEND:VEVENT\r\n' and raw == "URL:https://wren.example/?a;b"


def test_a_long_name_keeps_its_end(shop):
    made = template(shop, [{"name": "invoice for {{ profile.firstName }}.pdf", "base64": b64(PDF)}])
    user = new_id("ada")
    shop.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@tea.example", "firstName": "ř" * 80}}])
    shop.profile(userId=user)
    assert sent(shop, user, made["name"])["state"] == "sent"
    name = [file.get_filename() for file in caught(shop, user)[1].iter_attachments()][0]
    assert name.startswith("invoice for řř") and name.endswith("ř.pdf") and len(name.encode()) <= 120


def test_by_the_command_line(shop, tmp_path):
    name = new_id("cli").lower()
    (tmp_path / "terms.pdf").write_bytes(PDF)
    (tmp_path / "mail.html").write_text("<p>Hello</p>")
    assert shop.cli("template", "save", name, "--subject", "Tea", "--html", str(tmp_path / "mail.html"), "--attach", str(tmp_path / "terms.pdf")).returncode == 0
    assert ask(shop, "GET", f"/templates/{name}")["attachments"][0]["base64"] == b64(PDF)
    assert f"terms.pdf  (application/pdf, {len(PDF)} bytes)" in shop.cli("template", "show", name).stdout
    both = shop.cli("template", "save", name, "--attach", str(tmp_path / "terms.pdf"), "--no-attachments", check=False)
    folder = shop.cli("template", "save", name, "--attach", str(tmp_path), check=False)
    assert both.returncode != 0 and "opposite" in both.stderr and folder.returncode != 0 and "no folder" in folder.stderr, (both.stderr, folder.stderr)
    assert shop.cli("template", "save", name, "--no-attachments").returncode == 0
    assert ask(shop, "GET", f"/templates/{name}")["attachments"] == []


def test_in_the_console(shop):
    made = template(shop, [])
    base = f"/w/main/templates/{made['id']}"
    page = shop.reader.page(base)
    assert "The mail carries no files." in page.text
    csrf = shop.reader.csrf()
    send = lambda name, content, csrf=csrf: shop.reader.http.post(shop.url + base + "/attach", files=[("csrf", (None, csrf)), ("file", (name, content, "application/pdf"))], allow_redirects=False)
    assert send("terms {{ x }}.pdf", PDF).status_code == 303
    assert ask(shop, "GET", f"/templates/{made['id']}")["attachments"][0]["name"] == "terms (( x )).pdf"
    assert send("terms.pdf", b"", csrf="forged").status_code == 403
    for name, content in (("empty.pdf", b""), ("large.pdf", b"x" * (1 << 20))):
        refused = send(name, content)
        assert refused.status_code == 422 and ("empty" in refused.text or "1 MB" in refused.text), refused.status_code
    # So do a preview and a refused save show them.
    for html, intent in (("<p>Hello</p>", "preview"), ("{% if %}", "save")):
        shown = shop.reader.post(base + "/save", name=made["name"], kind="email", subject="Tea", html=html, intent=intent)
        assert "terms (( x )).pdf" in shown.text and "The mail carries no files." not in shown.text, shown.status_code
    # Saving the form keeps them.
    version = ask(shop, "GET", f"/templates/{made['id']}")["version"]
    assert shop.reader.post(base + "/save", name=made["name"], kind="email", subject="Tea 2", html="<p>Hello</p>", intent="save", edition=version).status_code == 303
    assert len(ask(shop, "GET", f"/templates/{made['id']}")["attachments"]) == 1
    assert shop.reader.post(base + "/detach", name="terms (( x )).pdf").status_code == 303
    assert ask(shop, "GET", f"/templates/{made['id']}")["attachments"] == []
