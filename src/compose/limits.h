/* limits.h - ceilings of this room, each with its reason. */
#pragma once

/* A Compose file or an env file; generated ones reach 500 KiB. */
#define LIMIT_COMPOSE_BYTES (4u << 20)
/* Values of one document with its aliases followed: a project of 1,000 services has 60,000. */
#define LIMIT_COMPOSE_NODES 500000u
/* Values that reading and merging all files of a project makes. */
#define LIMIT_COMPOSE_MERGED 4000000u
/* Containers inside each other, aliases followed; the specification needs 8. */
#define LIMIT_COMPOSE_DEPTH 64u
/* Files of one project: overrides, bases of extends, includes. */
#define LIMIT_COMPOSE_FILES 200u
/* Includes of one project, each time that a file is; 20 are many. */
#define LIMIT_COMPOSE_INCLUDES 500u
/* extends in a row. */
#define LIMIT_COMPOSE_CHAIN 32u
/* Services of one project; nobody starts more on one machine. */
#define LIMIT_COMPOSE_SERVICES 5000u
/* One value after its variables are put in; the kernel takes 128 KiB in one. */
#define LIMIT_COMPOSE_VALUE_BYTES (256u << 10)
/* Nested ${a:-${b:-...}}. */
#define LIMIT_COMPOSE_NESTING 16u
/* What one project's variables may add to its text; a bomb otherwise. */
#define LIMIT_COMPOSE_EXPANDED_BYTES (32u << 20)
/* Problems of one project; more say nothing new. */
#define LIMIT_COMPOSE_PROBLEMS 1000u
