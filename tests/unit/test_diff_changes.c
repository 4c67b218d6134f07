#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/csvio.h"
#include "canvas/diff_changes.h"

#define ROUNDS 3000
#define ROWS_MAX 16
#define COLUMNS 4
#define MANY 70000 /* lines: more than are kept in memory */

/* The sheets of a package as texts; NULL: it has none. */
struct package {
	const char *text[SHEETS];
	struct diff_file files[SHEETS];
	struct diff_input inputs[SHEETS];
};

static void
package_fill(struct package *package)
{
	size_t i;

	for (i = 0; i < SHEETS; i++) {
		if (package->text[i] == NULL)
			continue;
		package->files[i] = (struct diff_file){ sheets[i].name,
			package->text[i], strlen(package->text[i]), false };
		package->inputs[i] = (struct diff_input){ &package->files[i],
			1 };
	}
}

static int
add_bytes(void *arg, const void *bytes, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, bytes, len);
	return 0;
}

struct lister {
	struct diff_changes *changes;
	enum sheet_kind kind;
};

static int
list_event(void *arg, const struct diff_event *event, struct err *err)
{
	const struct lister *lister = arg;

	return diff_changes_add(lister->changes, lister->kind, event, err);
}

/* changes.csv of two packages, ended by a NUL. */
static void
list_changes(struct package *old, struct package *new, struct buf *out)
{
	struct places *places[2];
	struct diff_schools *schools;
	struct intern *intern;
	struct lister lister;
	const struct diff_sink sink = { &lister, list_event };
	struct err err = { 0 };

	package_fill(old);
	package_fill(new);
	out->len = 0;
	intern = intern_new();
	places[0] = places_read(intern, &old->inputs[SHEET_COURSE],
	    &old->inputs[SHEET_SECTION], &err);
	places[1] = places_read(intern, &new->inputs[SHEET_COURSE],
	    &new->inputs[SHEET_SECTION], &err);
	schools = diff_school_new(intern, places[0], places[1],
	    &old->inputs[SHEET_ENROLLMENT], &new->inputs[SHEET_ENROLLMENT]);
	lister.changes = diff_changes_new(schools, add_bytes, out);
	for (lister.kind = 0; lister.kind < SHEETS; lister.kind++)
		assert_int_equal(
		    diff_sheets(&sheets[lister.kind], &old->inputs[lister.kind],
			&new->inputs[lister.kind], &sink, NULL, &err),
		    0);
	assert_int_equal(diff_changes_end(lister.changes, &err), 0);
	diff_changes_free(lister.changes);
	diff_school_free(schools);
	places_free(places[0]);
	places_free(places[1]);
	intern_free(intern);
	buf_str(out);
}

#define HEADER "sheet,key,change,column,old,new,school\n"

