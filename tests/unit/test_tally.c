#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "canvas/tally.h"
#include "canvas/tally_json.h"
#include "canvas/tally_sink.h"

#define ROUNDS 400
#define SCHOOLS 4
#define TERMS 3
#define ROLES 3
#define SECTIONS_MAX 40

/* A package as texts by sheet, NULL: it lacks the sheet. */
struct package {
	const char *texts[KEEP_SHEETS];
};

static const char *const role_names[ROLES] = { "student", "teacher", "ta" };

static const struct package small = { {
    "account_id,parent_account_id,name,status\n300,,A,active\n"
    "400,,B,active\n",
    "term_id,name,status\n300-1,F,active\n400-1,F,active\n"
    "summer,S,active\n",
    "user_id,login_id\nS1,a\nS22,b\nT3,c\nS\xc3\xa9,d\n",
    "course_id,short_name,long_name,account_id,term_id,status\n"
    "c1,x,x,300,300-1,active\nc2,x,\"x, y\",400,400-1,active\n"
    "c3,x,x,,,active\nc4,x,x,300,summer,active\n",
    "section_id,course_id,name,status\ns1,c1,x,active\n"
    "s2,c2,x,active\ns3,c3,x,active\ns4,lost,x,active\n"
    "s5,c4,x,active\n",
    "section_id,user_id,role,status\n"
    "s1,S1,student,active\ns1,S22,student,active\n"
    "s1,T3,teacher,active\n\"s2\",S1,\"student\",active\n"
    "\"s2\",S22,student,active\ns2,T3,student,active\n,,,\n"
    "s3,S1,student,active\ns4,S1,student,active\n"
    "s5,S1,student,active\n",
} };

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static int
tally_texts(struct tally *tally, struct intern *intern,
    const struct package *package, struct err *err)
{
	struct diff_input inputs[KEEP_SHEETS];
	struct diff_file files[KEEP_SHEETS];
	struct places *places;
	size_t i;
	int rc;

	for (i = 0; i < KEEP_SHEETS; i++) {
		inputs[i] = (struct diff_input){ &files[i], 0 };
		if (package->texts[i] == NULL)
			continue;
		files[i] = (struct diff_file){ sheets[i].file,
			package->texts[i], strlen(package->texts[i]), false };
		inputs[i].nfiles = 1;
	}
	places = places_read(
	    intern, &inputs[SHEET_COURSE], &inputs[SHEET_SECTION], err);
	if (places == NULL)
		return -1;
	rc = tally_make(tally, intern, places, inputs, err);
	places_free(places);
	return rc;
}

static void
add_text(struct buf *out, const struct intern *intern, sym id)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = intern_text(intern, id, digits);
	buf_add(out, text.bytes, text.len);
}

/* "users 4 [a9 3] [a 1]" and a line for each cell. */
static void
show(struct buf *out, const struct tally *tally, const struct intern *intern)
{
	const struct tally_sheet *sheet;
	size_t kind, i;

	out->len = 0;
	for (kind = 0; kind < KEEP_SHEETS; kind++) {
		sheet = &tally->sheets[kind];
		buf_printf(out, "%s %d", sheets[kind].name, (int)sheet->rows);
		for (i = 0; i < sheet->nshapes; i++)
			buf_printf(out, " [%s %d]", sheet->shapes[i].text,
			    (int)sheet->shapes[i].rows);
		buf_addc(out, '\n');
		for (i = 0; i < sheet->ncells; i++) {
			buf_addc(out, ' ');
			add_text(out, intern, sheet->cells[i].school);
			buf_addc(out, '/');
			add_text(out, intern, sheet->cells[i].term);
			buf_addc(out, '/');
			add_text(out, intern, sheet->cells[i].role);
			buf_printf(out, " %d\n", (int)sheet->cells[i].rows);
		}
	}
	buf_str(out);
}

static void
the_shape_of_an_id_has_a_for_letters_and_9_for_digits(void **state)
{
	static const struct {
		const char *id, *want;
	} cases[] = {
		{ "S1024", "a9" },
		{ "s7", "a9" },
		{ "1024", "9" },
		{ "", "" },
		{ "sec-12", "a-9" },
		{ "300-3601", "9-9" },
		{ "a b", "a a" },
		{ "a--b", "a--a" },
		{ "1.23E+05", "9.9a+9" },
		{ "Zz9aA0", "a9a9" },
		{ "@[`{", "@[`{" },
		{ "/:", "/:" },
		{ "Jos\xc3\xa9 1", "a 9" },
		{ "\xff\xfe", "a" },
		{ "crs-300-3601-ENG1", "a-9-9-a9" },
		{ "-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1",
		    "-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9" },
		{ "-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-x",
		    "-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9" },
	};
	char shape[TALLY_SHAPE_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(tally_shape((struct str){ cases[i].id,
						 strlen(cases[i].id) },
				     shape),
		    strlen(cases[i].want));
		assert_string_equal(shape, cases[i].want);
	}
}

