#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "canvas/diff_sort.h"

#define WRITE_SIZE ((size_t)256 << 10) /* bytes written at once */
#define READ_TOTAL ((size_t)16 << 20)  /* for the buffers of all runs */
#define READ_LEAST ((size_t)4 << 10)   /* for one of them */

/*
 * A row in memory. The first eight bytes of its key behind those that all
 * keys share stand in the entry, so that few comparisons look further.
 */
struct entry {
	uint64_t prefix;
	uint64_t offset; /* of the record in its file */
	uint32_t len;
	uint32_t layout;
	uint32_t key, keylen; /* in block */
};

/* A row in the spill file: this, the key, the record. */
struct spilled {
	uint32_t keylen, len, layout;
};

/* A sorted part of the spill file while it is merged. */
struct run {
	uint64_t start, end; /* in the spill file */
	uint64_t next;	     /* what is to be read next */
	struct buf bytes;    /* read, from at on not yet passed */
	size_t at;
};

struct diff_sort {
	const struct diff_side *side;
	size_t memory;
	char *block; /* entries from the start, keys from the end */
	size_t nentries, keys_at;
	size_t shared; /* bytes that all keys begin with */
	size_t window; /* bytes of the records in memory */
	size_t at;     /* the entry that comes next */

	int spill; /* -1: all is in memory */
	uint64_t spill_len;
	struct buf out;
	struct run *runs;
	size_t nruns, capruns;
	size_t read_size;
	size_t *heap; /* runs, the one with the least key first */
	size_t nheap;

	uint64_t repeated_in_runs, repeated;
	struct buf key, record;
};

static struct entry *
entries(const struct diff_sort *sort)
{
	return (struct entry *)(void *)sort->block;
}

static int
spill_failed(struct err *err)
{
	err_set_errno(err, EXIT_IO, errno,
	    "%s: rows that are not in order"
	    " cannot be sorted there; nothing was compared",
	    scratch_folder());
	return err_hint(err, "Name a folder with more room: TMPDIR=DIR");
}

static int
spill_flush(struct diff_sort *sort, struct err *err)
{
	size_t done;
	ssize_t n;

	for (done = 0; done < sort->out.len; done += (size_t)n) {
		n = write(
		    sort->spill, sort->out.data + done, sort->out.len - done);
		if (n == -1 && errno == EINTR)
			n = 0;
		if (n == -1)
			return spill_failed(err);
	}
	sort->spill_len += sort->out.len;
	sort->out.len = 0;
	return interrupt_check(err);
}

static const char *
entry_record(const struct diff_sort *sort, const struct entry *entry)
{
	return sort->side->layouts[entry->layout].file->bytes + entry->offset;
}

static int
spill_entry(struct diff_sort *sort, const struct entry *entry, struct err *err)
{
	const struct spilled head = { entry->keylen, entry->len,
		entry->layout };

	buf_add(&sort->out, &head, sizeof(head));
	buf_add(&sort->out, sort->block + entry->key, entry->keylen);
	buf_add(&sort->out, entry_record(sort, entry), entry->len);
	return sort->out.len >= WRITE_SIZE ? spill_flush(sort, err) : 0;
}

static size_t
common_length(const char *a, const char *b, size_t len)
{
	size_t i;

	for (i = 0; i < len && a[i] == b[i]; i++)
		continue;
	return i;
}

static uint64_t
key_prefix(const char *key, size_t len)
{
	uint64_t prefix;
	size_t i;

	prefix = 0;
	for (i = 0; i < sizeof(prefix); i++)
		prefix = prefix << 8 | (i < len ? (unsigned char)key[i] : 0);
	return prefix;
}

static int
key_order(const char *a, size_t alen, const char *b, size_t blen)
{
	int order;

	order = memcmp(a, b, alen < blen ? alen : blen);
	if (order != 0)
		return order;
	return alen < blen ? -1 : alen > blen;
}