static void
every_row_has_its_school(void **state)
{
	struct package
	    old = { .text = {
			[SHEET_TERM] = "term_id,name\nT1,a\nT2,b\n",
			[SHEET_COURSE] =
			    "course_id,short_name,account_id,term_id\n"
			    "C1,x,101,T1\nC2,x,102,T2\nC3,x,102,\n",
			[SHEET_SECTION] = "section_id,course_id,name\n"
					  "S1,C1,n\nS2,C2,n\nS3,C3,n\n",
			[SHEET_USER] = "user_id,login_id\ngone,a\n",
			[SHEET_ENROLLMENT] =
			    "section_id,user_id,role,status\n"
			    "S1,gone,student,active\nS3,late,student,active\n",
		    } };
	struct
	    package new = { .text = {
				[SHEET_ACCOUNT] =
				    "account_id,parent_account_id,name\n"
				    "101,,A\n",
				[SHEET_TERM] = "term_id,name\nT1,c\nT2,c\n",
				[SHEET_COURSE] =
				    "course_id,short_name,account_id,term_id\n"
				    "C1,y,101,T1\nC2,x,102,T2\nC4,x,101,\nC5,x,102,T1\n",
				[SHEET_SECTION] = "section_id,course_id,name\n"
						  "S1,C1,n\nS2,C2,m\nS4,C4,n\n",
				[SHEET_USER] =
				    "user_id,login_id\n"
				    "both,a\nlate,a\nmoved,a\nnone,a\none,a\n",
				[SHEET_ENROLLMENT] =
				    "section_id,user_id,role,status\n"
				    "S1,both,teacher,active\nS1,moved,student,deleted\n"
				    "S2,both,teacher,active\nS2,moved,student,active\n"
				    "S4,one,student,completed\n",
			    } };
	struct buf got = { 0 };

	(void)state;
	list_changes(&old, &new, &got);
	assert_string_equal(got.data,
	    HEADER "accounts,101,added,,,\"101,,A\",101\n"
		   /* Courses of two schools are in T1: it belongs to none. */
		   "terms,T1,changed,name,a,c,\n"
		   "terms,T2,changed,name,b,c,102\n"
		   "courses,C1,changed,short_name,x,y,101\n"
		   "courses,C3,removed,,\"C3,x,102,\",,102\n"
		   "courses,C4,added,,,\"C4,x,101,\",101\n"
		   "courses,C5,added,,,\"C5,x,102,T1\",102\n"
		   "sections,S2,changed,name,n,m,102\n"
		   "sections,S3,removed,,\"S3,C3,n\",,102\n"
		   "sections,S4,added,,,\"S4,C4,n\",101\n"
		   "enrollments,S1|both|teacher,added,,,"
		   "\"S1,both,teacher,active\",101\n"
		   "enrollments,S1|gone|student,removed,,"
		   "\"S1,gone,student,active\",,101\n"
		   "enrollments,S1|moved|student,added,,,"
		   "\"S1,moved,student,deleted\",101\n"
		   "enrollments,S2|both|teacher,added,,,"
		   "\"S2,both,teacher,active\",102\n"
		   "enrollments,S2|moved|student,added,,,"
		   "\"S2,moved,student,active\",102\n"
		   "enrollments,S3|late|student,removed,,"
		   "\"S3,late,student,active\",,102\n"
		   "enrollments,S4|one|student,added,,,"
		   "\"S4,one,student,completed\",101\n"
		   "users,both,added,,,\"both,a\",\n"
		   "users,gone,removed,,\"gone,a\",,101\n"
		   "users,late,added,,,\"late,a\",102\n"
		   "users,moved,added,,,\"moved,a\",102\n"
		   "users,none,added,,,\"none,a\",\n"
		   "users,one,added,,,\"one,a\",101\n");
	buf_free(&got);
}

static void
enrollments_may_name_their_course_alone(void **state)
{
	struct package
	    old = { .text = {
			[SHEET_COURSE] =
			    "course_id,short_name,account_id\nC1,x,7\n",
		    } };
	struct package new = { .text = {
				   [SHEET_ENROLLMENT] =
				       "course_id,user_id,role\nC1,u,ta\n",
				   [SHEET_USER] = "user_id,login_id\nu,a\n",
			       } };
	struct buf got = { 0 };

	(void)state;
	new.text[SHEET_COURSE] = old.text[SHEET_COURSE];
	list_changes(&old, &new, &got);
	assert_string_equal(got.data,
	    HEADER "enrollments,C1|u|ta,added,,,\"C1,u,ta\",7\n"
		   "users,u,added,,,\"u,a\",7\n");
	buf_free(&got);
}

static void
people_who_wait_for_their_school_may_be_many(void **state)
{
	struct package old = { .text = { [SHEET_USER] = NULL } };
	struct package new = { .text = { [SHEET_USER] = NULL } };
	struct buf text = { 0 }, want = { 0 }, got = { 0 };
	size_t i;

	(void)state;
	buf_adds(&text, "user_id,login_id\n");
	buf_adds(&want, HEADER);
	for (i = 100000; i < 100000 + MANY; i++) {
		buf_printf(&text, "U%zu,%040zu\n", i, i);
		buf_printf(
		    &want, "users,U%zu,added,,,\"U%zu,%040zu\",\n", i, i, i);
	}
	new.text[SHEET_USER] = buf_str(&text);
	list_changes(&old, &new, &got);
	assert_string_equal(got.data, buf_str(&want));
	buf_free(&text);
	buf_free(&want);
	buf_free(&got);
}

/* Rows of users as cells; the first is the key, in ascending order. */
struct rows {
	char cells[ROWS_MAX * 2][COLUMNS][16];
	size_t count;
};

static const char *const headers[COLUMNS] = { "user_id", "login_id",
	"full_name", "status" };

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void
random_rows(struct rows *rows, uint32_t *seed)
{
	static const char *const cells[] = { "", "a", "b,c", "d\"e", "f\ng",
		"active" };
	unsigned key;
	size_t j;

	rows->count = 0;
	for (key = 10; key < 10 + ROWS_MAX; key++) {
		if (next_random(seed) % 3 == 0)
			continue;
		snprintf(rows->cells[rows->count][0], 16, "U%u", key);
		for (j = 1; j < COLUMNS; j++)
			strcpy(rows->cells[rows->count][j],
			    cells[next_random(seed) % 6]);
		rows->count++;
	}
}

