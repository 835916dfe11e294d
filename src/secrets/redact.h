/* redact.h - a text in which each secret is masked, to be shown for what else it says. */
#pragma once
#include "secrets/scan.h"

/* `text`, in `a` where anything in it is masked. `path`: what the rules take it for. Even what is
 * hardly believed to be a secret is masked; what cannot be searched to its end is cut there. */
Str secret_redact(SecretScan *s, Str path, Str text, Arena *a);
