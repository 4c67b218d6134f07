#ifndef SIM_EFFECT_H
#define SIM_EFFECT_H

#include <stdbool.h>
#include <stddef.h>

#define SIM_HEADERS_MAX 8

/* Bytes that a script gave; they may hold NUL. */
struct sim_text {
	char *bytes;
	size_t len;
};

enum sim_cut {
	SIM_WHOLE,
	SIM_CUT_LENGTH,	 /* with a Content-Length that promises more */
	SIM_CUT_CHUNKED, /* without the last chunk */
	SIM_CUT_CLOSE	 /* no length at all: ended by closing */
};

/* What the script does to one request; a zeroed one does nothing. */
struct sim_effect {
	/* the answer instead of the ordinary one */
	unsigned status; /* 0: the ordinary one */
	bool expired;	 /* 401, and the token is void from now on */
	bool has_body, html;
	struct sim_text body, type;
	struct sim_text header_names[SIM_HEADERS_MAX],
	    header_values[SIM_HEADERS_MAX];
	size_t nheaders;
	size_t bomb_headers, bomb_header_bytes;
	size_t huge, gzip_bomb, depth; /* bytes; bytes; levels */
	/* the bytes of the body */
	struct sim_text before, behind, replaced, replacement;
	/* how it goes out */
	unsigned delay_ms;
	size_t drip_bytes; /* as many at a time, 0: as fast as it can */
	unsigned drip_ms;
	enum sim_cut cut;
	size_t cut_at;
	bool reset; /* the connection, behind reset_at bytes of body */
	size_t reset_at;
	bool no_answer;
	/* the rows */
	size_t page_max; /* 0: as configured */
	long count_shift;
	size_t short_by;
	bool omits, repeats; /* one row of this answer */
	size_t omitted, repeated;
};

#endif