static void
write_rows(const struct rows *rows, struct buf *out)
{
	const char *cell;
	size_t i, j;

	out->len = 0;
	for (i = 0; i <= rows->count; i++) {
		for (j = 0; j < COLUMNS; j++) {
			cell = i == 0 ? headers[j] : rows->cells[i - 1][j];
			out->len += csv_put_field(
			    buf_reserve(out, 64), cell, strlen(cell));
			buf_addc(out, j + 1 == COLUMNS ? '\n' : ',');
		}
	}
	buf_str(out);
}

static size_t
place_of(const struct rows *rows, const char *key)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (strcmp(rows->cells[i][0], key) >= 0)
			break;
	}
	return i;
}

static void
copy_cell(char *to, const struct csv_cell *cell)
{
	memcpy(to, cell->bytes, cell->len);
	to[cell->len] = '\0';
}

static int
take_cells(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	char(*row)[16] = arg;
	size_t j;

	(void)line;
	assert_int_equal(ncells, COLUMNS);
	for (j = 0; j < COLUMNS; j++)
		copy_cell(row[j], &cells[j]);
	return 0;
}

static void
read_block(const struct csv_cell *text, csv_record_fn *fn, void *arg)
{
	static const struct csv_format format = { ',', true, true };
	struct csv_problem problem;
	char copy[8192];
	uint32_t lines;

	memset(copy, 0, sizeof(copy));
	assert_true(text->len < sizeof(copy) - 16);
	memcpy(copy, text->bytes, text->len);
	assert_int_equal(
	    csv_read_block(&format, copy, text->len, fn, arg, &lines, &problem),
	    0);
}

/* Does to the rows what one line of changes.csv says. */
static int
apply_line(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct rows *rows = arg;
	char key[16], column[16];
	size_t at, j;

	assert_int_equal(ncells, 7);
	if (line == 0)
		return 0;
	copy_cell(key, &cells[1]);
	at = place_of(rows, key);
	if (cells[2].len == strlen("added") && cells[2].bytes[0] == 'a') {
		memmove(rows->cells[at + 1], rows->cells[at],
		    (rows->count - at) * sizeof(rows->cells[0]));
		read_block(&cells[5], take_cells, rows->cells[at]);
		assert_string_equal(rows->cells[at][0], key);
		rows->count++;
		return 0;
	}
	assert_string_equal(rows->cells[at][0], key);
	if (cells[2].bytes[0] == 'r') {
		rows->count--;
		memmove(rows->cells[at], rows->cells[at + 1],
		    (rows->count - at) * sizeof(rows->cells[0]));
		return 0;
	}
	copy_cell(column, &cells[3]);
	for (j = 0; strcmp(headers[j], column) != 0; j++)
		assert_true(j + 1 < COLUMNS);
	assert_int_equal(strlen(rows->cells[at][j]), cells[4].len);
	assert_memory_equal(rows->cells[at][j], cells[4].bytes, cells[4].len);
	copy_cell(rows->cells[at][j], &cells[5]);
	return 0;
}

static void
changes_csv_leads_from_the_old_rows_to_the_new_ones(void **state)
{
	static struct rows old, new;
	struct package packages[2];
	struct buf text[2] = { { 0 }, { 0 } };
	struct buf changes = { 0 };
	uint32_t seed, round;
	size_t i, j;

	(void)state;
	seed = 11;
	for (round = 0; round < ROUNDS; round++) {
		random_rows(&old, &seed);
		random_rows(&new, &seed);
		write_rows(&old, &text[0]);
		write_rows(&new, &text[1]);
		memset(packages, 0, sizeof(packages));
		packages[0].text[SHEET_USER] = text[0].data;
		packages[1].text[SHEET_USER] = text[1].data;
		list_changes(&packages[0], &packages[1], &changes);
		read_block(&(struct csv_cell){ changes.data, changes.len },
		    apply_line, &old);
		assert_int_equal(old.count, new.count);
		for (i = 0; i < new.count; i++) {
			for (j = 0; j < COLUMNS; j++)
				assert_string_equal(
				    old.cells[i][j], new.cells[i][j]);
		}
	}
	buf_free(&text[0]);
	buf_free(&text[1]);
	buf_free(&changes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_its_school),
		cmocka_unit_test(enrollments_may_name_their_course_alone),
		cmocka_unit_test(people_who_wait_for_their_school_may_be_many),
		cmocka_unit_test(
		    changes_csv_leads_from_the_old_rows_to_the_new_ones),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
