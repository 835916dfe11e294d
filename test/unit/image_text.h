/* image_text.h - an image written as lines, for tests of what is said about images.
 *
 * The lines of image_layers.h, where a mode may stand in front ("4755 f usr/bin/x TEXT"), \n in
 * a TEXT is a newline the TEXT @N is so many zeros, @upx a packed program; and
 *
 *     config JSON      what the config's "config" holds     ref NAME      created RFC3339
 *     history TEXT     a line of history; RUN, COPY, ADD and lines of no builder make a layer
 *     beside WORDS     it is of a layout that has these: signature sbom provenance unread
 *     pkg NAME PATH... a package of the system and what it owns    os ID VERSION
 */
#pragma once
#include "image/capture.h"
#include "image/settings.h"
#include "image_layers.h"
#include "io/tar_header.h"
#include "tap.h"

typedef struct ImageText {
	Image image;
	Facts facts;
	Tree tree;
} ImageText;

static inline Str image_unescape(Str s, Arena *a)
{
	char *p = arena_array(a, char, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool newline = s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n';
		p[n++] = newline ? '\n' : s.p[i];
		i += newline;
	}
	return (Str){p, n};
}

static inline LayerEntry image_entry(Str line, const Selector *want, Arena *a)
{
	uint64_t mode = 0;
	bool has_mode = line.n != 0 && line.p[0] >= '0' && line.p[0] <= '9';
	for (; line.n != 0 && line.p[0] >= '0' && line.p[0] <= '9'; line = str_skip(line, 1))
		mode = mode * 8 + (uint64_t)(line.p[0] - '0');
	LayerEntry e = layer_entry(has_mode ? str_skip(line, 1) : line);
	if (has_mode)
		e.info.mode = (uint32_t)mode;
	Str body = image_unescape(e.body, a);
	uint64_t zeros;
	e.info.device = e.info.type == FILE_OTHER;
	e.info.climbs = path_climbs(e.info.path, 0);
	e.info.path = tar_normal_path(a, e.info.path);
	if (str_starts(body, S("@")) && str_u64(str_skip(body, 1), &zeros))
		body = (Str){arena_array(a, char, zeros), zeros};
	if (str_eq(body, S("@upx"))) {
		body = (Str){arena_array(a, char, 2048), 2048};
		memcpy((char *)(uintptr_t)body.p, "\177ELF", 4);
		memcpy((char *)(uintptr_t)body.p + 236, "UPX!", 4);
	}
	e.body = (Str){0};
	if (e.info.type != FILE_REGULAR || e.whiteout != WHITEOUT_NONE)
		return e;
	e.info.size = body.n;
	Sieve *s = want->pick(want->ctx, a, &e.info);
	if (s == NULL)
		return e;
	Err *err = body.n != 0 && s->next != SIEVE_DONE ? s->feed(s, 0, body) : OK;
	Err *finished = s->finish(s, &e.body);
	if (err != OK || finished != OK) {
		e.body = (Str){0};
		e.error = S("refused");
	}
	err_free(err);
	err_free(finished);
	return e;
}

static inline void image_history(ImageText *t, Str text, Arena *a)
{
	HistoryStep step = {.created_by = image_unescape(text, a), .layer = LAYER_NONE};
	static const char *const empty[] = {"CMD",         "ENV",    "ARG",    "USER",
					    "EXPOSE",      "VOLUME", "LABEL",  "ENTRYPOINT",
					    "HEALTHCHECK", "SHELL",  "WORKDIR"};
	for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++)
		step.empty = step.empty || str_starts(text, str_of(empty[i]));
	vec_push(a, &t->image.settings.history, step);
}

static inline bool image_line(ImageText *t, Str line, Arena *a)
{
	Str rest = line, word, path;
	str_cut(&rest, ' ', &word);
	if (str_eq(word, S("config"))) {
		Value *v = NULL;
		CHECK_OK(value_from_json(rest, a, &v));
		settings_read(v, a, &t->image.settings);
	} else if (str_eq(word, S("ref"))) {
		t->image.reference = rest;
	} else if (str_eq(word, S("created"))) {
		t->image.settings.created = rest;
	} else if (str_eq(word, S("history"))) {
		image_history(t, rest, a);
	} else if (str_eq(word, S("beside"))) {
		size_t at;
		t->image.vouched.known = true;
		t->image.vouched.signature = str_find(rest, S("signature"), &at);
		t->image.vouched.sbom = str_find(rest, S("sbom"), &at);
		t->image.vouched.provenance = str_find(rest, S("provenance"), &at);
		t->image.vouched.unread = str_find(rest, S("unread"), &at) ? S("gone") : S("");
	} else if (str_eq(word, S("os"))) {
		t->facts.os.path = S("etc/os-release");
		str_cut(&rest, ' ', &t->facts.os.id);
		t->facts.os.version_id = rest;
	} else if (str_eq(word, S("pkg"))) {
		Pkg p = {.type = PKG_DEB};
		str_cut(&rest, ' ', &p.name);
		while (rest.n != 0 && str_cut(&rest, ' ', &path))
			vec_push(a, &p.files, path);
		facts_add_pkg(&t->facts, p);
	} else {
		return false;
	}
	return true;
}

static inline Err *image_no_reread(void *ctx, LayerAgain *layers, size_t n)
{
	(void)ctx, (void)layers;
	CHECK(n == 0);
	return OK;
}

static inline ImageText *image_of_text(const char *text, const Selector *want, Arena *a)
{
	ImageText *t = arena_new(a, ImageText);
	VEC(const LayerIndex *) layers = {0};
	LayerIndex *now = arena_new(a, LayerIndex);
	Str rest = str_of(text), line;
	t->facts.arena = a;
	t->image.target = S("test");
	vec_push(a, &layers, now);
	while (rest.n != 0 && str_cut(&rest, '\n', &line)) {
		if (str_eq(line, S("--"))) {
			now = arena_new(a, LayerIndex);
			vec_push(a, &layers, now);
		} else if (line.n > 1 && !image_line(t, line, a)) {
			vec_push(a, &now->entries, image_entry(line, want, a));
		}
	}
	uint32_t layer = 0;
	for (size_t i = 0; i < layers.n; i++)
		vec_push(a, &t->image.layers, (Layer){.diff_id = S("sha256:0123456789abcdef")});
	for (size_t i = 0; i < t->image.settings.history.n; i++) {
		HistoryStep *step = &t->image.settings.history.at[i];
		if (step->empty || layer == layers.n)
			continue;
		t->image.layers.at[layer].created_by = step->created_by;
		step->layer = layer++;
	}
	CHECK_OK(tree_build(layers.at, layers.n, a, &t->tree));
	CHECK_OK(capture_files(&t->tree, want, &(Reread){image_no_reread, NULL}, a, &t->image));
	return t;
}
