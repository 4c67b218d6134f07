#ifndef SIM_ANSWER_H
#define SIM_ANSWER_H

#include "sim_rows.h"

#define SIM_ANSWER_HEADERS 4

/*
 * An answer: text, then, when rows is set, the rows with commas between, then
 * tail. Everything belongs to it.
 */
struct sim_answer {
	unsigned status;
	const char *type; /* Content-Type; NULL: none */
	struct {
		const char *name;
		char *value;
	} headers[SIM_ANSWER_HEADERS];
	size_t nheaders;
	struct buf text;
	struct sim_form form;
	uint32_t *rows;
	size_t nrows;
	char *tail;
};

/* Makes it a JSON answer of that text, in place of what there was. */
void sim_answer_json(struct sim_answer *answer, unsigned status,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* {"message":"..."} as /ws/schema has it, and errorMessage as /ws/v1. */
void sim_answer_message(
    struct sim_answer *answer, unsigned status, const char *message);
void sim_answer_v1_message(
    struct sim_answer *answer, unsigned status, const char *message);

void sim_answer_header(
    struct sim_answer *answer, const char *name, const char *value);
void sim_answer_free(struct sim_answer *answer);

#endif
