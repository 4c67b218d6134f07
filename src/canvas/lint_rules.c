#include <strings.h>

#include "canvas/lint_rules.h"

const struct rule_text lint_rules[LINT_RULES] = {
	/* The package (canvas-sis 2). */
	[LINT_PKG_REFUSED] = { "PKG-REFUSED", SEVERITY_ERROR,
	    "Canvas refuses this zip as a whole",
	    "Make the zip again from the CSVs alone; very repetitive CSVs "
	    "need a lower compression level.",
	    "Canvas takes at most 100 000 entries, no passwords, and unpacks "
	    "at most 100 times the size of the zip or 50 GiB." },
	[LINT_PKG_NAME] = { "PKG-NAME", SEVERITY_ERROR,
	    "the name ends in neither .zip nor .csv", "Rename the file.",
	    "The ending alone decides how Canvas reads an import; of any "
	    "other file it imports nothing and says nothing." },
	[LINT_PKG_EMPTY] = { "PKG-EMPTY", SEVERITY_ERROR,
	    "there is no CSV in the package",
	    "Look whether this is the right folder or zip.",
	    "Canvas imports nothing and calls the import a success." },
	[LINT_PKG_LOST_CSV] = { "PKG-LOST-CSV", SEVERITY_WARNING,
	    "Canvas passes over this CSV in silence",
	    "Give it a plain name of its own without a dot in front, as an "
	    "ordinary file.",
	    "Hidden files, symbolic links, .. in a path, __MACOSX folders, "
	    "a second entry of a name and unusual ways of compression are "
	    "skipped without a message." },
	[LINT_PKG_NOT_CSV] = { "PKG-NOT-CSV", SEVERITY_WARNING, "not a CSV",
	    "Take it out of the package.",
	    "Canvas says \"Skipping unknown file type\", and the import ends "
	    "imported_with_messages instead of imported." },
	[LINT_PKG_SKIPPED] = { "PKG-SKIPPED", SEVERITY_INFO,
	    "Canvas passes over this entry in silence",
	    "Nothing needs to be done.",
	    "Hidden files and what macOS adds to a zip are skipped." },
	[LINT_PKG_SAME_KIND] = { "PKG-SAME-KIND", SEVERITY_INFO,
	    "more than one file of this kind",
	    "Join them into one file when Canvas is to diff.",
	    "Canvas imports them all, but its own diffing needs exactly one "
	    "file of each kind and else runs everything in full." },

	/* Files and CSV syntax (canvas-sis 2, 3). */
	[LINT_FILE_EMPTY] = { "FILE-EMPTY", SEVERITY_WARNING,
	    "the file is empty",
	    "Look why the export wrote nothing, or take the file out.",
	    "Canvas ignores a file without a line and says nothing." },
	[LINT_FILE_NO_ROWS] = { "FILE-NO-ROWS", SEVERITY_WARNING,
	    "there is a header and no row",
	    "Look why the export found no rows, or take the file out.",
	    "Canvas imports nothing from it, but the kind counts as "
	    "supplied: in batch mode an empty courses, sections or "
	    "enrollments file deletes everything of that kind in the "
	    "term." },
	[LINT_FILE_ENCODING] = { "FILE-ENCODING", SEVERITY_ERROR,
	    "a byte that is not UTF-8",
	    "Save the file as UTF-8 (in Excel: CSV UTF-8).",
	    "One bad byte and Canvas rejects the whole file with \"Invalid "
	    "UTF-8\"." },
	[LINT_FILE_UTF16] = { "FILE-UTF16", SEVERITY_ERROR,
	    "the file is UTF-16",
	    "Save it as CSV UTF-8; \"Unicode text\" of Excel is UTF-16.",
	    "Canvas reads UTF-8 only and rejects the whole file." },
	[LINT_FILE_NOT_CHECKED] = { "FILE-NOT-CHECKED", SEVERITY_INFO,
	    "rows of this kind are not checked further",
	    "Nothing needs to be done.",
	    "Tag files need features that few Canvas accounts have; their "
	    "header and syntax were checked." },
	[LINT_CSV_QUOTE] = { "CSV-QUOTE", SEVERITY_ERROR,
	    "a quote where none may stand",
	    "Put quotes around the whole cell and double the quotes in it: "
	    "\"say \"\"hi\"\"\".",
	    "Quotes may only enclose a whole cell, blanks included. Canvas "
	    "rejects the whole file with \"Malformed CSV\"." },
	[LINT_CSV_OPEN_QUOTE] = { "CSV-OPEN-QUOTE", SEVERITY_ERROR,
	    "this quote is never closed",
	    "Close it, or double it if it belongs to the text.",
	    "Everything behind it becomes one cell. Canvas rejects the whole "
	    "file with \"Malformed CSV\"." },
	[LINT_CSV_LINE_END] = { "CSV-LINE-END", SEVERITY_ERROR,
	    "another line end than the file's first one",
	    "Give all lines the same end (dos2unix does); put quotes around "
	    "a cell that holds a line break.",
	    "The first CR, LF or CRLF, even one inside quotes, decides for "
	    "the file. Any other one outside quotes, also a lone CR, makes "
	    "Canvas reject the whole file with \"Malformed CSV\"." },
	[LINT_CSV_LONG_CELL] = { "CSV-LONG-CELL", SEVERITY_ERROR,
	    "a cell of more than 1 MiB", "Look for a quote that is not closed.",
	    "No cell that Canvas takes is nearly that long." },
	[LINT_CSV_NUL] = { "CSV-NUL", SEVERITY_ERROR, "a NUL byte",
	    "Write the file again without it; copying through an editor "
	    "often helps.",
	    "A users row is refused (\"Some of the fields contain NULL "
	    "character\"); rows of other kinds fail in the database, and the "
	    "job with them." },

	/* Headers (canvas-sis 3, 4). */
	[LINT_HEADER_UNKNOWN] = { "HEADER-UNKNOWN", SEVERITY_ERROR,
	    "Canvas does not know what this file is",
	    "Write Canvas's column names into the first line, with commas "
	    "between them.",
	    "The header alone tells Canvas what a file holds, not its name. "
	    "It rejects the file with \"Couldn't find Canvas CSV import "
	    "headers\"." },
	[LINT_HEADER_TRAP] = { "HEADER-TRAP", SEVERITY_ERROR,
	    "Canvas takes this file for something else",
	    "Take out or rename the column that leads Canvas astray.",
	    "The first kind whose columns are all there wins: enrollments "
	    "with a column name are imported as sections, courses with name "
	    "and term_id as terms, and rename or move what is there." },
	[LINT_HEADER_BLANK] = { "HEADER-BLANK", SEVERITY_WARNING,
	    "blanks around a column name",
	    "Take the blanks out of the header line.",
	    "Canvas knows the file by such a column but then reads the "
	    "column as empty in every row." },
	[LINT_HEADER_MISSING] = { "HEADER-MISSING", SEVERITY_ERROR,
	    "a column that every row needs is not there", "Add the column.",
	    "Canvas looks only for the columns that tell the kind of a file; "
	    "without this one every row fails by itself." },
	[LINT_HEADER_DUPLICATE] = { "HEADER-DUPLICATE", SEVERITY_WARNING,
	    "a second column of this name", "Take one of them out.",
	    "Canvas reads the first one and ignores the other." },
	[LINT_HEADER_EXTRA] = { "HEADER-EXTRA", SEVERITY_INFO,
	    "a column that Canvas does not read",
	    "Nothing needs to be done, unless the name is misspelled.",
	    "Columns that Canvas does not know are ignored in silence." },
	[LINT_HEADER_NAMELESS] = { "HEADER-NAMELESS", SEVERITY_INFO,
	    "a column without a name",
	    "Look for a comma too many at the end of the header.",
	    "Canvas ignores the column in silence." },

	/* Cells and rows (canvas-sis 5). */
	[LINT_ROW_REQUIRED] = { "ROW-REQUIRED", SEVERITY_ERROR,
	    "a cell that Canvas needs is blank",
	    "Fill it, or take the row out.",
	    "Canvas refuses the row. Cells of blanks only count as blank." },
	[LINT_ROW_REQUIRED_NEW] = { "ROW-REQUIRED-NEW", SEVERITY_WARNING,
	    "a cell that something new needs is blank",
	    "Fill it; it does no harm where Canvas knows the id already.",
	    "Canvas keeps what it has when it knows the id, and refuses the "
	    "row when it does not." },
	[LINT_ROW_STATUS] = { "ROW-STATUS", SEVERITY_ERROR,
	    "a status that Canvas does not take here",
	    "Write one of the words that the message lists.",
	    "Canvas refuses the row with \"Improper status\"." },
	[LINT_ROW_STATUS_REPORT] = { "ROW-STATUS-REPORT", SEVERITY_ERROR,
	    "a status that Canvas writes into reports but does not import",
	    "Write completed for concluded; take rows that are invited, "
	    "rejected or pending out.",
	    "Provisioning and SIS export reports use words of their own. "
	    "Canvas refuses such rows with \"Improper status\"." },
	[LINT_ROW_WORD] = { "ROW-WORD", SEVERITY_ERROR,
	    "a word that Canvas does not take here",
	    "Write one of the words that the message lists.",
	    "Canvas refuses the row." },
	[LINT_ROW_PREFIX] = { "ROW-PREFIX", SEVERITY_WARNING,
	    "only the beginning is a word that Canvas knows",
	    "Write the word alone.",
	    "Canvas looks at the beginning only and takes the row, but not "
	    "as it was meant: a user becomes active whatever the word, a "
	    "course keeps its state." },
	[LINT_ROW_LENGTH] = { "ROW-LENGTH", SEVERITY_ERROR,
	    "longer than Canvas can store", "Shorten it.",
	    "Ids and names have at most 255 characters. A longer one is "
	    "refused, or fails in the database and the job with it." },
	[LINT_ROW_NUMBER] = { "ROW-NUMBER", SEVERITY_ERROR,
	    "not one of Canvas's own numbers",
	    "Write the number from Canvas, or use the column for your own "
	    "id.",
	    "The column holds an id that Canvas gave, which is a whole "
	    "number." },
	[LINT_ROW_YES_NO] = { "ROW-YES-NO", SEVERITY_WARNING,
	    "neither yes nor no", "Write true or false.",
	    "Canvas takes yes y true t on 1 and no n false f off 0; any "
	    "other text counts as no unless it starts with a number." },
	[LINT_ROW_LOGIN] = { "ROW-LOGIN", SEVERITY_ERROR,
	    "longer than 100 characters, or characters that cannot be "
	    "printed",
	    "Correct the login.",
	    "Canvas refuses the row with \"Invalid login_id\"." },
	[LINT_ROW_EMAIL] = { "ROW-EMAIL", SEVERITY_WARNING,
	    "not one bare e-mail address",
	    "Write one address without a name, blanks or a dot at the end, "
	    "or leave the cell blank.",
	    "Canvas saves the person and the login, but not the address, and "
	    "reports the row on every import." },
	[LINT_ROW_PASSWORD] = { "ROW-PASSWORD", SEVERITY_WARNING,
	    "shorter than 8 or longer than 255 characters",
	    "Write a longer password, or leave the column out.",
	    "Canvas's ordinary rules refuse it for a new login." },
	[LINT_ROW_ROLE] = { "ROW-ROLE", SEVERITY_WARNING,
	    "not one of Canvas's own roles",
	    "Write the exact name of a role, capitals included.",
	    "Canvas takes student, teacher, ta, observer and designer, the "
	    "names of its own roles and of the account's custom roles, and "
	    "refuses the row with \"Improper role\" else." },
	[LINT_ROW_ROLE_STUDENT] = { "ROW-ROLE-STUDENT", SEVERITY_WARNING,
	    "becomes an ordinary student",
	    "Write student, or the exact name of a custom role.",
	    "Whatever begins with student and is no custom role is enrolled "
	    "as a student: also \"Student Teacher\"." },
	[LINT_ROW_SCIENTIFIC] = { "ROW-SCIENTIFIC", SEVERITY_WARNING,
	    "an id in scientific notation",
	    "Export again, and keep Excel from opening the file.",
	    "Excel turns long numbers into 1.23E+11; the id is lost, and "
	    "Canvas takes the text for another id." },
	[LINT_ROW_CLEARS] = { "ROW-CLEARS", SEVERITY_INFO,
	    "blank cells that clear what Canvas has",
	    "Leave the column out to keep what is there.",
	    "In this column a blank cell is not \"no change\". Of courses "
	    "and of authentication_provider_id the manual says nothing of "
	    "it." },
	[LINT_ROW_MORE_CELLS] = { "ROW-MORE-CELLS", SEVERITY_WARNING,
	    "more cells than the header has",
	    "Put quotes around a cell that holds a comma.",
	    "Canvas ignores the cells at the end in silence; a comma without "
	    "quotes has moved every cell behind it." },
	[LINT_ROW_FEWER_CELLS] = { "ROW-FEWER-CELLS", SEVERITY_INFO,
	    "fewer cells than the header has", "Look whether the line was cut.",
	    "Canvas takes the missing cells as blank." },
	[LINT_ROW_ROOT_ACCOUNT] = { "ROW-ROOT-ACCOUNT", SEVERITY_WARNING,
	    "the row names a root account",
	    "Blank the cell unless several root accounts trust each other.",
	    "Without the plugin for several root accounts Canvas drops the "
	    "row and says nothing." },
	[LINT_ROW_SELF] = { "ROW-SELF", SEVERITY_ERROR,
	    "the row names one person twice", "Name two different people.",
	    "Nobody can observe themselves; Canvas refuses the row." },
	[LINT_ROW_BOTH] = { "ROW-BOTH", SEVERITY_ERROR,
	    "account_id and course_id are both filled", "Fill one of them.",
	    "A group category belongs to an account or to a course; Canvas "
	    "refuses the row." },
	[LINT_ROW_OVERRIDE] = { "ROW-OVERRIDE", SEVERITY_ERROR,
	    "dates for a role in a term that does not exist yet",
	    "Put the row of the term itself first.",
	    "Canvas takes a row with date_override_enrollment_type only for "
	    "a term that it knows." },
	[LINT_ROW_IN_USE] = { "ROW-IN-USE", SEVERITY_ERROR,
	    "deletes something that rows before it still use",
	    "Move or delete what is in it first.",
	    "Canvas refuses to delete an account with active sub-accounts or "
	    "courses." },
	[LINT_ROW_IGNORED] = { "ROW-IGNORED", SEVERITY_WARNING,
	    "Canvas ignores this cell here",
	    "Blank the cell, or correct the row's role.",
	    "associated_user_id counts for observers only; nothing is said "
	    "of other rows." },
	[LINT_ROW_NAMELESS] = { "ROW-NAMELESS", SEVERITY_INFO, "no name at all",
	    "Fill full_name, or first_name and last_name.",
	    "Someone new is shown under the login." },
	[LINT_ROW_DEFAULT_SECTION] = { "ROW-DEFAULT-SECTION", SEVERITY_INFO,
	    "rows without section_id",
	    "Name the section when the course has sections of its own.",
	    "Canvas enrolls into the course's default section and makes one "
	    "without SIS id when there is none." },
	[LINT_ROW_GROUP_STAYS] = { "ROW-GROUP-STAYS", SEVERITY_WARNING,
	    "only deleted in lower case deletes a group", "Write deleted.",
	    "Canvas takes the row and leaves the group available." },

	/* Dates (canvas-sis 3). */
	[LINT_DATE_BAD] = { "DATE-BAD", SEVERITY_WARNING,
	    "not a date that Canvas can read",
	    "Write it as 2026-08-31T06:59:59Z.",
	    "Canvas reports a bad date and imports the row without it, and "
	    "without the end date when the start date is the bad one." },
	[LINT_DATE_NONE] = { "DATE-NONE", SEVERITY_WARNING,
	    "a text without a date in it",
	    "Write it as 2026-08-31T06:59:59Z, or leave the cell blank.",
	    "Canvas takes it as no date and says nothing." },
	[LINT_DATE_GUESS] = { "DATE-GUESS", SEVERITY_WARNING,
	    "no full date: Canvas guesses it, or takes none",
	    "Write it as 2026-08-31T06:59:59Z.",
	    "05/06/2026 becomes 5 June, 8/1/26 a day in the year 8, 12 the "
	    "12th of this month." },
	[LINT_DATE_ROLLED] = { "DATE-ROLLED", SEVERITY_WARNING,
	    "a day that this month does not have", "Correct the day.",
	    "Canvas goes on into the next month: 30 February becomes 2 "
	    "March, and nothing is said." },
	[LINT_DATE_ZONE] = { "DATE-ZONE", SEVERITY_INFO,
	    "dates without a time zone",
	    "Write the time with Z or an offset: 2026-08-31T06:59:59Z.",
	    "Canvas takes them as UTC, so a day in America begins and ends "
	    "on the evening before." },
	[LINT_DATE_ORDER] = { "DATE-ORDER", SEVERITY_WARNING,
	    "the end is before the start", "Correct the dates.",
	    "Canvas refuses such a course or section; of terms and "
	    "enrollments it says nothing, but nobody can work in them." },
	[LINT_DATE_HALF] = { "DATE-HALF", SEVERITY_WARNING,
	    "only one of start_date and end_date", "Fill both, or neither.",
	    "The dates of an enrollment count only when both are there." },

	/* Rows among themselves (canvas-sis 2, 5, 8). */
	[LINT_KEY_DUPLICATE] = { "KEY-DUPLICATE", SEVERITY_WARNING,
	    "another row of the same key", "Keep one row for each key.",
	    "Canvas works on parts of a large file at the same time, so "
	    "nobody can foresee which row wins; its diffing takes the "
	    "last." },
	[LINT_KEY_REPEATED] = { "KEY-REPEATED", SEVERITY_INFO,
	    "the same row again", "Nothing needs to be done.",
	    "The newest Canvas takes out repeated lines when there are 100 "
	    "or more; row numbers in its messages then count in that "
	    "copy." },
	[LINT_LOGIN_TAKEN] = { "LOGIN-TAKEN", SEVERITY_ERROR,
	    "another row has this login or user_id already",
	    "Give each person a login of their own; put a second login of "
	    "one person into logins.csv under an id of its own.",
	    "Canvas compares logins without regard to case and refuses the "
	    "row: \"An existing Canvas user ... has already claimed ...\"." },
	[LINT_INTEGRATION_TAKEN] = { "INTEGRATION-TAKEN", SEVERITY_ERROR,
	    "another row has this integration_id already",
	    "Make the integration ids different, or blank them.",
	    "An integration_id belongs to one user, course or section; "
	    "Canvas refuses the second row." },
	[LINT_REF_NOT_HERE] = { "REF-NOT-HERE", SEVERITY_INFO,
	    "an id that is not in this package",
	    "Nothing needs to be done if Canvas knows the id from an earlier "
	    "import.",
	    "Canvas refuses the row when it does not know the id." },
	[LINT_REF_REFUSED] = { "REF-REFUSED", SEVERITY_WARNING,
	    "the row of this id is refused",
	    "Mend the row that it names; this line goes away with it.",
	    "Unless Canvas knows the id from an earlier import, it refuses "
	    "this row too." },
	[LINT_REF_LATER] = { "REF-LATER", SEVERITY_ERROR,
	    "the row of this id comes later",
	    "Put parents before their children.",
	    "Canvas reads accounts from the top: \"Parent account didn't "
	    "exist\"." },
	[LINT_REF_DELETED] = { "REF-DELETED", SEVERITY_WARNING,
	    "this package deletes what the row names",
	    "Take one of the two rows out.",
	    "Canvas refuses the row, or takes it and nobody can see the "
	    "result." },
	[LINT_REF_SILENT] = { "REF-SILENT", SEVERITY_WARNING,
	    "an id that is not in this package and is not missed",
	    "Correct the id, or send its row too.",
	    "When Canvas does not know the id either, it passes over the "
	    "cell and says nothing." },
	[LINT_REF_TERM_SILENT] = { "REF-TERM-SILENT", SEVERITY_WARNING,
	    "a term that is not in this package or is deleted in it",
	    "Correct the term_id, or send the term's row too.",
	    "When Canvas does not know the term, it says nothing, and a new "
	    "course goes to the default term." },
	[LINT_REF_UNRELATED] = { "REF-UNRELATED", SEVERITY_WARNING,
	    "the section belongs to another course",
	    "Correct one of the two ids, or leave course_id blank.",
	    "Canvas refuses the row unless it knows the section as "
	    "cross-listed between the two courses." },
	[LINT_XLIST_CREATES] = { "XLIST-CREATES", SEVERITY_INFO,
	    "a course that is not in this package",
	    "Nothing needs to be done if it is meant.",
	    "Canvas makes the course when it does not know it: with the "
	    "account, name, code, term and dates of the section's course." },
	[LINT_XLIST_OWN] = { "XLIST-OWN", SEVERITY_WARNING,
	    "the section is in this course already", "Take the row out.",
	    "Cross-listing a section into its own course has no effect." },
	[LINT_XLIST_REVIVES] = { "XLIST-REVIVES", SEVERITY_WARNING,
	    "brings back a course that this package deletes",
	    "Take one of the two rows out.",
	    "Cross-lists come after courses; an active one revives a deleted "
	    "course." },
	[LINT_CHANGE_SAME] = { "CHANGE-SAME", SEVERITY_ERROR,
	    "the new id is the old one", "Take the row out.",
	    "Canvas refuses it: the new id is in use." },
	[LINT_CHANGE_TAKEN] = { "CHANGE-TAKEN", SEVERITY_ERROR,
	    "another row gives this new id already",
	    "Give each a new id of its own.",
	    "Canvas refuses the second row: the new id is in use." },
	[LINT_CHANGE_CHAIN] = { "CHANGE-CHAIN", SEVERITY_WARNING,
	    "one row's new id is another row's old id",
	    "Send chains and swaps in two imports, over a third id.",
	    "Whether the id is free, or there, when a row comes depends on "
	    "the order of rows, which Canvas does not promise." },
	[LINT_CHANGE_OLD_ID] = { "CHANGE-OLD-ID", SEVERITY_WARNING,
	    "an id that change_sis_id has already changed",
	    "Write the new id, or send change_sis_id alone first.",
	    "Ids change before anything else is imported; the old id makes a "
	    "second object, or names nothing." },
	[LINT_CHANGE_CATEGORY] = { "CHANGE-CATEGORY", SEVERITY_ERROR,
	    "group categories have no integration id",
	    "Blank the integration columns.", "Canvas refuses the row." },
};

int
lint_rule_of_code(const char *code)
{
	int i;

	for (i = 0; i < LINT_RULES; i++) {
		if (strcasecmp(lint_rules[i].code, code) == 0)
			return i;
	}
	return -1;
}
