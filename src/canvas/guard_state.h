#ifndef CANVAS_GUARD_STATE_H
#define CANVAS_GUARD_STATE_H

#include "canvas/guard.h"

/* A verdict and what it stands on: guard.c fills it, guard_report.c reads. */
struct guard {
	enum guard_verdict verdict;
	enum guard_mode mode;
	bool first;
	uint64_t minimum;
	unsigned baseline_days;
	char *baseline_run; /* NULL: none was looked at */
	int32_t baseline_date;
	struct guard_limit *limits;
	size_t nlimits, caplimits;
	size_t nreasons;
};

#endif
