/* cvss.c - base scores of CVSS v2 (guide, section 3.2.1) and v3.0, v3.1 (specification, section 7),
 * and which version a vector is of. */
#include <math.h>

#include "model/advisory.h"
#include "model/cvss4.h"

enum { METRICS_MAX = 8, VALUES_MAX = 4 };

typedef struct Metric {
	const char *name, *values; /* a letter each */
	double weight[VALUES_MAX];
} Metric;

/* The order in which the formulas below find them. */
enum { V3_AV, V3_AC, V3_PR, V3_UI, V3_S, V3_C, V3_I, V3_A };
static const Metric v3[] = {
	{"AV", "NALP", {0.85, 0.62, 0.55, 0.2}},
	{"AC", "LH", {0.77, 0.44}},
	{"PR", "NLH", {0.85, 0.62, 0.27}},
	{"UI", "NR", {0.85, 0.62}},
	{"S", "UC", {0, 1}},
	{"C", "HLN", {0.56, 0.22, 0}},
	{"I", "HLN", {0.56, 0.22, 0}},
	{"A", "HLN", {0.56, 0.22, 0}},
	{0},
};
/* Privileges needed weigh less where the scope changes. */
static const double pr_changed[] = {0.85, 0.68, 0.5};

enum { V2_AV, V2_AC, V2_AU, V2_C, V2_I, V2_A };
static const Metric v2[] = {
	{"AV", "NAL", {1.0, 0.646, 0.395}},
	{"AC", "LMH", {0.71, 0.61, 0.35}},
	{"Au", "NSM", {0.704, 0.56, 0.45}},
	{"C", "CPN", {0.66, 0.275, 0}},
	{"I", "CPN", {0.66, 0.275, 0}},
	{"A", "CPN", {0.66, 0.275, 0}},
	{0},
};

static bool read_metric(const Metric *table, Str name, Str value, unsigned *chosen, unsigned *seen)
{
	for (unsigned i = 0; table[i].name != NULL; i++) {
		if (!str_eq(name, str_of(table[i].name)))
			continue;
		Str values = str_of(table[i].values);
		const char *at = value.n == 1 ? memchr(values.p, value.p[0], values.n) : NULL;
		if (at == NULL || (*seen >> i & 1) != 0)
			return false;
		chosen[i] = (unsigned)(at - values.p);
		*seen |= 1u << i;
	}
	return true; /* temporal and environmental ones do not count here */
}

/* Every base metric once. */
static bool read_vector(const Metric *table, Str vector, unsigned chosen[METRICS_MAX])
{
	Str part, name;
	unsigned seen = 0, n = 0;
	while (table[n].name != NULL)
		n++;
	while (vector.n != 0) {
		(void)str_cut(&vector, '/', &part);
		if (!str_cut(&part, ':', &name) || part.n == 0 ||
		    !read_metric(table, name, part, chosen, &seen))
			return false;
	}
	return seen == (1u << n) - 1;
}

static double impact(double c, double i, double a) { return 1 - (1 - c) * (1 - i) * (1 - a); }

/* Up to the next tenth, but not for what is only the error of a double (v3.1, appendix A). */
static int round_up10(double score)
{
	long n = lround(score * 100000);
	return (int)(n % 10000 == 0 ? n / 10000 : n / 10000 + 1);
}

static int score_v3(Str vector)
{
	unsigned at[METRICS_MAX] = {0};
	if (!read_vector(v3, vector, at))
		return -1;
	bool changed = v3[V3_S].weight[at[V3_S]] > 0;
	double iss = impact(v3[V3_C].weight[at[V3_C]], v3[V3_I].weight[at[V3_I]],
			    v3[V3_A].weight[at[V3_A]]);
	double pr = changed ? pr_changed[at[V3_PR]] : v3[V3_PR].weight[at[V3_PR]];
	double hit = changed ? 7.52 * (iss - 0.029) - 3.25 * pow(iss - 0.02, 15) : 6.42 * iss;
	double ease = 8.22 * v3[V3_AV].weight[at[V3_AV]] * v3[V3_AC].weight[at[V3_AC]] * pr *
		      v3[V3_UI].weight[at[V3_UI]];
	if (hit <= 0)
		return 0;
	return round_up10(fmin((changed ? 1.08 : 1.0) * (hit + ease), 10));
}

static int score_v2(Str vector)
{
	unsigned at[METRICS_MAX] = {0};
	if (!read_vector(v2, vector, at))
		return -1;
	double hit = 10.41 * impact(v2[V2_C].weight[at[V2_C]], v2[V2_I].weight[at[V2_I]],
				    v2[V2_A].weight[at[V2_A]]);
	double ease = 20 * v2[V2_AV].weight[at[V2_AV]] * v2[V2_AC].weight[at[V2_AC]] *
		      v2[V2_AU].weight[at[V2_AU]];
	double score = (0.6 * hit + 0.4 * ease - 1.5) * (hit > 0 ? 1.176 : 0);
	return (int)lround(score * 10);
}

static const struct {
	const char *version, *prefix;
	size_t skip; /* a v2 vector has no prefix: its first metric is one */
	int (*score)(Str metrics);
} versions[] = {
	{"cvss:4.0", "CVSS:4.0/", 9, cvss4_score10},
	{"cvss:3.1", "CVSS:3.1/", 9, score_v3},
	{"cvss:3.0", "CVSS:3.0/", 9, score_v3},
	{"cvss:2.0", "AV:", 0, score_v2},
};

enum { VERSIONS = sizeof versions / sizeof versions[0] };

static unsigned find_version(Str vector)
{
	unsigned i = 0;
	while (i < VERSIONS && !str_starts(vector, str_of(versions[i].prefix)))
		i++;
	return i;
}

unsigned cvss_rank(Str vector) { return VERSIONS - find_version(vector); }

const char *cvss_version(Str vector)
{
	unsigned i = find_version(vector);
	return i < VERSIONS ? versions[i].version : NULL;
}

int cvss_score10(Str vector)
{
	unsigned i = find_version(vector);
	return i < VERSIONS ? versions[i].score(str_skip(vector, versions[i].skip)) : -1;
}

Severity cvss_severity(int score10)
{
	return score10 < 0    ? SEV_UNKNOWN
	       : score10 == 0 ? SEV_NEGLIGIBLE
	       : score10 < 40 ? SEV_LOW
	       : score10 < 70 ? SEV_MEDIUM
	       : score10 < 90 ? SEV_HIGH
			      : SEV_CRITICAL;
}
