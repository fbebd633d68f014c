"""Consent: said by event, API, file and the person; unknown is not yes; a withdrawal counts at once; links that nobody can forge; one click; forgotten with the person."""
import re
import subprocess
import threading

import pytest
import requests

from console_client import Reader
from harness import BINARY, new_id, tracked
from test_privacy import mark, remains, wait_until


def ask(martlet, method, path, expect=200, **more):
    answer = martlet.call(method, "/api/v1" + path, **more)
    assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:400]}"
    return answer.json()


def say(martlet, state, user, purpose="marketing", **more):
    done = ask(martlet, "POST", "/consents", json={"consents": [{"userId": user, "purpose": purpose, "state": state, **more}]})
    assert done["recorded"] == 1, done


def may(martlet, user, channel="email", topic="offers", purpose="marketing", **more):
    return ask(martlet, "POST", "/consents/decide", json={"userId": user, "purpose": purpose, "channel": channel, "topic": topic, **more})


def person(martlet, **traits):
    user = new_id("cp")
    martlet.send([{"type": "identify", "userId": user, "traits": {"firstName": "Ada", "email": f"{user}@wren.example", **traits}}])
    return user, ask(martlet, "GET", f"/profiles/lookup?userId={user}")["id"]


def links(martlet, profile, **scope):
    return ask(martlet, "POST", f"/profiles/{profile}/preference-link", json=scope)


def test_what_no_event_said_names_no_event(make_martlet):
    """What somebody chose by API is their choice: the first event of the log is somebody else's, and a signal."""
    martlet = make_martlet().start()
    martlet.send([tracked("bob", 1, context={"gpc": True})], wait=True)
    say(martlet, "withdrawn", "ada", purpose="sharing")
    martlet.send([tracked("ada", 2)], wait=True)
    found = ask(martlet, "GET", "/profiles/lookup?userId=ada")["consents"]
    assert [(c["purpose"], c["because"], c["messageId"], c["position"]) for c in found] == [("sharing", "stated", None, None)]
    own = ask(martlet, "GET", "/profiles/lookup?userId=bob")["consents"]
    assert [(c["because"], c["position"]) for c in own] == [("gpc", 0)] and own[0]["messageId"], own


def test_a_signal_after_a_yes_objects_again(shared):
    """The browser says it with each event, which is written down once an hour; but not where the person said yes meanwhile, by whichever of their names."""
    user, profile = person(shared)
    device = new_id("device")
    shared.send([{"type": "identify", "userId": user, "anonymousId": device, "traits": {}}])
    objects = lambda: ask(shared, "GET", f"/profiles/{profile}")["optedOutOfSharing"]
    for attempt in range(3):
        shared.send([{**tracked(user, attempt), "userId": None, "anonymousId": device, "messageId": new_id("m"), "context": {"gpc": True}}], wait=True)
        assert objects(), attempt
        if attempt == 1:
            say(shared, "withdrawn", user, purpose="sharing")
        say(shared, "granted", user, purpose="sharing")
        assert not objects(), attempt


def test_unknown_is_not_yes_and_every_way_in_counts_at_once(shared):
    user, profile = person(shared)
    assert (may(shared, user)["permitted"], may(shared, user)["reason"]) == (False, "unknown")
    say(shared, "granted", user, channel="email", wording="2026-03", proof="form 17", basis="consent")
    answer = may(shared, user)
    assert answer["permitted"] and answer["statement"]["wording"] == "2026-03" and answer["statement"]["source"] == "api"
    assert may(shared, user, channel="sms")["reason"] == "unknown"
    shared.send([{"type": "track", "event": "x", "userId": user, "context": {"consent": {"statements": [
        {"purpose": "marketing", "channel": "email", "topic": "offers", "state": "withdrawn"}, {"purpose": "marketing", "state": "maybe"}, 7]}}}])
    assert may(shared, user)["reason"] == "withdrawn" and may(shared, user, topic="news")["permitted"]
    history = ask(shared, "GET", f"/profiles/{profile}/consents")["consents"]
    assert [(s["state"], s["source"]) for s in history] == [("withdrawn", "event"), ("granted", "api")] and history[0]["messageId"]
    shared.send([{"type": "track", "event": "x", "userId": user, "context": {"consent": {"categoryPreferences": {"research": True}}}}])
    assert may(shared, user, purpose="research")["permitted"]
    shared.send([{"type": "track", "event": "x", "userId": user, "context": {"gpc": True}}])
    assert may(shared, user, purpose="sharing")["reason"] == "withdrawn"


