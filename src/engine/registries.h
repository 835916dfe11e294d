/* registries.h - registries.conf of Podman and its kin, see containers-registries.conf(5): TOML, of
 * which only what says "insecure" is read. */
#pragma once
#include "base/vec.h"

/* Adds the registries that one file takes without a verified certificate. */
void registries_insecure(Str text, Arena *a, StrVec *out);
