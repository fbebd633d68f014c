"""A receiver of webhooks that checks every signature by the published scheme (Standard Webhooks) and answers as a test tells it."""
import base64
import hashlib
import hmac
import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def signed(secret, headers, body):
    """Whether one of the signatures is ours: HMAC-SHA-256 over id.timestamp.body, and the time is of now."""
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    own = base64.b64encode(hmac.new(base64.b64decode(secret.removeprefix("whsec_")), message, hashlib.sha256).digest()).decode()
    return abs(time.time() - int(headers["webhook-timestamp"])) < 300 and f"v1,{own}" in headers["webhook-signature"].split(" ")


class Call:
    def __init__(self, headers, body):
        self.id, self.headers, self.body, self.at = headers["webhook-id"], headers, json.loads(body), time.monotonic()

    @property
    def data(self):
        return self.body["data"]


class Sink:
    """`behave(call, number)` gives a status, (status, headers), or one of "drop" (reads all and closes), "hang", "endless"; `number` counts from 0."""

    def __init__(self, secrets=(), behave=lambda call, number: 204):
        self.secrets, self.behave, self.calls, self.lock, self.unsigned = list(secrets), behave, [], threading.Lock(), []
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                call = Call(self.headers, body)
                with sink.lock:
                    if sink.secrets and not any(signed(secret, self.headers, body) for secret in sink.secrets):
                        sink.unsigned.append(call.id)
                    sink.calls.append(call)
                    number = len(sink.calls) - 1
                told = sink.behave(call, number)
                if told == "drop":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                    self.close_connection = True
                    return
                if told == "hang":
                    time.sleep(60)
                    return
                status, headers = told if isinstance(told, tuple) else (told, {})
                if told == "endless":
                    self.send_response(200)
                    self.send_header("Content-Length", str(1 << 30))
                    self.end_headers()
                    try:
                        while True:
                            self.wfile.write(b"x" * 65536)
                    except OSError:
                        self.close_connection = True
                        return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass

        self.handler, self.port = Handler, 0
        self.listen()

    def listen(self):
        """Again on the port that it had, once it was closed."""
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), self.handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def ids(self):
        with self.lock:
            return [call.id for call in self.calls]
