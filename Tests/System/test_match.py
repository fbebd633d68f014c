"""`martlet match`: a file of people in, clusters and pairs out, without a server; slips are said in words, and nothing is written for them."""
import csv
import gzip
import json
import pathlib
import subprocess

import pytest

from harness import BINARY

PEOPLE = pathlib.Path(__file__).parent.parent / "Fixtures" / "people"
KELLEYS = "id,first,last,phone\n17,M.,Kelley,206 555 0143\n203,Masha,Kelley,(206) 555-0143\n204,\"Derek, the tall\",Abernathy,\n"


def match(*args, stdin=None, expect=0, cwd=None):
    done = subprocess.run([str(BINARY), "match", *map(str, args)], input=stdin, capture_output=True, timeout=120, cwd=cwd)
    assert done.returncode == expect, done.stderr.decode()
    return done


def test_clusters_and_pairs_of_a_file(tmp_path):
    """Each record has a cluster named by one of its records; each listed pair its probability, what became of it, and reasons without values."""
    (tmp_path / "people.csv").write_text(KELLEYS)
    done = match("people.csv", "--out", "clusters.csv", "--pairs", "pairs.csv", "--json", cwd=tmp_path)
    said = json.loads(done.stdout)
    assert said["records"] == 3 and said["clusters"] == 2 and said["largestCluster"] == 2 and said["pairsMerged"] == 1
    assert said["columns"] == {"id": "recordID", "first": "firstName", "last": "lastName", "phone": "phone"}
    clusters = dict(row for row in csv.reader(open(tmp_path / "clusters.csv")))
    assert clusters.pop("id") == "cluster_id" and clusters["17"] == clusters["203"] in ("17", "203") and clusters["204"] == "204"
    (pair,) = csv.DictReader(open(tmp_path / "pairs.csv"))
    assert {pair["id_a"], pair["id_b"]} == {"17", "203"} and pair["outcome"] == "merged" and 0.9 < float(pair["probability"]) <= 1
    assert "telephone the same (+" in pair["evidence"] and "given name fits the initial" in pair["evidence"]
    assert "0143" not in pair["evidence"] and "Masha" not in pair["evidence"]
    assert (tmp_path / "clusters.csv").stat().st_mode & 0o077 == 0, "people's clusters are their owner's alone"


def test_a_known_set_is_matched_well(tmp_path):
    match(PEOPLE / "fake_1000.csv", "--out", tmp_path / "clusters.csv")
    entity = {row["record_id"]: row["entity_id"] for row in csv.DictReader(open(PEOPLE / "fake_1000_truth.csv"))}
    cluster = {row["record_id"]: row["cluster_id"] for row in csv.DictReader(open(tmp_path / "clusters.csv"))}
    ids = sorted(entity)
    both = predicted = actual = 0
    for n, a in enumerate(ids):
        for b in ids[:n]:
            one, same = cluster[a] == cluster[b], entity[a] == entity[b]
            predicted, actual, both = predicted + one, actual + same, both + (one and same)
    assert 2 * both / (predicted + actual) > 0.95 and both / predicted > 0.98


def test_compressed_and_piped_files_are_the_same(tmp_path):
    plain = match("-", "--out", "-", stdin=KELLEYS.encode()).stdout
    packed = tmp_path / "people.csv.gz"
    packed.write_bytes(gzip.compress(KELLEYS.encode()))
    assert match(packed, "--out", "-").stdout == plain and plain.startswith(b"id,cluster_id\n17,")
    packed.write_bytes(gzip.compress(KELLEYS.encode())[:-12])
    assert b"damaged" in match(packed, "--out", tmp_path / "none.csv", expect=1).stderr and not (tmp_path / "none.csv").exists()


def test_rows_without_ids_are_numbered_as_in_the_file():
    out = match("-", "--out", "-", stdin=b"name,email\n\"Kelley, Masha\",masha@wren.co\nM. Kelley,MASHA@wren.co\n").stdout.decode().splitlines()
    assert out[0] == "row,cluster_id" and [line.split(",")[0] for line in out[1:]] == ["1", "2"] and len({line.split(",")[1] for line in out[1:]}) == 1


@pytest.mark.parametrize("text, said", [
    (b"", "empty"), (b"first,last\n", "no rows"), (b"first,last\n1,\"2\n", "line 2"), (b"first,last\n1,2,3\n", "3 fields"), (b"id,source\n1,web\n2,app\n", "--column"), (b"\x00\xff" * 50, ""),
])
def test_a_bad_file_is_said_and_nothing_is_written(tmp_path, text, said):
    (tmp_path / "bad.csv").write_bytes(text)
    done = match("bad.csv", "--out", "out.csv", expect=1, cwd=tmp_path)
    assert said in done.stderr.decode() and done.stderr.startswith(b"martlet: ") and not (tmp_path / "out.csv").exists()


def test_slips_in_options_are_said(tmp_path):
    (tmp_path / "people.csv").write_text(KELLEYS)
    for args, said in [(["--merge", "0"], "probabilities"), (["--column", "phone=telephone"], "role"), (["--column", "Mail=email"], "has no column Mail"), (["--out", "no/such/folder.csv"], "cannot be written")]:
        done = subprocess.run([str(BINARY), "match", "people.csv", *args], capture_output=True, cwd=tmp_path)
        assert done.returncode != 0 and said in done.stderr.decode(), done.stderr
    assert b"cannot be read" in match("nowhere.csv", expect=1, cwd=tmp_path).stderr


def test_a_column_is_what_one_says(tmp_path):
    (tmp_path / "people.csv").write_text("id,x,y\n1,Masha Kelley,c1000234\n2,Masha Kelley,c1000234\n")
    said = json.loads(match("people.csv", "--column", "x=fullName", "--column", "y=identifier", "--json", cwd=tmp_path).stdout)
    assert said["columns"] == {"id": "recordID", "x": "fullName", "y": "identifier"} and said["clusters"] == 1
