#ifndef GRADES_HTML_TEXT_H
#define GRADES_HTML_TEXT_H

#include <stddef.h>

#define HTML_TEXT_MAX ((size_t)4000) /* characters (grades A3) */

/*
 * The plain text of a piece of HTML, on one line: tags and comments are left
 * out, script and style with what is in them; what begins a new line or cell
 * becomes a blank; references are decoded once; blanks in a row become one
 * and characters that cannot be seen go. Cut behind HTML_TEXT_MAX characters.
 * The caller frees it.
 */
char *html_text(const char *html);

/* A text with its references decoded, and nothing else. The caller frees. */
char *html_text_decode(const char *text);

#endif
