#include <errno.h>
#include <iconv.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "source/blocks.h"

#define BLOCK_SIZE ((size_t)1 << 20)  /* bytes read at a time */
#define RECORD_MAX ((size_t)64 << 20) /* bytes of one record */
#define JOBS_MAX 64
#define SLACK 16 /* csv_read_block reads behind the end */

/* Some whole records of the file and what they turned out to be. */
struct block {
	struct block *next; /* parsed, waiting for its turn */
	size_t number;
	struct buf bytes;
	bool cut; /* the last line has no end */
	bool not_utf8;
	size_t bad_at; /* the byte that cannot be decoded */
	uint64_t converted;
	struct batch batch;
	uint32_t lines;
	struct csv_problem problem;
	int rc;
};

/*
 * One pass over one file. A thread takes the next block under reading, works
 * on it alone, and hands it in under committing, where blocks go into the
 * roster in their order.
 */
struct pass {
	struct input *input;
	const struct source_options *options;
	struct roster *roster;
	uint64_t committed;	/* bytes of the blocks committed */
	const char *iconv_name; /* NULL: the file is UTF-8 */

	pthread_mutex_t reading;
	struct buf rest; /* the start of a record, for later */
	size_t next_number;
	uint64_t offset;
	bool at_end;
	struct hash *hash;

	pthread_mutex_t committing;
	struct block *waiting;
	struct block *spare; /* committed, to be used again */
	size_t next_commit;
	uint32_t line; /* lines of the blocks committed */
	bool not_utf8;
	struct err err;

	atomic_bool stop; /* no more blocks are wanted */
};

static void
block_free(struct block *block)
{
	if (block == NULL)
		return;
	buf_free(&block->bytes);
	batch_free(&block->batch);
	free(block);
}

/* A block to fill: one that was used before if there is one. */
static struct block *
block_take(struct pass *pass)
{
	struct block *block;

	pthread_mutex_lock(&pass->committing);
	block = pass->spare;
	if (block != NULL)
		pass->spare = block->next;
	pthread_mutex_unlock(&pass->committing);
	return block != NULL ? block : mem_zalloc(1, sizeof(*block));
}

/* Under committing: keeps the memory of a block for the next one. */
static void
block_put_back(struct pass *pass, struct block *block)
{
	struct block old;

	old = *block;
	*block = (struct block){
		.next = pass->spare, .bytes = old.bytes, .batch = old.batch
	};
	block->bytes.len = 0;
	batch_empty(&block->batch);
	pass->spare = block;
}

static int
pass_read_error(struct pass *pass, int errnum)
{
	pthread_mutex_lock(&pass->committing);
	err_set_errno(&pass->err, EXIT_SOURCE, errnum,
	    "%s: reading failed at"
	    " byte %llu, nothing was published",
	    pass->input->name, (unsigned long long)pass->offset);
	pthread_mutex_unlock(&pass->committing);
	atomic_store(&pass->stop, true);
	return -1;
}

/*
 * How much to read at a time: of a small file, or of what is left of one, no
 * more than there is and one byte, which shows the end.
 */
static size_t
read_size(const struct input *input, uint64_t offset)
{
	return offset < input->size && input->size - offset < BLOCK_SIZE ?
	    (size_t)(input->size - offset) + 1 :
	    BLOCK_SIZE;
}

/* Reads up to size bytes behind what bytes holds. */
static int
pass_fill(struct pass *pass, struct buf *bytes, size_t size)
{
	size_t want;
	ssize_t got;
	char *at;

	for (want = size; want > 0 && !pass->at_end; want -= (size_t)got) {
		at = buf_reserve(bytes, want + SLACK);
		got = pread(pass->input->fd, at, want, (off_t)pass->offset);
		if (got == -1 && errno == EINTR) {
			got = 0;
			continue;
		}
		if (got == -1)
			return pass_read_error(pass, errno);
		pass->at_end = got == 0;
		hash_add(pass->hash, at, (size_t)got);
		bytes->len += (size_t)got;
		pass->offset += (uint64_t)got;
	}
	return 0;
}

