/* report_formats_fuzz.c - whatever is found and however it is called, formats of JSON are JSON,
 * and no format has a control character. */
#include <stdint.h>
#include <stdlib.h>

#include "io/json.h"
#include "report/check_format.h"
#include "report/remark_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUTPUT_BYTES = 16 << 20 };

static Str take(Str *from)
{
	size_t n = from->n != 0 ? (uint8_t)from->p[0] : 0;
	*from = str_skip(*from, 1);
	Str s = str_first(*from, n);
	*from = str_skip(*from, n);
	return s;
}

static void check(Str text, const char *format, Arena *a)
{
	Value *v = NULL;
	bool lines = strcmp(format, "csv") == 0, ends = strcmp(format, "codeclimate") == 0;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = (uint8_t)text.p[i];
		bool fine = c == '\n' || (c == '\r' && lines) || (c == '\0' && ends);
		if ((c < ' ' && !fine) || c == 0x7f)
			abort();
	}
	if (text.n != 0 && (text.p[0] == '{' || text.p[0] == '[') && !ends &&
	    strcmp(format, "text") != 0 && strcmp(format, "gnu") != 0 &&
	    value_from_json(text, a, &v) != OK)
		abort();
}

static void remarks(Str from, Arena *a)
{
	RemarkReport r = {0};
	while (from.n != 0) {
		uint32_t n = (uint32_t)from.n;
		Remark m = {.rule = take(&from),
			    .name = take(&from),
			    .file = take(&from),
			    .layer = take(&from),
			    .line = n % 5,
			    .column = n % 7,
			    .end_line = n % 6,
			    .end_column = n % 9,
			    .level = (Level)(1 + n % LEVEL_ERROR),
			    .confidence = (Confidence)(1 + n % CONFIDENCE_HIGH),
			    .message = take(&from),
			    .help = take(&from),
			    .masked = take(&from),
			    .excerpt = take(&from),
			    .fingerprint = take(&from)};
		vec_push(a, &m.fix, (Edit){n, n + 1, take(&from)});
		vec_push(a, &m.aliases, take(&from));
		vec_push(a, &r.remarks, m);
		if (n % 3 == 0)
			remark_accept(&r, a, &m, n % 2 == 0, m.message);
		vec_push(a, &r.files, take(&from));
		vec_push(a, &r.not_evaluated, (Unread){take(&from), take(&from)});
	}
	for (const RemarkFormat *const *f = remark_formats; *f != NULL; f++) {
		Buf b = buf_in(a, OUTPUT_BYTES);
		(*f)->write(&r, "bulwark lint", &(FormatStyle){0}, &b);
		check(buf_str(&b), (*f)->name, a);
	}
}

static void checks(Str from, Arena *a)
{
	static const CheckInfo of[] = {{.id = "B1",
					.name = "one",
					.section = "daemon",
					.title = "One <is> \"quoted\"",
					.cis = {"2.1", NULL, "2.2"},
					.level = 1,
					.severity = SEV_HIGH,
					.why = "why",
					.wanted = "=wanted",
					.remedy = "do"},
				       {.id = "B2",
					.name = "two",
					.section = "images",
					.title = "Two",
					.why = "why",
					.wanted = "wanted",
					.remedy = "do"}};
	CheckReport r = {.host = take(&from), .engine = take(&from)};
	bool second = false; /* a section after the other, as the model wants them */
	while (from.n != 0) {
		second = second || from.n % 4 == 0;
		Verdict v = {.check = &of[second],
			     .outcome = (Outcome)(1 + from.n % OUTCOME_ERROR),
			     .seen = take(&from),
			     .source = take(&from),
			     .accepted = take(&from)};
		vec_push(a, &v.items, (CheckItem){take(&from), take(&from), take(&from)});
		if (from.n % 3 == 0)
			vec_push(a, &v.accepted_items,
				 (CheckItem){take(&from), take(&from), take(&from), take(&from)});
		vec_push(a, &r.verdicts, v);
	}
	for (const CheckFormat *const *f = check_formats; *f != NULL; f++) {
		Buf b = buf_in(a, OUTPUT_BYTES);
		(*f)->write(&r, "bulwark bench", &(FormatStyle){.verbose = true}, &b);
		check(buf_str(&b), (*f)->name, a);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	if (size > 4096)
		return 0;
	remarks((Str){(const char *)data, size}, &a);
	checks((Str){(const char *)data, size}, &a);
	arena_finish(&a);
	return 0;
}
