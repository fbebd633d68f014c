"""The channel `webhook` does what every channel must."""
import time

from channel_conformance import ChannelConformance
from test_consent import ask
from webhook_sink import Sink


class WebhookPeer:
    channel, args = "webhook", ("--allow-private-destinations",)
    template = {"kind": "json", "parts": {"json": "{\"text\": \"Hello {{ profile.firstName }}\"}"}}

    def __init__(self, retry_after):
        answers = {"accept": 204, "defer": (503, {"Retry-After": str(retry_after)}), "refuse": 400, "drop": "drop", "hang": "hang"}
        self.word = "accept"

        def behave(call, number):
            if self.word == "slow":
                time.sleep(0.5)
                return 204
            return answers[self.word]

        self.sink = Sink(behave=behave)

    def furnish(self, server):
        made = ask(server, "POST", "/destinations", 201, json={"name": "messages", "url": self.sink.url})
        self.sink.secrets = made["secrets"]
        ask(server, "PUT", "/sending-policy", json={"webhookDestination": made["id"]})

    def behave(self, word):
        if word == "dead":
            self.sink.close()
        elif self.word == "dead":
            self.sink.listen()
        self.word = word

    def arrived(self):
        assert not self.sink.unsigned
        return self.sink.ids()

    def close(self):
        if self.word != "dead":
            self.sink.close()


class TestWebhookChannel(ChannelConformance):
    def peer(self):
        return WebhookPeer(self.retry_after)
