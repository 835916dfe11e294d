/* judging.h - short words for those who judge: `j` has the Arena in ->a, `v` is the Verdict. */
#pragma once
#include "model/check.h"

#define PASS(j, v, source, ...) verdict_is((v), (j)->a, OUTCOME_PASS, (source), __VA_ARGS__)
#define WARN(j, v, source, ...) verdict_is((v), (j)->a, OUTCOME_WARN, (source), __VA_ARGS__)
#define INFO(j, v, source, ...) verdict_is((v), (j)->a, OUTCOME_INFO, (source), __VA_ARGS__)
#define NOTE(j, v, source, ...) verdict_is((v), (j)->a, OUTCOME_NOTE, (source), __VA_ARGS__)
#define NOT_HERE(j, v, ...) verdict_is((v), (j)->a, OUTCOME_NA, S(""), __VA_ARGS__)
#define ERROR(j, v, source, ...) verdict_is((v), (j)->a, OUTCOME_ERROR, (source), __VA_ARGS__)
