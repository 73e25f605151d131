// What a thread with a Lua interpreter costs a host in plain C, to compare with `threading.Thread`.
//
//   c-threads start COUNT BURST   microseconds from pthread_create to pthread_join, for each of COUNT threads that open an
//                                 interpreter with all libraries, run an empty chunk and close it; BURST are started before
//                                 the first is joined
//   c-threads waiting COUNT       KiB of resident memory that each of COUNT such threads takes while all wait
#define _GNU_SOURCE
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER, gate = PTHREAD_COND_INITIALIZER;
static int waiting;
static bool is_open = true;

static void wait_at_gate(void) {
  pthread_mutex_lock(&mutex);
  waiting++;
  pthread_cond_signal(&opened);
  while (!is_open) pthread_cond_wait(&gate, &mutex);
  pthread_mutex_unlock(&mutex);
}

static void *run(void *waits) {
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  luaL_loadstring(L, "");
  lua_pcall(L, 0, 0, 0);
  if (waits) wait_at_gate();
  lua_close(L);
  return NULL;
}

static pthread_t start(void *waits) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1 << 20);
  if (pthread_create(&thread, &attributes, run, waits) != 0) exit((perror("pthread_create"), 1));
  pthread_attr_destroy(&attributes);
  return thread;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static long resident_pages(void) {
  long total, resident;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%ld %ld", &total, &resident) != 2) exit(1);
  fclose(file);
  return resident;
}

static void measure_start(int count, int burst) {
  pthread_t *threads = calloc(burst, sizeof *threads);
  double begin = now();
  for (int done = 0; done < count; done += burst) {
    for (int i = 0; i < burst; i++) threads[i] = start(NULL);
    for (int i = 0; i < burst; i++) pthread_join(threads[i], NULL);
  }
  printf("%.2f\n", (now() - begin) / count);
}

static void measure_waiting(int count) {
  pthread_t *threads = calloc(count, sizeof *threads);
  long before = resident_pages();
  is_open = false;
  for (int i = 0; i < count; i++) threads[i] = start(threads);
  pthread_mutex_lock(&mutex);
  while (waiting < count) pthread_cond_wait(&opened, &mutex);
  printf("%.2f\n", (double)(resident_pages() - before) * sysconf(_SC_PAGESIZE) / 1024 / count);
  is_open = true;
  pthread_cond_broadcast(&gate);
  pthread_mutex_unlock(&mutex);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

int main(int count, char **words) {
  if (count == 4 && strcmp(words[1], "start") == 0) return measure_start(atoi(words[2]), atoi(words[3])), 0;
  if (count == 3 && strcmp(words[1], "waiting") == 0) return measure_waiting(atoi(words[2])), 0;
  fputs("usage: c-threads start COUNT BURST | waiting COUNT\n", stderr);
  return 2;
}
