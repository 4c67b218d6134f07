#include <fcntl.h>
#include <limits.h>
#include <minizip/unzip.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "base/unzip.h"

#define PIECE_SIZE ((size_t)1 << 18) /* bytes inflated at once */
#define NAME_SIZE ((size_t)1 << 16)  /* of a name in a zip, and the NUL */
#define END_RECORD_SIZE 22	     /* of a zip */
#define MADE_ON_UNIX 3
#define FLAG_ENCRYPTED 1U

struct unzip {
	char *path;  /* as it was given, for messages */
	unzFile zip; /* NULL: a zip without entries */
	enum unzip_refusal refusal;
	struct unzip_entry *entries;
	size_t nentries, capentries;
};

/* A `..` in the path, a NUL, or a part that is no name of a file. */
static bool
is_unsafe(const char *name, size_t len)
{
	const char *part, *end;
	size_t of_part;

	if (strlen(name) != len)
		return true;
	for (part = name;; part = end + 1) {
		end = strchrnul(part, '/');
		of_part = (size_t)(end - part);
		if (of_part > NAME_MAX ||
		    (of_part == 2 && memcmp(part, "..", 2) == 0))
			return true;
		if (*end == '\0')
			return false;
	}
}

static enum unzip_kind
kind_of(const unz_file_info64 *info, const char *name)
{
	size_t len;

	len = strlen(name);
	if (len == 0 || name[len - 1] == '/')
		return UNZIP_FOLDER;
	return info->version >> 8 == MADE_ON_UNIX &&
		S_ISLNK(info->external_fa >> 16) ?
	    UNZIP_LINK :
	    UNZIP_FILE;
}

/* Takes in the entry at hand; *bytes counts what its files would take. */
static void
list_entry(struct unzip *zip, const unz_file_info64 *info, const char *name,
    uint64_t *bytes)
{
	struct unzip_entry entry = { .size = info->uncompressed_size };
	unz64_file_pos pos;

	if (is_unsafe(name, info->size_filename)) {
		entry.kind = UNZIP_UNSAFE;
	} else {
		while (*name == '/')
			name++;
		entry.kind = kind_of(info, name);
	}
	entry.name = mem_strdup(name);
	entry.method_known = info->compression_method == 0 ||
	    info->compression_method == Z_DEFLATED;
	if (entry.kind == UNZIP_FILE) {
		*bytes += info->uncompressed_size;
		if (info->flag & FLAG_ENCRYPTED)
			zip->refusal = UNZIP_ENCRYPTED;
		unzGetFilePos64(zip->zip, &pos);
		entry.place[0] = pos.pos_in_zip_directory;
		entry.place[1] = pos.num_of_file;
	}
	zip->entries = mem_grow(zip->entries, zip->nentries, &zip->capentries,
	    sizeof(*zip->entries));
	zip->entries[zip->nentries++] = entry;
}

static int
damaged(const struct unzip *zip, const char *name, struct err *err)
{
	err_set(err, EXIT_SOURCE, "%s%s%s: the zip is damaged or cut short",
	    zip->path, *name == '\0' ? "" : ": ", name);
	return err_hint(
	    err, "unzip -t %s says more; make or copy it again.", zip->path);
}

static int
list_entries(struct unzip *zip, uint64_t *bytes, struct err *err)
{
	unz_file_info64 info;
	char *name;
	int at;

	name = mem_alloc(NAME_SIZE + 1);
	for (at = unzGoToFirstFile(zip->zip);
	     at == UNZ_OK && zip->nentries < UNZIP_ENTRIES_MAX;
	     at = unzGoToNextFile(zip->zip)) {
		at = unzGetCurrentFileInfo64(
		    zip->zip, &info, name, NAME_SIZE, NULL, 0, NULL, 0);
		if (at != UNZ_OK)
			break;
		name[info.size_filename] = '\0';
		list_entry(zip, &info, name, bytes);
	}
	free(name);
	return at == UNZ_OK || at == UNZ_END_OF_LIST_OF_FILE ?
	    0 :
	    damaged(zip, "", err);
}

/*
 * A zip without entries is its end record and perhaps a comment. minizip
 * does not open it, and takes one whose end record is cut for empty.
 */
