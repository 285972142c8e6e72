#pragma once
#include <curl/curl.h>
#include <stdbool.h>

// libcurl's setters and getters are variadic, which Swift cannot call: one wrapper for each kind of argument.

static inline CURLcode autotune_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode autotune_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode autotune_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

typedef size_t (*autotune_curl_receive)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode autotune_curl_set_receive(CURL *easy, CURLoption option, autotune_curl_receive receive) {
    return curl_easy_setopt(easy, option, receive);
}

static inline CURLcode autotune_curl_get_time(CURL *easy, CURLINFO info, curl_off_t *microseconds) {
    return curl_easy_getinfo(easy, info, microseconds);
}

/// Allows http and https alone, through the option that the installed libcurl has for it.
static inline CURLcode autotune_curl_allow_http_only(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/// Lets go of a name look-up that is still under way when the transfer is cleaned up, where libcurl can (7.87).
static inline void autotune_curl_quick_exit(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
#endif
}

/// How the one transfer of `multi` ended; false while it has not.
static inline bool autotune_curl_take_result(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return true;
        }
    }
    return false;
}
