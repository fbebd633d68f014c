"""The browser script in a real browser: what a shop's page may rely on.

The script is the one that the real server serves. Most tests send to a collector that fails when told to; the last ones send to the real server.
"""
import json
import re
import time
from types import SimpleNamespace

import pytest

from browser_bench import Collector, Site, chromium
from harness import Martlet


@pytest.fixture(scope="session")
def browser_process():
    pytest.importorskip("selenium", reason="selenium is not installed: pip install -r requirements.txt")
    try:
        driver = chromium()
    except Exception as failure:
        pytest.skip(f"no Chromium here (set CHROMIUM and CHROMEDRIVER): {str(failure)[:200]}")
    yield driver
    driver.quit()


@pytest.fixture
def collector():
    server = Collector()
    yield server
    server.shutdown()


@pytest.fixture
def martlet(collector):
    return collector


@pytest.fixture
def source():
    return SimpleNamespace(write_key="wk_browser")


@pytest.fixture
def site(martlet, source):
    server = Site()
    server.carry(martlet.url, source.write_key)
    yield server
    server.shutdown()


@pytest.fixture
def browser(browser_process):
    driver = browser_process
    while len(driver.window_handles) > 1:
        driver.switch_to.window(driver.window_handles[-1])
        driver.close()
    driver.switch_to.window(driver.window_handles[0])
    online(driver, True)
    driver.get("about:blank")
    yield driver


def online(driver, is_online):
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions",
                           {"offline": not is_online, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})


def run(driver, script, *values):
    return driver.execute_script(script, *values)


def queued(driver):
    return run(driver, "return Object.keys(localStorage).filter(function (k) { return k.indexOf('martlet_q.') === 0 }).length")


# What is sent

def test_an_event_says_what_who_and_where(browser, site, collector, source):
    browser.get(site.url + "/tea/assam?utm_source=news&utm_campaign=spring#notes")
    run(browser, "analytics.page('Tea', 'Assam'); analytics.track('Product Viewed', { price: 8.5, when: new Date(0), list: [1, 'ü'] })")
    collector.wait(lambda: collector.named("Product Viewed"))
    event, request = collector.named("Product Viewed")[0], collector.requests[0]
    assert request["path"] == "/v1/b" and request["writeKey"] == source.write_key and request["sentAt"].endswith("Z")
    assert request["type"].startswith("text/plain") and all(r["method"] == "POST" for r in collector.requests), "no preflight"
    assert event["properties"] == {"price": 8.5, "when": "1970-01-01T00:00:00.000Z", "list": [1, "ü"]}
    assert event["anonymousId"] == run(browser, "return analytics.user().anonymousId()") and "userId" not in event
    page = event["context"]["page"]
    assert (page["path"], page["title"], page["search"]) == ("/tea/assam", "Wren & Daughters", "?utm_source=news&utm_campaign=spring")
    assert "#" not in page["url"]
    assert event["context"]["campaign"] == {"source": "news", "name": "spring"}
    assert event["context"]["library"]["name"] == "martlet.js" and event["context"]["timezone"] and event["context"]["screen"]["width"] > 0
    assert "gpc" not in event["context"]
    view = [e for e in collector.events() if e["type"] == "page"][0]
    assert (view["category"], view["name"], view["properties"]["path"]) == ("Tea", "Assam", "/tea/assam")


def test_calls_arrive_in_order_and_in_batches(browser, site, collector):
    browser.get(site.url)
    run(browser, "for (var i = 0; i < 250; i++) analytics.track('Tick', { i: i })")
    collector.wait(lambda: len(collector.events()) == 250)
    assert [e["properties"]["i"] for e in collector.events()] == list(range(250))
    assert [len(r["batch"]) for r in collector.requests] == [100, 100, 50]
    collector.wait(lambda: queued(browser) == 0)


