#!/usr/bin/env python3
"""Matches people whose truth is known and prints how well, beside the best of Splink 5 where its figures are at hand.

    bench/matching.py --sets FOLDER [--generator FOLDER/generator/gen_people.py] [--records 100000,1000000] [--work /tmp/people]

FOLDER holds NAME.csv[.gz] with NAME_truth.csv[.gz] (record_id and entity_id or person_id) and, if there, reference.json. With --generator, sets of the given sizes are made in --work,
measured, and deleted. Times are those of the whole command, from CSV to clusters; memory is the peak of its process.
"""
import argparse
import collections
import csv
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time


def rows(path):
    with (gzip.open(path, "rt", newline="") if str(path).endswith(".gz") else open(path, newline="")) as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


def pairs(counts):
    return sum(n * (n - 1) // 2 for n in counts)


def measure(binary, people, truth, output):
    started = time.monotonic()
    process = subprocess.Popen([binary, "match", str(people), "--out", str(output), "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    said = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, status
    seconds = time.monotonic() - started
    cluster = dict(rows(output))
    entity = {row[0]: row[1] for row in rows(truth)}
    assert cluster.keys() == entity.keys(), "every record has a cluster"
    predicted, actual = collections.Counter(cluster.values()), collections.Counter(entity.values())
    both = collections.Counter((cluster[record], entity[record]) for record in cluster)
    right, all_predicted, all_actual = pairs(both.values()), pairs(predicted.values()), pairs(actual.values())
    count = len(cluster)
    b3_precision = sum(n * n / predicted[c] for (c, _), n in both.items()) / count
    b3_recall = sum(n * n / actual[e] for (_, e), n in both.items()) / count
    return {
        "records": count, "precision": right / max(1, all_predicted), "recall": right / all_actual, "f1": 2 * right / (all_predicted + all_actual),
        "b3": 2 * b3_precision * b3_recall / (b3_precision + b3_recall), "largest": said["largestCluster"], "seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024,
    }


def show(name, got, reference):
    splink = reference.get(name, {}).get("splink", {}).get("clusters", {})
    beside = f"{splink['F1']:.4f}  {splink['B3F1']:.4f}" if splink else "     –       –"
    print(f"{name:22} {got['records']:>9} {got['precision']:10.4f} {got['recall']:8.4f} {got['f1']:8.4f} {got['b3']:8.4f} {got['largest']:8} {got['seconds']:8.2f} {got['cpu']:7.2f} {got['megabytes']:7.0f}   {beside}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=pathlib.Path, required=True)
    parser.add_argument("--generator", type=pathlib.Path)
    parser.add_argument("--records", default="100000,1000000")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--work", type=pathlib.Path)
    options = parser.parse_args()
    binary = os.environ.get("MARTLET_BIN", ".build/release/martlet")
    reference_file = options.sets / "reference.json"
    reference = json.loads(reference_file.read_text()) if reference_file.exists() else {}
    print(f"{'set':22} {'records':>9} {'precision':>10} {'recall':>8} {'F1':>8} {'B-cubed':>8} {'largest':>8} {'seconds':>8} {'CPU s':>7} {'MB':>7}   Splink's F1, B-cubed (threshold chosen by the truth)")
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        output = pathlib.Path(folder) / "clusters.csv"
        for truth in sorted(options.sets.glob("*_truth.csv*")):
            people = truth.with_name(truth.name.replace("_truth", ""))
            show(people.name.split(".")[0], measure(binary, people, truth, output), reference)
        for count in options.records.split(",") if options.generator else []:
            subprocess.run([sys.executable, str(options.generator), "--records", count, "--seed", str(options.seed), "--out", folder], check=True)
            stem = pathlib.Path(folder) / f"people_{count}_s{options.seed}"
            show(stem.name, measure(binary, f"{stem}.csv", f"{stem}_truth.csv", output), reference)


if __name__ == "__main__":
    main()
