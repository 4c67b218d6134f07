#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csvio.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "source/feeds.h"
#include "sim_load.h"

#define BLOCK ((size_t)8 << 20)
#define BEHIND 16 /* bytes that csv_read_block() wants behind a block */
#define MADE_PERSON 400000 /* added to a student's DCID: the person */
#define MADE_KEY 700000	   /* added to an id to make the DCID that is missing */

static const struct {
	enum table_id from;
	enum sim_table_id to;
} tables[] = {
	{ T_SCHOOL, SIM_SCHOOLS },
	{ T_TERM, SIM_TERMS },
	{ T_COURSE, SIM_COURSES },
	{ T_SECTION, SIM_SECTIONS },
	{ T_STUDENT, SIM_STUDENTS },
	{ T_USER, SIM_USERS },
	{ T_SCHOOLSTAFF, SIM_SCHOOLSTAFF },
	{ T_CC, SIM_CC },
	{ T_SECTIONTEACHER, SIM_SECTIONTEACHER },
	{ T_ROLEDEF, SIM_ROLEDEF },
	{ T_STUDENTEMAIL, SIM_STUDENTEMAIL },
};

/* Other names that exports have for columns of studentemail. */
static const struct {
	const char *export, *column;
} aliases[] = {
	{ "emailaddr", "email" },
	{ "studentemail", "email" },
	{ "primary", "isprimary" },
};

/* One file while it is read. */
struct file {
	struct sim_district *district;
	const struct feed *feed;
	struct sim_table *table;
	char *path;
	const char *name;
	int cells[SIM_COLUMNS_MAX]; /* of each column; -1: none */
	int email;		    /* students: the cell of the address */
	bool headed;
	uint32_t line; /* physical lines before the block */
	struct err *err;
};

/* The cell whose bare header is that of a column. */
static void
bind(struct file *file, const char *bare, int cell)
{
	const struct sim_table_def *def;
	const char *name;
	size_t i;
	int c;

	def = file->table->def;
	if (def == &sim_tables[SIM_STUDENTS] &&
	    (strcmp(bare, "studentemail") == 0 || strcmp(bare, "email") == 0 ||
		strcmp(bare, "emailaddr") == 0)) {
		file->email = cell;
		return;
	}
	for (c = 0; (name = def->columns[c].name) != NULL; c++) {
		if (feed_column_is(bare, name))
			file->cells[c] = cell;
		for (i = 0; def == &sim_tables[SIM_STUDENTEMAIL] &&
		     i < sizeof(aliases) / sizeof(aliases[0]);
		     i++) {
			if (strcmp(aliases[i].column, name) == 0 &&
			    strcmp(aliases[i].export, bare) == 0)
				file->cells[c] = cell;
		}
	}
}

static void
read_header(struct file *file, const struct csv_cell *cells, size_t ncells)
{
	size_t i;
	char *bare;
	int c;

	for (c = 0; c < SIM_COLUMNS_MAX; c++)
		file->cells[c] = -1;
	file->email = -1;
	for (i = 0; i < ncells; i++) {
		bare = mem_alloc(cells[i].len + 1);
		if (feed_column(file->feed, cells[i].bytes, cells[i].len, bare))
			bind(file, bare, (int)i);
		free(bare);
	}
	file->headed = true;
}

/* Dates go out as YYYY-MM-DD; one that is none stays as it is. */
static struct str
iso_date(struct str cell, char text[DATE_TEXT_SIZE])
{
	int32_t date;

	if (cell.len == 10 && cell.bytes[4] == '-' && cell.bytes[7] == '-')
		return cell;
	date = date_parse(cell.bytes, cell.len);
	if (date == DATE_BAD)
		return cell;
	date_format(date, text);
	return (struct str){ text, strlen(text) };
}

/* Every row of a server has its key; exports may lack the column. */
static struct str
made_key(const struct file *file, struct str id, char text[32])
{
	int64_t number;

	if (strcmp(file->table->def->columns[0].name, "dcid") != 0 &&
	    file->table->def != &sim_tables[SIM_SECTIONTEACHER])
		return (struct str){ "", 0 };
	if (!sim_number(id, &number))
		number = (int64_t)file->table->count + 1;
	snprintf(text, 32, "%lld", (long long)(MADE_KEY + number));
	return (struct str){ text, strlen(text) };
}

/* Every student of a newer server is a person too. */
static struct str
made_person(struct str dcid, char text[32])
{
	int64_t number;

	if (!sim_number(dcid, &number))
		return (struct str){ "", 0 };
	snprintf(text, 32, "%lld", (long long)(MADE_PERSON + number));
	return (struct str){ text, strlen(text) };
}

/* An address of a students export goes to the table of addresses. */
static void
put_email(struct file *file, struct str dcid, struct str id, struct str email)
{
	struct str cells[SIM_COLUMNS_MAX] = { { "", 0 } };

	cells[0] = dcid;
	cells[1] = email;
	cells[2] = (struct str){ "1", 1 };
	cells[3] = id;
	sim_append(&file->district->addresses, cells);
}