static void
rows_are_counted_by_school_term_and_role(void **state)
{
	static const char
	    want[] = "accounts 2 [9 2]\n 300// 1\n 400// 1\n"
		     "terms 3 [9-9 2] [a 1]\n"
		     " 300/300-1/ 1\n 300/summer/ 1\n 400/400-1/ 1\n"
		     "users 4 [a9 3] [a 1]\n"
		     "courses 4 [a9 4]\n"
		     " 300/300-1/ 1\n 300/summer/ 1\n 400/400-1/ 1\n"
		     "sections 5 [a9 5]\n"
		     " 300/300-1/ 1\n 300/summer/ 1\n 400/400-1/ 1\n"
		     "enrollments 9 [a9 9]\n"
		     " 300/300-1/student 2\n 300/300-1/teacher 1\n"
		     " 300/summer/student 1\n 400/400-1/student 3\n";
	struct err err = { 0 };
	struct buf got = { 0 };
	struct intern *intern;
	struct tally tally;

	(void)state;
	intern = intern_new();
	assert_int_equal(tally_texts(&tally, intern, &small, &err), 0);
	show(&got, &tally, intern);
	assert_string_equal(got.data, want);
	buf_free(&got);
	tally_free(&tally);
	intern_free(intern);
}

static void
a_package_without_sheets_has_no_rows(void **state)
{
	static const struct package none = { { NULL } };
	static const struct package headers = {
		{ "account_id,parent_account_id,name\n", "", NULL,
		    "course_id\n", "section_id,course_id\n",
		    "section_id,user_id,role\n" }
	};
	const struct package *cases[] = { &none, &headers };
	struct intern *intern;
	struct tally tally;
	size_t i, kind;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct err err = { 0 };

		intern = intern_new();
		assert_int_equal(
		    tally_texts(&tally, intern, cases[i], &err), 0);
		for (kind = 0; kind < KEEP_SHEETS; kind++) {
			assert_int_equal(tally.sheets[kind].rows, 0);
			assert_int_equal(tally.sheets[kind].ncells, 0);
			assert_int_equal(tally.sheets[kind].nshapes, 0);
		}
		tally_free(&tally);
		intern_free(intern);
	}
}

static void
a_damaged_sheet_is_refused(void **state)
{
	const struct package damaged = {
		{ [SHEET_USER] = "user_id,login_id\nS1,\"a\n" }
	};
	struct err err = { 0 };
	struct intern *intern;
	struct tally tally;

	(void)state;
	intern = intern_new();
	assert_int_equal(tally_texts(&tally, intern, &damaged, &err), -1);
	assert_int_equal(err.code, EXIT_SOURCE);
	assert_non_null(strstr(err.msg, "users.csv:2:"));
	tally_free(&tally);
	intern_free(intern);
}

static struct json *
parse(const char *text)
{
	const struct json_origin origin = { "a.json", 1 << 20, EXIT_SOURCE };
	struct err err = { 0 };
	struct json *json;

	json = json_parse(text, strlen(text), &origin, &err);
	if (json == NULL)
		fail_msg("%s", err.msg);
	return json;
}

static void
only_the_most_frequent_shapes_are_kept(void **state)
{
	struct buf users = { 0 };
	struct package package = { { NULL } };
	struct err err = { 0 };
	struct intern *intern;
	struct tally tally, back;
	char want[TALLY_SHAPE_MAX + 1];
	struct json *json;
	size_t i, j;
	char *text;

	(void)state;
	buf_adds(&users, "user_id,login_id\n");
	for (i = 1; i <= 20; i++) { /* i ids of i dashes */
		for (j = 0; j < i; j++)
			buf_printf(&users, "%.*s%zu,x\n", (int)i,
			    "--------------------", j);
	}
	package.texts[SHEET_USER] = buf_str(&users);
	intern = intern_new();
	assert_int_equal(tally_texts(&tally, intern, &package, &err), 0);
	assert_int_equal(tally.sheets[SHEET_USER].rows, 210);
	assert_int_equal(tally.sheets[SHEET_USER].nshapes, TALLY_SHAPES);
	for (i = 0; i < TALLY_SHAPES; i++) {
		assert_int_equal(
		    tally.sheets[SHEET_USER].shapes[i].rows, 20 - i);
		snprintf(want, sizeof(want), "%.*s9", (int)(20 - i),
		    "--------------------");
		assert_string_equal(
		    tally.sheets[SHEET_USER].shapes[i].text, want);
	}
	json = tally_json(&tally, intern); /* and so many are read */
	text = json_print(json);
	json_free(json);
	json = parse(text);
	assert_true(tally_json_read(&back, intern, json));
	assert_int_equal(back.sheets[SHEET_USER].nshapes, TALLY_SHAPES);
	json_free(json);
	free(text);
	tally_free(&back);
	tally_free(&tally);
	intern_free(intern);
	buf_free(&users);
}

