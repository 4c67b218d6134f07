#ifndef SOURCE_PS_METADATA_H
#define SOURCE_PS_METADATA_H

#include <stdbool.h>

#include "base/json.h"

#define PS_VERSION_SIZE 32

/* What /ws/v1/metadata says of a server; "" and 0: nothing. (powerschool 4) */
struct ps_metadata {
	char version[PS_VERSION_SIZE]; /* "25.7.0.0"; "" is before 9.0 */
	char timezone[64];
	unsigned table_page_max; /* rows of /ws/schema/table */
	unsigned v1_page_max;	 /* the least of /ws/v1's limits */
};

/* Reads the document; texts and numbers count alike, the outer object may be
 * missing, and what is not there stays "" or 0. */
void ps_metadata_read(
    struct ps_metadata *metadata, const struct json *document);

/*
 * Whether a version is that one or later, part by part as numbers: 9.10 is
 * later than 9.2, and what is missing counts as 0. "" is before every other.
 */
bool ps_metadata_at_least(const char *version, const char *least);

#endif
