#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sim_rows.h"

#define ESCAPE_MAX 6	/* bytes for one, as \u001f */
#define AROUND_MAX 1024 /* names, quotes and braces of one row */

static char *
put(char *at, const char *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return at + len;
}

static char *
put_escaped(char *at, const char *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char byte;
	size_t i;

	for (i = 0; i < len; i++) {
		byte = (unsigned char)bytes[i];
		if (byte == '"' || byte == '\\') {
			*at++ = '\\';
			*at++ = (char)byte;
		} else if (byte < ' ') {
			at = put(at, "\\u00", 4);
			*at++ = hex[byte >> 4];
			*at++ = hex[byte & 15];
		} else {
			*at++ = (char)byte;
		}
	}
	return at;
}

void
sim_json_text(struct buf *out, struct str text)
{
	char *at;

	at = buf_reserve(out, text.len * ESCAPE_MAX + 2);
	*at++ = '"';
	at = put_escaped(at, text.bytes, text.len);
	*at++ = '"';
	out->len = (size_t)(at - out->data);
}

/* What stands in front of a row's columns. */
static char *
put_head(char *at, const struct sim_form *form, struct str key)
{
	const struct sim_table_def *def;
	size_t i, len;
	int64_t number;

	def = form->table->def;
	len = strlen(def->name);
	if (!sim_number(key, &number))
		key = (struct str){ "0", 1 };
	if (form->flattened) {
		at = put(at, "{\"_name\":\"", 10);
		for (i = 0; i < len; i++)
			*at++ = (char)toupper((unsigned char)def->name[i]);
		at = put(at, "\",\"_id\":", 8);
		return put(at, key.bytes, key.len);
	}
	at = put(at, "{\"id\":", 6);
	at = put(at, key.bytes, key.len);
	at = put(at, ",\"name\":\"", 9);
	at = put(at, def->name, len);
	at = put(at, "\",\"tables\":{\"", 13);
	at = put(at, def->name, len);
	return put(at, "\":{", 3);
}

void
sim_rows_put(const struct sim_form *form, uint32_t row, struct buf *out)
{
	const struct sim_column *columns;
	const char *from;
	struct str key;
	bool escape, first;
	uint32_t len;
	size_t bytes;
	char *at;
	int c;

	columns = form->table->def->columns;
	bytes = (row + 1 < form->table->count ? form->table->at[row + 1] :
						form->table->bytes.len) -
	    form->table->at[row];
	at = buf_reserve(out, bytes * ESCAPE_MAX + AROUND_MAX);
	key = sim_cell(form->table, row, 0);
	at = put_head(at, form, key);
	from = form->table->bytes.data + form->table->at[row];
	escape = *from++ != 0;
	first = !form->flattened;
	for (c = 0; columns[c].name != NULL; c++) {
		len = (unsigned char)*from++;
		if (len == 255) {
			memcpy(&len, from, sizeof(len));
			from += sizeof(len);
		}
		if (form->wanted[c] && len > 0) {
			if (!first)
				*at++ = ',';
			first = false;
			*at++ = '"';
			at = put(at, columns[c].name, strlen(columns[c].name));
			at = put(at, "\":\"", 3);
			at = escape ? put_escaped(at, from, len) :
				      put(at, from, len);
			*at++ = '"';
		}
		from += len;
	}
	at = put(at, "}}}", form->flattened ? 1 : 3);
	out->len = (size_t)(at - out->data);
}