def test_the_snippet_array_is_replayed_in_order_with_load_anywhere(browser, site, collector):
    site.carry(collector.url, "")
    site.tag = f'<script src="{collector.url}/martlet.js"></script>'
    site.before = f"""<script>window.analytics = [['identify', 'u1', {{ plan: 'tea club' }}], ['track', 'First'], ['nonsense'], null,
        ['track', 'Second'], ['load', 'wk_stub', {{ host: '{collector.url}/' }}], ['ready', function () {{ window.wasReady = true }}]]</script>"""
    browser.get(site.url)
    collector.wait(lambda: len(collector.events()) == 3)
    assert [e.get("event", e["type"]) for e in collector.events()] == ["identify", "First", "Second"]
    assert collector.requests[0]["writeKey"] == "wk_stub"
    collector.wait(lambda: run(browser, "return window.wasReady === true"))
    assert run(browser, "return failures") == []


def test_the_pasted_snippet_sends_a_page_and_keeps_early_calls(browser, site, collector):
    """The stub of the guides: calls made before the script arrives are replayed."""
    site.tag = f"""<script>
        (function (methods) {{
          var analytics = window.analytics = window.analytics || []
          methods.forEach(function (method) {{ analytics[method] = function () {{ analytics.push([method].concat([].slice.call(arguments))); return analytics }} }})
        }})(["load", "ready", "page", "track", "identify", "group", "alias", "reset", "on", "once", "off", "debug"])
        </script><script async src="{collector.url}/martlet.js"></script>
        <script>analytics.load("wk_snippet", {{ host: "{collector.url}" }}); analytics.page(); analytics.identify('u1'); analytics.track('Early')</script>"""
    browser.get(site.url)
    collector.wait(lambda: collector.named("Early"))
    assert [(e["type"], e.get("userId")) for e in collector.events()] == [("page", None), ("identify", "u1"), ("track", "u1")]
    assert collector.requests[0]["writeKey"] == "wk_snippet"


# Who it is

def test_identity_is_remembered_merged_and_reset(browser, site, collector):
    browser.get(site.url)
    first = run(browser, "return analytics.user().anonymousId()")
    run(browser, "analytics.identify('u1', { plan: 'tea club' }); analytics.identify({ favouriteTea: 'Assam' }); analytics.group('cafe-1', { name: 'Café' })")
    browser.get(site.url + "/next")
    assert run(browser, "return [analytics.user().anonymousId(), analytics.user().id(), analytics.user().traits(), analytics.group().id()]") == [
        first, "u1", {"plan": "tea club", "favouriteTea": "Assam"}, "cafe-1"]
    run(browser, "analytics.alias('u1-new'); analytics.reset(); analytics.track('After')")
    collector.wait(lambda: collector.named("After"))
    alias = [e for e in collector.events() if e["type"] == "alias"][0]
    assert (alias["userId"], alias["previousId"]) == ("u1-new", "u1")
    after = collector.named("After")[0]
    assert "userId" not in after and after["anonymousId"] != first


def test_a_second_person_on_the_device_gets_an_anonymous_id_of_their_own(browser, site):
    browser.get(site.url)
    ids = run(browser, """analytics.identify('u1', { a: 1 }); var one = analytics.user().anonymousId();
        analytics.identify('u2', { b: 2 }); return [one, analytics.user().anonymousId(), analytics.user().traits()]""")
    assert ids[0] != ids[1] and ids[2] == {"b": 2}


def test_without_storage_a_cookie_keeps_the_identifiers(browser, site, collector):
    site.before = "<script>Storage.prototype.setItem = function () { throw new Error('full') }</script>"
    browser.get(site.url)
    first = run(browser, "analytics.identify('u1'); analytics.track('Kept'); return analytics.user().anonymousId()")
    collector.wait(lambda: collector.named("Kept"))
    browser.get(site.url + "/next")
    assert run(browser, "return [analytics.user().anonymousId(), analytics.user().id()]") == [first, "u1"]
    browser.delete_all_cookies()


