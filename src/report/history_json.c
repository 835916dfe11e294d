/* history_json.c - one step a line. */
#include "io/json.h"
#include "report/history.h"

enum { SCHEMA_VERSION = 1 };

static void step(Buf *b, const Image *image, const Rebuilt *r, const RebuiltStep *s)
{
	const HistoryStep *from = s->from;
	buf_fmt(b, "{\"line\":%u", s->line);
	json_member(b, "instruction", s->op != OP_UNKNOWN ? rebuilt_text(r, s) : S(""));
	json_member(b, "build_arguments", s->args);
	json_member(b, "created_by", from->created_by);
	json_member(b, "comment", from->comment);
	json_member(b, "created", from->created);
	bool known = from->layer < image->layers.n;
	uint64_t size = known ? image->layers.at[from->layer].size : 0;
	json_member(b, "layer", known ? image->layers.at[from->layer].diff_id : S(""));
	size = size != 0 ? size : from->size; /* in place only the engine tells it */
	buf_fmt(b, ",\"size\":%llu}", (unsigned long long)size);
}

void history_write_json(const Image *image, const Rebuilt *r, Buf *to)
{
	buf_fmt(to, "{\"schema_version\":%d", SCHEMA_VERSION);
	json_member(to, "target", image->target);
	json_member(to, "reference", image->reference);
	json_member(to, "id", image->id);
	buf_add(to, S(",\n\"steps\":["));
	for (size_t i = 0; i < r->steps.n; i++) {
		buf_add(to, i != 0 ? S(",\n") : S("\n"));
		step(to, image, r, &r->steps.at[i]);
	}
	buf_add(to, S("]}\n"));
}
