"""E-mail: what a server says is told apart, mail is signed so that others believe it, and what is caught or comes back is harmless whatever it holds."""
import base64
import email
import email.policy
import smtplib
import socket
import ssl
import subprocess
import threading

import dkim
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from console_client import Page, Reader
from harness import BINARY, Martlet, contents, new_id

SENDER = {"from": {"name": "Wren & Daughters", "address": "shop@wren.example"}, "host": "catcher", "postalAddress": "1 Tea Lane\nLondon"}


@pytest.fixture(scope="module")
def shop():
    martlet = Martlet(args=["--mail-catcher", "0"])
    martlet.start()
    martlet.reader = Reader(martlet).set_password()
    yield martlet
    martlet.close()


def ask(martlet, method, path="", expect=200, **body):
    answer = martlet.call(method, "/api/v1/channels/email" + path, **({"json": body} if body else {}))
    assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:400]}"
    return answer.json()


def caught(martlet):
    return martlet.api("/api/v1/mail-catcher")["mails"]


def port(martlet):
    return martlet.api("/api/v1/mail-catcher")["port"]


def test_before_it_is_set_up_it_says_so(shop):
    assert ask(shop, "GET", expect=404)["code"] == "email.not-set-up"
    assert ask(shop, "POST", "/test", 404, to="ada@example.com")["code"] == "email.not-set-up"


def test_it_is_set_up_and_the_password_is_never_shown(shop):
    made = ask(shop, "PATCH", **SENDER, user="", password="swordfish-93")
    assert made["hasPassword"] and "swordfish-93" not in str(made) and made["from"]["address"] == "shop@wren.example"
    assert [(r["purpose"], r["name"]) for r in made["records"] if r["purpose"] != "dkim"] == [("spf", "wren.example"), ("dmarc", "_dmarc.wren.example")]
    assert [r["value"].split(";")[1].strip() for r in made["records"] if r["purpose"] == "dkim"] == ["k=rsa", "k=ed25519"]
    assert ask(shop, "GET") == made
    changed = ask(shop, "PATCH", replyTo="help@wren.example")
    assert changed["hasPassword"] and changed["postalAddress"] == SENDER["postalAddress"] and changed["records"] == made["records"]
    assert not ask(shop, "PATCH", password="")["hasPassword"]
    assert not [path for path, data in contents(shop.data) if b"swordfish-93" in data]
    rotated = ask(shop, "POST", "/rotate")
    assert {r["name"] for r in rotated["records"] if r["purpose"] == "dkim"}.isdisjoint(r["name"] for r in made["records"] if r["purpose"] == "dkim"), "also within one second"


@pytest.mark.parametrize("body, code", [
    ({"from": {"address": "nobody"}}, "email.address"), ({"from": {"address": "a@b.example\r\nBcc: eve@evil.example"}}, "email.address"), ({"host": ""}, "email.host"), ({"host": "a b"}, "email.host"),
    ({"port": 0}, "email.port"), ({"port": 70000}, "email.port"), ({"port": "25"}, "request.parameter"), ({"security": "maybe"}, "request.parameter"), ({"nonsense": 1}, "request.parameter"),
    ({"bounceAddress": "far-too-long@wren.example"}, "email.bounce-address"), ({"authority": "no certificate"}, "email.authority"), ({"connections": 0}, "email.connections"),
    ({"host": "smtp.wren.example", "security": "none", "user": "u"}, "email.clear-password"), ({"softBounceMaximum": 0}, "email.soft-bounces"), ({"port": 99999999999999999999}, "request.parameter"),
])
def test_what_cannot_be_used_is_refused(shop, body, code):
    before = ask(shop, "GET")
    assert ask(shop, "PATCH", expect=400, **body)["code"] == code
    assert ask(shop, "GET") == before