/* Ids without any form must not take memory for each of them. */
static void
shapes_beyond_the_4096th_count_as_others(void **state)
{
	struct buf users = { 0 };
	struct package package = { { NULL } };
	struct err err = { 0 };
	struct intern *intern;
	struct tally tally;
	size_t i, bit;

	(void)state;
	buf_adds(&users, "user_id,login_id\n");
	for (i = 0; i < 5000; i++) {
		for (bit = 0; bit < 13; bit++)
			buf_addc(&users, (i >> bit & 1) != 0 ? '-' : '.');
		buf_adds(&users, ",x\n");
	}
	buf_adds(&users, ".............,x\n"); /* the first one again */
	package.texts[SHEET_USER] = buf_str(&users);
	intern = intern_new();
	assert_int_equal(tally_texts(&tally, intern, &package, &err), 0);
	assert_int_equal(tally.sheets[SHEET_USER].rows, 5001);
	assert_int_equal(tally.sheets[SHEET_USER].nshapes, TALLY_SHAPES);
	assert_int_equal(tally.sheets[SHEET_USER].shapes[0].rows, 2);
	assert_string_equal(
	    tally.sheets[SHEET_USER].shapes[0].text, ".............");
	tally_free(&tally);
	intern_free(intern);
	buf_free(&users);
}

/* A random district, and what a plain count of it gives. */
struct district {
	struct buf texts[KEEP_SHEETS];
	uint64_t rows; /* enrollments */
	uint64_t by[SCHOOLS][TERMS][ROLES];
};

static void
random_district(struct district *d, uint32_t *seed)
{
	size_t i, j, n, school, term, role, nsections;
	struct buf *out;

	for (i = 0; i < KEEP_SHEETS; i++)
		d->texts[i].len = 0;
	d->rows = 0;
	memset(d->by, 0, sizeof(d->by));
	buf_adds(&d->texts[SHEET_COURSE],
	    "term_id,course_id,short_name,account_id,status\n");
	buf_adds(&d->texts[SHEET_SECTION], "course_id,section_id,name\n");
	out = &d->texts[SHEET_ENROLLMENT];
	buf_adds(out,
	    next_random(seed) % 2 == 0 ? "section_id,user_id,role\n" :
					 "user_id,role,section_id\n");
	nsections = next_random(seed) % SECTIONS_MAX;
	for (i = 0; i < nsections; i++) {
		school = next_random(seed) % SCHOOLS;
		term = next_random(seed) % TERMS;
		buf_printf(&d->texts[SHEET_COURSE], "t%zu,%zu,x,%zu,active\n",
		    term, i, school);
		buf_printf(&d->texts[SHEET_SECTION], "%zu,s%zu,x\n", i, i);
		n = next_random(seed) % 9;
		for (j = 0; j < n; j++) {
			role = next_random(seed) % ROLES;
			d->rows++;
			d->by[school][term][role]++;
			if (out->data[0] == 's')
				buf_printf(out,
				    next_random(seed) % 4 == 0 ?
					"\"s%zu\",%zu,%s\n" :
					"s%zu,%zu,%s\n",
				    i, j, role_names[role]);
			else
				buf_printf(out, " %zu ,%s,s%zu\n", j,
				    role_names[role], i);
		}
	}
}

static bool
is_text(const struct intern *intern, sym id, const char *want)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = intern_text(intern, id, digits);
	return text.len == strlen(want) &&
	    memcmp(text.bytes, want, text.len) == 0;
}

static uint64_t
rows_of(const struct tally_sheet *sheet, const struct intern *intern,
    size_t school, size_t term, size_t role)
{
	char names[2][16];
	uint64_t rows;
	size_t i;

	snprintf(names[0], sizeof(names[0]), "%zu", school);
	snprintf(names[1], sizeof(names[1]), "t%zu", term);
	rows = 0;
	for (i = 0; i < sheet->ncells; i++) {
		if (is_text(intern, sheet->cells[i].school, names[0]) &&
		    is_text(intern, sheet->cells[i].term, names[1]) &&
		    is_text(intern, sheet->cells[i].role, role_names[role]))
			rows += sheet->cells[i].rows;
	}
	return rows;
}

