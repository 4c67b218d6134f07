#include <stdlib.h>

#include "base/mem.h"
#include "canvas/lint_cells.h"
#include "canvas/lint_file.h"
#include "canvas/lint_keys.h"
#include "canvas/lint_say.h"

/* The key of the row at hand, each cell with a NUL behind it. */
static void
make_key(struct lint *lint, struct buf *key)
{
	struct str value;
	size_t i;

	key->len = 0;
	for (i = 0; i < lint->file.nkeys; i++) {
		value = lint->row.values[lint->file.key[i]];
		buf_add(key, value.bytes, value.len);
		buf_addc(key, '\0');
	}
}

void
lint_keys_take(struct lint *lint)
{
	make_key(lint, &lint->file.last_key);
}

/* Strictly growing keys cannot repeat. */
void
lint_keys_check(struct lint *lint)
{
	struct lint_reading *file;
	struct buf old;
	size_t len;
	int order;

	file = &lint->file;
	if (file->unsorted || file->columns.own != LINT_NO_COLUMN)
		return;
	make_key(lint, &file->this_key);
	len = file->this_key.len < file->last_key.len ? file->this_key.len :
							file->last_key.len;
	order = len == 0 ?
	    1 :
	    memcmp(file->this_key.data, file->last_key.data, len);
	file->unsorted = order < 0 ||
	    (order == 0 && file->this_key.len <= file->last_key.len);
	old = file->last_key;
	file->last_key = file->this_key;
	file->this_key = old;
}

/* The rows of a file while their keys are kept. */
struct keeping {
	struct lint *lint;
	uint32_t line; /* of the block, from 1 */
	uint32_t row;
};

static struct str
cell_of(const struct lint *lint, size_t column, const struct csv_cell *cells,
    size_t ncells)
{
	size_t cell;

	cell = (size_t)lint->file.cell_of[column];
	return cell >= ncells ?
	    (struct str){ "", 0 } :
	    lint_cells_strip(cells[cell].bytes, cells[cell].len);
}

/* Of a column's cell: a blank one counts as much as a missing column. */
static uint64_t
hash_of(uint64_t seed, size_t column, struct str value)
{
	return value.len == 0 ? 0 : lint_ids_hash(seed << 32 | column, value);
}

static int
keep_key(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct lint_key key = { 0 };
	uint64_t content;
	struct keeping *keeping;
	struct lint *lint;
	struct str value;
	size_t i, n;
	bool blank;

	keeping = arg;
	lint = keeping->lint;
	if (keeping->row++ == 0)
		return 0; /* the header */
	for (i = 0; i < lint->file.nkeys; i++) {
		n = lint->file.key[i];
		value = cell_of(lint, n, cells, ncells);
		key.hash[0] += hash_of(1, n, value);
		key.hash[1] += hash_of(2, n, value);
	}
	content = 0;
	for (i = 0; i < lint->file.nbound; i++) {
		n = lint->file.bound[i];
		content += hash_of(1, n, cell_of(lint, n, cells, ncells));
	}
	blank = true;
	for (i = 0; i < ncells && blank; i++)
		blank = lint_cells_strip(cells[i].bytes, cells[i].len).len == 0;
	if (blank)
		return 0;
	key.content = (uint32_t)content;
	key.file = lint->file.number;
	key.line = keeping->line + line;
	key.row = keeping->row;
	lint->keys = mem_grow(
	    lint->keys, lint->nkeys, &lint->capkeys, sizeof(*lint->keys));
	lint->keys[lint->nkeys++] = key;
	return 0;
}

static int
keep_block(void *arg, const char *bytes, size_t len)
{
	struct keeping *keeping;
	struct csv_problem problem;
	uint32_t lines;
	int rc;

	keeping = arg;
	rc = lint_file_records(
	    keeping->lint, bytes, len, keep_key, keeping, &lines, &problem);
	keeping->line += lines;
	return rc;
}

void
lint_keys_keep(struct lint *lint, const char *bytes, size_t len)
{
	struct keeping keeping = { lint, 1, 0 };

	if (lint->file.nkeys > 0)
		lint_file_blocks(bytes, len, keep_block, &keeping);
}

static int
key_order(const void *a, const void *b)
{
	const struct lint_key *x, *y;

	x = a;
	y = b;
	if (x->hash[0] != y->hash[0])
		return x->hash[0] < y->hash[0] ? -1 : 1;
	if (x->hash[1] != y->hash[1])
		return x->hash[1] < y->hash[1] ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/*
 * Puts equal keys side by side. They are first dealt by the top byte of the
 * hash, in place: parts that the cache can hold are sorted much faster.
 */
static void
sort_keys(struct lint_key *keys, size_t n)
{
	size_t count[256] = { 0 }, next[256], end[256], i, byte;
	struct lint_key key;

	for (i = 0; i < n; i++)
		count[keys[i].hash[0] >> 56]++;
	for (i = 0, byte = 0; byte < 256; byte++) {
		next[byte] = i;
		i += count[byte];
		end[byte] = i;
	}
	for (byte = 0; byte < 256; byte++) {
		while (next[byte] < end[byte]) {
			key = keys[next[byte]];
			i = key.hash[0] >> 56;
			keys[next[byte]] = keys[next[i]];
			keys[next[i]] = key;
			next[i]++;
		}
	}
	for (i = 0, byte = 0; byte < 256; i = end[byte++])
		qsort(keys + i, count[byte], sizeof(*keys), key_order);
}

/* A key that stands twice: its row, and the first row that has it. */
struct repeated {
	const struct lint_key *first, *key;
};

static int
repeated_order(const void *a, const void *b)
{
	const struct lint_key *x, *y;

	x = ((const struct repeated *)a)->key;
	y = ((const struct repeated *)b)->key;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static void
say_repeated(
    struct lint *lint, enum sheet_kind kind, const struct repeated *repeated)
{
	const struct lint_key *first, *key;
	bool same;

	first = repeated->first;
	key = repeated->key;
	same = first->content == key->content;
	lint->message.len = 0;
	buf_printf(&lint->message,
	    "the key of this %s stands already in"
	    " %s:%u%s",
	    sheets[kind].word, lint->files[first->file], first->line,
	    same ? ", in the same row" : "");
	lint_say_of(lint, same ? LINT_KEY_REPEATED : LINT_KEY_DUPLICATE,
	    same ? SEVERITY_INFO : SEVERITY_WARNING, key->file, key->line, 1,
	    key->row, buf_str(&lint->message));
}

void
lint_keys_kind_end(struct lint *lint, enum sheet_kind kind)
{
	const struct lint_key *first, *key;
	struct repeated *list;
	size_t i, n, cap;

	if (lint->nkeys == 0)
		return;
	sort_keys(lint->keys, lint->nkeys);
	list = NULL;
	n = cap = 0;
	first = lint->keys;
	for (i = 1; i < lint->nkeys; i++) {
		key = &lint->keys[i];
		if (memcmp(first->hash, key->hash, sizeof(key->hash)) != 0) {
			first = key;
			continue;
		}
		list = mem_grow(list, n, &cap, sizeof(*list));
		list[n++] = (struct repeated){ first, key };
	}
	if (n > 0)
		qsort(list, n, sizeof(*list), repeated_order);
	for (i = 0; i < n; i++)
		say_repeated(lint, kind, &list[i]);
	free(list);
	lint->nkeys = 0;
}
