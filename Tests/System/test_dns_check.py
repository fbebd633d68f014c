"""What DNS really says of the sender: looked up at a name server of the test's own, shown, and asked for before a campaign to many starts. No net is needed."""
import socket
import socketserver
import struct
import threading
import time

import pytest

from console_client import Reader
from harness import Martlet, new_id, wait_until
from test_consent import ask

TEXTS, SERVERS = 16, 15


class NameServer:
    """Answers over UDP and TCP on one port with what stands in `zone`, by name and type. `silent` answers nothing, `broken` a failure; names in `large` do not fit into a datagram."""

    def __init__(self):
        self.clear()
        for _ in range(20):
            self.stream = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler(self._stream))
            self.port = self.stream.server_address[1]
            try:
                self.datagrams = socketserver.ThreadingUDPServer(("127.0.0.1", self.port), self._handler(self._datagram))
                break
            except OSError:
                self.stream.server_close()
        for server in (self.stream, self.datagrams):
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def clear(self):
        self.zone, self.silent, self.broken, self.asked, self.large = {}, False, False, [], set()

    @staticmethod
    def _handler(handle):
        return type("Handler", (socketserver.BaseRequestHandler,), {"handle": lambda self: handle(self.request, self.client_address)})

    def close(self):
        for server in (self.stream, self.datagrams):
            server.shutdown()
            server.server_close()

    def _datagram(self, request, client):
        reply = self.reply(request[0], "udp")
        if reply:
            # What a stranger sends first, of another id and for another name, changes nothing.
            request[1].sendto(bytes([reply[0] ^ 1]) + reply[1:], client)
            request[1].sendto(reply[:12] + b"\4evil" + reply[12:], client)
            request[1].sendto(reply, client)

    def _stream(self, request, client):
        size = struct.unpack(">H", request.recv(2, socket.MSG_WAITALL))[0]
        reply = self.reply(request.recv(size, socket.MSG_WAITALL), "tcp")
        if reply:
            # In two pieces, as a net may cut it.
            whole = struct.pack(">H", len(reply)) + reply
            request.sendall(whole[:1])
            time.sleep(0.02)
            request.sendall(whole[1:])

    def reply(self, data, way):
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1:at + 1 + data[at]].decode())
            at += 1 + data[at]
        name, kind = ".".join(labels), struct.unpack(">H", data[at + 1:at + 3])[0]
        self.asked.append((way, name, kind))
        if self.silent:
            return None
        question = data[12:at + 5]
        values = self.zone.get((name, kind), [])
        known = any(there == name for there, _ in self.zone)
        flags = 0x8182 if self.broken else 0x8380 if name in self.large and way == "udp" else 0x8180 if known else 0x8183
        records = b"" if flags != 0x8180 else b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(value)) + value for value in map(lambda v: encode(kind, v), values))
        return data[:2] + struct.pack(">HHHHH", flags, 1, len(values) if records else 0, 0, 0) + question + records


def encode(kind, value):
    if kind == SERVERS:
        weight, name = value.split()
        return struct.pack(">H", int(weight)) + b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
    parts = [value[at:at + 255].encode() for at in range(0, len(value), 255)]
    return b"".join(bytes([len(part)]) + part for part in parts)


