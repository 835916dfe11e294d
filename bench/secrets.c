/* secrets.c - megabytes a second of processor time: the secrets engine, and every pattern by
 * itself with plain PCRE2-JIT, over the same files in the same run.
 *
 *     secrets DIR... [-m MEGABYTES] [-p MEGABYTES]
 *
 * Files are read into memory first. -p: how much of them the slow way gets (it is timed per
 * byte). Findings of both are counted. */
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/fd.h"
#include "secrets/limits.h"
#include "secrets/scan.h"

typedef struct Text {
	char *path, *bytes;
	size_t n;
} Text;

typedef struct Corpus {
	Text *at;
	size_t n, cap;
	uint64_t bytes;
} Corpus;

static double cpu_seconds(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void add_file(Corpus *c, const char *path, uint64_t size)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char *bytes = malloc(size + PREFILTER_PAD);
	if (fd < 0 || bytes == NULL || read(fd, bytes, size) != (ssize_t)size) {
		free(bytes);
		return;
	}
	if (c->n == c->cap) {
		c->cap = c->cap != 0 ? 2 * c->cap : 1024;
		c->at = realloc(c->at, c->cap * sizeof *c->at);
	}
	memset(bytes + size, 0, PREFILTER_PAD);
	c->at[c->n++] = (Text){strdup(path), bytes, size};
	c->bytes += size;
}

static void load(Corpus *c, char **dirs, uint64_t most)
{
	FTS *walk = fts_open(dirs, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *e;
	while (walk != NULL && c->bytes < most && (e = fts_read(walk)) != NULL)
		if (e->fts_info == FTS_F && e->fts_statp->st_size > 0 &&
		    e->fts_statp->st_size < 64 << 20)
			add_file(c, e->fts_path, (uint64_t)e->fts_statp->st_size);
	fts_close(walk);
}

static void count_hit(void *ctx, const SecretHit *h)
{
	(void)h;
	++*(size_t *)ctx;
}

static void engine(const Corpus *c, const SecretSet *set, const char *what, bool text_only)
{
	AUTO_SECRET_SCAN SecretScan *s = secret_scan_create(set);
	size_t hits = 0;
	uint64_t bytes = 0;
	double from = cpu_seconds();
	for (size_t i = 0; i < c->n; i++) {
		const Text *t = &c->at[i];
		if (text_only && memchr(t->bytes, 0, t->n < 8192 ? t->n : 8192) != NULL)
			continue;
		secret_scan_begin(s, str_of(t->path), count_hit, &hits);
		secret_scan_feed(s, (Str){t->bytes, t->n});
		secret_scan_end(s);
		bytes += t->n;
	}
	double took = cpu_seconds() - from;
	printf("%-34s %8.1f MB in %7.3f s = %8.1f MB/s  %zu findings\n", what, (double)bytes / 1e6,
	       took, (double)bytes / 1e6 / took, hits);
}

static void nothing(void *ctx, uint32_t owner, size_t at, size_t length)
{
	(void)owner, (void)at, (void)length;
	++*(size_t *)ctx;
}

static void prefilter(const Corpus *c, const SecretSet *set)
{
	size_t hits = 0;
	double from = cpu_seconds();
	for (size_t i = 0; i < c->n; i++)
		prefilter_scan(set->prefilter, (Str){c->at[i].bytes, c->at[i].n}, 0, c->at[i].n,
			       nothing, &hits);
	double took = cpu_seconds() - from;
	printf("%-34s %8.1f MB in %7.3f s = %8.1f MB/s  %zu literals\n", "the prefilter alone",
	       (double)c->bytes / 1e6, took, (double)c->bytes / 1e6 / took, hits);
}

/* A rule as one pattern for a search through everything. */
static pcre2_code *plain_pattern(const SecretRule *r)
{
	static const char assign[] =
		")[\\w.\\- \\t]{0,24}[\\s'\"`\\\\]{0,4}(?:=>|:{0,3}=|\\|\\||[?+|]=|[:,>])"
		"[\\s'\"`=\\\\]{0,7}(?";
	Arena a = {0};
	Buf b = buf_in(&a, 16384);
	int code;
	PCRE2_SIZE at;
	if (r->near) {
		buf_add(&b, S("(?i:"));
		for (size_t i = 0; i < r->keywords.n; i++)
			buf_fmt(&b, "%s" STR_FMT, i != 0 ? "|" : "", STR_ARG(r->keywords.at[i]));
		buf_add(&b, str_of(assign));
		buf_add(&b, r->exact ? S(":") : S("i:"));
	}
	buf_add(&b, r->pattern);
	if (r->near)
		buf_add(&b, S(")"));
	pcre2_code *c = pcre2_compile((PCRE2_SPTR)b.p, b.n, 0, &code, &at, NULL);
	if (c != NULL)
		pcre2_jit_compile(c, PCRE2_JIT_COMPLETE);
	arena_finish(&a);
	return c;
}

static size_t search(const pcre2_code *c, pcre2_match_data *m, const Text *t)
{
	size_t at = 0, hits = 0;
	while (at < t->n && pcre2_match(c, (PCRE2_SPTR)t->bytes, t->n, at, 0, m, NULL) > 0) {
		size_t end = pcre2_get_ovector_pointer(m)[1];
		at = end > at ? end : at + 1;
		hits++;
	}
	return hits;
}

static void plain(const Corpus *c, const SecretSet *set, uint64_t most)
{
	pcre2_match_data *m = pcre2_match_data_create(8, NULL);
	size_t hits = 0;
	uint64_t bytes = 0;
	pcre2_code **all = calloc(set->n, sizeof *all);
	for (size_t i = 0; i < set->n; i++)
		if (set->rules[i].pattern != NULL)
			all[i] = plain_pattern(set->rules[i].rule);
	double from = cpu_seconds();
	size_t step = 1 + (size_t)(c->bytes / (most != 0 ? most : 1));
	for (size_t i = 0; i < c->n; i += step) {
		for (size_t k = 0; k < set->n; k++)
			hits += all[k] != NULL ? search(all[k], m, &c->at[i]) : 0;
		bytes += c->at[i].n;
	}
	double took = cpu_seconds() - from;
	printf("%-34s %8.1f MB in %7.3f s = %8.2f MB/s  %zu matches\n",
	       "plain PCRE2-JIT, rule by rule", (double)bytes / 1e6, took,
	       (double)bytes / 1e6 / took, hits);
}

int main(int argc, char **argv)
{
	uint64_t most = 500, slow = 5;
	int option;
	while ((option = getopt(argc, argv, "m:p:")) != -1)
		*(option == 'm' ? &most : &slow) = strtoull(optarg, NULL, 10);
	Arena a = {0};
	Corpus c = {0};
	SecretRuleVec rules = {0};
	AUTO_SECRET_SET SecretSet *set = NULL;
	double from = cpu_seconds();
	Err *e = secret_rules_parse(secret_rules_text(), &a, &rules);
	e = e == OK ? secret_set_make(&rules, &a, &set) : e;
	if (e != OK || optind >= argc) {
		fprintf(stderr, "secrets: %s\n", e != OK ? e->text : "name a folder");
		return 2;
	}
	printf("%zu rules ready in %.1f ms\n", rules.n, 1e3 * (cpu_seconds() - from));
	load(&c, argv + optind, most * 1000000);
	printf("%zu files, %.1f MB\n", c.n, (double)c.bytes / 1e6);
	prefilter(&c, set);
	engine(&c, set, "the engine, all files", false);
	engine(&c, set, "the engine, text files only", true);
	if (slow != 0)
		plain(&c, set, slow * 1000000);
	return 0;
}
