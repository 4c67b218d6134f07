#ifndef SIM_BODY_H
#define SIM_BODY_H

#include <sys/types.h>

#include "sim_answer.h"
#include "sim_effect.h"

/*
 * The bytes of an answer's body, made while they go out: head, rows, tail,
 * then what the script does to them, then gzip.
 */
struct sim_body;

/* The answer and the effect must live as long as the body. */
struct sim_body *sim_body_new(
    struct sim_answer *answer, const struct sim_effect *effect, int gzip_level);
void sim_body_free(struct sim_body *body);

/* Takes up to max bytes; 0 at the end. */
size_t sim_body_take(struct sim_body *body, char *to, size_t max);

/*
 * How long the body is, when it is short enough to be made now; false when it
 * has to be streamed.
 */
bool sim_body_length(struct sim_body *body, size_t *length);

#endif
