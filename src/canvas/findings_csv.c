#include <stdlib.h>
#include <string.h>

#include "base/csvio.h"
#include "canvas/findings_csv.h"

#define FLUSH_SIZE ((size_t)1 << 20) /* bytes that go to the sink at once */

/*
 * Orders schools by their numbers; those that are none come first, by their
 * text, for the number of a text is not the same in each run.
 */
static int
school_order(const struct intern *intern, sym a, sym b)
{
	char digits[2][SYM_DIGITS];
	struct str x, y;
	uint32_t value;
	int order;

	if (sym_number(a, &value) || sym_number(b, &value))
		return a.id < b.id ? -1 : a.id > b.id;
	x = intern_text(intern, a, digits[0]);
	y = intern_text(intern, b, digits[1]);
	order = memcmp(x.bytes, y.bytes, x.len < y.len ? x.len : y.len);
	return order != 0 ? order : x.len < y.len ? -1 : x.len > y.len;
}

/* Rows were read file by file, so line numbers in all files order files. */
static int
finding_order(const void *a, const void *b, void *arg)
{
	const struct roster *roster;
	const struct finding *x, *y;
	uint32_t line_x, line_y;

	roster = arg;
	x = a;
	y = b;
	if (x->table == TABLES || y->table == TABLES) {
		if (x->table != y->table)
			return x->table == TABLES ? -1 : 1;
		return school_order(roster->intern, x->what, y->what);
	}
	line_x = row_lines_find(&roster->tables[x->table].lines, x->row);
	line_y = row_lines_find(&roster->tables[y->table].lines, y->row);
	if (line_x != line_y)
		return line_x < line_y ? -1 : 1;
	if (x->rule != y->rule)
		return strcmp(rules[x->rule].code, rules[y->rule].code);
	return x->table < y->table ? -1 : x->table > y->table;
}

/* What is known while lines are written. */
struct lines {
	const struct roster *roster;
	struct buf out;
	struct buf cell;
};

static struct str
cell(const struct lines *lines, enum table_id t, unsigned field, uint32_t row,
    char digits[SYM_DIGITS])
{
	return intern_text(lines->roster->intern,
	    table_few(&lines->roster->tables[t], field, row), digits);
}

static void
add_cell(struct lines *lines, enum table_id t, unsigned field, uint32_t row)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = cell(lines, t, field, row, digits);
	buf_add(&lines->cell, text.bytes, text.len);
}

/* The fields by which a table's rows are known, the first that is filled. */
static const unsigned key_fields[TABLES][2] = {
	[T_SCHOOL] = { SCHOOL_NUMBER, SCHOOL_NUMBER },
	[T_COURSE] = { COURSE_NUMBER, COURSE_NUMBER },
	[T_SECTION] = { SECTION_DCID, SECTION_ID },
	[T_STUDENT] = { STUDENT_DCID, STUDENT_ID },
	[T_USER] = { USER_DCID, USER_DCID },
	[T_SCHOOLSTAFF] = { SCHOOLSTAFF_DCID, SCHOOLSTAFF_ID },
	[T_CC] = { CC_DCID, CC_ID },
	[T_SECTIONTEACHER] = { SECTIONTEACHER_DCID, SECTIONTEACHER_ID },
	[T_ROLEDEF] = { ROLEDEF_ID, ROLEDEF_ID },
	[T_STUDENTEMAIL] = { STUDENTEMAIL_STUDENTID,
	    STUDENTEMAIL_STUDENTSDCID },
};

static void
add_key(struct lines *lines, const struct finding *finding)
{
	enum table_id t;

	t = (enum table_id)finding->table;
	if (t == T_TERM) {
		add_cell(lines, t, TERM_SCHOOLID, finding->row);
		buf_addc(&lines->cell, '-');
		add_cell(lines, t, TERM_ID, finding->row);
		return;
	}
	/* A row of Teachers has an id, but its person no dcid. */
	if (t == T_USER && lines->roster->users_by_number)
		t = T_SCHOOLSTAFF;
	add_cell(lines, t, key_fields[t][0], finding->row);
	if (lines->cell.len == 0)
		add_cell(lines, t, key_fields[t][1], finding->row);
}

