/* fix_record.h - the folder of undo records. */
#pragma once
#include "fix/act.h"
#include "flow/fix.h"

typedef struct FixRecords {
	int root; /* of the tree */
	int dir;  /* FIX_UNDO_DIR; locked */
	const char *name;
} FixRecords;

/* `make`: the folder is made when it is not there. */
Result fix_records_open(const FixRequest *r, bool make, FixRecords *out);
void fix_records_close(FixRecords *f);
#define AUTO_FIX_RECORDS __attribute__((cleanup(fix_records_close), unused))

/* Copies what will be replaced, and makes the record appear whole and synced. The actions' saved
 * names are not set in the caller's. */
Result fix_record_make(const FixRecords *f, const ActionVec *actions, Arena *a, Str *id);
/* The record's folder, and its text; `id` NULL: the last that was not taken back. */
Result fix_record_open(const FixRecords *f, const char *id, Arena *a, int *dir, Str *found,
		       Str *text);
Result fix_record_saved(int dir, Str name, Arena *a, Str *out);
/* It was taken back. */
Result fix_record_close(int dir);
