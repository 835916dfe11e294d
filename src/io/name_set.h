/* name_set.h - names of Git's objects, each once; 27 to 53 bytes a name. */
#pragma once
#include "io/git_object.h"

typedef struct NameSet NameSet;

NameSet *name_set_create(void);
void name_set_destroy(NameSet *s);
static inline void name_set_destroyp(NameSet **s) { name_set_destroy(*s); }
#define AUTO_NAME_SET __attribute__((cleanup(name_set_destroyp)))

bool name_set_add(NameSet *s, const GitName *n); /* false: it was there */
bool name_set_has(const NameSet *s, const GitName *n);
size_t name_set_count(const NameSet *s);
