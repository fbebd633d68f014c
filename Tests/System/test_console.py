"""The console as HTTP: who gets in, what each page and form does, and what nobody can make it do."""
import re
import socket
import statistics
import subprocess
import threading
import time

import pytest
import requests

from console_client import PASSWORD, Page, Reader
from harness import new_id, wait_until

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
          "frame-ancestors 'none'")
#: Shown as text, or it runs.
NASTY = ['"><img src=x onerror=alert(1)>', "</script><script>alert(1)</script>", "javascript:alert(1)", "{{7*7}}", "' onmouseover='alert(1)", "<svg/onload=alert(1)>"]
PAGES = ["", "/live", "/profiles", "/profiles?merged=1", "/search?q=ada", "/sources", "/quarantine", "/tokens", "/session", "/templates", "/templates/new", "/consent", "/segments", "/lists", "/segments/new?text=plan%20%3D", "/computed-traits", "/computed-traits/new?text=sum"]


# -- the door


def test_first_start_prints_a_link_that_opening_does_not_use_up(martlet):
    wait_until(lambda: b"/sign-in/" in b"".join(martlet.stdout), what="the link")
    path = "/sign-in/" + re.search(rb"/sign-in/(\w+)", b"".join(martlet.stdout))[1].decode()
    reader = Reader(martlet)
    assert "martlet sign-in" in reader.get("/sign-in").text
    for _ in range(3):
        assert Page(reader.get(path).text).headings == ["Choose a password"]
    token = path.rsplit("/", 1)[1]
    assert reader.post("/set-password", csrf=None, token=token, password="short", again="short").status_code == 422
    assert reader.post("/set-password", csrf=None, token=token, password=PASSWORD, again="another one entirely").status_code == 422
    assert reader.post("/set-password", csrf=None, token=token, password="password123", again="password123").status_code == 422
    assert reader.post("/set-password", csrf=None, token=token, password=PASSWORD, again=PASSWORD).status_code == 303
    assert reader.page("/w/main").headings
    assert reader.post("/set-password", csrf=None, token=token, password=PASSWORD, again=PASSWORD).status_code == 410
    martlet.restart()
    assert b"/sign-in/" not in martlet.stdout[-1], "a password is set: no second way in is printed"


def test_later_links_ask_for_a_press_and_work_once(shop):
    reader = Reader(shop)
    path = reader.link()
    for _ in range(3):
        page = reader.get(path)
        assert page.status_code == 200 and not reader.cookie(), "a mail scanner opens links"
    assert reader.post(path, csrf=None).status_code == 303
    assert reader.page("/w/main").headings
    assert Reader(shop).post(path, csrf=None).status_code == 410
    assert Reader(shop).get(path).status_code == 410
    assert Reader(shop).get("/sign-in/" + "x" * 40).status_code == 410


def test_password_opens_and_leads_where_it_was_asked_from(shop):
    reader = Reader(shop)
    answer = reader.get("/w/main/live?type=track", follow=False)
    assert answer.status_code == 303 and answer.headers["Location"] == "/sign-in?next=%2Fw%2Fmain%2Flive%3Ftype%3Dtrack"
    assert 'name="next" value="/w/main/live?type=track"' in reader.get(answer.headers["Location"]).text
    answer = reader.sign_in(next="/w/main/live?type=track")
    assert answer.status_code == 303 and answer.headers["Location"] == "/w/main/live?type=track"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/w/\\evil", "javascript:alert(1)", "/w/main\r\nX: y", "", "/sign-out"])
def test_signing_in_leads_nowhere_else(shop, target):
    assert Reader(shop).sign_in(next=target).headers["Location"] == "/"


def test_session_cookie_is_locked_away(shop):
    answer = Reader(shop).sign_in()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("martlet=") and "; Path=/" in cookie and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert "Domain" not in cookie and "Max-Age" not in cookie


def test_signing_in_gives_a_new_session_and_ends_the_old(shop):
    victim = Reader(shop)
    victim.http.cookies.set("martlet", "planted" * 6, domain="127.0.0.1")
    assert victim.sign_in().status_code == 303
    first = victim.http.cookies.get_dict()["martlet"]
    assert "planted" not in first
    assert victim.sign_in().status_code == 303
    second = victim.http.cookies.get_dict()["martlet"]
    assert first != second
    stale = Reader(shop)
    stale.http.cookies.set("martlet", first, domain="127.0.0.1")
    assert stale.get("/w/main", follow=False).status_code == 303, "the session before is over"


