"""E-mail through a real Postfix: what it takes is delivered, what it refuses is known at once, and what it gives back later suppresses the address by itself."""
import http.server
import os
import threading

import pytest

from harness import Martlet, wait_until
from postfix import Postfix
from test_consent import ask
from test_email_messages import HTML, seen, send, somebody


class Mailbox(http.server.BaseHTTPRequestHandler):
    mails = []

    def do_POST(self):
        Mailbox.mails.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def shop():
    if os.geteuid() != 0:
        pytest.fail("Postfix begins as root alone: run this test so, or leave it out by name")
    box = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mailbox)
    threading.Thread(target=box.serve_forever, daemon=True).start()
    martlet = Martlet()
    martlet.start()
    settings = {"from": {"address": "shop@wren.example"}, "host": "127.0.0.1", "port": 25, "security": "none", "bounceAddress": "b@bounces.wren.example"}
    path = ask(martlet, "PATCH", "/channels/email", json=settings)["bouncePath"]
    postfix = Postfix(martlet.url + path, box.server_port)
    ask(martlet, "PATCH", "/channels/email", json={"port": postfix.port})
    ask(martlet, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": {"subject": "Hello {{ profile.firstName }}", "html": HTML}})
    martlet.postfix = postfix
    yield martlet
    postfix.close()
    martlet.close()
    box.shutdown()


def test_what_it_takes_is_delivered_whole(shop):
    user, _ = somebody(shop)
    assert send(shop, user)["state"] == "sent"
    wait_until(lambda: any(user.encode() in mail for mail in Mailbox.mails), 20, what="the mail")
    mail = next(mail for mail in Mailbox.mails if user.encode() in mail)
    assert mail.count(b"DKIM-Signature:") == 2 and b"Subject: Hello Ada" in mail and b"Return-Path: <b+" in mail


def test_what_it_refuses_is_known_at_once(shop):
    user, _ = somebody(shop)
    shop.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@refused.example"}}])
    told = send(shop, user)
    assert told["state"] != "sent" and "recipient 550 5.1.1" in str(told), told
    assert send(shop, user)["reason"] == "delivery.address-suppressed"


def test_what_comes_back_later_suppresses_the_address_by_itself(shop):
    user, profile = somebody(shop)
    shop.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@gone.example"}}])
    assert send(shop, user)["state"] == "sent"
    wait_until(lambda: [(p["bounce_type"], p["verdict"]) for p in seen(shop, profile, "Email Bounced")] == [("hard", "suppressed")], 20, what=f"the bounce: {shop.postfix.log()[-2000:]}")
    assert send(shop, user)["reason"] == "delivery.address-suppressed"
