#ifndef HEADWATER_CCURL_SHIM_H
#define HEADWATER_CCURL_SHIM_H

#include <curl/curl.h>

// libcurl's option calls take variable arguments, which Swift cannot call: one face for each type of argument.

static inline CURLcode headwater_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode headwater_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode headwater_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode headwater_curl_set_writer(CURL *handle, curl_write_callback writer, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, writer);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_WRITEDATA, context) : code;
}

static inline CURLcode headwater_curl_set_head_writer(CURL *handle, curl_write_callback writer, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, writer);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_HEADERDATA, context) : code;
}

static inline CURLcode headwater_curl_set_opener(CURL *handle, curl_opensocket_callback opener, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, opener);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context) : code;
}

/// Has the listener told what goes over the wire.
static inline CURLcode headwater_curl_set_listener(CURL *handle, curl_debug_callback listener, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, listener);
  if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_DEBUGDATA, context);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L) : code;
}

static inline CURLMcode headwater_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

static inline long headwater_curl_response_code(CURL *handle) {
  long code = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

/// Bytes of the body that came over the wire so far.
static inline curl_off_t headwater_curl_downloaded(CURL *handle) {
  curl_off_t size = 0;
  curl_easy_getinfo(handle, CURLINFO_SIZE_DOWNLOAD_T, &size);
  return size;
}

/// How many bytes the server says the body has; -1 where it does not say.
static inline curl_off_t headwater_curl_announced(CURL *handle) {
  curl_off_t size = -1;
  curl_easy_getinfo(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
  return size;
}

/// A text; null where there is none. Valid until the handle is used again.
static inline const char *headwater_curl_text(CURL *handle, CURLINFO info) {
  char *text = NULL;
  curl_easy_getinfo(handle, info, &text);
  return text;
}

#endif
