#include "settings.h"

const struct conf_section settings_sections[] = { { "district",
						      "The school district." },
	{ "source", "Where the PowerSchool tables come from." },
	{ "courses", "What a Canvas course is." },
	{ "ids",
	    "The SIS ids that Canvas knows things by, as naming "
	    "templates. Choose them before the first import: another id is "
	    "another thing to Canvas." },
	{ "names",
	    "The names that people see in Canvas, as naming "
	    "templates." },
	{ "users", "Students and staff." },
	{ "enrollments", "Who is in which section." },
	{ "roles",
	    "PowerSchool's RoleDef name or id = Canvas role. Names "
	    "match by their letters only, in any case. The role is teacher, "
	    "ta, designer, observer, student, none or the exact name of a "
	    "custom role. The lead teacher is always a teacher." },
	{ "accounts",
	    "School number = id, name of the Canvas account that "
	    "the school stands under. Schools that are not named here stand "
	    "under the root account." },
	{ "exclude",
	    "What stays out of Canvas: lists between commas; a * at "
	    "the end of an item stands for anything." },
	{ "guard",
	    "When a run is held instead of sent, because too much "
	    "would change in Canvas. Shares are of the rows that Canvas "
	    "holds, by sheet and again by school, term and role." },
	{ "output", "Where runs are kept, and for how long." }, { 0 } };

