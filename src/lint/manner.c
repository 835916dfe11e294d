/* manner.c - what a fix adds is written as the file writes its own: letter case, ends of lines,
 * escape. */
#include "base/buf.h"
#include "lint/rule.h"

LetterCase case_of(Str s)
{
	bool lower = false, upper = false;
	for (size_t i = 0; i < s.n; i++) {
		lower |= s.p[i] >= 'a' && s.p[i] <= 'z';
		upper |= s.p[i] >= 'A' && s.p[i] <= 'Z';
	}
	return lower && upper ? CASE_MIXED : upper ? CASE_UPPER : CASE_LOWER;
}

Str in_case(Arena *a, Str s, LetterCase as)
{
	Buf b = buf_in(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (as == CASE_UPPER && c >= 'a' && c <= 'z')
			c = (char)(c & ~0x20);
		else if (as == CASE_LOWER && c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		buf_char(&b, c);
	}
	return buf_str(&b);
}

LetterCase keyword_case(const LintFile *f)
{
	size_t lower = 0, upper = 0;
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		LetterCase c = case_of(lint_at(f, i)->keyword);
		lower += c == CASE_LOWER;
		upper += c == CASE_UPPER;
	}
	return lower > upper ? CASE_LOWER : CASE_UPPER;
}

Str newline_of(const LintFile *f)
{
	const Places *p = &f->d->places;
	uint32_t second = p->lines.n > 1 ? p->lines.at[1] : 0;
	return second > 1 && p->text.p[second - 2] == '\r' ? S("\r\n") : S("\n");
}

Str new_line(const LintFile *f, Str keyword, Str rest)
{
	Buf b = buf_in(f->a, keyword.n + rest.n + 8);
	buf_add(&b, in_case(f->a, keyword, keyword_case(f)));
	buf_char(&b, ' ');
	buf_add(&b, rest);
	buf_add(&b, newline_of(f));
	return buf_str(&b);
}

Str and_on_next_line(const LintFile *f)
{
	Buf b = buf_in(f->a, 32);
	buf_add(&b, S(" && "));
	buf_char(&b, f->d->escape);
	buf_add(&b, newline_of(f));
	buf_add(&b, S("    "));
	return buf_str(&b);
}

bool goes_on(const LintFile *f, const Instruction *in)
{
	Str text = f->d->text;
	return in->heredocs.n == 0 && in->span.end != 0 && in->span.end <= text.n &&
	       text.p[in->span.end - 1] == f->d->escape;
}