def test_a_test_mail_is_signed_so_that_others_believe_it(shop):
    shop.call("DELETE", "/api/v1/mail-catcher")
    answer = ask(shop, "POST", "/test", to="ada@example.com")
    assert answer["accepted"]
    mail = caught(shop)[0]
    assert (mail["to"], mail["from"]) == (["ada@example.com"], "Wren & Daughters <shop@wren.example>")
    whole = shop.api(f"/api/v1/mail-catcher/{mail['number']}")
    raw = base64.b64decode(whole["raw"])
    records = {r["name"] + ".": r["value"].encode() for r in ask(shop, "GET")["records"]}
    lookup = lambda name, timeout=5: records.get(name.decode() if isinstance(name, bytes) else name)
    assert dkim.DKIM(raw).verify(0, dnsfunc=lookup) and dkim.DKIM(raw).verify(1, dnsfunc=lookup)
    assert not dkim.DKIM(raw.replace(b"A test", b"B test")).verify(0, dnsfunc=lookup)
    assert not dkim.DKIM(b"From: eve@evil.example\r\n" + raw).verify(0, dnsfunc=lookup)
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read["Message-ID"] == answer["detail"] and read["Auto-Submitted"] == "auto-generated" and "They are." in read.get_content()
    for bad in ["", "nobody", "ada@example.com\r\nRCPT TO:<eve@evil.example>", "ada@example.com, eve@evil.example", "<ada@example.com>"]:
        assert ask(shop, "POST", "/test", 400, to=bad)["code"].startswith("mail.address")


def test_where_the_server_signs_mail_bears_no_signature(shop):
    for signs in [False, True]:
        assert ask(shop, "PATCH", "", signs=signs)["signs"] is signs
        shop.call("DELETE", "/api/v1/mail-catcher")
        assert ask(shop, "POST", "/test", to="ada@example.com")["accepted"]
        raw = base64.b64decode(shop.api(f"/api/v1/mail-catcher/{caught(shop)[0]['number']}")["raw"])
        assert (b"DKIM-Signature:" in raw) == signs
    assert ask(shop, "PATCH", "", 400, signs="no")["code"] == "request.parameter"


class Server:
    """A mail server that answers as it is told."""

    def __init__(self, stage=None, answer=None, **options):
        self.stage, self.answer, self.mails, self.peers = stage, answer, [], set()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self.controller.start()

    def close(self):
        self.controller.stop()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [self.answer] if self.stage == "EHLO" else responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.stage == "MAIL":
            return self.answer
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.stage == "RCPT":
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        if self.stage == "LOST":
            server.transport.close()
            return "250 never heard"
        if self.stage == "DATA":
            return self.answer
        self.mails.append(envelope.content)
        self.peers.add(session.peer)
        return "250 2.0.0 ok"


@pytest.mark.parametrize("stage, answer, detail", [
    ("MAIL", "451 4.3.0 later", "sender 451 4.3.0"), ("RCPT", "451 4.7.1 greylisted", "recipient 451 4.7.1"), ("RCPT", "550 5.1.1 no such mailbox", "recipient 550 5.1.1"),
    ("DATA", "451 4.3.0 later", "content 451 4.3.0"), ("DATA", "554 5.7.1 spam", "content 554 5.7.1"), ("DATA", "354 go on", "content 354"), ("DATA", "334 more", "content 334"), ("EHLO", "421 4.3.2 busy", "hello 421 4.3.2"), ("LOST", None, "content lost"),
])
def test_fault_47_and_48_each_no_of_a_server_is_told_with_its_codes(shop, stage, answer, detail):
    server = Server(stage, answer)
    try:
        ask(shop, "PATCH", host="127.0.0.1", port=server.port, security="none")
        told = ask(shop, "POST", "/test", to="ada@example.com")
        assert (told["accepted"], told["detail"]) == (False, detail)
    finally:
        server.close()


