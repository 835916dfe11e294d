/* compose_rule.h - what rules about Compose projects have in common. */
#pragma once
#include "lint/rule.h"

/* As lint_say(), about a node, in the file it is written in. */
void compose_say(LintSink *to, const Node *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* That the service lacks rule->absent. */
void compose_lacks(LintSink *to, const NodeEntry *service);
/* Whether all variables in it have values; if not, it is noted as not evaluated. NULL is known. */
bool compose_known(LintSink *to, const Node *n);
/* Each service that is a map. */
void compose_each(const Compose *c, LintSink *to,
		  void (*check)(const Compose *c, const NodeEntry *service, LintSink *to));
/* An option of security_opt, which "name:value" or "name=value" sets; its node, or NULL. */
const Node *compose_security(const Node *service, Str name, Str *value);
/* Whether it says name in its list, in any case, with or without CAP_. */
bool compose_has_capability(const Node *service, Str list, Str name);
/* What the secrets engine finds in the project's Compose files, each told of; env files are where
 * secrets may be. */
void compose_each_secret(const Compose *c, LintSink *to,
			 void (*tell)(const LintSecret *s, const Node *at, LintSink *to));
/* The node as it stands may be replaced: a value of its own, of one line, and not shared. */
bool compose_editable(const Compose *c, const Node *n);
/* The text of a node's span. */
Str compose_written(const Compose *c, const Node *n);
