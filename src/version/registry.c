/* registry.c - the table of version schemes. */
#include "version/scheme.h"

#define SCHEME(name) extern const Scheme scheme_##name;
#include "version/schemes.def"
#undef SCHEME

const Scheme *const schemes[] = {
#define SCHEME(name) &scheme_##name,
#include "version/schemes.def"
#undef SCHEME
	NULL,
};

const Scheme *scheme_get(VersionScheme id)
{
	for (const Scheme *const *s = schemes; *s != NULL; s++)
		if ((*s)->id == id)
			return *s;
	return NULL;
}

const Scheme *scheme_named(Str name)
{
	for (const Scheme *const *s = schemes; *s != NULL; s++)
		if (str_eq(str_of((*s)->name), name))
			return *s;
	return NULL;
}
