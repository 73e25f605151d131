// libcurl, loaded when it is first used: linking it would cost every start of a program 4 ms and the loading of some thirty
// libraries, for what most programs never do. Only its headers are needed to build.
//
// Variadic functions of libcurl, which Swift cannot call, have one typed function here for each kind of value.
#ifndef NIGHTJAR_CCURL_H
#define NIGHTJAR_CCURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

// Loads the library and starts it up, once for all threads. NULL, or what is wrong, for ever valid.
const char *nj_curl_load(void);

// All below need a successful nj_curl_load before them. A handle is used by one thread at a time.
CURL *nj_curl_make(void);
void nj_curl_reset(CURL *curl);
void nj_curl_free(CURL *curl);
CURLcode nj_curl_set_number(CURL *curl, CURLoption option, long value);
// Copies the text.
CURLcode nj_curl_set_text(CURL *curl, CURLoption option, const char *value);
CURLcode nj_curl_set_list(CURL *curl, CURLoption option, const struct curl_slist *list);
long nj_curl_response_code(CURL *curl);
const char *nj_curl_error_text(CURLcode code);

// Gives the longer list; on lack of memory NULL, and the list stays as it was.
struct curl_slist *nj_curl_list_append(struct curl_slist *list, const char *text);
void nj_curl_list_free(struct curl_slist *list);

// Bytes to send. Must stay where they are until the transfer has ended.
typedef struct {
    const unsigned char *bytes;
    size_t count;
    size_t place;
} nj_curl_source;

// The start of what came back; the rest is read and dropped.
typedef struct {
    unsigned char bytes[4096];
    size_t count;
} nj_curl_reply;

// What is sent as the body of a POST request.
CURLcode nj_curl_set_body(CURL *curl, const nj_curl_source *source);
// What is uploaded.
CURLcode nj_curl_set_upload(CURL *curl, nj_curl_source *source);
CURLcode nj_curl_set_reply(CURL *curl, nj_curl_reply *reply);
// Closes sockets in programs that are started.
CURLcode nj_curl_keep_sockets(CURL *curl);
// `text` has room for CURL_ERROR_SIZE bytes.
CURLcode nj_curl_set_error_buffer(CURL *curl, char *text);

// The connections, kept from one transfer to the next, and the way to wake a transfer up.
CURLM *nj_curl_multi_make(void);
void nj_curl_multi_free(CURLM *multi);
// The one function that another thread may call during a transfer.
void nj_curl_multi_wake(CURLM *multi);
// Runs one transfer to its end, or until `stopped`, asked after each waking, is true: CURLE_ABORTED_BY_CALLBACK.
CURLcode nj_curl_run(CURLM *multi, CURL *curl, bool (*stopped)(void *context), void *context);

#endif
