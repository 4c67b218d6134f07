#include <string.h>

#include "base/date.h"
#include "settle.h"

static int
use_zone(const struct conf *conf, struct err *err)
{
	struct buf where = { 0 };
	int rc;

	conf_where(conf, "district", "timezone", &where);
	rc = date_use_zone(
	    conf_text(conf, "district", "timezone"), buf_str(&where), err);
	buf_free(&where);
	return rc;
}

int
settle_now(const struct conf *conf, const char *now_text, int64_t *now,
    struct err *err)
{
	if (use_zone(conf, err) != 0)
		return -1;
	*now = clock_now();
	if (now_text != NULL && clock_parse(now_text, now) != 0) {
		err_set(err, EXIT_USAGE,
		    "--now %.40s: not a time; nothing was"
		    " read",
		    now_text);
		return err_hint(err, "Write it as 2026-11-23T12:00:00Z.");
	}
	return 0;
}

int
settle_policy(const struct conf *conf, const char *now_text,
    struct roster *roster, struct policy *policy, int64_t *now, struct err *err)
{
	if (settle_now(conf, now_text, now, err) != 0)
		return -1;
	return policy_load(policy, conf, roster, *now, err);
}

struct source_options
settle_source(const struct conf *conf, const struct policy *policy)
{
	return (struct source_options){
		.url = conf_text(conf, "source", "url"),
		.encoding = conf_text(conf, "source", "encoding"),
		.tab_quotes = conf_yes(conf, "source", "tab_quotes"),
		.last_days = strcmp(conf_text(conf, "source", "end_date"),
				 "last-day") == 0,
		.final_newline_optional = strcmp(conf_text(conf, "source",
						     "final_newline"),
					      "optional") == 0,
		.client_id_file = conf_text(conf, "source", "client_id_file"),
		.client_secret_file = conf_text(
		    conf, "source", "client_secret_file"),
		.ca_file = conf_text(conf, "source", "ca_file"),
		.proxy = conf_text(conf, "source", "proxy"),
		.ways = conf_text(conf, "source", "ways"),
		.page_size = (unsigned)conf_number(conf, "source", "page_size"),
		.at_once = (unsigned)conf_number(conf, "source", "at_once"),
		.min_interval_ms = (unsigned)conf_number(
		    conf, "source", "min_interval_ms"),
		.timezone = conf_text(conf, "district", "timezone"),
		.year = policy->year,
	};
}
