// Lua values to bytes and back in plain C, to measure against: what a careful binding of a queue does that knows scalars, strings
// and tables without sharing, cycles, metatables or depth.
#pragma once

// Runs `source` in an interpreter with `put(nil, value)` and `get()`, a first-in first-out list of encoded values, and the
// arguments `name` and `turns`. Gives 0, or 1 after a message.
int transfer_in_c(const char *source, const char *name, long turns);