static void
random_packages_are_counted_as_a_plain_loop_counts_them(void **state)
{
	static struct district d;
	struct package package = { { NULL } };
	struct intern *intern;
	struct tally tally;
	size_t round, i, school, term, role;
	uint32_t seed;

	(void)state;
	seed = 7;
	for (round = 0; round < ROUNDS; round++) {
		struct err err = { 0 };

		random_district(&d, &seed);
		for (i = SHEET_COURSE; i < KEEP_SHEETS; i++)
			package.texts[i] = buf_str(&d.texts[i]);
		intern = intern_new();
		assert_int_equal(
		    tally_texts(&tally, intern, &package, &err), 0);
		assert_int_equal(tally.sheets[SHEET_ENROLLMENT].rows, d.rows);
		for (school = 0; school < SCHOOLS; school++)
			for (term = 0; term < TERMS; term++)
				for (role = 0; role < ROLES; role++)
					assert_int_equal(
					    rows_of(
						&tally.sheets[SHEET_ENROLLMENT],
						intern, school, term, role),
					    d.by[school][term][role]);
		tally_free(&tally);
		intern_free(intern);
	}
	for (i = 0; i < KEEP_SHEETS; i++)
		buf_free(&d.texts[i]);
}

/* Writes a sheet into a sink, so many rows at a time. */
static void
put_sheet(const struct emit_sink *sink, const char *file, const char *text,
    size_t rows)
{
	struct buf block = { 0 };
	struct err err = { 0 };
	const char *end;
	size_t n;

	assert_int_equal(sink->begin(sink->arg, file, false, &err), 0);
	for (; *text != '\0'; text = end) {
		for (end = text, n = 0; *end != '\0' && n < rows; n++)
			end = strchr(end, '\n') + 1;
		block.len = 0;
		buf_add(&block, text, (size_t)(end - text));
		memset(buf_reserve(&block, 16), 0, 16);
		assert_int_equal(
		    sink->write(sink->arg, block.data, block.len, &err), 0);
	}
	assert_int_equal(sink->end(sink->arg, &err), 0);
	buf_free(&block);
}

static void
tally_stream(struct tally *tally, struct intern *intern,
    const struct package *package, size_t rows)
{
	struct tally_sink *sink;
	struct places *places;
	struct err err = { 0 };
	size_t i;

	sink = tally_sink_begin(intern);
	for (i = 0; i < KEEP_SHEETS; i++) {
		if (package->texts[i] != NULL)
			put_sheet(tally_sink_get(sink), sheets[i].file,
			    package->texts[i], rows);
	}
	put_sheet(tally_sink_get(sink), "crosswalk.csv", "sheet\nusers\n", 1);
	assert_int_equal(tally_sink_end(sink, &places, tally, &err), 0);
	places_free(places);
}

/* Both count the same, however many rows are written at a time. */
static void
assert_stream_counts_the_same(const struct package *package, size_t rows)
{
	struct buf want = { 0 }, got = { 0 };
	struct err err = { 0 };
	struct intern *intern;
	struct tally tally;

	intern = intern_new();
	assert_int_equal(tally_texts(&tally, intern, package, &err), 0);
	show(&want, &tally, intern);
	tally_free(&tally);
	tally_stream(&tally, intern, package, rows);
	show(&got, &tally, intern);
	assert_string_equal(got.data, want.data);
	tally_free(&tally);
	intern_free(intern);
	buf_free(&want);
	buf_free(&got);
}

static void
what_is_counted_while_it_is_written_is_what_is_read_back(void **state)
{
	static struct district d;
	struct package package = { { NULL } };
	uint32_t seed;
	size_t rows, i;

	(void)state;
	seed = 11;
	for (rows = 1; rows < 12; rows++)
		assert_stream_counts_the_same(&small, rows);
	for (rows = 1; rows < 60; rows++) {
		random_district(&d, &seed);
		for (i = SHEET_COURSE; i < KEEP_SHEETS; i++)
			package.texts[i] = buf_str(&d.texts[i]);
		assert_stream_counts_the_same(&package, rows);
	}
	for (i = 0; i < KEEP_SHEETS; i++)
		buf_free(&d.texts[i]);
}

