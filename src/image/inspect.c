/* inspect.c - asks an engine about one image. */
#include "base/buf.h"
#include "base/limits.h"
#include "dockerfile/history.h"
#include "image/engine.h"
#include "image/settings.h"
#include "io/digest.h"
#include "io/http.h"
#include "io/json.h"

static Result get(const char *socket, Str name, const char *what, Arena *a, Value **out,
		  unsigned *status)
{
	AUTO_HTTP Http *http = NULL;
	HttpReply reply;
	Str text;
	Buf url = buf_in(a, 4096);
	buf_fmt(&url, "http://localhost/images/" STR_FMT "/%s", STR_ARG(name), what);
	buf_char(&url, '\0');
	TRY(http_create(&http));
	const HttpRequest r = {.url = buf_str(&url).p,
			       .unix_socket = socket,
			       .max_bytes = LIMIT_ENGINE_JSON_BYTES};
	TRY(http_get(http, &r, a, &reply, &text));
	*status = reply.status;
	if (reply.status != 200)
		return OK;
	TRY_IN(value_from_json(text, a, out), "the engine's answer");
	return OK;
}

/* "/a/diff:/b/diff", the upper one first. */
static void add_lower(Str list, Arena *a, EngineImage *image)
{
	VEC(Str) dirs = {0};
	Str one;
	while (list.n != 0 && str_cut(&list, ':', &one))
		vec_push(a, &dirs, one);
	for (size_t i = dirs.n; i != 0; i--)
		vec_push(a, &image->dirs, arena_cstr(a, dirs.at[i - 1]));
}

static void read_driver(const Value *v, Arena *a, EngineImage *image)
{
	const Value *driver = value_get(v, S("GraphDriver"));
	const Value *data = value_get(driver, S("Data"));
	image->driver = value_str(driver, S("Name"));
	if (!str_eq(image->driver, S("overlay2")))
		return;
	Str upper = value_str(data, S("UpperDir"));
	add_lower(value_str(data, S("LowerDir")), a, image);
	if (upper.n != 0)
		vec_push(a, &image->dirs, arena_cstr(a, upper));
}

static Str first_text(const Value *list)
{
	return list != NULL && list->n != 0 && list->items[0]->type == JSON_STRING
		       ? list->items[0]->text
		       : S("");
}

static Result read_image(const Value *v, Arena *a, EngineImage *out)
{
	uint8_t sha[SHA256_BYTES];
	EngineImage image = {.id = value_str(v, S("Id")),
			     .reference = first_text(value_items(v, S("RepoTags"))),
			     .platform = {.os = value_str(v, S("Os")),
					  .arch = value_str(v, S("Architecture")),
					  .variant = value_str(v, S("Variant"))}};
	Str full = first_text(value_items(v, S("RepoDigests"))), head;
	if (str_cut(&full, '@', &head) && digest_parse(full, sha))
		image.digest = full;
	const Value *ids = value_items(value_get(v, S("RootFS")), S("Layers"));
	if (!digest_parse(image.id, sha))
		FAIL(ERR_INPUT, "the engine's answer: the image has no Id");
	if (ids != NULL && ids->n > LIMIT_LAYERS)
		FAIL(ERR_LIMIT, "the engine's answer: %zu layers, at most %u are read", ids->n,
		     LIMIT_LAYERS);
	for (size_t i = 0; ids != NULL && i < ids->n; i++) {
		Str id = ids->items[i]->type == JSON_STRING ? ids->items[i]->text : S("");
		if (!digest_parse(id, sha))
			FAIL(ERR_INPUT, "the engine's answer: layer %zu has no diffID", i + 1);
		vec_push(a, &image.layers, (ConfigLayer){.diff_id = id, .created_by = S("")});
	}
	settings_read(value_get(v, S("Config")), a, &image.settings);
	image.settings.created = value_str(v, S("Created"));
	image.settings.author = value_str(v, S("Author"));
	read_driver(v, a, &image);
	*out = image;
	return OK;
}

/* Which lines of a history made a layer? An engine tells only sizes, and a layer may be empty. */
typedef enum Guess {
	GUESS_SIZED, /* certainly those that have a size; */
	GUESS_FILES, /* and what builders always make a layer for; */
	GUESS_DIRS,  /* and WORKDIR, for which they do when it has to be made */
	GUESSES,
} Guess;

static bool made_layer(const HistoryStep *step, Guess guess)
{
	if (!step->empty || guess == GUESS_SIZED)
		return !step->empty;
	DockerOp op = history_line(step->created_by).op;
	return op == OP_RUN || op == OP_COPY || op == OP_ADD || op == OP_UNKNOWN ||
	       (op == OP_WORKDIR && guess == GUESS_DIRS);
}

/* The first guess under which there are as many as layers; otherwise none is told. */
static void find_layers(EngineImage *image)
{
	for (Guess guess = 0; guess < GUESSES; guess++) {
		uint32_t n = 0, layer = 0;
		for (size_t i = 0; i < image->settings.history.n; i++)
			n += made_layer(&image->settings.history.at[i], guess);
		if (n != image->layers.n)
			continue;
		for (size_t i = 0; i < image->settings.history.n; i++) {
			HistoryStep *step = &image->settings.history.at[i];
			if (!made_layer(step, guess))
				continue;
			image->layers.at[layer].created_by = step->created_by;
			step->layer = layer++;
		}
		return;
	}
}

/* Newest first. */
static void read_history(const Value *history, Arena *a, EngineImage *image)
{
	for (size_t i = history->type == JSON_ARRAY ? history->n : 0; i != 0; i--) {
		const Value *line = history->items[i - 1];
		HistoryStep step = {.created_by = value_str(line, S("CreatedBy")),
				    .comment = value_str(line, S("Comment")),
				    .layer = LAYER_NONE};
		step.empty = !str_u64(value_str(line, S("Size")), &step.size) || step.size == 0;
		vec_push(a, &image->settings.history, step);
	}
	find_layers(image);
}

Result engine_inspect(const char *socket, Str name, Arena *a, EngineImage *out, bool *found)
{
	Value *v;
	unsigned status;
	TRY(get(socket, name, "json", a, &v, &status));
	*found = status == 200;
	if (status == 404)
		return OK;
	if (status != 200)
		FAIL(ERR_NET, "%s: the engine answers %u", socket, status);
	EngineImage image;
	TRY(read_image(v, a, &image));
	TRY(get(socket, name, "history", a, &v, &status));
	if (status == 200)
		read_history(v, a, &image);
	*out = image;
	return OK;
}
