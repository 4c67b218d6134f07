#ifndef COMPARE_PUT_H
#define COMPARE_PUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define COMPARE_NUMBER 32 /* room for a number with its commas */

/*
 * Adds text that comes from a package so that it can do no harm where it is
 * shown: control characters, line and bidirectional marks and bytes that are
 * not UTF-8 as \x1b or \u{202e}.
 */
void compare_put_visible(struct buf *out, const char *text, size_t len);

/* The same for HTML: & < > " ' as references too. */
void compare_put_html(struct buf *out, const char *text, size_t len);

/* 4310 as 4,310; returns text. */
const char *compare_put_number(uint64_t number, char text[COMPARE_NUMBER]);

#endif
