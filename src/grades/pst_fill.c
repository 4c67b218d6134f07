#include <stdlib.h>
#include <string.h>

#include "base/csvio.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "grades/decimal.h"
#include "grades/pst_fill.h"

#define PERCENT_PLACES 2
#define WORDS_MAX 16 /* of a name */

/* One student of the sheet, for finding by number. */
struct student {
	const struct scoresheet_row *row;
	bool repeated;
	bool has_row; /* kept in the first one with the number */
};

struct fill {
	const struct pst_template *pst;
	const struct scoresheet *sheet;
	const char *const *scale;
	struct student *students; /* by number */
	pst_note_fn *note;
	void *arg;
	char text[DECIMAL_TEXT_SIZE];
};

static void
say(struct fill *fill, enum pst_note_kind kind, uint32_t line,
    const char *student_number, const char *was, const char *now)
{
	const struct pst_note note = { kind, line, student_number, was, now };

	fill->note(fill->arg, &note);
}

static int
by_number(const void *a, const void *b)
{
	const struct student *x, *y;

	x = a;
	y = b;
	return strcmp(x->row->student_number, y->row->student_number);
}

static void
index_students(struct fill *fill)
{
	struct student *all;
	size_t i, n;

	n = fill->sheet->nrows;
	all = mem_zalloc(n + 1, sizeof(*all));
	for (i = 0; i < n; i++)
		all[i].row = &fill->sheet->rows[i];
	qsort(all, n, sizeof(*all), by_number);
	for (i = 1; i < n; i++) {
		if (by_number(&all[i - 1], &all[i]) == 0)
			all[i - 1].repeated = all[i].repeated = true;
	}
	fill->students = all;
}

/* The first student with that number, NULL: there is none. */
static struct student *
find_student(struct fill *fill, const char *number)
{
	const struct scoresheet_row wanted = { .student_number = number };
	const struct student key = { .row = &wanted };
	struct student *found;

	found = bsearch(
	    &key, fill->students, fill->sheet->nrows, sizeof(key), by_number);
	while (found != NULL && found > fill->students &&
	    by_number(found - 1, &key) == 0)
		found--;
	return found;
}

static bool
reads_as_number(const char *text, struct decimal *number)
{
	return decimal_parse_cell(text, strlen(text), number, NULL) == 0;
}

/* The same number, however it is spelled, or the same text. */
static bool
is_same_value(const char *a, const char *b)
{
	struct decimal x, y;

	if (strcmp(a, b) == 0)
		return true;
	return reads_as_number(a, &x) && reads_as_number(b, &y) &&
	    decimal_compare(&x, &y) == 0;
}

struct word {
	const char *bytes;
	size_t len;
};

