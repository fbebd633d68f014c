"""Accounts in the console: the list, conditions on it, an account's page with its members and tree, memberships on a person's page, and rules of traits."""
from urllib.parse import quote

import pytest

from browser_bench import chromium
from console_client import PASSWORD, Page, Reader
from test_accounts import group, order
from test_console_walk import fits, no_complaints, shot, submit


@pytest.fixture
def ada(martlet):
    martlet.send([
        {"type": "identify", "userId": "ada", "messageId": "i1", "traits": {"name": "Ada Wren"}, "timestamp": "2026-01-01T08:00:00Z"},
        group("ada", "sol", traits={"name": "Hotel <Sol>", "industry": "Hotels", "role": "buyer"}),
        group("ada", "sol", at="2026-03-01T09:00:00Z", traits={"role": "head of purchasing"}),
        group("bob", "sol"), group("bob", "sol/kitchen", traits={"name": "Sol kitchen", "parentId": "sol"}),
        {"type": "track", "userId": "bob", "event": "Account Left", "properties": {"groupId": "sol"}, "timestamp": "2026-02-01T09:00:00Z", "messageId": "left"},
        order("ada", 100.5, "2026-03-02T09:00:00Z"), order("bob", 20, "2026-03-02T10:00:00Z"),
    ])
    return Reader(martlet).set_password()


def test_the_list_one_account_and_the_people_in_it(martlet, ada):
    page = ada.page("/w/main/accounts")
    assert "Hotel <Sol>" in page.text and "2 accounts" in page.text
    assert "Sol kitchen" in ada.page("/w/main/accounts?q=KITCHEN").text and "Hotel" not in ada.page("/w/main/accounts?q=kitchen").text
    page = ada.page("/w/main/accounts/sol")
    for text in ("120.5", "Ada Wren", "head of purchasing", "Sol kitchen", "Order Completed", "Hotels"):
        assert text in page.text, text
    # An id may hold what means something in an address: the link leads there all the same.
    child = next(a for a in page.all("a") if "kitchen" in a.get("href", ""))
    assert "Hotel <Sol>" in ada.page(child.get("href")).text
    assert ada.get("/w/main/accounts/nobody").status_code == 404
    person = ada.page("/w/main/profiles/" + martlet.profile(userId="ada")["id"])
    assert "Accounts they belong to" in person.text and any(a.get("href") == "/w/main/accounts/sol" for a in person.all("a"))
    account = ada.page("/w/main/profiles/" + martlet.api("/api/v1/accounts/sol")["profileId"])
    assert "Members, tree and events of this account" in account.text


def test_conditions_on_accounts_are_asked_and_kept(martlet, ada):
    asked = ada.get('/w/main/accounts?where=any member with role "head of purchasing" (did "Order Completed")')
    assert asked.status_code == 200 and "1 account satisfies it" in Page(asked.text).text
    wrong = ada.get("/w/main/accounts?where=any member (")
    assert wrong.status_code == 422 and "segments.unfinished" in wrong.text
    saved = ada.post("/w/main/accounts/segments", name="Buying", where='any member (did "Order Completed")')
    assert saved.status_code == 303 and "Buying" in ada.page("/w/main/accounts").text
    assert [s["name"] for s in martlet.api("/api/v1/account-segments")["segments"]] == ["Buying"]
    assert ada.post("/w/main/accounts/segments", csrf="no", name="x", where="everything").status_code == 403
    (kept,) = martlet.api("/api/v1/account-segments")["segments"]
    assert "Delete the account segment Buying" in ada.page("/w/main/accounts?where=" + quote(kept["text"])).text
    assert ada.post(f"/w/main/accounts/segments/{kept['id']}/delete").status_code == 303 and martlet.api("/api/v1/account-segments")["segments"] == []
    assert ada.post(f"/w/main/accounts/segments/{kept['id']}/delete").status_code == 404


def test_rules_of_traits_are_set_and_shown(martlet, ada):
    assert "The latest statement counts" in ada.page("/w/main/survivorship").text
    assert ada.post("/w/main/survivorship", trait="name", rule="complete", sources="").status_code == 303
    page = ada.page("/w/main/survivorship")
    assert "What says most" in page.text and "Saved once" in page.text
    assert "What says most" in ada.page("/w/main/profiles/" + martlet.profile(userId="ada")["id"]).text
    refused = ada.post("/w/main/survivorship", trait="name", rule="sources", sources="")
    assert refused.status_code == 422 and "survivorship.sources" in refused.text
    assert ada.post("/w/main/survivorship", trait="name", rule="sources", sources="Shop").status_code == 303
    assert ada.post("/w/main/survivorship", trait="name", rule="latest", sources="").status_code == 303
    assert martlet.api("/api/v1/survivorship")["policies"][0]["rules"] == {}


def test_accounts_in_a_browser(martlet, ada):
    pytest.importorskip("selenium")
    driver = chromium()
    try:
        driver.implicitly_wait(5)
        driver.set_window_size(1440, 1000)
        driver.get(martlet.url + "/sign-in?next=/w/main/accounts")
        submit(driver, "main form", password=PASSWORD)
        places = [("accounts", "/accounts"), ("account", "/accounts/sol"), ("account-person", "/profiles/" + martlet.profile(userId="ada")["id"]), ("survivorship", "/survivorship"), ("accounts-asked", "/accounts?where=any%20member")]
        for theme in ("light", "dark"):
            driver.get(f"{martlet.url}/w/main/accounts?theme={theme}")
            for name, path in places:
                driver.get(martlet.url + "/w/main" + path)
                fits(driver)
                shot(driver, f"{name}-{theme}")
                no_complaints(driver)
    finally:
        driver.quit()
