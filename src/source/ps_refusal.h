#ifndef SOURCE_PS_REFUSAL_H
#define SOURCE_PS_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Why a server did not answer with rows. (powerschool 1, 2.7, 3.1, 3.2) */
enum ps_refusal_kind {
	PS_REFUSAL_TOKEN,     /* 401: the token is not good (any more) */
	PS_REFUSAL_V1_ACCESS, /* the plugin lacks accessLevelV1Api */
	PS_REFUSAL_GRANT,     /* the plugin lacks fields, which are named */
	PS_REFUSAL_FORBIDDEN, /* 403 that names nothing */
	PS_REFUSAL_COLUMN,    /* a column that does not exist, named */
	PS_REFUSAL_NOT_THERE, /* 404, 405: no such query or table */
	PS_REFUSAL_WEB_PAGE,  /* HTML: maintenance, sign-in */
	PS_REFUSAL_OTHER
};

#define PS_REFUSAL_FIELDS 64 /* that one answer can name */

struct ps_field_name {
	char table[64], field[64]; /* upper case; table may be "" */
};

struct ps_refusal {
	enum ps_refusal_kind kind;
	long status;
	char words[200]; /* what the server says, made printable; "" */
	struct ps_field_name fields[PS_REFUSAL_FIELDS];
	size_t nfields;
};

/*
 * Reads an answer other than rows: its status, content type, WWW-Authenticate
 * header and body. Never fails: what cannot be read is PS_REFUSAL_OTHER.
 */
void ps_refusal_read(struct ps_refusal *refusal, long status,
    const char *content_type, const char *challenge, const char *body,
    size_t len);

/* Is it a web page, by its type or its first byte? */
bool ps_refusal_is_page(const char *content_type, const char *body, size_t len);

/*
 * Adds what is missing as lines of plugin.xml, two spaces in front:
 * <field table="CC" field="DATELEFT" access="ViewOnly"/>. table names the
 * table where the server does not.
 */
void ps_refusal_put_grants(
    const struct ps_refusal *refusal, const char *table, struct buf *out);

/*
 * Whether a table that was refused so is there, but not for us now: not one
 * of the server's own tables, queries or columns is missing.
 */
bool ps_refusal_withholds(const struct ps_refusal *refusal);

#endif
