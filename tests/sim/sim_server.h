#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "sim_answer.h"
#include "sim_request.h"
#include "sim_select.h"

#define SIM_DENIED_MAX 64
#define SIM_TOKEN_SIZE 40

struct sim_script;
struct sim_record;

struct sim_options {
	const char *district, *cert_file, *key_file, *port_file, *id_file,
	    *secret_file, *script_file, *record_file, *version, *priorities;
	bool plain, arrays; /* no TLS; one element stays an array */
	bool query, table, v1;
	unsigned short port;
	size_t page_max;
	long token_seconds;
	long min_interval_ms;
	int gzip; /* level; 0: never */
	int32_t today;
	const char *denied[SIM_DENIED_MAX]; /* "cc.dateleft" */
	size_t ndenied;
};

struct sim_server;

/* What a simulated product does; the rest serves any of them. */
struct sim_product {
	const char *program; /* for messages */
	const char *closed;  /* the web page during maintenance */
	/* Answers any request; *auth_right: it named the right client or
	 * token. */
	void (*answer)(struct sim_server *server,
	    const struct sim_request *request, struct sim_answer *answer,
	    bool *auth_right);
	/* Makes the token void and answers so. */
	void (*expire)(struct sim_server *server, struct sim_answer *answer);
};

/* The simulated server. Everything happens in one thread. */
struct sim_server {
	const struct sim_product *product;
	void *data; /* the product's own */
	struct sim_options options;
	struct sim_district district;
	struct sim_selections *selections;
	char *client_id, *client_secret;
	char token[SIM_TOKEN_SIZE]; /* "" : none is valid */
	int64_t token_ends_ms;
	uint64_t tokens_made;
	size_t unsorted; /* table reads without an order */
	int64_t last_request_ms;
	struct sim_script *script;
	struct sim_record *record;
};

/* Milliseconds of the monotonic clock. */
int64_t sim_now_ms(void);

/* PowerSchool; the other products have headers of their own. */
extern const struct sim_product sim_powerschool;

#endif
