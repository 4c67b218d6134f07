#include <string.h>
#include <strings.h>

#include "base/conf.h"
#include "source/ps_query.h"
#include "source/ps_table.h"
#include "source/ps_v1.h"
#include "source/ps_way.h"

const struct ps_way ps_ways[] = {
	{ "query", ps_query_pull, ps_query_count, NULL },
	{ "table", ps_table_pull, ps_table_count, NULL },
	{ "v1", ps_v1_pull, NULL, ps_v1_put },
	{ 0 },
};

const struct ps_way *
ps_way_of(const struct source_options *options, size_t n, struct err *err)
{
	const struct ps_way *way;
	const char *rest, *item;
	size_t len;

	rest = options->ways;
	while ((item = conf_next_item(&rest, &len)) != NULL && n > 0)
		n--;
	if (item == NULL)
		return NULL;
	for (way = ps_ways; way->name != NULL; way++) {
		if (strlen(way->name) == len &&
		    strncasecmp(way->name, item, len) == 0)
			return way;
	}
	err_set(err, EXIT_SETTINGS,
	    "[source] ways: \"%.*s\" is no way; nothing was read", (int)len,
	    item);
	err_hint(err, "Write ways = query, table; v1 is the third of them");
	return NULL;
}

const struct ps_way *
ps_way_v1(const struct source_options *options, struct err *err)
{
	const struct ps_way *way;
	size_t i;

	for (i = 0; (way = ps_way_of(options, i, err)) != NULL; i++) {
		if (way->put != NULL)
			return way;
	}
	return NULL;
}

bool
ps_way_withholds(const struct ps_way *way, const struct ps_refusal *refusal)
{
	if (strcmp(way->name, "table") == 0 &&
	    (refusal->kind == PS_REFUSAL_GRANT ||
		refusal->kind == PS_REFUSAL_FORBIDDEN))
		return false;
	return ps_refusal_withholds(refusal);
}
