#include <string.h>

#include "fuzz.h"
#include "base/mem.h"
#include "roster/tmpl.h"

/*
 * Whatever the template: it is refused with a reason that names the setting,
 * or it renders, from no rows too, without blanks at the ends and as
 * tmpl_cell() has it.
 */

#define WHERE "rollbook.ini:14: [names] course_long"
#define ALL_TABLES ((1U << TABLES) - 1)

const char *const fuzz_words[] = { "{", "}", "{{", "|", ":", ".", "upper",
	"lower", ":initial", "{course.course_name}", "{section.dcid}",
	"{student.dcid}", "{year}", "{term.abbreviation}", "school.name",
	"course.", "section", "student.x", "{student.a|student.b}", " ", "x",
	"\xc3\xa9", "{user.column}", "{teacher.first_name:lower}",
	"{student.c1}{student.c2}{student.c3}{student.c4}{student.c5}",
	"{student.c6}{student.c7}{student.c8}{student.c9}{student.d1}",
	"{student.d2}{student.d3}{student.d4}{student.d5}{student.d6}", NULL };

static void
check_rendered(const struct tmpl *tmpl, const struct tmpl_rows *rows,
    struct roster *roster)
{
	struct buf out = { 0 };
	struct str text;
	char digits[SYM_DIGITS];
	sym cell;

	buf_adds(&out, "left over");
	tmpl_render(tmpl, rows, &out);
	if (out.len > 0)
		must(out.data[0] != ' ' && out.data[out.len - 1] != ' ');
	if (tmpl_cell(tmpl, rows, &cell)) {
		text = intern_text(roster->intern, cell, digits);
		must(text.len == out.len &&
		    (out.len == 0 ||
			memcmp(text.bytes, out.data, out.len) == 0));
	}
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct tmpl_rows rows = { .year = "2026-2027" };
	struct err err = { 0 };
	struct roster *roster;
	struct tmpl *tmpl;
	unsigned tables;
	char *text;
	int t;

	if (len < 1)
		return 0;
	text = mem_strndup((const char *)bytes + 1, len - 1);
	tables = (bytes[0] & 1) != 0 ? ALL_TABLES : bytes[0];
	roster = roster_new();
	tmpl = tmpl_compile(text, tables, roster, WHERE, &err);
	if (tmpl == NULL) {
		must(err.code == EXIT_SETTINGS);
		must(strncmp(err.msg, WHERE, strlen(WHERE)) == 0);
	} else {
		rows.roster = roster;
		for (t = 0; t < TABLES; t++)
			rows.rows[t] = ROW_NONE;
		rows.course_number = intern_add(roster->intern, "XX9", 3);
		check_rendered(tmpl, &rows, roster);
	}
	tmpl_free(tmpl);
	roster_free(roster);
	free(text);
	return 0;
}
