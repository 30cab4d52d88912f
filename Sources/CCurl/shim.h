// libcurl's variadic calls, one function for each type of argument: Swift cannot call variadic functions of C.
#pragma once

#include <curl/curl.h>
#include <dlfcn.h>

typedef size_t (*netviz_curl_bytes_function)(char *bytes, size_t size, size_t count, void *context);
typedef int (*netviz_curl_socket_function)(void *context, curl_socket_t socket, curlsocktype purpose);
typedef int (*netviz_curl_seek_function)(void *context, curl_off_t offset, int origin);

static inline CURLcode netviz_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode netviz_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

// libcurl copies the text.
static inline CURLcode netviz_curl_set_text(CURL *easy, CURLoption option, const char *text) {
    return curl_easy_setopt(easy, option, text);
}

// libcurl copies the bytes.
static inline CURLcode netviz_curl_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
    return curl_easy_setopt(easy, option, &blob);
}

// What is pointed to must outlive the handle.
static inline CURLcode netviz_curl_set_pointer(CURL *easy, CURLoption option, void *pointer) {
    return curl_easy_setopt(easy, option, pointer);
}

static inline CURLcode netviz_curl_set_bytes_function(
    CURL *easy, CURLoption option, netviz_curl_bytes_function function
) {
    return curl_easy_setopt(easy, option, function);
}

static inline CURLcode netviz_curl_set_seek_function(CURL *easy, netviz_curl_seek_function function) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, function);
}

static inline CURLcode netviz_curl_set_socket_function(CURL *easy, netviz_curl_socket_function function) {
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, function);
}

// The value stays 0 where libcurl does not know it.
static inline long netviz_curl_long(CURL *easy, CURLINFO info) {
    long value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

static inline curl_off_t netviz_curl_offset(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

static inline curl_socket_t netviz_curl_active_socket(CURL *easy) {
    curl_socket_t value = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &value);
    return value;
}

static inline void *netviz_curl_private(CURL *easy) {
    char *value = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value);
    return value;
}

static inline CURLSHcode netviz_curl_share_connections(CURLSH *share) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
}

// Whether the peer ended TLS with close_notify (RFC 8446 6.1) on the connection that curl_easy_recv was last called for:
// 1 or 0, and -1 where that is not known. libcurl itself takes the end of the TCP stream for one (7.88 with OpenSSL 3).
static inline int netviz_curl_received_close_notify(CURL *easy) {
    struct curl_tlssessioninfo *session = NULL;
    if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session || !session->internals
        || session->backend != CURLSSLBACKEND_OPENSSL) {
        return -1;
    }
    // libcurl's own OpenSSL, which this program is not linked with.
    static int (*get_shutdown)(const void *);
    if (!get_shutdown) {
        void *program = dlopen(NULL, RTLD_LAZY);
        if (program) {
            *(void **)&get_shutdown = dlsym(program, "SSL_get_shutdown");
            dlclose(program);
        }
    }
    const int received_shutdown = 2;  // SSL_RECEIVED_SHUTDOWN
    return get_shutdown ? (get_shutdown(session->internals) & received_shutdown) != 0 : -1;
}

// The next transfer that ended, and how; NULL when there is none.
static inline CURL *netviz_curl_next_finished(CURLM *multi, CURLcode *result) {
    int left;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}
