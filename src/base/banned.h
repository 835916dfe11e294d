/* banned.h - calls nobody here may make; included by the build before every file.
 *
 * Each has a safer neighbour: Str and Buf instead of strcpy and friends,
 * str_u64() instead of atoi, gmtime_r, mkstemp or O_TMPFILE, posix_spawn. */
#pragma once
#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* With _FORTIFY_SOURCE clang sees these as macros, which cannot be poisoned. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll atof
#pragma GCC poison gmtime localtime ctime asctime tmpnam tempnam mktemp system popen
