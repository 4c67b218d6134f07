#ifndef GRADES_CANVAS_LINK_H
#define GRADES_CANVAS_LINK_H

/*
 * Paging by the Link header (RFC 8288, grades B2): the next page is an opaque
 * absolute url that Canvas hands out.
 */

/*
 * The url of rel="next" in a Link header; *url is NULL when there is none, and
 * the caller frees it. 0, or -1 when the header cannot be read: that must not
 * pass for the last page.
 */
int canvas_link_next(const char *header, char **url);

/*
 * The path of url behind base (scheme://host[:port][/path] without a slash at
 * its end), which the caller frees. NULL when it leads elsewhere: to another
 * scheme, host or port, or out of base's path.
 */
char *canvas_link_path(const char *base, const char *url);

#endif
