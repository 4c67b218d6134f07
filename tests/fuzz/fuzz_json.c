#include <string.h>

#include "base/json.h"
#include "fuzz.h"

/*
 * Whatever the bytes: they are refused with a place and a reason, or printed
 * so that they are read again as the same document.
 */

const char *const fuzz_words[] = { "{", "}", "[", "]", ":", ",", "\"a\"",
	"\"b\":", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\\u0000", "1", "-0",
	"87.50", "1e5", "1.", "007", "true", "false", "null", " ", "\n",
	"{\"a\":1}", "[1,2]", "\"", "\\", "\xc3\xa9", "1e999",
	"123456789012345678901234567890", NULL };

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct json_origin origin = { "in.json", 1 << 20, EXIT_SOURCE };
	struct err err = { 0 };
	struct json *json, *again;
	char *copy, *text, *second;

	if (len < 1)
		return 0;
	copy = fuzz_copy(bytes + 1, len - 1);
	json = json_parse(copy, len - 1, &origin, &err);
	free(copy);
	if (json == NULL) {
		must(err.code == EXIT_SOURCE);
		must(strncmp(err.msg, "in.json", 7) == 0);
		return 0;
	}
	must(err.code == EXIT_DONE);
	text = json_print(json);
	again = json_parse(text, strlen(text), &origin, &err);
	must(again != NULL);
	second = json_print(again);
	must(strcmp(text, second) == 0);
	free(text);
	free(second);
	json_free(again);
	again = json_copy(json);
	second = json_print(again);
	text = json_print(json);
	must(strcmp(text, second) == 0);
	free(text);
	free(second);
	json_free(again);
	json_free(json);
	return 0;
}