def test_fault_57_a_broken_consent_object_says_nothing(shared):
    user, _ = person(shared)
    undecodable = ["CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~", "\u0000\uffff", "=" * 5000, "Y" * 20_000, True, 1, [["granted"]], {"string": None}]
    for string in undecodable:
        shared.send([{"type": "track", "event": "x", "userId": user, "context": {"consent": {"tcfString": string, "gppString": string, "statements": [string], "categoryPreferences": {"marketing": string if string is not True else "yes"}}}}])
    for broken in ({"statements": "yes"}, {"statements": [{"purpose": "marketing"}]}, {"categoryPreferences": "all"}, "yes", {"statements": [{"purpose": "../..", "state": "granted"}]}):
        shared.send([{"type": "track", "event": "x", "userId": user, "context": {"consent": broken}}])
    assert may(shared, user)["reason"] == "unknown"


def test_accounts_pauses_and_instants(shared):
    user, _ = person(shared)
    shared.send([{"type": "group", "userId": user, "groupId": "wren", "timestamp": "2025-12-01T00:00:00Z"}])
    say(shared, "granted", user, account="wren", at="2026-01-01T00:00:00Z")
    assert may(shared, user)["reason"] == "unknown" and may(shared, user, account="wren")["permitted"]
    say(shared, "withdrawn", user, account="wren", at="2026-02-01T00:00:00Z")
    assert may(shared, user, account="wren", asOf="2026-01-15T00:00:00Z")["permitted"] and not may(shared, user, account="wren")["permitted"]
    say(shared, "granted", user)
    say(shared, "paused", user, until="2999-01-01T00:00:00Z")
    assert may(shared, user)["reason"] == "paused"
    say(shared, "granted", user)
    assert may(shared, user)["permitted"]


def test_a_file_is_written_down_line_by_line(shared):
    (a, _), (b, _) = person(shared), person(shared)
    csv = f"userId,purpose,channel,state,wording,at\n{a},marketing,email,granted,7,2026-01-01T00:00:00Z\n{b},marketing,email,perhaps,,\n,marketing,email,granted,,\n{b},marketing,sms,granted,,2026-01-01\n"
    done = ask(shared, "POST", "/consents", data=csv.encode(), headers={"Content-Type": "text/csv"})
    assert (done["recorded"], done["refused"], [r["line"] for r in done["refusedLines"]]) == (2, 2, [3, 4])
    assert may(shared, a)["statement"]["wording"] == "7" and may(shared, b, channel="sms")["permitted"] and not may(shared, b)["permitted"]
    assert ask(shared, "POST", "/consents", 400, data=b"userId,state\nu,granted\n", headers={"Content-Type": "text/csv"})["code"] == "consent.no-column"


@pytest.mark.parametrize("body", [
    {"purpose": "", "state": "granted"}, {"purpose": "a b", "state": "granted"}, {"purpose": "m", "state": "yes"}, {"purpose": "m", "state": "paused"}, {"purpose": "m", "state": "granted", "at": "later"},
    {"purpose": "m", "state": "granted", "at": "2999-01-01T00:00:00Z"}, {"purpose": "m", "state": "granted", "frequency": "hourly"}, {"purpose": "m", "state": "granted", "proof": "x" * 501}, {"purpose": {"a": 1}, "state": "granted"},
])
def test_what_cannot_be_meant_is_refused_with_its_reason(shared, body):
    done = ask(shared, "POST", "/consents", json={"consents": [{"userId": "u", **body}]})
    assert done["recorded"] == 0 and done["refusedLines"][0]["code"] == "consent.statement" and done["refusedLines"][0]["remedy"]


def test_a_merge_makes_no_yes_of_a_no(shared):
    user, device = new_id("cm"), new_id("cd")
    shared.send([{"type": "track", "event": "x", "anonymousId": device, "context": {"consent": {"statements": [{"purpose": "marketing", "state": "withdrawn"}]}}}])
    say(shared, "granted", user)
    assert may(shared, user)["permitted"]
    shared.send([{"type": "identify", "userId": user, "anonymousId": device, "traits": {}}])
    assert may(shared, user)["reason"] == "withdrawn"


