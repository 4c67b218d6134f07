#ifndef SIM_REQUEST_H
#define SIM_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "sim_effect.h"

#define SIM_ARGUMENTS_MAX 16

/* One request, as it came in. */
struct sim_request {
	char *method;
	char *uri;  /* path with query, undecoded */
	char *path; /* decoded */
	struct {
		char *name, *value;
	} arguments[SIM_ARGUMENTS_MAX];
	size_t narguments;
	struct buf body;
	/* Headers; "" when they were not sent. */
	char *authorization, *host, *accept, *accept_encoding, *content_type;
	struct sim_effect effect; /* of the script on this request */
};

/* Splits the address. All texts are copied. */
void sim_request_init(
    struct sim_request *request, const char *method, const char *uri);
void sim_request_free(struct sim_request *request);

/* The decoded argument of the query, NULL when it is not there. */
const char *sim_argument(const struct sim_request *request, const char *name);

/* The argument as a number of 0 or more, otherwise when it is none. */
size_t sim_argument_number(
    const struct sim_request *request, const char *name, size_t otherwise);

/* The parts of a path between slashes, at most max of them. */
struct sim_part {
	const char *text;
	size_t len;
};
size_t sim_path_parts(const char *path, struct sim_part *parts, size_t max);
bool sim_part_is(struct sim_part part, const char *text);

#endif
