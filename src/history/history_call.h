#ifndef HISTORY_CALL_H
#define HISTORY_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/json.h"
#include "history/history_state.h"

/* How a command about past runs was called. */
struct history_call {
	const struct conf *conf;
	const char *out;    /* [output] dir */
	const char *run;    /* as typed; NULL: none was */
	const char *reason; /* --reason, or NULL */
	int64_t now;	    /* UTC seconds */
	bool now_given;	    /* by --now, not by the clock */
	bool dry_run, json, quiet;
};

/*
 * Fills call but for its flags: run and reason as typed, now_text is --now or
 * NULL for the clock. 0, or -1 with EXIT_USAGE or EXIT_SETTINGS.
 */
int history_call_settle(struct history_call *call, const struct conf *conf,
    const char *run, const char *reason, const char *now_text, struct err *err);

/*
 * The reason that was given: a few words on one line, not blank. needed: it
 * must be there. 0, or -1 with EXIT_USAGE.
 */
int history_call_check_reason(
    const struct history_call *call, bool needed, struct err *err);

/* Prints a document to stdout and frees it. */
void history_call_print_json(struct json *document);

/*
 * Prints text that comes from a file so that it stays on its line and cannot
 * steer a terminal: what is not printable appears as \u{1b}.
 */
void history_call_print_text(const char *text);

#endif
