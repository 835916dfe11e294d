/* api.c - one question to the engine's API. */
#include "engine/api.h"

#include "base/buf.h"

const Value *api_get(Probe *p, Str path, Arena *a, unsigned *status, Str *why)
{
	Str text;
	Value *v = NULL;
	Buf b = buf_in(a, 16384);
	int sys = probe_get(p, path, a, status, &text);
	if (sys != 0) {
		Str reason = text.n != 0 ? text : str_of(strerrordesc_np(sys));
		buf_fmt(&b, "GET " STR_FMT ": " STR_FMT, STR_ARG(path), STR_ARG(reason));
	} else if (*status != 200) {
		buf_fmt(&b, "GET " STR_FMT ": the engine answers %u", STR_ARG(path), *status);
	} else {
		Err *e = value_from_json(text, a, &v);
		if (e != OK)
			buf_fmt(&b, "GET " STR_FMT ": %s", STR_ARG(path), e->text);
		v = e != OK ? NULL : v;
		err_free(e);
	}
	*why = buf_str(&b);
	return v;
}

const Value *api_list(Probe *p, Str path, Arena *a, Str *why)
{
	unsigned status;
	const Value *v = api_get(p, path, a, &status, why);
	if (v == NULL || v->type == JSON_ARRAY)
		return v;
	Buf b = buf_in(a, 16384);
	buf_fmt(&b, "GET " STR_FMT ": the engine's answer is no list", STR_ARG(path));
	*why = buf_str(&b);
	return NULL;
}
