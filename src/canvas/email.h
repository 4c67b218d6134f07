#ifndef CANVAS_EMAIL_H
#define CANVAS_EMAIL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether Canvas takes an e-mail address: valid UTF-8 of at most 255
 * characters that is one bare address with a domain, as Canvas's mail parser
 * reads it (canvas-sis 5, users; mapping 6). `a@host`, `a..b@x` and quoted
 * local parts are good; a display name, a list, blanks and a dot at the end
 * are not.
 */
bool email_is_good(const char *bytes, size_t len);

#endif