static int
by_word(const void *a, const void *b)
{
	const struct word *x, *y;
	int order;

	x = a;
	y = b;
	order = memcmp(x->bytes, y->bytes, x->len < y->len ? x->len : y->len);
	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* The words of a folded name, sorted; returns how many. */
static size_t
words_of(const char *name, struct word words[WORDS_MAX])
{
	size_t i, len, used, n;
	bool in_word, letter;
	uint32_t cp;

	n = 0;
	in_word = false;
	len = strlen(name);
	for (i = 0; i < len; i += used) {
		used = utf8_decode(name + i, len - i, &cp);
		letter = cp != ',' && !utf8_is_blank(cp);
		if (letter && !in_word && n == WORDS_MAX)
			break;
		if (letter && !in_word)
			words[n++] = (struct word){ name + i, 0 };
		if (letter)
			words[n - 1].len += used;
		in_word = letter;
	}
	if (n > 1)
		qsort(words, n, sizeof(words[0]), by_word);
	return n;
}

/* The same words in any order and case: "Cho, Min-Ji" is "Min-Ji CHO". */
static bool
is_same_name(const char *a, const char *b)
{
	struct word x[WORDS_MAX], y[WORDS_MAX];
	char *first, *second;
	size_t i, n;
	bool same;

	first = utf8_fold(a, strlen(a));
	second = utf8_fold(b, strlen(b));
	n = words_of(first, x);
	same = n == words_of(second, y);
	for (i = 0; i < n && same; i++)
		same = by_word(&x[i], &y[i]) == 0;
	free(first);
	free(second);
	return same;
}

/* The percentage, NULL when there is none. */
static const char *
percentage(struct fill *fill, const struct scoresheet_row *row)
{
	struct decimal score, points;

	if (decimal_parse(row->exact_score, strlen(row->exact_score), &score) !=
		0 ||
	    decimal_parse(fill->sheet->exact_points,
		strlen(fill->sheet->exact_points), &points) != 0 ||
	    decimal_percent(&score, &points, PERCENT_PLACES, &score) != 0)
		return NULL;
	return decimal_text(&score, fill->text);
}

static bool
is_in_scale(const struct fill *fill, const char *grade)
{
	size_t i;

	for (i = 0; fill->scale[i] != NULL; i++) {
		if (strcmp(fill->scale[i], grade) == 0)
			return true;
	}
	return false;
}

/* The grade of the scale, NULL when there is none. */
static const char *
scale_grade(const struct fill *fill, const struct scoresheet_row *row)
{
	if (fill->scale == NULL) {
		if (*row->grade != '\0')
			return row->grade;
		return strchr(row->score, '.') == NULL ? row->score : NULL;
	}
	if (*row->grade != '\0' && is_in_scale(fill, row->grade))
		return row->grade;
	return is_in_scale(fill, row->score) ? row->score : NULL;
}

/* What goes into the cell of a row that has a score; NULL: nothing. */
static const char *
cell_of(struct fill *fill, const struct scoresheet_row *row, uint32_t line)
{
	const char *cell;

	/* A code stands for itself. */
	if (fill->pst->type == PST_POINTS || *row->exact_score == '\0')
		return row->score;
	if (fill->pst->type == PST_PERCENT) {
		cell = percentage(fill, row);
		if (cell == NULL)
			say(fill, PST_NO_PERCENT, line, row->student_number, "",
			    row->score);
		return cell;
	}
	cell = scale_grade(fill, row);
	if (cell == NULL)
		say(fill, PST_NOT_IN_SCALE, line, row->student_number, "",
		    *row->grade != '\0' ? row->grade : row->score);
	return cell;
}

/* The new bytes of a row's cell; NULL: they stay as they are. */
static const char *
new_cell(struct fill *fill, const struct pst_row *line)
{
	struct student *student;
	const char *cell, *number;

	number = line->student_number;
	if (line->misshapen) {
		say(fill, PST_ROW_MISSHAPEN, line->line, number, "", "");
		return NULL;
	}
	student = find_student(fill, number);
	if (student == NULL) {
		say(fill, PST_NOT_IN_CANVAS, line->line, number, "", "");
		return NULL;
	}
	student->has_row = true;
	if (line->repeated || student->repeated) {
		say(fill,
		    line->repeated ? PST_ROW_REPEATED : PST_STUDENT_REPEATED,
		    line->line, number, "", "");
		return NULL;
	}
	if (*line->student_name != '\0' &&
	    !is_same_name(line->student_name, student->row->student_name))
		say(fill, PST_NAME_DIFFERS, line->line, number, "", "");
	if (*student->row->score == '\0') {
		say(fill, PST_NO_SCORE, line->line, number, line->score, "");
		return NULL;
	}
	if (fill->pst->type == PST_COLLECTED)
		return NULL;
	cell = cell_of(fill, student->row, line->line);
	if (cell == NULL || is_same_value(line->score, cell))
		return NULL;
	if (*line->score != '\0')
		say(fill, PST_SCORE_REPLACED, line->line, number, line->score,
		    cell);
	return cell;
}

/* Students whom no row of the template is for. */
static void
say_no_row(struct fill *fill)
{
	const struct student *first;
	size_t i;

	first = fill->students;
	for (i = 0; i < fill->sheet->nrows; i++) {
		if (by_number(first, &fill->students[i]) != 0)
			first = &fill->students[i];
		if (!first->has_row && *fill->students[i].row->score != '\0')
			say(fill, PST_NO_ROW, 0, first->row->student_number, "",
			    fill->students[i].row->score);
	}
}

static void
compare_points(struct fill *fill)
{
	const char *template, *canvas;

	template = fill->pst->values[PST_POINTS_POSSIBLE];
	canvas = fill->sheet->points_possible;
	if (fill->pst->type == PST_POINTS && !is_same_value(template, canvas))
		say(fill, PST_POINTS_DIFFER, 0, "", template, canvas);
}

size_t
pst_fill(const struct pst_template *pst, const struct scoresheet *sheet,
    const char *const *scale, struct buf *out, pst_note_fn *note, void *arg)
{
	struct fill fill = { .pst = pst,
		.sheet = sheet,
		.scale = scale,
		.note = note,
		.arg = arg };
	const char *cell;
	size_t i, from, changed;

	index_students(&fill);
	compare_points(&fill);
	from = changed = 0;
	for (i = 0; i < pst->nrows; i++) {
		cell = new_cell(&fill, &pst->rows[i]);
		if (cell == NULL)
			continue;
		buf_add(out, pst->bytes.data + from, pst->rows[i].from - from);
		csv_add_field(out, cell, strlen(cell));
		from = pst->rows[i].to;
		changed++;
	}
	buf_add(out, pst->bytes.data + from, pst->bytes.len - from);
	say_no_row(&fill);
	free(fill.students);
	return changed;
}
