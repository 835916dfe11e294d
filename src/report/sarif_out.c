/* sarif_out.c - runs, rules, results, places. */
#include "report/sarif_out.h"

void sarif_uri(Buf *b, Str path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "-._~/@+,=";
	if (str_starts(path, S("/")))
		buf_add(b, S("file://"));
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] != '\0' && strchr(plain, path.p[i]) != NULL)
			buf_char(b, path.p[i]);
		else
			buf_fmt(b, "%%%02X", (unsigned char)path.p[i]);
}

const char *sarif_level(Level l)
{
	return l == LEVEL_ERROR ? "error" : l == LEVEL_WARNING ? "warning" : "note";
}

const char *sarif_severity(Severity s)
{
	return s >= SEV_HIGH ? "error" : s == SEV_MEDIUM ? "warning" : "note";
}

const char *sarif_security(Severity s)
{
	static const char *const of[] = {
		[SEV_UNKNOWN] = "0.0", [SEV_NEGLIGIBLE] = "0.1", [SEV_LOW] = "2.0",
		[SEV_MEDIUM] = "5.5",  [SEV_HIGH] = "8.0",       [SEV_CRITICAL] = "9.5"};
	return of[s];
}

void sarif_open(JsonOut *o, const char *tool)
{
	json_open(o, NULL, '{');
	json_word(o, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	json_word(o, "version", "2.1.0");
	json_open(o, "runs", '[');
	json_line(o);
	json_open(o, NULL, '{');
	json_word(o, "columnKind", "unicodeCodePoints");
	json_line(o);
	json_open(o, "tool", '{');
	json_open(o, "driver", '{');
	json_word(o, "name", tool);
	json_word(o, "version", BULWARK_VERSION);
	json_open(o, "rules", '[');
}

static void message_or_not(JsonOut *o, const char *key, Str s)
{
	if (s.n != 0)
		json_message(o, key, s);
}

static void rule_properties(JsonOut *o, const SarifRule *r)
{
	json_open(o, "properties", '{');
	if (r->precision != NULL)
		json_word(o, "precision", r->precision);
	if (r->security != NULL)
		json_word(o, "security-severity", r->security);
	json_open(o, "tags", '[');
	for (size_t i = 0; i < r->tags.n; i++)
		json_text(o, NULL, r->tags.at[i]);
	json_close(o, ']');
	json_close(o, '}');
}

void sarif_rule(JsonOut *o, const SarifRule *r)
{
	json_line(o);
	json_open(o, NULL, '{');
	json_text(o, "id", r->id);
	json_text_or_not(o, "name", r->name);
	message_or_not(o, "shortDescription", r->brief);
	message_or_not(o, "fullDescription", r->full);
	message_or_not(o, "help", r->help);
	json_open(o, "defaultConfiguration", '{');
	json_word(o, "level", r->level);
	json_close(o, '}');
	rule_properties(o, r);
	json_close(o, '}');
}

void sarif_results(JsonOut *o)
{
	json_close(o, ']');
	json_close(o, '}');
	json_close(o, '}');
	json_line(o);
	json_open(o, "results", '[');
}

static void artifact(JsonOut *o, Str path)
{
	Arena a = {0};
	Buf uri = buf_in(&a, SIZE_MAX);
	sarif_uri(&uri, path);
	json_open(o, "artifactLocation", '{');
	json_text(o, "uri", buf_str(&uri));
	json_close(o, '}');
	arena_finish(&a);
}

static void region(JsonOut *o, const SarifPlace *p)
{
	if (p->line == 0)
		return;
	json_open(o, "region", '{');
	json_uint(o, "startLine", p->line);
	if (p->column != 0)
		json_uint(o, "startColumn", p->column);
	if (p->end_line >= p->line)
		json_uint(o, "endLine", p->end_line);
	if (p->end_line >= p->line && p->end_column != 0)
		json_uint(o, "endColumn", p->end_column);
	json_close(o, '}');
}

static void place(JsonOut *o, const SarifPlace *p)
{
	if (p->path.n == 0 && p->name.n == 0)
		return;
	json_open(o, "locations", '[');
	json_open(o, NULL, '{');
	if (p->path.n != 0) {
		json_open(o, "physicalLocation", '{');
		artifact(o, p->path);
		region(o, p);
		json_close(o, '}');
	}
	if (p->name.n != 0) {
		json_open(o, "logicalLocations", '[');
		json_open(o, NULL, '{');
		json_text(o, "fullyQualifiedName", p->name);
		json_word(o, "kind", p->kind);
		json_close(o, '}');
		json_close(o, ']');
	}
	json_close(o, '}');
	json_close(o, ']');
}

static void replacement(JsonOut *o, const Edit *e)
{
	json_open(o, NULL, '{');
	json_open(o, "deletedRegion", '{');
	json_uint(o, "byteOffset", e->at);
	json_uint(o, "byteLength", e->end - e->at);
	json_close(o, '}');
	json_message(o, "insertedContent", e->text);
	json_close(o, '}');
}

static void fix(JsonOut *o, const SarifResult *r)
{
	const Remark *f = r->fix;
	if (f == NULL || f->fix.n == 0)
		return;
	json_open(o, "fixes", '[');
	json_open(o, NULL, '{');
	json_message(o, "description",
		     f->fix_is_safe ? f->help : S("the image may behave differently after this"));
	json_open(o, "artifactChanges", '[');
	json_open(o, NULL, '{');
	artifact(o, r->place.path);
	json_open(o, "replacements", '[');
	for (size_t i = 0; i < f->fix.n; i++)
		replacement(o, &f->fix.at[i]);
	json_close(o, ']');
	json_close(o, '}');
	json_close(o, ']');
	json_close(o, '}');
	json_close(o, ']');
}

/* Section 3.35: who reads it takes the result for dismissed. */
static void suppression(JsonOut *o, const SarifResult *r)
{
	if (r->accepted.n == 0)
		return;
	json_open(o, "suppressions", '[');
	json_open(o, NULL, '{');
	json_word(o, "kind", r->in_source ? "inSource" : "external");
	json_word(o, "status", "accepted");
	json_text(o, "justification", r->accepted);
	json_close(o, '}');
	json_close(o, ']');
}

void sarif_result(JsonOut *o, const SarifResult *r)
{
	json_line(o);
	json_open(o, NULL, '{');
	json_text(o, "ruleId", r->rule);
	json_uint(o, "ruleIndex", r->rule_index);
	if (r->kind != NULL)
		json_word(o, "kind", r->kind);
	json_word(o, "level", r->kind == NULL ? r->level : "none");
	json_message(o, "message", r->message);
	place(o, &r->place);
	if (r->id.n != 0) {
		json_open(o, "partialFingerprints", '{');
		json_text(o, "bulwark/v1", r->id);
		json_close(o, '}');
	}
	fix(o, r);
	suppression(o, r);
	json_close(o, '}');
}

void sarif_notes(JsonOut *o)
{
	json_close(o, ']');
	json_line(o);
	json_open(o, "invocations", '[');
	json_open(o, NULL, '{');
	json_truth(o, "executionSuccessful", true);
	json_open(o, "toolExecutionNotifications", '[');
}

void sarif_note(JsonOut *o, Str what, Str why)
{
	Arena a = {0};
	Buf text = buf_in(&a, SIZE_MAX);
	buf_add(&text, S("not evaluated: "));
	buf_add(&text, what);
	buf_add(&text, S(": "));
	buf_add(&text, why);
	json_line(o);
	json_open(o, NULL, '{');
	json_word(o, "level", "warning");
	json_message(o, "message", buf_str(&text));
	json_close(o, '}');
	arena_finish(&a);
}

void sarif_close(JsonOut *o)
{
	json_close(o, ']');
	json_close(o, '}');
	json_close(o, ']');
	json_line(o);
	json_close(o, '}');
	json_close(o, ']');
	json_close(o, '}');
	buf_char(o->b, '\n');
}
