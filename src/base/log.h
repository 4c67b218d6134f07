#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

/* How much goes to stderr; the numbers are syslog's, as journald reads them. */
enum log_level { LOG_ERROR = 3, LOG_WARN = 4, LOG_INFO = 6, LOG_DEBUG = 7 };

/*
 * Opens the log: lines above level are dropped. When stderr is the journal
 * ($JOURNAL_STREAM names it) lines start with <3>..<7> (sd-daemon(3)).
 */
void log_open(enum log_level level);

/*
 * Writes one line to stderr. Control characters in the result are shown as
 * \x1b, so one call is always one line. Never pass a secret or the name or
 * e-mail of a person.
 */
void log_line(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes a failure as a line, and what to type next as the line below. */
void log_error(const struct err *err);

#endif
