/* limits.h - ceilings of this room, each with its reason. */
#pragma once

/* A Dockerfile; generated ones reach 300 KiB. */
#define LIMIT_DOCKERFILE_BYTES (4u << 20)
/* A physical line, as BuildKit has it. */
#define LIMIT_DOCKERFILE_LINE 65535u
/* Rules compare each with each; the longest real files have 2000. */
#define LIMIT_DOCKERFILE_INSTRUCTIONS 16384u
/* Words of one instruction, and its flags; rules look through them for every command. */
#define LIMIT_DOCKERFILE_WORDS 16384u
#define LIMIT_DOCKERFILE_FLAGS 1000u
/* Problems of one file; more say nothing new. */
#define LIMIT_DOCKERFILE_PROBLEMS 1000u
/* Nested ${a:-${b:-...}}. */
#define LIMIT_DOCKERFILE_DEPTH 32u
/* An expanded word; ENV a=$a$a doubles with every line. */
#define LIMIT_DOCKERFILE_EXPANDED (64u << 10)
/* Steps of all expansions of a file: a second of them. */
#define LIMIT_DOCKERFILE_EXPANSION (64u << 20)
/* A .dockerignore, its lines, and the paths asked about; the longest real ones have 700 patterns.
 */
#define LIMIT_DOCKERIGNORE_BYTES (1u << 20)
#define LIMIT_DOCKERIGNORE_PATTERNS 10000u
#define LIMIT_DOCKERIGNORE_LINE 1024u
