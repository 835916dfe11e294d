/* sudoers.h - sudoers(5): who may run what as whom. One file as lines; who reads them follows the
 * includes. */
#pragma once
#include "base/map.h"
#include "base/vec.h"

/* Lines of all files together, and commands after aliases are replaced. */
#define LIMIT_SUDO_LINES 100000u
#define LIMIT_SUDO_COMMANDS 100000u

typedef struct SudoRule {
	Str who;       /* "alice", "%wheel", of a list one word */
	Str commands;  /* as written, aliases replaced: "ALL", "/usr/bin/docker ps, /bin/ls" */
	bool nopasswd; /* of any of its commands */
	bool all;      /* every command, without a password */
} SudoRule;
typedef VEC(SudoRule) SudoRuleVec;

typedef struct Sudoers {
	Arena *arena;
	size_t lines;
	Map commands, users;    /* aliases: name -> Str, "/bin/a, /bin/b" */
	StrVec specs;           /* lines that are rules, in order */
	StrVec includes;        /* of the file read last: "/path", or "/path/" for a directory */
	StrVec unauthenticated; /* of Defaults !authenticate: "Defaults", "Defaults:alice" */
} Sudoers;

/* One file more. *includes are then those of this file. */
void sudoers_read(Str text, Sudoers *s);
/* All files were read: the rules, one a user. */
void sudoers_rules(const Sudoers *s, SudoRuleVec *out);
/* A command (path and arguments) that gives its user all that root has: an engine's client. */
bool sudo_is_engine(Str command);
