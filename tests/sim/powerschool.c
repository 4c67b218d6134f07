#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "sim_file.h"
#include "sim_http.h"
#include "sim_record.h"
#include "sim_script.h"

/* What psu saw: a little less than 29 days. */
#define TOKEN_SECONDS 2504956

static const struct option long_options[] = {
	{ "district", required_argument, NULL, 'd' },
	{ "cert", required_argument, NULL, 'c' },
	{ "key", required_argument, NULL, 'k' },
	{ "port", required_argument, NULL, 'p' },
	{ "port-file", required_argument, NULL, 'P' },
	{ "client-id-file", required_argument, NULL, 'i' },
	{ "client-secret-file", required_argument, NULL, 's' },
	{ "page-max", required_argument, NULL, 'm' },
	{ "version", required_argument, NULL, 'v' },
	{ "way", required_argument, NULL, 'w' },
	{ "deny", required_argument, NULL, 'D' },
	{ "script", required_argument, NULL, 'S' },
	{ "record", required_argument, NULL, 'R' },
	{ "token-seconds", required_argument, NULL, 't' },
	{ "min-interval", required_argument, NULL, 'I' },
	{ "gzip", required_argument, NULL, 'z' },
	{ "today", required_argument, NULL, 'T' },
	{ "priorities", required_argument, NULL, 'L' },
	{ "arrays", no_argument, NULL, 'a' },
	{ "plain", no_argument, NULL, 'n' },
	{ NULL, 0, NULL, 0 },
};

static int
usage(void)
{
	fputs(
	    "usage: sim_powerschool --district DIR --port-file F\n"
	    "           --client-id-file F --client-secret-file F\n"
	    "           --cert F --key F | --plain\n"
	    "           [--port N] [--page-max N] [--version V]\n"
	    "           [--way query,table,v1] [--deny TABLE.FIELD ...]\n"
	    "           [--script F] [--record F] [--token-seconds N]\n"
	    "           [--min-interval MS] [--gzip LEVEL]\n"
	    "           [--today YYYY-MM-DD] [--priorities GNUTLS] [--arrays]\n"
	    "Plays a PowerSchool server; tests/sim/README.md says more.\n",
	    stderr);
	return EXIT_USAGE;
}

static int
read_number(const char *text, long least, long most, long *number)
{
	char *end;

	*number = strtol(text, &end, 10);
	return *text == '\0' || *end != '\0' || *number < least ||
		*number > most ?
	    -1 :
	    0;
}

static int
read_way(struct sim_options *options, const char *text)
{
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == ',')) {
		len = strcspn(text, ",");
		if (len == 5 && memcmp(text, "query", len) == 0)
			options->query = true;
		else if (len == 5 && memcmp(text, "table", len) == 0)
			options->table = true;
		else if (len == 2 && memcmp(text, "v1", len) == 0)
			options->v1 = true;
		else
			return -1;
	}
	return 0;
}

static int
read_denied(struct sim_options *options, const char *text)
{
	const char *dot;
	int id;

	dot = strchr(text, '.');
	if (dot == NULL || options->ndenied == SIM_DENIED_MAX)
		return -1;
	id = sim_table_find(text, (size_t)(dot - text));
	if (id < 0 ||
	    sim_column_find(&sim_tables[id], dot + 1, strlen(dot + 1)) < 0)
		return -1;
	options->denied[options->ndenied++] = text;
	return 0;
}

/* Reads an option whose argument is a number; -1 when it is wrong. */
static int
read_amount(struct sim_options *options, int letter, const char *text)
{
	long number;

	if (read_number(text, letter == 'm' || letter == 't' ? 1 : 0,
		letter == 'p' ? 65535 : 1000000000, &number) != 0)
		return -1;
	switch (letter) {
	case 'p':
		options->port = (unsigned short)number;
		return 0;
	case 'm':
		options->page_max = (size_t)number;
		return 0;
	case 't':
		options->token_seconds = number;
		return 0;
	case 'I':
		options->min_interval_ms = number;
		return 0;
	default:
		options->gzip = (int)number;
		return number > 9 ? -1 : 0;
	}
}

/* Where the text of an option goes; NULL: it is none of those. */
static const char **
place_of(struct sim_options *options, int letter)
{
	switch (letter) {
	case 'd':
		return &options->district;
	case 'c':
		return &options->cert_file;
	case 'k':
		return &options->key_file;
	case 'P':
		return &options->port_file;
	case 'i':
		return &options->id_file;
	case 's':
		return &options->secret_file;
	case 'v':
		return &options->version;
	case 'S':
		return &options->script_file;
	case 'R':
		return &options->record_file;
	case 'L':
		return &options->priorities;
	default:
		return NULL;
	}
}

static int
read_option(struct sim_options *options, int letter)
{
	const char **place;

	place = place_of(options, letter);
	if (place != NULL) {
		*place = optarg;
		return 0;
	}
	switch (letter) {
	case 'w':
		return read_way(options, optarg);
	case 'D':
		return read_denied(options, optarg);
	case 'T':
		options->today = date_parse(optarg, strlen(optarg));
		return options->today == DATE_BAD ? -1 : 0;
	case 'a':
		options->arrays = true;
		return 0;
	case 'n':
		options->plain = true;
		return 0;
	case '?':
		return -1;
	default:
		return read_amount(options, letter, optarg);
	}
}

static int
read_options(struct sim_options *options, int argc, char **argv)
{
	int letter;

	*options = (struct sim_options){ .page_max = 1000,
		.version = "25.7.0.0",
		.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
		.token_seconds = TOKEN_SECONDS,
		.today = (int32_t)(clock_now() / 86400) };
	while (
	    (letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (read_option(options, letter) != 0) {
			fprintf(stderr,
			    "sim_powerschool: wrong option or argument: %s\n",
			    letter == '?' ? argv[optind - 1] : optarg);
			return -1;
		}
	}
	if (!options->query && !options->table && !options->v1)
		options->query = options->table = options->v1 = true;
	return optind < argc || options->district == NULL ||
		options->port_file == NULL || options->id_file == NULL ||
		options->secret_file == NULL ||
		(!options->plain &&
		    (options->cert_file == NULL || options->key_file == NULL)) ?
	    -1 :
	    0;
}

/* The one line of a file with a credential. */
static char *
read_line(const char *path, struct err *err)
{
	char *text;

	text = sim_file_read(path, err);
	if (text != NULL)
		text[strcspn(text, "\r\n")] = '\0';
	return text;
}

static int
run(struct sim_server *server, struct err *err)
{
	const struct sim_options *options = &server->options;

	server->client_id = read_line(options->id_file, err);
	server->client_secret = read_line(options->secret_file, err);
	if (server->client_id == NULL || server->client_secret == NULL)
		return -1;
	if (options->script_file != NULL &&
	    (server->script = sim_script_read(options->script_file, err)) ==
		NULL)
		return -1;
	if (options->record_file != NULL &&
	    (server->record = sim_record_open(options->record_file, err)) ==
		NULL)
		return -1;
	server->selections = sim_selections_new();
	if (sim_district_read(&server->district, options->district, err) != 0)
		return -1;
	return sim_http_serve(server, err);
}

int
main(int argc, char **argv)
{
	struct sim_server server = { .product = &sim_powerschool };
	struct err err = { 0 };
	int rc;

	if (read_options(&server.options, argc, argv) != 0)
		return usage();
	rc = run(&server, &err);
	if (rc != 0)
		fprintf(stderr, "sim_powerschool: %s\n", err.msg);
	if (server.selections != NULL) {
		sim_district_free(&server.district);
		sim_selections_free(server.selections);
	}
	sim_script_free(server.script);
	sim_record_close(server.record);
	free(server.client_id);
	free(server.client_secret);
	return rc == 0 ? EXIT_DONE : (int)err.code;
}
