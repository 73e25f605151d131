// What a careful host in plain C does for queues between threads, to measure against: a ring under a mutex, with two conditions.
// No shutdown, no time-outs, no interruption, no line of waiters.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct ring ring;

// A scalar inline, or bytes that belong to whoever takes the item out.
typedef struct ring_item {
  int type;  // of Lua; LUA_TTABLE for encoded bytes
  union {
    int64_t integer;
    double number;
    struct {
      char *bytes;
      size_t size;
    } encoded;
  };
} ring_item;

ring *ring_new(size_t capacity);
void ring_free(ring *r);
void ring_put(ring *r, ring_item item);
ring_item ring_get(ring *r);

// Integers from one thread to another, in C alone. Gives the nanoseconds it took.
int64_t ring_measure_threads(size_t capacity, long items);
// Puts an integer and takes it out, so many times. Gives nanoseconds.
int64_t ring_measure_pairs(long items);

// The same from Lua, the ring bound with the C API: each source is a chunk that finds `items` as its argument and the ring as the
// global `q`, and runs in a thread with an interpreter of its own. `consumer` may be NULL. Gives nanoseconds, or -1 after a message.
int64_t ring_measure_lua(size_t capacity, long items, const char *producer, const char *consumer);
