#!/bin/sh
# What threads cost: from start to join, and in memory while they wait; beside pthreads with a Lua interpreter each, in C, and
# CPython's threads.
set -eu
cd "$(dirname "$0")/.."
printf '' | scripts/nightjar run -
swift build --package-path Benchmarks -c release --product c-threads >&2
python3 Benchmarks/threads/compare.py .build/release-static/release/nightjar \
    "$(swift build --package-path Benchmarks -c release --show-bin-path)/c-threads"
