/* engine.c - placeholder */
#include "image/road.h"
Result road_engine(const Road *road, Engine engine, Str name, ImageAnswer *out, bool *found,
		   Str *why)
{
	(void)road, (void)engine, (void)name, (void)out;
	*found = false;
	*why = S("x");
	return OK;
}
