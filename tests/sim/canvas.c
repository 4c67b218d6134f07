#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim_canvas.h"
#include "sim_course.h"
#include "sim_file.h"
#include "sim_http.h"
#include "sim_record.h"
#include "sim_scale.h"
#include "sim_script.h"

/* As Canvas has them: BasicBookmark pages, RequestThrottle (grades B2). */
#define PAGE_DEFAULT 10
#define PAGE_MAX 100
#define BUCKET 600
#define OUTFLOW 10

enum wanted {
	OPTION_FOLDER,
	OPTION_TOKEN,
	OPTION_CERT,
	OPTION_KEY,
	OPTION_PORT_FILE,
	OPTION_SCRIPT,
	OPTION_RECORD,
	OPTION_CROSSWALK,
	OPTION_TEXTS, /* those above have a text, those below a number */
	OPTION_COURSES,
	OPTION_SECTIONS,
	OPTION_STUDENTS,
	OPTION_ASSIGNMENTS,
	OPTION_PORT,
	OPTION_PAGE_MAX,
	OPTION_GZIP,
	OPTION_BUCKET,
	OPTION_OUTFLOW,
	OPTION_COST,
	OPTION_NUMBERS,
	OPTION_NO_SIS,
	OPTION_NO_LAST,
	OPTION_BOOKMARKS,
	OPTION_PLAIN,
	OPTION_COUNT
};

static const struct option long_options[] = {
	{ "folder", required_argument, NULL, OPTION_FOLDER },
	{ "token-file", required_argument, NULL, OPTION_TOKEN },
	{ "cert", required_argument, NULL, OPTION_CERT },
	{ "key", required_argument, NULL, OPTION_KEY },
	{ "port-file", required_argument, NULL, OPTION_PORT_FILE },
	{ "script", required_argument, NULL, OPTION_SCRIPT },
	{ "record", required_argument, NULL, OPTION_RECORD },
	{ "crosswalk", required_argument, NULL, OPTION_CROSSWALK },
	{ "courses", required_argument, NULL, OPTION_COURSES },
	{ "sections", required_argument, NULL, OPTION_SECTIONS },
	{ "students", required_argument, NULL, OPTION_STUDENTS },
	{ "assignments", required_argument, NULL, OPTION_ASSIGNMENTS },
	{ "port", required_argument, NULL, OPTION_PORT },
	{ "page-max", required_argument, NULL, OPTION_PAGE_MAX },
	{ "gzip", required_argument, NULL, OPTION_GZIP },
	{ "bucket", required_argument, NULL, OPTION_BUCKET },
	{ "outflow", required_argument, NULL, OPTION_OUTFLOW },
	{ "cost", required_argument, NULL, OPTION_COST },
	{ "no-sis", no_argument, NULL, OPTION_NO_SIS },
	{ "no-last", no_argument, NULL, OPTION_NO_LAST },
	{ "bookmarks", no_argument, NULL, OPTION_BOOKMARKS },
	{ "plain", no_argument, NULL, OPTION_PLAIN },
	{ NULL, 0, NULL, 0 },
};

struct options {
	const char *texts[OPTION_TEXTS];
	unsigned long numbers[OPTION_NUMBERS];
	bool set[OPTION_COUNT];
};

static int
usage(void)
{
	fputs("usage: sim_canvas --folder DIR |\n"
	      "           --courses N [--sections N] [--students N]\n"
	      "           [--assignments N] [--crosswalk FILE]\n"
	      "           --port-file F --token-file F\n"
	      "           --cert F --key F | --plain\n"
	      "           [--port N] [--page-max N] [--gzip LEVEL]\n"
	      "           [--bucket UNITS] [--outflow UNITS] [--cost UNITS]\n"
	      "           [--no-sis] [--no-last] [--bookmarks]\n"
	      "           [--script F] [--record F]\n"
	      "Plays a Canvas server; tests/sim/README.md says more.\n",
	    stderr);
	return EXIT_USAGE;
}

static int
read_options(struct options *options, int argc, char **argv)
{
	int option;
	char *end;

	*options = (struct options){
		.numbers = { [OPTION_SECTIONS] = 1,
		    [OPTION_STUDENTS] = 30,
		    [OPTION_ASSIGNMENTS] = 40,
		    [OPTION_PAGE_MAX] = PAGE_MAX,
		    [OPTION_BUCKET] = BUCKET,
		    [OPTION_OUTFLOW] = OUTFLOW },
	};
	while (
	    (option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == '?')
			return -1;
		options->set[option] = true;
		if (option < OPTION_TEXTS) {
			options->texts[option] = optarg;
		} else if (option < OPTION_NUMBERS) {
			options->numbers[option] = strtoul(optarg, &end, 10);
			if (*optarg == '\0' || *end != '\0')
				return -1;
		}
	}
	return optind < argc ||
		options->set[OPTION_FOLDER] == options->set[OPTION_COURSES] ||
		!options->set[OPTION_PORT_FILE] ||
		!options->set[OPTION_TOKEN] ||
		(!options->set[OPTION_PLAIN] &&
		    (!options->set[OPTION_CERT] || !options->set[OPTION_KEY])) ?
	    -1 :
	    0;
}

/* What every simulated server has. */
static int
set_up(
    struct sim_server *server, const struct options *options, struct err *err)
{
	server->options = (struct sim_options){
		.cert_file = options->texts[OPTION_CERT],
		.key_file = options->texts[OPTION_KEY],
		.port_file = options->texts[OPTION_PORT_FILE],
		.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
		.plain = options->set[OPTION_PLAIN],
		.port = (unsigned short)options->numbers[OPTION_PORT],
		.gzip = (int)options->numbers[OPTION_GZIP],
	};
	if (options->set[OPTION_SCRIPT]) {
		server->script = sim_script_read(
		    options->texts[OPTION_SCRIPT], err);
		if (server->script == NULL)
			return -1;
	}
	if (options->set[OPTION_RECORD]) {
		server->record = sim_record_open(
		    options->texts[OPTION_RECORD], err);
		if (server->record == NULL)
			return -1;
	}
	return 0;
}

static int
set_up_canvas(struct sim_canvas *canvas, struct sim_scale *scale,
    const struct options *options, struct err *err)
{
	const unsigned long *numbers = options->numbers;

	*canvas = (struct sim_canvas){ .no_sis = options->set[OPTION_NO_SIS],
		.no_last = options->set[OPTION_NO_LAST],
		.bookmarks = options->set[OPTION_BOOKMARKS],
		.page_default = PAGE_DEFAULT,
		.page_max = numbers[OPTION_PAGE_MAX],
		.bucket_size = (double)numbers[OPTION_BUCKET],
		.outflow = (double)numbers[OPTION_OUTFLOW],
		.cost = (double)numbers[OPTION_COST] };
	canvas->token = sim_file_read(options->texts[OPTION_TOKEN], err);
	if (canvas->token == NULL)
		return -1;
	canvas->token[strcspn(canvas->token, "\r\n")] = '\0';
	if (options->set[OPTION_FOLDER]) {
		canvas->lms = &sim_course_lms;
		canvas->lms_data = sim_course_read(
		    options->texts[OPTION_FOLDER], err);
		return canvas->lms_data == NULL ? -1 : 0;
	}
	*scale = (struct sim_scale){ numbers[OPTION_COURSES],
		numbers[OPTION_SECTIONS], numbers[OPTION_STUDENTS],
		numbers[OPTION_ASSIGNMENTS] };
	canvas->lms = &sim_scale_lms;
	canvas->lms_data = scale;
	return sim_scale_crosswalk(
	    scale, options->texts[OPTION_CROSSWALK], err);
}

int
main(int argc, char **argv)
{
	struct sim_canvas canvas = { 0 };
	struct sim_scale scale;
	struct sim_server server = { .product = &sim_canvas, .data = &canvas };
	struct options options;
	struct err err = { 0 };
	int rc;

	if (read_options(&options, argc, argv) != 0)
		return usage();
	rc = set_up(&server, &options, &err);
	if (rc == 0)
		rc = set_up_canvas(&canvas, &scale, &options, &err);
	if (rc == 0)
		rc = sim_http_serve(&server, &err);
	if (rc != 0)
		fprintf(stderr, "sim_canvas: %s\n", err.msg);
	if (canvas.lms_data != NULL && canvas.lms->free != NULL)
		canvas.lms->free(canvas.lms_data);
	sim_script_free(server.script);
	sim_record_close(server.record);
	free(canvas.token);
	return rc == 0 ? EXIT_DONE : (int)err.code;
}
