/* unit.h - how systemd would start a service: systemd.unit(5), systemd.service(5), systemd.exec(5).
 *
 * Of a command line: quotes, "$NAME" and "${NAME}", from Environment= and EnvironmentFile=.
 * Specifiers (%i) stay as they are. */
#pragma once
#include "base/vec.h"
#include "io/probe.h"

/* The file systemd reads for `name` ("docker.service"); empty: there is none, or it is masked. */
Str unit_find(Probe *p, Str name, Arena *a);
/* Its drop-ins ("docker.service.d", "service.d") in the order in which they count. 0, or why they
 * cannot be known. */
int unit_drop_ins(Probe *p, Str name, Arena *a, StrVec *paths);

typedef struct UnitText {
	Str exec_start;     /* without its prefixes ("-", "@", "+" ...) */
	StrVec environment; /* "NAME=value", a later one counts */
	StrVec files;       /* of EnvironmentFile=, "-" and all */
	StrVec listens;     /* of ListenStream= */
} UnitText;

/* Adds what one file's [Service] or [Socket] says. */
void unit_text(Str text, Arena *a, UnitText *to);
/* Adds the lines of an EnvironmentFile=. */
void unit_environment(Str text, Arena *a, StrVec *to);
/* The words of exec_start. */
void unit_words(const UnitText *u, Arena *a, StrVec *out);

/* The command line of `name`, whole; empty: there is no such unit, or *why it cannot be known. */
void unit_command(Probe *p, Str name, Arena *a, StrVec *out, Str *why);
/* Where systemd listens for `name` ("docker.socket"): "/run/docker.sock", "2375", "[::]:2375". */
void unit_listens(Probe *p, Str name, Arena *a, StrVec *out, Str *why);