static void
drop_bom(struct buf *bytes)
{
	if (bytes->len >= 3 && memcmp(bytes->data, "\xef\xbb\xbf", 3) == 0) {
		bytes->len -= 3;
		memmove(bytes->data, bytes->data + 3, bytes->len);
	}
}

/* Cuts the block behind its last whole record and keeps the rest. */
static bool
block_cut(struct pass *pass, struct block *block)
{
	size_t whole;

	whole = csv_whole_records(&pass->input->format, block->bytes.data,
	    block->bytes.len, pass->at_end);
	if (pass->at_end) {
		block->cut = whole < block->bytes.len;
		return true;
	}
	if (whole == 0 && block->bytes.len < RECORD_MAX)
		return false;
	if (whole == 0)
		whole = block->bytes.len;
	pass->rest.len = 0;
	buf_add(
	    &pass->rest, block->bytes.data + whole, block->bytes.len - whole);
	block->bytes.len = whole;
	return true;
}

/* The next block of the file, NULL when there is none. */
static struct block *
pass_next(struct pass *pass)
{
	struct block *block;
	size_t size;

	block = NULL;
	pthread_mutex_lock(&pass->reading);
	if (pass->at_end || atomic_load(&pass->stop))
		goto out;
	block = block_take(pass);
	block->number = pass->next_number++;
	size = read_size(pass->input, pass->offset);
	buf_reserve(&block->bytes, pass->rest.len + size + SLACK);
	buf_add(&block->bytes, pass->rest.data, pass->rest.len);
	pass->rest.len = 0;
	do {
		if (pass_fill(pass, &block->bytes, size) != 0) {
			block_free(block);
			block = NULL;
			goto out;
		}
		if (block->number == 0)
			drop_bom(&block->bytes);
	} while (!block_cut(pass, block));
	block->batch.skip = block->number == 0;
out:
	pthread_mutex_unlock(&pass->reading);
	return block;
}

static uint64_t
count_foreign_lines(const struct buf *bytes)
{
	uint64_t lines;
	bool foreign;
	size_t i;

	lines = 0;
	foreign = false;
	for (i = 0; i < bytes->len; i++) {
		if (bytes->data[i] == '\n' || bytes->data[i] == '\r') {
			lines += foreign;
			foreign = false;
		} else if ((unsigned char)bytes->data[i] >= 0x80) {
			foreign = true;
		}
	}
	return lines + foreign;
}

/* Converts the block to UTF-8; false: bad_at is not of that encoding. */
static bool
block_convert(struct block *block, const char *iconv_name)
{
	struct buf to = { 0 };
	char *in, *out;
	size_t inleft, outleft;
	iconv_t cd;
	bool done;

	cd = iconv_open("UTF-8", iconv_name);
	if (cd == (iconv_t)-1)
		return false;
	block->converted = count_foreign_lines(&block->bytes);
	in = block->bytes.data;
	inleft = block->bytes.len;
	outleft = inleft * 3; /* a letter takes 3 bytes at most */
	out = buf_reserve(&to, outleft + SLACK);
	done = inleft == 0 ||
	    iconv(cd, &in, &inleft, &out, &outleft) != (size_t)-1;
	iconv_close(cd);
	if (!done) {
		block->bad_at = block->bytes.len - inleft;
		buf_free(&to);
		return false;
	}
	to.len = (size_t)(out - to.data);
	buf_free(&block->bytes);
	block->bytes = to;
	return true;
}

static void
block_parse(struct pass *pass, struct block *block)
{
	struct buf *bytes;

	bytes = &block->bytes;
	if (pass->iconv_name != NULL) {
		block->not_utf8 = !block_convert(block, pass->iconv_name);
	} else {
		block->bad_at = utf8_valid(bytes->data, bytes->len);
		block->not_utf8 = block->bad_at < bytes->len;
	}
	if (block->not_utf8)
		return;
	block->batch.binder = &pass->input->binder;
	block->batch.intern = pass->roster->intern;
	memset(buf_reserve(bytes, SLACK), 0, SLACK);
	block->rc = csv_read_block(&pass->input->format, bytes->data,
	    bytes->len, bind_record, &block->batch, &block->lines,
	    &block->problem);
}

