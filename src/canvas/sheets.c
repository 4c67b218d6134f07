#include <string.h>

#include "canvas/sheets.h"

#define TEXT_MAX SHEET_TEXT_MAX

/* Where one word begins with another, the longer one comes first. */
static const char *const active_words[] = { "active", "deleted", NULL };
static const char *const term_types[] = { "StudentEnrollment",
	"TeacherEnrollment", "TaEnrollment", "DesignerEnrollment", NULL };
static const char *const user_words[] = { "active", "suspended", "deleted",
	NULL };
static const char *const user_types[] = { "administrative", "observer", "staff",
	"student_other", "student", "teacher", "<delete>", NULL };
static const char *const course_words[] = { "active", "deleted", "completed",
	"unpublished", "published", NULL };
static const char *const course_formats[] = { "online", "on_campus", "blended",
	"not_set", NULL };
static const char *const passback_words[] = { "nightly_sync", "disabled",
	"not_set", NULL };
static const char *const enrollment_words[] = { "active",
	"deleted_last_completed", "deleted", "completed", "inactive", NULL };
static const char *const group_words[] = { "available", "closed", "completed",
	"deleted", NULL };
static const char *const membership_words[] = { "accepted", "deleted", NULL };
static const char *const publishing_words[] = { "published", "error", NULL };
static const char *const changed_kinds[] = { "user", "course", "section",
	"term", "account", "group_category", "group", NULL };

