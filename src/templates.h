#ifndef TEMPLATES_H
#define TEMPLATES_H

/*
 * Files of templates/ that the build puts into the program, so that it needs
 * no other file: their lines, ended by NULL. The Makefile lists them and
 * makes a name of a path by putting _ for all but letters and digits.
 */
extern const char *const templates_report_html[];
extern const char *const templates_grades_report_html[];
extern const char *const templates_plugin_plugin_xml[];
extern const char *const
    templates_plugin_queries_root_org_rollbook_roster_named_queries_xml[];

#endif
