/* limits.h - ceilings of this room, each with its reason. */
#pragma once

/* Remarks about one file; a person reads the first hundred. */
#define LIMIT_LINT_REMARKS 10000u
