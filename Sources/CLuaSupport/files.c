// Open files of scripts that others write to, from any thread. The file stays the script's: it may close it at any time, and the end of
// its interpreter does; whoever writes then is told. That is why the function that closes it is replaced by one that says so first.
#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct nj_file {
  pthread_mutex_t lock;
  FILE *file;            // NULL once closed; changed under `lock`
  bool may_break;        // a pipe or socket, whose reader may be gone
  lua_CFunction close;   // Lua's own
  const void *stream;    // the userdata
  int references;        // under `files_lock`; the list has one
  struct nj_file *next;
};

static pthread_mutex_t files_lock = PTHREAD_MUTEX_INITIALIZER;
static nj_file *files;  // those that are open

static void drop_locked(nj_file *f) {
  if (--f->references > 0) return;
  pthread_mutex_destroy(&f->lock);
  free(f);
}

void nj_release_file(nj_file *f) {
  pthread_mutex_lock(&files_lock);
  drop_locked(f);
  pthread_mutex_unlock(&files_lock);
}

static nj_file *take_out(const void *stream) {
  nj_file *found = NULL;
  pthread_mutex_lock(&files_lock);
  for (nj_file **place = &files; *place != NULL; place = &(*place)->next) {
    if ((*place)->stream != stream) continue;
    found = *place;
    *place = found->next;
    break;
  }
  pthread_mutex_unlock(&files_lock);
  return found;
}

// In the place of Lua's own function. Waits for who is writing just now; from then on nobody does.
static int close_file(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  nj_file *f = take_out(stream);
  if (f == NULL) return 0;
  lua_CFunction close = f->close;
  pthread_mutex_lock(&f->lock);
  f->file = NULL;
  pthread_mutex_unlock(&f->lock);
  nj_release_file(f);
  return close(L);
}

static nj_file *make(luaL_Stream *stream) {
  nj_file *f = calloc(1, sizeof *f);
  if (f == NULL) abort();
  pthread_mutex_init(&f->lock, NULL);
  f->stream = stream;
  f->references = 1;
  if (stream->closef == NULL) return f;
  struct stat status;
  f->file = stream->f;
  f->may_break = fstat(fileno(f->file), &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
  f->close = stream->closef;
  return f;
}

nj_file *nj_share_file(lua_State *L, int index) {
  luaL_Stream *stream = luaL_testudata(L, index, LUA_FILEHANDLE);
  if (stream == NULL) return NULL;
  pthread_mutex_lock(&files_lock);
  nj_file *f = files;
  while (f != NULL && f->stream != stream) f = f->next;
  if (f != NULL) {
    f->references++;
  } else {
    f = make(stream);
    // Those of the process are never closed.
    if (f->file != NULL && f->file != stdin && f->file != stdout && f->file != stderr) {
      f->references++;
      f->next = files;
      files = f;
      stream->closef = close_file;
    }
  }
  pthread_mutex_unlock(&files_lock);
  return f;
}

int nj_standard_stream(lua_State *L, int index) {
  luaL_Stream *stream = luaL_testudata(L, index, LUA_FILEHANDLE);
  if (stream == NULL || stream->closef == NULL) return 0;
  return stream->f == stdout ? 1 : stream->f == stderr ? 2 : 0;
}

// A reader that is gone is an error, not the end of the program.
static void hold_broken_pipe(sigset_t *pipe, sigset_t *old, bool *was_pending) {
  sigset_t pending;
  sigemptyset(pipe);
  sigaddset(pipe, SIGPIPE);
  sigpending(&pending);
  *was_pending = sigismember(&pending, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, pipe, old);
}

static void let_broken_pipe_go(sigset_t *pipe, sigset_t *old, bool was_pending) {
  struct timespec none = {0};
  if (!was_pending)
    while (sigtimedwait(pipe, NULL, &none) < 0 && errno == EINTR) {}
  pthread_sigmask(SIG_SETMASK, old, NULL);
}

static int write_open(FILE *file, const void *bytes, size_t count) {
  errno = 0;
  if (fwrite(bytes, 1, count, file) == count && fflush(file) == 0) return 0;
  int code = errno != 0 ? errno : EIO;
  clearerr(file);
  return code;
}

int nj_write_file(nj_file *f, const void *bytes, size_t count) {
  int result = NJ_FILE_CLOSED;
  pthread_mutex_lock(&f->lock);
  if (f->file != NULL && f->may_break) {
    sigset_t pipe, old;
    bool was_pending;
    hold_broken_pipe(&pipe, &old, &was_pending);
    result = write_open(f->file, bytes, count);
    let_broken_pipe_go(&pipe, &old, was_pending);
  } else if (f->file != NULL) {
    result = write_open(f->file, bytes, count);
  }
  pthread_mutex_unlock(&f->lock);
  return result;
}

bool nj_file_is_terminal(nj_file *f) {
  pthread_mutex_lock(&f->lock);
  bool result = f->file != NULL && isatty(fileno(f->file)) == 1;
  pthread_mutex_unlock(&f->lock);
  return result;
}

bool nj_file_is_open(nj_file *f) {
  pthread_mutex_lock(&f->lock);
  bool result = f->file != NULL;
  pthread_mutex_unlock(&f->lock);
  return result;
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif
