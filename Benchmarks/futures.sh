#!/bin/sh
# Jobs through an executor, beside CPython's ThreadPoolExecutor: submitted one by one and waited for, all submitted and then
# waited for, by map, and jobs that compute. Medians of alternating runs; start-up falls out as the difference of two counts.
set -eu
cd "$(dirname "$0")/.."
printf '' | scripts/nightjar run -
python3 Benchmarks/futures/compare.py .build/release-static/release/nightjar
