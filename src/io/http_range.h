/* http_range.h - what http_download() asks of http.c besides the public interface. */
#pragma once
#include "io/http.h"

typedef struct HttpRange {
	uint64_t from;         /* 0: the whole body */
	const char *validator; /* If-Range: a strong ETag or a date */
} HttpRange;

Result http_open_range(Http *h, const HttpRequest *r, const HttpRange *range, Arena *a,
		       HttpReply *out, Source **body);
/* The URL of a body http_open_range() gave, fit for a message. */
const char *http_source_label(const Source *body);