static bool
is_empty_zip(const char *path)
{
	char magic[4] = "";
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	if (pread(fd, magic, sizeof(magic), 0) != sizeof(magic))
		magic[0] = '\0';
	close(fd);
	return memcmp(magic, "PK\5\6", sizeof(magic)) == 0;
}

static int
list(struct unzip *zip, uint64_t size, struct err *err)
{
	unz_global_info64 info;
	uint64_t bytes;

	if (size >= END_RECORD_SIZE && is_empty_zip(zip->path))
		return 0;
	zip->zip = unzOpen64(zip->path);
	if (zip->zip == NULL || unzGetGlobalInfo64(zip->zip, &info) != UNZ_OK ||
	    info.number_entry == 0)
		return damaged(zip, "", err);
	bytes = 0;
	if (list_entries(zip, &bytes, err) != 0)
		return -1;
	if (info.number_entry > UNZIP_ENTRIES_MAX)
		zip->refusal = UNZIP_MANY;
	else if (bytes > UNZIP_BYTES_MAX || bytes > size * UNZIP_RATIO_MAX)
		zip->refusal = UNZIP_LARGE;
	return 0;
}

struct unzip *
unzip_open(const char *path, uint64_t size, struct err *err)
{
	struct unzip *zip;

	zip = mem_zalloc(1, sizeof(*zip));
	zip->path = mem_strdup(path);
	if (list(zip, size, err) == 0)
		return zip;
	unzip_close(zip);
	return NULL;
}

void
unzip_close(struct unzip *zip)
{
	size_t i;

	if (zip == NULL)
		return;
	for (i = 0; i < zip->nentries; i++)
		free(zip->entries[i].name);
	free(zip->entries);
	if (zip->zip != NULL)
		unzClose(zip->zip);
	free(zip->path);
	free(zip);
}

enum unzip_refusal
unzip_refusal(const struct unzip *zip)
{
	return zip->refusal;
}

const struct unzip_entry *
unzip_entries(const struct unzip *zip, size_t *count)
{
	*count = zip->nentries;
	return zip->entries;
}

/* Hands on the bytes of the zip's current entry. */
static int
inflate_pieces(struct unzip *zip, const struct unzip_entry *entry,
    unzip_put_fn *put, void *arg, struct err *err)
{
	uint64_t left;
	char *piece;
	int got, rc;

	piece = mem_alloc(PIECE_SIZE);
	rc = 0;
	for (left = entry->size; rc == 0 && left > 0; left -= (uint64_t)got) {
		got = unzReadCurrentFile(zip->zip, piece, PIECE_SIZE);
		if (got <= 0 || (uint64_t)got > left)
			rc = damaged(zip, entry->name, err);
		else if (interrupt_check(err) != 0)
			rc = -1;
		else
			rc = put(arg, piece, (size_t)got, err);
	}
	free(piece);
	return rc;
}

int
unzip_inflate(struct unzip *zip, const struct unzip_entry *entry,
    unzip_put_fn *put, void *arg, struct err *err)
{
	unz64_file_pos pos = { entry->place[0], entry->place[1] };
	int rc;

	if (zip->refusal != UNZIP_WELCOME)
		return err_set(
		    err, EXIT_SOURCE, "%s was not unpacked", zip->path);
	if (unzGoToFilePos64(zip->zip, &pos) != UNZ_OK ||
	    unzOpenCurrentFile(zip->zip) != UNZ_OK)
		return damaged(zip, entry->name, err);
	rc = inflate_pieces(zip, entry, put, arg, err);
	/* The close compares the CRC once all bytes were read. */
	if (unzCloseCurrentFile(zip->zip) != UNZ_OK && rc == 0)
		rc = damaged(zip, entry->name, err);
	return rc;
}

static bool
has_ending(const char *path, const char *ending)
{
	size_t len, of_ending;

	len = strlen(path);
	of_ending = strlen(ending);
	return len >= of_ending &&
	    strcasecmp(path + len - of_ending, ending) == 0;
}

bool
unzip_looks_like(const char *path, int fd)
{
	char magic[4];

	if (has_ending(path, ".zip") || has_ending(path, ".csv"))
		return has_ending(path, ".zip");
	return pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	    memcmp(magic, "PK", 2) == 0 && (unsigned char)magic[2] < ' ';
}
