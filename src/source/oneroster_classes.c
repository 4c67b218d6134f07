#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "source/oneroster_classes.h"
#include "source/oneroster_fill.h"
#include "source/oneroster_refs.h"

#define YEARID_ZERO 1991 /* the school year of yearid 0 ends then */

void
oneroster_classes_choose(struct oneroster_state *state)
{
	char digits[SYM_DIGITS];
	size_t n, cut;
	uint32_t row;

	n = state->files->tables[OR_CLASS].nrows;
	state->term = mem_zalloc(n, sizeof(*state->term));
	cut = 0;
	for (row = 0; row < n; row++) {
		state->term[row] = oneroster_terms_choose(state->files,
		    &state->by_id[OR_SESSION],
		    oneroster_refs_text(
			state, OR_CLASS, OR_CLASS_TERMS, row, digits));
		cut += state->term[row].cut &&
		    !oneroster_refs_gone(state, OR_CLASS, row);
	}
	if (cut > 0)
		log_line(LOG_WARN,
		    "classes.csv: %zu class%s in several sessions that no one"
		    " session covers: the longest was taken",
		    cut, cut == 1 ? " runs" : "es run");
}

/* The sessions that classes run in, by school and session. */
static struct idmap
sessions_used(struct oneroster_state *state)
{
	struct idmap used = { 0 };
	const struct table *classes;
	uint32_t row;
	sym school;

	classes = &state->files->tables[OR_CLASS];
	for (row = 0; row < classes->nrows; row++) {
		if (state->term[row].row == ROW_NONE ||
		    oneroster_refs_gone(state, OR_CLASS, row))
			continue;
		school = oneroster_refs_school(
		    state, table_sym(classes, OR_CLASS_SCHOOL, row));
		idmap_put(&used, idmap_pair(school, state->term[row].id), 0);
	}
	return used;
}

static int
refuse_year(
    const struct oneroster_state *state, uint32_t session, struct err *err)
{
	const struct roster_file *file;
	uint32_t line;

	file = roster_place(
	    state->files, (enum table_id)OR_SESSION, session, &line);
	err_set(err, EXIT_SOURCE,
	    "%s:%u:1: neither schoolYear nor startDate is a year, so the"
	    " session's classes may be of any; nothing was published",
	    file->name, line);
	return err_hint(err,
	    "schoolYear is the year in which the school year ends, such as"
	    " 2027.");
}

static void
add_term(const struct oneroster_state *state, struct filling *terms,
    uint32_t session, sym school, int year)
{
	uint32_t new;
	int32_t end;

	new = oneroster_fill_row(terms, session);
	oneroster_fill_set(terms, new, TERM_SCHOOLID, school.id);
	oneroster_fill_set(terms, new, TERM_YEARID,
	    sym_of_number((uint32_t)(year - YEARID_ZERO)).id);
	end = table_date(
	    &state->files->tables[OR_SESSION], OR_SESSION_END, session);
	oneroster_fill_set(terms, new, TERM_LASTDAY,
	    (uint32_t)(end > DATE_BAD ? oneroster_refs_last_day(state, end) :
					end));
}

/* The session's terms: one for each school, or one of no school. */
static void
add_terms_of(const struct oneroster_state *state, struct filling *terms,
    const struct idmap *used, uint32_t session, int year)
{
	const struct table *schools;
	uint32_t row;
	sym id, school;
	bool any;

	schools = &state->roster->tables[T_SCHOOL];
	id = table_sym(
	    &state->files->tables[OR_SESSION], OR_SOURCEDID, session);
	any = false;
	for (row = 0; row < schools->nrows; row++) {
		school = table_sym(schools, SCHOOL_NUMBER, row);
		if (!idmap_get(used, idmap_pair(school, id), NULL))
			continue;
		add_term(state, terms, session, school, year);
		any = true;
	}
	if (!any)
		add_term(state, terms, session, (sym){ 0 }, year);
}

/* A set whose sessions all name the year in which they start is suspect. */
static void
warn_of_years(size_t sessions, size_t early)
{
	if (early > 0 && early == sessions)
		log_line(LOG_WARN,
		    "academicSessions.csv: every schoolYear is the year in"
		    " which the school year starts; OneRoster means the one in"
		    " which it ends, so all of it counts as the year before");
}

int
oneroster_classes_add_terms(struct oneroster_state *state, struct err *err)
{
	struct filling terms;
	struct idmap used;
	size_t sessions, early;
	uint32_t row;
	int year, by_day, rc;

	used = sessions_used(state);
	terms = oneroster_fill_begin(
	    state->files, OR_SESSION, state->roster, T_TERM);
	sessions = early = 0;
	rc = 0;
	for (row = 0; rc == 0 && row < state->files->tables[OR_SESSION].nrows;
	     row++) {
		if (oneroster_refs_gone(state, OR_SESSION, row)) {
			oneroster_refs_skip(
			    state, OR_SESSION, SKIP_TO_BE_DELETED);
			continue;
		}
		year = oneroster_terms_year(state->files, row, &by_day);
		if (year == 0)
			rc = refuse_year(state, row, err);
		else
			add_terms_of(state, &terms, &used, row, year);
		sessions++;
		early += year == by_day - 1;
	}
	warn_of_years(sessions, early);
	idmap_free(&used);
	return rc;
}

/* The schoolstaff.id of the class's lead, blank when it has no teacher. */
static sym
lead_of(struct oneroster_state *state, uint32_t row)
{
	if (state->lead[row] == ROW_NONE)
		return (sym){ 0 };
	return oneroster_refs_post(state,
	    table_sym(&state->files->tables[OR_ENROLLMENT], OR_ENROLLMENT_USER,
		state->lead[row]),
	    table_sym(&state->files->tables[OR_CLASS], OR_CLASS_SCHOOL, row));
}

static void
add_section(
    struct oneroster_state *state, struct filling *sections, uint32_t row)
{
	const struct table *classes;
	uint32_t new;
	sym number;

	classes = &state->files->tables[OR_CLASS];
	new = oneroster_fill_row(sections, row);
	number = table_sym(classes, OR_CLASS_CODE, row);
	if (number.id == 0)
		number = table_sym(classes, OR_CLASS_TITLE, row);
	oneroster_fill_set(sections, new, SECTION_NUMBER, number.id);
	oneroster_fill_set(sections, new, SECTION_COURSE_NUMBER,
	    oneroster_refs_course(
		state, table_sym(classes, OR_CLASS_COURSE, row))
		.id);
	oneroster_fill_set(sections, new, SECTION_SCHOOLID,
	    oneroster_refs_school(
		state, table_sym(classes, OR_CLASS_SCHOOL, row))
		.id);
	oneroster_fill_set(
	    sections, new, SECTION_TERMID, state->term[row].id.id);
	oneroster_fill_set(
	    sections, new, SECTION_TEACHER, lead_of(state, row).id);
}

void
oneroster_classes_add(struct oneroster_state *state)
{
	struct filling sections;
	uint32_t row;

	sections = oneroster_fill_begin(
	    state->files, OR_CLASS, state->roster, T_SECTION);
	for (row = 0; row < state->files->tables[OR_CLASS].nrows; row++) {
		if (oneroster_refs_gone(state, OR_CLASS, row))
			oneroster_refs_skip(
			    state, OR_CLASS, SKIP_TO_BE_DELETED);
		else
			add_section(state, &sections, row);
	}
}
