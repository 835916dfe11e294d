/* settings.h - the settings of an image, out of its config or an engine's answer, which have the
 * same members. What is of another type than it should be is taken as not there. */
#pragma once
#include "io/json.h"
#include "model/settings.h"

/* `config`: the member of that name, "Config" of an engine; NULL is fine. */
void settings_read(const Value *config, Arena *a, ImageSettings *out);
/* Out of "history"; steps that made a layer are counted up to `layers`. */
void settings_read_history(const Value *history, size_t layers, Arena *a, ImageSettings *out);
