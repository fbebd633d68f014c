"""One person's page: as of an earlier day, when identifiers were in use, and what their answers about consent come to."""
import re

from harness import new_id
from test_consent import say

MARCH = "2026-03-15T12:00:00Z"
MARCH_MS = 1773576000000


def grown(shop):
    """Someone known by a device in January, by name in March, and by an address and a second device in April."""
    user, first, second, email = new_id("ada"), new_id("device"), new_id("tablet"), f"{new_id('ada')}@wren.example"
    shop.send([
        {"type": "page", "anonymousId": first, "name": "Teas", "timestamp": "2026-01-01T10:00:00Z"},
        {"type": "identify", "anonymousId": first, "userId": user, "traits": {"plan": "leaf"}, "timestamp": "2026-03-01T10:00:00Z"},
        {"type": "identify", "userId": user, "traits": {"email": email}, "timestamp": "2026-04-01T10:00:00Z"},
        {"type": "track", "anonymousId": second, "userId": user, "event": "Tea Bought", "timestamp": "2026-04-02T10:00:00Z"},
        {"type": "track", "userId": user, "event": "Tea Bought", "timestamp": "2026-06-02T10:00:00Z"}])
    return shop.profile(userId=user)["id"], user, first, second, email


def identifiers(profile):
    return {i["value"]: (i["firstSeen"][:10], i["lastSeen"][:10]) for i in profile["identifiers"]}


def test_the_api_tells_of_the_past_what_was_there(shop):
    profile, user, first, second, email = grown(shop)
    ask = lambda **q: shop.api(f"/api/v1/profiles/{profile}", **q)
    then = ask(as_of=MARCH)
    assert identifiers(then) == {first: ("2026-01-01", "2026-03-01"), user: ("2026-03-01", "2026-03-01")}
    assert (then["events"], then["firstSeen"][:10], then["lastSeen"][:10]) == (2, "2026-01-01", "2026-03-01")
    assert ask(as_of="2026-01-01T10:00:00Z")["events"] == 1, "the instant itself counts"
    assert ask(expect=404, as_of="2026-01-01T09:59:59Z")["code"] == "profile.unknown-then"
    now = ask()
    assert identifiers(now) == identifiers(ask(as_of="2026-07-01T00:00:00Z")) and now["events"] == ask(as_of="2026-07-01T00:00:00Z")["events"] == 5
    assert identifiers(now)[email] == ("2026-04-01", "2026-04-01")
    assert set(identifiers(ask(as_of="2026-04-02T10:00:00Z"))) == {user, first, second, email}


def test_the_page_tells_of_the_past_what_was_there(shop, ada):
    profile, user, first, second, email = grown(shop)
    page = ada.get(f"/w/main/profiles/{profile}?as_of={MARCH_MS}").text
    assert user in page and first in page
    assert second not in page and email not in page
    facts = re.search(r'<span class="facts">.*?</span>', page, re.S)[0]
    assert "2 events" in facts and "2026-03-01" in facts and "2026-06-02" not in facts
    assert 'max="1780394400000"' in page, "the slider still ends at the last event"
    assert "5 events" in ada.page(f"/w/main/profiles/{profile}").text


def test_an_identifier_was_last_seen_when_it_was_last_named(shop, ada):
    """The page and the API say the same, however many events came since."""
    profile, user, first, second, email = grown(shop)
    shop.send([{"type": "track", "userId": user, "event": "Tea Tasted", "timestamp": f"2026-07-01T10:{n:02}:00Z"} for n in range(60)])
    page = ada.get(f"/w/main/profiles/{profile}").text
    rows = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page[page.index('id="identity-title"'):], re.S):
        value = re.search(r'<bdi title="([^"]+)"', row)
        if value:
            rows[value[1]] = tuple(t[:10] for t in re.findall(r'datetime="([^"]+)"', row))
    assert rows == identifiers(shop.api(f"/api/v1/profiles/{profile}"))
    assert rows[email] == ("2026-04-01", "2026-04-01") and rows[user][1] == "2026-07-01"


def test_consent_is_a_state_with_its_history_folded(shop, ada):
    user = new_id("cp")
    shop.send([{"type": "identify", "userId": user, "traits": {"name": "Ada"}}])
    profile = shop.profile(userId=user)["id"]
    panel = lambda: (lambda text: text[text.index('id="consent-title"'):])(ada.get(f"/w/main/profiles/{profile}").text)
    assert "said nothing yet" in panel()
    for n in range(30):
        say(shop, "granted" if n % 2 else "withdrawn", user, channel="email")
    say(shop, "withdrawn", user, channel="sms")
    text = panel()
    answers, history = text.split("<details", 1)
    rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr>\s*<td.*?</tr>", answers, re.S)]
    marketing = [row for row in rows if row.startswith("marketing")]
    assert len(marketing) == 2 and marketing[0].startswith("marketing · email Yes") and marketing[1].startswith("marketing · sms No"), rows
    assert "What they said: 31 statements" in history and history.count("marketing") == 31
    assert not history.lstrip().startswith("open"), "folded"
    say(shop, "withdrawn", user, purpose="*")
    assert "Yes" not in re.sub(r"<[^>]+>", " ", panel().split("<details", 1)[0]), "leaving everything ends every yes"