/* The manifest is read by another process, with other numbers of syms. */
static void
what_is_written_to_the_manifest_is_read_back(void **state)
{
	struct intern *intern, *other;
	struct json *written, *read;
	struct buf want = { 0 }, got = { 0 };
	struct tally tally, back;
	struct err err = { 0 };
	char *text;

	(void)state;
	intern = intern_new();
	assert_int_equal(tally_texts(&tally, intern, &small, &err), 0);
	written = tally_json(&tally, intern);
	text = json_print(written);
	read = parse(text);
	other = intern_new();
	intern_add(other, "teacher", 7);
	assert_true(tally_json_read(&back, other, read));
	show(&want, &tally, intern);
	show(&got, &back, other);
	assert_string_equal(got.data, want.data);
	buf_free(&want);
	buf_free(&got);
	json_free(read);
	json_free(written);
	free(text);
	tally_free(&tally);
	tally_free(&back);
	intern_free(other);
	intern_free(intern);
}

/* A text in which one part stands for another; the caller frees it. */
static char *
edited(const char *text, const char *from, const char *to)
{
	struct buf out = { 0 };
	const char *at;

	at = strstr(text, from);
	assert_non_null(at);
	buf_add(&out, text, (size_t)(at - text));
	buf_adds(&out, to);
	buf_adds(&out, at + strlen(from));
	buf_str(&out);
	return out.data;
}

static void
a_tally_that_is_not_whole_is_not_taken(void **state)
{
	static const char
	    whole[] = "{\"version\":1,\"sheets\":{"
		      "\"accounts\":{\"rows\":0,\"ids\":{}},"
		      "\"terms\":{\"rows\":0,\"ids\":{}},"
		      "\"users\":{\"rows\":4,\"ids\":{\"a9\":3,\"a\":1}},"
		      "\"courses\":{\"rows\":2,\"ids\":{}},"
		      "\"sections\":{\"rows\":0,\"ids\":{}},"
		      "\"enrollments\":{\"rows\":7,\"ids\":{\"1\":1,\"2\":1}}},"
		      "\"places\":[{\"school\":\"1\",\"courses\":2},"
		      "{\"term\":\"t\",\"enrollments\":{\"ta\":2,\"\":4}}]}";
	static const struct {
		const char *from, *to;
		bool taken;
	} cases[] = {
		{ "1", "1", true },
		{ "\"version\":1", "\"version\":2", false },
		{ "\"version\":1", "\"version\":\"1\"", false },
		{ "\"users\"", "\"people\"", false },
		{ "\"places\"", "\"scopes\"", false },
		{ "[{\"school\":\"1\",\"courses\":2},", "[", true },
		{ "\"rows\":4", "\"rows\":-4", false },
		{ "\"ids\":{}", "\"ids\":[]", false },
		{ "\"a9\":3", "\"a9\":4", false }, /* 5 of 4 */
		{ "\"a9\":3", "\"a9\":null", false },
		{ "\"a9\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", true },
		{ "\"a9\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", false },
		{ "\"courses\":2}", "\"courses\":3}", false },
		{ "\"courses\":2}", "\"courses\":\"2\"}", false },
		{ "\"ta\":2", "\"ta\":3", true },
		{ "\"ta\":2", "\"ta\":4", false },
		{ "\"ta\":2", "\"ta\":{}", false },
		{ "{\"ta\":2,\"\":4}", "6", false },
	};
	struct intern *intern;
	struct tally tally;
	struct json *json;
	char *text;
	size_t i;

	(void)state;
	intern = intern_new();
	assert_false(tally_json_read(&tally, intern, NULL));
	tally_free(&tally);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = edited(whole, cases[i].from, cases[i].to);
		json = parse(text);
		if (tally_json_read(&tally, intern, json) != cases[i].taken)
			fail_msg("%s is%s taken", text,
			    cases[i].taken ? " not" : "");
		tally_free(&tally);
		json_free(json);
		free(text);
	}
	intern_free(intern);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_shape_of_an_id_has_a_for_letters_and_9_for_digits),
		cmocka_unit_test(rows_are_counted_by_school_term_and_role),
		cmocka_unit_test(a_package_without_sheets_has_no_rows),
		cmocka_unit_test(a_damaged_sheet_is_refused),
		cmocka_unit_test(only_the_most_frequent_shapes_are_kept),
		cmocka_unit_test(shapes_beyond_the_4096th_count_as_others),
		cmocka_unit_test(
		    random_packages_are_counted_as_a_plain_loop_counts_them),
		cmocka_unit_test(
		    what_is_counted_while_it_is_written_is_what_is_read_back),
		cmocka_unit_test(what_is_written_to_the_manifest_is_read_back),
		cmocka_unit_test(a_tally_that_is_not_whole_is_not_taken),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
