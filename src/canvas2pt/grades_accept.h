#ifndef GRADES_ACCEPT_H
#define GRADES_ACCEPT_H

#include "history/history_call.h"

/*
 * `canvas2pt accept`: records that the files of an export, the current one
 * when none is named, were imported into PowerTeacher. call->out is the
 * folder of exports. Returns the exit code.
 */
int grades_accept(const struct history_call *call, struct err *err);

#endif
