#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/mem.h"
#include "sim_oauth.h"

static int
base64_digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at;

	at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)(at - digits);
}

/* Decodes Base64 up to the first byte that is none. */
static char *
base64_decoded(const char *text)
{
	unsigned bits, nbits;
	char *out, *at;
	int digit;

	at = out = mem_alloc(strlen(text) + 1);
	bits = nbits = 0;
	for (; (digit = base64_digit(*text)) >= 0; text++) {
		bits = bits << 6 | (unsigned)digit;
		nbits += 6;
		if (nbits >= 8) {
			nbits -= 8;
			*at++ = (char)(bits >> nbits & 255);
		}
	}
	*at = '\0';
	return out;
}

static bool
right_client(const struct sim_server *server, const char *authorization)
{
	char *got, *want;
	bool right;

	if (strncasecmp(authorization, "Basic ", 6) != 0)
		return false;
	got = base64_decoded(authorization + 6);
	want = mem_printf("%s:%s", server->client_id, server->client_secret);
	right = strcmp(got, want) == 0;
	free(got);
	free(want);
	return right;
}

/* A token in the form 8-4-4-4-12. */
static void
make_token(struct sim_server *server)
{
	struct hash *hash;
	char hex[HASH_HEX_SIZE];

	server->tokens_made++;
	hash = hash_begin();
	hash_add(hash, server->client_secret, strlen(server->client_secret));
	hash_add(hash, &server->tokens_made, sizeof(server->tokens_made));
	hash_end(hash, hex);
	snprintf(server->token, sizeof(server->token),
	    "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
	    hex + 20);
	server->token_ends_ms = sim_now_ms() +
	    server->options.token_seconds * 1000;
}

bool
sim_oauth_token(struct sim_server *server, const struct sim_request *request,
    struct sim_answer *answer)
{
	const char *body;

	if (strcmp(request->method, "POST") != 0) {
		sim_answer_message(answer, 405, "Method Not Allowed");
		return false;
	}
	if (!right_client(server, request->authorization)) {
		sim_answer_json(answer, 401, "{\"error\":\"invalid_client\"}");
		return false;
	}
	body = request->body.len == 0 ? "" : request->body.data;
	if (memmem(body, request->body.len, "grant_type=client_credentials",
		strlen("grant_type=client_credentials")) == NULL) {
		sim_answer_json(
		    answer, 400, "{\"error\":\"unsupported_grant_type\"}");
		return true;
	}
	/* A token that is still valid is handed out again. */
	if (*server->token == '\0' || sim_now_ms() >= server->token_ends_ms)
		make_token(server);
	sim_answer_json(answer, 200,
	    "{\"access_token\":\"%s\",\"token_type\":\"Bearer\","
	    "\"expires_in\":\"%lld\"}",
	    server->token,
	    (long long)((server->token_ends_ms - sim_now_ms()) / 1000));
	return true;
}

void
sim_oauth_expired(struct sim_answer *answer)
{
	sim_answer_json(answer, 401, "%s", "");
	answer->type = NULL;
	sim_answer_header(answer, "WWW-Authenticate",
	    "Bearer error=\"invalid_token\",realm=\"PowerSchool\","
	    "error_description=\"The access token has expired\"");
}

bool
sim_oauth_check(struct sim_server *server, const struct sim_request *request,
    struct sim_answer *answer)
{
	if (strncasecmp(request->authorization, "Bearer ", 7) == 0 &&
	    *server->token != '\0' &&
	    strcmp(request->authorization + 7, server->token) == 0 &&
	    sim_now_ms() < server->token_ends_ms)
		return true;
	sim_oauth_expired(answer);
	return false;
}
