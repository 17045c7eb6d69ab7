"""The measures can be taken: `python -m benchmarks` goes through every page on a real server. How fast is not judged here."""

from __future__ import annotations

import re
import subprocess
import sys

from benchmarks.measures import MEASURES

from tests.sources import ROOT


def test_every_measure_is_in_the_table() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--sizes", "12"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = re.findall(r"^(\S.*?) +12 +([\d.]+) ", done.stdout, re.MULTILINE)
    assert [name for name, _ in rows] == [measure.name for measure in MEASURES]
    assert all(float(milliseconds) > 0 for _, milliseconds in rows)
    assert re.search(
        r"^Compte rendu de 400 opérations, composé et scellé : \d+ ms \(95 % : \d+ ms ; budget : 300 ms\)\.$", done.stdout, re.MULTILINE
    )
    assert re.search(r"^Première visite : [\d.]+ Ko en \d+ requêtes", done.stdout, re.MULTILINE)
