#ifndef EXAM_H
#define EXAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

/* What the command check of each program does: one examination after the
 * other, each with a verdict and, if need be, a fix. */

enum exam_verdict { EXAM_PASS, EXAM_WARN, EXAM_FAIL };

/* Of the examination at hand. */
struct exam_words {
	struct err err;	 /* of a failure: its code is the program's */
	struct buf says; /* what was found */
	struct buf fix;
	enum exam_verdict worst; /* so far */
	struct json *list;	 /* of verdicts; NULL: they are printed */
};

/* One of a table, which ends with a NULL name. */
struct examination {
	const char *what;
	enum exam_verdict (*look)(void *arg, struct exam_words *words);
};

/* Puts down one more verdict, of what says and fix hold; they are empty then. */
void exam_show(
    struct exam_words *words, enum exam_verdict verdict, const char *what);

/* Says what err says. */
enum exam_verdict exam_failed(struct exam_words *words);

/* Can the output folder be written to, and has it room for need bytes? */
enum exam_verdict exam_folder(
    struct exam_words *words, const char *dir, uint64_t need);

/*
 * Makes the examinations in their order, none behind a failure, and prints
 * them. Returns EXIT_DONE, EXIT_DIFFERENT after a warning, or the code of the
 * failure.
 */
int exam_run(const struct examination *examinations, void *arg, bool json);

#endif
