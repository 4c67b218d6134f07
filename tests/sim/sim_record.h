#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include <stdint.h>

#include "base/err.h"
#include "sim_request.h"

/* What --record says of one request that has ended. */
struct sim_entry {
	uint64_t sequence;
	int64_t start_ms, end_ms;
	unsigned in_flight; /* at the start, this one included */
	const struct sim_request *request;
	bool auth_right;
	unsigned status; /* 0: no answer */
	uint64_t sent;	 /* bytes of body */
};

struct sim_record;

/* Opens the file, mode 0600; NULL with the reason. */
struct sim_record *sim_record_open(const char *path, struct err *err);
void sim_record_close(struct sim_record *record);

/* Writes one line of JSON at once; no secret is in it. */
void sim_record_put(struct sim_record *record, const struct sim_entry *entry);

#endif
