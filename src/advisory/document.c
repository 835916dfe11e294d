/* document.c - endings of names. */
#include "advisory/document.h"

static bool ends_nocase(Str s, Str suffix)
{
	return s.n >= suffix.n && str_eq_nocase(str_skip(s, s.n - suffix.n), suffix);
}

DocumentKind document_kind(const FeedDocument *doc)
{
	static const struct {
		const char *ending;
		DocumentKind kind;
	} known[] = {{".json", DOCUMENT_JSON},
		     {".yaml", DOCUMENT_YAML},
		     {".yml", DOCUMENT_YAML},
		     {".md", DOCUMENT_MARKDOWN},
		     {".csv", DOCUMENT_CSV}};
	Str base = str_base(doc->name);
	if (str_starts(base, S(".")))
		return DOCUMENT_OTHER;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (ends_nocase(base, str_of(known[i].ending)))
			return known[i].kind;
	Str start = str_trim(str_first(doc->body, 64));
	return str_starts(start, S("{")) || str_starts(start, S("[")) ? DOCUMENT_JSON
								      : DOCUMENT_OTHER;
}

Result document_tree(const FeedDocument *doc, Arena *a, const Value **out)
{
	Value *v = NULL;
	DocumentKind kind = document_kind(doc);
	if (kind == DOCUMENT_JSON)
		TRY(value_from_json(doc->body, a, &v));
	else if (kind == DOCUMENT_YAML)
		TRY(value_from_yaml(doc->body, a, &v));
	*out = v;
	return OK;
}
