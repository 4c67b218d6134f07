#include "base/utf8.h"
#include "canvas/email.h"
#include "canvas/lint_cells.h"
#include "canvas/lint_say.h"
#include "canvas/login.h"

#define PASSWORD_MIN 8
#define PASSWORD_MAX 255

static const char *const built_in_roles[] = { "StudentEnrollment",
	"TeacherEnrollment", "TaEnrollment", "ObserverEnrollment",
	"DesignerEnrollment", NULL };
static const char *const short_roles[] = { "teacher", "ta", "observer",
	"designer", "student", "studentenrollment", NULL };
/* What reports of Canvas say but imports do not take (canvas-sis 10). */
static const char *const report_words[] = { "concluded", "invited", "rejected",
	"creation_pending", "pending", NULL };

/* What Ruby's strip takes off, and NUL. */
static bool
is_stripped(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static bool
is_blank(const char *bytes, size_t len)
{
	size_t i, step;
	uint32_t cp;

	for (i = 0; i < len; i += step) {
		step = utf8_decode(bytes + i, len - i, &cp);
		if (!utf8_is_blank(cp))
			return false;
	}
	return true;
}

struct str
lint_cells_strip(const char *bytes, size_t len)
{
	while (len > 0 && is_stripped(bytes[len - 1]))
		len--;
	while (len > 0 && is_stripped(bytes[0])) {
		bytes++;
		len--;
	}
	if (len > 0 && (unsigned char)bytes[0] >= 0x80 && is_blank(bytes, len))
		len = 0;
	return (struct str){ bytes, len };
}

static size_t
characters(struct str value)
{
	return utf8_length(value.bytes, value.len);
}

static bool
is_too_long(struct str value, size_t max)
{
	return max > 0 && value.len > max && characters(value) > max;
}

/* Was this cell seen in this column just before, and good? */
static bool
is_remembered(const struct lint_memo *memo, struct str value)
{
	return memo->len == value.len && value.len > 0 &&
	    memcmp(memo->text, value.bytes, value.len) == 0;
}

static void
remember(struct lint_memo *memo, struct str value)
{
	memo->len = 0;
	if (value.len > sizeof(memo->text))
		return;
	memcpy(memo->text, value.bytes, value.len);
	memo->len = (uint8_t)value.len;
}

static bool
is_one_of(const char *const *words, struct str value)
{
	for (; *words != NULL; words++) {
		if (lint_is_any_case(value, *words))
			return true;
	}
	return false;
}

/* "active, deleted or completed" */
static const char *
listed(struct lint *lint, const char *const *words)
{
	size_t i;

	lint->scratch.len = 0;
	for (i = 0; words[i] != NULL; i++)
		buf_printf(&lint->scratch, "%s%s",
		    i == 0		     ? "" :
			words[i + 1] == NULL ? " or " :
					       ", ",
		    words[i]);
	return buf_str(&lint->scratch);
}

/* The word that Canvas takes a cell for, -1 for none. */
static int
find_word(const struct sheet_column *column, struct str value, bool *whole)
{
	const char *word;
	size_t len;
	int i;

	for (i = 0; (word = column->words[i]) != NULL; i++) {
		len = strlen(word);
		*whole = column->match == MATCH_EXACT ?
		    lint_is(value, word) :
		    lint_is_any_case(value, word);
		if (*whole ||
		    (column->match == MATCH_PREFIX && value.len > len &&
			strncasecmp(value.bytes, word, len) == 0))
			return i;
	}
	return -1;
}

static void
check_word(struct lint *lint, size_t i, struct str value)
{
	const struct sheet_column *column;
	enum lint_rule rule;
	bool whole;
	int word;

	column = &lint->file.sheet->columns[i];
	word = find_word(column, value, &whole);
	lint->file.memo[i].len = 0;
	if (word == -1) {
		rule = i != lint->file.columns.status ? LINT_ROW_WORD :
		    is_one_of(report_words, value)    ? LINT_ROW_STATUS_REPORT :
							LINT_ROW_STATUS;
		lint_say(lint, rule, i, "%sis not %s", lint_word(lint, value),
		    listed(lint, column->words));
	} else if (!whole) {
		lint_say(lint, LINT_ROW_PREFIX, i, "%sonly begins with %s",
		    lint_word(lint, value), column->words[word]);
	} else {
		remember(&lint->file.memo[i], value);
	}
	lint->file.memo[i].word = word;
}

/* Digits, one of them before a point, and E+ digits: Excel's work. */
static bool
is_scientific(struct str value)
{
	size_t i;
	bool exponent;

	if (value.len < 4 || value.bytes[0] < '1' || value.bytes[0] > '9')
		return false;
	exponent = false;
	for (i = 1; i < value.len; i++) {
		if (value.bytes[i] >= '0' && value.bytes[i] <= '9')
			continue;
		if (i == 1 && value.bytes[i] == '.')
			continue;
		if (exponent ||
		    (value.bytes[i] != 'E' && value.bytes[i] != 'e') ||
		    i + 2 >= value.len || value.bytes[i + 1] != '+')
			return false;
		exponent = true;
		i++;
	}
	return exponent;
}

static void
check_scientific(struct lint *lint, size_t i, struct str value)
{
	if (value.bytes[value.len - 1] <= '9' && is_scientific(value))
		lint_say(lint, LINT_ROW_SCIENTIFIC, i,
		    "%s is in scientific"
		    " notation",
		    lint_id(lint, value));
}

static void
check_id(struct lint *lint, size_t i, struct str value)
{
	if (is_too_long(value, SHEET_TEXT_MAX))
		lint_say(lint, LINT_ROW_LENGTH, i,
		    "has %zu characters; %d"
		    " are allowed",
		    characters(value), SHEET_TEXT_MAX);
	else
		check_scientific(lint, i, value);
}

/* A memo of a date holds what it was read as. */
static void
check_date(struct lint *lint, size_t i, struct str value)
{
	struct lint_memo *memo;

	memo = &lint->file.memo[i];
	memo->date = lint_date_read(value.bytes, value.len);
	memo->len = 0;
	switch (memo->date.kind) {
	case LINT_DATE_IS_EXACT:
	case LINT_DATE_IS_ZONELESS:
		remember(memo, value);
		break;
	case LINT_DATE_IS_ROLLED:
		lint_say(lint, LINT_DATE_ROLLED, i,
		    "%sis a day that its"
		    " month does not have",
		    lint_word(lint, value));
		break;
	case LINT_DATE_IS_GUESSED:
		lint_say(lint, LINT_DATE_GUESS, i,
		    "%sis no full date; Canvas"
		    " guesses or drops it",
		    lint_word(lint, value));
		break;
	case LINT_DATE_IS_BAD:
		lint_say(lint, LINT_DATE_BAD, i,
		    "%sis not a date that"
		    " Canvas can read",
		    lint_word(lint, value));
		break;
	case LINT_DATE_IS_NONE:
		/* The manual's way to say "no date". */
		if (!lint_is(value, "<delete>"))
			lint_say(lint, LINT_DATE_NONE, i,
			    "%sholds no date;"
			    " Canvas takes it as blank",
			    lint_word(lint, value));
		break;
	}
}

static void
check_yes_no(struct lint *lint, size_t i, struct str value)
{
	static const char *const words[] = { "yes", "y", "true", "t", "on", "1",
		"no", "n", "false", "f", "off", "0", NULL };

	if (is_one_of(words, value))
		remember(&lint->file.memo[i], value);
	else
		lint_say(lint, LINT_ROW_YES_NO, i, "%sis neither yes nor no",
		    lint_word(lint, value));
}

static bool
is_custom_role(const struct lint *lint, struct str value)
{
	size_t i;

	for (i = 0; i < lint->options.nroles; i++) {
		if (lint_is(value, lint->options.roles[i]))
			return true;
	}
	return false;
}

static bool
is_built_in_role(struct str value)
{
	size_t i;

	for (i = 0; built_in_roles[i] != NULL; i++) {
		if (lint_is(value, built_in_roles[i]))
			return true;
	}
	return is_one_of(short_roles, value);
}

static void
check_role(struct lint *lint, size_t i, struct str value)
{
	bool admin;

	admin = lint->file.kind == SHEET_ADMIN;
	if ((admin ? lint_is(value, "AccountAdmin") :
		     is_built_in_role(value)) ||
	    is_custom_role(lint, value)) {
		remember(&lint->file.memo[i], value);
		return;
	}
	/* A role_id that Canvas knows counts alone. */
	if (lint_is_filled(lint, lint->file.columns.role_id))
		return;
	if (!admin && value.len > 7 &&
	    strncasecmp(value.bytes, "student", 7) == 0)
		lint_say(lint, LINT_ROW_ROLE_STUDENT, i,
		    "%sbecomes an"
		    " ordinary student unless it is a custom role",
		    lint_word(lint, value));
	else
		lint_say_as(lint, LINT_ROW_ROLE,
		    lint->options.complete ? SEVERITY_ERROR : SEVERITY_WARNING,
		    i, "%sis not %s", lint_word(lint, value),
		    admin ? "AccountAdmin; a custom"
			    " role needs its exact name" :
			    "a role of Canvas; a"
			    " custom role needs its exact name");
}

static void
check_number(struct lint *lint, size_t i, struct str value)
{
	size_t at;

	for (at = 0; at < value.len; at++) {
		if (value.bytes[at] < '0' || value.bytes[at] > '9')
			break;
	}
	if (at == value.len)
		return;
	lint_say_as(lint, LINT_ROW_NUMBER,
	    i == lint->file.columns.role_id &&
		    lint_is_filled(lint, lint->file.columns.role) ?
		SEVERITY_WARNING :
		SEVERITY_ERROR,
	    i, "is not a number that Canvas gave");
}

/* Ids that are no VALUE_ID, since they name no object of this package. */
static bool
is_id_column(const struct lint_columns *columns, size_t i)
{
	return i == columns->integration_id ||
	    i == columns->user_integration_id || i == columns->old_id ||
	    i == columns->new_id || i == columns->old_integration_id ||
	    i == columns->new_integration_id;
}

static void
check_text(struct lint *lint, const struct sheet_column *column, size_t i,
    struct str value)
{
	switch (column->value) {
	case VALUE_LOGIN:
		if (!login_is_good(value.bytes, value.len))
			lint_say(lint, LINT_ROW_LOGIN, i,
			    "is longer than 100"
			    " characters or cannot be printed");
		break;
	case VALUE_EMAIL:
		if (!email_is_good(value.bytes, value.len))
			lint_say(lint, LINT_ROW_EMAIL, i,
			    "is not one bare"
			    " address");
		break;
	case VALUE_PASSWORD:
		if (characters(value) < PASSWORD_MIN ||
		    characters(value) > PASSWORD_MAX)
			lint_say(lint, LINT_ROW_PASSWORD, i,
			    "has fewer than"
			    " %d or more than %d characters",
			    PASSWORD_MIN, PASSWORD_MAX);
		break;
	default:
		if (is_too_long(value, column->max))
			lint_say(lint, LINT_ROW_LENGTH, i,
			    "has %zu"
			    " characters; %zu are allowed",
			    characters(value), column->max);
		else if (is_id_column(&lint->file.columns, i))
			check_scientific(lint, i, value);
		break;
	}
}

static void
check_filled(struct lint *lint, const struct sheet_column *column, size_t i,
    struct str value)
{
	switch (column->value) {
	case VALUE_ID:
		check_id(lint, i, value);
		break;
	case VALUE_WORD:
		if (!is_remembered(&lint->file.memo[i], value))
			check_word(lint, i, value);
		if (i == lint->file.columns.status)
			lint->row.word = lint->file.memo[i].word;
		break;
	case VALUE_DATE:
		if (!is_remembered(&lint->file.memo[i], value))
			check_date(lint, i, value);
		if (lint->file.memo[i].date.kind == LINT_DATE_IS_ZONELESS)
			lint->file.sums[i].zoneless++;
		break;
	case VALUE_YES_NO:
		if (!is_remembered(&lint->file.memo[i], value))
			check_yes_no(lint, i, value);
		break;
	case VALUE_ROLE:
		if (!is_remembered(&lint->file.memo[i], value))
			check_role(lint, i, value);
		break;
	case VALUE_NUMBER:
		check_number(lint, i, value);
		break;
	default:
		check_text(lint, column, i, value);
		break;
	}
}

/* Is one of the columns filled that can stand in for this one? */
static bool
has_filled(const struct lint *lint, unsigned one_of)
{
	const struct sheet_column *column;
	size_t i;

	column = lint->file.sheet->columns;
	for (i = 0; column[i].header != NULL; i++) {
		if (column[i].one_of == one_of && lint_is_filled(lint, i))
			return true;
	}
	return false;
}

static void
check_blank(struct lint *lint, const struct sheet_column *column, size_t i)
{
	if (lint->row.exempt & (1U << i))
		return;
	lint->file.sums[i].blank++;
	if (column->use & COLUMN_NEEDED)
		lint_say(lint, LINT_ROW_REQUIRED, i, "is blank");
	else if (column->one_of > 0 && !has_filled(lint, column->one_of))
		lint_say(lint, LINT_ROW_REQUIRED, i,
		    "is blank, and nothing"
		    " stands in for it");
}

void
lint_cells_check(struct lint *lint)
{
	const struct sheet_column *column;
	struct str value;
	uint32_t said;
	size_t n, i;

	column = lint->file.sheet->columns;
	lint->row.word = -1;
	said = 0;
	for (n = 0; n < lint->file.nbound; n++) {
		i = lint->file.bound[n];
		value = lint->row.values[i];
		if (value.len > 0) {
			check_filled(lint, &column[i], i, value);
			continue;
		}
		if (column[i].one_of > 0 && (said & 1U << column[i].one_of))
			continue;
		said |= 1U << column[i].one_of;
		check_blank(lint, &column[i], i);
	}
}

/* The moment of a date that is filled and understood. */
static bool
moment_of(const struct lint *lint, size_t i, int64_t *utc)
{
	if (!lint_is_filled(lint, i))
		return false;
	*utc = lint->file.memo[i].date.utc;
	return lint->file.memo[i].date.kind <= LINT_DATE_IS_ROLLED;
}

void
lint_cells_order(struct lint *lint, enum severity severity)
{
	int64_t start, end;

	if (moment_of(lint, lint->file.columns.start_date, &start) &&
	    moment_of(lint, lint->file.columns.end_date, &end) && end < start)
		lint_say_as(lint, LINT_DATE_ORDER, severity,
		    lint->file.columns.end_date, "is before start_date");
}
