#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim_answer.h"

#define JSON "application/json;charset=UTF-8"

static void
renew(struct sim_answer *answer, unsigned status)
{
	sim_answer_free(answer);
	*answer = (struct sim_answer){ .status = status, .type = JSON };
}

void
sim_answer_json(
    struct sim_answer *answer, unsigned status, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	renew(answer, status);
	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	buf_add(&answer->text, text, (size_t)len);
	free(text);
}

void
sim_answer_message(
    struct sim_answer *answer, unsigned status, const char *message)
{
	renew(answer, status);
	buf_adds(&answer->text, "{\"message\":");
	sim_json_text(&answer->text, (struct str){ message, strlen(message) });
	buf_adds(&answer->text, "}");
}

void
sim_answer_v1_message(
    struct sim_answer *answer, unsigned status, const char *message)
{
	renew(answer, status);
	buf_adds(&answer->text, "{\"errorMessage\":{\"message\":");
	sim_json_text(&answer->text, (struct str){ message, strlen(message) });
	buf_adds(&answer->text, "}}");
}

void
sim_answer_header(
    struct sim_answer *answer, const char *name, const char *value)
{
	if (answer->nheaders == SIM_ANSWER_HEADERS)
		abort();
	answer->headers[answer->nheaders].name = name;
	answer->headers[answer->nheaders++].value = mem_strdup(value);
}

void
sim_answer_free(struct sim_answer *answer)
{
	size_t i;

	for (i = 0; i < answer->nheaders; i++)
		free(answer->headers[i].value);
	buf_free(&answer->text);
	free(answer->rows);
	free(answer->tail);
}
