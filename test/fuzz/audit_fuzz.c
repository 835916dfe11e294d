/* audit_fuzz.c - any bytes as records, one a line after its type: events come out, each is
 * accounted for, and each is one line; and the same bytes as a rule of the kernel's. */
#include <stdlib.h>

#include "audit/event.h"
#include "audit/rule.h"
#include "io/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_a_line(const AuditJoined *j)
{
	Arena a = {0};
	AuditEvent e;
	Value *v = NULL;
	Str text;
	Buf b = buf_in(&a, 64u << 20);
	audit_event_read(j, &a, &e);
	audit_event_json(&e, j, true, &b);
	Err *err = buf_done(&b, "an event", &text);
	if (err == OK && (text.n == 0 || memchr(text.p, '\n', text.n) != text.p + text.n - 1))
		abort();
	if (err == OK)
		err = value_from_json(text, &a, &v);
	if (err != OK && err->kind != ERR_LIMIT)
		abort();
	err_free(err);
	arena_finish(&a);
}

static size_t drain(AuditJoiner *j)
{
	const AuditJoined *e;
	size_t n = 0;
	for (; (e = audit_joined(j, 0)) != NULL; n++)
		must_be_a_line(e);
	return n;
}

static void as_records(Str text)
{
	AuditJoiner *j = audit_joiner_create(0);
	Str line, type;
	size_t n = 0;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		uint64_t number = 0;
		if (str_cut(&line, ' ', &type) && str_u64(type, &number))
			audit_join(j, (uint16_t)number, line, 0);
		audit_container_of(line);
		n += drain(j);
	}
	audit_join_end(j);
	n += drain(j);
	if (audit_join_counts(j).events != n || audit_join_counts(j).incomplete > n)
		abort();
	audit_joiner_destroy(j);
}

static void as_rule(Str bytes)
{
	Arena a = {0};
	AuditRule r, again;
	Buf b = buf_in(&a, 1u << 20), text = buf_in(&a, 1u << 20);
	Err *e = audit_rule_decode(bytes, &a, &r);
	if (e == OK) {
		audit_rule_text(&r, &text);
		Err *other = audit_rule_encode(&r, &b);
		if (other == OK)
			other = audit_rule_decode(buf_str(&b), &a, &again);
		if (other == OK && !audit_rule_same(&r, &again))
			abort();
		err_free(other);
	}
	err_free(e);
	arena_finish(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_records((Str){(const char *)data, size});
	as_rule((Str){(const char *)data, size});
	return 0;
}
