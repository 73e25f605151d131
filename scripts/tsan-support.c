// What ThreadSanitizer cannot know about Swift on Linux, so that no report needs to be suppressed. Linked into the
// programs of a ThreadSanitizer build by scripts/check, and only there.
//
// 1. Contended locks. A Mutex that nobody else holds is taken and released by atomics that the compiler puts into our own
//    code, where ThreadSanitizer sees them. A contended one goes through the kernel (FUTEX_LOCK_PI) inside
//    libswiftSynchronization, which is not instrumented: the order that the lock makes is lost, and correct code is
//    reported as a race. The three functions here stand before the library's and add that order, on the lock's address.
// 2. Signals that interrupt. ThreadSanitizer holds a signal back until its thread calls into the C library, which a busy
//    Lua loop never does, so that nothing could interrupt one. These handlers are installed past it, as in a plain build.
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

// The methods' ABI: swiftcall, with the lock, which is never copied, in the context register.
#define SWIFT __attribute__((swiftcall, visibility("default"), used))
#define SELF __attribute__((swift_context)) void *

SWIFT void lock_slow(uint32_t thread, SELF lock) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT bool try_lock_slow(SELF lock) __asm__("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
SWIFT void unlock_slow(SELF lock) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

static void *behind(const char *symbol) {
  void *found = dlsym(RTLD_NEXT, symbol);
  if (found == NULL) {
    fprintf(stderr, "tsan-support.c: this toolchain's Mutex has no %s\n", symbol);
    abort();
  }
  return found;
}

SWIFT void lock_slow(uint32_t thread, SELF lock) {
  __attribute__((swiftcall)) void (*real)(uint32_t, SELF) =
      behind("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
  real(thread, lock);
  __tsan_acquire(lock);
}

SWIFT bool try_lock_slow(SELF lock) {
  __attribute__((swiftcall)) bool (*real)(SELF) = behind("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
  bool taken = real(lock);
  if (taken) __tsan_acquire(lock);
  return taken;
}

SWIFT void unlock_slow(SELF lock) {
  __attribute__((swiftcall)) void (*real)(SELF) = behind("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
  __tsan_release(lock);
  real(lock);
}

int __interceptor_sigaction(int, const struct sigaction *, struct sigaction *);
int __sigaction(int, const struct sigaction *, struct sigaction *);

int sigaction(int number, const struct sigaction *new, struct sigaction *old) {
  switch (number) {
  case SIGURG:
  case SIGINT:
  case SIGTERM: return __sigaction(number, new, old);
  default: return __interceptor_sigaction(number, new, old);
  }
}