def test_consent_travels_with_every_later_event(browser, site, collector):
    browser.get(site.url)
    run(browser, "analytics.track('Before'); analytics.consent({ 'email.offers': true, analytics: false, odd: 'yes' }); analytics.track('After')")
    browser.get(site.url + "/next")
    run(browser, "analytics.track('Next page')")
    collector.wait(lambda: collector.named("Next page"))
    assert "consent" not in collector.named("Before")[0]["context"]
    for name in ("After", "Next page"):
        assert collector.named(name)[0]["context"]["consent"] == {"categoryPreferences": {"email.offers": True, "analytics": False}}
    run(browser, "analytics.reset(); analytics.track('Somebody else')")
    collector.wait(lambda: collector.named("Somebody else"))
    assert "consent" not in collector.named("Somebody else")[0]["context"]


# What must not be lost

def test_the_queue_survives_page_loads_while_offline(browser, site, collector):
    browser.get(site.url)
    online(browser, False)
    run(browser, "analytics.track('Offline', { n: 1 }); analytics.track('Offline', { n: 2 })")
    time.sleep(0.6)
    assert queued(browser) == 2 and collector.requests == []
    online(browser, True)
    collector.wait(lambda: len(collector.named("Offline")) == 2)
    collector.wait(lambda: queued(browser) == 0)

    collector.default = (500, {})
    run(browser, "analytics.track('Next load')")
    collector.wait(lambda: collector.requests[-1]["status"] == 500)
    collector.default = (200, {})
    browser.get(site.url + "/later")
    collector.wait(lambda: collector.named("Next load"))


def test_a_failing_server_is_asked_again_with_growing_pauses(browser, site, collector):
    collector.answers = [(500, {}), (502, {}), (429, {})]
    browser.get(site.url)
    run(browser, "analytics.track('Patient')")
    collector.wait(lambda: collector.named("Patient"), 20)
    times = [r["at"] for r in collector.requests]
    pauses = [b - a for a, b in zip(times, times[1:])]
    assert len(pauses) == 3 and pauses[0] > 0.45 and pauses[1] > 0.95 and pauses[2] > 1.9
    assert len({r["batch"][0]["messageId"] for r in collector.requests}) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_by_the_next_page_too(browser, site, collector, status):
    collector.answers = [(status, {"Retry-After": "3"})]
    browser.get(site.url)
    run(browser, "analytics.track('Wait')")
    collector.wait(lambda: collector.requests)
    browser.get(site.url + "/next")
    collector.wait(lambda: collector.named("Wait"))
    assert collector.requests[-1]["at"] - collector.requests[0]["at"] > 2.9


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_a_final_refusal_is_not_repeated(browser, site, collector, status):
    collector.answers = [(status, {})]
    browser.get(site.url)
    run(browser, "analytics.track('Refused')")
    collector.wait(lambda: collector.requests)
    run(browser, "analytics.track('Next')")
    collector.wait(lambda: collector.named("Next"))
    assert not collector.named("Refused") and queued(browser) == 0


def test_what_happens_as_the_page_closes_arrives(browser, site, collector):
    browser.get(site.url)
    run(browser, "setTimeout(function () { analytics.track('Order Completed', { total: 42 }); location.href = '/blank' }, 0)")
    collector.wait(lambda: collector.named("Order Completed"))
    # The beacon's answer is never heard, so the next page with the script repeats the event, under the same messageId.
    browser.get(site.url)
    collector.wait(lambda: queued(browser) == 0)
    assert len(collector.named("Order Completed")) == 1


def test_two_tabs_share_the_queue_without_losing_or_doubling(browser, site, collector):
    browser.get(site.url)
    online(browser, False)
    run(browser, "for (var i = 0; i < 40; i++) analytics.track('Tab one', { i: i })")
    browser.switch_to.new_window("tab")
    browser.get(site.url)
    collector.delay = 0.2
    run(browser, "for (var i = 0; i < 40; i++) analytics.track('Tab two', { i: i }); analytics.flush()")
    first = browser.window_handles[0]
    browser.switch_to.window(first)
    online(browser, True)
    run(browser, "analytics.track('Tab one', { i: 40 })")
    collector.wait(lambda: len(collector.events()) == 81)
    collector.wait(lambda: queued(browser) == 0)
    time.sleep(0.5)
    assert [e["properties"]["i"] for e in collector.named("Tab one")] == list(range(41))
    # A tab that is left sends what waits a second time, for it hears no answer; the server knows those by their messageId.
    sent = [e["messageId"] for r in collector.requests if not r["isBeacon"] for e in r["batch"]]
    assert len(sent) == len(set(sent)), "the browser's lock leaves no event sent twice"


def test_a_queue_of_days_gives_way_at_the_old_end(browser, site, collector):
    collector.default = (500, {})
    browser.get(site.url)
    run(browser, "for (var i = 0; i < 1040; i++) analytics.track('Many', { i: i })")
    collector.wait(lambda: collector.requests)
    assert queued(browser) <= 1000
    assert collector.requests[0]["batch"][0]["properties"]["i"] >= 40


# What must not happen

def test_gpc_is_said_and_nothing_joins_sites(browser, site, collector):
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument",
                                     {"source": "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: function () { return true } })"})
    try:
        browser.get(site.url + "/?ajs_uid=u9&ajs_aid=a9&ajs_event=Clicked&utm_campaign=x&gclid=123")
        run(browser, "analytics.track('Quiet')")
        collector.wait(lambda: collector.named("Quiet"))
        event = collector.named("Quiet")[0]
        assert event["context"]["gpc"] is True and "campaign" not in event["context"] and "userId" not in event
        assert event["anonymousId"] != "a9" and not collector.named("Clicked")
        assert "gclid" not in json.dumps(event) and browser.get_cookies() == []
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_hostile_names_reach_no_prototype(browser, site, collector):
    site.before = """<script>localStorage.setItem('martlet_user_traits', '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}');
        localStorage.setItem('martlet_consent', '{"__proto__":{"x":true}}'); localStorage.setItem('martlet_group_traits', 'not json');
        localStorage.setItem('martlet_q.wk_browser.0.00000.evil', '{"type":"track"'); localStorage.setItem('martlet_q.wk_browser.0.00001.evil', '[1]');
        localStorage.setItem('martlet_retry.wk_browser', '99999999999999');</script>"""
    browser.get(site.url + "/?ajs_uid=u1&ajs_trait___proto__=x&ajs_trait_constructor=x&ajs_event=Hit&ajs_prop___proto__=x&ajs_prop_ok=1&ajs_prop_ok=2")
    run(browser, """analytics.identify('u1', JSON.parse('{"__proto__":{"x":1},"a":{"constructor":{"prototype":{"x":1}},"b":1}}'));
        analytics.track('__proto__', JSON.parse('{"__proto__":{"x":1}}'), { context: JSON.parse('{"__proto__":{"x":1}}') });
        analytics.on('__proto__', function () {}); analytics.push(['__proto__']); analytics.push(['constructor', 'x']);
        window.postMessage({ type: 'martlet', __proto__x: 1 }, '*')""")
    collector.wait(lambda: collector.named("Hit") and collector.named("__proto__"))
    assert run(browser, "return [typeof ({}).x, failures.length]") == ["undefined", 0]
    # The page's address is text and may say anything.
    text = json.dumps([(e.get("traits"), e.get("properties"), {**e["context"], "page": None}) for e in collector.events()])
    assert "__proto__" not in text and "constructor" not in text
    assert collector.named("Hit")[0]["properties"] == {"ok": "1"}
    assert collector.events()[-1]["userId"] == "u1"


