/* image_history.c - reads an image for its history and the sizes of its layers alone. */
#include "flow/image_history.h"

#include "base/limits.h"
#include "dockerfile/rebuild.h"
#include "image/target.h"
#include "report/history.h"

static Sieve *pick_nothing(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx, (void)a, (void)f;
	return NULL;
}

static Err *rebuild(void *ctx, const Image *image, Arena *a, Str *answer)
{
	const HistoryRequest *r = ctx;
	Rebuilt history;
	Buf b = buf_in(a, LIMIT_WORKER_REPLY_BYTES);
	if (!image->settings.known)
		FAIL(ERR_USAGE, "a root file system has no history; name an image");
	TRY(dockerfile_rebuild(image, a, &history));
	if (r->json)
		history_write_json(image, &history, &b);
	else
		buf_add(&b, history.text);
	return buf_done(&b, "the history", answer);
}

static void say_layer(void *ctx, Str layer, uint64_t done, uint64_t total)
{
	progress_say(ctx, layer, done, total);
}

Result image_history(const HistoryRequest *r, Arena *a, Str *out)
{
	static const Selector nothing = {.pick = pick_nothing};
	const ImageRequest ask = {
		.target = r->target,
		.platform = r->platform,
		.allow_unsandboxed = r->allow_unsandboxed,
		.in_place = true,
		.selector = &nothing,
		.then = rebuild,
		.then_ctx = (void *)(uintptr_t)r,
		.progress = say_layer,
		.progress_ctx = (void *)(uintptr_t)&r->progress,
	};
	ImageAnswer got = {0};
	TRY_IN(image_read(&ask, a, &got), STR_FMT, STR_ARG(r->target));
	*out = got.answer;
	return OK;
}
