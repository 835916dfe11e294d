/* secrets_oracle_test.c - gitleaks' vectors: what it finds is found, what it leaves is left.
 *
 * Its identifiers are not ours, so a true positive counts when any rule of ours that knows
 * its provider finds it; the generic rule counts for its own vectors only. */
#include "secret_found.h"

#include "base/map.h"
#include "io/json.h"
#include "oracle.h"

typedef struct Exception {
	const char *id, *part; /* of the vector; part: a piece of its text */
	const char *why;
} Exception;

static const Exception exceptions[] = {
	{"age-secret-key", "-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ",
	 "58 times the same letter: written down as a placeholder, never generated"},
	{"anthropic-api-key", "sk-ant-admin01-", "an admin key, which another rule knows"},
	{"anthropic-admin-api-key", "sk-ant-api03-", "an API key, which another rule knows"},
	{"settlemint-service-access-token", "nonMatchingToken",
	 "our generic rule: a random value given to a name that ends in token"},
	{"settlemint-application-access-token", "nonMatchingToken",
	 "our generic rule: a random value given to a name that ends in token"},
	{"settlemint-personal-access-token", "nonMatchingToken",
	 "our generic rule: a random value given to a name that ends in token"},
	{"stripe-access-token", "nonMatchingToken",
	 "our generic rule: a random value given to a name that ends in token"},
	{"slack-user-token", "xoxp-1234-1234-1234-4ddbc",
	 "our generic rule: a random value given to a name that ends in token"},
	{"cisco-meraki-api-key", "meraki-api-key: acdeFf",
	 "our generic rule: forty random digits given to an api-key"},
	{"cisco-meraki-api-key", "meraki_token = 5cb4",
	 "our generic rule: a random value given to a name that ends in token"},
	{"mailchimp-api-key", "MailchimpSDK.initialize(token: 3012a",
	 "our generic rule: a random value given to a name that ends in token"},
	{NULL, NULL, NULL},
};

static size_t excused;

static bool is_exception(Str id, Str text)
{
	size_t at;
	for (const Exception *e = exceptions; e->id != NULL; e++)
		if (str_eq(id, str_of(e->id)) && str_find(text, str_of(e->part), &at)) {
			excused++;
			return true;
		}
	return false;
}

/* The path that the peer's tests give, where one matters. */
static Str path_for(Str id)
{
	(void)id;
	return S("src/app.txt");
}

typedef struct Tally {
	SecretScan *scan;
	FoundList found;
	Arena texts;
	Map others; /* texts that are true positives of some rule of the peer */
	size_t positives, missed, negatives, alarms, elsewhere;
} Tally;

static bool is_found(const Tally *t, Str id)
{
	for (size_t i = 0; i < t->found.hits.n; i++)
		if (!t->found.hits.at[i].rule->vague || str_eq(id, S("generic-api-key")))
			return true;
	return false;
}

static void run(Tally *t, const Value *rule)
{
	Str id = value_str(rule, S("id"));
	const Value *yes = value_items(rule, S("true_positives"));
	const Value *no = value_items(rule, S("false_positives"));
	for (size_t i = 0; yes != NULL && i < yes->n; i++) {
		Str text = yes->items[i]->text;
		arena_reset(&t->texts);
		find_in(t->scan, path_for(id), text, 0, &t->found);
		t->positives++;
		if (is_found(t, id) || is_exception(id, text))
			continue;
		t->missed++;
		printf("# missed " STR_FMT ": " STR_FMT "\n", STR_ARG(id),
		       STR_ARG(str_first(text, 200)));
	}
	for (size_t i = 0; no != NULL && i < no->n; i++) {
		Str text = no->items[i]->text;
		arena_reset(&t->texts);
		find_in(t->scan, path_for(id), text, 0, &t->found);
		t->negatives++;
		if (map_get(&t->others, text) != NULL) { /* another rule's true positive */
			t->elsewhere++;
			continue;
		}
		if (t->found.hits.n == 0 || is_exception(id, text))
			continue;
		t->alarms++;
		printf("# alarm " STR_FMT " by " STR_FMT ": " STR_FMT "\n", STR_ARG(id),
		       STR_ARG(t->found.hits.at[0].rule->id), STR_ARG(str_first(text, 200)));
	}
}

static void note_positives(Tally *t, Arena *a, const Value *all)
{
	for (size_t i = 0; all != NULL && i < all->n; i++) {
		const Value *yes = value_items(all->items[i], S("true_positives"));
		for (size_t k = 0; yes != NULL && k < yes->n; k++)
			*map_at(&t->others, a, yes->items[k]->text) = yes->items[k];
	}
}

TEST(every_true_positive_is_found_and_every_false_one_is_silent)
{
	Arena a = {0};
	Str text;
	Value *all = NULL;
	if (!oracle_load(&a, "secrets", "gitleaks-vectors.json", &text)) {
		tap_skip("no oracle");
		return;
	}
	CHECK_OK(value_from_json(text, &a, &all));
	Tally t = {.scan = secret_scan_create(builtin())};
	t.found.arena = &t.texts;
	note_positives(&t, &a, all);
	for (size_t i = 0; all != NULL && i < all->n; i++)
		run(&t, all->items[i]);
	printf("# %zu of %zu true positives found, %zu of %zu false positives silent, "
	       "%zu of these true positives of another rule, %zu vectors excused one by one\n",
	       t.positives - t.missed, t.positives, t.negatives - t.alarms, t.negatives,
	       t.elsewhere, excused);
	CHECK(t.positives > 6000 && t.missed == 0);
	CHECK(t.negatives > 300 && t.alarms == 0);
	secret_scan_destroy(t.scan);
	arena_finish(&t.texts);
	arena_finish(&a);
}
