#include "CLuaSupport.h"
#include "internal.h"
#include <stdlib.h>
#include <string.h>

// Lua gives the text of a warning in pieces. Whole, it goes to Swift; `@on` and `@off` alone are for us, as in lua.c.

static void control(nj_context *c, const char *text) {
  if (strcmp(text, "@on") == 0) c->warnings = NJ_WARNINGS_ON;
  if (strcmp(text, "@off") == 0) c->warnings = NJ_WARNINGS_OFF;
}

static void deliver(nj_context *c, const char *text, size_t size) {
  c->host++;
  nj_hook_table.warning(c->running, text, size, c->warnings);
  c->host--;
}

static void warned(void *context, const char *piece, int continues) {
  nj_context *c = context;
  size_t size = strlen(piece);
  if (c->warning == NULL && !continues) {
    if (*piece == '@') return control(c, piece);
    return deliver(c, piece, size);
  }
  char *text = realloc(c->warning, c->warning_size + size + 1);
  if (text != NULL) {  // a piece that there is no memory for is missing from the text
    memcpy(text + c->warning_size, piece, size + 1);
    c->warning = text;
    c->warning_size += size;
  }
  if (continues || c->warning == NULL) return;
  text = c->warning;
  size = c->warning_size;
  c->warning = NULL;
  c->warning_size = 0;
  deliver(c, text, size);
  free(text);
}

void nj_prepare_warnings(nj_context *c) { lua_setwarnf(c->main, warned, c); }

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif
