/* limits.h - ceilings of this room, each with its reason. */
#pragma once

/* A Dockerfile; generated ones reach 300 KiB. */
#define LIMIT_DOCKERFILE_BYTES (4u << 20)
/* A physical line, as BuildKit has it. */
#define LIMIT_DOCKERFILE_LINE 65535u
#define LIMIT_DOCKERFILE_INSTRUCTIONS 65536u
/* Words of one instruction. */
#define LIMIT_DOCKERFILE_WORDS 65536u
/* Problems of one file; more say nothing new. */
#define LIMIT_DOCKERFILE_PROBLEMS 1000u
/* Nested ${a:-${b:-...}}. */
#define LIMIT_DOCKERFILE_DEPTH 32u
