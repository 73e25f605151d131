// What a careful host in plain C does, to measure against.
#pragma once

// Runs `source` with `turns` as its argument, in an interpreter with the C function `add`. Gives 0, or 1 after a message.
int calls_from_lua(const char *source, long turns);

// Calls the function that `source` returns `turns` times with two integers. Gives the sum of the results, or -1.
long calls_into_lua(const char *source, long turns, int with_handler);
