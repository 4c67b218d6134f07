#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim_xml.h"

static void
put_escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '"':
			buf_adds(out, "&quot;");
			break;
		default:
			buf_addc(out, *text);
		}
	}
}

/* A text, number or yes-or-no as it stands in XML. */
static void
put_plain(struct buf *out, const cJSON *item)
{
	char *text;

	if (cJSON_IsString(item)) {
		put_escaped(out, item->valuestring);
		return;
	}
	text = cJSON_PrintUnformatted(item);
	put_escaped(out, text);
	cJSON_free(text);
}

static void
put_element(struct buf *out, const cJSON *item)
{
	const cJSON *child, *one;

	buf_printf(out, "<%s", item->string);
	cJSON_ArrayForEach(child, item)
	{
		if (*child->string != '@')
			continue;
		buf_printf(out, " %s=\"", child->string + 1);
		put_plain(out, child);
		buf_adds(out, "\"");
	}
	buf_adds(out, ">");
	if (!cJSON_IsObject(item))
		put_plain(out, item);
	cJSON_ArrayForEach(child, item)
	{
		if (*child->string == '@')
			continue;
		if (!cJSON_IsArray(child)) {
			put_element(out, child);
			continue;
		}
		cJSON_ArrayForEach(one, child)
		{
			((cJSON *)(uintptr_t)one)->string = mem_strdup(
			    child->string);
			put_element(out, one);
		}
	}
	buf_printf(out, "</%s>", item->string);
}

void
sim_xml_convert(struct sim_answer *answer)
{
	struct buf out = { 0 };
	cJSON *json;

	if (answer->type == NULL || strstr(answer->type, "json") == NULL)
		return;
	json = cJSON_ParseWithLength(answer->text.data, answer->text.len);
	if (json == NULL)
		return;
	buf_adds(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	if (cJSON_IsObject(json) && json->child != NULL)
		put_element(&out, json->child);
	cJSON_Delete(json);
	buf_free(&answer->text);
	answer->text = out;
	answer->type = "application/xml;charset=UTF-8";
}
