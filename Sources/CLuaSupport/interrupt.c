// An interruption on its way to the thread inside Lua.
//
// Any thread may ask. The asking thread stores the severity and sends SIGURG; the handler, on the thread inside Lua, installs the
// hook that raises (hook.c), and a blocking system call of that thread ends with EINTR. A signal that comes between the hook's
// last turn and a blocking call would be lost: so whoever asks sends it again until the script has met the interruption.
#define _GNU_SOURCE
#include "internal.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

_Thread_local nj_context *nj_current;
_Thread_local int nj_thread_id;

static struct sigaction previous_action;

static void on_signal(int number, siginfo_t *info, void *machine) {
  nj_context *c = nj_current;
  if (c != NULL && c->running != NULL) {
    nj_inherit_interruption(c);
    if (atomic_load_explicit(&c->interrupt, memory_order_relaxed) != NJ_RUN) nj_install_hook_in_handler(c->running);
  }
  if (previous_action.sa_flags & SA_SIGINFO)
    previous_action.sa_sigaction(number, info, machine);
  else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN)
    previous_action.sa_handler(number);
}

static void install_handler(void) {
  // Without SA_RESTART: a read that a script waits in ends too. So the signal goes only to threads that are inside Lua and have an
  // interruption to meet, and no other call of theirs is disturbed.
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  sigaction(SIGURG, &action, &previous_action);
}

void nj_interrupt(nj_context *c, int severity) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install_handler);
  if (severity > atomic_load(&c->interrupt)) atomic_store(&c->interrupt, severity);
}

void nj_signal(nj_context *c) {
  int thread = atomic_load(&c->thread);
  if (thread != 0) syscall(SYS_tgkill, getpid(), thread, SIGURG);
}

void nj_starve(nj_context *c) { atomic_store(&c->starving, 1); }

nj_standing nj_stand(nj_context *c) {
  int asked = atomic_load(&c->interrupt);
  if (asked == NJ_RUN) return NJ_CALM;
  if (atomic_load(&c->thread) == 0) return NJ_OUTSIDE;
  if (asked == NJ_INSIST) return NJ_UNMET;
  if (atomic_load(&c->interrupting) >= asked) return NJ_MET;
  return atomic_load(&c->shield) != NULL ? NJ_SHIELDED : NJ_UNMET;
}

bool nj_is_inside(nj_context *c) { return atomic_load(&c->thread) != 0; }

int nj_interrupt_pending(nj_context *c) { return atomic_load(&c->interrupt); }

static bool outer_must_stop(nj_context *c) {
  for (nj_context *outer = c->outer; outer != NULL; outer = outer->outer)
    if (nj_stand(outer) == NJ_UNMET && atomic_load(&outer->interrupt) > c->interrupting) return true;
  return false;
}

nj_context *nj_context_here(void) { return nj_current; }

bool nj_must_stop(nj_context *c) {
  int asked = atomic_load(&c->interrupt);
  if (asked == NJ_INSIST) return true;
  if (asked > c->interrupting && !nj_is_shielded(c->running, c, 0)) return true;
  return __builtin_expect(c->outer != NULL, 0) && outer_must_stop(c);
}

void nj_clear_interrupt(nj_context *c) {
  atomic_store(&c->interrupt, NJ_RUN);
  atomic_store(&c->interrupting, NJ_RUN);
  atomic_store(&c->shield, NULL);
  atomic_store(&c->starving, 0);
  c->attention &= ~NJ_INTERRUPTING;
  c->yielded = false;
  c->unhooked = NULL;
}

// Once per thread. The worker threads of libdispatch, on which Swift's tasks run, block every signal.
void nj_prepare_thread(void) {
  sigset_t urgent;
  sigemptyset(&urgent);
  sigaddset(&urgent, SIGURG);
  pthread_sigmask(SIG_UNBLOCK, &urgent, NULL);
  nj_thread_id = (int)syscall(SYS_gettid);
}

void nj_move_context(nj_context *c) {
  c->last_thread = nj_thread_id;
  nj_hook_table.moved(c->owner);
}

// Who interrupts an interpreter interrupts what runs on its behalf too, such as a filter in an interpreter of its own. Called by the
// signal handler too.
void nj_inherit_interruption(nj_context *c) {
  for (nj_context *outer = c->outer; outer != NULL; outer = outer->outer) {
    int asked = atomic_load(&outer->interrupt);
    if (nj_stand(outer) != NJ_UNMET || asked <= atomic_load(&c->interrupt)) continue;
    c->inherited = true;
    atomic_store(&c->interrupt, asked);
  }
}

// Takes the signals that have been sent: every system call does on its way back.
static void take_signals(void) { syscall(SYS_getppid); }

// The thread knows now: from here on nobody wakes or signals it for this, and what was sent is taken.
void nj_meet_interruption(nj_context *c) {
  nj_hook_table.met(c->owner);
  atomic_store(&c->starving, 0);
  take_signals();
}

void nj_leave_interrupted(nj_context *c, nj_context *outer) {
  // Out of the outermost call: an interruption that was met has done its work.
  bool is_over = c->interrupting != NJ_RUN || c->inherited;
  c->inherited = false;
  if (is_over) c->was_interrupted = true;
  if (is_over || atomic_load(&c->interrupt) != NJ_RUN) {
    nj_hook_table.left(c->owner, is_over);
    take_signals();
  }
  // A signal for the outer interpreter may have come while the inner one ran.
  if (outer != NULL && outer->running != NULL) nj_arm(outer->running, outer);
}

void nj_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif
