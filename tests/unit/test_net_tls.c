#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/date.h"
#include "base/net.h"

#define TOKEN "canary-token-5d1c"
#define TLS_DEFAULT "NORMAL"
#define TLS_11 "NORMAL:-VERS-ALL:+VERS-TLS1.1"
#define TLS_12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLS_13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"

static char folder[] = "/tmp/test_net_tls.XXXXXX";

/*
 * A throw-away authority, another one, and certificates of the first; the
 * openssl command makes them, some of them at another time.
 */
static const char make_certificates
    [] = "set -eu; cd \"$FOLDER\"; exec 2>log;"
	 "openssl ecparam -name prime256v1 -genkey -noout -out key.pem;"
	 "authority() { openssl req -x509 -key key.pem -out $1.pem -days 3650"
	 " -subj \"/O=$2\"; };"
	 "authority ca 'Maple Valley Test Authority';"
	 "authority stranger 'Another Authority';"
	 "leaf() { openssl req -new -key key.pem -subj \"/CN=$1\""
	 " -addext subjectAltName=$2 -out $1.csr; shift 2;"
	 " \"$@\" openssl x509 -req -in $n.csr -CA ca.pem -CAkey key.pem"
	 " -days 30 -copy_extensions copy -out $n.pem; };"
	 "n=good; leaf good IP:127.0.0.1,DNS:localhost env;"
	 "n=other; leaf other DNS:other.example env;"
	 "n=expired; leaf expired IP:127.0.0.1 faketime -f -60d;"
	 "n=early; leaf early IP:127.0.0.1 faketime -f +60d;"
	 "openssl req -x509 -key key.pem -subj /CN=self -days 30"
	 " -addext subjectAltName=IP:127.0.0.1 -out self.pem";

static int
make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL || setenv("FOLDER", folder, 1) != 0)
		return -1;
	return system(make_certificates);
}

static int
remove_folder(void **state)
{
	(void)state;
	return system("rm -rf \"$FOLDER\"");
}

/* A file of the folder; the caller frees its text. */
static char *
read_file(const char *name)
{
	char path[128], *text;
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s.pem", folder, name);
	file = fopen(path, "r");
	assert_non_null(file);
	text = calloc(1, 8192);
	assert_non_null(text);
	len = fread(text, 1, 8191, file);
	assert_true(len > 0);
	fclose(file);
	return text;
}

struct server {
	struct MHD_Daemon *daemon;
	char *key, *certificate;
	unsigned requests, with_token;
};

static enum MHD_Result
answer(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *upload_len, void **state)
{
	struct server *server = arg;
	struct MHD_Response *response;
	const char *value;
	enum MHD_Result rc;

	(void)url;
	(void)method;
	(void)version;
	(void)upload;
	(void)upload_len;
	(void)state;
	value = MHD_lookup_connection_value(
	    connection, MHD_HEADER_KIND, "Authorization");
	server->requests++;
	server->with_token += value != NULL &&
	    strcmp(value, "Bearer " TOKEN) == 0;
	response = MHD_create_response_from_buffer(
	    2, (void *)(uintptr_t) "{}", MHD_RESPMEM_PERSISTENT);
	rc = MHD_queue_response(connection, 200, response);
	MHD_destroy_response(response);
	return rc;
}

static unsigned
server_start(struct server *server, const char *certificate, const char *tls)
{
	struct sockaddr_in at = { .sin_family = AF_INET };

	memset(server, 0, sizeof(*server));
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->key = read_file("key");
	server->certificate = read_file(certificate);
	server->daemon = MHD_start_daemon(
	    MHD_USE_TLS | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
	    answer, server, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_HTTPS_MEM_KEY,
	    server->key, MHD_OPTION_HTTPS_MEM_CERT, server->certificate,
	    MHD_OPTION_HTTPS_PRIORITIES, tls, MHD_OPTION_END);
	assert_non_null(server->daemon);
	return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)
	    ->port;
}

static void
server_stop(struct server *server)
{
	MHD_stop_daemon(server->daemon);
	free(server->key);
	free(server->certificate);
}

/* Asks a server for /x with the token; what the net made of it. */
static int
ask(unsigned port, const char *ca, struct net_certificate *seen,
    struct err *err)
{
	const struct net_request request = { .path = "/x" };
	struct net_answer got;
	struct net_options options = {
		.url_where = "[source] url",
		.code = EXIT_SOURCE,
		.at_once = 1,
		.tries = 3,
		.unit_ms = 10,
		.timeout_s = 2000,
		.budget_s = 6000,
		.quiet_s = 3000,
		.proxy = "none",
	};
	char url[64], ca_file[128];
	struct net *net;
	int rc;

	snprintf(url, sizeof(url), "https://127.0.0.1:%u", port);
	snprintf(ca_file, sizeof(ca_file), "%s/%s.pem", folder,
	    ca == NULL ? "" : ca);
	options.url = url;
	options.ca_file = ca == NULL ? NULL : ca_file;
	net = net_open(&options, err);
	assert_non_null(net);
	net_set_token(net, TOKEN);
	rc = net_fetch(net, &request, &got, err);
	if (rc == 0)
		assert_int_equal(got.status, 200);
	*seen = *net_certificate(net);
	net_close(net);
	return rc;
}

static void
a_trusted_server_is_asked_and_its_certificate_kept(void **state)
{
	static const char *const versions[] = { TLS_DEFAULT, TLS_12, TLS_13 };
	struct net_certificate seen;
	struct server server;
	struct err err = { 0 };
	unsigned port;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		port = server_start(&server, "good", versions[i]);
		assert_int_equal(ask(port, "ca", &seen, &err), 0);
		server_stop(&server);
		assert_int_equal(server.requests, 1);
		assert_int_equal(server.with_token, 1);
		assert_string_equal(seen.subject, "CN = good");
		assert_string_equal(
		    seen.issuer, "O = Maple Valley Test Authority");
		assert_int_equal(seen.not_after - seen.not_before, 30 * 86400);
		assert_true(seen.not_before <= clock_now());
	}
}

static void
a_server_that_cannot_be_trusted_is_asked_nothing(void **state)
{
	static const struct {
		const char *certificate, *tls, *ca;
		const char *says, *whose, *hints;
	} cases[] = {
		{ "good", TLS_DEFAULT, NULL, "authority that signed it",
		    "it is for \"CN = good\", from \"O = Maple Valley Test"
		    " Authority\", valid 20",
		    "ca_file = FILE" },
		{ "good", TLS_DEFAULT, "stranger", "authority that signed it",
		    "CN = good", "another one than now" },
		{ "self", TLS_DEFAULT, "ca", "signed by itself", "CN = self",
		    "ca_file = FILE" },
		{ "other", TLS_DEFAULT, "ca", "another host name", "CN = other",
		    "[source] url" },
		{ "expired", TLS_DEFAULT, "ca", "has expired", "CN = expired",
		    "The clock of this computer shows 20" },
		{ "early", TLS_DEFAULT, "ca", "not valid yet", "CN = early",
		    "The clock of this computer shows 20" },
		{ "good", TLS_11, "ca", "no TLS that is safe", "", "" },
	};
	struct net_certificate seen;
	struct server server;
	struct err err;
	unsigned port;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		port = server_start(
		    &server, cases[i].certificate, cases[i].tls);
		assert_int_equal(ask(port, cases[i].ca, &seen, &err), -1);
		server_stop(&server);
		if (strstr(err.msg, cases[i].says) == NULL ||
		    strstr(err.hint, cases[i].hints) == NULL)
			print_error("%s\n%s\n", err.msg, err.hint);
		assert_int_equal(err.code, EXIT_SOURCE);
		assert_non_null(strstr(err.msg, cases[i].says));
		assert_non_null(strstr(err.msg, cases[i].whose));
		assert_non_null(strstr(err.hint, cases[i].hints));
		assert_null(strstr(err.msg, "canary"));
		assert_null(strstr(err.msg, "tried"));
		assert_int_equal(server.requests, 0);
	}
}

static void
the_environment_cannot_make_a_server_trusted(void **state)
{
	struct net_certificate seen;
	struct server server;
	struct err err = { 0 };
	char path[128];
	unsigned port;

	(void)state;
	snprintf(path, sizeof(path), "%s/ca.pem", folder);
	setenv("SSL_CERT_FILE", path, 1);
	port = server_start(&server, "good", TLS_DEFAULT);
	assert_int_equal(ask(port, NULL, &seen, &err), -1);
	unsetenv("SSL_CERT_FILE");
	server_stop(&server);
	assert_int_equal(err.code, EXIT_SOURCE);
	assert_int_equal(server.requests, 0);
}

static void
a_file_without_certificates_is_a_wrong_setting(void **state)
{
	struct net_certificate seen;
	struct server server;
	struct err err = { 0 };
	unsigned port;

	(void)state;
	port = server_start(&server, "good", TLS_DEFAULT);
	assert_int_equal(ask(port, "key", &seen, &err), -1);
	server_stop(&server);
	assert_int_equal(err.code, EXIT_SETTINGS);
	assert_non_null(strstr(err.msg, "key.pem"));
	assert_int_equal(server.requests, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_trusted_server_is_asked_and_its_certificate_kept),
		cmocka_unit_test(
		    a_server_that_cannot_be_trusted_is_asked_nothing),
		cmocka_unit_test(the_environment_cannot_make_a_server_trusted),
		cmocka_unit_test(
		    a_file_without_certificates_is_a_wrong_setting),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
