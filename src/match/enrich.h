/* enrich.h - what other sources say of the findings: exploitation, probability, title, links. */
#pragma once
#include "advisory/db.h"
#include "model/finding.h"

Result enrich_findings(AdvisoryDb *db, Arena *a, Report *r);
