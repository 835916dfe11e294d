/* check_say.h - checks in words, for formats that have one text for all of it. */
#pragma once
#include "model/check.h"

/* "container web: runs as root"; without what was seen: "container web". */
Str check_item_text(const CheckItem *i, Arena *a);
/* What is, and what was wanted: "icc is true; wanted: icc: false". */
Str check_seen_text(const Verdict *v, Arena *a);
