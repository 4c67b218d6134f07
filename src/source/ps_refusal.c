#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "source/ps_refusal.h"

#define BODY_MAX ((size_t)1 << 20)

bool
ps_refusal_is_page(const char *content_type, const char *body, size_t len)
{
	size_t i;

	if (strcasestr(content_type, "html") != NULL)
		return true;
	for (i = 0; i < len && isspace((unsigned char)body[i]); i++)
		continue;
	return i < len && body[i] == '<';
}

/* Letters, digits and signs of a name; anything else ends it. */
static void
copy_name(char *to, size_t size, const char *from, size_t len)
{
	size_t i;

	for (i = 0; i < len && i + 1 < size; i++) {
		if (!isalnum((unsigned char)from[i]) && from[i] != '_')
			break;
		to[i] = (char)toupper((unsigned char)from[i]);
	}
	to[i] = '\0';
}

/* A message of the server, without what no terminal should get. */
static void
copy_words(struct ps_refusal *refusal, const char *text)
{
	size_t i;

	for (i = 0; i + 1 < sizeof(refusal->words) && text[i] != '\0'; i++)
		refusal->words[i] = isprint((unsigned char)text[i]) ? text[i] :
								      '?';
	refusal->words[i] = '\0';
}

static void
add_field(struct ps_refusal *refusal, const char *table, const char *field)
{
	struct ps_field_name *name;
	const char *dot;

	if (refusal->nfields == PS_REFUSAL_FIELDS || field == NULL)
		return;
	name = &refusal->fields[refusal->nfields];
	dot = strrchr(field, '.');
	if (dot != NULL) {
		copy_name(name->table, sizeof(name->table), field,
		    (size_t)(dot - field));
		field = dot + 1;
	} else if (table != NULL) {
		copy_name(
		    name->table, sizeof(name->table), table, strlen(table));
	}
	copy_name(name->field, sizeof(name->field), field, strlen(field));
	if (name->field[0] != '\0')
		refusal->nfields++;
}

/* {"errors":[{"code":"NoAccess","field":"SchoolID","resource":"Log"}]}: the
 * resource of a query's errors is the query, its fields name their tables. */
static void
read_errors(struct ps_refusal *refusal, const struct json *errors)
{
	const struct json *item;
	const char *code;
	bool one;

	one = json_kind(errors) == JSON_OBJECT;
	for (item = one ? errors : json_first(errors); item != NULL;
	     item = one ? NULL : json_next(item)) {
		code = json_text(json_get(item, "code"));
		if (code == NULL || strcasestr(code, "access") == NULL)
			continue;
		add_field(refusal, json_text(json_get(item, "resource")),
		    json_text(json_get(item, "field")));
	}
	if (refusal->nfields > 0)
		refusal->kind = PS_REFUSAL_GRANT;
}

/* "Invalid field specified: X is not valid column for table: Students",
 * "Invalid field X" */
static void
read_column(struct ps_refusal *refusal)
{
	static const char *const begins[] = { "Invalid field specified: ",
		"Invalid field " };
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (strncasecmp(refusal->words, begins[i], strlen(begins[i])) !=
		    0)
			continue;
		at = refusal->words + strlen(begins[i]);
		refusal->nfields = 0;
		refusal->fields[0] = (struct ps_field_name){ 0 };
		copy_name(refusal->fields[0].field,
		    sizeof(refusal->fields[0].field), at, strlen(at));
		if (refusal->fields[0].field[0] == '\0')
			return;
		refusal->nfields = 1;
		refusal->kind = PS_REFUSAL_COLUMN;
		return;
	}
}

static const char *
message_of(const struct json *document)
{
	const char *text;

	text = json_text(json_get(document, "message"));
	if (text == NULL)
		text = json_text(
		    json_get(json_get(document, "errorMessage"), "message"));
	if (text == NULL)
		text = json_text(json_get(document, "error_description"));
	if (text == NULL)
		text = json_text(json_get(document, "error"));
	return text;
}

static void
read_body(struct ps_refusal *refusal, const char *body, size_t len)
{
	const struct json_origin origin = { "answer", BODY_MAX, EXIT_SOURCE };
	struct err ignored = { 0 };
	struct json *document;
	const char *text;

	document = json_parse(body, len, &origin, &ignored);
	if (document == NULL)
		return;
	text = message_of(document);
	if (text != NULL)
		copy_words(refusal, text);
	if (strstr(refusal->words, "accessLevelV1Api") != NULL)
		refusal->kind = PS_REFUSAL_V1_ACCESS;
	else if (refusal->status == 400 || refusal->status == 403)
		read_errors(refusal, json_get(document, "errors"));
	if (refusal->status == 400 && refusal->kind == PS_REFUSAL_OTHER)
		read_column(refusal);
	json_free(document);
}

void
ps_refusal_read(struct ps_refusal *refusal, long status,
    const char *content_type, const char *challenge, const char *body,
    size_t len)
{
	*refusal = (struct ps_refusal){ .kind = PS_REFUSAL_OTHER,
		.status = status };
	if (status == 401)
		refusal->kind = PS_REFUSAL_TOKEN;
	else if (status == 403)
		refusal->kind = PS_REFUSAL_FORBIDDEN;
	else if (status == 404 || status == 405)
		refusal->kind = PS_REFUSAL_NOT_THERE;
	if (ps_refusal_is_page(content_type, body, len)) {
		if (status == 200)
			refusal->kind = PS_REFUSAL_WEB_PAGE;
		return;
	}
	if (status == 401 && strstr(challenge, "error_description=\"") != NULL)
		copy_words(refusal,
		    strstr(challenge, "error_description=\"") +
			strlen("error_description=\""));
	if (refusal->words[0] != '\0')
		refusal->words[strcspn(refusal->words, "\"")] = '\0';
	read_body(refusal, body, len);
}

bool
ps_refusal_withholds(const struct ps_refusal *refusal)
{
	return refusal->status != 0 && refusal->kind != PS_REFUSAL_NOT_THERE &&
	    refusal->kind != PS_REFUSAL_COLUMN;
}

static void
put_upper(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		buf_addc(out, (char)toupper((unsigned char)*text));
}

void
ps_refusal_put_grants(
    const struct ps_refusal *refusal, const char *table, struct buf *out)
{
	const struct ps_field_name *name;
	size_t i;

	for (i = 0; i < refusal->nfields; i++) {
		name = &refusal->fields[i];
		buf_adds(out, "  <field table=\"");
		put_upper(out, name->table[0] != '\0' ? name->table : table);
		buf_printf(out, "\" field=\"%s\" access=\"ViewOnly\"/>\n",
		    name->field);
	}
}
