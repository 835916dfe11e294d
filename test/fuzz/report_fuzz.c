/* report_fuzz.c - whatever an image calls its packages, a table obeys none of it and stays
 * narrow, and JSON stays JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "io/json.h"
#include "report/format.h"
#include "report/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUTPUT_BYTES = 16 << 20, WIDTH = 100 };

static Str take(Str *from)
{
	size_t n = from->n != 0 ? (uint8_t)from->p[0] : 0;
	*from = str_skip(*from, 1);
	Str s = str_first(*from, n);
	*from = str_skip(*from, n);
	return s;
}

static void fill(Arena *a, Str from, Image *image, Facts *facts, Report *r)
{
	*image = (Image){.target = take(&from), .id = take(&from), .os = take(&from)};
	facts->arena = a;
	facts->os.pretty = take(&from);
	r->os_end_of_life = from.n % 2 != 0;
	while (from.n != 0) {
		Severity s = (Severity)(from.n % (SEV_CRITICAL + 1));
		facts_add_pkg(facts, (Pkg){.type = (PkgType)(1 + from.n % PKG_GOLANG),
					   .name = take(&from),
					   .version = take(&from),
					   .source_name = take(&from),
					   .path = take(&from)});
		vec_push(a, &r->findings,
			 (Finding){.id = take(&from),
				   .pkg = (uint32_t)facts->pkgs.n - 1,
				   .severity = s,
				   .status = STATUS_AFFECTED,
				   .epss = -1,
				   .vendor_state = take(&from),
				   .title = take(&from)});
		vec_push(a, &r->not_evaluated, (Undecided){take(&from), take(&from)});
	}
}

static void check_table(const Report *r, bool verbose, Arena *a)
{
	Buf b = buf_in(a, OUTPUT_BYTES);
	format_named(S("table"))->write(r, &(FormatStyle){.verbose = verbose}, &b);
	Str line, rest = buf_str(&b);
	while (str_cut(&rest, '\n', &line)) {
		bool last = rest.n == 0; /* the summary is one line, however long */
		if (!last && text_width(line) > WIDTH)
			abort();
		for (size_t i = 0; i < line.n; i++)
			if ((uint8_t)line.p[i] < ' ' || line.p[i] == 0x7f)
				abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Image image = {0};
	Facts facts = {0};
	Report r = {.image = &image, .facts = &facts};
	if (size > 4096)
		return 0;
	fill(&a, (Str){(const char *)data, size}, &image, &facts, &r);
	check_table(&r, false, &a);
	check_table(&r, true, &a);
	Buf b = buf_in(&a, OUTPUT_BYTES);
	format_named(S("json"))->write(&r, &(FormatStyle){0}, &b);
	Value *v = NULL;
	if (value_from_json(buf_str(&b), &a, &v) != OK)
		abort();
	arena_finish(&a);
	return 0;
}
