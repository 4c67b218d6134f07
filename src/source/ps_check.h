#ifndef SOURCE_PS_CHECK_H
#define SOURCE_PS_CHECK_H

#include "source/source.h"

/*
 * Examines a server without reading its rows: certificate, clocks, token,
 * version, sizes of pages, and for each table the way in which it would be
 * read with every field that the plugin may not see, as lines of plugin.xml.
 * Binds what the roster would get. As source_examine() says.
 */
int ps_check(const struct source_options *options, struct roster *roster,
    source_say_fn *say, void *arg, struct err *err);

#endif
