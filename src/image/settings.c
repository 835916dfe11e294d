/* settings.c - members of a config, one by one. */
#include "image/settings.h"

#include "model/pkg.h"

static void read_list(const Value *config, Str key, Arena *a, StrVec *out)
{
	const Value *v = value_get(config, key);
	if (v != NULL && v->type == JSON_STRING && v->text.n != 0)
		vec_push(a, out, v->text);
	for (size_t i = 0; v != NULL && v->type == JSON_ARRAY && i < v->n; i++)
		if (v->items[i]->type == JSON_STRING)
			vec_push(a, out, v->items[i]->text);
}

/* Sets are objects whose members mean nothing. */
static void read_keys(const Value *config, Str key, Arena *a, StrVec *out)
{
	const Value *v = value_get(config, key);
	for (size_t i = 0; v != NULL && v->type == JSON_OBJECT && i < v->n; i++)
		vec_push(a, out, v->members[i].key);
}

static void read_labels(const Value *v, Arena *a, ImageSettings *out)
{
	for (size_t i = 0; v != NULL && v->type == JSON_OBJECT && i < v->n; i++)
		if (v->members[i].value->type == JSON_STRING)
			vec_push(a, &out->labels,
				 (Label){v->members[i].key, v->members[i].value->text});
}

void settings_read(const Value *config, Arena *a, ImageSettings *out)
{
	const Value *health = value_get(config, S("Healthcheck"));
	out->known = true;
	out->user = value_str(config, S("User"));
	out->workdir = value_str(config, S("WorkingDir"));
	out->stop_signal = value_str(config, S("StopSignal"));
	read_list(config, S("Env"), a, &out->env);
	read_list(config, S("Entrypoint"), a, &out->entrypoint);
	read_list(config, S("Cmd"), a, &out->cmd);
	read_list(config, S("Shell"), a, &out->shell);
	read_list(config, S("OnBuild"), a, &out->on_build);
	read_keys(config, S("ExposedPorts"), a, &out->ports);
	read_keys(config, S("Volumes"), a, &out->volumes);
	read_labels(value_get(config, S("Labels")), a, out);
	read_list(health, S("Test"), a, &out->health);
	out->has_health = out->health.n != 0;
}

void settings_read_history(const Value *history, size_t layers, Arena *a, ImageSettings *out)
{
	uint32_t layer = 0;
	for (size_t i = 0; history != NULL && i < history->n; i++) {
		const Value *line = history->items[i], *empty = value_get(line, S("empty_layer"));
		HistoryStep step = {.created_by = value_str(line, S("created_by")),
				    .comment = value_str(line, S("comment")),
				    .created = value_str(line, S("created")),
				    .layer = LAYER_NONE};
		step.empty = empty != NULL && empty->type == JSON_BOOL && empty->truth;
		if (!step.empty && layer < layers)
			step.layer = layer++;
		vec_push(a, &out->history, step);
	}
}
