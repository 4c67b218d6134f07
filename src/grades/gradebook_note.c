#include "grades/gradebook_note.h"

const char *
gradebook_note_text(enum gradebook_note_kind kind)
{
	static const char *const texts[GRADEBOOK_NOTES] = {
		[GRADEBOOK_NO_POINTS_ROW] =
		    "there is no row with the points possible; the assignments"
		    " have none",
		[GRADEBOOK_COLUMN_WITHOUT_ID] =
		    "a column with scores has no assignment id, as (991),"
		    " behind its title; it was left out",
		[GRADEBOOK_COLUMN_CUSTOM] =
		    "a column in front of the assignments holds words and no"
		    " points: a column of the teacher's own; it was left out",
		[GRADEBOOK_NO_ASSIGNMENTS] =
		    "no column is an assignment; there is nothing to export",
		[GRADEBOOK_NO_STUDENTS] =
		    "no row is a student; the course has none or the file was"
		    " cut",
		[GRADEBOOK_ROW_PASSED] =
		    "a row is neither a student nor the points possible; it"
		    " was left out",
		[GRADEBOOK_ROW_SHORT] =
		    "a row ends before the last assignment; the rest counts"
		    " as blank",
		[GRADEBOOK_NO_LINE_END] =
		    "the last line has no end: the file may have been cut in"
		    " its last cell, which counts as it stands",
		[GRADEBOOK_ID_ROUNDED] =
		    "an id was rounded by a spreadsheet program; it counts as"
		    " blank",
		[GRADEBOOK_STUDENT_TWICE] =
		    "a student stands in the file a second time; both rows"
		    " were read",
		[GRADEBOOK_NO_SECTION] =
		    "a student has no section; the scores go nowhere",
		[GRADEBOOK_SECTIONS_SPLIT] =
		    "students in several sections: the names between the"
		    " commas and the last word were taken for sections,"
		    " because each of them is one",
		[GRADEBOOK_SECTIONS_DOUBTFUL] =
		    "the name of a section may be those of several; it was"
		    " taken for one",
	};

	return texts[kind];
}
