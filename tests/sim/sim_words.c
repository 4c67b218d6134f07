#include <stdlib.h>
#include <string.h>

#include "sim_words.h"

/* The byte that a backslash and what follows stand for. */
static char
escaped(const char **at)
{
	char hex[3] = { 0 };

	switch (*++*at) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'x':
		strncpy(hex, *at + 1, 2);
		*at += strlen(hex);
		return (char)strtoul(hex, NULL, 16);
	default:
		return **at;
	}
}

size_t
sim_words(char *line, struct sim_text *words)
{
	const char *at;
	char *to;
	size_t n;
	bool quoted;

	n = 0;
	to = line;
	at = line + strspn(line, " \t");
	while (*at != '\0' && *at != '#' && n < SIM_WORDS_MAX) {
		words[n].bytes = to;
		quoted = false;
		for (; *at != '\0' && (quoted || strchr(" \t", *at) == NULL);
		     at++) {
			if (*at == '"')
				quoted = !quoted;
			else if (*at == '\\' && at[1] != '\0')
				*to++ = escaped(&at);
			else
				*to++ = *at;
		}
		words[n].len = (size_t)(to - words[n].bytes);
		n++;
		/* The end of the word may be the blank behind it. */
		at += strspn(at, " \t");
		*to++ = '\0';
	}
	return n;
}
