#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fuzz.h"
#include "grades/pst_fill.h"

/*
 * Whatever the bytes: they are refused with a reason, or filling changes no
 * byte outside Score cells, what was filled is a template with the same rows,
 * and a second fill changes nothing. The first byte chooses the score type's
 * line and the scale.
 */

const char *const fuzz_words[] = { "Teacher Name:,T,\n", "Class:,C,\r\n",
	"Assignment Name:,\"A, \"\"B\"\"\",\n", "Due Date:,2026-10-09,\n",
	"Points Possible:,20.0,\n", "Extra Points:,0.0,\n",
	"Teacher Name:,T,\nClass:,C,\nAssignment Name:,A,\nDue Date:,,\n"
	"Points Possible:,20.0,\nExtra Points:,0.0,\n",
	"Score Type:,POINTS,\n", "Score Type:,PERCENT,\n",
	"Score Type:,GRADESCALE,\n", "Score Type:,COLLECTED,\n",
	"Student Num,Student Name,Score\n", "Score,Student Number\r\n",
	"1,A B,\n", "2,\"B, A\",7\n", "3,,\"7.50\"\r\n", " 4 ,C D,EX", "5,E",
	"\r", "\n", "\r\n", ",", "\"", "\"x\ny\",", "1,A,\"\"\n",
	"\xef\xbb\xbf", "\xe9", NULL };

static struct scoresheet_row rows[] = {
	{ "1", "B, A", "18.5", "18.5", "", false, false, false, false, "" },
	{ "2", "A B", "4", "4", "A,\n\"", false, false, false, false, "" },
	{ "3", "X", "7.5", "7.5", "", false, false, false, false, "" },
	{ "4", "C D", "MIS", "", "", false, false, false, false, "" },
	{ "5", "E", "1", "1.005", "B", false, false, false, false, "" },
	{ "6", "F", "", "", "", false, false, false, false, "" },
	{ "7", "G", "1", "1", "", false, false, false, false, "" },
	{ "7", "H", "2", "2", "", false, false, false, false, "" },
};

static void
take_note(void *arg, const struct pst_note *note)
{
	size_t *notes;

	notes = arg;
	(*notes)++;
	must(note->student_number != NULL && note->was != NULL &&
	    note->now != NULL);
}

/* Outside the Score cells, both have the same bytes. */
static void
compare(const struct pst_template *old, const struct pst_template *new)
{
	size_t i, x, y;

	must(old->nrows == new->nrows && old->type == new->type);
	for (i = x = y = 0; i < old->nrows; i++) {
		must(old->rows[i].misshapen == new->rows[i].misshapen);
		must(old->rows[i].repeated == new->rows[i].repeated);
		/* A row that is left alone is compared with what is outside. */
		if (old->rows[i].misshapen || old->rows[i].repeated)
			continue;
		must(old->rows[i].from - x == new->rows[i].from - y);
		must(memcmp(old->bytes.data + x, new->bytes.data + y,
			 old->rows[i].from - x) == 0);
		x = old->rows[i].to;
		y = new->rows[i].to;
	}
	must(old->bytes.len - x == new->bytes.len - y);
	must(memcmp(old->bytes.data + x, new->bytes.data + y,
		 old->bytes.len - x) == 0);
}

static void
fill_twice(const struct pst_template *pst, const char *const *scale)
{
	static const struct scoresheet sheet = { .points_possible = "20.0",
		.exact_points = "20",
		.rows = rows,
		.nrows = sizeof(rows) / sizeof(rows[0]) };
	struct buf once = { 0 }, twice = { 0 };
	struct pst_template *filled;
	struct err err = { 0 };
	size_t notes;

	notes = 0;
	pst_fill(pst, &sheet, scale, &once, take_note, &notes);
	filled = pst_template_parse("x", once.data, once.len, &err);
	must(filled != NULL);
	compare(pst, filled);
	must(pst_fill(filled, &sheet, scale, &twice, take_note, &notes) == 0);
	must(once.len == twice.len &&
	    memcmp(once.data, twice.data, once.len) == 0);
	pst_template_free(filled);
	buf_free(&once);
	buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const scale[] = { "4", "B", "A,\n\"", NULL };
	static const char *const types[] = { "POINTS", "PERCENT", "GRADESCALE",
		"COLLECTED" };
	struct pst_template *pst;
	struct err err = { 0 };
	struct buf text = { 0 };
	char *copy;

	if (len < 1)
		return 0;
	/* Three of four inputs begin with lines that are well. */
	if ((bytes[0] & 0x60) != 0)
		buf_printf(&text,
		    "Teacher Name:,T,\nClass:,C,\nAssignment Name:,A,\n"
		    "Due Date:,,\nPoints Possible:,20.0,\nExtra Points:,0.0,\n"
		    "Score Type:,%s,\nStudent Num,Student Name,Score\n",
		    types[bytes[0] & 3]);
	buf_add(&text, bytes + 1, len - 1);
	copy = fuzz_copy((const uint8_t *)buf_str(&text), text.len);
	pst = pst_template_parse("x", copy, text.len, &err);
	must((pst == NULL) == (err.code == EXIT_SOURCE));
	must(pst != NULL || strncmp(err.msg, "x:", 2) == 0);
	if (pst != NULL)
		fill_twice(pst, (bytes[0] & 4) != 0 ? scale : NULL);
	pst_template_free(pst);
	free(copy);
	buf_free(&text);
	return 0;
}
