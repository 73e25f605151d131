#!/bin/sh
# Logging to a file: records a second, beside C (snprintf and write), spdlog and CPython, in alternating runs. All write lines such as
# `2026-01-31 12:00:00,123 INFO bench: request 7 done`. Targets are ratios within this run; quill, which Debian does not have, counts as
# 1.36 times spdlog's asynchronous logger, as once measured. Then what a call costs that is not enabled, and instructions a record.
set -eu
cd "$(dirname "$0")"
flags='-c release --static-swift-stdlib -Xlinker --strip-debug'
# shellcheck disable=SC2086
swift build $flags --product logs >&2
# shellcheck disable=SC2086
logs=$(swift build $flags --show-bin-path)/logs
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck disable=SC2046 # the words are options
c++ -O2 -std=c++17 logging/reference.cpp -o "$folder/reference" $(pkg-config --cflags --libs spdlog) -pthread

python3 - "$logs" "$folder" <<'PYTHON'
import logging, os, statistics, subprocess, sys, time

program, folder = sys.argv[1:]
path, rounds = f"{folder}/log", 7


def once(command, mode, count):
    if os.path.exists(path):
        os.remove(path)
    output = subprocess.run([command, mode, path, str(count)], check=True, capture_output=True).stdout
    return float(output)


def ours(mode, count):
    rate = once(program, mode, count)
    lines = sum(chunk.count(b"\n") for chunk in iter(lambda f=open(path, "rb"): f.read(1 << 20), b""))
    if lines != count:
        sys.exit(f"{mode}: {lines} lines of {count} records")
    return rate


def reference(mode, count):
    return once(f"{folder}/reference", mode, count)


def python(count):
    if os.path.exists(path):
        os.remove(path)
    log = logging.Logger("bench", logging.INFO)
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    start = time.perf_counter()
    for i in range(count):
        log.info("request %d done", i)
    handler.close()
    return count / (time.perf_counter() - start)


def verdict(is_met, target):
    return f"{'met' if is_met else 'MISSED'} (target: {target})"


def compare(what, count, mode, others, judge):
    """Medians of alternating runs; `judge` gets the median of the ratios to each of the others."""
    runs = [[ours(mode, count)] + [run() for run in others.values()] for _ in range(rounds)]
    medians = [statistics.median(column) for column in zip(*runs)]
    ratios = [statistics.median(run[0] / run[i] for run in runs) for i in range(1, len(others) + 1)]
    shown = "  ".join(
        f"{name} {median / 1e6:.2f} ({ratio:.2f} x)" for name, median, ratio in zip(others, medians[1:], ratios))
    print(f"{what:34} {medians[0] / 1e6:6.2f}  {shown:58} {judge(medians[0], *ratios)}", flush=True)


print(f"{'millions of records a second':34} {'ours':>6}  others (ours beside them)")
compare("written through, Swift", 200_000, "through",
    {"C": lambda: reference("c-through", 200_000), "spdlog": lambda: reference("spdlog-through", 200_000)},
    lambda rate, c, spdlog: verdict(1 / c <= 1.2, "at most 1.2 times C's time"))
compare("buffered, 64 KiB, Swift", 1_000_000, "buffered",
    {"spdlog": lambda: reference("spdlog-buffered", 1_000_000), "C": lambda: reference("c-buffered", 1_000_000)},
    lambda rate, spdlog, c: verdict(1 / spdlog <= 1.1, "at most 1.1 times spdlog's time"))
compare("asynchronous, drained, Swift", 1_000_000, "async",
    {"spdlog async": lambda: reference("spdlog-async", 1_000_000)},
    lambda rate, spdlog: verdict(spdlog >= 1.36, "quill: 1.36 times spdlog's rate"))
compare("the same, 2 threads", 1_000_000, "async-2",
    {"spdlog async, 1 thread": lambda: reference("spdlog-async", 1_000_000)}, lambda rate, spdlog: "")
compare("written through, from Lua", 200_000, "lua-through",
    {"CPython": lambda: python(20_000), "C": lambda: reference("c-through", 200_000)},
    lambda rate, python, c: verdict(rate >= 5e5 and python >= 8, "0.5 million, 8 times CPython's rate"))
compare("asynchronous, drained, from Lua", 500_000, "lua-async", {"CPython": lambda: python(20_000)},
    lambda rate, python: "")

print(f"\n{'nanoseconds of a disabled call':34}")
disabled = {}
for mode, count in [("disabled", 50_000_000), ("disabled-large", 50_000_000), ("lua-disabled", 5_000_000)]:
    disabled[mode] = [once(program, mode, count) for _ in range(rounds)]
small, large, lua = (statistics.median(disabled[mode]) for mode in disabled)
growth = statistics.median(b / a for a, b in zip(disabled["disabled"], disabled["disabled-large"]))
print(f"{'Swift':34} {small:6.2f}  {verdict(small <= 1.5, '1.5')}")
print(f"{'10,000 loggers, 1,000 deep, 100 handlers':34} {large:6.2f}  {growth:.2f} x  {verdict(growth <= 1.1, 'no more than one logger')}")
print(f"{'Lua':34} {lua:6.2f}  {verdict(lua <= 40, '40')}")
PYTHON

instructions() { # mode, records
    rm -f "$folder/log"
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$logs" "$1" "$folder/log" "$2" 2>&1 |
        awk '/Collected/ { print $NF; found = 1 } END { exit !found }'
}

# Start-up falls out: a record is the difference of two numbers of records.
per_record() { # mode
    first=$(instructions "$1" 2000)
    second=$(instructions "$1" 6000)
    echo $(((second - first) / 4000))
}

printf '\ninstructions a record: written through %s, buffered %s, from Lua %s\n' \
    "$(per_record through)" "$(per_record buffered)" "$(per_record lua-through)"
