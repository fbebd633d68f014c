"""The wire corpus: what real clients put on the line, byte for byte, judged by answers and by effects."""
import json
import os
import subprocess
import sys

import pytest

from harness import ROOT, SOAK

RUNNER = ROOT / "Tests/Fixtures/wire/runner.py"


def run(martlet, *args):
    report = martlet.home / "wire.json"
    environment = {**os.environ, "MARTLET_URL": martlet.url, "WRITE_KEY": martlet.write_key, "ADMIN_TOKEN": martlet.token(), "MARTLET_PID": str(martlet.pid)}
    environment.pop("MARTLET_ADAPTER", None)
    slow = [] if SOAK else ["--skip-slow"]
    done = subprocess.run([sys.executable, str(RUNNER), "--json", str(report), *slow, *args], env=environment, capture_output=True, text=True, timeout=300)
    print(done.stdout[-6000:], done.stderr[-2000:])
    return done, {case["id"]: case for case in json.loads(report.read_text())}


def test_wire_corpus(martlet):
    """Every case of level must passes."""
    done, cases = run(martlet)
    failed = {name: case["fail"] for name, case in cases.items() if case["state"] == "failed"}
    assert not failed and done.returncode == 0, failed
    assert martlet.running and len(cases) > 170


def test_wire_corpus_strict(martlet):
    """Every case of level should passes too."""
    done, cases = run(martlet, "--strict")
    assert not {name: case["fail"] for name, case in cases.items() if case["state"] == "failed"}
