// Child processes of scripts: they are started without inheriting pipes that are not theirs, and no one waits for them longer than
// the script lives. A child that is ended leaves no zombie, and nothing that it started is left running.
#define _GNU_SOURCE
#include "internal.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static const double patience = 1;  // seconds from SIGTERM to SIGKILL

double nj_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void pause_briefly(void) {
  struct timespec time = {.tv_nsec = 1000000};
  nanosleep(&time, NULL);
}

// MARK: Starting

bool nj_start_shell(const char *command, int input, int output, pid_t *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  // A thread of the program may block signals that the child has to hear.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  char *const words[] = {"sh", "-c", (char *)command, NULL};
  int code = posix_spawn(child, "/bin/sh", &actions, &attributes, words, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  errno = code;
  return code == 0;
}

// MARK: Waiting

bool nj_wait_child(nj_context *c, pid_t child, int *status) {
  // The signal of an interruption ends the call; it comes again and again until the script has met it.
  while (waitpid(child, status, 0) < 0)
    if (errno != EINTR || nj_must_stop(c)) return false;
  return true;
}

bool nj_wait_child_until(pid_t child, double end, int *status) {
  while (true) {
    pid_t ended = waitpid(child, status, WNOHANG);
    // Where somebody else has waited for it, there is nothing to wait for.
    if (ended == child || (ended < 0 && errno != EINTR)) return true;
    if (nj_now() >= end) return false;
    pause_briefly();
  }
}

// MARK: Ending

enum { FAMILY_LIMIT = 256 };
typedef struct family {
  pid_t members[FAMILY_LIMIT];
  int count;
} family;

// Adds what one thread of a process has started, as the kernel lists it; nothing where the kernel does not.
static void add_children_of_thread(family *f, pid_t process, const char *thread) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", (int)process, thread);
  FILE *list = fopen(path, "re");
  if (list == NULL) return;
  int member;
  while (f->count < FAMILY_LIMIT && fscanf(list, "%d", &member) == 1) f->members[f->count++] = member;
  fclose(list);
}

static void add_children(family *f, pid_t process) {
  char path[32];
  snprintf(path, sizeof path, "/proc/%d/task", (int)process);
  DIR *threads = opendir(path);
  if (threads == NULL) return;
  for (struct dirent *entry; (entry = readdir(threads)) != NULL;)
    if (entry->d_name[0] != '.') add_children_of_thread(f, process, entry->d_name);
  closedir(threads);
}

// Signals a child and all that descends from it: a shell does not hand a signal on to the command that it waits for. A process
// group of its own would take the child away from the terminal and from signals meant for all.
static void signal_family(pid_t child, int number) {
  family f = {.members = {child}, .count = 1};
  for (int i = 0; i < f.count; i++) add_children(&f, f.members[i]);
  for (int i = 0; i < f.count; i++) kill(f.members[i], number);
}

typedef struct abandoned {
  pid_t child;
  bool is_doomed;  // to be killed when its time is over
  struct abandoned *next;
} abandoned;

static pthread_mutex_t abandoned_lock = PTHREAD_MUTEX_INITIALIZER;
static abandoned *all_abandoned;

// Where the program ends first, those that were to be killed are killed now.
__attribute__((destructor)) static void kill_doomed(void) {
  pthread_mutex_lock(&abandoned_lock);
  for (abandoned *a = all_abandoned; a != NULL; a = a->next)
    if (a->is_doomed) signal_family(a->child, SIGKILL);
  pthread_mutex_unlock(&abandoned_lock);
}

static void strike_off(abandoned *a) {
  pthread_mutex_lock(&abandoned_lock);
  for (abandoned **link = &all_abandoned; *link != NULL; link = &(*link)->next) {
    if (*link != a) continue;
    *link = a->next;
    break;
  }
  pthread_mutex_unlock(&abandoned_lock);
  free(a);
}

static void *reap(void *data) {
  abandoned *a = data;
  nj_name_thread("nightjar-reaper");
  int status;
  if (!a->is_doomed || !nj_wait_child_until(a->child, nj_now() + patience, &status)) {
    if (a->is_doomed) signal_family(a->child, SIGKILL);
    while (waitpid(a->child, &status, 0) < 0 && errno == EINTR) {}
  }
  strike_off(a);
  return NULL;
}

static bool start_reaper(abandoned *a) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN + (64 << 10));
  // Signals of the application are for its own threads.
  sigset_t all, previous;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  int code = pthread_create(&thread, &attributes, reap, a);
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
  pthread_attr_destroy(&attributes);
  return code == 0;
}

static void abandon(pid_t child, bool is_doomed) {
  abandoned *a = malloc(sizeof *a);
  if (a != NULL) {
    pthread_mutex_lock(&abandoned_lock);
    *a = (abandoned){child, is_doomed, all_abandoned};
    all_abandoned = a;
    pthread_mutex_unlock(&abandoned_lock);
    if (start_reaper(a)) return;
    strike_off(a);
  }
  // Without a thread for it, the end cannot be waited for.
  if (!is_doomed) return;
  int status;
  signal_family(child, SIGKILL);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
}

void nj_end_child(pid_t child) {
  int status;
  signal_family(child, SIGTERM);
  // Most are gone at once.
  if (!nj_wait_child_until(child, nj_now() + 0.01, &status)) abandon(child, true);
}

void nj_forget_child(pid_t child) {
  int status;
  if (!nj_wait_child_until(child, 0, &status)) abandon(child, false);
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif
