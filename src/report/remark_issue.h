/* remark_issue.h - one remark as an issue of the Code Climate engine specification, which GitLab's
 * Code Quality reads, too. */
#pragma once
#include "io/json_out.h"
#include "model/remark.h"

/* `id`: its fingerprint, which has to be different for each. */
void remark_issue(JsonOut *o, const Remark *r, Str id);
