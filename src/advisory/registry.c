/* registry.c - the table of feeds, as feeds.def has it. */
#include "advisory/feed.h"

#define FEED(name) extern const Feed feed_##name;
#include "advisory/feeds.def"
#undef FEED

const Feed *const feeds[] = {
#define FEED(name) &feed_##name,
#include "advisory/feeds.def"
#undef FEED
	NULL,
};

const Feed *feed_named(Str name)
{
	for (size_t i = 0; feeds[i] != NULL; i++)
		if (str_eq(name, str_of(feeds[i]->name)))
			return feeds[i];
	return NULL;
}
