#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/net_url.h"

static void
an_address_is_taken_apart(void **state)
{
	static const struct {
		const char *text, *base, *host, *name;
		bool plain;
	} cases[] = {
		{ "https://sis.example.org", "https://sis.example.org",
		    "sis.example.org", "sis.example.org", false },
		{ "HTTPS://sis.example.org/", "https://sis.example.org",
		    "sis.example.org", "sis.example.org", false },
		{ "https://a.example:8443/ps//", "https://a.example:8443/ps",
		    "a.example:8443", "a.example", false },
		{ "https://[2001:db8::1]:1/", "https://[2001:db8::1]:1",
		    "[2001:db8::1]:1", "[2001:db8::1]", false },
		{ "http://127.0.0.1:80", "http://127.0.0.1:80", "127.0.0.1:80",
		    "127.0.0.1", true },
		{ "http://[::1]/x", "http://[::1]/x", "[::1]", "[::1]", true },
		{ "http://localhost", "http://localhost", "localhost",
		    "localhost", true },
		{ "https://a.example/%7Eb/@c", "https://a.example/%7Eb/@c",
		    "a.example", "a.example", false },
	};
	struct net_url url;
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    net_url_parse(&url, cases[i].text, "w", &err), 0);
		assert_string_equal(url.base, cases[i].base);
		assert_string_equal(url.host, cases[i].host);
		assert_string_equal(url.name, cases[i].name);
		assert_int_equal(url.plain, cases[i].plain);
		net_url_free(&url);
	}
}

static void
an_address_that_is_unsafe_or_wrong_is_refused_and_not_shown(void **state)
{
	static const char *const cases[] = { NULL, "", "sis.canary",
		"ftp://canary", "file:///canary", "https:/canary", "https://",
		"https:///canary", "https://:443", "https://-a/",
		"https://.canary/", "https://canary:0",
		"https://canary:", "https://canary:65536",
		"https://canary:123456", "https://canary:8x",
		"https://u:canary@a.example", "https://canary@a.example/",
		"https://a.example/?canary=1", "https://a.example?canary",
		"https://a.example/#canary", "https://a b/",
		"https://a.example/canary b",
		"https://a.example/canary\r\nX: y", "https://can\xc3\xa4ry/",
		"https://a.example\\canary", "https://a.example\\@canary",
		"https://[::1", "https://[]/", "https://[canary]/",
		"http://canary.example", "http://127.0.0.1.canary",
		"http://127.0.0.1@canary", "http://localhost.canary/",
		"http://127.0.0.2/" };
	struct net_url url;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(
		    net_url_parse(&url, cases[i], "[source] url", &err), -1);
		assert_int_equal(err.code, EXIT_SETTINGS);
		assert_memory_equal(err.msg, "[source] url ", 13);
		assert_null(strstr(err.msg, "canary"));
		assert_null(url.base);
		assert_null(url.host);
	}
}

static void
a_server_elsewhere_is_shown_without_user_path_and_query(void **state)
{
	static const struct {
		const char *text, *origin;
	} cases[] = {
		{ "https://a.example/p?q=canary#f", "https://a.example" },
		{ "http://a.example:81?canary", "http://a.example:81" },
		{ "https://canary:x@a.example/", "https://a.example" },
		{ "https://a.example", "https://a.example" },
		{ "https://a\x1b[2Jb.example/", "https://a" },
		{ "/public/home.html", NULL },
		{ "//a.example/", NULL },
		{ "javascript:canary", NULL },
		{ "https://", NULL },
		{ "https://\x1b[31m", NULL },
		{ "https://a.example:0/", NULL },
		{ "", NULL },
	};
	char *origin;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		origin = net_url_origin(cases[i].text);
		if (cases[i].origin == NULL)
			assert_null(origin);
		else
			assert_string_equal(origin, cases[i].origin);
		free(origin);
	}
}

static void
a_proxy_is_named_as_libcurl_chooses_it(void **state)
{
	static const struct {
		const char *setting, *https_proxy, *all_proxy, *no_proxy;
		const char *proxy;
	} cases[] = {
		{ NULL, NULL, NULL, NULL, NULL },
		{ "none", "http://p.example:3128", NULL, NULL, NULL },
		{ NULL, "http://p.example:3128", NULL, NULL, "p.example:3128" },
		{ NULL, "http://u:canary@p.example:1/", NULL, NULL,
		    "p.example:1" },
		{ NULL, "p.example:8080", NULL, NULL, "p.example:8080" },
		{ NULL, "u:can@ary@p.example", NULL, NULL, "p.example" },
		{ NULL, NULL, "socks5h://s.example", NULL, "s.example" },
		{ NULL, "http://h.example", "http://s.example", NULL,
		    "h.example" },
		{ "http://o.example:9", "http://h.example", NULL, NULL,
		    "o.example:9" },
		{ NULL, "http://h.example", NULL, "*", NULL },
		{ NULL, "http://h.example", NULL, "b.example,example.org",
		    NULL },
		{ NULL, "http://h.example", NULL, ".example.org", NULL },
		{ NULL, "http://h.example", NULL, "SIS.example.ORG", NULL },
		{ NULL, "http://h.example", NULL, "is.example.org, x",
		    "h.example" },
		{ NULL, "http://h.example", NULL, "x.sis.example.org",
		    "h.example" },
	};
	struct net_url url, plain;
	struct err err = { 0 };
	char *proxy;
	size_t i;

	(void)state;
	assert_int_equal(
	    net_url_parse(&url, "https://sis.example.org:1", "w", &err), 0);
	assert_int_equal(
	    net_url_parse(&plain, "http://127.0.0.1", "w", &err), 0);
	unsetenv("HTTPS_PROXY");
	unsetenv("ALL_PROXY");
	unsetenv("NO_PROXY");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsetenv("https_proxy");
		unsetenv("all_proxy");
		unsetenv("no_proxy");
		if (cases[i].https_proxy != NULL)
			setenv("https_proxy", cases[i].https_proxy, 1);
		if (cases[i].all_proxy != NULL)
			setenv("all_proxy", cases[i].all_proxy, 1);
		if (cases[i].no_proxy != NULL)
			setenv("no_proxy", cases[i].no_proxy, 1);
		proxy = net_url_proxy(&url, cases[i].setting);
		if (cases[i].proxy == NULL)
			assert_null(proxy);
		else
			assert_string_equal(proxy, cases[i].proxy);
		free(proxy);
		assert_null(net_url_proxy(&plain, cases[i].setting));
	}
	net_url_free(&url);
	net_url_free(&plain);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_taken_apart),
		cmocka_unit_test(
		    an_address_that_is_unsafe_or_wrong_is_refused_and_not_shown),
		cmocka_unit_test(
		    a_server_elsewhere_is_shown_without_user_path_and_query),
		cmocka_unit_test(a_proxy_is_named_as_libcurl_chooses_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