static void
add_what(struct lines *lines, const struct finding *finding)
{
	char digits[SYM_DIGITS];
	struct str text;

	text = intern_text(lines->roster->intern, finding->what, digits);
	buf_add(&lines->cell, text.bytes, text.len);
}

/* "dateenrolled, dateleft" or "course_id": what the finding is about. */
static void
add_subject(struct lines *lines, const struct finding *finding)
{
	bool of_schema;
	unsigned f;

	of_schema = finding->rule < RULE_HELD_PARENT ||
	    finding->rule == RULE_TERM_DATES;
	for (f = 0; f < 32; f++) {
		if (!(finding->fields & (1U << f)))
			continue;
		if (lines->cell.len > 0)
			buf_adds(&lines->cell, ", ");
		buf_adds(&lines->cell,
		    of_schema ? schema[finding->table].fields[f].name :
				output_names[f]);
	}
}

static void
add_message(struct lines *lines, const struct finding *finding)
{
	const char *sentence;

	sentence = rules[finding->rule].sentence;
	if (finding->table == TABLES) {
		buf_adds(&lines->cell, sentence);
		if (finding->row > 0)
			buf_printf(&lines->cell, ": %u", finding->row);
		return;
	}
	add_subject(lines, finding);
	if (finding->rule >= RULE_REF_SCHOOL &&
	    finding->rule <= RULE_REF_COURSE) {
		buf_adds(&lines->cell, " \"");
		add_what(lines, finding);
		buf_printf(&lines->cell, "\" %s", sentence);
		return;
	}
	buf_printf(
	    &lines->cell, "%s%s", lines->cell.len > 0 ? ": " : "", sentence);
	if (finding->rule == RULE_HELD_PARENT) {
		buf_printf(&lines->cell, ": %s ", schema[finding->parent].word);
		add_what(lines, finding);
	}
}

static void
put(struct lines *lines, const char *bytes, size_t len, char behind)
{
	char *at;
	size_t put;

	at = buf_reserve(&lines->out, len * 2 + 3);
	put = csv_put_field(at, bytes, len);
	at[put] = behind;
	lines->out.len += put + 1;
	lines->cell.len = 0;
}

static void
put_text(struct lines *lines, const char *text, char behind)
{
	put(lines, text, strlen(text), behind);
}

static void
put_finding(struct lines *lines, const struct finding *finding)
{
	const struct roster_file *file;
	uint32_t line;

	put_text(lines, rules[finding->rule].code, ',');
	put_text(lines, severity_names[finding->severity], ',');
	if (finding->table == TABLES) {
		buf_adds(&lines->out, ",,");
		add_what(lines, finding);
	} else {
		file = roster_place(lines->roster,
		    (enum table_id)finding->table, finding->row, &line);
		put_text(lines, file == NULL ? "" : file->name, ',');
		buf_printf(&lines->cell, "%u", line);
		put(lines, lines->cell.data, lines->cell.len, ',');
		add_key(lines, finding);
	}
	put(lines, lines->cell.data, lines->cell.len, ',');
	add_message(lines, finding);
	put(lines, lines->cell.data, lines->cell.len, ',');
	put_text(lines, rules[finding->rule].fix, '\n');
}

int
findings_csv(const struct roster *roster, struct findings *findings,
    const struct emit_sink *sink, struct err *err)
{
	struct lines lines = { .roster = roster };
	size_t i;
	int rc;

	if (findings->count > 1)
		qsort_r(findings->list, findings->count,
		    sizeof(*findings->list), finding_order,
		    (void *)(uintptr_t)roster);
	rc = sink->begin(sink->arg, "findings.csv", findings->count == 0, err);
	buf_adds(&lines.out, "rule,severity,file,line,key,message,fix\n");
	for (i = 0; i < findings->count && rc == 0; i++) {
		put_finding(&lines, &findings->list[i]);
		if (lines.out.len < FLUSH_SIZE)
			continue;
		rc = sink->write(sink->arg, lines.out.data, lines.out.len, err);
		lines.out.len = 0;
	}
	if (rc == 0)
		rc = sink->write(sink->arg, lines.out.data, lines.out.len, err);
	if (rc == 0)
		rc = sink->end(sink->arg, err);
	buf_free(&lines.out);
	buf_free(&lines.cell);
	return rc;
}
