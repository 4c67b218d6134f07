#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "source/ps_join.h"

/* Who names whom by an id that is no dcid. */
static const struct {
	enum table_id child, parent;
} references[] = {
	{ T_SECTION, T_TERM },
	{ T_SECTION, T_SCHOOLSTAFF },
	{ T_SECTIONTEACHER, T_SCHOOLSTAFF },
	{ T_SECTIONTEACHER, T_SECTION },
	{ T_CC, T_SECTION },
	{ T_CC, T_STUDENT },
};

/* v1 alone gives its rows later, for want of ids. */
static bool
gives_dcids(const struct ps_way *way)
{
	return way != NULL && way->put != NULL;
}

enum table_id
ps_join_broken(const struct ps_way *const ways[TABLES], enum table_id *parent)
{
	size_t i;

	for (i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		*parent = references[i].parent;
		if (gives_dcids(ways[*parent]) &&
		    ways[references[i].child] != NULL &&
		    !gives_dcids(ways[references[i].child]))
			return references[i].child;
	}
	return TABLES;
}

bool
ps_join_mends(enum table_id child)
{
	return child == T_SECTION || child == T_CC;
}

int
ps_join_fail(const struct ps_way *const ways[TABLES], enum table_id child,
    enum table_id parent, struct err *err)
{
	char *table;
	size_t i;

	err_set(err, EXIT_SOURCE,
	    "%s came by %s and names %s by their id, but those came by v1,"
	    " which gives dcids only: they cannot be joined; nothing was"
	    " published",
	    schema[child].name, ways[child]->name, schema[parent].name);
	table = mem_strdup(schema[parent].name);
	for (i = 0; table[i] != '\0'; i++)
		table[i] = (char)toupper((unsigned char)table[i]);
	err_hint(err,
	    "Let the plugin see <field table=\"%s\" field=\"ID\""
	    " access=\"ViewOnly\"/> and the table's other columns, which"
	    " ps2canvas check lists; or write ways = v1, which reads everything"
	    " in that way and sends lead teachers alone.",
	    table);
	free(table);
	return -1;
}