def test_one_connection_is_used_again(shop):
    server = Server()
    try:
        ask(shop, "PATCH", host="127.0.0.1", port=server.port, security="none")
        for _ in range(5):
            assert ask(shop, "POST", "/test", to="ada@example.com")["accepted"]
        assert len(server.mails) == 5 and len(server.peers) == 1
    finally:
        server.close()
    assert not ask(shop, "POST", "/test", to="ada@example.com")["accepted"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return (folder / "cert.pem").read_text(), context


class Injector:
    """A mail server whose permission to begin TLS is followed by words in the clear, as whoever sits between would put them there (CVE-2011-0411)."""

    def __init__(self, context, words):
        self.context, self.words, self.heard = context, words, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                self.talk(client)
            except OSError:
                pass

    def talk(self, client):
        client.sendall(b"220 x\r\n")
        lines, secure = client.makefile("rb"), False
        while line := lines.readline():
            word = line.decode().split()[0].upper()
            self.heard.append(word)
            if word == "EHLO":
                client.sendall(b"250-x\r\n250-STARTTLS\r\n250 PIPELINING\r\n" if not secure else b"250-x\r\n250 PIPELINING\r\n")
            elif word == "STARTTLS":
                client.sendall(b"220 go\r\n" + self.words)
                client = self.context.wrap_socket(client, server_side=True)
                lines, secure = client.makefile("rb"), True
            else:
                client.sendall(b"334 VXNlcm5hbWU6\r\n")

    def close(self):
        self.listener.close()


@pytest.mark.parametrize("words", [b"250-x\r\n250-AUTH LOGIN\r\n250-", b"250-x\r\n250 AUTH LOGIN\r\n", b"2", b""])
def test_what_comes_in_the_clear_behind_starttls_is_believed_by_nobody(shop, certificate, words):
    pem, context = certificate
    server = Injector(context, words)
    try:
        ask(shop, "PATCH", host="localhost", port=server.port, security="starttls", user="shop", password="secret", authority=pem)
        told = ask(shop, "POST", "/test", to="ada@example.com")
        assert "AUTH" not in server.heard
        # Without such words, TLS begins, and then it offers no way to sign in.
        assert (told["accepted"], told["detail"]) == (False, "secure malformed" if words else "authenticate noAuthentication")
    finally:
        server.close()
        ask(shop, "PATCH", user="", password="", authority="", security="none")


def test_a_test_mail_goes_to_nobody_who_is_suppressed(shop):
    assert shop.call("POST", "/api/v1/suppressions", json={"address": "never@example.com"}).status_code == 200
    ask(shop, "PATCH", **SENDER)
    before = len(caught(shop))
    assert ask(shop, "POST", "/test", 409, to="Never@example.com")["code"] == "email.test-suppressed" and len(caught(shop)) == before
    assert shop.call("DELETE", "/api/v1/suppressions", json={"address": "never@example.com"}).status_code == 200
    assert ask(shop, "POST", "/test", to="Never@example.com")["accepted"]


def sign_in(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"shop" and data.password == b"secret", handled=False)


@pytest.mark.parametrize("exclude", [[], ["PLAIN"]])
def test_starttls_and_signing_in(shop, certificate, exclude):
    pem, context = certificate
    server = Server(tls_context=context, require_starttls=True, auth_required=True, authenticator=sign_in, auth_exclude_mechanism=exclude)
    try:
        ask(shop, "PATCH", host="localhost", port=server.port, security="starttls", user="shop", password="secret", authority=pem)
        assert ask(shop, "POST", "/test", to="ada@example.com") | {"detail": ""} == {"accepted": True, "detail": ""}
        ask(shop, "PATCH", password="wrong")
        assert ask(shop, "POST", "/test", to="ada@example.com")["detail"].startswith("authenticate 535")
        ask(shop, "PATCH", password="secret", authority="")
        assert ask(shop, "POST", "/test", to="ada@example.com")["detail"] == "secure handshake"
    finally:
        server.close()
        ask(shop, "PATCH", user="", password="", authority="")


def test_without_starttls_nothing_goes_out_where_it_is_wanted(shop):
    server = Server()
    try:
        ask(shop, "PATCH", host="127.0.0.1", port=server.port, security="starttls")
        assert ask(shop, "POST", "/test", to="ada@example.com")["detail"] == "secure noTLS" and not server.mails
        ask(shop, "PATCH", security="opportunistic")
        assert ask(shop, "POST", "/test", to="ada@example.com")["accepted"]
    finally:
        server.close()


def test_tls_from_the_first_byte(shop, certificate):
    pem, context = certificate
    server = Server(ssl_context=context)
    try:
        ask(shop, "PATCH", host="localhost", port=server.port, security="tls", authority=pem)
        assert ask(shop, "POST", "/test", to="ada@example.com")["accepted"]
    finally:
        server.close()
        ask(shop, "PATCH", authority="")


HOSTILE = [
    b"", b"\r\n", b"Subject: <script>alert(1)</script>\r\n\r\n<script>alert(1)</script>", b"\x00\xff\xfe" * 100, b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 5000,
    b"Content-Type: text/html\r\n\r\n<script>alert(1)</script><img src=x onerror=alert(1)><meta http-equiv=refresh content='0;url=https://evil.example'>", b"A" * 100000, b"Subject: =?utf-8?B?" + b"x" * 5000 + b"?=\r\n\r\n.\r\n..\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(b"--b\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(500)),
]


