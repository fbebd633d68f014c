"""What the browser tests stand on: a site to visit, a collector that can fail on demand, and headless Chromium.

The site and the collector listen on different ports, so every request of the script is cross-origin, as in a real shop.
The collector stands in for Martlet where a test needs it to fail; tests that do not can be given a real server instead.
"""
import functools
import json
import os
import pathlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness import Martlet


@functools.cache
def sdk_bytes():
    """The script as the real server serves it, or the file that MARTLET_SDK names."""
    if path := os.environ.get("MARTLET_SDK"):
        return pathlib.Path(path).read_bytes()
    server = Martlet().start()
    try:
        answer = server.http.get(server.url + "/martlet.js", timeout=10)
        assert answer.status_code == 200 and "javascript" in answer.headers["Content-Type"], f"{answer.status_code} {answer.headers}"
        return answer.content
    finally:
        server.close()


class LocalServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://localhost:{self.server_address[1]}"


class Collector(LocalServer):
    """Takes events like Martlet; answers what a test asks for."""

    def __init__(self):
        super().__init__(_CollectorHandler)
        self.requests, self.answers, self.default = [], [], (200, {})
        self.sdk, self.delay = sdk_bytes(), 0

    def events(self, unique=True):
        seen, found = set(), []
        for request in list(self.requests):
            for event in request["batch"] if request["status"] == 200 else []:
                if not unique or event["messageId"] not in seen:
                    seen.add(event["messageId"])
                    found.append(event)
        return found

    def named(self, name):
        return [e for e in self.events() if e.get("event") == name]

    def wait(self, condition, seconds=10):
        """Waits until `condition()` holds; fails with what had arrived by then."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError(f"not within {seconds} s; arrived: {[(r['status'], len(r['batch'])) for r in self.requests]}")


class _CollectorHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_OPTIONS(self):
        self.server.requests.append({"status": 204, "batch": [], "method": "OPTIONS"})
        self._answer(204, b"", {})

    def do_GET(self):
        self._answer(200, self.server.sdk, {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-store"})

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"]))
        body = json.loads(text)
        status, headers = self.server.answers.pop(0) if self.server.answers else self.server.default
        self.server.requests.append({
            "status": status, "batch": body["batch"], "writeKey": body["writeKey"], "sentAt": body["sentAt"], "method": "POST",
            "path": self.path, "type": self.headers["Content-Type"], "gpc": self.headers["Sec-GPC"], "bytes": len(text), "at": time.monotonic(),
            # What a page sends as it goes, without waiting for the answer.
            "isBeacon": self.headers["Sec-Fetch-Mode"] == "no-cors",
        })
        time.sleep(self.server.delay)
        answer = {"success": True} if status == 200 else {"code": "asked-for", "message": "The test asked for this."}
        self._answer(status, json.dumps(answer).encode(), headers)

    def _answer(self, status, body, headers):
        try:
            self.send_response(status)
            everyone = {"Access-Control-Allow-Origin": self.headers.get("Origin", "*"), "Access-Control-Expose-Headers": "Retry-After"}
            for name, value in {**everyone, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass


class Site(LocalServer):
    """The host page: any path answers the current HTML, with the script of `collector` in it."""

    def __init__(self):
        super().__init__(_SiteHandler)
        self.before = self.tag = ""

    def carry(self, url, write_key, attributes="", before=""):
        self.before = before
        self.tag = f'<script src="{url}/martlet.js" data-write-key="{write_key}" {attributes}></script>'


class _SiteHandler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        html = f"""<!doctype html><meta charset="utf-8"><title>Wren & Daughters</title>
        <script>window.failures = []; addEventListener("error", function (e) {{ failures.push(String(e.message)) }});
        addEventListener("unhandledrejection", function (e) {{ failures.push(String(e.reason)) }});</script>
        {self.server.before}{self.server.tag if not self.path.startswith("/blank") else ""}<body>Tea</body>""".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(html)))
        self.end_headers()
        self.wfile.write(html)


def chromium(*more):
    """Headless; `more` are arguments of Chromium's."""
    from selenium import webdriver
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1200,900", *more):
        options.add_argument(argument)
    options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")))