static const struct {
	const char *what;
	const char *hint;
} faults[] = {
	[CSV_FAULT_NUL] = { "a NUL byte",
	    "The file is damaged or UTF-16: export it again as UTF-8." },
	[CSV_FAULT_STRAY_QUOTE] = { "a quote stands inside a field, or text"
				    " behind a closing quote",
	    "A field that holds quotes must be"
	    " enclosed in quotes, and its quotes doubled (RFC 4180)." },
	[CSV_FAULT_OPEN_QUOTE] = { "a quote is opened and never closed",
	    "The file may be cut short: export it again." },
	[CSV_FAULT_LONG_FIELD] = { "a field is longer than 1 MiB",
	    "A quote that was opened here may never be closed: correct the"
	    " value or export the table again." },
};

/* Puts the first fault of a block into words. */
static void
pass_fault(struct pass *pass, const struct block *block)
{
	const struct csv_problem *problem;
	const char *name;
	unsigned line;

	problem = &block->problem;
	name = pass->input->name;
	line = pass->line + problem->line + 1;
	if (problem->fault != CSV_FAULT_STOPPED) {
		err_set(&pass->err, EXIT_SOURCE,
		    "%s:%u:%zu: %s; nothing was"
		    " published",
		    name, line, problem->column, faults[problem->fault].what);
		err_hint(&pass->err, "%s", faults[problem->fault].hint);
		return;
	}
	err_set(&pass->err, EXIT_SOURCE,
	    "%s:%u:1: the row has %zu cells, the"
	    " header has %zu; nothing was published",
	    name, line, block->batch.wrong_cells, pass->input->binder.width);
	err_hint(&pass->err,
	    "A value may hold the separator or a line break"
	    " without quotes, or the file was cut: export it again.");
}

static void
pass_not_decoded(struct pass *pass, struct block *block)
{
	const char *data;
	unsigned line;
	size_t i, column;

	if (pass->iconv_name == NULL &&
	    strcasecmp(pass->options->encoding, "auto") == 0) {
		pass->not_utf8 = true;
		return;
	}
	data = block->bytes.data;
	line = pass->line + 1;
	column = 1;
	for (i = 0; i < block->bad_at; i++, column++) {
		if (data[i] == '\n' ||
		    (data[i] == '\r' &&
			(i + 1 == block->bytes.len || data[i + 1] != '\n'))) {
			line++;
			column = 0;
		}
	}
	err_set(&pass->err, EXIT_SOURCE,
	    "%s:%u:%zu: the byte 0x%02x is not"
	    " %s; nothing was published",
	    pass->input->name, line, column, (unsigned char)data[block->bad_at],
	    pass->iconv_name == NULL ? "UTF-8" : pass->input->encoding);
	err_hint(&pass->err,
	    "Export the table as UTF-8, or say what it is in"
	    " [source] encoding.");
}

static void
pass_cut_short(struct pass *pass, const struct block *block)
{
	err_set(&pass->err, EXIT_SOURCE,
	    "%s:%u:1: the last line has no line"
	    " end, so the file may be cut short; nothing was published",
	    pass->input->name, pass->line + block->lines);
	err_hint(&pass->err,
	    "Export the table again, or set [source]"
	    " final_newline = optional if it always ends so.");
}

/* Makes room for as many rows as a file of blocks like this one has. */
static void
pass_reserve(const struct pass *pass, const struct block *block)
{
	const struct binder *binder;
	uint64_t rows;
	size_t t;

	binder = &pass->input->binder;
	for (t = 0; t < binder->ntables && block->bytes.len > 0; t++) {
		rows = block->batch.tables[t].nrows *
		    (pass->input->size + BLOCK_SIZE) / block->bytes.len;
		table_reserve(&pass->roster->tables[binder->tables[t].table],
		    (size_t)rows);
	}
}

/* Puts one block's rows into the roster; the blocks before it are in. */
static void
pass_commit(struct pass *pass, struct block *block)
{
	const struct batch_table *rows;

	if (block->not_utf8)
		pass_not_decoded(pass, block);
	else if (block->rc != 0)
		pass_fault(pass, block);
	else if (block->cut && !pass->options->final_newline_optional)
		pass_cut_short(pass, block);
	if (interrupt_check(&pass->err) != 0 || pass->err.code != EXIT_DONE ||
	    pass->not_utf8) {
		atomic_store(&pass->stop, true);
		return;
	}
	rows = &block->batch.tables[0];
	if (pass->committed == 0)
		pass_reserve(pass, block);
	bind_commit(&block->batch, pass->roster,
	    pass->roster->files[pass->roster->nfiles - 1].first_line +
		pass->line);
	pass->input->rows += rows->nrows;
	pass->input->converted += block->converted;
	pass->line += block->lines;
	pass->committed += block->bytes.len;
	progress_step(pass->options->progress, pass->input->name,
	    pass->committed, pass->input->size);
}

/* Takes a parsed block; commits it and whatever waited for it. */
static void
pass_hand_in(struct pass *pass, struct block *block)
{
	struct block **at;

	pthread_mutex_lock(&pass->committing);
	for (at = &pass->waiting; *at != NULL && (*at)->number < block->number;
	     at = &(*at)->next)
		continue;
	block->next = *at;
	*at = block;
	while ((block = pass->waiting) != NULL &&
	    block->number == pass->next_commit) {
		pass->waiting = block->next;
		pass->next_commit++;
		if (!atomic_load(&pass->stop))
			pass_commit(pass, block);
		block_put_back(pass, block);
	}
	pthread_mutex_unlock(&pass->committing);
}

static void *
pass_work(void *arg)
{
	struct pass *pass;
	struct block *block;

	pass = arg;
	while ((block = pass_next(pass)) != NULL) {
		block_parse(pass, block);
		pass_hand_in(pass, block);
	}
	return NULL;
}

/* Runs the pass on as many threads as the file is worth. */
static void
pass_run(struct pass *pass)
{
	pthread_t threads[JOBS_MAX];
	size_t n, i;
	uint64_t blocks;

	blocks = pass->input->size / BLOCK_SIZE + 1;
	n = pass->options->jobs;
	if (n > JOBS_MAX)
		n = JOBS_MAX;
	if (n > blocks)
		n = (size_t)blocks;
	for (i = 1; i < n; i++) {
		if (pthread_create(&threads[i], NULL, pass_work, pass) != 0)
			break;
	}
	n = i;
	pass_work(pass);
	for (i = 1; i < n; i++)
		pthread_join(threads[i], NULL);
}

static void
blocks_free(struct block *block)
{
	struct block *next;

	for (; block != NULL; block = next) {
		next = block->next;
		block_free(block);
	}
}

static int
pass_once(struct pass *pass)
{
	pass->hash = hash_begin();
	pthread_mutex_init(&pass->reading, NULL);
	pthread_mutex_init(&pass->committing, NULL);
	pass_run(pass);
	hash_end(pass->hash, pass->input->sha256);
	pthread_mutex_destroy(&pass->reading);
	pthread_mutex_destroy(&pass->committing);
	blocks_free(pass->waiting);
	blocks_free(pass->spare);
	buf_free(&pass->rest);
	return pass->err.code == EXIT_DONE ? 0 : -1;
}

/* The names that [source] encoding takes, and iconv's. */
static const struct {
	const char *name;
	const char *iconv_name;
} encodings[] = { { "auto", NULL }, { "utf-8", NULL },
	{ "windows-1252", "CP1252" }, { "mac-roman", "MACINTOSH" },
	{ NULL, NULL } };

static const char *
encoding_iconv(const char *name)
{
	size_t i;

	for (i = 0; encodings[i].name != NULL; i++) {
		if (strcasecmp(encodings[i].name, name) == 0)
			return encodings[i].iconv_name;
	}
	return NULL;
}

static int
blocks_pass(struct input *input, const struct source_options *options,
    struct roster *roster, const char *encoding, bool *not_utf8,
    struct err *err)
{
	struct pass pass = { .input = input,
		.options = options,
		.roster = roster,
		.iconv_name = encoding_iconv(encoding) };
	struct roster_file *file;

	file = &roster->files[roster->nfiles - 1];
	input->encoding = strcasecmp(encoding, "auto") == 0 ? "utf-8" :
							      encoding;
	input->rows = 0;
	input->converted = 0;
	if (pass_once(&pass) != 0) {
		*err = pass.err;
		return -1;
	}
	file->lines = pass.line;
	*not_utf8 = pass.not_utf8;
	return 0;
}