/* By key, then in the order in which the rows came. */
static int
entry_order(const void *a, const void *b, void *arg)
{
	const char *block;
	const struct entry *x, *y;
	int order;

	block = arg;
	x = a;
	y = b;
	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	order = key_order(block + x->key, x->keylen, block + y->key, y->keylen);
	if (order != 0)
		return order;
	if (x->layout != y->layout)
		return x->layout < y->layout ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Sorts what is in memory and leaves the last of the rows with one key. */
static void
sort_entries(struct diff_sort *sort)
{
	struct entry *list, *e;
	size_t i, kept;

	list = entries(sort);
	for (i = 0; i < sort->nentries; i++) {
		e = &list[i];
		e->prefix = key_prefix(sort->block + e->key + sort->shared,
		    e->keylen - sort->shared);
	}
	qsort_r(list, sort->nentries, sizeof(*list), entry_order, sort->block);
	kept = 0;
	for (i = 0; i < sort->nentries; i++) {
		if (i + 1 < sort->nentries &&
		    key_order(sort->block + list[i].key, list[i].keylen,
			sort->block + list[i + 1].key, list[i + 1].keylen) == 0)
			sort->repeated_in_runs++;
		else
			list[kept++] = list[i];
	}
	sort->nentries = kept;
}

/* Writes what is in memory as a run. */
static int
spill_run(struct diff_sort *sort, struct err *err)
{
	struct run *run;
	size_t i;

	if (sort->spill == -1) {
		sort->spill = scratch_open(err);
		if (sort->spill == -1)
			return -1;
	}
	sort_entries(sort);
	sort->runs = mem_grow(
	    sort->runs, sort->nruns, &sort->capruns, sizeof(*sort->runs));
	run = &sort->runs[sort->nruns++];
	*run = (struct run){ .start = sort->spill_len };
	for (i = 0; i < sort->nentries; i++) {
		if (spill_entry(sort, &entries(sort)[i], err) != 0)
			return -1;
	}
	if (spill_flush(sort, err) != 0)
		return -1;
	run->end = sort->spill_len;
	for (i = 0; i < sort->side->nlayouts; i++)
		diff_file_drop(sort->side->layouts[i].file);
	sort->nentries = 0;
	sort->keys_at = sort->memory;
	sort->window = 0;
	return 0;
}

/* qsort() wants as much memory again as the entries take. */
static bool
has_room(const struct diff_sort *sort, size_t keylen)
{
	return (sort->nentries + 1) * 2 * sizeof(struct entry) + keylen <=
	    sort->keys_at;
}

static int
add_row(struct diff_sort *sort, size_t layout, const struct diff_record *record,
    struct err *err)
{
	struct entry *entry;
	size_t keylen;

	keylen = sort->key.len;
	if (sort->nentries > 0 &&
	    (!has_room(sort, keylen) ||
		sort->window + record->len > sort->memory) &&
	    spill_run(sort, err) != 0)
		return -1;
	if (!has_room(sort, keylen)) { /* a key of megabytes */
		sort->memory = keylen + 4 * sizeof(*entry);
		sort->block = mem_realloc(sort->block, sort->memory, 1);
		sort->keys_at = sort->memory;
	}
	sort->keys_at -= keylen;
	memcpy(sort->block + sort->keys_at, sort->key.data, keylen);
	sort->window += record->len;
	entry = &entries(sort)[sort->nentries];
	*entry = (struct entry){ .offset = (size_t)(record->bytes -
				     sort->side->layouts[layout].file->bytes),
		.len = (uint32_t)record->len,
		.layout = (uint32_t)layout,
		.key = (uint32_t)sort->keys_at,
		.keylen = (uint32_t)keylen };
	if (sort->nentries++ == 0)
		sort->shared = keylen;
	sort->shared = common_length(sort->block + entries(sort)[0].key,
	    sort->block + entry->key,
	    keylen < sort->shared ? keylen : sort->shared);
	return 0;
}

static int
add_file(struct diff_sort *sort, size_t layout, struct err *err)
{
	struct diff_record record;
	struct diff_walk walk;
	int rc;

	diff_side_walk(&sort->side->layouts[layout], &walk);
	while ((rc = diff_walk_peek(&walk, &record, err)) == 1) {
		if (diff_side_key(&sort->side->layouts[layout], &record,
			&walk.cells, &sort->key) &&
		    add_row(sort, layout, &record, err) != 0) {
			rc = -1;
			break;
		}
		diff_walk_pass(&walk, &record);
	}
	diff_walk_free(&walk);
	return rc;
}

struct diff_sort *
diff_sort_side(const struct diff_side *side, size_t memory, struct err *err)
{
	struct diff_sort *sort;
	size_t i;
	int rc;

	sort = mem_zalloc(1, sizeof(*sort));
	sort->side = side;
	sort->memory = memory;
	sort->block = mem_alloc(memory);
	sort->keys_at = memory;
	sort->spill = -1;
	rc = 0;
	for (i = 0; i < side->nlayouts && rc == 0; i++)
		rc = add_file(sort, i, err);
	if (rc == 0 && sort->nruns == 0)
		sort_entries(sort);
	else if (rc == 0)
		rc = spill_run(sort, err);
	if (rc == 0 && sort->nruns > 0) {
		free(sort->block);
		sort->block = NULL;
	}
	if (rc == 0 && diff_sort_rewind(sort, err) == 0)
		return sort;
	diff_sort_free(sort);
	return NULL;
}

void
diff_sort_free(struct diff_sort *sort)
{
	size_t i;

	if (sort == NULL)
		return;
	if (sort->spill != -1)
		close(sort->spill);
	for (i = 0; i < sort->nruns; i++)
		buf_free(&sort->runs[i].bytes);
	free(sort->runs);
	free(sort->heap);
	free(sort->block);
	buf_free(&sort->out);
	buf_free(&sort->key);
	buf_free(&sort->record);
	free(sort);
}

/* Makes sure that need bytes of a run are in memory. */
static int
run_fill(struct diff_sort *sort, struct run *run, size_t need, struct err *err)
{
	size_t left, want;
	ssize_t n;

	left = run->bytes.len - run->at;
	if (left >= need)
		return 0;
	if (run->at > 0)
		memmove(run->bytes.data, run->bytes.data + run->at, left);
	run->bytes.len = left;
	run->at = 0;
	while (run->bytes.len < need) {
		want = need > sort->read_size ? need : sort->read_size;
		want -= run->bytes.len;
		if (want > run->end - run->next)
			want = (size_t)(run->end - run->next);
		n = pread(sort->spill, buf_reserve(&run->bytes, want), want,
		    (off_t)run->next);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return spill_failed(err);
		run->bytes.len += (size_t)n;
		run->next += (uint64_t)n;
	}
	return interrupt_check(err);
}

static struct spilled
run_head(const struct run *run)
{
	struct spilled head;

	memcpy(&head, run->bytes.data + run->at, sizeof(head));
	return head;
}

static const char *
run_key(const struct run *run)
{
	return run->bytes.data + run->at + sizeof(struct spilled);
}

/* Brings the run's next row into memory: 1, 0 at the end, -1. */
static int
run_load(struct diff_sort *sort, struct run *run, struct err *err)
{
	struct spilled head;

	if (run->at == run->bytes.len && run->next == run->end)
		return 0;
	if (run_fill(sort, run, sizeof(head), err) != 0)
		return -1;
	head = run_head(run);
	if (run_fill(sort, run, sizeof(head) + head.keylen + head.len, err) !=
	    0)
		return -1;
	return 1;
}

/* Of equal keys the earlier run's comes first. */
static bool
run_before(const struct diff_sort *sort, size_t a, size_t b)
{
	const struct run *x, *y;
	int order;

	x = &sort->runs[a];
	y = &sort->runs[b];
	order = key_order(
	    run_key(x), run_head(x).keylen, run_key(y), run_head(y).keylen);
	return order != 0 ? order < 0 : a < b;
}

static void
heap_sink(struct diff_sort *sort, size_t place)
{
	size_t child, run;

	run = sort->heap[place];
	while ((child = 2 * place + 1) < sort->nheap) {
		if (child + 1 < sort->nheap &&
		    run_before(sort, sort->heap[child + 1], sort->heap[child]))
			child++;
		if (!run_before(sort, sort->heap[child], run))
			break;
		sort->heap[place] = sort->heap[child];
		place = child;
	}
	sort->heap[place] = run;
}

int
diff_sort_rewind(struct diff_sort *sort, struct err *err)
{
	struct run *run;
	size_t i;
	int rc;

	sort->at = 0;
	sort->repeated = sort->repeated_in_runs;
	if (sort->nruns == 0)
		return 0;
	sort->read_size = READ_TOTAL / sort->nruns;
	if (sort->read_size < READ_LEAST)
		sort->read_size = READ_LEAST;
	sort->heap = mem_realloc(sort->heap, sort->nruns, sizeof(*sort->heap));
	sort->nheap = 0;
	for (i = 0; i < sort->nruns; i++) {
		run = &sort->runs[i];
		run->next = run->start;
		run->bytes.len = 0;
		run->at = 0;
		rc = run_load(sort, run, err);
		if (rc == -1)
			return -1;
		if (rc == 1)
			sort->heap[sort->nheap++] = i;
	}
	for (i = sort->nheap / 2; i-- > 0;)
		heap_sink(sort, i);
	return 0;
}

/* Takes the least row off the heap into key and record. */
static int
take_least(struct diff_sort *sort, struct diff_sorted *row, struct err *err)
{
	struct spilled head;
	struct run *run;
	int rc;

	run = &sort->runs[sort->heap[0]];
	head = run_head(run);
	sort->key.len = sort->record.len = 0;
	buf_add(&sort->key, run_key(run), head.keylen);
	buf_add(&sort->record, run_key(run) + head.keylen, head.len);
	row->layout = head.layout;
	run->at += sizeof(head) + head.keylen + head.len;
	rc = run_load(sort, run, err);
	if (rc == -1)
		return -1;
	if (rc == 0)
		sort->heap[0] = sort->heap[--sort->nheap];
	if (sort->nheap > 0)
		heap_sink(sort, 0);
	return 0;
}

static bool
least_has_same_key(const struct diff_sort *sort)
{
	const struct run *run;

	if (sort->nheap == 0)
		return false;
	run = &sort->runs[sort->heap[0]];
	return key_order(run_key(run), run_head(run).keylen, sort->key.data,
		   sort->key.len) == 0;
}

static int
next_in_memory(struct diff_sort *sort, struct diff_sorted *row)
{
	const struct entry *entry;

	if (sort->at == sort->nentries)
		return 0;
	entry = &entries(sort)[sort->at++];
	sort->key.len = 0;
	buf_add(&sort->key, sort->block + entry->key, entry->keylen);
	row->key = &sort->key;
	row->record = (struct str){ entry_record(sort, entry), entry->len };
	row->layout = entry->layout;
	return 1;
}

int
diff_sort_next(struct diff_sort *sort, struct diff_sorted *row, struct err *err)
{
	if (sort->nruns == 0)
		return next_in_memory(sort, row);
	if (sort->nheap == 0)
		return 0;
	if (take_least(sort, row, err) != 0)
		return -1;
	while (least_has_same_key(sort)) {
		sort->repeated++;
		if (take_least(sort, row, err) != 0)
			return -1;
	}
	row->key = &sort->key;
	row->record = (struct str){ sort->record.data, sort->record.len };
	return 1;
}

uint64_t
diff_sort_repeated(const struct diff_sort *sort)
{
	return sort->repeated;
}
