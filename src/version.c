#include <stdlib.h>

#include "base/csvio.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/net.h"
#include "base/utf8.h"
#include "pack/zip.h"
#include "version.h"

/* The libraries that the result depends on. */
static const char *(*const libraries[])(void) = {
	csv_library,
	json_library,
	net_library,
	zip_library,
	hash_library,
	utf8_library,
};

struct json *
version_libraries(void)
{
	struct json *list;
	size_t i;

	list = json_array();
	for (i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		json_append_text(list, libraries[i]());
	return list;
}

void
version_print(const char *program, bool as_json, FILE *out)
{
	struct json *document;
	char *text;

	if (!as_json) {
		fprintf(out, "%s %s\n", program, ROLLBOOK_VERSION);
		return;
	}
	document = json_object();
	json_set_text(document, "schema", "rollbook-version");
	json_set_number(document, "version", 1);
	json_set_text(document, "program", program);
	json_set_text(document, "release", ROLLBOOK_VERSION);
	json_set(document, "libraries", version_libraries());
	text = json_print(document);
	fputs(text, out);
	free(text);
	json_free(document);
}
