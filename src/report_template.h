#ifndef REPORT_TEMPLATE_H
#define REPORT_TEMPLATE_H

/* The lines of templates/report.html, made by the Makefile; ends with NULL. */
extern const char *const report_template[];

#endif