@pytest.fixture(scope="module")
def names():
    server = NameServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def place(names):
    martlet = Martlet(args=["--resolver", f"127.0.0.1:{names.port}"])
    martlet.start()
    ask(martlet, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": {"subject": "Hello", "html": "<p>Hello</p>"}})
    yield martlet
    martlet.close()


@pytest.fixture
def shop(place, names):
    """A sender as it is set up first, and a DNS in which nothing of it stands."""
    names.clear()
    place.call("DELETE", "/api/v1/channels/email")
    # Nothing listens at that port: no mail goes anywhere.
    ask(place, "PATCH", "/channels/email", json={
        "from": {"name": "Wren", "address": "shop@wren.example"}, "host": "127.0.0.1", "port": 1, "security": "none", "bounceAddress": "b@bounces.wren.example"})
    return place


def look(shop):
    return ask(shop, "POST", "/channels/email/check")


def set_right(shop, names):
    """What the workspace prints, as a careful owner sets it."""
    for record in ask(shop, "GET", "/channels/email")["records"]:
        names.zone[record["name"], {"TXT": TEXTS, "MX": SERVERS}[record["type"]]] = [record["value"]]


def all_are(told, state):
    return {record["state"] for record in told["records"]} == {state}


def test_what_is_missing_is_found_once_it_is_set(shop, names):
    told = ask(shop, "GET", "/channels/email")
    assert told["check"] is None and told["requiresRecords"] is True
    missing = look(shop)
    assert all_are(missing, "missing") and len(missing["records"]) == 5 and missing["isAligned"] and not missing["isStale"] and missing["findings"] == []
    command = shop.cli("channel", "email", "check", check=False)
    assert command.returncode == 1 and command.stdout.count("missing") == 5, command.stdout + command.stderr
    set_right(shop, names)
    found = look(shop)
    assert all_are(found, "found"), found
    assert found == ask(shop, "GET", "/channels/email")["check"]
    command = shop.cli("channel", "email", "check")
    assert command.stdout.count("found") == 5
    assert "Looked up at " in shop.cli("channel", "email", "show").stdout
    # Other keys need other records.
    shop.cli("channel", "email", "keys")
    assert ask(shop, "GET", "/channels/email")["check"]["isStale"]
    again = look(shop)
    assert sorted(record["state"] for record in again["records"]) == ["found"] * 3 + ["missing"] * 2
    shop.kill9()
    shop.start()
    assert ask(shop, "GET", "/channels/email")["check"] == again, "it outlives a crash"


def test_what_differs_is_told_with_what_stands_there(shop, names):
    set_right(shop, names)
    key = next(name for name in names.zone if "_domainkey" in name[0])
    names.zone[key] = ["v=DKIM1; p="]
    names.zone["bounces.wren.example", TEXTS] = ["hello", "v=spf1 a ~all", "v=spf1 mx \x1b[2J~all"]
    names.zone["_dmarc.wren.example", TEXTS] = ["v=DMARC1; p=none", "v=DMARC1; p=reject"]
    told = {record["name"]: record for record in look(shop)["records"] if record["type"] == "TXT"}
    assert told[key[0]]["state"] == "differs" and told[key[0]]["there"] == ["v=DKIM1; p="]
    assert told["bounces.wren.example"]["state"] == "differs" and told["bounces.wren.example"]["there"] == ["v=spf1 a ~all", "v=spf1 mx \ufffd[2J~all"]
    assert told["_dmarc.wren.example"]["state"] == "differs"
    command = shop.cli("channel", "email", "check", check=False)
    assert command.returncode == 1 and "v=spf1 mx" in command.stdout and "\x1b" not in command.stdout
    ask(shop, "PATCH", "/channels/email", json={"dkimDomain": "esp.example", "bounceAddress": "b@esp.example"})
    told = look(shop)
    assert not told["isAligned"] and [finding["code"] for finding in told["findings"]] == ["email.alignment"]


def test_a_long_answer_is_asked_for_by_tcp(shop, names):
    set_right(shop, names)
    names.large = {name for name, kind in names.zone if "_domainkey" in name}
    assert all_are(look(shop), "found")
    assert {name for way, name, _ in names.asked if way == "tcp"} == names.large


def test_who_is_not_answered_does_not_know_and_waits_no_longer_than_ten_seconds(shop, names):
    set_right(shop, names)
    names.silent = True
    began = time.monotonic()
    told = look(shop)
    assert all_are(told, "unknown") and 3 < time.monotonic() - began < 10
    names.silent, names.broken = False, True
    began = time.monotonic()
    assert all_are(look(shop), "unknown") and time.monotonic() - began < 3
    assert shop.cli("channel", "email", "check").stdout.count("unknown") == 5, "nothing is missing, and nothing differs"


def test_the_server_answers_others_while_it_waits_for_a_name_server(shop, names):
    names.silent = True
    waiting = [threading.Thread(target=look, args=(shop,)) for _ in range(8)]
    for thread in waiting:
        thread.start()
    time.sleep(0.3)
    began = time.monotonic()
    for _ in range(10):
        assert shop.http.get(shop.url + "/health", timeout=5).status_code == 200
        ask(shop, "GET", "/channels/email")
    assert time.monotonic() - began < 2
    assert any(thread.is_alive() for thread in waiting), "they must be waiting still"
    for thread in waiting:
        thread.join(15)


# -- at publish

def crowd(shop, count):
    for start in range(0, count, 500):
        shop.send([{"type": "identify", "userId": f"many{n}", "traits": {"crowd": "all", "isFirst": n == 0}} for n in range(start, start + 500)], wait=start + 500 == count)


@pytest.fixture(scope="module")
def many(place):
    """A segment of 5,000 people, and one of 4,999."""
    crowd(place, 5000)
    ask(place, "POST", "/segments", 201, json={"name": "Many", "condition": 'crowd = "all"'})
    ask(place, "POST", "/segments", 201, json={"name": "Fewer", "condition": 'crowd = "all" and isFirst = false'})
    return place


def campaign(shop, segment="many", purpose="marketing", channel="email"):
    # A year ahead, so that nothing of it is sent.
    return ask(shop, "POST", "/journeys", 201, json={"journey": {
        "name": new_id("campaign"), "trigger": {"campaign": segment, "at": "2099-01-01T09:00"}, "steps": [{"message": "hello", "purpose": purpose, "channel": channel}]}})


def start(shop, made):
    answer = shop.call("POST", f"/api/v1/journeys/{made['id']}/start")
    return answer.status_code, answer.json().get("code")


def codes(shop, made):
    return [warning["code"] for warning in ask(shop, "GET", f"/journeys/{made['id']}")["warnings"]]


REFUSED, STARTED = (409, "journey.mail-not-authenticated"), (200, None)


def test_a_campaign_to_many_waits_for_the_records(shop, names, many):
    made = campaign(shop)
    assert codes(shop, made) == [], "nobody has looked yet"
    answer = shop.call("POST", f"/api/v1/journeys/{made['id']}/start")
    assert answer.status_code == 409, answer.text
    told = answer.json()
    assert told["code"] == "journey.mail-not-authenticated" and "5000 people" in told["message"] and "SPF at bounces.wren.example is missing" in told["message"]
    assert "DMARC at _dmarc.wren.example" in told["message"] and "requiresRecords" in told["remedy"]
    assert ask(shop, "GET", f"/journeys/{made['id']}")["state"] == "draft"
    # What was found stays said, of each journey whose mail needs consent.
    assert codes(shop, made) == codes(shop, campaign(shop, "fewer")) == ["journey.mail-not-authenticated"]
    assert codes(shop, campaign(shop, purpose="service")) == codes(shop, campaign(shop, channel="webhook")) == []
    # Asked again within the hour, it goes by what it knows.
    asked = len(names.asked)
    set_right(shop, names)
    assert start(shop, made) == REFUSED and len(names.asked) == asked
    look(shop)
    assert codes(shop, made) == [] and start(shop, made) == STARTED


def test_fewer_people_and_what_needs_no_consent_start_all_the_same(shop, names, many):
    for made in (campaign(shop, "fewer"), campaign(shop, purpose="service"), campaign(shop, channel="webhook")):
        assert start(shop, made) == STARTED
    assert names.asked == [], "of them nothing is asked"
    event = ask(shop, "POST", "/journeys", 201, json={"journey": {"name": new_id("event"), "trigger": {"event": '"Nothing"'}, "steps": [{"message": "hello", "purpose": "marketing"}]}})
    assert start(shop, event) == STARTED


def test_who_says_so_starts_without_the_records(shop, names, many):
    made = campaign(shop)
    assert start(shop, made) == REFUSED
    shop.cli("channel", "email", "set", "--requires-records", "false")
    assert ask(shop, "GET", "/channels/email")["requiresRecords"] is False
    assert start(shop, made) == STARTED
    assert codes(shop, made) == ["journey.mail-not-authenticated"], "it is said all the same"


def test_the_catcher_needs_no_records(shop, names, many):
    ask(shop, "PATCH", "/channels/email", json={"host": "catcher"})
    made = campaign(shop)
    assert start(shop, made) == STARTED and names.asked == []
    look(shop)
    assert codes(shop, made) == []


def test_where_nobody_answers_it_starts_in_time_and_the_page_says_so(shop, names, many):
    names.silent = True
    made = campaign(shop)
    began = time.monotonic()
    assert start(shop, made) == STARTED
    assert time.monotonic() - began < 10
    assert codes(shop, made) == []
    reader = Reader(shop).set_password()
    assert "could not be looked up" in reader.page("/w/main/journeys/" + made["id"]).text


def test_the_console_shows_looks_and_says_why_a_campaign_waits(make_martlet, names):
    names.clear()
    shop = make_martlet(args=["--resolver", f"127.0.0.1:{names.port}"]).start()
    ask(shop, "PATCH", "/channels/email", json={"from": {"address": "shop@wren.example"}, "host": "127.0.0.1", "port": 1, "security": "none"})
    ask(shop, "POST", "/templates", 201, json={"name": "hello", "kind": "email", "parts": {"subject": "Hello", "html": "<p>Hello</p>"}})
    reader = Reader(shop).set_password()
    assert "Not looked up yet" in reader.page("/w/main/email").text
    assert reader.post("/w/main/email/check", csrf="wrong").status_code == 403
    assert reader.post("/w/main/email/check").status_code in (200, 303)
    page = reader.page("/w/main/email").text
    assert page.count("Missing") == 4 and "Looked up" in page
    set_right(shop, names)
    names.zone["wren.example", TEXTS] = ["v=spf1 a", "v=spf1 <b>mx</b>"]
    reader.post("/w/main/email/check")
    page = reader.page("/w/main/email").text
    assert page.count("Found") == 3 and page.count("Differs") == 1 and "v=spf1 <b>mx</b>" in page
    shop.cli("channel", "email", "keys")
    page = reader.page("/w/main/email").text
    assert "have changed since" in page
    names.zone = {}
    crowd(shop, 5000)
    ask(shop, "POST", "/segments", 201, json={"name": "Many", "condition": 'crowd = "all"'})
    made = campaign(shop)
    assert reader.post(f"/w/main/journeys/{made['id']}/start").status_code in (200, 303)
    assert ask(shop, "GET", f"/journeys/{made['id']}")["state"] == "draft"
    page = reader.page(f"/w/main/journeys/{made['id']}")
    assert "may not be believed" in page.text and "/w/main/email" in [a.get("href") for a in page.all("a")]


def test_a_name_server_that_is_none_is_refused(make_martlet):
    for wrong in ("ns.example", "127.0.0.1:0", ""):
        martlet = make_martlet(args=["--resolver", wrong])
        martlet.start(expect_ready=False)
        assert martlet.process.wait(20) != 0
        wait_until(lambda: "resolver" in martlet.errors(), what="the word on stderr")
