/* reader.c - plan, layers, tree, files: the same four steps for every way to an image. */
#include "image/reader.h"

#include <errno.h>
#include <unistd.h>

#include "base/buf.h"
#include "image/capture.h"

enum { LENGTH_BYTES = 4, MAGIC_BYTES = 4 };

/* ---- the way back ---- */

static Result send_answer(const Reader *r, Str answer)
{
	Buf b = buf_in(r->arena, 4096);
	if (r->reread != 0)
		buf_fmt(&b, "%u layer%s read twice for files wanted under another name", r->reread,
			r->reread == 1 ? "" : "s");
	Str remark = buf_str(&b);
	char head[LENGTH_BYTES] = {(char)(remark.n & 0xff), (char)(remark.n >> 8 & 0xff), 0, 0};
	TRY(worker_answer(r->reply, (Str){head, sizeof head}));
	TRY(worker_answer(r->reply, remark));
	return worker_answer(r->reply, answer);
}

Result reader_answer(Str bytes, Str *answer, Str *remark)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	size_t n = bytes.n >= LENGTH_BYTES ? p[0] | (size_t)p[1] << 8 : 0;
	if (bytes.n < LENGTH_BYTES || n > bytes.n - LENGTH_BYTES)
		FAIL(ERR_BUG, "the worker's answer is cut short");
	bytes = str_skip(bytes, LENGTH_BYTES);
	*remark = str_first(bytes, n);
	*answer = str_skip(bytes, n);
	return OK;
}

static void send_progress(void *ctx, unsigned layers_done, uint64_t done, uint64_t total)
{
	const Reader *r = ctx;
	char text[96];
	int n = snprintf(text, sizeof text, "%llu %llu %u %zu", (unsigned long long)done,
			 (unsigned long long)total, layers_done, r->layers);
	err_free(worker_progress(r->reply, (Str){text, (size_t)n}));
}

void reader_progress(void *request, Str message)
{
	const ImageRequest *r = request;
	Str word[4] = {{0}};
	uint64_t done, total, layer, layers;
	char text[48];
	for (size_t i = 0; i < 4; i++)
		str_cut(&message, ' ', &word[i]);
	if (r->progress == NULL || !str_u64(word[0], &done) || !str_u64(word[1], &total) ||
	    !str_u64(word[2], &layer) || !str_u64(word[3], &layers))
		return;
	layer += layer < layers; /* the one after those that are done */
	int n = layers != 0 ? snprintf(text, sizeof text, "layer %llu of %llu",
				       (unsigned long long)layer, (unsigned long long)layers)
			    : snprintf(text, sizeof text, "reading");
	r->progress(r->progress_ctx, (Str){text, (size_t)n}, done, total);
}

/* ---- the four steps ---- */

typedef struct ReadAgain {
	Reader *reader;
	const LayersJob *job;
} ReadAgain;

static Result read_again(void *ctx, LayerAgain *layers, size_t n)
{
	ReadAgain *s = ctx;
	s->reader->reread += (uint32_t)n;
	return layers_reread(s->job, layers, n);
}

static void describe(const Reader *r, const ImagePlan *plan, LayerIndex **layers, Image *out)
{
	*out = (Image){.target = r->request->target,
		       .reference = plan->reference,
		       .id = plan->id,
		       .digest = plan->digest,
		       .os = plan->platform.os,
		       .arch = plan->platform.arch,
		       .variant = plan->platform.variant,
		       .road = str_of(r->road),
		       .settings = plan->settings,
		       .vouched = plan->vouched};
	for (size_t i = 0; i < plan->layers.n; i++) {
		const PlanLayer *l = &plan->layers.at[i];
		vec_push(r->arena, &out->layers,
			 (Layer){.digest = l->digest,
				 .diff_id = l->diff_id,
				 .size = layers[i]->bytes,
				 .created_by = l->created_by});
	}
}

/* A root file system is one directory to us, and no layer to the reader of a report. */
static void forget_layers(Image *image)
{
	image->layers.n = 0;
	for (size_t i = 0; i < image->files.files.n; i++)
		image->files.files.at[i].layer = LAYER_NONE;
}

