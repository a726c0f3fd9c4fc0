#!/usr/bin/env python3
"""Compares a sample of our amounts with openfisca-core as an independent calculator.

Exports the law (`ansinh law export --openfisca`), lets openfisca-core (PyPI, its own loader, dates and vector
arithmetic) read it, writes three formulas anew from the text of the law, and compares them with
`ansinh law calc`. Usage: python bench/openfisca_compare.py ANSINH [SAMPLE]
Needs: pip install openfisca-core. Ends with exit code 1 when an amount differs.
"""

import datetime
import json
import random
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal

import numpy
from openfisca_core.parameters import ParameterNode


def ansinh(program, *arguments):
    out = subprocess.run([program, "law", *arguments, "--json"], capture_output=True, text=True, check=True)
    return json.loads(out.stdout)


def dong(amount):
    return int(Decimal(repr(float(amount))).quantize(Decimal(1), ROUND_HALF_UP))


def household(law, day, members):
    at = law(day)
    full = at.bhxh.reference_level * at.bhyt.rate
    order = numpy.minimum(numpy.arange(1, members + 1), 5).astype(str)
    steps = numpy.array([at.bhyt.household_step[word] for word in order])
    return sum(dong(monthly) * 12 for monthly in full * steps)


def voluntary(law, day, income, group):
    at = law(day)
    premium = income * at.voluntary.rate
    base = at.poverty.line["rural"] * at.voluntary.rate
    city = at.hanoi.voluntary.support[group] if day >= "2026-01-01" else 0
    return dong(premium) - dong(base * at.voluntary.support.state[group]) - dong(base * city)


def worker(law, day, wage, region):
    at = law(day)
    reference = at.bhxh.reference_level
    base = min(max(wage, reference), reference * at.bhxh.cap_multiple)
    bhtn = min(max(wage, reference), at.wage.regional_minimum[region] * at.bhtn.cap_multiple)
    pay = at.bhxh.contribution
    parts = [base * pay[fund]["worker"] for fund in ("pension_person", "pension_unit", "sickness_unit", "accident_unit")]
    parts += [base * at.bhyt.contribution[side]["worker"] for side in ("person", "unit")]
    parts += [bhtn * at.bhtn.contribution[side]["worker"] for side in ("person", "unit")]
    return sum(dong(part) for part in parts)


def main():
    program, sample = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60
    chance = random.Random(20261122)
    different = 0
    with tempfile.TemporaryDirectory() as folder:
        ansinh(program, "export", "--openfisca", folder)
        law = ParameterNode("", directory_path=folder)
        for number in range(sample):
            day = (datetime.date(2025, 8, 15) + datetime.timedelta(days=chance.randrange(520))).isoformat()
            month_day = day[:8] + "01"
            wage, region = chance.randrange(2_000_000, 150_000_000), chance.choice(["I", "II"])
            members, group = chance.randrange(1, 9), chance.choice(["poor", "near_poor", "ethnic", "other"])
            income = chance.randrange(2_200_000, 40_000_000)
            pairs = [
                ("household", household(law, day, members), ["--paid-on", day, "--members", str(members)]),
                ("voluntary", voluntary(law, day, income, group), ["--paid-on", day, "--income", str(income), "--group", group]),
                ("contribution", worker(law, month_day, wage, region), ["--month", day[:7], "--wage", str(wage), "--region", region]),
            ]
            for name, theirs, flags in pairs:
                ours = ansinh(program, "calc", name, *flags)["amount"]
                if ours != theirs:
                    different += 1
                    print(f"{name} {' '.join(flags)}: ansinh {ours}, openfisca {theirs}")
    print(f"{3 * sample} amounts compared, {different} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
