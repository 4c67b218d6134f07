#ifndef SOURCE_PS_PROBE_H
#define SOURCE_PS_PROBE_H

#include "source/ps_way.h"

/* What probing works with. */
struct ps_probe {
	struct ps_client *client;
	const struct source_options *options;
	const struct roster *roster; /* what templates name */
};

/* How a table would be read, found with a row of it at most. */
struct ps_probe_result {
	const struct ps_way *way; /* NULL: in none of [source] ways */
	bool first;		  /* it is the first of them */
	struct buf why;	   /* what the others, or the way, lack; may be "" */
	struct buf grants; /* lines of plugin.xml that are missing */
	bool withheld;	   /* it is there, but was refused */
};

/*
 * Tries the ways one after the other. A refusal names one field at a time, so
 * that each is taken out and the rest tried again until all are known. 0, or
 * -1.
 */
int ps_probe_table(struct ps_probe *probe, enum table_id table,
    struct ps_probe_result *result, struct err *err);

void ps_probe_result_free(struct ps_probe_result *result);

#endif
