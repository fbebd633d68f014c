"""What every channel to people must do, whatever it speaks: a test file makes a subclass of `ChannelConformance` for its channel, with a peer that behaves as it is told.

A peer has `channel` (the channel's name), `template` (a template's body for POST /api/v1/templates), `args` (for `martlet serve`), and
- `furnish(server)`: settings, so that messages of the channel reach the peer,
- `behave(word)`: "accept", "defer" (not now; with `retry_after` seconds where the protocol can say so), "refuse" (never), "drop" (takes all and loses the line), "hang" (never answers), "slow" (answers after
  half a second), "dead" (nobody listens, until it is told to behave otherwise),
- `arrived()`: the keys of messages in the order in which they came, repeats among them, whatever was answered,
- `close()`.
"""
import time

import pytest

from harness import new_id, wait_until
from test_consent import ask, person, say


class ChannelConformance:
    retry_after = 3

    def peer(self):
        raise NotImplementedError

    @pytest.fixture
    def world(self, make_martlet):
        peer = self.peer()
        server = make_martlet(args=peer.args).start()
        peer.furnish(server)
        ask(server, "POST", "/templates", 201, json={"name": "hello", **peer.template})
        yield server, peer
        peer.close()

    def willing(self, server):
        user, _ = person(server)
        say(server, "granted", user)
        return user

    def send(self, server, peer, user, template="hello", values=None):
        """The template sees the message's key as `mark`, for channels that carry no key of their own."""
        own = new_id("k")
        asked = {"userId": user, "template": template, "channel": peer.channel, "purpose": "marketing", "topic": "offers", "idempotencyKey": own, "data": {"mark": f"api:{own}", **(values or {})}}
        return ask(server, "POST", "/messages", 202, json=asked)["key"]

    def told(self, server, key, states, seconds=30):
        def look():
            answer = server.call("GET", f"/api/v1/messages/{key}")
            return answer.status_code == 200 and answer.json()["state"] in states and answer.json()

        return wait_until(look, seconds, what=f"{key} to be {' or '.join(states)}")

    def test_what_is_accepted_is_sent_once(self, world):
        server, peer = world
        key = self.send(server, peer, self.willing(server))
        told = self.told(server, key, ["sent"])
        assert told["attempts"] == 1 and told["repeats"] == 0 and peer.arrived() == [key]

    def test_what_is_deferred_comes_again_under_its_key_and_not_too_soon(self, world):
        server, peer = world
        peer.behave("defer")
        key = self.send(server, peer, self.willing(server))
        self.told(server, key, ["retrying"])
        began = time.monotonic()
        peer.behave("accept")
        told = self.told(server, key, ["sent"])
        assert time.monotonic() - began > 0.7 and told["attempts"] == 2 and peer.arrived() == [key, key]
        assert [step["reason"] for step in told["steps"]] == ["delivery.deferred"]

    def test_what_is_refused_is_a_dead_letter_and_goes_again_when_asked(self, world):
        server, peer = world
        peer.behave("refuse")
        key = self.send(server, peer, self.willing(server))
        assert self.told(server, key, ["dead"])["reason"] == "delivery.refused"
        assert peer.arrived() == [key]
        peer.behave("accept")
        assert ask(server, "POST", "/messages/replay", json={"keys": [key]}) == {"replayed": 1}
        self.told(server, key, ["sent"])
        assert peer.arrived() == [key, key]

    def test_a_dead_one_gets_it_once_when_it_lives_again(self, world):
        server, peer = world
        peer.behave("dead")
        key = self.send(server, peer, self.willing(server))
        told = self.told(server, key, ["retrying"])
        assert told["reason"] == "delivery.deferred" and told["repeats"] == 0, "nothing was said, so that nothing can be doubled"
        peer.behave("accept")
        self.told(server, key, ["sent"])
        assert peer.arrived() == [key]

    def test_a_line_lost_after_the_message_means_the_same_key_again(self, world):
        server, peer = world
        peer.behave("drop")
        key = self.send(server, peer, self.willing(server))
        self.told(server, key, ["retrying"])
        peer.behave("accept")
        told = self.told(server, key, ["sent"])
        assert told["repeats"] == 1 and set(peer.arrived()) == {key}

    def test_one_that_hangs_does_not_end_the_server_late(self, world):
        server, peer = world
        peer.behave("hang")
        key = self.send(server, peer, self.willing(server))
        self.told(server, key, ["underway"])
        began = time.monotonic()
        assert server.stop() == 0 and time.monotonic() - began < 10
        peer.behave("accept")
        server.start()
        told = self.told(server, key, ["sent"])
        assert told["repeats"] == 1, "what was under way goes again, and says so"

    def test_a_slow_one_takes_many_at_once(self, world):
        server, peer = world
        peer.behave("slow")
        people = [self.willing(server) for _ in range(12)]
        began = time.monotonic()
        keys = [self.send(server, peer, user) for user in people]
        for key in keys:
            self.told(server, key, ["sent"])
        assert time.monotonic() - began < 6, "one after the other they would take longer"

    def test_of_one_person_one_after_the_other(self, world):
        server, peer = world
        user = self.willing(server)
        keys = [self.send(server, peer, user) for _ in range(5)]
        self.told(server, keys[-1], ["sent"])
        assert peer.arrived() == keys
