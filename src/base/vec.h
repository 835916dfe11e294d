/* vec.h - a growing array that lives in an arena.
 *
 *     VEC(Pkg) pkgs = {0};
 *     vec_push(arena, &pkgs, (Pkg){...});
 *     for (size_t i = 0; i < pkgs.n; i++) use(&pkgs.at[i]);
 *
 * Growing copies; pointers into `at` die with the next push. Nothing is freed
 * before the arena is. The caller bounds n: input is capped where it enters. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

#define VEC(T)                 \
	struct {               \
		T *at;         \
		size_t n, cap; \
	}

#define vec_push(arena, v, ...)                                                           \
	do {                                                                              \
		if ((v)->n == (v)->cap)                                                   \
			(v)->at = vec_grow((arena), (v)->at, &(v)->cap, sizeof *(v)->at); \
		(v)->at[(v)->n++] = (__VA_ARGS__);                                        \
	} while (0)

/* Room for twice as many; called by vec_push() only. */
void *vec_grow(Arena *a, const void *old, size_t *cap, size_t item_bytes)
	__attribute__((returns_nonnull));

typedef VEC(Str) StrVec;