/* THE TABLE of what goes out, and of all that Canvas takes in. */
const struct sheet sheets[SHEETS + 1] = {
[SHEET_ACCOUNT] = {
	.file = "accounts.csv", .name = "accounts", .word = "account",
	.all = { "account_id", "parent_account_id" },
	.key = { "account_id" },
	.columns = {
		{ "account_id", VALUE_ID, COLUMN_OWN | COLUMN_NEEDED,
		    SHEET_ACCOUNT, .cell = cell_account_id },
		{ "parent_account_id", VALUE_ID, COLUMN_STICKY,
		    SHEET_ACCOUNT, .cell = cell_account_parent },
		{ "name", VALUE_TEXT, COLUMN_NEEDED_NEW | COLUMN_STICKY,
		    .max = TEXT_MAX, .cell = cell_account_name },
		{ "status", VALUE_WORD, COLUMN_NEEDED_NEW,
		    .words = active_words, .match = MATCH_PREFIX,
		    .cell = cell_status_active },
		{ "integration_id", VALUE_TEXT, COLUMN_CLEARS,
		    .max = TEXT_MAX },
	},
	.each = rows_each_account,
},
[SHEET_TERM] = {
	.file = "terms.csv", .name = "terms", .word = "term",
	.all = { "term_id", "name" },
	.key = { "term_id" }, .also = { "date_override_enrollment_type" },
	.columns = {
		{ "term_id", VALUE_ID, COLUMN_OWN | COLUMN_NEEDED,
		    SHEET_TERM, .cell = cell_term_id },
		{ "name", VALUE_TEXT, COLUMN_NEEDED | COLUMN_STICKY,
		    .max = TEXT_MAX, .cell = cell_term_name },
		{ "status", VALUE_WORD, COLUMN_NEEDED,
		    .words = active_words, .match = MATCH_PREFIX,
		    .cell = cell_status_active },
		{ "start_date", VALUE_DATE, COLUMN_STICKY | COLUMN_CLEARS,
		    .cell = cell_term_start },
		{ "end_date", VALUE_DATE, COLUMN_STICKY | COLUMN_CLEARS,
		    .cell = cell_term_end },
		{ "integration_id", VALUE_TEXT, COLUMN_CLEARS,
		    .max = TEXT_MAX },
		{ "date_override_enrollment_type", VALUE_WORD,
		    .words = term_types, .match = MATCH_EXACT },
	},
	.each = rows_each_term,
},
[SHEET_USER] = {
	.file = "users.csv", .name = "users", .word = "user",
	.all = { "user_id", "login_id" },
	.none = { "existing_user_id", "existing_integration_id",
	    "existing_canvas_user_id" },
	.key = { "user_id" },
	.columns = {
		{ "user_id", VALUE_ID, COLUMN_OWN | COLUMN_NEEDED,
		    SHEET_USER, .cell = cell_user_id },
		{ "login_id", VALUE_LOGIN, COLUMN_NEEDED | COLUMN_STICKY |
		    COLUMN_PERSON, .cell = cell_user_login },
		{ "first_name", VALUE_TEXT, COLUMN_PERSON, .max = TEXT_MAX,
		    .cell = cell_user_first_name },
		{ "last_name", VALUE_TEXT, COLUMN_PERSON, .max = TEXT_MAX,
		    .cell = cell_user_last_name },
		{ "email", VALUE_EMAIL, COLUMN_PERSON,
		    .cell = cell_user_email },
		{ "status", VALUE_WORD, COLUMN_NEEDED | COLUMN_STICKY,
		    .words = user_words, .match = MATCH_PREFIX,
		    .cell = cell_user_status },
		{ "authentication_provider_id", VALUE_TEXT,
		    COLUMN_CLEARS_UNSAID, .cell = cell_user_provider,
		    .wanted = cell_wants_provider },
		{ "declared_user_type", VALUE_WORD, .words = user_types,
		    .match = MATCH_EXACT, .cell = cell_user_type,
		    .wanted = cell_wants_type },
		{ "integration_id", VALUE_TEXT, COLUMN_TAKEN,
		    .max = TEXT_MAX, .cell = cell_user_integration,
		    .wanted = cell_wants_integration },
		{ "full_name", VALUE_TEXT, COLUMN_STICKY | COLUMN_PERSON,
		    .max = TEXT_MAX },
		{ "sortable_name", VALUE_TEXT, COLUMN_STICKY | COLUMN_PERSON,
		    .max = TEXT_MAX },
		{ "short_name", VALUE_TEXT, COLUMN_STICKY | COLUMN_PERSON,
		    .max = TEXT_MAX },
		{ "pronouns", VALUE_TEXT,
		    .use = COLUMN_STICKY | COLUMN_PERSON },
		{ "password", VALUE_PASSWORD, .use = COLUMN_PERSON },
		{ "ssha_password", VALUE_TEXT, .use = COLUMN_PERSON },
		{ "canvas_password_notification", .value = VALUE_YES_NO },
		{ "home_account", .value = VALUE_TEXT },
	},
	.each = rows_each_user,
},
[SHEET_COURSE] = {
	.file = "courses.csv", .name = "courses", .word = "course",
	.all = { "course_id", "short_name" },
	.key = { "course_id" },
	.columns = {
		{ "course_id", VALUE_ID, COLUMN_OWN | COLUMN_NEEDED,
		    SHEET_COURSE, .cell = cell_course_id },
		{ "short_name", VALUE_TEXT, COLUMN_NEEDED | COLUMN_STICKY,
		    .max = TEXT_MAX, .cell = cell_course_short },
		{ "long_name", VALUE_TEXT, COLUMN_NEEDED | COLUMN_STICKY,
		    .max = TEXT_MAX, .cell = cell_course_long },
		{ "account_id", VALUE_ID, COLUMN_STICKY, SHEET_ACCOUNT,
		    .cell = cell_course_account },
		{ "term_id", VALUE_ID, COLUMN_STICKY | COLUMN_SILENT,
		    SHEET_TERM, .cell = cell_course_term },
		{ "status", VALUE_WORD, COLUMN_NEEDED | COLUMN_STICKY,
		    .words = course_words, .match = MATCH_PREFIX,
		    .cell = cell_status_active },
		{ "integration_id", VALUE_TEXT, COLUMN_CLEARS | COLUMN_TAKEN,
		    .max = TEXT_MAX },
		{ "start_date", VALUE_DATE,
		    .use = COLUMN_STICKY | COLUMN_CLEARS_UNSAID },
		{ "end_date", VALUE_DATE,
		    .use = COLUMN_STICKY | COLUMN_CLEARS_UNSAID },
		{ "course_format", VALUE_WORD, COLUMN_CLEARS,
		    .words = course_formats, .match = MATCH_PREFIX },
		{ "blueprint_course_id", VALUE_ID, .kind = SHEET_COURSE },
		{ "grade_passback_setting", VALUE_WORD, COLUMN_STICKY,
		    .words = passback_words, .match = MATCH_ANY_CASE },
		{ "homeroom_course", .value = VALUE_YES_NO },
		{ "friendly_name", VALUE_TEXT, .max = TEXT_MAX },
		{ "abstract_course_id", VALUE_ID,
		    .kind = SHEET_ABSTRACT_COURSE },
		{ "fallback_account_id", VALUE_ID, .kind = SHEET_ACCOUNT },
	},
	.each = rows_each_course,
},
[SHEET_SECTION] = {
	.file = "sections.csv", .name = "sections", .word = "section",
	.all = { "section_id", "name" },
	.key = { "section_id" },
	.columns = {
		{ "section_id", VALUE_ID, COLUMN_OWN | COLUMN_NEEDED,
		    SHEET_SECTION, .cell = cell_section_id },
		{ "course_id", VALUE_ID, COLUMN_NEEDED | COLUMN_STICKY,
		    SHEET_COURSE, .cell = cell_course_id },
		{ "name", VALUE_TEXT, COLUMN_NEEDED_NEW | COLUMN_STICKY,
		    .max = TEXT_MAX, .cell = cell_section_name },
		{ "status", VALUE_WORD, COLUMN_NEEDED,
		    .words = active_words, .match = MATCH_PREFIX,
		    .cell = cell_status_active },
		{ "integration_id", VALUE_TEXT, COLUMN_CLEARS | COLUMN_TAKEN,
		    .max = TEXT_MAX },
		{ "start_date", VALUE_DATE,
		    .use = COLUMN_STICKY | COLUMN_CLEARS },
		{ "end_date", VALUE_DATE,
		    .use = COLUMN_STICKY | COLUMN_CLEARS },
	},
	.each = rows_each_section,
},
[SHEET_ENROLLMENT] = {
	.file = "enrollments.csv", .name = "enrollments",
	.word = "enrollment",
	.any = { { "section_id", "course_id" },
	    { "user_id", "user_integration_id" } },
	.key = { "course_id", "section_id", "user_id", "user_integration_id",
	    "role", "role_id", "associated_user_id" },
	.columns = {
		{ "section_id", VALUE_ID, .kind = SHEET_SECTION, .one_of = 1,
		    .cell = cell_enrollment_section },
		{ "user_id", VALUE_ID, .kind = SHEET_USER, .one_of = 2,
		    .cell = cell_enrollment_user },
		{ "role", VALUE_ROLE, .one_of = 3,
		    .cell = cell_enrollment_role },
		{ "status", VALUE_WORD, COLUMN_NEEDED,
		    .words = enrollment_words, .match = MATCH_PREFIX,
		    .cell = cell_enrollment_status },
		{ "start_date", VALUE_DATE, COLUMN_STICKY | COLUMN_CLEARS,
		    .cell = cell_enrollment_start,
		    .wanted = cell_wants_dates },
		{ "end_date", VALUE_DATE, COLUMN_STICKY | COLUMN_CLEARS,
		    .cell = cell_enrollment_end,
		    .wanted = cell_wants_dates },
		{ "course_id", VALUE_ID, .kind = SHEET_COURSE, .one_of = 1 },
		{ "user_integration_id", VALUE_TEXT, .max = TEXT_MAX,
		    .one_of = 2 },
		{ "role_id", VALUE_NUMBER, .one_of = 3 },
		{ "associated_user_id", VALUE_ID, .kind = SHEET_USER },
		{ "limit_section_privileges", .value = VALUE_YES_NO },
		{ "notify", .value = VALUE_YES_NO },
		{ "root_account", .value = VALUE_TEXT },
		{ "temporary_enrollment_source_user_id", VALUE_ID,
		    .kind = SHEET_USER },
	},
	.each = rows_each_enrollment,
},
[SHEET_CHANGE_SIS_ID] = {
	.name = "change_sis_id", .word = "change of an id",
	.any = { { "old_id", "old_integration_id" } },
	.key = { "old_id", "old_integration_id" }, .also = { "type" },
	.columns = {
		{ "old_id", VALUE_TEXT, .one_of = 1 },
		{ "new_id", VALUE_TEXT, .max = TEXT_MAX, .one_of = 2 },
		{ "old_integration_id", VALUE_TEXT, .one_of = 1 },
		{ "new_integration_id", VALUE_TEXT, .max = TEXT_MAX,
		    .one_of = 2 },
		{ "type", VALUE_WORD, COLUMN_NEEDED, .words = changed_kinds,
		    .match = MATCH_ANY_CASE },
	},
},
[SHEET_ABSTRACT_COURSE] = {
	.name = "abstract_courses", .word = "abstract course",
	.all = { "abstract_course_id", "short_name" },
	.none = { "course_id" },
	.also = { "abstract_course_id" },
	.columns = {
		{ "abstract_course_id", VALUE_ID, COLUMN_OWN | COLUMN_NEEDED,
		    .kind = SHEET_ABSTRACT_COURSE },
		{ "short_name", VALUE_TEXT, COLUMN_NEEDED | COLUMN_STICKY,
		    .max = TEXT_MAX },
		{ "long_name", VALUE_TEXT, COLUMN_NEEDED | COLUMN_STICKY,
		    .max = TEXT_MAX },
		{ "status", VALUE_WORD, COLUMN_NEEDED,
		    .words = active_words, .match = MATCH_PREFIX },
		{ "term_id", VALUE_ID, COLUMN_STICKY | COLUMN_SILENT,
		    .kind = SHEET_TERM },
		{ "account_id", VALUE_ID, COLUMN_SILENT,
		    .kind = SHEET_ACCOUNT },
	},
},
[SHEET_XLIST] = {
	.name = "xlists", .word = "cross-listing",
	.all = { "xlist_course_id", "section_id" },
	.key = { "section_id" },
	.columns = {
		{ "xlist_course_id", VALUE_ID, COLUMN_NEEDED,
		    .kind = SHEET_COURSE },
		{ "section_id", VALUE_ID, COLUMN_NEEDED,
		    .kind = SHEET_SECTION },
		{ "status", VALUE_WORD, COLUMN_NEEDED,
		    .words = active_words, .match = MATCH_ANY_CASE },
	},
},
[SHEET_LOGIN] = {
	.name = "logins", .word = "login",
	.any = { { "existing_user_id", "existing_integration_id",
	    "existing_canvas_user_id" } },
	.key = { "user_id" },
	.columns = {
		{ "user_id", VALUE_ID, COLUMN_OWN | COLUMN_NEEDED,
		    .kind = SHEET_USER },
		{ "login_id", VALUE_LOGIN,
		    .use = COLUMN_NEEDED | COLUMN_PERSON },
		{ "existing_user_id", VALUE_ID, .kind = SHEET_USER,
		    .one_of = 1 },
		{ "existing_integration_id", VALUE_TEXT, .one_of = 1 },
		{ "existing_canvas_user_id", VALUE_NUMBER, .one_of = 1 },
		{ "integration_id", VALUE_TEXT, COLUMN_TAKEN,
		    .max = TEXT_MAX },
		{ "password", VALUE_PASSWORD, .use = COLUMN_PERSON },
		{ "ssha_password", VALUE_TEXT, .use = COLUMN_PERSON },
		{ "authentication_provider_id", VALUE_TEXT,
		    .use = COLUMN_CLEARS_UNSAID },
		{ "email", VALUE_EMAIL, .use = COLUMN_PERSON },
		{ "root_account", .value = VALUE_TEXT },
	},
},
[SHEET_ADMIN] = {
	.name = "admins", .word = "admin",
	.all = { "account_id", "user_id" },
	.key = { "user_id", "account_id" }, .also = { "role", "role_id" },
	.columns = {
		{ "user_id", VALUE_ID, COLUMN_NEEDED, .kind = SHEET_USER },
		{ "account_id", VALUE_ID, .kind = SHEET_ACCOUNT },
		{ "role", VALUE_ROLE, .one_of = 1 },
		{ "role_id", VALUE_NUMBER, .one_of = 1 },
		{ "status", VALUE_WORD, COLUMN_NEEDED,
		    .words = active_words, .match = MATCH_ANY_CASE },
	},
},
[SHEET_GROUP_CATEGORY] = {
	.name = "group_categories", .word = "group category",
	.all = { "group_category_id", "category_name" },
	.also = { "group_category_id" },
	.columns = {
		{ "group_category_id", VALUE_ID, COLUMN_OWN | COLUMN_NEEDED,
		    .kind = SHEET_GROUP_CATEGORY },
		{ "account_id", VALUE_ID, .kind = SHEET_ACCOUNT },
		{ "course_id", VALUE_ID, .kind = SHEET_COURSE },
		{ "category_name", VALUE_TEXT, COLUMN_NEEDED,
		    .max = TEXT_MAX },
		{ "status", VALUE_WORD, COLUMN_NEEDED,
		    .words = active_words, .match = MATCH_PREFIX },
	},
},
[SHEET_GROUP] = {
	.name = "groups", .word = "group",
	.all = { "group_id", "name" },
	.key = { "group_id" },
	.columns = {
		{ "group_id", VALUE_ID, COLUMN_OWN | COLUMN_NEEDED,
		    .kind = SHEET_GROUP },
		{ "group_category_id", VALUE_ID,
		    .kind = SHEET_GROUP_CATEGORY },
		{ "account_id", VALUE_ID, .kind = SHEET_ACCOUNT },
		{ "course_id", VALUE_ID, .kind = SHEET_COURSE },
		{ "name", VALUE_TEXT, COLUMN_NEEDED | COLUMN_STICKY,
		    .max = TEXT_MAX },
		{ "status", VALUE_WORD, COLUMN_NEEDED, .words = group_words,
		    .match = MATCH_PREFIX },
	},
},
[SHEET_GROUP_MEMBERSHIP] = {
	.name = "group_membership", .word = "group membership",
	.all = { "group_id", "user_id" },
	.key = { "group_id", "user_id" },
	.columns = {
		{ "group_id", VALUE_ID, COLUMN_NEEDED, .kind = SHEET_GROUP },
		{ "user_id", VALUE_ID, COLUMN_NEEDED, .kind = SHEET_USER },
		{ "status", VALUE_WORD, COLUMN_NEEDED,
		    .words = membership_words, .match = MATCH_PREFIX },
	},
},
[SHEET_GRADE_PUBLISHING] = {
	.name = "grade_publishing_results", .word = "grade publishing result",
	.all = { "enrollment_id", "grade_publishing_status" },
	.also = { "enrollment_id" },
	.columns = {
		{ "enrollment_id", VALUE_NUMBER, .use = COLUMN_NEEDED },
		{ "grade_publishing_status", VALUE_WORD, COLUMN_NEEDED,
		    .words = publishing_words, .match = MATCH_ANY_CASE },
		{ "message", .value = VALUE_TEXT },
	},
},
[SHEET_USER_OBSERVER] = {
	.name = "user_observers", .word = "observer",
	.all = { "observer_id", "student_id" },
	.key = { "observer_id", "student_id" },
	.columns = {
		{ "observer_id", VALUE_ID, COLUMN_NEEDED, .kind = SHEET_USER },
		{ "student_id", VALUE_ID, COLUMN_NEEDED, .kind = SHEET_USER },
		{ "status", VALUE_WORD, COLUMN_NEEDED,
		    .words = active_words, .match = MATCH_ANY_CASE },
	},
},
[SHEET_TAG_SET] = {
	.name = "differentiation_tag_sets", .word = "differentiation tag set",
	.all = { "tag_set_id", "set_name" }, .key = { "tag_set_id" },
},
[SHEET_TAG] = {
	.name = "differentiation_tags", .word = "differentiation tag",
	.all = { "tag_id", "name" }, .key = { "tag_id" },
},
[SHEET_TAG_MEMBERSHIP] = {
	.name = "differentiation_tag_membership",
	.word = "differentiation tag membership",
	.all = { "tag_id", "user_id" }, .key = { "tag_id", "user_id" },
},
[SHEET_INSTITUTIONAL_CATEGORY] = {
	.name = "institutional_tag_categories",
	.word = "institutional tag category",
	.all = { "category_id", "name" },
	.none = { "tag_id", "institutional_tag_id" },
	.key = { "category_id" },
},
[SHEET_INSTITUTIONAL_TAG] = {
	.name = "institutional_tags", .word = "institutional tag",
	.all = { "institutional_tag_id", "category_id", "name" },
	.key = { "institutional_tag_id" },
},
[SHEET_INSTITUTIONAL_ASSOCIATION] = {
	.name = "institutional_tag_associations",
	.word = "institutional tag association",
	.all = { "institutional_tag_id", "user_id" },
	.key = { "institutional_tag_id", "user_id" },
},
};