def test_links_are_limited(browser, site, collector):
    many = "".join(f"&ajs_prop_p{i}=v" for i in range(100)) + "&ajs_prop_long=" + "x" * 5000 + "&ajs_prop_" + "n" * 200 + "=1"
    browser.get(site.url + "/?ajs_event=" + "E" * 2000 + "&ajs_event=Second&ajs_aid=a7" + many)
    collector.wait(lambda: [e for e in collector.events() if e["type"] == "track"])
    events = [e for e in collector.events() if e["type"] == "track"]
    assert len(events) == 1 and len(events[0]["event"]) == 512 and len(events[0]["properties"]) == 20
    assert events[0]["anonymousId"] == "a7"


def test_nothing_is_thrown_into_the_page(browser, site, collector):
    browser.get(site.url)
    answers = run(browser, """var loop = {}; loop.self = loop; var seen = [];
        var getter = { get boom() { throw new Error('boom') } };
        [[], [null], [undefined, null], [loop], ['x', loop], ['x', getter], [{ toString: null }], [Symbol ? 'x' : 'x', 1n], ['x', { big: 'y'.repeat(50000) }],
         [function () { throw new Error('callback') }], ['x', {}, {}, function () { throw new Error('callback') }]].forEach(function (values) {
          Object.keys(analytics).forEach(function (name) {
            if (typeof analytics[name] !== 'function' || name === 'load' || name === 'debug') return;
            try { analytics[name].apply(analytics, values) } catch (error) { seen.push(name + ': ' + error) }
          })
        });
        analytics.on('track', function () { throw new Error('listener') }); analytics.track('Still here'); return seen""")
    assert answers == []
    collector.wait(lambda: collector.named("Still here"))
    assert run(browser, "return failures") == []
    assert all(r["bytes"] <= 500_000 for r in collector.requests)


def test_a_late_or_second_copy_changes_nothing(browser, site, collector):
    site.tag = site.tag * 2
    browser.get(site.url)
    run(browser, "analytics.track('Once')")
    collector.wait(lambda: collector.named("Once"))
    time.sleep(0.5)
    assert len([e for e in collector.events(unique=False) if e.get("event") == "Once"]) == 1


def test_listeners_hear_calls_until_they_leave(browser, site):
    browser.get(site.url)
    assert run(browser, """var heard = []; var all = function (name) { heard.push(name) };
        analytics.on('track', all); analytics.once('track', function () { heard.push('once') });
        analytics.track('A'); analytics.off('track', all); analytics.track('B'); return heard""") == ["A", "once"]


def test_message_ids_are_uuids_and_never_repeat(browser, site, collector):
    site.before = "<script>Object.defineProperty(crypto, 'randomUUID', { value: undefined })</script>"
    browser.get(site.url)
    run(browser, "for (var i = 0; i < 50; i++) analytics.track('Id')")
    collector.wait(lambda: len(collector.events()) == 50)
    assert all(re.fullmatch(r"martlet-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", e["messageId"]) for e in collector.events())


# With the real server

@pytest.fixture(scope="module")
def real():
    server = Martlet().start()
    yield server
    server.close()


def test_a_shop_of_another_origin_sends_to_the_real_server(browser, real):
    """Page, identify, track, group and alias of a cross-origin page arrive in order and make one profile, visitor and all."""
    shop = Site()
    shop.carry(real.url, real.write_key)
    try:
        browser.get(shop.url + "/tea/assam")
        device = run(browser, "analytics.page('Tea'); analytics.track('Product Viewed', { big: 9007199254740991, tea: 'Dårjeeling ☕' }); return analytics.user().anonymousId()")
        run(browser, "analytics.identify('ada', { name: 'Ada', email: 'ada@example.com' }); analytics.group('wren', { name: 'Wren & Daughters' }); analytics.track('Order Completed')")
        browser.execute_async_script("analytics.flush().then(arguments[0])")
        end = time.monotonic() + 10
        while len(real.events()) < 5 and time.monotonic() < end:
            time.sleep(0.1)
        events = real.events()
        assert [e.get("event", e["type"]) for e in events] == ["page", "Product Viewed", "identify", "group", "Order Completed"]
        assert {e["anonymousId"] for e in events} == {device}
        assert events[1]["properties"] == {"big": 9007199254740991, "tea": "Dårjeeling ☕"}
        profile = real.profile(userId="ada")
        assert profile["id"] == real.profile(anonymousId=device)["id"] and profile["events"] == 5 and profile["traits"] == {"name": "Ada", "email": "ada@example.com"}
        assert run(browser, "return failures") == []
    finally:
        shop.shutdown()


