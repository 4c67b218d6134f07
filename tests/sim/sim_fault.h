#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include "sim_effect.h"
#include "sim_tables.h"

#define SIM_CHANGES_MAX 4 /* of rows, in one line */

enum sim_change { SIM_INSERT_ROW, SIM_DELETE_ROW, SIM_REPEAT_ROW };

/* One line of a script. */
struct sim_fault {
	const char *method, *pattern;
	unsigned long first, last; /* which of those that match */
	unsigned long matched;
	struct sim_effect effect;
	struct {
		enum sim_change change;
		enum sim_table_id table;
		size_t at;
	} changes[SIM_CHANGES_MAX];
	size_t nchanges;
	char *words; /* that all texts lie in */
};

/* Reads the words of a line; returns what is wrong with it, NULL: nothing. */
const char *sim_fault_read(
    struct sim_fault *fault, struct sim_text *words, size_t nwords);

#endif
