/* rebuild.c - lines of history back into instructions. */
#include "dockerfile/rebuild.h"

#include "base/buf.h"
#include "dockerfile/history.h"
#include "dockerfile/limits.h"
#include "dockerfile/private.h"
#include "io/json.h"

enum { WIDTH = 96 };

/* ---- parts ---- */

/* On one line, that does not go on on the next. */
static void put_flat(Buf *b, Str s)
{
	s = trim(s);
	while (s.n != 0 && (strchr("\\", s.p[s.n - 1]) != NULL || is_space(s.p[s.n - 1])))
		s.n--; /* strchr: a NUL, too */
	for (size_t i = 0; i < s.n; i++)
		buf_char(b, s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\0' ? ' ' : s.p[i]);
}

static void put_json_list(Buf *b, const StrVec *list, size_t from)
{
	buf_char(b, '[');
	for (size_t i = from; i < list->n; i++) {
		if (i != from)
			buf_add(b, S(", "));
		json_quote(b, list->at[i]);
	}
	buf_char(b, ']');
}

static bool is_plain(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_space(s.p[i]) || strchr("\"'\\$<", s.p[i]) != NULL)
			return false;
	return true;
}

static void put_pair(Buf *b, Str pair)
{
	Str value = pair, name;
	str_cut(&value, '=', &name);
	if (!is_plain(name) || name.n == pair.n) { /* no pair: the old way of writing one */
		put_flat(b, pair);
		return;
	}
	buf_fmt(b, STR_FMT "=", STR_ARG(name));
	if (is_plain(value)) {
		buf_add(b, value);
		return;
	}
	bool quoted = value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"';
	value = quoted ? str_first(str_skip(value, 1), value.n - 2) : value;
	buf_char(b, '"');
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		if (c == '"' || c == '\\' || c == '$')
			buf_char(b, '\\');
		buf_char(b, c == '\n' || c == '\r' || c == '\0' ? ' ' : c);
	}
	buf_char(b, '"');
}

/* ---- RUN ---- */

static bool has_line(Str text, Str line)
{
	Str one;
	while (str_cut(&text, '\n', &one))
		if (str_eq(one, line))
			return true;
	return false;
}

/* As a here-document, in which everything can stand. */
static void put_heredoc(Buf *b, Str script)
{
	char name[32] = "EOF";
	for (unsigned i = 1; has_line(script, str_of(name)); i++)
		snprintf(name, sizeof name, "EOF%u", i);
	buf_fmt(b, "RUN <<%s\n", name);
	for (size_t i = 0; i < script.n; i++) /* a file with a NUL is no Dockerfile */
		buf_char(b, script.p[i] != '\0' ? script.p[i] : ' ');
	buf_fmt(b, "%s%s", str_ends(script, S("\n")) ? "" : "\n", name);
}

/* Where continued lines were joined, they are parted again: before && outside of quotes. */
static void put_folded(Buf *b, Str script)
{
	char quote = 0;
	bool fold = script.n > WIDTH;
	for (size_t i = 0; i < script.n; i++) {
		char c = script.p[i];
		Str here = str_skip(script, i);
		if (fold && quote == 0 && str_starts(here, S("&& ")) && i != 0 &&
		    is_space(script.p[i - 1]))
			buf_add(b, S("\\\n    "));
		if (c == '\\' && quote != '\'') {
			buf_char(b, c);
			if (++i < script.n)
				buf_char(b, script.p[i]);
			continue;
		}
		if (quote == 0 && (c == '\'' || c == '"'))
			quote = c;
		else if (c == quote)
			quote = 0;
		bool blank = (c == ' ' || c == '\t') && quote == 0;
		if (blank && i + 1 < script.n &&
		    (script.p[i + 1] == ' ' || script.p[i + 1] == '\t'))
			continue; /* the indent of a continued line */
		buf_char(b, blank ? ' ' : c);
	}
}

static void put_run(Buf *b, Str script)
{
	size_t at;
	bool strange = str_has(script, '\n') || str_has(script, '\r') || str_has(script, '\0') ||
		       str_find(script, S("<<"), &at) || str_starts(script, S("--")) ||
		       str_ends(script, S("\\")) || script.n == 0;
	if (strange) {
		put_heredoc(b, script);
		return;
	}
	buf_add(b, S("RUN "));
	put_folded(b, script);
}

/* ---- the other instructions ---- */

static void put_command(Buf *b, Str rest, Arena *a)
{
	StrVec list = {0};
	Str after;
	size_t at;
	if (!history_list(rest, a, &list, &after)) {
		put_flat(b, rest);
		return;
	}
	bool shell = list.n == 3 && str_eq(list.at[0], S("/bin/sh")) && str_eq(list.at[1], S("-c"));
	bool fits = shell && !str_has(list.at[2], '\n') && !str_starts(list.at[2], S("[")) &&
		    trim(list.at[2]).n != 0 && !str_find(list.at[2], S("<<"), &at);
	if (fits)
		put_flat(b, list.at[2]);
	else
		put_json_list(b, &list, 0);
}

