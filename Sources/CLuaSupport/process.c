// os.execute and io.popen: what Lua's own do, with the same results, except that
// - an interruption of the script ends the call and the child;
// - a stream that is collected, or left open when the interpreter closes, does not wait for a child that does not end;
// - the pipe of a stream is not inherited by children that other threads start meanwhile;
// - starting a child does not wait for streams that other threads are blocked in.
// And os.exit, which ends more than C knows of.
#define _GNU_SOURCE
#include "internal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// Seconds that a child has to end in by itself once its stream is closed,
static const double patience_interrupted = 0.05;  // when an interruption is on its way out (none if it only writes, to nobody),
static const double patience_reading = 0.1;       // when the interpreter closes and nobody will read what it writes,
static const double patience_writing = 5;         // and when it has been given all that it is to work on.

// Registry: the files that this interpreter has opened, weakly.
static const char files_key;

typedef struct child_stream {
  luaL_Stream stream;
  pid_t child;
  bool is_writing;
  int opened;  // the severity of an interruption on its way out when it was opened
} child_stream;

static int stop_waiting(lua_State *L) {
  nj_begin_interruption(L);
  return nj_raise_interruption(L);
}

// MARK: os.execute

static int execute(lua_State *L) {
  const char *command = luaL_optstring(L, 1, NULL);
  if (command == NULL) {
    lua_pushboolean(L, access("/bin/sh", X_OK) == 0);
    return 1;
  }
  nj_context *c = nj_context_of(L);
  pid_t child;
  int status = -1;
  if (nj_is_unmet(c) && nj_must_stop(c)) return stop_waiting(L);
  if (nj_start_shell(command, -1, -1, &child)) {
    if (nj_wait_child(c, child, &status)) {
      errno = 0;
    } else if (errno == EINTR) {
      nj_end_child(child);
      return stop_waiting(L);
    } else {
      status = -1;
    }
  }
  return luaL_execresult(L, status);
}

// MARK: Closing a stream

// Closes without raising SIGPIPE, which would end the program, where the child is gone before it has read everything.
static void close_quietly(FILE *file) {
  sigset_t pipe, before, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  fclose(file);
  struct timespec now = {0};
  if (!sigismember(&pending, SIGPIPE))
    while (sigtimedwait(&pipe, NULL, &now) < 0 && errno == EINTR) {}
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

// Closes the stream of a child that is given some time: what is still buffered must not wait for a reader longer than that.
static void close_until(child_stream *p, double end) {
  int descriptor = fileno(p->stream.f);
  struct pollfd room = {.fd = descriptor, .events = POLLOUT};
  double left = end - nj_now();
  if (p->is_writing && poll(&room, 1, left > 0 ? (int)(left * 1000) : 0) != 1)
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  close_quietly(p->stream.f);
}

static void end_within(child_stream *p, double seconds, int *status) {
  double end = nj_now() + seconds;
  close_until(p, end);
  if (nj_wait_child_until(p->child, end, status)) return;
  nj_end_child(p->child);
  *status = SIGTERM;
}

// The interpreter closes, and has a time for all its children together.
static void close_with_interpreter(nj_context *c, child_stream *p) {
  int status;
  if (c->was_interrupted) return end_within(p, p->is_writing ? patience_interrupted : 0, &status);
  double now = nj_now(), end = now + (p->is_writing ? patience_writing : patience_reading);
  if (c->close_end == 0) c->close_end = now + patience_writing;
  if (end > c->close_end) end = c->close_end;
  close_until(p, end);
  if (nj_wait_child_until(p->child, end, &status)) return;
  // What it was given it may still be working on.
  p->is_writing ? nj_forget_child(p->child) : nj_end_child(p->child);
}

static int close_child(lua_State *L) {
  child_stream *p = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  nj_context *c = nj_context_of(L);
  int status = -1;
  if (c->is_closing) {
    close_with_interpreter(c, p);
    return 0;
  }
  if (lua_gc(L, LUA_GCCOUNT) < 0) {
    // Collected: the child goes on as long as it likes.
    close_quietly(p->stream.f);
    nj_forget_child(p->child);
    return 0;
  }
  // What a __close handler starts on the way out it may wait for too.
  if (c->interrupting == p->opened && !(nj_is_unmet(c) && nj_must_stop(c))) {
    fclose(p->stream.f);
    if (nj_wait_child(c, p->child, &status)) {
      errno = 0;
      return luaL_execresult(L, status);
    }
    if (errno != EINTR) return luaL_execresult(L, -1);
    nj_end_child(p->child);
    return stop_waiting(L);
  }
  end_within(p, p->is_writing && c->interrupting != NJ_INSIST ? patience_interrupted : 0, &status);
  if (nj_is_unmet(c) && nj_must_stop(c)) return stop_waiting(L);
  errno = 0;
  return luaL_execresult(L, status);
}

// MARK: io.popen

static void flush_unless_busy(FILE *file) {
  if (ftrylockfile(file) != 0) return;
  fflush(file);
  funlockfile(file);
}

static void flush_stream(luaL_Stream *stream) {
  if (stream != NULL && stream->closef != NULL && stream->f != NULL) flush_unless_busy(stream->f);
}

// A child finds in files and streams what the script has written. Only files of this interpreter: to flush all of the program's would
// wait for those that other threads are blocked in.
static void flush_files(lua_State *L) {
  flush_unless_busy(stdout);
  flush_unless_busy(stderr);
  lua_getfield(L, LUA_REGISTRYINDEX, "_IO_output");
  flush_stream(luaL_testudata(L, -1, LUA_FILEHANDLE));
  lua_rawgetp(L, LUA_REGISTRYINDEX, &files_key);
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    lua_pop(L, 1);
    flush_stream(lua_touserdata(L, -1));
  }
  lua_pop(L, 2);
}

