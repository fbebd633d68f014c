"""The channel `email` does what every channel must, and what only a mail server can do to it: grey lists, and messages whose arrival nobody confirmed."""
import asyncio
import email
import email.policy
import socket
import time

from aiosmtpd.controller import Controller

from channel_conformance import ChannelConformance
from harness import wait_until
from test_consent import ask


class MailPeer:
    """A mail server that behaves as it is told, and keeps every message that was said to it whole, whatever it answered."""

    channel, args = "email", ()
    template = {"kind": "email", "parts": {"subject": "{{ mark }}", "html": "<p>Hello {{ profile.firstName }}</p>"}}

    def __init__(self):
        self.word, self.mails, self.recipients = "accept", [], []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = None
        self.listen()

    def listen(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def furnish(self, server):
        ask(server, "PATCH", "/channels/email", json={"from": {"name": "Wren & Daughters", "address": "shop@wren.example"}, "host": "127.0.0.1", "port": self.port, "security": "none"})

    def behave(self, word):
        if word == "dead":
            self.controller.stop()
            self.controller = None
        elif self.controller is None:
            self.listen()
        self.word = word

    def close(self):
        if self.controller:
            self.controller.stop()

    def read(self):
        return [email.message_from_bytes(mail, policy=email.policy.default) for mail in self.mails]

    def arrived(self):
        return [mail["Subject"] for mail in self.read()]

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.recipients.append(address)
        if self.word == "greylist":
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.original_content)
        if self.word == "drop":
            server.transport.close()
        if self.word == "hang":
            await asyncio.sleep(60)
        if self.word == "slow":
            await asyncio.sleep(0.5)
        return {"defer": "451 4.3.0 later", "refuse": "554 5.7.1 not wanted"}.get(self.word, "250 2.0.0 ok")


class TestEmailChannel(ChannelConformance):
    def peer(self):
        return MailPeer()

    def bounces(self, server, user):
        profile = server.profile(userId=user)["id"]
        return [e for e in server.api(f"/api/v1/profiles/{profile}/events", limit=100)["events"] if e.get("event") == "Email Bounced"]

    def test_fault_47_a_grey_list_defers_and_is_no_bounce(self, world):
        server, peer = world
        peer.behave("greylist")
        user = self.willing(server)
        key = self.send(server, peer, user)
        began = time.monotonic()
        wait_until(lambda: len(peer.recipients) >= 3, 30, what="three tries")
        # After 2 s and after 4 s, of each half at least.
        assert time.monotonic() - began > 2.5 and not peer.mails
        told = self.told(server, key, ["retrying"])
        assert (told["reason"], told["detail"]) == ("delivery.deferred", "recipient 451 4.7.1")
        peer.behave("accept")
        told = self.told(server, key, ["sent"])
        assert peer.arrived() == [key] and told["repeats"] == 0 and {step["reason"] for step in told["steps"]} == {"delivery.deferred"}
        assert not self.bounces(server, user)
        again = self.send(server, peer, user)
        assert self.told(server, again, ["sent"])["attempts"] == 1, "the address rests no moment for it"

    def test_fault_49_what_nobody_confirms_is_repeated_three_times_under_one_message_id(self, world):
        server, peer = world
        peer.behave("drop")
        user = self.willing(server)
        key = self.send(server, peer, user)
        told = self.told(server, key, ["dead"], 60)
        assert (told["reason"], told["detail"]) == ("delivery.lost", "content lost")
        assert len(peer.mails) == 4 and len({mail["Message-ID"] for mail in peer.read()}) == 1
        time.sleep(2)
        assert len(peer.mails) == 4 and not self.bounces(server, user)

    def test_fault_88_nothing_in_a_body_ends_it(self, world):
        server, peer = world
        smuggled = "MAIL FROM:<eve@evil.example>\r\nRCPT TO:<ada@evil.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n"
        bodies = [f"tea{end}{smuggled}" for end in ("\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r", "\u2028.\u2028", "\x00\r\n.\r\n")]
        user = self.willing(server)
        ask(server, "POST", "/templates", 201, json={"name": "open", "kind": "email", "layout": False, "parts": {"subject": "{{ mark }}", "html": "{{ body | raw }}", "text": "{{ body }}"}})
        keys = [self.send(server, peer, user, template="open", values={"body": body}) for body in bodies]
        for key in keys:
            self.told(server, key, ["sent"])
        assert peer.arrived() == keys and set(peer.recipients) == {f"{user}@wren.example"}
        for raw in peer.mails:
            assert b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b"") and b"\x00" not in raw
