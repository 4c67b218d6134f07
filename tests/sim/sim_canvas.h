#ifndef SIM_CANVAS_H
#define SIM_CANVAS_H

#include <stdint.h>

#include "sim_lms.h"
#include "sim_server.h"

/* A Canvas server behind sim_http; server->data points to it. */
struct sim_canvas {
	const struct sim_lms *lms;
	void *lms_data;
	char *token; /* "": none is valid any more */
	bool no_sis, no_last, bookmarks;
	size_t page_default, page_max;
	/* The leaky bucket of the token (grades B2, Throttling). */
	double bucket_size, outflow, cost; /* cost 0: no throttling */
	double bucket;
	int64_t bucket_ms;
};

extern const struct sim_product sim_canvas;

#endif
