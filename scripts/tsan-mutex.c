// Tells ThreadSanitizer about the waits of Swift's Mutex.
//
// On Linux a Mutex that nobody else holds is taken and released by atomics that the compiler puts into our own code, where
// ThreadSanitizer sees them. A contended one goes through the kernel (FUTEX_LOCK_PI), inside libswiftSynchronization,
// which is not instrumented: the order that the lock makes is lost, and correct code is reported as a race. These three
// stand in front of the library's and add that order, on the address of the lock, and nothing else: no report is
// suppressed. Linked into the programs of a ThreadSanitizer build by scripts/check, and only there.
#include <dlfcn.h>
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
    fprintf(stderr, "tsan-mutex.c: this toolchain's Mutex has no %s\n", symbol);
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
