#ifndef SIM_TABLES_H
#define SIM_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#define SIM_COLUMNS_MAX 24
#define SIM_NO_YEAR 255

enum sim_table_id {
	SIM_SCHOOLS,
	SIM_TERMS,
	SIM_COURSES,
	SIM_SECTIONS,
	SIM_SECTIONTEACHER,
	SIM_ROLEDEF,
	SIM_USERS,
	SIM_SCHOOLSTAFF,
	SIM_STUDENTS,
	SIM_STUDENTEMAIL, /* what the query of that name joins */
	SIM_CC,
	SIM_PERSON,
	SIM_PERSONEMAIL,
	SIM_EMAILADDRESS,
	SIM_TABLES
};

enum sim_type { SIM_TEXT, SIM_NUMBER, SIM_DATE };

struct sim_column {
	const char *name; /* lower case, as the API spells it */
	enum sim_type type;
	bool queried; /* a column of the table's PowerQuery */
};

/* One table of the simulated server (powerschool 6). */
struct sim_table_def {
	const char *name;  /* "cc" */
	const char *shown; /* "CC", as messages spell it */
	bool readable;	   /* by /ws/schema/table */
	bool by_year;	   /* the PowerQuery takes yearid */
	/* The first is the key; ends with a NULL name. */
	struct sim_column columns[SIM_COLUMNS_MAX];
};

extern const struct sim_table_def sim_tables[SIM_TABLES];

/* The table by its name in any case; -1 when there is none. */
int sim_table_find(const char *name, size_t len);

/* The column by its name in any case; -1 when there is none. */
int sim_column_find(
    const struct sim_table_def *def, const char *name, size_t len);

#endif