static Result finish(Reader *r, const LayersJob *job, LayerIndex **layers)
{
	Image image;
	Tree tree;
	Str answer;
	ReadAgain again = {r, job};
	size_t n = job->plan->layers.n;
	const LayerIndex **all = arena_array(r->arena, const LayerIndex *, n);
	for (size_t i = 0; i < n; i++)
		all[i] = layers[i];
	describe(r, job->plan, layers, &image);
	TRY(tree_build(all, n, r->arena, &tree));
	TRY(capture_files(&tree, job->want, &(Reread){read_again, &again}, r->arena, &image));
	if (r->is_rootfs)
		forget_layers(&image);
	TRY(r->request->then(r->request->then_ctx, &image, r->arena, &answer));
	return send_answer(r, answer);
}

static Result read_plan(Reader *r, Shelf *shelf, const ImagePlan *plan)
{
	LayersJob job = {.shelf = shelf,
			 .plan = plan,
			 .want = r->request->selector,
			 .progress = send_progress,
			 .progress_ctx = r};
	LayerIndex **layers = arena_array(r->arena, LayerIndex *, plan->layers.n);
	r->layers = plan->layers.n;
	TRY(layers_read(&job, r->arena, layers));
	Err *e = finish(r, &job, layers);
	layers_finish(layers, plan->layers.n);
	return e;
}

/* ---- layouts and archives ---- */

static void start(Reader *r, Reply *reply, Arena *a)
{
	r->reply = reply;
	r->arena = a;
}

Result reader_of_layout(void *reader, Reply *reply)
{
	Reader *r = reader;
	AUTO_ARENA Arena a = {0};
	start(r, reply, &a);
	AUTO_SHELF Shelf *s = shelf_of_layout(r->fds[0]);
	ImagePlan plan;
	TRY(plan_from_layout(s, &r->want, &a, &plan));
	return read_plan(r, s, &plan);
}

static Result open_pass(void *ctx, Source **out)
{
	Reader *r = ctx;
	unsigned pass = r->passes++;
	if (r->is_file) {
		*out = source_from_region(r->fds[0], 0, r->bytes);
		return OK;
	}
	if (pass != 0 && (pass != 1 || r->n < 2))
		FAIL(ERR_INPUT, "cannot be read a second time, which a file of it under another "
				"name takes; save it to a file first");
	if (pass != 0 && write(r->ask, "", 1) != 1)
		FAIL_SYS("asking for the image once more");
	*out = source_from_fd(r->fds[pass], false);
	return OK;
}

static void stream_progress(void *ctx, uint64_t stored)
{
	enum { STEP = 4 << 20 };
	Reader *r = ctx;
	if (stored - r->told < STEP)
		return;
	r->told = stored;
	send_progress(r, 0, stored, r->is_file ? r->bytes : 0);
}

static bool is_compressed(int fd)
{
	unsigned char m[MAGIC_BYTES];
	if (pread(fd, m, sizeof m, 0) != sizeof m)
		return false;
	bool gzip = m[0] == 0x1f && m[1] == 0x8b;
	bool zstd = m[0] == 0x28 && m[1] == 0xb5 && m[2] == 0x2f && m[3] == 0xfd;
	return gzip || zstd;
}

Result reader_of_archive(void *reader, Reply *reply)
{
	Reader *r = reader;
	AUTO_ARENA Arena a = {0};
	AUTO_SHELF Shelf *s = NULL;
	start(r, reply, &a);
	if (r->is_file && !is_compressed(r->fds[0])) {
		TRY(shelf_of_tar(r->fds[0], r->bytes, &s));
	} else {
		ShelfStream from = {.open = open_pass,
				    .ctx = r,
				    .want = r->request->selector,
				    .progress = stream_progress,
				    .progress_ctx = r};
		TRY(shelf_of_stream(&from, &s));
	}
	ImagePlan plan;
	TRY(plan_from_archive(s, &r->want, &a, &plan));
	return read_plan(r, s, &plan);
}

/* ---- directories ---- */

static Result read_dirs(Reader *r, Reply *reply, bool overlay)
{
	AUTO_ARENA Arena a = {0};
	start(r, reply, &a);
	AUTO_SHELF Shelf *s = shelf_of_dirs(r->fds, r->names, r->n, overlay);
	return read_plan(r, s, &r->known);
}

Result reader_of_rootfs(void *reader, Reply *reply)
{
	((Reader *)reader)->is_rootfs = true;
	return read_dirs(reader, reply, false);
}

Result reader_of_overlay(void *reader, Reply *reply) { return read_dirs(reader, reply, true); }