int
blocks_read(struct input *input, const struct source_options *options,
    struct roster *roster, struct err *err)
{
	size_t nrows[FEED_TABLES_MAX] = { 0 }, t;
	bool not_utf8;

	for (t = 0; t < input->binder.ntables; t++)
		nrows[t] = roster->tables[input->binder.tables[t].table].nrows;
	roster_add_file(roster, input->name, input->feed->tables[0]);
	if (blocks_pass(
		input, options, roster, options->encoding, &not_utf8, err) != 0)
		return -1;
	if (!not_utf8)
		return 0;
	for (t = 0; t < input->binder.ntables; t++)
		table_cut(
		    &roster->tables[input->binder.tables[t].table], nrows[t]);
	return blocks_pass(
	    input, options, roster, "windows-1252", &not_utf8, err);
}

/* What the header's record function needs. */
struct header_match {
	struct input *input;
	const struct roster *roster;
	struct err *err;
	bool found;
};

static int
header_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct header_match *match;

	(void)line;
	match = arg;
	match->found = true;
	bind_header(&match->input->binder, match->input->feed, match->roster,
	    match->input->name, cells, ncells, match->err);
	return -1;
}

static int
refuse_utf16(const struct input *input, struct err *err)
{
	err_set(err, EXIT_SOURCE, "%s:1:1: is UTF-16; nothing was published",
	    input->name);
	return err_hint(err,
	    "Save or export it as UTF-8: in Excel, \"CSV"
	    " UTF-8 (comma delimited)\".");
}

/* A tab in the header line makes a tab file (mapping 7). */
static void
choose_format(struct input *input, const struct source_options *options,
    const char *bytes, size_t len)
{
	bool tabs;
	size_t i;

	for (i = 0; i < len && (bytes[i] == '\n' || bytes[i] == '\r'); i++)
		continue;
	tabs = false;
	for (; i < len && bytes[i] != '\n' && bytes[i] != '\r'; i++)
		tabs = tabs || bytes[i] == '\t';
	input->format = (struct csv_format){ tabs ? '\t' : ',',
		!tabs || options->tab_quotes, true };
}

int
blocks_header(struct input *input, const struct source_options *options,
    const struct roster *roster, struct err *err)
{
	struct header_match match = { input, roster, err, false };
	struct csv_problem problem;
	struct buf bytes = { 0 };
	uint32_t lines;
	ssize_t got;
	size_t size;

	size = read_size(input, 0);
	got = pread(input->fd, buf_reserve(&bytes, size + SLACK), size, 0);
	if (got == -1) {
		err_set_errno(err, EXIT_SOURCE, errno,
		    "%s:1:1: cannot be"
		    " read, nothing was published",
		    input->name);
		goto out;
	}
	bytes.len = (size_t)got;
	if (bytes.len >= 2 &&
	    (memcmp(bytes.data, "\xff\xfe", 2) == 0 ||
		memcmp(bytes.data, "\xfe\xff", 2) == 0)) {
		refuse_utf16(input, err);
		goto out;
	}
	drop_bom(&bytes);
	choose_format(input, options, bytes.data, bytes.len);
	memset(buf_reserve(&bytes, SLACK), 0, SLACK);
	csv_read_block(&input->format, bytes.data, bytes.len, header_record,
	    &match, &lines, &problem);
	if (!match.found && problem.fault != CSV_FAULT_NONE) {
		err_set(err, EXIT_SOURCE,
		    "%s:%u:%zu: %s; nothing was"
		    " published",
		    input->name, problem.line + 1, problem.column,
		    faults[problem.fault].what);
		err_hint(err, "%s", faults[problem.fault].hint);
	} else if (!match.found) {
		err_set(err, EXIT_SOURCE,
		    "%s:1:1: is empty; nothing was"
		    " published",
		    input->name);
		err_hint(err, "Export the table again, with its header.");
	}
out:
	buf_free(&bytes);
	return err->code == EXIT_DONE ? 0 : -1;
}

void
input_close(struct input *input)
{
	if (input->fd != -1)
		close(input->fd);
	free(input->name);
	input->fd = -1;
	input->name = NULL;
}