def test_fault_53_a_withdrawal_is_refused_at_the_very_next_decision(shared):
    wrong = []
    for round in range(15):
        user, profile = person(shared)
        say(shared, "granted", user)
        one_click = links(shared, profile, purpose="marketing")["unsubscribe"].split("/unsubscribe/")[1]
        done = threading.Event()

        def watch():
            while True:
                was_done = done.is_set()
                if was_done and may(shared, user)["permitted"]:
                    wrong.append(user)
                if was_done:
                    return

        watchers = [threading.Thread(target=watch) for _ in range(2)]
        [w.start() for w in watchers]
        assert requests.post(f"{shared.url}/unsubscribe/{one_click}", data={"List-Unsubscribe": "One-Click"}, timeout=10).status_code == 200
        done.set()
        [w.join() for w in watchers]
    assert not wrong


# MARK: - Pages for people

def test_fault_54_looking_changes_nothing_and_one_click_does(shared):
    user, profile = person(shared)
    say(shared, "granted", user)
    made = links(shared, profile, purpose="marketing", channel="email")
    assert made["headers"] == {"List-Unsubscribe": f"<{made['unsubscribe']}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    address = shared.url + "/unsubscribe/" + made["unsubscribe"].split("/unsubscribe/")[1]
    page = requests.get(address, timeout=10)
    assert page.status_code == 200 and "Unsubscribe?" in page.text and "<script" not in page.text
    # Scanners of mail look at links as browsers do, and at links that those pages have; none of it is a choice.
    requests.head(address, timeout=10)
    for agent in ("Mozilla/5.0", "BarracudaCentral Link Scanner", ""):
        for query in ("", "?lang=es", "?List-Unsubscribe=One-Click", "?confirm=yes"):
            looked = requests.get(address + query, headers={"User-Agent": agent}, timeout=10)
            assert looked.status_code == 200 and "Set-Cookie" not in looked.headers
    assert requests.post(address, timeout=10).status_code == 400, "a body that says nothing"
    assert may(shared, user)["permitted"]
    for form in ({"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": (None, "One-Click")}}, {"data": {"confirm": "yes"}}):
        answer = requests.post(address, timeout=10, **form)
        assert answer.status_code == 200 and "You are unsubscribed" in answer.text and "Set-Cookie" not in answer.headers
    assert may(shared, user)["reason"] == "withdrawn" and may(shared, user, channel="sms")["permitted"]
    assert len([s for s in ask(shared, "GET", f"/profiles/{profile}/consents")["consents"] if s["state"] == "withdrawn"]) == 1, "as often as one likes"


def test_the_preference_page_works_without_a_script(shared):
    user, profile = person(shared)
    shared.send([{"type": "group", "userId": user, "groupId": "Wren & <Daughters>"}])
    url = shared.url + "/preferences/" + links(shared, profile, account="Wren & <Daughters>")["preferences"].split("/preferences/")[1]
    page = requests.get(url, timeout=10)
    assert page.status_code == 200 and "<script" not in page.text and page.headers["Referrer-Policy"] == "no-referrer" and "script-src" not in page.headers["Content-Security-Policy"]
    assert "Wren &amp; &lt;Daughters&gt;" in page.text and "For yourself" in page.text and "checked" not in page.text
    assert "Lo que recibes" in requests.get(url + "?lang=es", timeout=10).text and "Bizden ne" in requests.get(url, headers={"Accept-Language": "tr"}, timeout=10).text
    # What is saved is answered in the language that the form was read in.
    action = re.search(r'<form method="post" action="([^"]+)"', requests.get(url + "?lang=es", timeout=10).text)[1].replace("&amp;", "&")
    assert "Lo que recibes" in requests.post(shared.url + action, data={"intent": "pause-7"}, timeout=10).text
    paused = requests.post(url, data={"intent": "pause-30"}, timeout=10).text
    assert re.search(r"You get nothing until <time [^>]+>\d+ \w+ 20\d\d</time>", paused), "a day"
    requests.post(url, data={"intent": "resume"}, timeout=10)
    box = re.search(r'name="(c0-0-0)"', page.text)[1]
    saved = requests.post(url, data={"intent": "save", box: "yes", "f0-0": "weekly"}, timeout=10)
    assert saved.status_code == 200 and "Saved." in saved.text and saved.text.count(" checked") == 1
    answer = may(shared, user)
    assert answer["permitted"] and (answer["statement"]["source"], answer["statement"]["frequency"], answer["statement"]["wording"]) == ("person", "weekly", "1")
    assert may(shared, user, channel="sms")["reason"] == "unknown" and may(shared, user, account="Wren & <Daughters>")["reason"] == "unknown", "what nobody touched is said by nobody"
    requests.post(url, data={"intent": "pause-30"}, timeout=10)
    assert may(shared, user)["reason"] == "paused"
    assert "You get nothing until" in requests.get(url, timeout=10).text and " checked" in requests.get(url, timeout=10).text
    requests.post(url, data={"intent": "resume"}, timeout=10)
    assert may(shared, user)["permitted"]
    requests.post(url, data={"intent": "stop"}, timeout=10)
    assert may(shared, user)["reason"] == "withdrawn" and may(shared, user, purpose="service")["permitted"]
    requests.post(url, data={"intent": "save", box: "yes"}, timeout=10)
    assert may(shared, user)["permitted"] and may(shared, user, topic="news")["reason"] == "withdrawn"


def test_fault_93_a_changed_link_tells_nothing(shared):
    (_, one), (_, other) = person(shared), person(shared)
    tails = [links(shared, p)["preferences"].split("/preferences/main/")[1] for p in (one, other)]
    answers = set()
    for token in (tails[0][:-1], tails[0][:20] + tails[1][20:], tails[1][:30] + "A" + tails[1][31:], "x", "A" * 3000, "..%2f..%2fmain", tails[0] + "A"):
        for method, path in (("get", "preferences/main"), ("post", "preferences/main"), ("get", "unsubscribe/main"), ("post", "unsubscribe/main"), ("get", "preferences/nosuch"), ("get", "preferences/demo")):
            answer = getattr(requests, method)(f"{shared.url}/{path}/{token}", **({"data": {"List-Unsubscribe": "One-Click"}} if method == "post" else {}), timeout=10)
            # The language links repeat the address that was asked for.
            answers.add((answer.status_code, re.sub(r'href="/[^"]*"', "", answer.text)))
    assert len(answers) == 1 and answers.pop()[0] == 400
    assert requests.get(f"{shared.url}/preferences/demo/{tails[0]}", timeout=10).status_code == 400, "another workspace's key"


def test_settings_are_what_the_page_offers(martlet):
    user, profile = person(martlet)
    settings = ask(martlet, "GET", "/consent-settings")
    assert [p["name"] for p in settings["purposes"]] == ["marketing"]
    changed = {"purposes": [{"name": "letters", "titles": {"en": "Our <letters>"}, "wording": "9"}], "channels": ["email"], "topics": [{"name": "spring", "purpose": "letters", "titles": {"en": "Spring", "es": "Primavera"}}]}
    ask(martlet, "PUT", "/consent-settings", json=changed)
    url = martlet.url + "/preferences/" + links(martlet, profile)["preferences"].split("/preferences/")[1]
    assert "Our &lt;letters&gt;" in requests.get(url, timeout=10).text and "Primavera" in requests.get(url + "?lang=es", timeout=10).text
    for broken in ({**changed, "purposes": []}, {**changed, "channels": ["e mail"]}, {**changed, "topics": [{"name": "x", "purpose": "nosuch"}]}, {**changed, "purposes": [{"name": "service"}]}, {**changed, "channels": ["email", "email"]}, {**changed, "topics": "spring"}, {**changed, "topics": None}, {k: v for k, v in changed.items() if k != "topics"}, {**changed, "channels": ["email", 7]}):
        assert ask(martlet, "PUT", "/consent-settings", 400, json=broken)["code"] == "consent.settings"
    reader = Reader(martlet).set_password()
    assert "letters; Our" in reader.page("/w/main/consent").text
    assert reader.post("/w/main/consent", purposes="offers; Offers; Ofertas; Fırsatlar; 2\nnews", channels="email, push", topics="teas; offers; New teas").status_code == 303
    assert [p["name"] for p in ask(martlet, "GET", "/consent-settings")["purposes"]] == ["offers", "news"]
    assert reader.post("/w/main/consent", purposes="a b", channels="email", topics="").status_code == 422
    martlet.restart()
    assert ask(martlet, "GET", "/consent-settings")["channels"] == ["email", "push"]


def test_a_persons_page_shows_what_they_said(shared):
    user, profile = person(shared)
    say(shared, "granted", user, channel="email", proof="form <17>")
    text = Reader(shared).set_password().get(f"/w/main/profiles/{profile}").text
    assert "marketing" in text and "form &lt;17&gt;" in text and "/preferences/main/" in text


# MARK: - Suppression and erasure

def test_a_suppressed_address_gets_nothing_and_outlives_erasure(martlet):
    m = mark()
    user = f"user-{m}"
    martlet.send([{"type": "identify", "userId": user, "traits": {"email": f"{m}@example.com"}}])
    say(martlet, "granted", user, proof=f"form {m}", wording=m)
    ask(martlet, "POST", "/suppressions", json={"address": f"{m}@Example.com", "reason": "complained"})
    assert may(martlet, user, address=f"{m}@example.com")["reason"] == "address-suppressed" and may(martlet, user, address="other@example.com")["permitted"]
    profile = ask(martlet, "GET", f"/profiles/lookup?userId={user}")["id"]
    url = martlet.url + "/preferences/" + links(martlet, profile)["preferences"].split("/preferences/")[1]
    requests.post(url, data={"intent": "stop"}, timeout=10)
    template = {"kind": "email", "parts": {"subject": "{{ profile.email }}", "html": "{{ profile.email }}"}}
    assert m in martlet.call("POST", "/api/v1/templates/preview", json={"template": template, "userId": user}).text
    assert martlet.call("POST", "/api/v1/privacy/erasures", json={"userId": user}).status_code == 200
    assert not remains(martlet, m)
    assert ask(martlet, "POST", "/suppressions/lookup", json={"address": f"{m}@example.com"}) | {"at": None} == {"suppressed": True, "reason": "complained", "at": None}
    # The link of somebody who was forgotten still answers, and says nothing about anyone.
    assert requests.post(url.replace("/preferences/", "/unsubscribe/"), data={"List-Unsubscribe": "One-Click"}, timeout=10).status_code == 200
    ask(martlet, "DELETE", "/suppressions", json={"address": f"{m}@example.com"})
    ask(martlet, "DELETE", "/suppressions", 404, json={"address": f"{m}@example.com"})


def test_fault_54_one_click_outlives_kill_9(martlet):
    user, profile = person(martlet)
    say(martlet, "granted", user)
    address = martlet.url + "/unsubscribe/" + links(martlet, profile, purpose="marketing")["unsubscribe"].split("/unsubscribe/")[1]
    assert requests.post(address, data={"List-Unsubscribe": "One-Click"}, timeout=10).status_code == 200
    martlet.kill9()
    martlet.start()
    assert may(martlet, user)["reason"] == "withdrawn"


