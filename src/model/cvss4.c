/* cvss4.c - which macrovector a CVSS v4.0 vector lies in, and how far below the top of it. */
#include "model/cvss4.h"

/* ---- the vector ---- */

typedef struct Metric {
	const char *name, *values; /* "not defined" first, then the worst */
} Metric;

/* In the order of the vector: base metrics, threat and requirements, the base ones modified,
 * supplemental ones. */
enum { AV, AC, AT, PR, UI, VC, VI, VA, SC, SI, SA, E, CR, IR, AR, MAV };
enum { BASE = SA + 1, SCORED = AR + 1, SAFETY = MAV + BASE, METRICS = SAFETY + 6 };

#define SYSTEM_IMPACT "H/L/N"
/* Safety is above high, and only the modified integrity and availability can say it. */
#define SUBSEQUENT_IMPACT "/H/L/N"

static const Metric metrics[METRICS] = {
	{"AV", "N/A/L/P"},
	{"AC", "L/H"},
	{"AT", "N/P"},
	{"PR", "N/L/H"},
	{"UI", "N/P/A"},
	{"VC", SYSTEM_IMPACT},
	{"VI", SYSTEM_IMPACT},
	{"VA", SYSTEM_IMPACT},
	{"SC", SUBSEQUENT_IMPACT},
	{"SI", SUBSEQUENT_IMPACT},
	{"SA", SUBSEQUENT_IMPACT},
	{"E", "X/A/P/U"},
	{"CR", "X/H/M/L"},
	{"IR", "X/H/M/L"},
	{"AR", "X/H/M/L"},
	{"MAV", "X/N/A/L/P"},
	{"MAC", "X/L/H"},
	{"MAT", "X/N/P"},
	{"MPR", "X/N/L/H"},
	{"MUI", "X/N/P/A"},
	{"MVC", "X/" SYSTEM_IMPACT},
	{"MVI", "X/" SYSTEM_IMPACT},
	{"MVA", "X/" SYSTEM_IMPACT},
	{"MSC", "X/" SUBSEQUENT_IMPACT},
	{"MSI", "X/S" SUBSEQUENT_IMPACT},
	{"MSA", "X/S" SUBSEQUENT_IMPACT},
	{"S", "X/N/P"},
	{"AU", "X/N/Y"},
	{"R", "X/A/U/I"},
	{"V", "X/D/C"},
	{"RE", "X/L/M/H"},
	{"U", "X/Clear/Green/Amber/Red"},
};

static bool find_value(const char *values, Str value, uint8_t *out)
{
	Str rest = str_of(values), one;
	for (uint8_t i = 0; value.n != 0 && str_cut(&rest, '/', &one); i++)
		if (str_eq(one, value)) {
			*out = i;
			return true;
		}
	return false;
}

/* What is not in the vector stays 0: not defined. */
static bool read_vector(Str vector, uint8_t at[METRICS])
{
	Str value, name;
	unsigned next = 0;
	while (str_cut(&vector, '/', &value)) {
		unsigned i = next;
		if (!str_cut(&value, ':', &name))
			return false;
		while (i < METRICS && !str_eq(name, str_of(metrics[i].name)))
			i++;
		if (i == METRICS || (i != next && next < BASE) ||
		    !find_value(metrics[i].values, value, &at[i]))
			return false;
		next = i + 1;
	}
	return next >= BASE;
}

/* 0 is the worst: a modified metric's where there is one (section 4.2), else the metric's own. */
static void take_levels(const uint8_t at[METRICS], unsigned level[SCORED])
{
	for (unsigned i = AV; i < BASE; i++)
		level[i] = at[MAV + i] != 0 ? at[MAV + i] - 1u : at[i];
	for (unsigned i = E; i < SCORED; i++)
		level[i] = at[i] != 0 ? at[i] - 1u : 0;
}

/* ---- the macrovector ---- */

/* The equivalence classes. EQ3 and EQ6 look at the same metrics and are one (table 30). */
enum { EQ1, EQ2, EQ36, EQ4, EQ5, EQS };
enum { EQ36_00, EQ36_01, EQ36_10, EQ36_11, EQ36_21 };
/* Levels of a metric. */
enum { AV_P = 3, IMPACT_H = 0, IMPACT_N = 2 };
enum { SUBSEQUENT_S, SUBSEQUENT_H, SUBSEQUENT_L, SUBSEQUENT_N };

static const uint8_t levels_of[EQS] = {3, 2, 5, 3, 3};

