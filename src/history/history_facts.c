#include <string.h>

#include "history/history_facts.h"

static bool
read_changes(const struct json *counts, struct history_changes *changes)
{
	uint64_t with_section;

	*changes = (struct history_changes){ 0 };
	with_section = 0;
	json_unsigned(json_get(counts, "removed_with_section"), &with_section);
	if (!json_unsigned(json_get(counts, "added"), &changes->added) ||
	    !json_unsigned(json_get(counts, "removed"), &changes->removed) ||
	    !json_unsigned(json_get(counts, "changed"), &changes->changed))
		return false;
	changes->removed += with_section;
	return true;
}

bool
history_facts_changes(const struct json *manifest, const char *file,
    struct history_changes *changes)
{
	const struct json *one;
	const char *sheet;

	for (one = json_first(json_get(manifest, "changes")); one != NULL;
	     one = json_next(one)) {
		sheet = json_key(one);
		if (strncmp(file, sheet, strlen(sheet)) == 0 &&
		    strcmp(file + strlen(sheet), ".csv") == 0)
			return read_changes(one, changes);
	}
	return false;
}

void
history_facts_add_changes(
    const struct history_changes *changes, struct buf *out)
{
	buf_printf(out, "+%llu -%llu ~%llu", (unsigned long long)changes->added,
	    (unsigned long long)changes->removed,
	    (unsigned long long)changes->changed);
}

void
history_facts_all_changes(const struct json *manifest, struct buf *out)
{
	struct history_changes changes;
	const struct json *one;
	size_t known, changed;

	known = changed = 0;
	for (one = json_first(json_get(manifest, "changes")); one != NULL;
	     one = json_next(one)) {
		if (!read_changes(one, &changes))
			continue;
		known++;
		if (changes.added + changes.removed + changes.changed == 0)
			continue;
		buf_printf(
		    out, "%s%s ", changed++ == 0 ? "" : ", ", json_key(one));
		history_facts_add_changes(&changes, out);
	}
	if (known > 0 && changed == 0)
		buf_adds(out, "none");
}

uint64_t
history_facts_findings(const struct json *manifest, const char *severity)
{
	uint64_t count;

	count = 0;
	json_unsigned(
	    json_get(json_get(manifest, "findings"), severity), &count);
	return count;
}

void
history_facts_size(uint64_t bytes, struct buf *out)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double size;
	size_t i;

	if (bytes < 1024) {
		buf_printf(out, "%llu bytes", (unsigned long long)bytes);
		return;
	}
	size = (double)bytes / 1024;
	for (i = 0; size >= 1023.95 && i + 1 < sizeof(units) / sizeof(units[0]);
	     i++)
		size /= 1024;
	buf_printf(out, "%.1f %s", size, units[i]);
}

const char *
history_facts_text(
    const struct json *object, const char *key, const char *otherwise)
{
	const char *text;

	text = json_text(json_get(object, key));
	return text == NULL ? otherwise : text;
}
