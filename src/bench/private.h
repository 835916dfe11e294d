/* private.h - what the checks share: the facts, and a table row a check. */
#pragma once
#include "bench/bench.h"
#include "engine/containers.h"
#include "model/judging.h"

typedef struct BenchImage {
	Str id, name;                   /* its first tag, else a short id */
	const Value *tags;              /* all of them; may be NULL */
	bool wanted;                    /* else only its id and tags are known */
	const Value *inspect, *history; /* NULL: see why */
	Str why;
} BenchImage;
typedef VEC(BenchImage) BenchImageVec;

typedef struct Bench {
	Probe *p;
	Arena *a;
	const BenchOptions *o;
	Daemon d;
	ContainerVec containers;
	const Value *listed; /* the engine's list of all containers; NULL: see containers_why */
	Str containers_why;  /* they could not be listed */
	BenchImageVec images;
	Str images_why;
	const Value *networks; /* NULL: see networks_why */
	Str networks_why;
	const Value *volumes; /* GET /volumes; NULL: see volumes_why */
	Str volumes_why;
	Str host_ns[NAMESPACES]; /* those of the machine's first process */
} Bench;

typedef struct BenchCheck {
	CheckInfo info;
	void (*judge)(Bench *b, Verdict *v);
} BenchCheck;

/* One row. The same number in all versions, one that 1.8.0 moved, or none; in parentheses, so that
 * it is one argument. */
#define CIS(n) (n, n, n)
#define CIS_18(n, later) (n, n, later)
#define CIS_NONE (NULL, NULL, NULL)
#define CIS_LIST(...) __VA_ARGS__

/* With other programs' ids for it. */
#define CHECK_REFS(ID, REFS, NAME, SECTION, LEVEL, SEVERITY, TITLE, WANTED, WHY, REMEDY, JUDGE) \
	const BenchCheck bench_##ID = {.info = {.id = #ID,                                      \
						.name = NAME,                                   \
						.section = SECTION,                             \
						.title = TITLE,                                 \
						.refs = REFS,                                   \
						.level = LEVEL,                                 \
						.severity = SEVERITY,                           \
						.why = WHY,                                     \
						.wanted = WANTED,                               \
						.remedy = REMEDY},                              \
				       .judge = JUDGE};

#define CHECK(ID, NAME, SECTION, NUMBERS, LEVEL, SEVERITY, TITLE, WANTED, WHY, REMEDY, JUDGE) \
	const BenchCheck bench_##ID = {.info = {.id = #ID,                                    \
						.name = NAME,                                 \
						.section = SECTION,                           \
						.title = TITLE,                               \
						.cis = {CIS_LIST NUMBERS},                    \
						.level = LEVEL,                               \
						.severity = SEVERITY,                         \
						.why = WHY,                                   \
						.wanted = WANTED,                             \
						.remedy = REMEDY},                            \
				       .judge = JUDGE};

/* ---- saying ---- */

/* False, and the verdict says why, when the API's word is not to be had. */
bool bench_has_info(Bench *b, Verdict *v);
/* There is no API to be asked, but a setting: false, without a word, when the API is to be asked;
 * *known is false, and the verdict says why, when the setting is not to be had either. */
bool bench_by_setting(Bench *b, Verdict *v, const char *key, const char *flag, Setting *out,
		      bool *known);
/* A setting that only dockerd's arguments and file tell; false, and the verdict says why, when it
 * cannot be known or the engine has no such thing (Podman). */
bool bench_setting(Bench *b, Verdict *v, const char *key, const char *flag, Setting *out);
/* False, and the verdict says so, when the engine's host cannot be looked at: it is on another
 * machine, or only a file is judged. */
bool bench_is_near(Bench *b, Verdict *v);
/* Of GET /info: SecurityOptions has "name=WHAT"; *rest is what follows it (",profile=builtin"). */
bool bench_security_option(const Bench *b, Str what, Str *rest);

/* ---- containers ---- */

typedef enum Judged {
	JUDGED_FINE = 1,
	JUDGED_BAD,
	JUDGED_NOT
} Judged; /* NOT: cannot be said of it */

/* Asks `one` about each container; `bad` is the outcome when one is bad. `seen` is written for an
 * item. */
void bench_containers(Bench *b, Verdict *v, Outcome bad,
		      Judged (*one)(Bench *b, const Container *c, Buf *seen));
/* The same, for what the kernel says of those that run: the source tells where it could not be
 * asked, and the engine's word had to do. */
void bench_processes(Bench *b, Verdict *v, Outcome bad,
		     Judged (*one)(Bench *b, const Container *c, Buf *seen));

static inline Str as_text(const Value *v) { return v != NULL ? v->text : (Str){0}; }
/* A switch of an object. */
bool bench_true(const Value *object, Str key);
/* A number of an object; 0 when it is not there. */
int64_t bench_number(const Value *object, Str key);
/* A mode is fine when it grants nothing beyond the limit. */
static inline bool bench_exceeds(uint32_t mode, uint32_t limit) { return (mode & ~limit) != 0; }
/* Is one of the rules about writes to `path`? A directory needs one for all that is beneath. */
bool bench_is_watched(const BenchOptions *o, Str path, bool is_dir);

/* Asks about the images; `details`: about each that is wanted. */
void bench_images(Bench *b, bool details);
