#ifndef CANVAS_LOGIN_H
#define CANVAS_LOGIN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether Canvas takes a login: 1 to 100 characters, none of them in the
 * Unicode categories Cc, Cs, Cn, Zl and Zp (canvas-sis 5, users; mapping 6).
 */
bool login_is_good(const char *bytes, size_t len);

#endif
