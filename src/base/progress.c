#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/progress.h"

#define FIRST_AFTER 1000 /* milliseconds before anything is shown */
#define REDRAW_AFTER 100

/* Time that no clock change moves; it never reaches any output file. */
static int64_t
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
progress_begin(struct progress *progress, bool wanted)
{
	const char *term;

	term = getenv("TERM");
	*progress = (struct progress){ .shown = wanted &&
		    isatty(STDERR_FILENO) && term != NULL &&
		    strcmp(term, "dumb") != 0 && getenv("CI") == NULL };
	progress->started = milliseconds();
}

void
progress_step(
    struct progress *progress, const char *what, uint64_t done, uint64_t total)
{
	int64_t now;

	if (progress == NULL || !progress->shown)
		return;
	now = milliseconds();
	if (now - progress->started < FIRST_AFTER ||
	    now - progress->last < REDRAW_AFTER)
		return;
	progress->last = now;
	progress->drawn = true;
	if (total > 0)
		fprintf(stderr, "\r\033[K%s %llu%%", what,
		    (unsigned long long)(done * 100 / total));
	else
		fprintf(
		    stderr, "\r\033[K%s %llu", what, (unsigned long long)done);
	fflush(stderr);
}

int64_t
progress_elapsed(const struct progress *progress)
{
	return milliseconds() - progress->started;
}

void
progress_end(struct progress *progress)
{
	if (!progress->drawn)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->drawn = false;
}
