// libcurl's variadic calls, one function for each type of argument: Swift cannot call variadic functions of C.
#pragma once

#include <curl/curl.h>

typedef size_t (*netviz_curl_bytes_function)(char *bytes, size_t size, size_t count, void *context);
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
