#ifndef BASE_NET_JOB_H
#define BASE_NET_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/net.h"

/* One request on its way, from its submission to its end. */
struct net_job {
	struct net_job *next;
	struct net_request request; /* its strings are this job's own */
	const char *host;	    /* for messages */
	enum exit_code code;	    /* of too much */
	void *easy, *headers;	    /* libcurl's, while a try goes on */
	unsigned tries;
	uint64_t due; /* no try before */

	/* what this try has brought so far */
	long status;
	size_t header_bytes;
	bool header_whole; /* its empty line has come */
	size_t body_bytes; /* decoded */
	bool begun;	   /* begin was called */
	struct buf body;
	char *content_type, *link, *location, *challenge, *rate_left;
	off_t sent;	/* of the body that goes out */
	char text[256]; /* what libcurl says of a failure; never shown */
	struct err err; /* of a callback */
};

/* Copies a request; err of the job is set when it must not be sent. */
struct net_job *net_job_new(
    const struct net_request *request, const char *host, enum exit_code code);

/* Wipes and frees it, and what the last try brought; NULL is ignored. */
void net_job_free(struct net_job *job);

/* Forgets what the last try brought. */
void net_job_restart(struct net_job *job);

/* How many bytes its body has; -1 when body_fd cannot be measured. */
off_t net_job_body_size(const struct net_job *job);

/* Whether the body of this try goes to piece(). */
bool net_job_streams(const struct net_job *job);

/* Calls begin() unless this try has; 0, or -1 with err of the job set. */
int net_job_begin(struct net_job *job);

/*
 * What libcurl calls with the job as arg: a line of the header, a piece of the
 * body, the next bytes to send, and to send from another place. They return
 * what libcurl expects and, when that is a failure, set err of the job.
 */
size_t net_job_on_header(char *line, size_t one, size_t len, void *arg);
size_t net_job_on_body(char *bytes, size_t one, size_t len, void *arg);
size_t net_job_on_send(char *bytes, size_t one, size_t len, void *arg);
int net_job_on_seek(void *arg, int64_t offset, int origin);

/* Overwrites a secret and frees it; NULL is ignored. */
void net_job_wipe(char *secret);

#endif