static int
read_record(void *arg, struct csv_cell *cells, size_t ncells, uint32_t line)
{
	struct file *file = arg;
	struct str out[SIM_COLUMNS_MAX];
	char dates[SIM_COLUMNS_MAX][DATE_TEXT_SIZE], key[32], person[32];
	int c, cell;

	if (!file->headed) {
		read_header(file, cells, ncells);
		return 0;
	}
	for (c = 0; file->table->def->columns[c].name != NULL; c++) {
		cell = file->cells[c];
		out[c] = (struct str){ "", 0 };
		if (cell < 0)
			continue;
		if ((size_t)cell >= ncells)
			return err_set(file->err, EXIT_SOURCE,
			    "%s:%u: the row is too short", file->name,
			    file->line + line + 1);
		out[c] = (struct str){ cells[cell].bytes, cells[cell].len };
		if (file->table->def->columns[c].type == SIM_DATE)
			out[c] = iso_date(out[c], dates[c]);
	}
	if (out[0].len == 0)
		out[0] = made_key(file, out[1], key);
	c = sim_column_find(file->table->def, "person_id", 9);
	if (c >= 0 && out[c].len == 0)
		out[c] = made_person(out[0], person);
	sim_append(file->table, out);
	if (file->email >= 0 && (size_t)file->email < ncells &&
	    cells[file->email].len > 0)
		put_email(file, out[0], out[1],
		    (struct str){
			cells[file->email].bytes, cells[file->email].len });
	return 0;
}

/* Reads one block; *used is how much of it were whole records. */
static int
read_block(struct file *file, const struct csv_format *format, char *bytes,
    size_t len, bool at_end, size_t *used)
{
	struct csv_problem problem = { 0 };
	uint32_t lines;

	*used = csv_whole_records(format, bytes, len, at_end);
	if (utf8_valid(bytes, *used) != *used)
		return err_set(file->err, EXIT_SOURCE,
		    "%s: the simulator takes UTF-8 alone", file->name);
	lines = 0;
	if (csv_read_block(
		format, bytes, *used, read_record, file, &lines, &problem) != 0)
		return err_set(file->err, EXIT_SOURCE,
		    "%s:%u:%zu: the record cannot be read", file->name,
		    file->line + problem.line + 1, problem.column);
	file->line += lines;
	return 0;
}

/* Reads from fd to fill bytes; *at_end when there is no more. */
static int
fill(struct file *file, int fd, char *bytes, size_t *len, size_t size,
    bool *at_end)
{
	ssize_t n;

	while (*len < size) {
		n = read(fd, bytes + *len, size - *len);
		if (n < 0)
			return err_set_errno(file->err, EXIT_IO, errno,
			    "%s cannot be read", file->path);
		*at_end = n == 0;
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return 0;
}

static int
read_rows(struct file *file, int fd)
{
	struct csv_format format = { 0 };
	size_t len, size, used, skip;
	bool at_end;
	char *bytes, *end;
	int rc;

	size = BLOCK;
	bytes = mem_alloc(size + BEHIND);
	len = 0;
	at_end = false;
	do {
		if ((rc = fill(file, fd, bytes, &len, size, &at_end)) != 0)
			break;
		skip = 0;
		if (format.separator == '\0') {
			end = memchr(bytes, '\n', len);
			format.quotes = memchr(bytes, '\t',
					    end == NULL ?
						len :
						(size_t)(end - bytes)) == NULL;
			format.separator = format.quotes ? ',' : '\t';
			format.plain_path = true;
			skip = len >= 3 &&
				memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ?
			    3 :
			    0;
		}
		memset(bytes + len, 0, BEHIND);
		rc = read_block(
		    file, &format, bytes + skip, len - skip, at_end, &used);
		used += skip;
		memmove(bytes, bytes + used, len - used);
		len -= used;
		if (used == 0 && !at_end) {
			size *= 2;
			bytes = mem_realloc(bytes, size + BEHIND, 1);
		}
	} while (rc == 0 && !at_end);
	free(bytes);
	return rc;
}

static int
read_file(struct sim_district *district, const char *folder, const char *name,
    struct err *err)
{
	struct file file = { .district = district, .name = name, .err = err };
	size_t i;
	int fd, rc;

	file.feed = feed_of_file(name);
	if (file.feed == NULL)
		return 0;
	if (file.feed->ntables > 1 || strstr(file.feed->name, "schedules"))
		return err_set(err, EXIT_SOURCE,
		    "%s: the simulator takes tables, not the older set", name);
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (tables[i].from == file.feed->tables[0])
			file.table = &district->tables[tables[i].to];
	}
	file.path = mem_printf("%s/%s", folder, name);
	rc = -1;
	fd = open(file.path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err_set_errno(
		    err, EXIT_IO, errno, "%s cannot be opened", file.path);
	else
		rc = read_rows(&file, fd);
	if (fd >= 0)
		close(fd);
	free(file.path);
	return rc;
}

int
sim_load(struct sim_district *district, const char *folder, struct err *err)
{
	struct dirent **list;
	int i, n, rc;

	n = scandir(folder, &list, NULL, alphasort);
	if (n < 0)
		return err_set_errno(
		    err, EXIT_SOURCE, errno, "%s cannot be read", folder);
	rc = 0;
	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = read_file(district, folder, list[i]->d_name, err);
		free(list[i]);
	}
	free(list);
	if (rc == 0 && district->tables[SIM_SCHOOLS].count == 0)
		return err_set(err, EXIT_SOURCE,
		    "%s holds no schools export with a row", folder);
	return rc;
}