const enum sheet_kind sheets_in_order[SHEETS] = {
	SHEET_CHANGE_SIS_ID,
	SHEET_ACCOUNT,
	SHEET_TERM,
	SHEET_ABSTRACT_COURSE,
	SHEET_COURSE,
	SHEET_SECTION,
	SHEET_XLIST,
	SHEET_USER,
	SHEET_LOGIN,
	SHEET_ENROLLMENT,
	SHEET_ADMIN,
	SHEET_GROUP_CATEGORY,
	SHEET_TAG_SET,
	SHEET_GROUP,
	SHEET_TAG,
	SHEET_GROUP_MEMBERSHIP,
	SHEET_TAG_MEMBERSHIP,
	SHEET_INSTITUTIONAL_CATEGORY,
	SHEET_INSTITUTIONAL_TAG,
	SHEET_INSTITUTIONAL_ASSOCIATION,
	SHEET_GRADE_PUBLISHING,
	SHEET_USER_OBSERVER,
};

const struct sheet_column *
sheet_column(const struct sheet *sheet, const char *header, size_t len)
{
	const struct sheet_column *column;

	for (column = sheet->columns; column->header != NULL; column++) {
		if (strlen(column->header) == len &&
		    memcmp(column->header, header, len) == 0)
			return column;
	}
	return NULL;
}

bool
sheet_fits(const struct sheet *sheet, sheet_has_fn *has, const void *arg)
{
	const char *const *any;
	size_t i, j;
	bool found;

	for (i = 0; i < 3; i++) {
		if (sheet->all[i] != NULL && !has(arg, sheet->all[i]))
			return false;
		if (sheet->none[i] != NULL && has(arg, sheet->none[i]))
			return false;
	}
	for (i = 0; i < 2 && sheet->any[i][0] != NULL; i++) {
		any = sheet->any[i];
		found = false;
		for (j = 0; j < 3 && any[j] != NULL && !found; j++)
			found = has(arg, any[j]);
		if (!found)
			return false;
	}
	return true;
}
