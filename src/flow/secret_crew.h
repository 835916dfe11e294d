/* secret_crew.h - as many readers as processors, which share a list of things to read; and what
 * becomes of all they found. */
#pragma once
#include "flow/secret_reader.h"

typedef struct SecretCrew SecretCrew;

typedef struct SecretCrewWork {
	/* Item i, by any of the readers, which work side by side. */
	void (*read)(void *ctx, SecretReader *r, size_t i);
	void *ctx;
	size_t n;
} SecretCrewWork;

SecretCrew *secret_crew_create(const SecretSet *set, Confidence least, Str help);
void secret_crew_destroy(SecretCrew *c);
/* All items of `work`; may be called again with more. */
void secret_crew_run(SecretCrew *c, const SecretCrewWork *work);
/* What all found, as secret_told_report() has it; what could not be read, sorted. */
void secret_crew_tell(SecretCrew *c, bool once, Arena *a, RemarkReport *out);