@pytest.mark.parametrize("content", HOSTILE)
def test_whatever_is_caught_is_shown_and_harms_nobody(shop, content):
    with smtplib.SMTP("127.0.0.1", port(shop), timeout=10) as client:
        client.sendmail("eve@evil.example", ["ada@example.com", "b@example.com"], content)
    number = caught(shop)[0]["number"]
    assert shop.api(f"/api/v1/mail-catcher/{number}")["to"] == ["ada@example.com", "b@example.com"]
    for text in [shop.reader.get("/w/main/catcher").text, shop.reader.get(f"/w/main/catcher/{number}").text]:
        page = Page(text)
        assert all(script.get("src", "").startswith("/console/assets/") for script in page.all("script")) and not page.all("img")
    frame = shop.reader.get(f"/w/main/catcher/{number}/frame")
    if frame.status_code == 200:
        policy = frame.headers["Content-Security-Policy"]
        assert "sandbox" in policy and "default-src 'none'" in policy and "allow-scripts" not in policy and "allow-same-origin" not in policy
    else:
        assert frame.status_code == 404


def test_the_catcher_listens_on_this_machine_alone_and_bad_clients_end(shop):
    for sent in [b"\x00" * 20000, b"HELP\r\n" * 100, b"MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n", b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n" + b"x" * 100]:
        with socket.create_connection(("127.0.0.1", port(shop)), timeout=10) as connection:
            try:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            except OSError:
                pass  # It hung up in the middle of what it did not want.
    with smtplib.SMTP("127.0.0.1", port(shop), timeout=10) as client:
        with pytest.raises(smtplib.SMTPDataError):
            client.sendmail("a@b.example", ["c@d.example"], b"x" * (3 << 20))
    assert shop.http.get(shop.url + "/health").status_code == 200


def test_an_erasure_forgets_what_was_caught(shop):
    user = new_id("gone")
    shop.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@wren.example"}}])
    with smtplib.SMTP("127.0.0.1", port(shop), timeout=10) as client:
        client.sendmail("shop@wren.example", [f"{user}@wren.example"], b"Subject: Tea\r\n\r\nTea\r\n")
    assert caught(shop)
    answer = shop.call("POST", "/api/v1/privacy/erasures", json={"userId": user})
    assert answer.status_code in (200, 202), answer.text
    assert not caught(shop)


REPORT = """From: MAILER-DAEMON@mx.example\r
To: {to}\r
Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r
\r
--x\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example\r
\r
Final-Recipient: rfc822; {recipient}\r
Action: failed\r
Status: 5.1.1\r
\r
--x--\r
"""


def test_fault_50_a_forged_report_is_ignored_and_a_stated_one_suppresses(shop):
    ask(shop, "PATCH", **SENDER, security="starttls", port=587)
    path = ask(shop, "GET")["bouncePath"]
    user = new_id("bounce")
    address = f"{user}@gone.example"
    shop.send([{"type": "identify", "userId": user, "traits": {"email": address}}])
    forged = REPORT.format(to="b+" + "a" * 55 + "@wren.example", recipient=address).encode()
    assert shop.http.post(shop.url + path, data=forged, headers={"Content-Type": "message/rfc822"}).json() == {"events": [{"kind": "hard", "verdict": "ignored"}]}
    piped = subprocess.run([str(BINARY), "mail", "bounce", "--data", str(shop.data)], input=forged, capture_output=True, timeout=60)
    assert (piped.returncode, piped.stdout.split()) == (0, [b"hard", b"ignored"]), piped
    wrong = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert shop.http.post(shop.url + wrong, json={"events": []}).status_code == 404
    stated = shop.http.post(shop.url + path, json={"events": [{"kind": "hard", "email": address, "status": "5.1.1"}, {"kind": "delayed", "email": address}]})
    assert stated.json() == {"events": [{"kind": "hard", "verdict": "suppressed"}, {"kind": "delayed", "verdict": "ignored"}]}
    for bad in [b"", b"{}", b"[]", b'{"events": [{"kind": "rude"}]}', b'{"events": 3}', b"\xff"]:
        assert shop.http.post(shop.url + path, data=bad, headers={"Content-Type": "application/json"}).status_code == 400


@pytest.mark.parametrize("path", ["/c/main/", "/o/main/", "/c/nosuch/"])
def test_fault_92_only_what_was_signed_leads_anywhere(shop, path):
    for token in ["x", "https:%2F%2Fevil.example", "%2F%2Fevil.example", "javascript:alert(1)", "A" * 9000, base64.urlsafe_b64encode(b"x" * 60).decode().rstrip("=")]:
        answer = shop.http.get(shop.url + path + token, allow_redirects=False)
        assert "Location" not in answer.headers
        assert answer.status_code == (200 if path.startswith("/o") else 400), (path, token[:20], answer.status_code)
        assert "//evil" not in answer.text


def test_the_console_sets_it_up(shop):
    page = shop.reader.get("/w/main/email").text
    assert "shop@wren.example" in page and "v=DKIM1" in page and "password" in page
    kept = dict(fromName="Wren <b>", fromAddress="shop@wren.example", host="catcher", port="587", security="none", connections="4", softBounceMaximum="4", restHours="72", signs="1", tracksOpens="1")
    assert shop.reader.post("/w/main/email", **kept).status_code == 303
    assert ask(shop, "GET")["from"]["name"] == "Wren <b>" and not ask(shop, "GET")["tracksClicks"]
    refused = shop.reader.post("/w/main/email", **(kept | {"port": "x"}))
    assert refused.status_code == 422 and "Wren &lt;b&gt;" in refused.text
    tried = shop.reader.post("/w/main/email/test", to="ada@example.com")
    assert tried.status_code == 200 and "@wren.example" in tried.text
    for path in ["/w/main/email", "/w/main/email/test", "/w/main/email/keys", "/w/main/catcher/clear"]:
        assert shop.reader.post(path, csrf="wrong").status_code == 403


def test_the_command_line(shop):
    (shop.home / "secret").write_text("hush-hush\n")
    out = shop.cli("channel", "email", "set", "--from-name", "Tea", "--password-file", str(shop.home / "secret")).stdout
    assert "with a password" in out and "hush-hush" not in out and "_domainkey" in out
    assert "took it over" in shop.cli("channel", "email", "test", "ada@example.com").stdout
    assert shop.cli("channel", "email", "show").stdout == out


def test_nothing_of_an_address_is_logged(shop):
    ask(shop, "POST", "/test", to="marked-7731@example.com")
    assert not [line for line in shop.logs() if "marked-7731" in str(line)] and not any("marked-7731" in line for line in shop.errors())
