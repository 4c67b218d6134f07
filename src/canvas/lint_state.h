#ifndef CANVAS_LINT_STATE_H
#define CANVAS_LINT_STATE_H

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/csvio.h"
#include "base/intern.h"
#include "canvas/lint.h"
#include "canvas/lint_date.h"
#include "canvas/lint_map.h"
#include "canvas/repeat.h"

/* What the parts of the linter share; nobody else looks in here. */

/* Bits of struct lint_object. */
enum {
	LINT_OBJECT_REFUSED = 1, /* Canvas refuses its row */
	LINT_OBJECT_DELETED = 2, /* its row deletes it */
	LINT_OBJECT_LOGIN = 4	 /* a user by a row of logins */
};

/* Something that has an id in this package. */
struct lint_object {
	uint32_t file, line; /* of the row that gave the id */
	uint32_t content;    /* a hash of the row's cells */
	uint32_t flags;
	sym parent; /* section: course; account: parent */
	union {
		sym listed;	   /* section: the course of its cross-list */
		uint32_t children; /* account: active sub-accounts */
		uint32_t login;	   /* user: a hash of the login it has now */
	};
};

/* What is known of one kind. */
struct lint_known {
	size_t files;	 /* announced */
	size_t read;	 /* files that were begun */
	size_t expected; /* rows, about; 0: nobody knows */
	uint32_t first_file;
	bool cut;		 /* a file of it could not be read to its end */
	size_t deleted, refused; /* rows, whatever came later */
	struct lint_object *objects;
	size_t nobjects, capobjects;
	struct lint_ids by_id; /* to objects */
	struct lint_map by_integration;
	/* By change_sis_id. */
	struct lint_map changed, changed_to;
	struct lint_map integration_changed, integration_changed_to;
};

/* A row that names its own kind: known once all rows are read. */
struct lint_waiting {
	enum lint_rule later; /* when the row that it names comes later */
	sym id;
	uint32_t file, line, row;
	size_t at; /* byte in the line */
	const char *header;
};

/* A user that an enrollment names, looked up a few rows later. */
struct lint_asked {
	struct str id; /* in the block */
	uint64_t hash;
	uint32_t line, row;
	bool active;
};

/* An enrollment that the rows behind it may repeat for other users. */
struct lint_repeat {
	struct repeat row; /* but for the user */
	struct str user;   /* of the last of these rows */
};

#define LINT_ASKED 16 /* rows; a power of two */

/* The key of a row, for the rows that have no id of their own. */
struct lint_key {
	uint64_t hash[2];
	uint32_t content;
	uint32_t file, line, row;
};

/* The last good cell of a column: most columns repeat themselves. */
struct lint_memo {
	char text[40];
	uint8_t len; /* 0: nothing is remembered */
	int word;
	struct lint_date date;
};

/* What is counted over a column and said once. */
struct lint_sums {
	uint64_t blank, zoneless;
};

enum line_end { LINE_END_NONE, LINE_END_LF, LINE_END_CR, LINE_END_CRLF };

#define LINT_NO_COLUMN SHEET_COLUMNS_MAX /* its cell is always blank */

/* Where the columns that rules ask for stand in the table's row. */
struct lint_columns {
	size_t own; /* the id that rows give */
	size_t status, name, start_date, end_date, integration_id;
	size_t account_id, parent_account_id, fallback_account_id, term_id;
	size_t course_id, abstract_course_id, blueprint_course_id;
	size_t short_name, long_name, section_id, xlist_course_id;
	size_t override_type, user_id, login_id, provider, full_name;
	size_t first_name, last_name, sortable_name, role, role_id;
	size_t associated_user_id, root_account, observer_id, student_id;
	size_t group_id, group_category_id, existing_user_id;
	size_t existing_integration_id;
	size_t user_integration_id, temporary_source;
	size_t old_id, new_id, old_integration_id, new_integration_id, type;
};

/* The file at hand. */
struct lint_reading {
	const char *name;
	uint32_t number;
	enum sheet_kind kind;
	const struct sheet *sheet; /* NULL: its rows are not looked at */
	bool begun;		   /* the first block was seen */
	bool header_read;
	bool stopped; /* malformed: nothing more is read */
	bool encoding_said, ends_said;
	enum line_end line_end;
	size_t ncells;	/* of the header */
	bool of_people; /* it has COLUMN_PERSON */
	struct lint_columns columns;
	int cell_of[SHEET_COLUMNS_MAX];	 /* by the sheet's column, or -1 */
	size_t bound[SHEET_COLUMNS_MAX]; /* the columns that have one */
	size_t nbound;
	uint64_t rows; /* without the header and blank rows */
	uint32_t row;  /* as Canvas counts */
	uint32_t shown[LINT_RULES];
	struct lint_memo memo[SHEET_COLUMNS_MAX];
	struct lint_sums sums[SHEET_COLUMNS_MAX];
	uint64_t sectionless; /* enrollments without section_id */

	/* The block, and a place in it that is known. */
	const char *block, *block_end;
	uint32_t block_line; /* physical, from 1 */
	uint32_t part_line;  /* of what is being read of it */
	const char *at;
	uint32_t at_line;

	/* Rows without an id of their own. */
	size_t key[SHEET_KEY_MAX + 3]; /* columns, by the header's order */
	size_t nkeys;
	bool unsorted;
	struct buf this_key, last_key;

	struct lint_repeat repeat;
	struct lint_asked asked[LINT_ASKED];
	size_t nasked, answered; /* counted over the block */
	/* The section that the last enrollment named. */
	struct buf last_section;
	uint32_t last_section_object;
};

/* The row at hand. */
struct lint_row {
	/* Stripped; of length 0 when blank. One more than there are columns. */
	struct str values[SHEET_COLUMNS_MAX + 1];
	uint32_t exempt; /* bits of columns that may be blank here */
	uint32_t line;	 /* physical, from 1 */
	int word;	 /* the status, as an index of its words */
	bool refused;
	bool slipped; /* it has not as many cells as the header */
};

struct lint {
	struct lint_options options;
	lint_report_fn *report;
	void *arg;
	struct intern *intern;
	struct lint_known known[SHEETS];
	struct lint_ids by_login; /* lower case, to users */
	bool ids_change;	  /* there is a change_sis_id */
	char **files;		  /* names by number */
	size_t nfiles, capfiles;
	struct lint_waiting *waiting;
	size_t nwaiting, capwaiting;
	struct lint_key *keys;
	size_t nkeys, capkeys;
	enum sheet_kind kind; /* of the files at hand, or SHEETS */
	struct lint_reading file;
	struct lint_row row;
	struct buf message, scratch, copy;
	struct buf shown[2];
	unsigned next_shown;
	struct lint_totals totals;
};

/* All rows of one kind are done before the next kind begins; in lint.c. */
void lint_kind_begin(struct lint *lint, enum sheet_kind kind);

/* Room for what is kept of the rows of the file at hand; in lint.c. */
void lint_make_room(struct lint *lint);

static inline bool
lint_is_filled(const struct lint *lint, size_t column)
{
	return lint->row.values[column].len > 0;
}

static inline bool
lint_is(struct str value, const char *text)
{
	return value.len == strlen(text) &&
	    memcmp(value.bytes, text, value.len) == 0;
}

static inline bool
lint_is_any_case(struct str value, const char *text)
{
	return value.len == strlen(text) &&
	    strncasecmp(value.bytes, text, value.len) == 0;
}

#endif
