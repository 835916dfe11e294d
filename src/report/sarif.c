/* sarif.c - findings as SARIF 2.1.0: a rule for each vulnerability, a result for each package. */
#include "base/map.h"
#include "io/digest.h"
#include "report/format.h"
#include "report/sarif_out.h"

typedef struct Writing {
	JsonOut o;
	Arena a;
	const Report *r;
	Map rules; /* of an id: its index */
} Writing;

/* The score of its vector where that is what the finding says, else the middle of the band. */
static const char *security(Writing *w, const Finding *f)
{
	int score10 = cvss_score10(f->cvss);
	if (score10 < 0 || cvss_severity(score10) != f->severity)
		return sarif_security(f->severity);
	Buf score = buf_in(&w->a, 8);
	buf_fmt(&score, "%d.%d", score10 / 10, score10 % 10);
	buf_char(&score, '\0');
	return buf_str(&score).p;
}

static void rule(Writing *w, const Finding *f)
{
	Buf help = buf_in(&w->a, SIZE_MAX);
	for (size_t i = 0; i < f->references.n; i++) {
		buf_add(&help, f->references.at[i]);
		buf_char(&help, '\n');
	}
	SarifRule r = {.id = f->id,
		       .brief = f->title.n != 0 ? f->title : f->id,
		       .help = buf_str(&help),
		       .level = sarif_severity(f->severity),
		       .security = security(w, f),
		       .tags = f->aliases};
	sarif_rule(&w->o, &r);
}

/* Those that count, then those that the user accepts. */
static const Finding *at(const Writing *w, size_t i)
{
	const Report *r = w->r;
	if (i < r->findings.n)
		return &r->findings.at[i];
	i -= r->findings.n;
	return i < r->accepted.n ? &r->accepted.at[i] : NULL;
}

static void rules(Writing *w)
{
	const Finding *f;
	for (size_t i = 0, n = 0; (f = at(w, i)) != NULL; i++) {
		void **slot = map_at(&w->rules, &w->a, f->id);
		if (*slot != NULL)
			continue;
		size_t *index = *slot = arena_new(&w->a, size_t);
		*index = n++;
		rule(w, f);
	}
}

static Str message(Writing *w, const Finding *f, const Pkg *p)
{
	Buf b = buf_in(&w->a, SIZE_MAX);
	buf_fmt(&b, STR_FMT " " STR_FMT " (%s): ", STR_ARG(p->name), STR_ARG(p->version),
		severity_name(f->severity));
	buf_add(&b, f->title.n != 0 ? f->title : f->id);
	if (f->fixed_version.n != 0)
		buf_fmt(&b, "; fixed in " STR_FMT, STR_ARG(f->fixed_version));
	else
		buf_fmt(&b, "; %s",
			f->status == STATUS_WILL_NOT_FIX ? "the vendor will not fix it"
							 : "no fix is known");
	return buf_str(&b);
}

/* Of the vulnerability and the package, not its version: it is the same until it is mended. */
static Str id_of(Writing *w, const Finding *f, const Pkg *p)
{
	const Str parts[] = {f->id, str_of(pkg_type_name(p->type)), p->name, p->path};
	uint8_t sum[SHA256_BYTES];
	Buf b = buf_in(&w->a, 64);
	Sha256 h = sha256_start();
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		sha256_add(&h, parts[i]);
		sha256_add(&h, S("\n"));
	}
	sha256_finish(&h, sum);
	for (size_t i = 0; i < 16; i++)
		buf_fmt(&b, "%02x", sum[i]);
	return buf_str(&b);
}

static void result(Writing *w, const Finding *f)
{
	const Pkg *p = &w->r->facts->pkgs.at[f->pkg];
	const size_t *index = map_get(&w->rules, f->id);
	SarifResult r = {.rule = f->id,
			 .rule_index = index != NULL ? *index : 0,
			 .kind = f->informational ? "informational" : NULL,
			 .level = sarif_severity(f->severity),
			 .message = message(w, f, p),
			 .place = {.path = p->path,
				   .line = p->path.n != 0, /* GitHub shows no result without one */
				   .kind = "package",
				   .name = p->purl},
			 .id = id_of(w, f, p),
			 .accepted = f->accepted};
	sarif_result(&w->o, &r);
}

static void write_sarif(const Report *r, const FormatStyle *style, Buf *to)
{
	Writing w = {.o = {.b = to}, .r = r};
	(void)style;
	sarif_open(&w.o, "bulwark scan");
	rules(&w);
	sarif_results(&w.o);
	for (size_t i = 0; at(&w, i) != NULL; i++)
		result(&w, at(&w, i));
	sarif_notes(&w.o);
	for (size_t i = 0; i < r->not_evaluated.n; i++)
		sarif_note(&w.o, r->not_evaluated.at[i].subject, r->not_evaluated.at[i].reason);
	sarif_close(&w.o);
	arena_finish(&w.a);
}

const Format format_sarif = {"sarif", "SARIF 2.1.0, for code scanning", write_sarif};
