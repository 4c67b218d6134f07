#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "canvas/guard_settings.h"

#define DAY_LENGTH 10			  /* of 2027-06-10 */
#define RANGE_LENGTH (2 * DAY_LENGTH + 2) /* two days with .. between */

const char *const guard_settings_modes[] = { "enforce", "additions-only",
	"warn", NULL };

/* YYYY-MM-DD and nothing else; DATE_BAD when it is no such day. */
static int32_t
day_of(const char *text)
{
	static const char form[] = "dddd-dd-dd";
	size_t i;

	for (i = 0; i < DAY_LENGTH; i++) {
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' :
				     text[i] != form[i])
			return DATE_BAD;
	}
	return date_of(
	    atoi(text), (unsigned)atoi(text + 5), (unsigned)atoi(text + 8));
}

/* Two days with .. between them, or one day alone. */
static bool
parse_range(const char *item, size_t len, struct guard_range *range)
{
	if (len != DAY_LENGTH &&
	    (len != RANGE_LENGTH || memcmp(item + DAY_LENGTH, "..", 2) != 0))
		return false;
	range->first = day_of(item);
	range->last = len == DAY_LENGTH ? range->first :
					  day_of(item + DAY_LENGTH + 2);
	return range->first > DATE_BAD && range->last > DATE_BAD &&
	    range->first <= range->last;
}

static int
refuse_range(
    const struct conf *conf, const char *item, size_t len, struct err *err)
{
	struct buf where = { 0 };

	conf_where(conf, "guard", "blackout", &where);
	err_set(err, EXIT_SETTINGS,
	    "%s: \"%.*s\" is no range of days;"
	    " nothing was published",
	    buf_str(&where), (int)(len < 40 ? len : 40), item);
	err_hint(err,
	    "Write the first and the last day with two dots"
	    " between them, as 2027-06-10..2027-08-15, and commas between"
	    " ranges.");
	buf_free(&where);
	return -1;
}

static int
load_blackout(
    struct guard_settings *settings, const struct conf *conf, struct err *err)
{
	struct guard_range range;
	const char *rest, *item;
	size_t len;

	rest = conf_text(conf, "guard", "blackout");
	while ((item = conf_next_item(&rest, &len)) != NULL) {
		if (!parse_range(item, len, &range))
			return refuse_range(conf, item, len, err);
		settings->blackout = mem_grow(settings->blackout,
		    settings->nblackout, &settings->capblackout,
		    sizeof(*settings->blackout));
		settings->blackout[settings->nblackout++] = range;
	}
	return 0;
}

static enum guard_mode
mode_of(const char *name)
{
	size_t i;

	for (i = 0; guard_settings_modes[i] != NULL; i++) {
		if (strcmp(guard_settings_modes[i], name) == 0)
			return (enum guard_mode)i;
	}
	return GUARD_ENFORCE;
}

int
guard_settings_load(
    struct guard_settings *settings, const struct conf *conf, struct err *err)
{
	enum sheet_kind kind;

	*settings = (struct guard_settings){
		.mode = mode_of(conf_text(conf, "guard", "mode")),
		.first_run_accepted = strcmp(
					  conf_text(conf, "guard", "first_run"),
					  "accept") == 0,
		.changed = (unsigned)conf_number(conf, "guard", "changed"),
		.added = (unsigned)conf_number(conf, "guard", "added"),
		.lost = (unsigned)conf_number(conf, "guard", "lost"),
		.blank = (unsigned)conf_number(conf, "guard", "blank"),
		.minimum = (uint64_t)conf_number(conf, "guard", "minimum"),
		.baseline_days = (unsigned)conf_number(
		    conf, "guard", "baseline_days"),
	};
	for (kind = 0; kind < KEEP_SHEETS; kind++)
		settings->removed[kind] = (unsigned)conf_number(conf, "guard",
		    kind == SHEET_USER ? "users.removed" : "removed");
	return load_blackout(settings, conf, err);
}

void
guard_settings_free(struct guard_settings *settings)
{
	free(settings->blackout);
	*settings = (struct guard_settings){ 0 };
}
