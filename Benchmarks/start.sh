#!/bin/sh
# How long `nightjar run` takes for an empty script, beside `lua5.4`: medians of alternating runs, whole processes.
set -eu
cd "$(dirname "$0")/.."
empty=$(mktemp)
trap 'rm -f "$empty"' EXIT
scripts/nightjar run "$empty"
python3 - .build/release-static/release/nightjar "$empty" <<'PYTHON'
import statistics, subprocess, sys, time

def once(command):
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return (time.perf_counter() - start) * 1000

ours, theirs = [sys.argv[1], "run", sys.argv[2]], ["lua5.4", sys.argv[2]]
pairs = [(once(ours), once(theirs)) for _ in range(100)]
a, b = (statistics.median(column) for column in zip(*pairs))
print(f"empty script: nightjar {a:.2f} ms, lua5.4 {b:.2f} ms, ratio {a / b:.2f} (target 2)")
PYTHON
