/* judge.h - one package against one advisory row. */
#pragma once
#include "model/finding.h"

typedef enum Verdict {
	VERDICT_CLEAR = 1,
	VERDICT_TOUCHED,
	VERDICT_UNDECIDED, /* the scheme does not take one of the versions */
} Verdict;

typedef struct Judgement {
	Verdict verdict;
	Status status;
	Str fixed;      /* the version that ends the range it was found in; empty: none */
	Str comparison; /* in words, for the evidence */
	Str refused;    /* with VERDICT_UNDECIDED: the version that no order takes */
} Judgement;

/* `version` is what is compared: the binary's or the source's. */
Judgement judge(Arena *a, const Advisory *row, const Pkg *p, Str version);
