/* rule.h - a secret rule: what one kind of secret looks like, as data
 * (doc/formats/secret-rules.md).
 *
 * Rules are text, compiled into the program; users may add files of the same form. A rule has
 * literals, one of which must be in the text before anything slower is asked, and a pattern
 * (PCRE2) that is tried there. Everything lives in the arena given. */
#pragma once
#include "base/err.h"
#include "model/advisory.h"
#include "model/pkg.h"
#include "model/remark.h"

typedef enum SecretCheck {
	SECRET_CHECK_NONE,
	SECRET_CHECK_CRC32, /* the last six characters are the CRC-32 of the rest, in base 62 */
	SECRET_CHECK_JWT,   /* the first part is base64 of a JSON object with "alg" */
	SECRET_CHECK_PEM,   /* base64 between the lines, and it is DER */
} SecretCheck;

/* What an exception looks at. */
typedef enum SecretPlace { SECRET_VALUE, SECRET_NAME, SECRET_LINE, SECRET_PLACES } SecretPlace;

typedef struct SecretRule {
	Str id, provider, about; /* about: one phrase, for people */
	StrVec keywords;         /* literals in any case */
	StrVec prefixes;         /* literals as they are */
	Str pattern;             /* PCRE2; for `near`, of the value alone */
	Str path;                /* PCRE2: only in files of such a path; alone: the file itself */
	StrVec allow[SECRET_PLACES];
	StrVec published; /* values that are public: 16 hex digits of their SHA-256 */
	StrVec good, bad; /* samples, as written */
	double entropy;   /* bits a character that the secret has at least */
	unsigned back;    /* bytes before the literal where the pattern may begin; 0: at it */
	unsigned span;    /* bytes after it that the pattern may see */
	Severity severity;
	Confidence confidence;
	SecretCheck check;
	bool near;   /* the literal is in a name, to which the value is assigned */
	bool exact;  /* near: the value's case counts */
	bool loose;  /* a letter or digit may stand before and behind it */
	bool binary; /* looked for in binaries too */
	bool weak;   /* people write such values in examples: those are believed less */
	bool plain;  /* what matches is meant: no judging of values, no pragma */
	bool vague;  /* gives way to any other rule that claims the same bytes */
} SecretRule;

typedef struct SecretRuleVec {
	SecretRule *at;
	size_t n, cap;
} SecretRuleVec;

/* Adds the rules of `text` to `out`. ERR_INPUT, with the line, when it is not of the form. */
Result secret_rules_parse(Str text, Arena *a, SecretRuleVec *out);
/* Those compiled into the program, as text. */
Str secret_rules_text(void);