static const uint8_t scores[3][2][5][3][3] = {
#define SCORES(eq1, eq2, eq36, a, b, c, d, e, f, g, h, i) \
	[eq1][eq2][EQ36_##eq36] = {{a, b, c}, {d, e, f}, {g, h, i}},
#include "model/cvss4.def"
#undef SCORES
};

static uint8_t eq1_of(const unsigned l[SCORED])
{
	if (l[AV] == 0 && l[PR] == 0 && l[UI] == 0)
		return 0;
	return l[AV] != AV_P && (l[AV] == 0 || l[PR] == 0 || l[UI] == 0) ? 1 : 2;
}

static uint8_t eq36_of(const unsigned l[SCORED])
{
	bool high = false, required = false;
	for (unsigned i = 0; i < 3; i++) {
		high = high || l[VC + i] == IMPACT_H;
		required = required || (l[VC + i] == IMPACT_H && l[CR + i] == 0);
	}
	if (!high)
		return EQ36_21;
	if (l[VC] == IMPACT_H && l[VI] == IMPACT_H)
		return required ? EQ36_00 : EQ36_01;
	return required ? EQ36_10 : EQ36_11;
}

static uint8_t eq4_of(const unsigned l[SCORED])
{
	if (l[SI] == SUBSEQUENT_S || l[SA] == SUBSEQUENT_S)
		return 0;
	return l[SC] == SUBSEQUENT_H || l[SI] == SUBSEQUENT_H || l[SA] == SUBSEQUENT_H ? 1 : 2;
}

static int score_of(const uint8_t eq[EQS])
{
	return scores[eq[EQ1]][eq[EQ2]][eq[EQ36]][eq[EQ4]][eq[EQ5]];
}

/* The score of the macrovector that is one level lower in one class; -1: there is none. */
static int score_below(const uint8_t eq[EQS], unsigned in)
{
	static const uint8_t eq36_below[] = {EQ36_01, EQ36_11, EQ36_11, EQ36_21, 5};
	uint8_t low[EQS], other[EQS];
	memcpy(low, eq, sizeof low);
	memcpy(other, eq, sizeof other);
	low[in] = in == EQ36 ? eq36_below[eq[in]] : (uint8_t)(eq[in] + 1);
	if (low[in] >= levels_of[in])
		return -1;
	if (in != EQ36 || eq[EQ36] != EQ36_00)
		return score_of(low);
	other[in] = EQ36_10; /* two ways down: the shorter */
	return score_of(low) > score_of(other) ? score_of(low) : score_of(other);
}

/* ---- the steps below its top ---- */

/* All highest vectors of a class have the same sum of levels, and a step changes it by one: the
 * severity distance of a vector from the top is what its own sum has more. */
typedef struct Top {
	uint8_t sum, depth;
} Top;

#define BIT(metric) (1u << (metric))

static const struct {
	unsigned metrics;
	Top tops[5]; /* of each level; tables 24 to 30 */
} classes[EQS] = {
	[EQ1] = {BIT(AV) | BIT(PR) | BIT(UI), {{0, 1}, {1, 4}, {3, 5}}},
	[EQ2] = {BIT(AC) | BIT(AT), {{0, 1}, {1, 2}}},
	[EQ36] = {BIT(VC) | BIT(VI) | BIT(VA) | BIT(CR) | BIT(IR) | BIT(AR),
		  {{0, 7}, {3, 6}, {1, 8}, {3, 8}, {3, 10}}},
	[EQ4] = {BIT(SC) | BIT(SI) | BIT(SA), {{1, 6}, {3, 5}, {6, 4}}},
	[EQ5] = {BIT(E), {{0, 1}, {1, 1}, {2, 1}}},
};

enum { PARTS = 840 }; /* a multiple of every depth */

static int distance(const unsigned level[SCORED], unsigned in, const Top *top)
{
	unsigned sum = 0;
	for (unsigned i = 0; i < SCORED; i++)
		if ((classes[in].metrics >> i & 1) != 0)
			sum += level[i];
	return (int)sum - top->sum;
}

/* The macrovector's score less the mean of how far each class is on the way to the one below. */
static int interpolate(const unsigned level[SCORED], const uint8_t eq[EQS])
{
	int score = score_of(eq), n = 0, down = 0;
	for (unsigned in = 0; in < EQS; in++) {
		const Top *top = &classes[in].tops[eq[in]];
		int below = score_below(eq, in);
		if (below < 0)
			continue;
		n++;
		down += (score - below) * distance(level, in, top) * (PARTS / top->depth);
	}
	if (n == 0)
		return score;
	int unit = n * PARTS, exact = score * unit - down;
	return exact > 0 ? (2 * exact + unit) / (2 * unit) : 0;
}

static bool is_harmless(const unsigned l[SCORED])
{
	for (unsigned i = 0; i < 3; i++)
		if (l[VC + i] != IMPACT_N || l[SC + i] != SUBSEQUENT_N)
			return false;
	return true;
}

int cvss4_score10(Str vector)
{
	uint8_t at[METRICS] = {0};
	unsigned l[SCORED];
	if (!read_vector(vector, at))
		return -1;
	take_levels(at, l);
	if (is_harmless(l))
		return 0;
	const uint8_t eq[EQS] = {[EQ1] = eq1_of(l),
				 [EQ2] = l[AC] != 0 || l[AT] != 0,
				 [EQ36] = eq36_of(l),
				 [EQ4] = eq4_of(l),
				 [EQ5] = (uint8_t)l[E]};
	return interpolate(l, eq);
}
