/* summary.c - counts findings. */
#include "report/summary.h"

#include "base/map.h"

Summary summary_of(const Report *r)
{
	Arena a = {0};
	Map ids = {0};
	Summary s = {0};
	for (size_t i = 0; i < r->findings.n; i++) {
		const Finding *f = &r->findings.at[i];
		if (f->informational) {
			s.informational++;
			continue;
		}
		s.findings++;
		s.by_severity[f->severity]++;
		s.fixable += f->fixed_version.n != 0;
		s.exploited += f->exploited;
		*map_at(&ids, &a, f->id) = &s;
	}
	s.vulnerabilities = ids.n;
	arena_finish(&a);
	return s;
}
