/* advise.h - a plan out of a report: for each check that warns, the steps that answer it. Runs in a
 * worker over a Probe. */
#pragma once
#include "engine/daemon.h"
#include "fix/plan.h"

typedef struct FixPlace {
	DaemonWant daemon;
	bool live;       /* this machine, and so its kernel too */
	Str audit_rules; /* the text of a rules file; empty: rules cannot be made */
} FixPlace;

void fix_advise(Probe *p, const FixPlace *place, const CheckReport *r, Arena *a, FixPlan *out);
