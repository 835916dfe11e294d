/* time.c - the civil calendar, by Hinnant's day count. */
#include "base/time.h"

#include <stdio.h>

enum { DAY = 86400 };

static int64_t days_from_civil(int64_t y, unsigned m, unsigned d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (int64_t)(m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

static bool take_number(Str *s, size_t digits, unsigned *out)
{
	uint64_t v;
	if (s->n < digits || !str_u64(str_first(*s, digits), &v))
		return false;
	*out = (unsigned)v;
	*s = str_skip(*s, digits);
	return true;
}

static bool take_char(Str *s, const char *any)
{
	if (s->n == 0 || s->p[0] == '\0' || strchr(any, s->p[0]) == NULL)
		return false;
	*s = str_skip(*s, 1);
	return true;
}

static bool take_offset(Str *s, int64_t *seconds)
{
	unsigned h, m;
	*seconds = 0;
	if (take_char(s, "Zz"))
		return true;
	bool east = s->n != 0 && s->p[0] == '+';
	if (!take_char(s, "+-") || !take_number(s, 2, &h))
		return false;
	take_char(s, ":");
	if (!take_number(s, 2, &m) || h > 23 || m > 59)
		return false;
	*seconds = ((int64_t)h * 60 + m) * 60 * (east ? -1 : 1);
	return true;
}

bool time_parse(Str text, int64_t *out)
{
	unsigned year, month, day, h = 0, m = 0, s = 0;
	int64_t shift = 0;
	if (!take_number(&text, 4, &year) || !take_char(&text, "-") ||
	    !take_number(&text, 2, &month) || !take_char(&text, "-") ||
	    !take_number(&text, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	if (text.n != 0) {
		if (!take_char(&text, "Tt ") || !take_number(&text, 2, &h) ||
		    !take_char(&text, ":") || !take_number(&text, 2, &m) ||
		    !take_char(&text, ":") || !take_number(&text, 2, &s))
			return false;
		if (take_char(&text, "."))
			while (take_char(&text, "0123456789"))
				continue;
		if (h > 23 || m > 59 || s > 60 || !take_offset(&text, &shift) || text.n != 0)
			return false;
	}
	*out = days_from_civil(year, month, day) * DAY + ((int64_t)h * 60 + m) * 60 + s + shift;
	return true;
}

static void civil_from_days(int64_t z, int64_t *year, unsigned *month, unsigned *day)
{
	z += 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
	*month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

static Str format(Arena *a, int64_t seconds, bool with_time)
{
	char text[64];
	int64_t days = seconds / DAY - (seconds % DAY < 0), year;
	unsigned month, day, rest = (unsigned)(seconds - days * DAY);
	civil_from_days(days, &year, &month, &day);
	int n = snprintf(text, sizeof text, "%04lld-%02u-%02u", (long long)year, month, day);
	if (with_time)
		n += snprintf(text + n, sizeof text - (size_t)n, "T%02u:%02u:%02uZ", rest / 3600,
			      rest / 60 % 60, rest % 60);
	return arena_str(a, (Str){text, (size_t)n});
}

Str time_format(Arena *a, int64_t seconds) { return format(a, seconds, true); }
Str date_format(Arena *a, int64_t seconds) { return format(a, seconds, false); }
