/* history_json.c - one step a line. */
#include "io/json.h"
#include "report/history.h"

enum { SCHEMA_VERSION = 1 };

static void member(Buf *b, const char *key, Str value)
{
	buf_fmt(b, ",\"%s\":", key);
	if (value.n != 0)
		json_quote(b, value);
	else
		buf_add(b, S("null"));
}

static void step(Buf *b, const Image *image, const Rebuilt *r, const RebuiltStep *s)
{
	const HistoryStep *from = s->from;
	buf_fmt(b, "{\"line\":%u", s->line);
	member(b, "instruction", s->op != OP_UNKNOWN ? rebuilt_text(r, s) : S(""));
	member(b, "build_arguments", s->args);
	member(b, "created_by", from->created_by);
	member(b, "comment", from->comment);
	member(b, "created", from->created);
	bool known = from->layer < image->layers.n;
	uint64_t size = known ? image->layers.at[from->layer].size : 0;
	member(b, "layer", known ? image->layers.at[from->layer].diff_id : S(""));
	size = size != 0 ? size : from->size; /* in place only the engine tells it */
	buf_fmt(b, ",\"size\":%llu}", (unsigned long long)size);
}

void history_write_json(const Image *image, const Rebuilt *r, Buf *to)
{
	buf_fmt(to, "{\"schema_version\":%d", SCHEMA_VERSION);
	member(to, "target", image->target);
	member(to, "reference", image->reference);
	member(to, "id", image->id);
	buf_add(to, S(",\n\"steps\":["));
	for (size_t i = 0; i < r->steps.n; i++) {
		buf_add(to, i != 0 ? S(",\n") : S("\n"));
		step(to, image, r, &r->steps.at[i]);
	}
	buf_add(to, S("]}\n"));
}
