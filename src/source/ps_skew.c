#include <stddef.h>

#include "source/ps_skew.h"

/* Who refers to whom (powerschool 6.9). */
static const struct {
	enum table_id child;
	unsigned field;
	enum table_id parent;
	unsigned key;
} references[] = {
	{ T_CC, CC_STUDENTID, T_STUDENT, STUDENT_ID },
	{ T_CC, CC_SECTIONID, T_SECTION, SECTION_ID },
	{ T_SECTIONTEACHER, SECTIONTEACHER_SECTIONID, T_SECTION, SECTION_ID },
	{ T_SECTIONTEACHER, SECTIONTEACHER_TEACHERID, T_SCHOOLSTAFF,
	    SCHOOLSTAFF_ID },
	{ T_SECTION, SECTION_TEACHER, T_SCHOOLSTAFF, SCHOOLSTAFF_ID },
	{ T_SECTION, SECTION_COURSE_NUMBER, T_COURSE, COURSE_NUMBER },
	{ T_SECTION, SECTION_TERMID, T_TERM, TERM_ID },
	{ T_SECTION, SECTION_SCHOOLID, T_SCHOOL, SCHOOL_NUMBER },
	{ T_STUDENT, STUDENT_SCHOOLID, T_SCHOOL, SCHOOL_NUMBER },
	{ T_SCHOOLSTAFF, SCHOOLSTAFF_USERS_DCID, T_USER, USER_DCID },
};

static bool
lacks(const struct table *child, unsigned field, const struct table *parent,
    unsigned key)
{
	struct key_index index = { 0 };
	const uint32_t *cells;
	bool missing;
	size_t i;

	cells = child->columns[field];
	if (cells == NULL || child->nrows == 0 || parent->columns[key] == NULL)
		return false;
	key_index_build(&index, parent->columns[key], parent->nrows);
	missing = false;
	for (i = 0; i < child->nrows && !missing; i++)
		missing = cells[i] != 0 &&
		    key_index_find(&index, (sym){ cells[i] }) == ROW_NONE;
	key_index_free(&index);
	return missing;
}

bool
ps_skew_lacks(const struct roster *roster, enum table_id parent)
{
	size_t i;

	for (i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		if (references[i].parent == parent &&
		    lacks(&roster->tables[references[i].child],
			references[i].field, &roster->tables[parent],
			references[i].key))
			return true;
	}
	return false;
}