static void put_words(Buf *b, Str rest, Arena *a)
{
	StrVec list = {0};
	Str after;
	if (!history_list(rest, a, &list, &after)) {
		put_flat(b, rest);
		return;
	}
	for (size_t i = 0; i < list.n; i++) {
		if (i != 0)
			buf_char(b, ' ');
		put_flat(b, list.at[i]);
	}
}

static void put_list(Buf *b, Str rest, Arena *a)
{
	StrVec list = {0};
	Str after;
	if (history_list(rest, a, &list, &after))
		put_json_list(b, &list, 0);
	else
		put_flat(b, rest);
}

/* &{["CMD" "x"] "30s" "3s" "0s" '\x03'}: interval, timeout, start period, start interval if there
 * are four, retries. */
static void put_health(Buf *b, Str rest, Arena *a)
{
	static const char *const flags[] = {"interval", "timeout", "start-period",
					    "start-interval"};
	StrVec list = {0};
	Str after, word;
	if (!history_list(rest, a, &list, &after) || list.n == 0) {
		put_flat(b, rest);
		return;
	}
	if (str_eq(list.at[0], S("NONE"))) {
		buf_add(b, S("NONE"));
		return;
	}
	for (size_t i = 0; i < 4 && str_cut(&after, '"', &word) && after.n != 0; i++) {
		str_cut(&after, '"', &word);
		if (!str_eq(word, S("0s")) && is_plain(word))
			buf_fmt(b, "--%s=" STR_FMT " ", flags[i], STR_ARG(word));
	}
	buf_add(b, S("CMD "));
	bool shell = list.n == 2 && str_eq(list.at[0], S("CMD-SHELL"));
	if (shell && trim(list.at[1]).n != 0)
		put_flat(b, list.at[1]);
	else
		put_json_list(b, &list, 1);
}

/* "file:DIGEST in /dst" of builders that recorded what they copied; else as it was written. */
static void put_copy(Buf *b, Str rest)
{
	enum { DIGITS = 12 }; /* enough to tell them apart */
	size_t at, colon = 0;
	bool digest = str_starts(rest, S("file:")) || str_starts(rest, S("dir:")) ||
		      str_starts(rest, S("multi:"));
	if (digest && str_find(rest, S(" in "), &at)) {
		str_find(rest, S(":"), &colon);
		put_flat(b, str_first(str_first(rest, at), colon + 1 + DIGITS));
		buf_char(b, ' ');
		rest = str_skip(rest, at + strlen(" in "));
	}
	put_flat(b, rest);
}

static void put_pairs(Buf *b, Str rest, Arena *a)
{
	StrVec pairs = {0};
	history_pairs(rest, a, &pairs);
	for (size_t i = 0; i < pairs.n; i++) {
		if (i != 0)
			buf_char(b, ' ');
		put_pair(b, pairs.at[i]);
	}
}

static const char *keyword_of(DockerOp op)
{
	switch (op) {
	case OP_ADD: return "ADD";
	case OP_ARG: return "ARG";
	case OP_CMD: return "CMD";
	case OP_COPY: return "COPY";
	case OP_ENTRYPOINT: return "ENTRYPOINT";
	case OP_ENV: return "ENV";
	case OP_EXPOSE: return "EXPOSE";
	case OP_HEALTHCHECK: return "HEALTHCHECK";
	case OP_LABEL: return "LABEL";
	case OP_MAINTAINER: return "MAINTAINER";
	case OP_ONBUILD: return "ONBUILD";
	case OP_SHELL: return "SHELL";
	case OP_STOPSIGNAL: return "STOPSIGNAL";
	case OP_USER: return "USER";
	case OP_VOLUME: return "VOLUME";
	case OP_WORKDIR: return "WORKDIR";
	case OP_FROM:
	case OP_RUN:
	case OP_UNKNOWN: break;
	}
	return "";
}

static void put_instruction(Buf *b, const HistoryLine *l, Arena *a)
{
	if (l->op == OP_RUN) {
		put_run(b, l->rest);
		return;
	}
	buf_fmt(b, "%s ", keyword_of(l->op));
	if (l->op == OP_CMD || l->op == OP_ENTRYPOINT)
		put_command(b, l->rest, a);
	else if (l->op == OP_EXPOSE)
		put_words(b, l->rest, a);
	else if (l->op == OP_VOLUME || l->op == OP_SHELL)
		put_list(b, l->rest, a);
	else if (l->op == OP_HEALTHCHECK)
		put_health(b, l->rest, a);
	else if (l->op == OP_ADD || l->op == OP_COPY)
		put_copy(b, l->rest);
	else if (l->op == OP_ENV || l->op == OP_LABEL)
		put_pairs(b, l->rest, a);
	else
		put_flat(b, l->rest);
}

/* A here-document where it means nothing would take what follows. */
static bool is_sound(const HistoryLine *l)
{
	size_t at;
	bool open = str_find(l->rest, S("<<"), &at) &&
		    (l->op == OP_ADD || l->op == OP_COPY || l->op == OP_ONBUILD);
	return l->op != OP_UNKNOWN && !open && (l->rest.n != 0 || l->op == OP_RUN);
}

