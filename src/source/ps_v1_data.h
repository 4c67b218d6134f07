#ifndef SOURCE_PS_V1_DATA_H
#define SOURCE_PS_V1_DATA_H

#include "source/ps_client.h"
#include "source/ps_v1_rows.h"

/* What came of /ws/v1 so far; several tables are made of the same lists. */
struct ps_v1_data {
	struct ps_client *client;
	const struct source_options *options;
	struct ps_v1_rows rows[PS_V1_KINDS]; /* in the order of their ids */
	bool read[PS_V1_KINDS], completed[PS_V1_KINDS];
	uint64_t bytes[PS_V1_KINDS]; /* of answers */
};

struct ps_v1_data *ps_v1_data_new(
    struct ps_client *client, const struct source_options *options);
void ps_v1_data_free(struct ps_v1_data *data);

/*
 * Reads all lists of a kind, and those of its owners before, unless they are
 * there: the district's schools, each school's terms, each section's
 * enrollments. 0; 1 with *refusal; or -1.
 */
int ps_v1_data_read(struct ps_v1_data *data, enum ps_v1_kind kind,
    struct ps_refusal *refusal, struct err *err);

/*
 * Asks one by one for what objects that were read refer to and no list has:
 * a lead teacher who is not active any more, a course of another year, a
 * student who has left the district. What is not there stays missing. 0; 1
 * with *refusal; or -1.
 */
int ps_v1_data_complete(struct ps_v1_data *data, enum ps_v1_kind kind,
    struct ps_refusal *refusal, struct err *err);

#endif
