// Thread-local variables, which Swift does not have.
#pragma once
#include <stdint.h>

// The number of the calling thread, or of the job that it does now; 0 until it was given one. At a fixed place in the thread's
// own memory: in a library that is loaded later the system keeps room for a few such words.
extern _Thread_local uintptr_t nj_own_number __attribute__((tls_model("initial-exec"), visibility("hidden")));

static inline uintptr_t nj_thread_number(void) { return nj_own_number; }
static inline void nj_set_thread_number(uintptr_t number) { nj_own_number = number; }