def test_events_wait_while_the_real_server_is_away(browser, make_martlet):
    """The server is killed, the page goes on; when it is back everything is there once, in order."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = make_martlet(args=["--port", str(port)]).start()
    shop = Site()
    shop.carry(server.url, server.write_key)
    try:
        browser.get(shop.url)
        run(browser, "for (var i = 0; i < 20; i++) analytics.track('Tick', { i: i })")
        browser.execute_async_script("analytics.flush().then(arguments[0])")
        server.kill9()
        run(browser, "for (var i = 20; i < 40; i++) analytics.track('Tick', { i: i }); analytics.flush()")
        time.sleep(1)
        server.start()
        end = time.monotonic() + 25
        while len(server.events(event="Tick")) < 40 and time.monotonic() < end:
            time.sleep(0.3)
        assert [e["properties"]["i"] for e in server.events(event="Tick")] == list(range(40))
    finally:
        shop.shutdown()


def test_the_script_is_cached_compressed_and_small(real):
    """Under 6 KB over the wire, with a tag that answers 304, to be loaded from any origin."""
    answer = real.http.get(real.url + "/martlet.js", headers={"Accept-Encoding": "gzip", "Origin": "https://shop.example"}, stream=True)
    assert len(answer.raw.read(decode_content=False)) < 6 * 1024
    assert answer.headers["Content-Encoding"] == "gzip" and "max-age" in answer.headers["Cache-Control"] and "Accept-Encoding" in answer.headers["Vary"]
    again = real.http.get(real.url + "/martlet.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and again.content == b""
    plain = real.http.get(real.url + "/martlet.js", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers and b"analytics" in plain.content


def test_with_a_domain_a_visitor_is_one_on_all_of_its_subdomains(browser, site, collector, source):
    """The identifiers move into a cookie of the domain: what one subdomain knew by itself, who signs in, and who signs out."""
    port = site.server_address[1]
    shop, blog, other = (f"http://{name}:{port}/" for name in ("shop.tea.localhost", "blog.tea.localhost", "shop.coffee.localhost"))
    known = lambda: run(browser, "return [analytics.user().anonymousId(), analytics.user().id()]")

    browser.get(shop)
    run(browser, "analytics.identify('ada')")
    anonymous = known()[0]
    site.carry(collector.url, source.write_key, 'data-domain="tea.localhost"')
    browser.get(shop)
    assert known() == [anonymous, "ada"], "who was known before the domain was named stays who they are"
    browser.get(blog)
    assert known() == [anonymous, "ada"]
    assert run(browser, "return Object.keys(localStorage).filter(function (k) { return /_id$/.test(k) })") == []
    run(browser, "analytics.reset()")
    fresh = known()
    assert fresh[0] != anonymous and fresh[1] is None
    browser.get(shop)
    assert known() == fresh, "signed out on one is signed out on all"
    site.carry(collector.url, source.write_key, 'data-domain="coffee.localhost"')
    browser.get(other)
    assert known()[0] not in (anonymous, fresh[0])
    # A domain that is not the page's own: the identifiers stay in the page's storage.
    site.carry(collector.url, source.write_key, 'data-domain="tea.localhost; max-age=1"')
    browser.get(other)
    before = known()
    browser.get(other + "again")
    assert known() == before and run(browser, "return failures") == []
