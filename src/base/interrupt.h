#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include "base/err.h"

/*
 * Makes SIGINT and SIGTERM ask for an orderly end; a second one ends the
 * program at once. SIGPIPE and SIGXFSZ become write errors.
 */
void interrupt_install(void);

/* 0, or -1 with EXIT_SIGINT or EXIT_SIGTERM once a signal has come. */
int interrupt_check(struct err *err);

#endif
