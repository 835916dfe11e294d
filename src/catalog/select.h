/* select.h - which analyzer, if any, a path belongs to; all patterns compiled once. */
#pragma once
#include "catalog/analyzer.h"

/* The analyzer that a file sets off; NULL: none. `companion` is made true when the file is only
 * kept for one to look up (the answer is then that one). */
const Analyzer *analyzer_for(const FileInfo *f, bool *companion);

/* Exact paths and directories of every analyzer, NULL-terminated: Selector.exact. */
const char *const *analyzer_exact_paths(void);
