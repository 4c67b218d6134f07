#ifndef VERSION_H
#define VERSION_H

#include <stdbool.h>
#include <stdio.h>

#define ROLLBOOK_VERSION "0.1.0"

struct json;

/* The libraries in use, as an array of texts that the caller frees. */
struct json *version_libraries(void);

/* Prints "program version"; as_json: a document with the libraries' too. */
void version_print(const char *program, bool as_json, FILE *out);

#endif