def test_signing_out_ends_the_session_on_the_server(shop):
    reader = Reader(shop)
    reader.sign_in()
    session = reader.cookie()
    answer = reader.post("/sign-out")
    assert answer.status_code == 303 and "Max-Age=0" in answer.headers["Set-Cookie"]
    again = Reader(shop)
    again.http.cookies.set("martlet", session, domain="127.0.0.1")
    assert again.get("/w/main", follow=False).status_code == 303
    assert "session has ended" in again.get("/w/main").text


def test_password_change_needs_the_current_one_and_ends_all_others(make_martlet):
    martlet = make_martlet().start()
    reader = Reader(martlet).set_password()
    other = Reader(martlet)
    other.sign_in()
    new = "Lapsang in the rain"
    assert reader.post("/w/main/session/password", current="wrong one here", password=new, again=new).status_code == 422
    assert reader.post("/w/main/session/password", current=PASSWORD, password="tea", again="tea").status_code == 422
    before = reader.cookie()
    assert reader.post("/w/main/session/password", current=PASSWORD, password=new, again=new).status_code == 303
    assert reader.cookie() != before
    assert "password was changed" in reader.get("/w/main/session").text
    assert "password was changed" not in reader.get("/w/main/session").text, "said once"
    assert other.get("/w/main", follow=False).status_code == 303
    assert Reader(martlet).sign_in().status_code == 422
    assert Reader(martlet).sign_in(new).status_code == 303


