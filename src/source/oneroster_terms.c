#include <string.h>

#include "base/date.h"
#include "source/oneroster_tables.h"
#include "source/oneroster_terms.h"

#define PARENTS_MAX 8 /* a session, its semester, its year, and some more */
#define YEAR_FIRST 1991
#define YEAR_LAST 2200
#define TURNS_OVER 7 /* the month in which a school year begins */

/* Choosing among the sessions of one class. */
struct choice {
	const struct roster *files;
	const struct key_index *by_id;
	int32_t start, end; /* of all that the class names */
	uint32_t best;
	sym unknown;  /* a sourcedId in no file */
	bool covers;  /* best covers all */
	bool parents; /* what sessions are parts of counts too */
};

static int32_t
start_of(const struct choice *choice, uint32_t row)
{
	return table_date(
	    &choice->files->tables[OR_SESSION], OR_SESSION_START, row);
}

static int32_t
end_of(const struct choice *choice, uint32_t row)
{
	return table_date(
	    &choice->files->tables[OR_SESSION], OR_SESSION_END, row);
}

static bool
has_dates(const struct choice *choice, uint32_t row)
{
	return start_of(choice, row) > DATE_BAD &&
	    end_of(choice, row) > DATE_BAD;
}

static bool
is_first_by_id(const struct choice *choice, uint32_t a, uint32_t b)
{
	const struct table *table;
	char digits[2][SYM_DIGITS];
	struct str x, y;
	int order;

	table = &choice->files->tables[OR_SESSION];
	x = intern_text(choice->files->intern,
	    table_sym(table, OR_SOURCEDID, a), digits[0]);
	y = intern_text(choice->files->intern,
	    table_sym(table, OR_SOURCEDID, b), digits[1]);
	order = memcmp(x.bytes, y.bytes, x.len < y.len ? x.len : y.len);
	return order != 0 ? order < 0 : x.len < y.len;
}

/* Takes the row if it is a better choice than the best so far. */
static void
consider(struct choice *choice, uint32_t row)
{
	int64_t length, best;
	bool covers;

	covers = start_of(choice, row) <= choice->start &&
	    end_of(choice, row) >= choice->end;
	if (!covers && choice->covers)
		return;
	length = (int64_t)end_of(choice, row) - start_of(choice, row);
	best = choice->best == ROW_NONE ?
	    0 :
	    (int64_t)end_of(choice, choice->best) -
		start_of(choice, choice->best);
	if (choice->best != ROW_NONE && covers == choice->covers) {
		if (length != best && (length < best) != covers)
			return;
		if (length == best &&
		    (start_of(choice, row) > start_of(choice, choice->best) ||
			(start_of(choice, row) ==
				start_of(choice, choice->best) &&
			    !is_first_by_id(choice, row, choice->best))))
			return;
	}
	choice->best = row;
	choice->covers = covers;
}

/* The session that a session is part of. */
static uint32_t
parent_of(const struct choice *choice, uint32_t row)
{
	return key_index_find(choice->by_id,
	    table_sym(
		&choice->files->tables[OR_SESSION], OR_SESSION_PARENT, row));
}

/* An oneroster_id_fn: what the class names says how long it runs. */
static void
widen(void *arg, struct str id)
{
	struct choice *choice;
	uint32_t row;
	sym found;

	choice = arg;
	found = intern_add(choice->files->intern, id.bytes, id.len);
	row = key_index_find(choice->by_id, found);
	if (row == ROW_NONE) {
		if (choice->unknown.id == 0)
			choice->unknown = found;
		return;
	}
	/* One without dates is held, and the class with it. */
	if (choice->best != ROW_NONE && !has_dates(choice, choice->best))
		return;
	if (choice->best == ROW_NONE || !has_dates(choice, row)) {
		choice->best = row;
		choice->start = start_of(choice, row);
		choice->end = end_of(choice, row);
		return;
	}
	if (start_of(choice, row) < choice->start)
		choice->start = start_of(choice, row);
	if (end_of(choice, row) > choice->end)
		choice->end = end_of(choice, row);
}

/* An oneroster_id_fn: considers a session, or those that it is part of. */
static void
weigh(void *arg, struct str id)
{
	struct choice *choice;
	uint32_t row;
	int depth;

	choice = arg;
	row = key_index_find(
	    choice->by_id, intern_add(choice->files->intern, id.bytes, id.len));
	if (!choice->parents) {
		consider(choice, row);
		return;
	}
	for (depth = 0; depth < PARENTS_MAX; depth++) {
		row = parent_of(choice, row);
		if (row == ROW_NONE)
			break;
		if (has_dates(choice, row))
			consider(choice, row);
	}
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
oneroster_terms_each(struct str list, oneroster_id_fn *fn, void *arg)
{
	const char *at, *end, *comma;
	struct str id;

	end = list.bytes + list.len;
	for (at = list.bytes; at < end; at = comma + 1) {
		comma = memchr(at, ',', (size_t)(end - at));
		if (comma == NULL)
			comma = end;
		id = (struct str){ at, (size_t)(comma - at) };
		while (id.len > 0 && is_blank(id.bytes[0])) {
			id.bytes++;
			id.len--;
		}
		while (id.len > 0 && is_blank(id.bytes[id.len - 1]))
			id.len--;
		if (id.len > 0)
			fn(arg, id);
	}
}

struct class_term
oneroster_terms_choose(
    const struct roster *files, const struct key_index *by_id, struct str list)
{
	struct choice choice = {
		.files = files, .by_id = by_id, .best = ROW_NONE
	};
	struct class_term term = { .row = ROW_NONE };
	uint32_t longest;

	oneroster_terms_each(list, widen, &choice);
	if (choice.unknown.id != 0 || choice.best == ROW_NONE) {
		term.id = choice.unknown;
		return term;
	}
	if (has_dates(&choice, choice.best)) {
		choice.best = ROW_NONE;
		oneroster_terms_each(list, weigh, &choice);
		longest = choice.best;
		choice.parents = true;
		if (!choice.covers)
			oneroster_terms_each(list, weigh, &choice);
		/* A parent that does not cover all is no better answer. */
		if (!choice.covers)
			choice.best = longest;
		term.cut = !choice.covers;
	}
	term.row = choice.best;
	term.id = table_sym(&files->tables[OR_SESSION], OR_SOURCEDID, term.row);
	return term;
}

/* The last year of a text such as 2027 or 2026-2027; 0: it is none. */
static int
year_of_text(struct str text)
{
	size_t i;
	int year;

	if (text.len < 4)
		return 0;
	year = 0;
	for (i = text.len - 4; i < text.len; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return 0;
		year = year * 10 + (text.bytes[i] - '0');
	}
	if (text.len > 4 && text.bytes[text.len - 5] >= '0' &&
	    text.bytes[text.len - 5] <= '9')
		return 0;
	return year < YEAR_FIRST || year > YEAR_LAST ? 0 : year;
}

int
oneroster_terms_year(const struct roster *files, uint32_t session, int *by_day)
{
	const struct table *table;
	char digits[SYM_DIGITS];
	unsigned month, day;
	int32_t start;
	int year;

	table = &files->tables[OR_SESSION];
	start = table_date(table, OR_SESSION_START, session);
	*by_day = 0;
	if (start > DATE_BAD) {
		date_split(start, &year, &month, &day);
		*by_day = year + (month >= TURNS_OVER);
	}
	year = year_of_text(intern_text(
	    files->intern, table_sym(table, OR_SESSION_YEAR, session), digits));
	return year != 0 ? year : *by_day;
}
