#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/ps_v1_data.h"
#include "source/ps_v1_list.h"

#define PAGE_MAX 100 /* where the server does not say (powerschool 2.6) */

/* Who names whom by dcid (powerschool 2.3). */
static const struct {
	enum ps_v1_kind kind; /* of what is named */
	enum ps_v1_kind by;
	const char *member;
} references[] = {
	{ PS_V1_TERM, PS_V1_SECTION, "term_id" },
	{ PS_V1_COURSE, PS_V1_SECTION, "course_id" },
	{ PS_V1_STAFF, PS_V1_SECTION, "staff_id" },
	{ PS_V1_STUDENT, PS_V1_ENROLLMENT, "student_id" },
};

struct ps_v1_data *
ps_v1_data_new(struct ps_client *client, const struct source_options *options)
{
	struct ps_v1_data *data;

	data = mem_zalloc(1, sizeof(*data));
	data->client = client;
	data->options = options;
	return data;
}

void
ps_v1_data_free(struct ps_v1_data *data)
{
	int kind;

	if (data == NULL)
		return;
	for (kind = 0; kind < PS_V1_KINDS; kind++)
		ps_v1_rows_free(&data->rows[kind]);
	free(data);
}

static unsigned
page_size_of(const struct ps_v1_data *data)
{
	unsigned most, wanted;

	most = ps_client_metadata(data->client)->v1_page_max;
	if (most == 0)
		most = PAGE_MAX;
	wanted = data->options->page_size;
	return wanted == 0 || wanted > most ? most : wanted;
}

static void
add_list(struct ps_v1_data *data, struct ps_v1_lists *lists, uint64_t owner)
{
	struct ps_v1_list *list;
	enum ps_v1_kind kind;

	kind = lists->kind;
	list = ps_v1_lists_add(lists, owner,
	    ps_v1_def_list_path(kind, owner, data->options->year),
	    ps_v1_def_count_path(kind, owner, data->options->year));
	list->counted = ps_v1_defs[kind].counted;
}

/* Reads lists and keeps what came. */
static int
read_lists(struct ps_v1_data *data, struct ps_v1_lists *lists,
    struct ps_refusal *refusal, struct err *err)
{
	struct ps_v1_rows *rows;
	size_t i;
	int rc;

	lists->name = ps_v1_defs[lists->kind].several;
	rc = ps_v1_lists_read(lists, data->client, page_size_of(data),
	    data->options->progress, refusal, err);
	rows = &data->rows[lists->kind];
	for (i = 0; rc == 0 && i < lists->count; i++)
		ps_v1_rows_append(rows, &lists->list[i].rows);
	data->bytes[lists->kind] += lists->bytes;
	ps_v1_rows_sort(rows, lists->kind);
	ps_v1_lists_free(lists);
	return rc;
}

int
ps_v1_data_read(struct ps_v1_data *data, enum ps_v1_kind kind,
    struct ps_refusal *refusal, struct err *err)
{
	struct ps_v1_lists lists = { .kind = kind };
	enum ps_v1_kind owner;
	size_t i;
	int rc;

	if (data->read[kind])
		return 0;
	owner = ps_v1_defs[kind].owner;
	if (owner == PS_V1_KINDS) {
		add_list(data, &lists, 0);
	} else {
		rc = ps_v1_data_read(data, owner, refusal, err);
		if (rc != 0)
			return rc;
		for (i = 0; i < data->rows[owner].count; i++)
			add_list(data, &lists, data->rows[owner].list[i].id);
	}
	rc = read_lists(data, &lists, refusal, err);
	data->read[kind] = rc == 0;
	return rc;
}

static int
id_order(const void *a, const void *b)
{
	const struct ps_v1_row *x, *y;

	x = a;
	y = b;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* What rows of a kind name and no list has, in order; the caller frees it. */
static struct ps_v1_row *
find_missing(const struct ps_v1_data *data, size_t reference, size_t *count)
{
	const struct ps_v1_rows *by;
	struct ps_v1_row *missing;
	enum ps_v1_kind kind;
	size_t i, n, cap, member, row;
	uint64_t id;

	kind = references[reference].kind;
	by = &data->rows[references[reference].by];
	member = ps_v1_def_member(
	    references[reference].by, references[reference].member);
	missing = NULL;
	n = cap = 0;
	for (i = 0; i < by->count; i++) {
		if (!ps_v1_rows_id(by, i, member, &id) ||
		    ps_v1_rows_find(&data->rows[kind], id, &row))
			continue;
		missing = mem_grow(missing, n, &cap, sizeof(*missing));
		missing[n++] = (struct ps_v1_row){ .id = id,
			.owner = by->list[i].owner };
	}
	if (n > 1)
		qsort(missing, n, sizeof(*missing), id_order);
	*count = n;
	return missing;
}

int
ps_v1_data_complete(struct ps_v1_data *data, enum ps_v1_kind kind,
    struct ps_refusal *refusal, struct err *err)
{
	struct ps_v1_lists lists = { .kind = kind };
	struct ps_v1_row *missing;
	size_t i, n, r;

	if (!data->read[kind] || data->completed[kind])
		return 0;
	data->completed[kind] = true;
	for (r = 0; r < sizeof(references) / sizeof(references[0]); r++) {
		if (references[r].kind != kind)
			continue;
		missing = find_missing(data, r, &n);
		for (i = 0; i < n; i++) {
			if (i == 0 || missing[i].id != missing[i - 1].id)
				ps_v1_lists_add(&lists, missing[i].owner,
				    ps_v1_def_path(kind, missing[i].id), NULL);
		}
		free(missing);
	}
	if (lists.count == 0)
		return 0;
	log_line(LOG_INFO, "%s: %zu that no list has are asked for by their id",
	    ps_v1_defs[kind].several, lists.count);
	return read_lists(data, &lists, refusal, err);
}
