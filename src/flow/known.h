/* known.h - what commands that look through files have in common: which names are images,
 * which paths are left out, and findings that are known already. */
#pragma once
#include "model/remark.h"

/* "docker:x" and its like, or a word that is no path. */
bool target_names_image(Str target);
/* The path or its last part matches one of these shell patterns, which end with a NUL. NULL: none.
 */
bool is_excluded(const StrVec *patterns, Str path);
/* Takes out remarks with one of these fingerprints: a baseline. They are
 * accepted. */
void known_drop(const StrVec *fingerprints, Arena *a, RemarkReport *r);