def test_other_sessions_can_be_ended(make_martlet):
    martlet = make_martlet().start()
    reader = Reader(martlet).set_password()
    other = Reader(martlet, **{"User-Agent": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"})
    other.sign_in()
    text = reader.page("/w/main/session").text
    assert "Firefox on Linux" in text and "Chrome on Windows" in text
    assert reader.post("/w/main/session/end-others").status_code == 303
    assert other.get("/w/main", follow=False).status_code == 303
    assert reader.page("/w/main/session").text.count("Firefox on Linux") == 1


def test_guessing_is_slowed_and_tells_nothing(make_martlet):
    martlet = make_martlet().start()
    reader = Reader(martlet).set_password()
    answers = [Reader(martlet).sign_in("wrong " + str(n)) for n in range(8)]
    assert [a.status_code for a in answers[:5]] == [422] * 5
    assert answers[-1].status_code == 429 and int(answers[-1].headers["Retry-After"]) >= 1
    # The right one is not looked at meanwhile, and whoever is in stays in.
    assert Reader(martlet).sign_in().status_code == 429
    assert reader.page("/w/main").headings
    time.sleep(int(answers[-1].headers["Retry-After"]) + 1)
    assert Reader(martlet).sign_in().status_code == 303


def test_an_unset_password_answers_like_a_wrong_one(make_martlet):
    def times(server):
        out = []
        for _ in range(4):
            start = time.monotonic()
            assert Reader(server).sign_in("guess").status_code == 422
            out.append(time.monotonic() - start)
        return statistics.median(out)

    fresh, owned = make_martlet().start(), make_martlet().start()
    Reader(owned).set_password()
    without, wrong = times(fresh), times(owned)
    assert 0.4 < without / wrong < 2.5, (without, wrong)


# -- what holds for every page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_heading_and_the_headers(shop, ada, path):
    for workspace in ("main", "demo"):
        answer = ada.get(f"/w/{workspace}{path}")
        assert answer.status_code == 200, answer.text[:300]
        page = Page(answer.text)
        assert len(page.headings) == 1 and page.headings[0].strip()
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Frame-Options"] == "DENY" and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin" and answer.headers["Cache-Control"] == "no-store"
        assert "style" not in [name for tag, a in page.tags for name in a] and not [a for a in page.all("script") if "src" not in a]
        # Only what is served is offered.
        for link in {a["href"] for a in page.all("a") if a["href"].startswith("/w/") and not re.search("[?&](lang|theme)=", a["href"])}:
            assert ada.get(link, follow=False).status_code == 200, link


def test_assets_are_kept_for_ever_and_need_no_one_signed_in(shop, ada):
    page = ada.page("/w/main/live")
    paths = [a["src"] for a in page.all("script")] + [a["href"] for a in page.all("link")]
    assert len(paths) >= 4
    for path in paths:
        answer = Reader(shop).get(path)
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
    assert Reader(shop).get("/console/assets/console.0000000000000000.css").status_code == 404


def test_live_shows_every_event_of_calls_that_share_a_sync(shop, ada):
    """Sixty senders at once, whose calls are written together: none is left out."""
    names = [f"Steeped {n} {new_id()}" for n in range(60)]
    assert shop.source, "made before they all send"
    calls = [threading.Thread(target=shop.track, args=(name,), kwargs={"userId": f"steeper-{n}"}) for n, name in enumerate(names)]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    page = ada.get("/w/main/live").text
    assert not [name for name in names if name not in page]


@pytest.mark.parametrize("path", PAGES + ["/live/stream", "/charts/events-per-minute.csv", "/profiles/prf_0", "/sources/src_1"])
def test_nothing_is_shown_to_strangers(shop, path):
    answer = Reader(shop).get("/w/main" + path, follow=False)
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in") and not answer.text
    answer = requests.get(shop.url + "/w/main" + path, headers={"Accept": "application/json"}, timeout=10)
    assert answer.status_code == 401 and answer.json()["code"] == "access.sign-in-needed"
    # Keys of the API open no pages.
    assert requests.get(shop.url + "/w/main" + path, headers={"Authorization": "Bearer " + shop.token()}, allow_redirects=False, timeout=10).status_code == 303


def test_other_sites_are_allowed_nothing(shop):
    for path in ("/", "/sign-in", "/w/main", "/w/main/sources", "/w/main/live/stream"):
        for method in ("OPTIONS", "GET"):
            answer = requests.request(method, shop.url + path, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, allow_redirects=False, timeout=10)
            assert not [name for name in answer.headers if name.lower().startswith("access-control")], (method, path)


def test_a_session_opens_no_api(shop, ada):
    assert ada.http.get(shop.url + "/api/v1/profiles", timeout=10).status_code == 401


FORMS = ["/sources", "/sources/src_1/rename", "/sources/src_1/rotate", "/sources/src_1/disable", "/sources/src_1/enable", "/quarantine/1/replay",
         "/quarantine/1/delete", "/tokens", "/tokens/tok_1/revoke", "/session/password", "/session/end-others", "/profiles/prf_0/erase"]


@pytest.mark.parametrize("path", FORMS)
def test_forms_of_others_do_nothing(shop, ada, path):
    shop.source
    before = [(s["id"], s["name"], s["writeKey"], s["enabled"]) for s in shop.api("/api/v1/sources")["sources"]]
    fields = {"name": "Stolen", "confirm": "Shop", "scope": "all"}
    for csrf in (None, "", "x" * 32, ada.csrf()[:-1]):
        answer = ada.post("/w/main" + path, csrf=csrf, **fields)
        assert answer.status_code == 403 and "Nothing was changed" in answer.text
    token = ada.csrf()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert ada.post("/w/main" + path, csrf=token, headers=headers, **fields).status_code == 403
    assert ada.http.post(shop.url + "/w/main" + path, json={"csrf": token, **fields}, timeout=10).status_code == 415
    assert Reader(shop).post("/w/main" + path, csrf=token, **fields).status_code == 401
    answer = ada.get("/w/main" + path, follow=False)
    assert answer.status_code == 200 or answer.status_code == 303 and ("/w/main" + path).startswith(answer.headers["Location"] + "/"), "a GET changes nothing and leads to the page"
    assert [(s["id"], s["name"], s["writeKey"], s["enabled"]) for s in shop.api("/api/v1/sources")["sources"]] == before


@pytest.mark.parametrize("path", ["/sign-in", "/set-password", "/sign-in/" + "x" * 40])
def test_the_door_takes_no_forms_of_other_sites(shop, path):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = Reader(shop).post(path, csrf=None, headers=headers, password=PASSWORD)
        assert answer.status_code == 403 and "Set-Cookie" not in answer.headers


def test_forms_have_limits(shop, ada):
    token = ada.csrf()
    assert ada.post("/w/main/sources", csrf=token, name="x" * 70_000).status_code == 400
    assert ada.post("/w/main/sources", csrf=token, **{f"f{n}": "1" for n in range(300)}).status_code == 400
    assert ada.post("/w/main/sources", csrf=token, **{"n" * 200: "1"}).status_code == 400


def test_refusals_are_pages_in_the_readers_language(shop, ada):
    assert "There is nothing here" in ada.get("/w/main/nowhere").text
    assert "There is nothing here" in ada.get("/w/nowhere").text
    assert ada.get("/w/main/profiles/prf_zzz").status_code == 404 and ada.get("/w/main/sources/src_999").status_code == 404
    spanish = Reader(shop, **{"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    spanish.sign_in()
    assert "Aquí no hay nada" in spanish.get("/w/main/nowhere").text


def test_language_and_theme_are_kept(shop):
    reader = Reader(shop, **{"Accept-Language": "fr, tr;q=0.4, en;q=0.3"})
    assert 'lang="tr"' in reader.get("/sign-in").text
    answer = reader.get("/sign-in?next=%2Fw%2Fmain%2Flive&lang=es", follow=False)
    assert answer.status_code == 303 and answer.headers["Location"] == "/sign-in?next=%2Fw%2Fmain%2Flive"
    assert "Iniciar sesión" in reader.get("/sign-in").text
    reader.sign_in()
    reader.get("/w/main?theme=dark")
    assert 'lang="es" data-theme="dark"' in reader.get("/w/main/live").text
    assert 'lang="es" data-theme="dark"' in reader.get("/w/main/live?lang=xx&theme=%22%3E").text


# -- near and far


def other_address():
    out = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    return next((a for a in out if ":" not in a and not a.startswith("127.")), None)


def test_without_tls_the_console_is_for_this_machine(make_martlet):
    address = other_address()
    if not address:
        pytest.fail("this machine has no address besides the loopback, so the rule cannot be tried")
    martlet = make_martlet(args=["--host", "0.0.0.0"]).start()
    # What it prints leads somewhere, and not to an address that stands for all of the machine's.
    link = wait_until(lambda: re.search(r"http\S+/sign-in/\w+", b"".join(martlet.stdout).decode()), what="the link")[0]
    assert link.startswith(f"http://127.0.0.1:{martlet.port}/") and requests.get(link, timeout=10).status_code == 200
    assert b"0.0.0.0" not in b"".join(martlet.stdout)
    for path in ("/", "/sign-in", "/w/main", "/sign-in/" + "x" * 40, "/%77/main", "/w/main/live/stream"):
        answer = requests.get(f"http://{address}:{martlet.port}{path}", allow_redirects=False, timeout=10)
        assert answer.status_code == 403 and "--tls-certificate" in answer.text, path
    assert requests.post(f"http://{address}:{martlet.port}/sign-in", data={"password": PASSWORD}, timeout=10).status_code == 403
    assert 'lang="es"' in requests.get(f"http://{address}:{martlet.port}/sign-in?lang=es", timeout=10).text, "the refusal's own language links work"
    # Ingestion is for everyone.
    assert requests.post(f"http://{address}:{martlet.port}/v1/track", json={"userId": "ada", "event": "Tea Steeped"}, auth=(martlet.write_key, ""), timeout=10).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:{port}", "192.0.2.1", "localhost:80:80", ""])
def test_other_names_for_this_machine_open_nothing(shop, host):
    host = host.format(port=shop.port)
    for method in ("GET", "POST"):
        answer = shop.raw(f"{method} /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode(), timeout=5)
        assert re.match(rb"HTTP/1.1 (403|400)", answer), answer[:200]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:{port}", "127.0.0.1", "[::1]:{port}"])
def test_own_names_work(shop, host):
    answer = shop.raw(f"GET /sign-in HTTP/1.1\r\nHost: {host.format(port=shop.port)}\r\nConnection: close\r\n\r\n".encode(), timeout=5)
    assert answer.startswith(b"HTTP/1.1 200")


def test_links_from_elsewhere_find_the_session_again(shop, ada):
    """The cookie stays away from what other sites start; the page between starts it anew."""
    answer = Reader(shop).get("/w/main/live?type=track", follow=False, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == 200 and answer.headers["Refresh"] == "0; url=/w/main/live?type=track"
    answer = Reader(shop).get("/w/main/live", follow=False, headers={"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == 303


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", folder / "key.pem", "-out",
         folder / "chain.pem"], check=True, capture_output=True)
    return folder


def test_with_tls_cookies_are_secure_and_any_name_works(make_martlet, certificate):
    martlet = make_martlet(args=["--tls-certificate", str(certificate / "chain.pem"), "--tls-key", str(certificate / "key.pem")]).start()
    reader = Reader(martlet, Host="cdp.wren.example")
    reader.http.verify = False
    requests.packages.urllib3.disable_warnings()
    token = reader.link().rsplit("/", 1)[1]
    answer = reader.post("/set-password", csrf=None, token=token, password=PASSWORD, again=PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-martlet=") and "; Secure" in cookie and "; Path=/" in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    page = reader.get("/w/main", headers={"Cookie": cookie.split(";")[0]}, follow=False)
    assert page.status_code == 200
    plain = cookie.split(";")[0].removeprefix("__Host-")
    assert reader.get("/w/main", headers={"Cookie": plain}, follow=False).status_code == 303, "the name without the prefix opens nothing"


# -- the pages at work


def test_sources_from_first_to_disabled(shop, ada):
    name = new_id("Café <till>")
    assert ada.post("/w/main/sources", name="  ").status_code == 422
    assert ada.post("/w/main/sources", name="x" * 201).status_code == 422
    answer = ada.post("/w/main/sources", name=name)
    assert answer.status_code == 303
    path = answer.headers["Location"]
    page = ada.page(path)
    assert page.headings == [name] and "source is ready" in page.text
    assert ada.post("/w/main/sources", name=name).status_code == 422, "a name twice"
    source = next(s for s in shop.api("/api/v1/sources")["sources"] if s["name"] == name)
    assert source["writeKey"] not in page.text, "the key is masked"
    assert source["writeKey"] in ada.page(path + "?reveal=1").text
    for sdk in ("browser", "node", "python", "swift", "kotlin", "rudderstack", "pixel"):
        assert ada.page(f"{path}?sdk={sdk}&reveal=1").text.count(source["writeKey"]) >= 1
    assert ada.post(path + "/rename", name=name + "!").status_code == 303
    assert ada.page(path).headings == [name + "!"]
    ada.post(path + "/rotate", confirm="another")
    assert "a different one" in ada.get(path).text
    assert shop.post("/v1/track", {"userId": "ada", "event": "Tea"}, key=source["writeKey"]).status_code == 200
    assert ada.post(path + "/rotate", confirm=name + "!", keepOldHours="24").status_code == 303
    assert shop.post("/v1/track", {"userId": "ada", "event": "Tea"}, key=source["writeKey"]).status_code == 200
    assert "A key before this one is taken until" in ada.page(path).text
    assert ada.post(path + "/rotate", confirm=name + "!").status_code == 303
    assert "A key before this one is taken until" not in ada.page(path).text
    assert shop.post("/v1/track", {"userId": "ada", "event": "Tea"}, key=source["writeKey"]).status_code == 401
    ada.post(path + "/disable")
    assert "a different one" in ada.get(path).text, "one click alone loses no events"
    assert shop.post("/v1/track", {"userId": "ada", "event": "Tea", "messageId": "t-1"}, key=next(s for s in shop.api("/api/v1/sources")["sources"] if s["id"] == source["id"])["writeKey"]).status_code == 200
    assert ada.post(path + "/disable", confirm=name + "!").status_code == 303
    key = next(s for s in shop.api("/api/v1/sources")["sources"] if s["id"] == source["id"])["writeKey"]
    assert shop.post("/v1/track", {"userId": "ada", "event": "Tea"}, key=key).status_code == 401
    assert ada.post(path + "/enable").status_code == 303
    assert shop.post("/v1/track", {"userId": "ada", "event": "Tea"}, key=key).status_code == 200
    row = re.search(r"<strong>(\d+)</strong>", ada.get(path).text)
    assert row[1] == "4", "four events in a day"


def test_tokens_are_shown_once(shop, ada):
    name = new_id("Reporting")
    assert ada.post("/w/main/tokens", name="", scope="all").status_code == 422
    assert ada.post("/w/main/tokens", name=name).status_code == 422
    answer = ada.post("/w/main/tokens", name=name, scope=["profiles:read", "events:read"])
    secret = re.search(r"mt_\w+", answer.text)[0]
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert secret not in ada.get("/w/main/tokens").text and name in ada.get("/w/main/tokens").text
    headers = {"Authorization": "Bearer " + secret}
    assert requests.get(shop.url + "/api/v1/profiles", headers=headers, timeout=10).status_code == 200
    assert requests.get(shop.url + "/api/v1/sources", headers=headers, timeout=10).status_code == 403
    token = next(t for t in shop.api("/api/v1/tokens")["tokens"] if t["name"] == name)
    ada.post(f"/w/main/tokens/{token['id']}/revoke", confirm="no")
    assert requests.get(shop.url + "/api/v1/profiles", headers=headers, timeout=10).status_code == 200
    assert ada.post(f"/w/demo/tokens/{token['id']}/revoke", confirm=name).status_code == 404, "of another workspace"
    assert ada.post(f"/w/main/tokens/{token['id']}/revoke", confirm=name).status_code == 303
    assert requests.get(shop.url + "/api/v1/profiles", headers=headers, timeout=10).status_code == 401


def test_quarantine_is_mended_replayed_and_deleted(shop, ada):
    user = new_id("grace")
    for number in range(3):
        shop.post_batch([{"type": "track", "userId": user, "messageId": f"{user}-{number}", "properties": {"tea": "Assam"}}])
    rows = [r for r in shop.api("/api/v1/quarantine")["rejected"] if r["messageId"].startswith(user)]
    assert len(rows) == 3
    page = ada.page("/w/main/quarantine")
    assert rows[0]["code"] in page.text and f"{user}-0" in page.text
    assert f"{user}-0" in ada.page(f"/w/main/quarantine?code={rows[0]['code']}&source=Shop").text
    assert f"{user}-0" not in ada.page("/w/main/quarantine?code=nothing.such").text
    assert f"{user}-0" not in ada.page("/w/main/quarantine?source=Nobody").text
    path = f"/w/main/quarantine/{rows[0]['id']}"
    answer = ada.post(path + "/replay")
    assert answer.status_code == 422 and Page(answer.text).headings == ["Quarantine"], "still refused"
    answer = ada.post(path + "/replay", payload="{not json <b>")
    assert answer.status_code == 422 and "{not json &lt;b&gt;" in answer.text, "what was typed is kept"
    mended = '{"type":"track","event":"Tea Bought","userId":"%s","messageId":"%s-0"}' % (user, user)
    assert ada.post(path + "/replay", payload=mended).status_code == 303
    assert "event was accepted" in ada.get("/w/main/quarantine").text
    wait_until(lambda: any(e["event"] == "Tea Bought" for e in shop.events(userId=user)), what="the event")
    assert ada.post(path + "/delete").status_code == 404, "gone after the replay"
    assert ada.post(f"/w/demo/quarantine/{rows[1]['id']}/delete").status_code == 404
    assert ada.post(f"/w/main/quarantine/{rows[1]['id']}/delete").status_code == 303
    assert len([r for r in shop.api("/api/v1/quarantine")["rejected"] if r["messageId"].startswith(user)]) == 1


def test_a_person_is_shown_found_and_erased(shop, ada):
    user, device = new_id("ada"), new_id("device")
    name = new_id("Ada Wren")
    shop.send([{"type": "track", "userId": new_id("guest"), "event": "Tea Tasted"} for _ in range(10)])
    shop.send([
        {"type": "page", "anonymousId": device, "name": "Teas", "properties": {"url": "https://wren.example/teas"}, "timestamp": "2026-01-01T10:00:00Z"},
        {"type": "identify", "anonymousId": device, "userId": user, "traits": {"name": "Ada", "plan": "leaf"}, "timestamp": "2026-02-01T10:00:00Z"},
        {"type": "identify", "userId": user, "traits": {"name": name, "plan": "pot", "n": 9007199254740993}, "timestamp": "2026-03-01T10:00:00Z"},
        {"type": "track", "userId": user, "event": "Order Completed", "properties": {"total": 1.5}, "timestamp": "2026-03-02T10:00:00Z"}])
    profile = shop.profile(userId=user)["id"]
    for query in (user, device, name):
        assert f"/w/main/profiles/{profile}" in ada.get("/w/main/search", params={"q": query}).text
        assert f"/w/main/profiles/{profile}" in ada.get("/w/main/profiles", params={"q": query}).text
    assert f"/w/main/profiles/{profile}" in ada.get("/w/main/profiles", params={"merged": "1"}).text
    assert f"/w/main/profiles/{profile}" in ada.get("/w/main").text, "newest on Home"
    page = ada.page(f"/w/main/profiles/{profile}")
    assert page.headings == [name]
    for text in ("pot", "9007199254740993", "1.5", user, device, "Order Completed", "Teas", "Shop"):
        assert text in page.text, text
    past = ada.page(f"/w/main/profiles/{profile}?as_of=1769983200000").text
    assert "leaf" in past and "Order Completed" not in past and "9007199254740993" not in past
    ada.post(f"/w/main/profiles/{profile}/erase", confirm="someone else")
    assert shop.profile(userId=user)
    assert ada.post(f"/w/main/profiles/{profile}/erase", confirm=name).status_code == 303
    assert "person was erased" in ada.get("/w/main/profiles").text
    shop.profile(expect=404, userId=user)
    assert ada.get(f"/w/main/profiles/{profile}").status_code == 404
    for path in PAGES:
        assert name not in ada.get("/w/main" + path).text and device not in ada.get("/w/main" + path).text, path


def test_long_histories_come_in_pages(shop, ada):
    user = new_id("reader")
    shop.send([{"type": "track", "userId": user, "event": f"Cup {n:03}", "messageId": f"{user}-{n}"} for n in range(120)])
    path, seen = f"/w/main/profiles/{shop.profile(userId=user)['id']}", []
    while path:
        page = ada.page(path)
        seen += re.findall(r"Cup \d{3}", "".join(re.findall(r"Cup \d{3}(?=\D)", page.text)))
        path = next((a["href"] for a in page.all("a") if "after=" in a["href"] and "lang=" not in a["href"] and "theme=" not in a["href"]), None)
    assert set(seen) == {f"Cup {n:03}" for n in range(120)}


def test_live_shows_what_came_and_what_did_not(shop, ada):
    user = new_id("live")
    shop.track("Tea Tasted", userId=user, messageId=user + "-1", properties={"tea": user})
    shop.track("Tea Tasted", userId=user, messageId=user + "-1")
    shop.post("/v1/track", {"userId": user, "messageId": user + "-2"})
    text = ada.get("/w/main/live").text
    rows = [row for row in re.findall(r"<tr data-position.*?</tr>", text, re.S) if user in row]
    assert len(rows) == 3, len(rows)
    verdicts = " ".join(rows)
    assert "Accepted" in verdicts and "Duplicate" in verdicts and "Quarantined" in verdicts
    assert user not in ada.get("/w/main/live?type=page").text
    assert ada.get("/w/main/live", params={"text": user, "verdict": "duplicate"}).text.count("<tr data-position") == 1
    now = int(time.time() * 1000)
    assert user in ada.get(f"/w/main/live?from={now - 60_000}&to={now + 1000}").text
    assert user in ada.get(f"/w/main/live?from={now - 60_000}&to={now + 1000}&type=track&source=Shop&text={user}").text
    assert "<tr data-position" not in ada.get(f"/w/main/live?from={now - 60_000}&to={now + 1000}&source=Nobody").text
    assert "<tr data-position" not in ada.get(f"/w/main/live?from={now - 60_000}&to={now + 1000}&type=tea").text
    assert user not in ada.get(f"/w/main/live?from={now - 7_200_000}&to={now - 3_600_000}").text
    assert ada.get("/w/main/live?from=-9223372036854775808&to=9223372036854775807").status_code == 200


def read_stream(reader, path, until, seconds=10, headers=None):
    answer = reader.http.get(reader.martlet.url + path, stream=True, timeout=seconds, headers={"Accept": "text/event-stream", **(headers or {})})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/event-stream")
    end, out = time.monotonic() + seconds, ""
    try:
        for chunk in answer.iter_content(None):
            out += chunk.decode()
            if until(out) or time.monotonic() > end:
                break
    except requests.ConnectionError:
        pass  # Nothing more came in time.
    answer.close()
    return out


def test_stream_brings_an_event_within_a_second(shop, ada):
    import threading
    user, sent = new_id("stream"), []

    def send():
        time.sleep(1)
        sent.append(time.monotonic())
        shop.track("Tea Poured", userId=user, wait=False, properties={"note": "one\ntwo"})
    threading.Thread(target=send, daemon=True).start()
    out = read_stream(ada, "/w/main/live/stream?type=track&text=" + user, lambda text: user in text)
    assert user in out and time.monotonic() - sent[0] < 1, out
    assert '"event":"Tea Poured"' in out and '"verdict":"accepted"' in out and "\\n" in out
    assert user not in read_stream(ada, "/w/main/live/stream?type=page", lambda text: user in text, seconds=3)


def test_stream_ends_with_the_server(make_martlet):
    martlet = make_martlet().start()
    reader = Reader(martlet).set_password()
    answer = reader.http.get(martlet.url + "/w/main/live/stream", stream=True, timeout=10)
    next(answer.iter_content(None))
    start = time.monotonic()
    assert martlet.stop() == 0
    assert time.monotonic() - start < 5


def test_downloads(shop, ada):
    csv = ada.get("/w/main/charts/events-per-minute.csv")
    assert csv.headers["Content-Type"].startswith("text/csv") and csv.text.startswith("minute,events\r\n") and csv.text.count("\r\n") == 61
    svg = ada.get("/w/main/charts/events-per-minute.svg")
    assert svg.headers["Content-Type"] == "image/svg+xml" and "<svg" in svg.text and "attachment" in svg.headers["Content-Disposition"]


@pytest.mark.parametrize("text", NASTY)
def test_markup_is_shown_as_text_everywhere(shop, ada, text):
    user = new_id("x") + text
    source = new_id("s") + text
    assert ada.post("/w/main/sources", name=source).status_code == 303
    key = next(s for s in shop.api("/api/v1/sources")["sources"] if s["name"] == source)["writeKey"]
    shop.send([
        {"type": "identify", "userId": user, "anonymousId": text + user, "traits": {"name": text + user, text: text, "email": text, "nested": {text: [text]}}},
        {"type": "track", "userId": user, "event": text, "properties": {text: text, "url": text}},
        {"type": "page", "userId": user, "name": text, "messageId": text + user},
        {"type": "group", "userId": user, "groupId": text, "traits": {"name": text}}], key=key)
    shop.post_batch([{"type": "track", "userId": text, "messageId": text, "properties": {text: text}}, {"type": text}], key=key)
    shop.post("/v1/track", b"{" + text.encode(), key=key)
    ada.post("/w/main/tokens", name=text, scope="profiles:read")
    profile = shop.profile(userId=user)["id"]
    source_id = next(s for s in shop.api("/api/v1/sources")["sources"] if s["name"] == source)["id"]
    paths = PAGES + [f"/profiles/{profile}", f"/sources/{source_id}", f"/sources/{source_id}?sdk=browser&reveal=1"]
    answers = [ada.get("/w/main" + path) for path in paths]
    answers += [ada.get("/w/main" + path, params={name: text}) for path in ("/search", "/profiles", "/live", "/quarantine") for name in ("q", "text", "source", "code", "after")]
    answers += [Reader(shop).get("/sign-in", params={"next": text}), Reader(shop).get("/set-password", params={"token": text}),
                ada.get("/w/" + requests.utils.quote(text, safe="")), ada.post("/w/main/sources", name=source)]
    shown = 0
    for answer in answers:
        assert answer.status_code < 500, answer.url
        page = Page(answer.text)
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on")], (answer.url, tag, attributes)
            assert not (attributes.get("href") or "").lower().strip().startswith("javascript:"), answer.url
            assert not (attributes.get("src") or "/console/").startswith("x"), answer.url
            assert tag != "script" or attributes.get("src", "").startswith("/console/assets/"), answer.url
            assert tag != "svg" or "onload" not in attributes
        shown += text in page.text
    assert shown >= 6, shown
    stream = read_stream(ada, "/w/main/live/stream", lambda out: user.split(text)[0] in out, seconds=5)
    assert user.split(text)[0] in stream and "<" not in stream, "the stream is harmless wherever it is pasted"


def test_pages_are_quick(shop, ada):
    for path in PAGES:
        times = []
        for _ in range(3):
            start = time.monotonic()
            ada.get("/w/main" + path)
            times.append(time.monotonic() - start)
        assert min(times) < 0.2, (path, times)


def test_home_leads_the_way_then_shows_numbers(make_martlet):
    martlet = make_martlet().start()
    reader = Reader(martlet).set_password()
    assert "first event" in reader.page("/w/main").headings[0]
    assert reader.post("/w/main/sources", name="Website").status_code == 303
    page = reader.get("/w/main")
    assert "data-reload-on-event" in page.text and "Website" in page.text
    key = martlet.api("/api/v1/sources")["sources"][0]["writeKey"]
    martlet.post("/v1/track", {"userId": "ada", "event": "Tea Tasted"}, key=key, wait="profile")
    assert "Tea Tasted" in reader.get("/w/main").text
    martlet.send([{"type": "track", "userId": f"u{n}", "event": "Tea Tasted"} for n in range(20)], key=key)
    assert reader.page("/w/main").headings == ["Home"] or "home" in reader.page("/w/main").headings[0].lower() or reader.get("/w/main").text.count('class="tile')
    martlet.restart()
    page = reader.get("/w/main").text
    assert ">21<" in page, "the session, the numbers and the chart are there after a restart"
    assert "Tea Tasted" in reader.get("/w/main/live").text
    assert ",21\r\n" in reader.get("/w/main/charts/events-per-minute.csv").text or sum(
        int(line.split(",")[1]) for line in reader.get("/w/main/charts/events-per-minute.csv").text.split()[1:]) == 21
