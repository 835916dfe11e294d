/* curl_lib.h - libcurl's functions, found at run time; only http*.c include this.
 *
 * The prototypes are those of curl/curl.h, so a change of libcurl's interface is a
 * compile error here. Loading twice is cheap: the loader counts. */
#pragma once
#include <curl/curl.h>

#include "base/err.h"

#define CURL_LIB_FUNCTIONS(X)       \
	X(curl_easy_cleanup)        \
	X(curl_easy_getinfo)        \
	X(curl_easy_header)         \
	X(curl_easy_init)           \
	X(curl_easy_pause)          \
	X(curl_easy_setopt)         \
	X(curl_easy_strerror)       \
	X(curl_free)                \
	X(curl_multi_add_handle)    \
	X(curl_multi_cleanup)       \
	X(curl_multi_info_read)     \
	X(curl_multi_init)          \
	X(curl_multi_perform)       \
	X(curl_multi_poll)          \
	X(curl_multi_remove_handle) \
	X(curl_slist_append)        \
	X(curl_slist_free_all)      \
	X(curl_url)                 \
	X(curl_url_cleanup)         \
	X(curl_url_get)             \
	X(curl_url_set)

#undef curl_easy_setopt /* the type-checking macros of curl.h: we want the functions */
#undef curl_easy_getinfo

typedef struct CurlLib {
#define FIELD(f) __typeof__(f) *f;
	CURL_LIB_FUNCTIONS(FIELD)
#undef FIELD
} CurlLib;

/* ERR_SYS, saying which package to install, when it is not there or too old. */
Result curl_lib_load(CurlLib *out);
