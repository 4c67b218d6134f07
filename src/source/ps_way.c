#include <string.h>
#include <strings.h>

#include "base/conf.h"
#include "source/ps_query.h"
#include "source/ps_table.h"
#include "source/ps_way.h"

const struct ps_way ps_ways[] = { { "query", ps_query_pull, ps_query_count },
	{ "table", ps_table_pull, ps_table_count }, { 0 } };

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
	err_hint(err, "Write ways = query, table");
	return NULL;
}
