/* check_say.c - sentences of what was seen. */
#include "report/check_say.h"

Str check_item_text(const CheckItem *i, Arena *a)
{
	Buf b = buf_in(a, SIZE_MAX);
	buf_add(&b, i->kind);
	buf_char(&b, ' ');
	buf_add(&b, i->name);
	if (i->seen.n != 0) {
		buf_add(&b, S(": "));
		buf_add(&b, i->seen);
	}
	return buf_str(&b);
}

Str check_seen_text(const Verdict *v, Arena *a)
{
	Buf b = buf_in(a, SIZE_MAX);
	buf_add(&b, v->seen.n != 0 ? v->seen : str_of(outcome_name(v->outcome)));
	if (v->outcome == OUTCOME_WARN)
		buf_fmt(&b, "; wanted: %s", v->check->wanted);
	return buf_str(&b);
}