def test_the_command_line(martlet, tmp_path):
    user, _ = person(martlet)

    def run(*words, code=0):
        done = subprocess.run([BINARY, "consent", *map(str, words), "--data", martlet.data], capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stderr
        return done.stdout

    about = ("--user-id", user, "--purpose", "marketing")
    assert run("ask", *about, "--channel", "email") == "no: unknown\n"
    run("set", "granted", *about, "--channel", "email", "--proof", "form 17")
    assert run("ask", *about, "--channel", "email").startswith("yes: granted\n") and "form 17" in run("show", "--user-id", user)
    (tmp_path / "c.csv").write_text(f"userId,purpose,state\n{user},marketing,withdrawn\n")
    assert run("import", tmp_path / "c.csv") == "1 written down, 0 refused\n"
    (tmp_path / "d.csv").write_text(f"userId,purpose,state\n{user},marketing,withdrawn\n{user},marketing,perhaps\n")
    assert run("import", tmp_path / "d.csv", code=1) == "1 written down, 1 refused\n"
    assert run("ask", *about, "--channel", "email").startswith("no: withdrawn")
    assert run("suppress", "ada@wren.example") == "Suppressed.\n"
    run("set", "perhaps", *about, code=1)


@pytest.mark.parametrize("written", ["{user}@wren.example", "{USER}@WREN.EXAMPLE", " {user}@Wren.Example "])
def test_who_leaves_by_an_address_in_other_letters_has_left(shared, written):
    """Files of withdrawals come from other systems, which write an address as they like."""
    user = new_id("letters")
    shared.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@Wren.example"}}])
    say(shared, "granted", user)
    assert may(shared, user)["permitted"]
    address = written.format(user=user, USER=user.upper())
    answer = shared.call("POST", "/api/v1/consents", data=f'email,purpose,state\n"{address}",marketing,withdrawn\n'.encode(), headers={"Content-Type": "text/csv"})
    assert answer.json() == {"recorded": 1, "refused": 0, "refusedLines": []}
    assert may(shared, user)["reason"] == "withdrawn"
    say(shared, "granted", user)
    assert may(shared, user)["permitted"], "what they say later counts"
    assert not may(shared, user + "x")["permitted"]


def test_an_objection_by_an_address_in_other_letters_is_forgotten_with_the_person(shared):
    user = new_id("letters")
    shared.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@Wren.example"}}])
    proof = new_id("proof")
    ask(shared, "POST", "/consents", json={"consents": [{"email": f"{user}@wren.example", "purpose": "marketing", "state": "withdrawn", "proof": proof}]})
    assert remains(shared, proof)
    ask(shared, "POST", "/privacy/erasures", json={"userId": user})
    wait_until(lambda: not remains(shared, proof), what="erasure")


def test_an_objection_by_an_address_in_other_letters_counts_for_every_question_at_once(shared):
    user = new_id("letters")
    shared.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@wren.example", "mark": user}}])

    def counted():
        return ask(shared, "POST", "/segments/preview", json={"condition": f'mark = "{user}"'})["count"]

    assert counted() == 1
    ask(shared, "POST", "/consents", json={"consents": [{"email": f"{user.upper()}@WREN.example", "purpose": "analytics", "state": "withdrawn"}]})
    assert counted() == 0


# MARK: - One person, several identifiers

def stamp(martlet, granted, purpose="marketing", **who):
    """What a consent banner writes into every event."""
    martlet.send([{"type": "track", "event": "x", **who, "context": {"consent": {"categoryPreferences": {purpose: granted}}}}])


def declare(martlet, state, purpose="marketing", at=None, **who):
    martlet.send([{"type": "track", "event": "x", **who, **({"timestamp": at} if at else {}), "context": {"consent": {"statements": [{"purpose": purpose, "state": state}]}}}])


@pytest.mark.parametrize("email", [True, False])
def test_a_later_yes_by_event_counts_whether_or_not_an_address_is_known(shared, email):
    user = new_id("eg")
    shared.send([{"type": "identify", "userId": user, "traits": {"email": f"{user}@wren.example"} if email else {}}])
    say(shared, "withdrawn", user)
    assert may(shared, user)["reason"] == "withdrawn"
    declare(shared, "granted", userId=user, at="2020-01-01T00:00:00Z")
    assert may(shared, user)["reason"] == "withdrawn", "an event of before undoes nothing"
    declare(shared, "granted", userId=user)
    assert may(shared, user)["reason"] == "granted"
    say(shared, "withdrawn", user)
    assert may(shared, user)["reason"] == "withdrawn"


def test_a_yes_of_who_signed_in_stands_against_what_they_said_as_a_visitor(shared):
    user, device = new_id("ei"), new_id("ed")
    shared.send([{"type": "identify", "userId": user, "anonymousId": device, "traits": {}}])
    stamp(shared, False, anonymousId=device)
    assert may(shared, user)["reason"] == "withdrawn"
    declare(shared, "granted", userId=user)
    assert may(shared, user)["reason"] == "granted"


def test_a_yes_of_who_signs_in_on_somebody_elses_device_is_not_the_others(shared):
    owner, guest, device = new_id("eo"), new_id("eu"), new_id("ed")
    shared.send([{"type": "identify", "userId": owner, "anonymousId": device, "traits": {}}])
    say(shared, "withdrawn", owner)
    declare(shared, "granted", userId=guest, anonymousId=device)
    assert may(shared, owner)["reason"] == "withdrawn" and may(shared, guest)["reason"] == "granted"


def test_a_stamp_that_says_the_same_never_undoes_what_was_said_meanwhile(shared):
    user = new_id("nm")
    shared.send([{"type": "identify", "userId": user, "traits": {}}])
    profile = ask(shared, "GET", f"/profiles/lookup?userId={user}")["id"]
    stamp(shared, True, userId=user)
    assert may(shared, user)["reason"] == "granted"
    url = shared.url + "/preferences/" + links(shared, profile)["preferences"].split("/preferences/")[1]
    requests.post(url, data={"intent": "stop"}, timeout=10)
    device = new_id("nd")
    for who in ({}, {"anonymousId": device}, {}):
        stamp(shared, True, userId=user, **who)
        assert may(shared, user)["reason"] == "withdrawn", who
    stamp(shared, True, anonymousId=device)
    assert may(shared, user)["reason"] == "withdrawn", "the device that it signed in on says no more"
    stamp(shared, False, userId=user)
    stamp(shared, True, userId=user)
    assert may(shared, user)["reason"] == "granted", "a choice that was changed is a new one"


def test_a_stamped_no_does_not_undo_a_later_yes_either(shared):
    user, _ = person(shared)
    stamp(shared, False, userId=user)
    say(shared, "granted", user)
    stamp(shared, False, userId=user)
    assert may(shared, user)["reason"] == "granted"


def test_what_every_event_says_again_is_one_row(martlet):
    user, profile = person(martlet)
    for _ in range(30):
        martlet.send([{"type": "track", "event": "x", "userId": user, "context": {"consent": {"categoryPreferences": {"marketing": True, "research": False}, "statements": [{"purpose": "letters", "state": "granted"}]}}}])
    said = ask(martlet, "GET", f"/profiles/{profile}/consents")["consents"]
    assert sorted((s["purpose"], s["state"]) for s in said) == [("letters", "granted")] * 2 + [("marketing", "granted"), ("research", "withdrawn")]
    martlet.restart()
    stamp(martlet, True, userId=user)
    assert len(ask(martlet, "GET", f"/profiles/{profile}/consents")["consents"]) == 4


def test_what_is_said_after_an_answer_is_said_later(shared):
    """Of one millisecond the stricter stands: a yes must not lose to the no before it because the server is quick."""
    user, _ = person(shared)
    for _ in range(60):
        say(shared, "withdrawn", user)
        say(shared, "granted", user)
        assert may(shared, user)["permitted"]


def test_what_an_event_says_was_written_down_when_it_came(shared):
    user, profile = person(shared)
    declare(shared, "granted", at="2020-01-01T00:00:00Z", userId=user)
    said = ask(shared, "GET", f"/profiles/{profile}/consents")["consents"][0]
    assert said["at"].startswith("2020-01-01") and said["recordedAt"] > "2026-" and said["messageId"]


# MARK: - Addresses

def test_a_withdrawal_by_address_holds_for_everyone_who_has_it(shared):
    address = f"{new_id('shared')}@wren.example"
    (one, _), (two, _) = person(shared, email=address), person(shared, email=address)
    say(shared, "granted", two)
    assert may(shared, two, address=address)["permitted"]
    ask(shared, "POST", "/consents", json={"consents": [{"email": address, "purpose": "marketing", "state": "withdrawn"}]})
    assert may(shared, two, address=address)["reason"] == "withdrawn" and may(shared, two, address="other@wren.example")["permitted"]
    assert may(shared, two, address=address, asOf="2999-01-01T00:00:00Z")["reason"] == "withdrawn"
    say(shared, "granted", one)
    silent, _ = person(shared, email=address)
    assert may(shared, silent, address=address)["reason"] == "withdrawn", "a yes of one is nobody else's"
    ask(shared, "POST", "/consents", json={"consents": [{"email": address, "purpose": "marketing", "state": "withdrawn"}]})
    say(shared, "granted", two)
    assert may(shared, two, address=address)["permitted"], "their own later yes counts"


@pytest.mark.parametrize("written, trait", [
    ("ada@münchen.example", "ada@münchen.example"), ("ada@MÜNCHEN.example", "ada@münchen.example"), ("ada@xn--mnchen-3ya.example", "ada@münchen.example"), ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
    ("ada@wren。example", "ada@wren.example"), ("ada@ｗｒｅｎ.example", " Ada@Wren.example"), ("\u00e9ada@wren.example", "e\u0301ada@wren.example"),
])
def test_an_address_is_one_however_it_is_written(shared, written, trait):
    mark = new_id("a")
    written, trait = (text.replace("ada@", f"{mark}@").replace("Ada@", f"{mark}@") for text in (written, trait))
    user, _ = person(shared, email=trait)
    say(shared, "granted", user)
    ask(shared, "POST", "/consents", json={"consents": [{"email": written, "purpose": "marketing", "channel": "email", "topic": "offers", "state": "withdrawn"}]})
    assert may(shared, user)["reason"] == "withdrawn" and may(shared, user, topic="news")["permitted"]
    ask(shared, "POST", "/suppressions", json={"address": written})
    assert may(shared, user, topic="news", address=trait)["reason"] == "address-suppressed"
    assert ask(shared, "POST", "/suppressions/lookup", json={"address": trait})["suppressed"]
    ask(shared, "DELETE", "/suppressions", json={"address": trait})
    assert not ask(shared, "POST", "/suppressions/lookup", json={"address": written})["suppressed"]


@pytest.mark.parametrize("written", ["<ada8@wren.example>", "mailto:ada9@wren.example", "ada10@wren.example.", "ada", "ada@", "@wren.example"])
def test_what_is_no_address_is_refused(shared, written):
    for method, path in (("POST", "/suppressions"), ("POST", "/suppressions/lookup"), ("DELETE", "/suppressions")):
        assert ask(shared, method, path, 400, json={"address": written})["code"].startswith("mail.address")
    done = ask(shared, "POST", "/consents", json={"consents": [{"email": written, "purpose": "marketing", "state": "withdrawn"}]})
    assert done["recorded"] == 0 and done["refusedLines"][0]["code"].startswith("mail.address")


# MARK: - What the page means

def opened(martlet, profile, **scope):
    return martlet.url + "/preferences/" + links(martlet, profile, **scope)["preferences"].split("/preferences/")[1]


def test_a_chosen_frequency_stays_until_they_choose_another(shared):
    user, profile = person(shared)
    url = opened(shared, profile)
    requests.post(url, data={"intent": "save", "c0-0-0": "yes", "f0-0": "monthly"}, timeout=10)
    assert may(shared, user)["frequency"] == "monthly"
    say(shared, "granted", user, proof="checkout")
    stamp(shared, True, userId=user)
    declare(shared, "granted", userId=user)
    assert may(shared, user)["frequency"] == "monthly" and re.search(r'value="monthly"[^>]* selected', requests.get(url, timeout=10).text)
    say(shared, "granted", user, frequency="weekly")
    assert may(shared, user)["frequency"] == "weekly"
    requests.post(url, data={"intent": "save", "c0-0-0": "yes", "c0-1-0": "yes", "c0-0-1": "yes", "c0-1-1": "yes", "f0-0": "", "f0-1": "weekly"}, timeout=10)
    assert may(shared, user)["frequency"] == "" and may(shared, user, topic="news")["frequency"] == "weekly"


def test_who_ticks_nothing_gets_nothing(shared):
    user, profile = person(shared)
    say(shared, "granted", user)
    url = opened(shared, profile)
    every = {f"c0-{topic}-{channel}": "yes" for topic in (0, 1) for channel in (0, 1)}
    requests.post(url, data={"intent": "save", **every}, timeout=10)
    assert may(shared, user, topic="")["permitted"] and may(shared, user, topic="", channel="push")["permitted"]
    requests.post(url, data={"intent": "save", "c0-0-1": "yes", "c0-1-1": "yes"}, timeout=10)
    assert may(shared, user, topic="")["reason"] == "withdrawn" and may(shared, user, topic="", channel="sms")["permitted"]
    assert may(shared, user, topic="unlisted")["reason"] == "withdrawn"
    requests.post(url, data={"intent": "save"}, timeout=10)
    for channel in ("email", "sms", "push"):
        for topic in ("", "offers", "news", "unlisted"):
            assert may(shared, user, channel=channel, topic=topic)["reason"] == "withdrawn", (channel, topic)


@pytest.mark.parametrize("pause", [{"purpose": "marketing"}, {"purpose": "*"}, {"purpose": "marketing", "channel": "email"}, {"purpose": "*", "account": "*"}])
def test_resuming_ends_a_pause_whoever_handed_it_in(shared, pause):
    user, profile = person(shared)
    say(shared, "granted", user)
    say(shared, "paused", user, until="2999-01-01T00:00:00Z", **pause)
    assert may(shared, user)["reason"] == "paused"
    requests.post(opened(shared, profile), data={"intent": "resume"}, timeout=10)
    assert may(shared, user)["permitted"]


@pytest.mark.parametrize("wrong", [{"channel": 5}, {"topic": ["offers"]}, {"account": True}, {"address": {}}, {"userId": 7}])
def test_a_question_of_another_shape_is_not_another_question(shared, wrong):
    user, _ = person(shared)
    assert ask(shared, "POST", "/consents/decide", 400, json={"userId": user, "purpose": "marketing", "channel": "email", **wrong})["code"] == "request.parameter"


def test_the_first_event_of_all_is_named_too(martlet):
    """It stands at position 0, where other statements have none."""
    martlet.send([{"type": "track", "event": "Tea", "userId": "ada", "messageId": "first-of-all", "context": {"consent": {"statements": [{"purpose": "marketing", "channel": "email", "state": "granted"}]}}}])
    say(martlet, "withdrawn", "ada", channel="sms")
    profile = martlet.profile(userId="ada")["id"]
    assert {s["channel"]: s["messageId"] for s in ask(martlet, "GET", f"/profiles/{profile}/consents")["consents"]} == {"email": "first-of-all", "sms": None}


def test_who_was_erased_for_good_says_nothing_any_more(martlet):
    user, _ = person(martlet)
    martlet.cli("privacy", "erase", "--user-id", user, "--suppress")
    done = ask(martlet, "POST", "/consents", json={"consents": [{"userId": user, "purpose": "marketing", "state": "granted"}, {"userId": "other", "purpose": "marketing", "state": "granted"}]})
    assert (done["recorded"], done["refusedLines"][0]["line"], done["refusedLines"][0]["code"]) == (1, 1, "consent.person-suppressed")
