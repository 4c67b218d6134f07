#include <stddef.h>
#include <strings.h>

#include "canvas/guard_codes.h"

#define LOOK_FIRST "Look at report.html and changes.csv. "
#define THEN_APPROVE "If the change is meant, approve the run."

/* THE TABLE of what holds a run, and of what usually is behind it. */
const struct guard_text guard_codes[GUARD_CODES] = {
	[GUARD_FIRST_RUN] = { "GUARD-FIRST-RUN",
	    "no run was accepted before, so nothing can be compared",
	    "It is the first run, or [output] dir is not the folder of the "
	    "runs before.",
	    "Look through the CSVs and report.html, then approve the run; "
	    "first_run = accept under [guard] lets every first run pass." },
	[GUARD_BLACKOUT] = { "GUARD-BLACKOUT",
	    "today is in a range of days in which every run is held",
	    "blackout under [guard] names the days, as around the summer or "
	    "the year's rollover.",
	    "Wait until the range is over, approve this run, or correct "
	    "blackout." },
	[GUARD_GAP] = { "GUARD-GAP",
	    "the source did not give a table or a column that the accepted run "
	    "had, so what it held would be taken away",
	    "A plugin that was updated, disabled or lacks a grant, so that "
	    "PowerSchool was read in another way, which carries less: /ws/v1 "
	    "knows no co-teachers and no roles.",
	    "Type ps2canvas check and mend the plugin, then run again. If the "
	    "district does without from now on, approve the run." },
	[GUARD_ZERO] = { "GUARD-ZERO",
	    "a sheet has no rows left, and Canvas holds some",
	    "A file with only a header; a header with a typo or invisible "
	    "characters; school numbers that match no school; [district] year "
	    "or the year's rollover, which puts all rows into another year.",
	    LOOK_FIRST "manifest.json says by reason why rows were skipped. "
		       "Export the table again and run again." },
	[GUARD_GONE] = { "GUARD-GONE",
	    "a school, a term or a role has no rows left",
	    "A school or a term that was left out of the export; a school's "
	    "number or a term's id that has changed; [exclude] schools; a "
	    "changed account or term template in [ids]; a role that was "
	    "renamed in PowerSchool and not in [roles].",
	    LOOK_FIRST "Export all schools and terms again. " THEN_APPROVE },
	[GUARD_REMOVED] = { "GUARD-REMOVED",
	    "too large a share of a sheet's rows would be removed, or would "
	    "give no access any more",
	    "An export that is not whole: a school, a term or a page left "
	    "out; a header with a typo or invisible characters; another "
	    "encoding, so that ids differ; a changed id template or course "
	    "mode; the year's rollover.",
	    LOOK_FIRST "Export the table again and run again. " THEN_APPROVE },
	[GUARD_CHANGED] = { "GUARD-CHANGED",
	    "too large a share of a sheet's rows would change",
	    "Another encoding of the export; a template in [names] or "
	    "[users] that was changed; a setting that adds a column; a "
	    "column that holds something else than before; the year's "
	    "rollover.",
	    LOOK_FIRST "The column that changed in most rows says what is "
		       "behind it. " THEN_APPROVE },
	[GUARD_ADDED] = { "GUARD-ADDED",
	    "too many rows would be added beside those that Canvas holds",
	    "A changed id template or course mode, which makes everything "
	    "new; rows of another year or of schools that were left out "
	    "before; the year's rollover; the start of term.",
	    LOOK_FIRST THEN_APPROVE },
	[GUARD_LOST] = { "GUARD-LOST",
	    "a school, a term or a role would lose too large a share of its "
	    "rows",
	    "An export that is not whole for one school or term; sections "
	    "that moved to another school or term; a changed role name; the "
	    "school's own rollover.",
	    LOOK_FIRST
	    "Export that school or term again and run again. " THEN_APPROVE },
	[GUARD_BASELINE] = { "GUARD-BASELINE",
	    "the removals of several days together are too large a share",
	    "An export that shrinks day by day, each day below the limit: a "
	    "filter by date, a job that stops early, rows that are removed "
	    "school by school.",
	    LOOK_FIRST "Compare with the run of that day: diff says what "
		       "went. " THEN_APPROVE },
	[GUARD_BLANK] = { "GUARD-BLANK",
	    "many more names, logins, ids or e-mails are blank than before",
	    "A column that the export lacks or spells otherwise; a header "
	    "with a typo or invisible characters; a template that names "
	    "another field; a column that PowerSchool no longer fills.",
	    "findings.csv lists the rows. Export the column again, or "
	    "correct the template. " THEN_APPROVE },
	[GUARD_ID_FORMAT] = { "GUARD-ID-FORMAT",
	    "the ids of a sheet look different than before",
	    "A changed template in [ids] or another course mode; an id that "
	    "was written by a spreadsheet (1.23E+05, leading zeros gone); a "
	    "column that holds something else.",
	    "Another id is another thing to Canvas: everything would be "
	    "made anew. Put the ids back, or rename them in Canvas first "
	    "with change_sis_id.csv." },
};

int
guard_codes_find(const char *code)
{
	int i;

	for (i = 0; i < GUARD_CODES; i++) {
		if (strcasecmp(guard_codes[i].code, code) == 0)
			return i;
	}
	return -1;
}
