#ifndef CANVAS_FINDINGS_CSV_H
#define CANVAS_FINDINGS_CSV_H

#include "canvas/emit.h"
#include "roster/finding.h"

/*
 * Writes findings.csv, sorted by file, line and rule:
 * rule,severity,file,line,key,message,fix. Names of people and e-mails are
 * never in it. 0, or -1 when the sink failed.
 */
int findings_csv(const struct roster *roster, struct findings *findings,
    const struct emit_sink *sink, struct err *err);

#endif
