"""Accounts that may be one company: found, answered by API, command line and console, and one account with everybody's members from then on."""
import pytest

from browser_bench import chromium
from console_client import PASSWORD, Reader
from test_accounts import group
from test_console_walk import fits, no_complaints, shot, submit


@pytest.fixture
def three(martlet):
    martlet.send([
        group("ada", "acme", traits={"name": "Acme Inc.", "website": "acme.example", "role": "buyer"}),
        group("bob", "crm-17", traits={"legalName": "ACME, Incorporated", "website": "https://www.acme.example/en"}),
        group("eve", "zeta", traits={"name": "Zeta GmbH", "website": "zeta.example"}),
    ])
    return martlet


def post(martlet, path, body):
    answer = martlet.call("POST", path, json=body)
    assert answer.ok, answer.text
    return answer.json()


def pairs(martlet):
    return [[a["id"] for a in pair["accounts"]] for pair in martlet.api("/api/v1/match/accounts")["pairs"]]


def members(martlet, account):
    return sorted(m["name"] for m in martlet.api("/api/v1/accounts/%s/members" % account)["members"])


def test_two_that_are_one_company_are_told_with_the_evidence(three):
    found = three.api("/api/v1/match/accounts")["pairs"]
    assert [sorted(a["id"] for a in found[0]["accounts"])] == [["acme", "crm-17"]] and len(found) == 1
    assert found[0]["probability"] > 0.9 and any("company name" in one["words"] for one in found[0]["evidence"])
    asked = post(three, "/api/v1/match/accounts", {"record": {"company": "Acme Corporation", "web": "www.acme.example"}})
    assert {one["id"] for one in asked["candidates"]} == {"acme", "crm-17"}


def test_saying_that_they_are_joins_their_people_and_can_be_taken_back(three):
    link = post(three, "/api/v1/match/accounts/answer", {"accounts": ["acme", "crm-17"], "answer": "same"})
    assert pairs(three) == [] and members(three, "acme") == members(three, "crm-17") == ["ada", "bob"]
    assert len(three.api("/api/v1/accounts")["accounts"]) == 2
    count = lambda text: post(three, "/api/v1/segments/preview", {"condition": text})["count"]
    assert count('is member of account "acme"') == count('is member of account "crm-17"') == 2
    assert count('is member of account "crm-17" with role "buyer"') == 1
    three.kill9()
    three.start()
    assert members(three, "crm-17") == ["ada", "bob"]
    post(three, "/api/v1/links/%s/undo" % link["id"], {})
    assert members(three, "acme") == ["ada"] and members(three, "crm-17") == ["bob"] and count('is member of account "acme"') == 1
    assert len(pairs(three)) == 1


def test_saying_that_they_are_not_is_never_asked_again(three):
    post(three, "/api/v1/match/accounts/answer", {"accounts": ["acme", "crm-17"], "answer": "different"})
    assert pairs(three) == []
    refused = three.call("POST", "/api/v1/match/accounts/answer", json={"accounts": ["acme", "crm-17"], "answer": "same"})
    assert refused.status_code == 409 and refused.json()["code"] == "link.kept-apart"


def test_what_is_wrong_is_told(three):
    for body, code in [({"accounts": ["acme"], "answer": "same"}, "match.answer"), ({"accounts": ["acme", "zeta"], "answer": "maybe"}, "match.answer"), ({"accounts": ["acme", "nobody"], "answer": "same"}, "link.unknown-identifier")]:
        refused = three.call("POST", "/api/v1/match/accounts/answer", json=body)
        assert refused.status_code in (400, 404) and refused.json()["code"] == code, refused.text
    assert three.call("POST", "/api/v1/match/accounts", json={"record": {"colour": "red"}}).json()["code"] == "match.record"


def test_the_command_line_and_the_console_ask_and_answer(three):
    assert "company name" in three.cli("identity", "companies").stdout
    console = Reader(three).set_password()
    page = console.page("/w/main/accounts/duplicates")
    assert "Acme Inc." in page.text and "likely" in page.text
    assert console.post("/w/main/accounts/duplicates", csrf="no", first="acme", second="crm-17", answer="same").status_code == 403
    assert console.post("/w/main/accounts/duplicates", first="acme", second="crm-17", answer="same").status_code == 303
    assert "No duplicates" in console.page("/w/main/accounts/duplicates").text
    assert "No two accounts" in three.cli("identity", "companies").stdout


def test_the_page_in_a_browser(three):
    pytest.importorskip("selenium")
    Reader(three).set_password()
    driver = chromium()
    try:
        driver.set_window_size(1440, 1000)
        driver.get(three.url + "/sign-in?next=/w/main/accounts/duplicates")
        submit(driver, "main form", password=PASSWORD)
        for theme in ("light", "dark"):
            driver.get(f"{three.url}/w/main/accounts/duplicates?theme={theme}")
            fits(driver)
            shot(driver, f"duplicates-{theme}")
            no_complaints(driver)
    finally:
        driver.quit()
