#!/usr/bin/env python3
"""Links the same made rosters with `ansinh link` and with Splink, one after the other, on two threads.

Usage: python bench/linkage/compare.py ANSINH FOLDER [--only ansinh|splink]
FOLDER holds left.csv, right.csv, truth.csv and spec.toml, written by
  cargo run --release -p linkage --example tables_speed -- 1000000 1 FOLDER
Needs: pip install splink pyarrow. The CSV files are turned into Parquet once, outside of the measured time.
Reported of each program: CPU seconds (user and system) and peak memory as the system counts them for the process,
wall seconds, and precision, recall and F1 of its links at its own threshold (Splink: 0.95, and the best one with truth known).
"""

import json
import os
import resource
import subprocess
import sys
import time

THREADS = 2


def measured(command):
    start = time.time()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    cost = {
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "wall_seconds": round(time.time() - start, 2),
        "peak_mb": usage.ru_maxrss // 1024,
    }
    return cost, json.loads(out.splitlines()[-1])


def parquet(folder):
    import pyarrow.csv
    import pyarrow.parquet

    for name in ["left", "right"]:
        target = f"{folder}/{name}.parquet"
        if not os.path.exists(target):
            texts = dict.fromkeys(["id", "name", "born", "sex", "card", "commune"], "string")
            options = pyarrow.csv.ConvertOptions(column_types=texts, strings_can_be_null=True, null_values=[""])
            pyarrow.parquet.write_table(pyarrow.csv.read_csv(f"{folder}/{name}.csv", convert_options=options), target)


def ansinh(program, folder):
    command = [program, "link", f"{folder}/left.parquet", f"{folder}/right.parquet", "--spec", f"{folder}/spec.toml"]
    command += ["--out", f"{folder}/links.parquet", "--threads", str(THREADS), "--json"]
    cost, told = measured(command)
    # Scoring against the truth is no part of the job: it is done in a second run.
    _, scored = measured(command + ["--truth", f"{folder}/truth.csv"])
    keys = ["pairs_scored", "links", "seconds"]
    scores = {key: scored[key] for key in ["precision", "recall", "f1", "blocking_recall"]}
    return cost | {key: told[key] for key in keys} | scores


def splink_job(folder):
    """The measured process: reads Parquet, prepares in SQL, learns, predicts, writes the pairs."""
    import duckdb
    import splink
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    database = duckdb.connect()
    database.execute(f"SET threads = {THREADS}")
    api = DuckDBAPI(connection=database)
    tables = []
    for name in ["left", "right"]:
        # The same helps as a person would give it: letters without marks, surname, given name, the last digits.
        database.execute(
            f"""CREATE TABLE made_{name} AS SELECT id AS unique_id, strip_accents(lower(replace(replace(nfc_normalize(name),
            'đ', 'd'), 'Đ', 'd'))) AS name, split_part(strip_accents(lower(name)), ' ', 1) AS surname,
            regexp_extract(strip_accents(lower(name)), '([^ ]+)$', 1) AS given, born, left(born, 4) AS year, sex, card,
            right(card, 6) AS serial, commune FROM read_parquet('{folder}/{name}.parquet')"""
        )
        tables.append(api.register(f"made_{name}", dataset_display_name=name))
    settings = SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=0.85 / 1_000_000,
        blocking_rules_to_generate_predictions=[
            block_on("card"),
            block_on("name", "born"),
            block_on("given", "born"),
            block_on("name", "year", "commune"),
            block_on("born", "commune", "surname"),
            block_on("serial", "year"),
        ],
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("born", [1, 2]),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("card", [1, 2]),
            cl.ExactMatch("commune"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    linker = Linker(tables, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("card"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "born"))
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    database.execute(
        f"""COPY (SELECT unique_id_l AS l, unique_id_r AS r, match_weight AS w, match_probability AS p FROM {pairs.physical_name})
        TO '{folder}/splink.parquet'"""
    )
    print(json.dumps({"version": splink.__version__}))


def splink_scores(folder):
    import pyarrow.csv
    import pyarrow.parquet

    pairs = pyarrow.parquet.read_table(f"{folder}/splink.parquet").to_pydict()
    truth = pyarrow.csv.read_csv(f"{folder}/truth.csv").to_pydict()
    true = {(str(l), str(r)) for l, r in zip(truth["left_id"], truth["right_id"])}
    rows = sorted(zip(pairs["w"], pairs["l"], pairs["r"], pairs["p"]), reverse=True)

    def f1(right, said):
        return 2 * right / (said + len(true))

    def best_and_fixed(rows):
        best, fixed, right = 0, None, 0
        for said, (_, l, r, p) in enumerate(rows, 1):
            right += (str(l), str(r)) in true
            best = max(best, f1(right, said))
            if p >= 0.95:
                fixed = f1(right, said)
        return round(best, 6), round(fixed or 0, 6)

    taken_left, taken_right, single = set(), set(), []
    for row in rows:
        if row[1] not in taken_left and row[2] not in taken_right:
            taken_left.add(row[1])
            taken_right.add(row[2])
            single.append(row)
    (best, fixed), (single_best, single_fixed) = best_and_fixed(rows), best_and_fixed(single)
    return {"pairs": len(rows), "f1_at_0.95": fixed, "best_f1": best, "one_to_one_at_0.95": single_fixed, "one_to_one_best": single_best}


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--splink-job":
        return splink_job(sys.argv[2])
    program, folder = sys.argv[1:3]
    only = sys.argv[4] if len(sys.argv) > 4 else None
    parquet(folder)
    result = {"load": os.getloadavg()[0]}
    if only != "splink":
        result["ansinh"] = ansinh(program, folder)
    if only != "ansinh":
        cost, told = measured([sys.executable, __file__, "--splink-job", folder])
        result["splink"] = cost | told | splink_scores(folder)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