const struct conf_option settings_options[] = {
	{ "district", "name", CONF_TEXT, NULL, NULL,
	    "The district's name, for the manifest." },
	{ "district", "timezone", CONF_TEXT, NULL, NULL,
	    "The district's time zone, such as America/Los_Angeles; term "
	    "dates and today are reckoned in it. Needed." },
	{ "district", "year", CONF_NUMBER, NULL, "1991..2200",
	    "The year in which the school year starts; without it, from "
	    "today, turning over on 1 July." },

	{ "source", "url", CONF_TEXT, NULL, NULL,
	    "files:DIR, the folder with the exported tables, https://HOST, "
	    "the PowerSchool server itself, or oneroster:DIR or "
	    "oneroster:FILE.zip, an export in the format OneRoster 1.1 CSV. "
	    "Needed." },
	{ "source", "client_id_file", CONF_TEXT, NULL, NULL,
	    "https: the file with the plugin's client ID and nothing else; "
	    "without it, $CREDENTIALS_DIRECTORY/client_id." },
	{ "source", "client_secret_file", CONF_TEXT, NULL, NULL,
	    "https: the file with the plugin's client secret and nothing "
	    "else, closed to others; without it, "
	    "$CREDENTIALS_DIRECTORY/client_secret." },
	{ "source", "ca_file", CONF_TEXT, NULL, NULL,
	    "https: the PEM file with the certificates that the server's "
	    "must come from; without it, the system's." },
	{ "source", "ways", CONF_LIST, "query, table", NULL,
	    "https: the ways in which a table may be read, the best first: "
	    "query (the plugin's PowerQueries), table (/ws/schema/table), v1 "
	    "(/ws/v1: lead teachers alone, no ids but dcids, one request for "
	    "each section)." },
	{ "source", "page_size", CONF_NUMBER, "0", "0..100000",
	    "https: rows asked for at a time; 0 is the most that the server "
	    "gives." },
	{ "source", "at_once", CONF_NUMBER, "2", "1..4",
	    "https: requests at a time." },
	{ "source", "min_interval_ms", CONF_NUMBER, "0", "0..60000",
	    "https: milliseconds between the starts of two requests, as the "
	    "server's own setting asks." },
	{ "source", "proxy", CONF_TEXT, NULL, NULL,
	    "https: the proxy, as http://HOST:PORT; none goes straight, "
	    "without it the environment (https_proxy) says." },
	{ "source", "encoding", CONF_CHOICE, "auto",
	    "auto|utf-8|windows-1252|mac-roman",
	    "How the exports are written; auto is UTF-8 where a whole file "
	    "is, else Windows-1252." },
	{ "source", "tab_quotes", CONF_YESNO, "no", NULL,
	    "Whether quotes enclose cells in tab files, as in comma "
	    "files." },
	{ "source", "fixture", CONF_YESNO, "no", NULL,
	    "Whether the exports are invented: a first run then needs no "
	    "approval, and nothing is ever sent to production." },
	{ "source", "final_newline", CONF_CHOICE, "required",
	    "required|optional",
	    "Whether a last line without a line end means a file that was "
	    "cut short." },
	{ "source", "end_date", CONF_CHOICE, "day-after", "day-after|last-day",
	    "What endDate means in OneRoster files: the day after the last "
	    "one, as the standard says, or the last day itself." },

	{ "courses", "mode", CONF_CHOICE, "section", "section|course",
	    "section makes one Canvas course of each section; course makes "
	    "one of each school, term and course number, with its sections "
	    "in it." },

	{ "ids", "account", CONF_TEXT, "{school.school_number}", NULL,
	    "account_id of a school." },
	{ "ids", "term", CONF_TEXT, "{school.school_number}-{term.id}", NULL,
	    "term_id of a school's term." },
	{ "ids", "course", CONF_TEXT, NULL, NULL,
	    "course_id; without it sec-{section.dcid} in mode section, "
	    "crs-{school.school_number}-{term.id}-{course.course_number} in "
	    "mode course." },
	{ "ids", "section", CONF_TEXT, "sec-{section.dcid}", NULL,
	    "section_id." },
	{ "ids", "student", CONF_TEXT, "S{student.dcid}", NULL,
	    "user_id of a student." },
	{ "ids", "staff", CONF_TEXT, "T{user.dcid}", NULL,
	    "user_id of a staff member; must be set for the older AutoSend "
	    "set, which has no user.dcid." },

	{ "names", "account", CONF_TEXT, "{school.name}", NULL,
	    "Name of a school's account." },
	{ "names", "term", CONF_TEXT, "{year} {term.name} - {school.name}",
	    NULL,
	    "Name of a term; {year} is left out when term.name holds "
	    "both years." },
	{ "names", "course_short", CONF_TEXT, NULL, NULL,
	    "short_name of a course; without it "
	    "{course.course_number}.{section.section_number} in mode "
	    "section, {course.course_number} in mode course." },
	{ "names", "course_long", CONF_TEXT, NULL, NULL,
	    "long_name of a course; without it "
	    "{course.course_name} ({section.section_number}) in mode "
	    "section, {course.course_name} in mode course." },
	{ "names", "section", CONF_TEXT,
	    "{course.course_name} ({section.section_number})", NULL,
	    "Name of a section." },

	{ "users", "student_login", CONF_TEXT, "{student.student_web_id}", NULL,
	    "login_id of a student." },
	{ "users", "staff_login", CONF_TEXT,
	    "{user.teacherloginid|user.loginid}", NULL,
	    "login_id of a staff member." },
	{ "users", "student_email", CONF_TEXT,
	    "{student.email|student.email_addr|student.student_email|"
	    "studentemail.email|studentemail.email_addr|"
	    "studentemail.student_email}",
	    NULL, "E-mail of a student." },
	{ "users", "staff_email", CONF_TEXT, "{user.email_addr}", NULL,
	    "E-mail of a staff member." },
	{ "users", "student_integration_id", CONF_TEXT, NULL, NULL,
	    "integration_id of a student; the column is there only when "
	    "this or the next is set." },
	{ "users", "staff_integration_id", CONF_TEXT, NULL, NULL,
	    "integration_id of a staff member." },
	{ "users", "authentication_provider_id", CONF_TEXT, NULL, NULL,
	    "Canvas's number or type of the authentication provider of all "
	    "logins; the column is there only when this is set." },
	{ "users", "student_declared_user_type", CONF_CHOICE, NULL,
	    "administrative|observer|staff|student|student_other|teacher",
	    "declared_user_type of students; the column is there only when "
	    "this or the next is set." },
	{ "users", "staff_declared_user_type", CONF_CHOICE, NULL,
	    "administrative|observer|staff|student|student_other|teacher",
	    "declared_user_type of staff." },
	{ "users", "staff", CONF_CHOICE, "all", "all|teaching",
	    "Which staff go to Canvas: all of them, or only those whom a "
	    "section names." },
	{ "users", "leavers", CONF_CHOICE, "suspended",
	    "keep|suspended|deleted",
	    "What happens to the login of someone who has left but is still "
	    "in a section." },
	{ "users", "preregistered", CONF_CHOICE, "skip", "skip|include",
	    "Whether students with enroll_status -1 go to Canvas, as "
	    "active." },

	{ "enrollments", "dropped", CONF_CHOICE, "deleted",
	    "deleted|inactive|completed|deleted_last_completed",
	    "Status of a student who left the section before the term's "
	    "end." },
	{ "enrollments", "ended", CONF_CHOICE, "completed",
	    "deleted|inactive|completed|deleted_last_completed",
	    "Status of a student who stayed to the term's end." },
	{ "enrollments", "dates", CONF_YESNO, "no", NULL,
	    "Whether start_date and end_date are written." },
	{ "enrollments", "zero_day", CONF_CHOICE, "skip", "skip|include",
	    "Whether a cc row that ends on the day it starts counts." },

	{ "roles", "*", CONF_TEXT, "Teacher's Aide = ta", NULL,
	    "One line for each role." },
	{ "accounts", "*", CONF_TEXT, "100 = elementary, Elementary Schools",
	    NULL, "One line for each school." },

	{ "exclude", "schools", CONF_LIST, NULL, NULL,
	    "School numbers; their terms, sections and staff stay out "
	    "too." },
	{ "exclude", "courses", CONF_LIST, NULL, NULL,
	    "Course numbers; their sections stay out too." },
	{ "exclude", "sections", CONF_LIST, NULL, NULL,
	    "Sections by dcid or by course_number.section_number." },
	{ "exclude", "students", CONF_LIST, NULL, NULL,
	    "Student numbers (the dcid where the export has no "
	    "student_number)." },

	{ "guard", "mode", CONF_CHOICE, "enforce",
	    "enforce|additions-only|warn",
	    "enforce holds a run that passes a limit; additions-only sends "
	    "new rows and leaves all others as Canvas has them; warn only "
	    "says so." },
	{ "guard", "first_run", CONF_CHOICE, "hold", "hold|accept",
	    "Whether the first run of all waits for somebody to approve "
	    "it." },
	{ "guard", "removed", CONF_PERCENT, "10%", NULL,
	    "The largest share of rows that may be removed." },
	{ "guard", "changed", CONF_PERCENT, "75%", NULL,
	    "The largest share of rows that may change." },
	{ "guard", "added", CONF_PERCENT, "50%", NULL,
	    "The largest share of rows that may be added." },
	{ "guard", "users.removed", CONF_PERCENT, "5%", NULL,
	    "The same as removed, for users alone." },
	{ "guard", "lost", CONF_PERCENT, "50%", NULL,
	    "The largest share of its rows that one school, term or role "
	    "may lose." },
	{ "guard", "blank", CONF_NUMBER, "5", "0..100",
	    "By how many percentage points the share of blank names, "
	    "logins, ids or e-mails may grow." },
	{ "guard", "minimum", CONF_NUMBER, "25", "0..1000000",
	    "Fewer rows than this never hold a run, whatever their share." },
	{ "guard", "baseline_days", CONF_NUMBER, "7", "1..60",
	    "Removals are also measured against what Canvas held this many "
	    "days ago, so that many small losses are seen." },
	{ "guard", "blackout", CONF_LIST, NULL, NULL,
	    "Ranges of days, such as 2027-06-10..2027-08-15, in which every "
	    "run is held." },

	{ "output", "dir", CONF_TEXT, "out", NULL,
	    "The folder in which runs are kept." },
	{ "output", "zip_level", CONF_NUMBER, "6", "1..9",
	    "How hard the zip is compressed; 1 is fastest." },
	{ "output", "package", CONF_CHOICE, "delta", "delta|full",
	    "Which of the two zips is the one to send; both are made." },
	{ "output", "accept", CONF_CHOICE, "auto", "auto|manual",
	    "Whether a run that the guard let pass counts as being in Canvas "
	    "when no destination is configured; manual waits for accept." },
	{ "output", "keep_runs", CONF_NUMBER, "30", "1..100000",
	    "purge keeps at least this many runs." },
	{ "output", "keep_days", CONF_NUMBER, "60", "0..100000",
	    "purge keeps every run that is not older than this." },
	{ 0 }
};
