#include "CCurl.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

// The functions of libcurl that are used, with the types that its headers declare.
#define FUNCTIONS(X)         \
    X(curl_global_init)      \
    X(curl_easy_init)        \
    X(curl_easy_reset)       \
    X(curl_easy_cleanup)     \
    X(curl_easy_setopt)      \
    X(curl_easy_getinfo)     \
    X(curl_easy_strerror)    \
    X(curl_slist_append)     \
    X(curl_slist_free_all)   \
    X(curl_multi_init)       \
    X(curl_multi_cleanup)    \
    X(curl_multi_add_handle) \
    X(curl_multi_remove_handle) \
    X(curl_multi_perform)    \
    X(curl_multi_info_read)  \
    X(curl_multi_poll)       \
    X(curl_multi_wakeup)

// Headers for type checkers wrap these two in macros.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#define POINTER(name) static __typeof__(&name) p_##name;
FUNCTIONS(POINTER)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char problem[256];

static bool find_all(void *library) {
#define FIND(name)                                                                            \
    if (!(p_##name = (__typeof__(&name))dlsym(library, #name))) {                             \
        snprintf(problem, sizeof problem, "libcurl is too old: it has no function %s", #name); \
        return false;                                                                         \
    }
    FUNCTIONS(FIND)
    return true;
}

static void load(void) {
    // One with GnuTLS has the same functions under its own name.
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(problem, sizeof problem, "libcurl cannot be loaded (Debian's package libcurl4 has it): %s", dlerror());
        return;
    }
    if (!find_all(library)) return;
    if (p_curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) snprintf(problem, sizeof problem, "libcurl does not start up");
}

const char *nj_curl_load(void) {
    pthread_once(&once, load);
    return problem[0] ? problem : NULL;
}

CURL *nj_curl_make(void) { return p_curl_easy_init(); }
void nj_curl_reset(CURL *curl) { p_curl_easy_reset(curl); }
void nj_curl_free(CURL *curl) { p_curl_easy_cleanup(curl); }

CURLcode nj_curl_set_number(CURL *curl, CURLoption option, long value) { return p_curl_easy_setopt(curl, option, value); }

CURLcode nj_curl_set_text(CURL *curl, CURLoption option, const char *value) {
    return p_curl_easy_setopt(curl, option, value);
}

CURLcode nj_curl_set_list(CURL *curl, CURLoption option, const struct curl_slist *list) {
    return p_curl_easy_setopt(curl, option, list);
}

long nj_curl_response_code(CURL *curl) {
    long code = 0;
    p_curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

const char *nj_curl_error_text(CURLcode code) { return p_curl_easy_strerror(code); }

struct curl_slist *nj_curl_list_append(struct curl_slist *list, const char *text) { return p_curl_slist_append(list, text); }
void nj_curl_list_free(struct curl_slist *list) { p_curl_slist_free_all(list); }

static size_t give(char *buffer, size_t size, size_t count, void *context) {
    nj_curl_source *source = context;
    size_t rest = source->count - source->place, room = size * count;
    size_t given = rest < room ? rest : room;
    memcpy(buffer, source->bytes + source->place, given);
    source->place += given;
    return given;
}

// A connection that turns out to be dead is replaced, and what was given to it is asked for again.
static int go_back(void *context, curl_off_t offset, int origin) {
    nj_curl_source *source = context;
    if (origin != SEEK_SET || offset < 0 || (size_t)offset > source->count) return CURL_SEEKFUNC_CANTSEEK;
    source->place = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

static size_t take(char *bytes, size_t size, size_t count, void *context) {
    nj_curl_reply *reply = context;
    size_t room = sizeof reply->bytes - reply->count, given = size * count;
    size_t taken = given < room ? given : room;
    memcpy(reply->bytes + reply->count, bytes, taken);
    reply->count += taken;
    return given;
}

#define TRY(call)                              \
    do {                                       \
        CURLcode code_ = (call);               \
        if (code_ != CURLE_OK) return code_;   \
    } while (0)

CURLcode nj_curl_set_body(CURL *curl, const nj_curl_source *source) {
    TRY(p_curl_easy_setopt(curl, CURLOPT_POST, 1L));
    TRY(p_curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)source->count));
    return p_curl_easy_setopt(curl, CURLOPT_POSTFIELDS, source->bytes);
}

CURLcode nj_curl_set_upload(CURL *curl, nj_curl_source *source) {
    TRY(p_curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L));
    TRY(p_curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)source->count));
    TRY(p_curl_easy_setopt(curl, CURLOPT_READFUNCTION, give));
    TRY(p_curl_easy_setopt(curl, CURLOPT_READDATA, source));
    TRY(p_curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, go_back));
    return p_curl_easy_setopt(curl, CURLOPT_SEEKDATA, source);
}

CURLcode nj_curl_set_reply(CURL *curl, nj_curl_reply *reply) {
    TRY(p_curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take));
    return p_curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
}

// Programs that are started meanwhile do not get the connection.
static int keep(void *context, curl_socket_t socket, curlsocktype purpose) {
    (void)context;
    (void)purpose;
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    return CURL_SOCKOPT_OK;
}

CURLcode nj_curl_keep_sockets(CURL *curl) { return p_curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, keep); }

CURLcode nj_curl_set_error_buffer(CURL *curl, char *text) { return p_curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, text); }

CURLM *nj_curl_multi_make(void) { return p_curl_multi_init(); }
void nj_curl_multi_free(CURLM *multi) { p_curl_multi_cleanup(multi); }
void nj_curl_multi_wake(CURLM *multi) { p_curl_multi_wakeup(multi); }

static bool is_done(CURLM *multi, CURLcode *result) {
    int left;
    CURLMsg *message;
    while ((message = p_curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return true;
        }
    }
    return false;
}

static CURLcode run(CURLM *multi, bool (*stopped)(void *), void *context) {
    while (true) {
        if (stopped(context)) return CURLE_ABORTED_BY_CALLBACK;
        int running = 0;
        CURLcode result = CURLE_OK;
        if (p_curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
        if (is_done(multi, &result)) return result;
        // The library shortens the wait to its own next timeout.
        if (p_curl_multi_poll(multi, NULL, 0, 60000, NULL) != CURLM_OK) return CURLE_FAILED_INIT;
    }
}

// A peer that closes its end must not end the program: TLS libraries write without saying so. CURLOPT_NOSIGNAL leaves this to us.
CURLcode nj_curl_run(CURLM *multi, CURL *curl, bool (*stopped)(void *), void *context) {
    sigset_t pipe, before, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    CURLcode result = CURLE_FAILED_INIT;
    if (p_curl_multi_add_handle(multi, curl) == CURLM_OK) {
        result = run(multi, stopped, context);
        p_curl_multi_remove_handle(multi, curl);
    }
    if (!sigismember(&pending, SIGPIPE)) {
        struct timespec none = {0, 0};
        while (sigtimedwait(&pipe, NULL, &none) == SIGPIPE) {}
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}
