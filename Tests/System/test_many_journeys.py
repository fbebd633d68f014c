"""Very long journeys, and very many of them: 500 steps, lists that are read page by page, and names that are looked for."""
import pytest

from console_client import Reader
from harness import new_id, wait_until


def text(name, steps=1, trigger="{api: true}"):
    return f"name: {name}\ntrigger: {trigger}\nsteps:\n" + "".join(f"- {{id: s{n}, trait: {{step: {n}}}}}\n" for n in range(steps - 1)) + "- {id: last, wait: 1 hour}\n"


@pytest.fixture(scope="module")
def many(shared):
    """101 journeys whose names begin alike, one of them live."""
    shared.reader = Reader(shared).set_password()
    shared.prefix = new_id("many")
    for n in range(101):
        made = shared.call("POST", "/api/v1/journeys", json={"yaml": text(f"{shared.prefix} {n:03}")})
        assert made.status_code == 201
    assert shared.call("POST", f"/api/v1/journeys/{made.json()['id']}/start", json={}).status_code == 200
    return shared


def test_a_journey_has_500_steps_and_not_one_more(many):
    name, user = new_id("long"), new_id("walker")
    refused = many.call("POST", "/api/v1/journeys", json={"yaml": text(name, 501)})
    assert (refused.status_code, refused.json()["code"]) == (400, "journey.too-many-steps"), refused.text
    made = many.call("POST", "/api/v1/journeys", json={"yaml": text(name, 500)}).json()["id"]
    assert many.call("POST", f"/api/v1/journeys/{made}/start", json={}).status_code == 200
    many.send([{"type": "identify", "userId": user, "traits": {"plan": "free"}}])
    assert many.call("POST", f"/api/v1/journeys/{made}/enter", json={"userId": user}).status_code == 200
    wait_until(lambda: many.api(f"/api/v1/journeys/{made}/results")["steps"][-1]["at"] == 1, what="the last step")
    wait_until(lambda: many.profile(userId=user)["traits"].get("step") == 498, what="what the last trait step wrote")
    page = many.reader.page(f"/w/main/journeys/{made}/edit")
    assert "s498" in page.text
    saved = many.reader.post(f"/w/main/journeys/{made}/save", yaml=text(name, 501), intent="save")
    assert saved.status_code == 422 and "500" in saved.text, saved.status_code
    assert many.reader.get(f"/w/main/journeys/{made}").status_code == 200


def test_the_list_is_read_page_by_page(many):
    found, after = [], None
    while True:
        page = many.api("/api/v1/journeys", q=many.prefix.upper(), limit=40, **({"after": after} if after else {}))
        assert len(page["journeys"]) <= 40
        found += [journey["name"] for journey in page["journeys"]]
        after = page["next"]
        if after is None:
            break
    assert found == [f"{many.prefix} {n:03}" for n in range(101)]
    refused = many.call("GET", "/api/v1/journeys?after=jny_nosuch")
    assert refused.status_code == 400 and refused.json()["code"] == "request.parameter", refused.text
    assert many.call("GET", "/api/v1/journeys?limit=0").status_code == 400
    listed = many.cli("journey", "list").stdout
    assert all(name in listed for name in found)


def test_no_page_is_missing_where_the_last_journey_of_the_one_before_is_gone_or_called_otherwise(many):
    prefix = new_id("gone")
    ids = [many.call("POST", "/api/v1/journeys", json={"yaml": text(f"{prefix} {n:02}")}).json()["id"] for n in range(30)]
    page = lambda after=None: many.api("/api/v1/journeys", q=prefix, limit=10, **({"after": after} if after else {}))
    first = page()
    assert many.call("DELETE", f"/api/v1/journeys/{ids[9]}").status_code == 200
    second = page(first["next"])
    assert many.call("PUT", f"/api/v1/journeys/{ids[19]}", json={"yaml": text(f"{prefix} zz")}).status_code == 200
    third = page(second["next"])
    assert [[journey["name"][-2:] for journey in part["journeys"]] for part in (second, third)] == [[f"{n:02}" for n in range(10, 20)], [f"{n:02}" for n in range(20, 29)] + ["29"]]
    last = page(third["next"]) if third["next"] else {"journeys": []}
    assert [journey["name"][-2:] for journey in last["journeys"]] == ["zz"]


def test_starting_a_new_version_of_a_live_journey_loses_nobody_who_began_before(many):
    """What was acknowledged while it was live begins a run, though nobody had decided about it when the new version was started."""
    name, count = new_id("versions"), 1500
    document = lambda hours: {"name": name, "trigger": {"event": f'"Go {name}"'}, "reentry": "parallel", "steps": [{"wait": f"{hours} hours"}]}
    made = many.call("POST", "/api/v1/journeys", json={"journey": document(1)}).json()["id"]
    assert many.call("POST", f"/api/v1/journeys/{made}/start", json={}).status_code == 200
    assert many.call("PUT", f"/api/v1/journeys/{made}", json={"journey": document(2)}).status_code == 200
    for start in range(0, count, 500):
        many.send([{"type": "track", "event": f"Go {name}", "userId": f"{name}-{n}"} for n in range(start, start + 500)], wait=False)
    assert many.call("POST", f"/api/v1/journeys/{made}/start", json={"policy": "finish"}).status_code == 200
    wait_until(lambda: many.api(f"/api/v1/journeys/{made}/results")["entered"] == count, 30, what="everyone")


def test_a_name_is_looked_for_in_the_console(many):
    first = many.reader.page("/w/main/journeys?q=" + many.prefix)
    assert f"{many.prefix} 099" in first.text and f"{many.prefix} 100" not in first.text
    following = next(a["href"] for a in first.all("a") if a.get("rel") == "next")
    second = many.reader.page(following)
    assert f"{many.prefix} 100" in second.text and f"{many.prefix} 099" not in second.text
    assert "No journey is called so" in many.reader.page("/w/main/journeys?q=nosuchname").text
    assert "Clear" in many.reader.page("/w/main/journeys?q=nosuchname").text
