#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "history/history_record.h"
#include "pack/runs_decisions.h"

#define NUMBER_SIZE 24

static void
set_text_or_null(struct json *object, const char *key, const char *text)
{
	if (text == NULL || text[0] == '\0')
		json_set_null(object, key);
	else
		json_set_text(object, key, text);
}

static void
set_moment(struct json *object, const char *key, int64_t utc)
{
	char text[UTC_TEXT_SIZE] = "";

	utc_format(utc, text);
	json_set_text(object, key, text);
}

static void
set_who(struct json *decision)
{
	const struct passwd *entry;
	char number[NUMBER_SIZE];
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	entry = getpwuid(getuid());
	snprintf(number, sizeof(number), "%lu", (unsigned long)getuid());
	json_set_number(decision, "uid", (uint64_t)getuid());
	json_set_text(
	    decision, "login", entry == NULL ? number : entry->pw_name);
	json_set_text(decision, "host", host);
}

struct json *
history_record_decision(
    const char *decision, const struct history_record *record)
{
	struct json *object;

	object = json_object();
	json_set_text(object, "decision", decision);
	set_moment(object, "time", record->now);
	if (record->now_given)
		json_set_text(object, "time_from", "--now");
	set_who(object);
	set_text_or_null(object, "reason", record->reason);
	set_text_or_null(object, "package",
	    record->package == NULL ? NULL : record->package->file);
	set_text_or_null(object, "package_sha256",
	    record->package == NULL ? NULL : record->package->sha256);
	if (strcmp(decision, DECISION_APPROVED) == 0)
		set_moment(
		    object, "until", record->now + HISTORY_APPROVAL_SECONDS);
	if (strcmp(decision, DECISION_ACCEPTED) == 0)
		set_text_or_null(object, "replaces", record->replaces);
	return object;
}
