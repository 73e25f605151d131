#!/bin/sh
# How long it takes from t:cancel() until t:join() returns, for threads that compute, wait, read and run children.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/fifo"
scripts/nightjar run Benchmarks/cancel/latency.lua "$folder" "${NIGHTJAR_ROUNDS:-200}"
