"""Ours beside theirs, in alternating runs: compare.py NIGHTJAR C_THREADS"""
import os
import statistics
import subprocess
import sys
import time

nightjar, c_threads = sys.argv[1:]
here = os.path.dirname(__file__)
rounds, few, many = 7, 1000, 4000


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def per_turn(*command):
    """Microseconds a turn: the start of the process falls out of the difference of two counts."""
    times = []
    for count in (few, many):
        begin = time.perf_counter()
        output(*(word.replace("COUNT", str(count)) for word in command))
        times.append(time.perf_counter() - begin)
    return (times[1] - times[0]) / (many - few) * 1e6


def report(what, unit, ours, theirs, limit, measured):
    met = "" if limit is None else f"  {'met' if measured <= limit else 'MISSED'} (target {limit})"
    print(f"{what:<46} {ours:9.1f} {theirs:9.1f} {unit:<4} {ours / theirs:6.2f}{met}", flush=True)


print(f"{'':<46} {'Nightjar':>9} {'theirs':>9} {'':<4} {'ratio':>6}")
for burst in (1, 50, 200):
    rows = [
        (
            per_turn(nightjar, "run", f"{here}/start.lua", "COUNT", str(burst)),
            float(output(c_threads, "start", str(many), str(burst))[0]),
            per_turn("python3", f"{here}/start.py", "COUNT", str(burst)),
        )
        for _ in range(rounds)
    ]
    ours, c, python = (statistics.median(column) for column in zip(*rows))
    # Neighbours on the machine disturb single runs: the ratio is that of each run with its neighbour.
    ratio = statistics.median(row[0] / row[1] for row in rows)
    what = "start and join" if burst == 1 else f"start {burst}, join {burst}"
    report(f"{what}, C with Lua", "us", ours, c, 1.5, ratio)
    report(f"{what}, CPython", "us", ours, python, None, 0)

waiting = 10_000
ours, left = map(float, output(nightjar, "run", f"{here}/waiting.lua", str(waiting)))
report(f"each of {waiting} waiting threads, C with Lua", "KiB", ours, float(output(c_threads, "waiting", str(waiting))[0]), 64, ours)
print(f"left of each after its end: {left:.1f} KiB")
