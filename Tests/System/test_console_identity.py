"""Who is who in the console: a person's identifiers are parted and merged after a look, a statement is taken back, rules are looked at and set."""
import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader
from harness import wait_until
from test_console_walk import find, fits, no_complaints, press, shot, submit


@pytest.fixture
def ada(martlet):
    martlet.send([
        {"type": "track", "anonymousId": "tablet", "event": "Browsed", "messageId": "1"},
        {"type": "identify", "anonymousId": "tablet", "userId": "ada", "messageId": "2", "traits": {"name": "Ada Byron", "email": "ada@wren.example"}},
        {"type": "identify", "anonymousId": "tablet", "userId": "bob", "messageId": "3", "traits": {"name": "Bob Wren"}},
        {"type": "identify", "anonymousId": "phone", "userId": "eve", "messageId": "4", "traits": {"email": "eve@wren.example"}},
    ])
    return Reader(martlet).set_password()


def place_of(martlet, user):
    return f"/w/main/profiles/{martlet.profile(userId=user)['id']}/identity"


def test_a_person_is_parted_merged_and_put_back(martlet, ada):
    place = place_of(martlet, "ada")
    assert any(a.get("href") == place for a in ada.page(place.removesuffix("/identity")).all("a"))
    page = ada.page(place)
    assert "Both were known users" in page.text and "Nothing was stated yet" in page.text
    # The page shows userId, email, anonymousId in this order.
    looked = ada.post(place, kind="unmerge", part="2", reason="It is the shop's.", look="1")
    assert looked.status_code == 200 and "There would be 2 profiles" in Page(looked.text).text
    assert martlet.api("/api/v1/links")["links"] == []
    done = ada.post(place, kind="unmerge", part="2", reason="It is <the> shop's.")
    assert done.status_code == 303
    page = ada.page(done.headers["Location"])
    assert "Stated, and in force" in page.text and "It is <the> shop's." in page.text
    # The tablet goes to whoever signed in on it next.
    assert martlet.profile(anonymousId="tablet")["id"] == martlet.profile(userId="bob")["id"]
    link = martlet.api("/api/v1/links")["links"][0]["id"]
    back = ada.post(f"/w/main/links/{link}/undo", back=place.removeprefix("/w/main"))
    assert back.status_code == 303 and "/identity" in back.headers["Location"]
    assert martlet.profile(anonymousId="tablet")["id"] == martlet.profile(userId="ada")["id"]
    merged = ada.post(place, kind="merge", other="userId:eve", reason="One person.")
    assert merged.status_code == 303 and martlet.profile(userId="eve")["id"] == martlet.profile(userId="ada")["id"]


def test_what_cannot_be_stated_is_said_on_the_page(martlet, ada):
    place = place_of(martlet, "ada")
    for fields, words in [
        ({"kind": "merge", "other": "userId:nobody"}, "profile.unknown"), ({"kind": "unmerge"}, "link."), ({"kind": "merge", "other": "anonymousId:tablet"}, "link.one-already"),
    ]:
        answer = ada.post(place, **fields)
        assert answer.status_code == 422 and words in answer.text, (fields, answer.status_code)
    assert ada.post(place, csrf="no", kind="merge", other="userId:eve").status_code == 403
    assert ada.post("/w/main/links/lnk_99/undo", back="https://evil.example/").status_code == 404
    assert ada.get("/w/main/profiles/prf_0000000000000/identity").status_code == 404


def rules_form(martlet, **changes):
    document = martlet.api("/api/v1/identity/rules")
    form = {"blocked": "\n".join((b.get("type", "") + "=" if b.get("type") else "") + b["value"] for b in document["blocked"])}
    for number, row in enumerate(document["types"]):
        shown = {"name": row["name"], "use": row["use"], "limit": row["limit"] or "", "window": row["window"], "shared": row["sharedBy"] or "", "paths": ", ".join(row["paths"])}
        form |= {f"{key}-{number}": value for key, value in shown.items()}
    return form | changes


def test_rules_are_looked_at_and_set(martlet, ada):
    page = ada.page("/w/main/identity")
    assert "The usual rules" in page.text and "ios.push_token" in page.text
    form = rules_form(martlet)
    looked = ada.post("/w/main/identity", **rules_form(martlet, blocked="tablet\nemail=*@wren.example"), look="1")
    assert looked.status_code == 200 and "What would change" in looked.text, looked.text[-500:]
    refused = ada.post("/w/main/identity", **rules_form(martlet, **{"limit-0": "many"}))
    assert refused.status_code == 422 and "identity.rules" in refused.text and 'value="many"' in refused.text
    done = ada.post("/w/main/identity", **rules_form(martlet, blocked="tablet", **{"name-13": "card", "use-13": "join", "window-13": "ever", "shared-13": "10", "limit-13": "", "paths-13": "traits.card"}))
    assert done.status_code == 303
    wait_until(lambda: martlet.api("/api/v1/identity/rules")["resolving"] is None, 20, what="everyone decided anew")
    assert martlet.profile(expect=404, anonymousId="tablet")
    document = martlet.api("/api/v1/identity/rules")
    assert document["version"] == 1 and document["types"][13]["paths"] == ["traits.card"] and document["blocked"] == [{"value": "tablet"}]
    assert form["blocked"].startswith("test@test.com")


def test_identity_in_a_browser(martlet, ada):
    driver = chromium()
    driver.implicitly_wait(5)
    try:
        driver.set_window_size(1440, 1000)
        place = place_of(martlet, "ada")
        driver.get(martlet.url + "/sign-in?next=" + place)
        submit(driver, "main form", password=PASSWORD)
        find(driver, "#f-part-2").click()
        press(driver, "form:has(#f-part-2) button[name=look]")
        assert "2 profiles" in find(driver, "#preview-title").text
        shot(driver, "who-looked")
        # The first button, which Enter presses, only looks.
        find(driver, "#f-other").send_keys("userId:eve")
        press(driver, "form:has(#f-other) button.primary")
        assert "Stated, and in force" in find(driver, "main").text
        for theme in ["dark", "light"]:
            driver.get(martlet.url + place + "?theme=" + theme)
            fits(driver)
            shot(driver, "who-" + theme)
        for theme in ["dark", "light"]:
            driver.get(martlet.url + "/w/main/identity?theme=" + theme)
            fits(driver)
            shot(driver, "rules-" + theme)
        press(driver, "button[name=look]")
        shot(driver, "rules-looked")
        no_complaints(driver)
    finally:
        driver.quit()
