#include <stdlib.h>

#include "base/mem.h"
#include "canvas/course_group.h"
#include "roster/fate.h"

/* A section in scope on its way into its group. */
struct member {
	uint32_t school, term;
	sym number;
	uint32_t section;
};

static int
member_order(const void *a, const void *b)
{
	const struct member *x, *y;

	x = a;
	y = b;
	if (x->school != y->school)
		return x->school < y->school ? -1 : 1;
	if (x->term != y->term)
		return x->term < y->term ? -1 : 1;
	if (x->number.id != y->number.id)
		return x->number.id < y->number.id ? -1 : 1;
	return 0;
}

static struct member *
members_of(struct map *map, size_t *count)
{
	const struct table *table;
	struct member *members;
	uint32_t row;

	table = &map->roster->tables[T_SECTION];
	members = mem_alloc(table->nrows * sizeof(*members));
	*count = 0;
	for (row = 0; row < table->nrows; row++) {
		map->section_group[row] = ROW_NONE;
		if (!fate_in_scope(table, row) ||
		    map->section_school[row] == ROW_NONE ||
		    map->section_term[row] == ROW_NONE)
			continue;
		members[(*count)++] = (struct member){ map->section_school[row],
			map->section_term[row],
			table_sym(table, SECTION_COURSE_NUMBER, row), row };
	}
	qsort(members, *count, sizeof(*members), member_order);
	return members;
}

/* Renders the group's id and names; words says what is wrong with them. */
static void
render_group(struct map *map, struct course_group *group,
    struct check_words *words, struct buf *text)
{
	bool filled;

	filled = map_render_group(map, TMPL_COURSE_ID, group, text);
	check_id(words, OUT_COURSE_ID, filled, text);
	group->id = check_keep_id(map, words, OUT_COURSE_ID, text);
	map_render_group(map, TMPL_COURSE_SHORT, group, text);
	check_name(words, OUT_SHORT_NAME, text);
	map_render_group(map, TMPL_COURSE_LONG, group, text);
	check_name(words, OUT_LONG_NAME, text);
}

/* Whether the rows that the course stands on are sent. */
static bool
parents_are_sent(const struct map *map, const struct course_group *group)
{
	const struct table *tables;

	tables = map->roster->tables;
	return fate_of(&tables[T_SCHOOL], group->school) == ROW_USED &&
	    fate_of(&tables[T_TERM], group->term) == ROW_USED &&
	    group->course_number.id != 0 &&
	    (group->course == ROW_NONE ||
		fate_of(&tables[T_COURSE], group->course) != ROW_HELD);
}

static void
judge_groups(struct map *map)
{
	struct buf text = { 0 };
	struct course_group *group;
	bool *repeated;
	sym *ids;
	size_t i;

	ids = mem_zalloc(map->ngroups, sizeof(*ids));
	map->group_words = mem_zalloc(map->ngroups, sizeof(*map->group_words));
	for (i = 0; i < map->ngroups; i++) {
		group = &map->groups[i];
		render_group(map, group, &map->group_words[i], &text);
		group->sent = parents_are_sent(map, group) &&
		    group->id.id != 0 && map->group_words[i].blank_names == 0 &&
		    map->group_words[i].long_names == 0;
		if (group->sent)
			ids[i] = group->id;
	}
	repeated = check_repeated(ids, map->ngroups);
	for (i = 0; i < map->ngroups; i++) {
		if (!repeated[i])
			continue;
		map->groups[i].sent = false;
		map->group_words[i].repeated_ids = 1U << OUT_COURSE_ID;
	}
	free(repeated);
	free(ids);
	buf_free(&text);
}

void
course_group_make(struct map *map)
{
	struct member *members, *m;
	size_t n, i;

	map->section_group = mem_alloc(
	    map->roster->tables[T_SECTION].nrows * sizeof(uint32_t));
	members = members_of(map, &n);
	map->groups = mem_zalloc(n, sizeof(*map->groups));
	for (i = 0; i < n; i++) {
		m = &members[i];
		if (i == 0 || member_order(m - 1, m) != 0)
			map->groups[map->ngroups++] = (struct course_group){
				m->school, m->term,
				map->section_course[m->section], m->number,
				{ 0 }, false
			};
		map->section_group[m->section] = (uint32_t)map->ngroups - 1;
	}
	free(members);
	judge_groups(map);
}

void
course_group_words(
    const struct map *map, uint32_t section, struct check_words *words)
{
	const struct check_words *group;
	uint32_t g;

	g = map->section_group[section];
	if (g == ROW_NONE)
		return;
	group = &map->group_words[g];
	words->blank_ids |= group->blank_ids;
	words->long_ids |= group->long_ids;
	words->repeated_ids |= group->repeated_ids;
	words->blank_names |= group->blank_names;
	words->long_names |= group->long_names;
}
