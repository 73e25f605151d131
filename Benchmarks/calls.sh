#!/bin/sh
# Instructions for one call between Lua and Swift, beside what the same call costs a host in plain C.
# Start-up falls out: a turn is the difference of two loop counts. Needs valgrind.
set -eu
cd "$(dirname "$0")"
# Valgrind gives up on the debug information of Swift's static libraries.
flags='-c release --static-swift-stdlib -Xlinker --strip-debug'
# shellcheck disable=SC2086
swift build $flags --product calls >&2
# shellcheck disable=SC2086
calls=$(swift build $flags --show-bin-path)/calls
few=10000
many=30000

instructions() { # benchmark, turns
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$calls" "$1" "$2" 2>&1 |
        awk '/Collected/ { print $NF; found = 1 } END { exit !found }'
}

per_turn() { # benchmark
    first=$(instructions "$1" $few)
    second=$(instructions "$1" $many)
    awk -v a="$first" -v b="$second" -v n=$((many - few)) 'BEGIN { printf "%.1f", (b - a) / n }'
}

ratio() { # what, ours, theirs, target
    awk -v what="$1" -v ours="$2" -v theirs="$3" -v target="$4" 'BEGIN {
        r = ours / theirs
        printf "%-44s %8.1f %8.1f %7.3f  %s\n", what, ours, theirs, r, \
            target == "" ? "" : sprintf("%s (target %s)", r <= target ? "met" : "MISSED", target)
    }'
}

printf '%-44s %8s %8s %7s\n' 'instructions a turn' Swift C ratio
lua_c=$(per_turn lua-c)
ratio 'Lua calls a function' "$(per_turn lua-swift)" "$lua_c" 1.10
swift_lua=$(per_turn swift-lua)
ratio 'host calls Lua, with a traceback handler' "$swift_lua" "$(per_turn c-lua)" 1.15
ratio 'host calls Lua, C without a handler' "$swift_lua" "$(per_turn c-lua-bare)" ''
