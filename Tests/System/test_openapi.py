"""The API's own description, played at random by schemathesis: nothing fails on our side, and every answer is as described."""
import importlib.util
import json
import os
import re
import subprocess
import sys

import pytest

from harness import SOAK, basic, tracked

#: MARTLET_SCHEMATHESIS names a Python that has schemathesis, where this one has not.
PYTHON = os.environ.get("MARTLET_SCHEMATHESIS") or sys.executable
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def play(martlet, authorization, *selection):
    if PYTHON == sys.executable and importlib.util.find_spec("schemathesis") is None:
        pytest.skip("schemathesis is not installed: pip install -r requirements.txt, or name a Python that has it in MARTLET_SCHEMATHESIS")
    command = [PYTHON, "-m", "schemathesis.cli", "run", martlet.url + "/api/openapi.json", "--header", f"Authorization: {authorization}", "--checks", CHECKS, "--max-examples", "300" if SOAK else "30",
               "--phases", "examples,coverage,fuzzing", "--seed", "1815", "--request-timeout", "10", "--continue-on-failure", "--warnings", "off", "--generation-database", "none", *selection]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900 if SOAK else 240, cwd=martlet.home, env={**os.environ, "NO_COLOR": "1"})
    print(done.stdout[-12000:], done.stderr[-1000:])
    assert martlet.running, f"the server died: {martlet.errors()[-500:]}"
    assert "No tests were run" not in done.stdout
    return done


def test_read_and_admin_api_is_as_described(martlet):
    """Every route that a token opens."""
    martlet.send([tracked("ada", n) for n in range(5)])
    # A live stream does not end, and a backup writes where it is told to: they have tests of their own.
    done = play(martlet, "Bearer " + martlet.token(), "--include-path-regex", "^/(api|health|metrics|v1/spaces)", "--exclude-path-regex", "/live$|/backups$")
    assert done.returncode == 0, "\n".join(line for line in done.stdout.splitlines() if re.match(r"\s*- |_{3,}|\[\d+\]", line))[-4000:]
    # The game may have found our token in the list, and revoked it.
    martlet.tokens.clear()
    assert len(martlet.events(userId="ada")) == 5


def test_ingestion_is_as_described(martlet):
    """Every route that a write key opens."""
    done = play(martlet, basic(martlet.write_key), "--exclude-path-regex", "^/(api/v1|health|metrics|v1/spaces)")
    assert done.returncode == 0, "\n".join(line for line in done.stdout.splitlines() if re.match(r"\s*- |_{3,}|\[\d+\]", line))[-4000:]
    martlet._source = None
    martlet.track(userId="ada")


def test_the_document_is_sound(martlet):
    """OpenAPI 3.1 with an operationId of its own, a summary and refusals for each route; parameters of the path are all declared."""
    document = martlet.http.get(martlet.url + "/api/openapi.json").json()
    assert document["openapi"].startswith("3.1") and document["info"]["version"]
    seen = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            seen.append(operation["operationId"])
            assert operation["summary"].strip()
            declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert declared == set(re.findall(r"\{(\w+)\}", path)), f"{method} {path}"
            assert any(code.startswith("2") for code in operation["responses"])
            for parameter in operation.get("parameters", []):
                assert parameter["in"] in ("path", "query", "header") and parameter["schema"]
    assert len(seen) == len(set(seen))
    for reference in set(re.findall(r'"\$ref": ?"#/([^"]+)"', json.dumps(document))):
        at = document
        for part in reference.split("/"):
            at = at[part]
    schemes = document["components"]["securitySchemes"]
    for item in document["paths"].values():
        for operation in item.values():
            assert {name for kind in operation.get("security", []) for name in kind} <= set(schemes)


@pytest.mark.xfail(strict=True, reason="the document says nothing about the answers of reading routes")
def test_successful_answers_are_described(martlet):
    """A client can be generated from it: each 200 of a reading route has a schema."""
    document = martlet.http.get(martlet.url + "/api/openapi.json").json()
    missing = [path for path, item in document["paths"].items() if path.startswith("/api/v1/") and "get" in item and "content" not in item["get"]["responses"]["200"]]
    assert not missing, missing
