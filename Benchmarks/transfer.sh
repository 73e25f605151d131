#!/bin/sh
# What a message costs, put into a queue and taken out again in one thread, beside a plain C binding: nanoseconds of the round trip,
# the fastest of some runs that take turns, and instructions of each half. Needs valgrind.
set -eu
cd "$(dirname "$0")"
# Valgrind gives up on the debug information of Swift's static libraries.
flags='-c release --static-swift-stdlib -Xlinker --strip-debug'
# shellcheck disable=SC2086
swift build $flags --product transfer >&2
# shellcheck disable=SC2086
transfer=$(swift build $flags --show-bin-path)/transfer

instructions() { # side, case, turns
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$transfer" "$1" "$2" "$3" 2>&1 |
        awk '/Collected/ { print $NF; found = 1 } END { exit !found }'
}

a_turn() { # side, case
    first=$(instructions "$1" "$2" 500)
    second=$(instructions "$1" "$2" 1500)
    awk -v a="$first" -v b="$second" 'BEGIN { printf "%.0f", (b - a) / 1000 }'
}

fastest() { # side, case, turns
    for _ in 1 2 3 4 5; do "$transfer" "$1" "$2" "$3"; done | sort -n | head -n 1
}

printf '%-10s %10s %10s %7s   %s\n' message 'ours, ns' 'C, ns' ratio 'instructions to put and get: ours, C'
for case in integer text line small list records shared big closure fresh instance; do
    turns=50000
    [ "$case" != big ] || turns=300
    ours=$(fastest nightjar "$case-both" $turns)
    put=$(a_turn nightjar "$case-put")
    all=$(a_turn nightjar "$case-get")
    theirs=- ratio=- their_put=- their_get=-
    case $case in
        closure | fresh | instance) ;;
        *)
            theirs=$(fastest c "$case-both" $turns)
            ratio=$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.2f", a / b }')
            their_put=$(a_turn c "$case-put")
            their_get=$(($(a_turn c "$case-get") - their_put))
            ;;
    esac
    printf '%-10s %10s %10s %7s   %s + %s, %s + %s\n' "$case" "$ours" "$theirs" "$ratio" "$put" "$((all - put))" \
        "$their_put" "$their_get"
done
printf 'target: small at most 2500 ns, 400 thousand a second\n'
