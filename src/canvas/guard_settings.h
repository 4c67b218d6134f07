#ifndef CANVAS_GUARD_SETTINGS_H
#define CANVAS_GUARD_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "canvas/keep.h"

enum guard_mode { GUARD_ENFORCE, GUARD_ADDITIONS_ONLY, GUARD_WARN };

extern const char *const guard_settings_modes[]; /* enforce, ... */

/* Days in which every run is held, both included. */
struct guard_range {
	int32_t first, last;
};

/* What [guard] says; shares are whole per cents. */
struct guard_settings {
	enum guard_mode mode;
	bool first_run_accepted;
	unsigned removed[KEEP_SHEETS], changed, added;
	unsigned lost;
	unsigned blank;	  /* percentage points */
	uint64_t minimum; /* rows */
	unsigned baseline_days;
	struct guard_range *blackout;
	size_t nblackout, capblackout;
};

/*
 * Reads [guard]. 0, or -1 with EXIT_SETTINGS when a range of days is none;
 * guard_settings_free() in both cases.
 */
int guard_settings_load(
    struct guard_settings *settings, const struct conf *conf, struct err *err);
void guard_settings_free(struct guard_settings *settings);

#endif
