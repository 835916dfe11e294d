/* modprobe.h - the configuration of modprobe (modprobe.d(5)): which modules are not to be loaded.
 */
#pragma once
#include "base/vec.h"

typedef struct ModRule {
	enum { MOD_BLACKLIST = 1, MOD_INSTALL } kind;
	Str module;  /* with '_' for '-' */
	Str command; /* of install */
} ModRule;
typedef VEC(ModRule) ModRuleVec;

/* Adds what one file says; lines may go on after a '\' at their end. */
void modprobe_read(Str text, Arena *a, ModRuleVec *out);
/* It is blacklisted, or installing it runs nothing. */
bool modprobe_forbids(const ModRuleVec *rules, Str module);
/* As modprobe compares names. */
Str modprobe_name(Arena *a, Str module);
