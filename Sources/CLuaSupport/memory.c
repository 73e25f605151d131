// Where interpreters get their memory: the limit that is deferred while Swift runs, faults for tests, and a block for the
// objects that every interpreter starts with.
//
// Lua tells the size of what it frees, so pieces of the block need no headers, and when the interpreter closes they need not be
// given back one by one: opening and closing takes a third fewer instructions than with malloc, and a tenth less memory.
// The block never grows. Beyond it malloc serves, so what a script leaves unused of it is never more than the block.
#include "internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  GRAIN = 16,             // sizes are rounded up to it, and addresses are multiples of it
  BLOCK_SIZE = 32 << 10,  // what the libraries and a small script take
  LARGEST_PIECE = 4 << 10,
};

// What is left of a large piece that was given back: small ones are cut from it once the block is used up.
typedef struct region {
  struct region *next;
  size_t size;
} region;

static size_t rounded(size_t size) { return (size + GRAIN - 1) & ~(size_t)(GRAIN - 1); }

static bool is_inside(const nj_block *b, const void *piece) {
  return (size_t)((const char *)piece - b->start) < (size_t)(b->end - b->start);
}

void nj_block_open(nj_block *b) {
#if __has_feature(address_sanitizer)
  // The sanitizer watches what malloc gives.
  return;
#endif
  b->start = b->next = malloc(BLOCK_SIZE);
  b->end = b->limit = b->start == NULL ? NULL : b->start + BLOCK_SIZE;
}

void nj_block_close(nj_block *b) {
  free(b->start);
  *b = (nj_block){0};
}

static void give_back(nj_block *b, void *piece, size_t size) {
  if (b->is_closing) return;
  if (size <= NJ_LARGEST_LISTED) {
    *(void **)piece = b->pieces[size / GRAIN - 1];
    b->pieces[size / GRAIN - 1] = piece;
  } else {
    *(region *)piece = (region){b->regions, size};
    b->regions = piece;
  }
}

// The largest rest is not looked for: most of what is asked for is small.
static bool open_region(nj_block *b) {
  region *found = b->regions;
  if (found == NULL) return false;
  b->regions = found->next;
  size_t rest = b->limit - b->next;
  if (rest > 0) give_back(b, b->next, rest);
  b->next = (char *)found;
  b->limit = b->next + found->size;
  return true;
}

static void *take(nj_block *b, size_t size) {
  bool is_listed = size <= NJ_LARGEST_LISTED;
  if (is_listed) {
    void **list = &b->pieces[size / GRAIN - 1], *piece = *list;
    if (piece != NULL) {
      *list = *(void **)piece;
      return piece;
    }
  }
  // A region has room for every listed size.
  if ((size_t)(b->limit - b->next) < size && !(is_listed && open_region(b))) return NULL;
  void *piece = b->next;
  b->next += size;
  return piece;
}

// A new piece, from the block where it has room.
static void *get(nj_block *b, size_t size) {
  if (size <= LARGEST_PIECE) {
    void *piece = take(b, rounded(size));
    if (piece != NULL) return piece;
  }
  return malloc(size);
}

static void *resize(nj_block *b, void *piece, size_t old, size_t size) {
  if (!is_inside(b, piece)) return realloc(piece, size);
  size_t old_room = rounded(old), room = rounded(size);
  if (room == old_room) return piece;
  bool is_last = (char *)piece + old_room == b->next;
  if (is_last && room <= (size_t)(b->limit - (char *)piece)) {
    b->next = (char *)piece + room;
    return piece;
  }
  void *result = get(b, size);
  // Lua relies on it that making a piece smaller succeeds.
  if (result == NULL) return size < old ? piece : NULL;
  memcpy(result, piece, old < size ? old : size);
  give_back(b, piece, old_room);
  return result;
}

// A finalizer that gets no memory to start with is skipped for good, and what it would have let go of leaks. So finalizers are
// granted what they ask for, as Swift is. While one runs, lua_gc answers every question by -1.
static bool is_finalizing(nj_context *c) { return c->main != NULL && lua_gc(c->main, LUA_GCCOUNT) < 0; }

// A script that does not meet an interruption gets no memory: that ends what runs in C, such as reading an endless file. The error
// that this makes is the interruption.
static bool is_starved(nj_context *c) {
  if (c->host != 0 || is_finalizing(c)) return false;
  if (atomic_load(&c->interrupt) == NJ_INSIST) return true;
  if (atomic_load(&c->starving) == 0 || atomic_fetch_sub(&c->starving, 1) <= 0) return false;
  if (c->interrupting == NJ_RUN) {
    atomic_store(&c->interrupting, NJ_ASK);
    nj_meet_interruption(c);
    // Lua collects and asks again before it gives up.
    atomic_store(&c->starving, 1);
  }
  return true;
}

static bool refuses(nj_context *c, size_t growth) {
  if (c->fail_after >= 0 && c->host == 0 && !is_finalizing(c)) {
    if (c->fail_after == 0) {
      if (c->fail_count-- > 0) return true;
      c->fail_after = -1;
    } else {
      c->fail_after--;
    }
  }
  if (__builtin_expect(atomic_load_explicit(&c->interrupt, memory_order_relaxed) != NJ_RUN, 0) && is_starved(c)) return true;
  if (c->limit == 0 || (c->used <= c->limit && growth <= c->limit - c->used)) return false;
  if (c->host == 0 && !is_finalizing(c)) return true;
  // Swift cannot be unwound: it gets the memory, and the way out of the callback raises.
  c->attention |= NJ_OVER_LIMIT;
  return false;
}

void *nj_allocate(void *data, void *piece, size_t old_size, size_t new_size) {
  nj_context *c = data;
  // For a new piece Lua passes a type tag as the old size.
  size_t old = piece ? old_size : 0;
  if (new_size == 0) {
    c->used -= old;
    if (is_inside(&c->block, piece)) give_back(&c->block, piece, rounded(old));
    else free(piece);
    return NULL;
  }
  if (new_size > old && refuses(c, new_size - old)) return NULL;
  void *result = piece ? resize(&c->block, piece, old, new_size) : get(&c->block, new_size);
  if (result == NULL) {
    if (c->host > 0 && new_size > old) {
      fputs("nightjar: out of memory\n", stderr);
      abort();
    }
    return NULL;
  }
  c->used = c->used - old + new_size;
  if (c->used > c->peak) c->peak = c->used;
  return result;
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif
