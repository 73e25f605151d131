"""Ours beside CPython's, in alternating runs: compare.py NIGHTJAR"""
import os
import statistics
import subprocess
import sys
import time

nightjar = sys.argv[1]
here = os.path.dirname(__file__)
rounds = 7


def seconds(*command):
    begin = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - begin


def per_job(few, many, *command):
    """Microseconds a job: the start of the process falls out."""
    first, second = (seconds(*(word.replace("COUNT", str(count)) for word in command)) for count in (few, many))
    return (second - first) / (many - few) * 1e6


print(f"{'':<44} {'Nightjar':>10} {'CPython':>10} {'':<3} {'ratio':>6}")
for what, kind, workers, few, many in (
    ("submit, wait for the result; 1 worker", "turn", 1, 2000, 20000),
    ("submit all, then wait; 1 worker", "batch", 1, 2000, 20000),
    ("submit all, then wait; 4 workers", "batch", 4, 2000, 20000),
    ("map; 4 workers", "map", 4, 2000, 20000),
    ("map of jobs that compute; 4 workers", "compute", 4, 50, 450),
):
    rows = [
        (
            per_job(few, many, nightjar, "run", f"{here}/jobs.lua", kind, "COUNT", str(workers)),
            per_job(few, many, "python3", f"{here}/jobs.py", kind, "COUNT", str(workers)),
        )
        for _ in range(rounds)
    ]
    ours, theirs = (statistics.median(column) for column in zip(*rows))
    # Neighbours on the machine disturb single runs: the ratio is that of each run with its neighbour.
    ratio = statistics.median(row[0] / row[1] for row in rows)
    print(f"{what:<44} {ours:10.1f} {theirs:10.1f} us  {ratio:6.2f}", flush=True)