static void push_files(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &files_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_createtable(L, 0, 4);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "k");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &files_key);
}

static void note_file(lua_State *L, int index) {
  if (luaL_testudata(L, index, LUA_FILEHANDLE) == NULL) return;
  index = lua_absindex(L, index);
  push_files(L);
  lua_pushvalue(L, index);
  lua_pushboolean(L, 1);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

// io.open, io.tmpfile: the stock function, whose file is noted.
static int open_noted(lua_State *L) {
  int results = nj_call_stock(L);
  note_file(L, -results);
  return results;
}

static bool start(child_stream *p, const char *command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  int ours = p->is_writing, theirs = !ours;
  FILE *file = fdopen(ends[ours], p->is_writing ? "w" : "r");
  bool is_started = file != NULL
      && nj_start_shell(command, p->is_writing ? ends[theirs] : -1, p->is_writing ? -1 : ends[theirs], &p->child);
  int code = errno;
  close(ends[theirs]);
  if (is_started) {
    p->stream.f = file;
    p->stream.closef = close_child;
  } else if (file != NULL) {
    fclose(file);
  } else {
    close(ends[ours]);
  }
  errno = code;
  return is_started;
}

static int open_process(lua_State *L) {
  const char *command = luaL_checkstring(L, 1);
  const char *mode = luaL_optstring(L, 2, "r");
  luaL_argcheck(L, (mode[0] == 'r' || mode[0] == 'w') && mode[1] == '\0', 2, "invalid mode");
  child_stream *p = lua_newuserdatauv(L, sizeof *p, 0);
  *p = (child_stream){.stream = {NULL, NULL}, .is_writing = mode[0] == 'w', .opened = nj_context_of(L)->interrupting};
  luaL_setmetatable(L, LUA_FILEHANDLE);
  note_file(L, -1);
  flush_files(L);
  if (!start(p, command)) return luaL_fileresult(L, 0, command);
  return 1;
}

// MARK: The end of the process

// os.exit: as Lua's, but what the program keeps beside its interpreters, such as logs, ends in order first.
static int exit_process(lua_State *L) {
  int status = EXIT_SUCCESS;
  if (lua_isboolean(L, 1)) {
    if (!lua_toboolean(L, 1)) status = EXIT_FAILURE;
  } else {
    status = (int)luaL_optinteger(L, 1, EXIT_SUCCESS);
  }
  bool closes = lua_toboolean(L, 2);
  nj_context *c = nj_context_of(L);
  c->host++;
  nj_hook_table.exiting(c->owner, closes);
  c->host--;
  if (closes) lua_close(L);
  nj_hold_output(100);
  exit(status);
}

// MARK: Installing

static void replace(lua_State *L, const char *name, lua_CFunction function, bool wraps) {
  if (lua_getfield(L, -1, name) == LUA_TFUNCTION) {
    if (!wraps) lua_pop(L, 1);
    lua_pushcclosure(L, function, wraps);
    lua_setfield(L, -2, name);
  } else {
    lua_pop(L, 1);
  }
}

void nj_install_process_overrides(lua_State *L) {
  if (lua_getfield(L, -1, LUA_IOLIBNAME) == LUA_TTABLE) {
    replace(L, "popen", open_process, false);
    replace(L, "open", open_noted, true);
    replace(L, "tmpfile", open_noted, true);
  }
  lua_pop(L, 1);
  if (lua_getfield(L, -1, LUA_OSLIBNAME) == LUA_TTABLE) {
    replace(L, "execute", execute, false);
    replace(L, "exit", exit_process, false);
  }
  lua_pop(L, 1);
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif
