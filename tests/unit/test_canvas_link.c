#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "grades/canvas_link.h"

#define DAMAGED "damaged"

static void
the_next_page_is_found_in_a_link_header(void **state)
{
	static const struct {
		const char *header;
		const char *want; /* NULL: none */
	} cases[] = {
		{ "", NULL },
		{ "<https://c/a?page=1>; rel=\"current\","
		  "<https://c/a?page=2>; rel=\"next\","
		  "<https://c/a?page=1>; rel=\"first\","
		  "<https://c/a?page=9>; rel=\"last\"",
		    "https://c/a?page=2" },
		{ "<https://c/a?page=9>; rel=\"current\"", NULL },
		/* a bookmark, and no last page */
		{ "<https://c/a?page=bookmark:WzEsMl0&x[]=1>; rel=\"next\"",
		    "https://c/a?page=bookmark:WzEsMl0&x[]=1" },
		{ "<https://c/a,b;c>; rel=\"next\"", "https://c/a,b;c" },
		{ "<a>;rel=next", "a" },
		{ "<a>  ;  rel = next ", "a" },
		{ "<a>; REL=\"NEXT\"", "a" },
		{ "<a>; rel=\"prev next\"", "a" },
		{ "<a>; rel=\"nextpage\"", NULL },
		{ "<a>; title=\"next, \\\"; rel=next\"; rel=\"prev\"", NULL },
		{ "<a>; title=\"x\"; rel=\"next\"", "a" },
		{ "<a>; crossorigin; rel=\"next\"", "a" },
		{ ", <a>; rel=\"prev\", , <b>; rel=\"next\"", "b" },
		{ "<a>; rel=\"next\", <b>; rel=\"next\"", "a" },
		{ "<>; rel=\"next\"", "" },
		/* what cannot be read must not pass for the last page */
		{ "https://c/a; rel=\"next\"", DAMAGED },
		{ "<https://c/a; rel=\"next\"", DAMAGED },
		{ "<a>; rel=\"next", DAMAGED },
		{ "<a> rel=\"next\"", DAMAGED },
		{ "<a>; rel=\"next\" <b>; rel=\"last\"", DAMAGED },
		{ "<a>; rel=\"prev\", b", DAMAGED },
		{ "<a>; rel=\"next\\", DAMAGED },
	};
	char *url;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = canvas_link_next(cases[i].header, &url);
		if (cases[i].want == NULL) {
			assert_int_equal(rc, 0);
			assert_null(url);
		} else if (strcmp(cases[i].want, DAMAGED) == 0) {
			assert_int_equal(rc, -1);
			assert_null(url);
		} else {
			assert_int_equal(rc, 0);
			assert_non_null(url);
			assert_string_equal(url, cases[i].want);
		}
		free(url);
	}
}

static void
a_header_that_is_cut_anywhere_is_read_within_its_bounds(void **state)
{
	static const char header
	    [] = "<https://c/a?page=1>; rel=\"current\"; title=\"a\\\"b\","
		 "<https://c/a?page=2>; rel=next";
	char *copy, *url;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(header); len++) {
		copy = malloc(len + 1);
		assert_non_null(copy);
		memcpy(copy, header, len);
		copy[len] = '\0';
		canvas_link_next(copy, &url);
		free(url);
		free(copy);
	}
}

static void
the_next_page_stays_on_the_server(void **state)
{
	static const struct {
		const char *base, *url;
		const char *want; /* NULL: elsewhere */
	} cases[] = {
		{ "https://c.example.org", "https://c.example.org/api?x=1",
		    "/api?x=1" },
		{ "https://c.example.org", "HTTPS://C.Example.org/api",
		    "/api" },
		{ "https://c.example.org", "https://c.example.org:443/api",
		    "/api" },
		{ "https://c.example.org:443", "https://c.example.org/api",
		    "/api" },
		{ "http://127.0.0.1:80", "http://127.0.0.1/api", "/api" },
		{ "https://c.example.org:8443",
		    "https://c.example.org:8443/api", "/api" },
		{ "https://c.example.org/lms", "https://c.example.org/lms/api",
		    "/api" },
		{ "https://c.example.org", "http://c.example.org/api", NULL },
		{ "https://c.example.org", "https://c.example.org:444/api",
		    NULL },
		{ "https://c.example.org", "https://c.example.org:4430/api",
		    NULL },
		{ "https://c.example.org", "https://d.example.org/api", NULL },
		{ "https://c.example.org", "https://c.example.org.evil/api",
		    NULL },
		{ "https://c.example.org",
		    "https://c.example.org@evil.example/api", NULL },
		{ "https://c.example.org", "https://u:p@c.example.org/api",
		    NULL },
		{ "https://c.example.org", "https://c.example.org?page=2",
		    NULL },
		{ "https://c.example.org", "https://c.example.org/a#b", NULL },
		{ "https://c.example.org/lms", "https://c.example.org/api",
		    NULL },
		{ "https://c.example.org/lms", "https://c.example.org/lmsx/a",
		    NULL },
		{ "https://c.example.org", "//c.example.org/api", NULL },
		{ "https://c.example.org", "/api", NULL },
		{ "https://c.example.org", "ftp://c.example.org/api", NULL },
		{ "https://c.example.org", "https://", NULL },
		{ "https://c.example.org", "", NULL },
	};
	char *path;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		path = canvas_link_path(cases[i].base, cases[i].url);
		if (cases[i].want == NULL) {
			assert_null(path);
		} else {
			assert_non_null(path);
			assert_string_equal(path, cases[i].want);
		}
		free(path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_page_is_found_in_a_link_header),
		cmocka_unit_test(
		    a_header_that_is_cut_anywhere_is_read_within_its_bounds),
		cmocka_unit_test(the_next_page_stays_on_the_server),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
