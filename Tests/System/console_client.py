"""A person at the console, without a browser: keeps cookies, follows forms, reads pages. And what the accessibility checker finds on a page in one."""
import re
from html.parser import HTMLParser

import pytest
import requests

PASSWORD = "Earl Grey at four o'clock"


class Page(HTMLParser):
    """The parts of a page that the tests ask for. Text is what a reader would read."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self._h1, self.headings = [], "", False, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "h1":
            self._h1 = True
            self.headings.append("")

    def handle_endtag(self, tag):
        if tag == "h1":
            self._h1 = False

    def handle_data(self, data):
        self.text += data
        if self._h1:
            self.headings[-1] += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


class Reader:
    def __init__(self, martlet, **headers):
        self.martlet = martlet
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers.update({"Accept": "text/html", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", **headers})

    def get(self, path, follow=True, **options):
        return self.http.get(self.martlet.url + path, allow_redirects=follow, timeout=20, **options)

    def post(self, path, csrf=True, follow=False, headers=None, **fields):
        if csrf is True:
            csrf = self.csrf()
        data = {**({"csrf": csrf} if csrf is not None else {}), **fields}
        return self.http.post(self.martlet.url + path, data=data, allow_redirects=follow, headers=headers, timeout=30)

    def csrf(self):
        return re.search(r'name="csrf" value="([^"]+)"', self.get("/w/main/sources").text)[1]

    def page(self, path, status=200):
        answer = self.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return Page(answer.text)

    def cookie(self, name="martlet"):
        return self.http.cookies.get(name)

    def link(self):
        """The path of a fresh one-time link."""
        printed = self.martlet.cli("sign-in").stdout
        return "/" + printed.strip().split("/", 3)[3]

    def set_password(self, password=PASSWORD):
        token = self.link().rsplit("/", 1)[1]
        answer = self.post("/set-password", csrf=None, token=token, password=password, again=password)
        assert answer.status_code == 303, answer.text[:300]
        return self

    def sign_in(self, password=PASSWORD, **fields):
        return self.post("/sign-in", csrf=None, password=password, **fields)


def barriers(driver, impacts=None):
    """What axe finds on the page that stands in the browser; of the given impacts alone, or of all."""
    package = pytest.importorskip("axe_selenium_python", reason="axe-selenium-python is not installed: pip install -r requirements.txt")
    package.Axe(driver).inject()
    result = driver.execute_async_script("""
        var done = arguments[arguments.length - 1];
        axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa'] } }).then(done, function (error) { done({ error: String(error) }) })""")
    assert "violations" in result, result
    # The checker that this package brings is older than <div> inside <dl>, which HTML allows.
    found = [v for v in result["violations"] if v["id"] not in ("dlitem", "definition-list") and (impacts is None or v["impact"] in impacts)]
    return [(v["id"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found]


def no_barriers(driver, *where):
    """The page in the browser holds nobody up; `where` tells which page it is."""
    found = barriers(driver)
    assert not found, (where, found)
