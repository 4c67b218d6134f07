#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * Every way a program can end; the man pages list them with the same words.
 * Unknown codes must be treated as failure (architecture: exit codes).
 */
enum exit_code {
	EXIT_DONE = 0,	    /* done, including nothing to do */
	EXIT_DIFFERENT = 1, /* asked-about differences or warnings exist */
	EXIT_USAGE = 2,	    /* wrong command line */
	EXIT_SETTINGS = 3,  /* settings or credentials */
	EXIT_SOURCE = 4,    /* source refused or unusable */
	EXIT_TEMPORARY = 5, /* temporary, retry later */
	EXIT_INVALID = 6,   /* invalid, nothing published */
	EXIT_HELD = 7,	    /* held by the guard */
	EXIT_DELIVERY = 8,  /* delivery failed, package safe */
	EXIT_CANVAS = 9,    /* Canvas rejected or partly accepted */
	EXIT_IO = 10,	    /* local input or output */
	EXIT_LOCKED = 11,   /* another run holds the lock */
	EXIT_BUG = 70,	    /* a bug in this program */
	EXIT_SIGINT = 130,  /* interrupted by SIGINT */
	EXIT_SIGTERM = 143  /* ended by SIGTERM */
};

/*
 * One failure: the exit code that it leads to, what failed and why (msg), and
 * what to type next (hint, may be empty). A zeroed struct err is "no failure".
 * The first failure wins: err_set() on a set err keeps the old text.
 */
struct err {
	enum exit_code code;
	char msg[1024];
	char hint[512];
};

/* Records a failure unless one is recorded already; always returns -1. */
int err_set(struct err *err, enum exit_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Like err_set(), with ": strerror(errnum)" after the text; returns -1. */
int err_set_errno(struct err *err, enum exit_code code, int errnum,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Says what to type next; keeps a hint that is already there. Returns -1. */
int err_hint(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
