#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include "report.h"

/* The parts of report.html, each as HTML. */
void report_parts_title(const struct report *report, struct buf *out);
void report_parts_about(const struct report *report, struct buf *out);
void report_parts_verdict(const struct report *report, struct buf *out);
void report_parts_changes(const struct report *report, struct buf *out);
void report_parts_schools(const struct report *report, struct buf *out);
void report_parts_guard(const struct report *report, struct buf *out);
void report_parts_findings(const struct report *report, struct buf *out);
void report_parts_tables(const struct report *report, struct buf *out);
void report_parts_trend(const struct report *report, struct buf *out);
void report_parts_sources(const struct report *report, struct buf *out);
void report_parts_files(const struct report *report, struct buf *out);

/* Two of them as plain text, for report.txt. */
void report_parts_title_text(const struct report *report, struct buf *out);
void report_parts_verdict_text(const struct report *report, struct buf *out);

#endif