/* ---- all of it ---- */

static uint32_t lines_of(const Buf *b, size_t from)
{
	uint32_t n = 0;
	for (size_t i = from; i < b->n; i++)
		n += b->p[i] == '\n';
	return n;
}

static void put_size(Buf *b, uint64_t bytes)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	double v = (double)bytes;
	size_t unit = 0;
	while (v >= 1000 && unit + 1 < sizeof units / sizeof units[0]) {
		v /= 1000;
		unit++;
	}
	buf_fmt(b, "%.*f %s", unit == 0 || v >= 100 ? 0 : 1, v, units[unit]);
}

static void put_layer(Buf *b, const Image *image, uint32_t layer, uint64_t told)
{
	const Layer *l = &image->layers.at[layer];
	uint64_t size = l->size != 0 ? l->size : told;
	buf_fmt(b, "\n# layer %u  ", layer + 1);
	put_flat(b, l->diff_id.n != 0 ? l->diff_id : S("(diffID not known)"));
	if (size != 0) {
		buf_add(b, S("  "));
		put_size(b, size);
	}
	buf_char(b, '\n');
}

static void put_step(Buf *b, const Image *image, const HistoryStep *from, Arena *a,
		     RebuiltStep *out)
{
	HistoryLine l = history_line(from->created_by);
	size_t before = b->n;
	uint32_t line = out->line;
	if (from->layer < image->layers.n)
		put_layer(b, image, from->layer, from->size);
	if (l.args.n != 0) {
		buf_add(b, S("# built with "));
		put_flat(b, l.args);
		buf_char(b, '\n');
	}
	*out = (RebuiltStep){.from = from,
			     .op = is_sound(&l) ? l.op : OP_UNKNOWN,
			     .args = l.args,
			     .line = line + lines_of(b, before)};
	if (out->op != OP_UNKNOWN) {
		put_instruction(b, &l, a);
	} else {
		Str said = trim(from->created_by).n != 0 ? from->created_by : from->comment;
		buf_add(b, S("# made by: "));
		put_flat(b, trim(said).n != 0 ? said : S("not said"));
	}
	out->last = line + lines_of(b, before);
	buf_char(b, '\n');
}

static void put_head(Buf *b, const Image *image)
{
	Str name = image->reference.n != 0 ? image->reference : image->target;
	buf_add(b, S("# Rebuilt from the history of "));
	put_flat(b, name);
	buf_add(b, S(".\n# Where its base image ends is not recorded: all steps follow.\nFROM "
		     "scratch\n"));
}

/* Layers that no step tells of. */
static void put_untold(Buf *b, const Image *image, const Rebuilt *r, Arena *a)
{
	bool *told = arena_array(a, bool, image->layers.n);
	for (size_t i = 0; i < r->steps.n; i++)
		if (r->steps.at[i].from->layer < image->layers.n)
			told[r->steps.at[i].from->layer] = true;
	for (uint32_t i = 0; i < image->layers.n; i++)
		if (!told[i]) {
			put_layer(b, image, i, 0);
			buf_add(b, S("# made by: not said\n"));
		}
}

Result dockerfile_rebuild(const Image *image, Arena *a, Rebuilt *out)
{
	Buf b = buf_in(a, LIMIT_DOCKERFILE_BYTES);
	Rebuilt r = {0};
	put_head(&b, image);
	uint32_t line = 1 + lines_of(&b, 0);
	for (size_t i = 0; i < image->settings.history.n; i++) {
		RebuiltStep step = {.line = line};
		put_step(&b, image, &image->settings.history.at[i], a, &step);
		line = step.last + 1;
		vec_push(a, &r.steps, step);
	}
	put_untold(&b, image, &r, a);
	TRY(buf_done(&b, "the rebuilt Dockerfile", &r.text));
	*out = r;
	return OK;
}

const RebuiltStep *rebuilt_last(const Rebuilt *r, DockerOp op)
{
	for (size_t i = r->steps.n; i != 0; i--)
		if (r->steps.at[i - 1].op == op)
			return &r->steps.at[i - 1];
	return NULL;
}

const RebuiltStep *rebuilt_layer(const Rebuilt *r, uint32_t layer)
{
	for (size_t i = 0; layer != LAYER_NONE && i < r->steps.n; i++)
		if (r->steps.at[i].from->layer == layer)
			return &r->steps.at[i];
	return NULL;
}

Str rebuilt_text(const Rebuilt *r, const RebuiltStep *step)
{
	Str rest = r->text, line;
	for (uint32_t i = 1; i < step->line; i++)
		str_cut(&rest, '\n', &line);
	size_t bytes = 0;
	for (uint32_t n = step->line; bytes < rest.n; bytes++)
		if (rest.p[bytes] == '\n' && n++ == step->last)
			break;
	return str_first(rest, bytes);
}
