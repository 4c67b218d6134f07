#ifndef SETTINGS_H
#define SETTINGS_H

#include "base/conf.h"

/*
 * THE TABLE of settings: the reader, --help, init's commented file and
 * rollbook.ini(5) all come from it.
 */
extern const struct conf_option settings_options[];
extern const struct conf_section settings_sections[];

#endif
