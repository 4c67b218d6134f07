#include <errno.h>
#include <fcntl.h>
#include <minizip/zip.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"
#include "pack/zip.h"

/*
 * An entry is cut into chunks of CHUNK_SIZE bytes. Each is deflated on its
 * own, with the 32 KiB before it as dictionary and Z_SYNC_FLUSH at its end, so
 * that the pieces one behind another are one deflate stream. Threads take
 * chunks in any order; the caller writes them in theirs. Chunk borders, not
 * threads, decide about the bytes.
 */
#define CHUNK_SIZE ((size_t)1 << 20)
#define WINDOW_SIZE ((size_t)32 << 10)
#define ENTRY_MAX ((uint64_t)0xfffff000) /* more would need zip64 */
#define THREADS_MAX 16
#define CHUNKS_PER_THREAD 3

#define DOS_DATE_1980_01_01 ((1U << 21) | (1U << 16))
#define MADE_BY_UNIX_2_0 ((3U << 8) | 20U)
#define MODE_0600 (0100600UL << 16)

enum chunk_state { CHUNK_FILLING, CHUNK_FULL, CHUNK_TAKEN, CHUNK_DEFLATED };

struct chunk {
	enum chunk_state state;
	unsigned char *in; /* the window, then the bytes */
	size_t window, len;
	bool last; /* of its entry */
	unsigned char *out;
	size_t outlen;
	uLong crc;
};

struct zip {
	int fd;	  /* to sync; minizip has its own */
	int lost; /* errno: minizip went on with a place that it did not know */
	char *name;
	zipFile file;
	int level;
	size_t out_size; /* what a chunk can grow to */

	struct chunk *chunks; /* a ring */
	size_t nchunks;
	size_t filling; /* the chunk that bytes go into */
	size_t writing; /* the next one to be written */
	size_t pending; /* chunks between these two */
	uint64_t bytes; /* of the entry */
	uLong crc;

	pthread_t threads[THREADS_MAX];
	size_t nthreads, wanted; /* that run; that may */
	pthread_mutex_t lock;
	pthread_cond_t filled, deflated;
	size_t taking; /* the next one for a thread */
	bool over;
};

static void *
open_own_file(void *opaque, const void *path, int mode)
{
	const struct zip *zip;
	int fd;

	(void)path;
	(void)mode;
	zip = opaque;
	fd = fcntl(zip->fd, F_DUPFD_CLOEXEC, 0);
	return fd == -1 ? NULL : fdopen(fd, "w+");
}

/* minizip takes what ftello() returns for a place, an error as well. */
static ZPOS64_T
tell_own_file(void *opaque, void *stream)
{
	struct zip *zip;
	off_t at;

	zip = opaque;
	at = ftello(stream);
	if (at == -1)
		zip->lost = errno;
	return (ZPOS64_T)at;
}

static int
zip_failed(const struct zip *zip, struct err *err)
{
	err_set_errno(err, EXIT_IO, errno == 0 ? EIO : errno,
	    "writing %s failed, nothing was published", zip->name);
	return err_hint(err,
	    "Make room on the disk and run again; the last"
	    " published run is untouched.");
}

static _Noreturn void
deflate_broken(void)
{
	mem_library_gave_up("zlib refuses to deflate");
}

static void
chunk_deflate(const struct zip *zip, struct chunk *chunk)
{
	z_stream stream = { 0 };
	int flush, rc;

	if (deflateInit2(&stream, zip->level, Z_DEFLATED, -MAX_WBITS, 8,
		Z_DEFAULT_STRATEGY) != Z_OK)
		deflate_broken();
	if (chunk->window > 0 &&
	    deflateSetDictionary(&stream, chunk->in, (uInt)chunk->window) !=
		Z_OK)
		deflate_broken();
	stream.next_in = chunk->in + chunk->window;
	stream.avail_in = (uInt)chunk->len;
	stream.next_out = chunk->out;
	stream.avail_out = (uInt)zip->out_size;
	flush = chunk->last ? Z_FINISH : Z_SYNC_FLUSH;
	rc = deflate(&stream, flush);
	if (rc != (chunk->last ? Z_STREAM_END : Z_OK) || stream.avail_in != 0 ||
	    stream.avail_out == 0)
		deflate_broken();
	chunk->outlen = zip->out_size - stream.avail_out;
	deflateEnd(&stream);
	chunk->crc = crc32(0, chunk->in + chunk->window, (uInt)chunk->len);
}

static void *
deflate_chunks(void *arg)
{
	struct zip *zip;
	struct chunk *chunk;

	zip = arg;
	pthread_mutex_lock(&zip->lock);
	for (;;) {
		chunk = &zip->chunks[zip->taking];
		if (chunk->state != CHUNK_FULL) {
			if (zip->over)
				break;
			pthread_cond_wait(&zip->filled, &zip->lock);
			continue;
		}
		chunk->state = CHUNK_TAKEN;
		zip->taking = (zip->taking + 1) % zip->nchunks;
		pthread_mutex_unlock(&zip->lock);
		chunk_deflate(zip, chunk);
		pthread_mutex_lock(&zip->lock);
		chunk->state = CHUNK_DEFLATED;
		pthread_cond_signal(&zip->deflated);
	}
	pthread_mutex_unlock(&zip->lock);
	return NULL;
}

static void
chunks_new(struct zip *zip)
{
	struct chunk *chunk;
	size_t i;

	zip->nchunks = zip->wanted * CHUNKS_PER_THREAD + 1;
	zip->out_size = compressBound(CHUNK_SIZE) + 64;
	zip->chunks = mem_zalloc(zip->nchunks, sizeof(*zip->chunks));
	for (i = 0; i < zip->nchunks; i++) {
		chunk = &zip->chunks[i];
		chunk->in = mem_alloc(WINDOW_SIZE + CHUNK_SIZE);
		chunk->out = mem_alloc(zip->out_size);
	}
}

static void
threads_prepare(struct zip *zip, unsigned jobs)
{
	pthread_mutex_init(&zip->lock, NULL);
	pthread_cond_init(&zip->filled, NULL);
	pthread_cond_init(&zip->deflated, NULL);
	zip->wanted = jobs < 2 ? 0 : jobs < THREADS_MAX ? jobs : THREADS_MAX;
}

/*
 * The first entry of more than one chunk is worth threads. With one job, or
 * when no thread can be had, the caller deflates.
 */
static void
threads_start(struct zip *zip)
{
	while (zip->nthreads < zip->wanted &&
	    pthread_create(
		&zip->threads[zip->nthreads], NULL, deflate_chunks, zip) == 0)
		zip->nthreads++;
	zip->wanted = 0;
}

static void
threads_stop(struct zip *zip)
{
	size_t i;

	pthread_mutex_lock(&zip->lock);
	zip->over = true;
	pthread_cond_broadcast(&zip->filled);
	pthread_mutex_unlock(&zip->lock);
	for (i = 0; i < zip->nthreads; i++)
		pthread_join(zip->threads[i], NULL);
	zip->nthreads = 0;
}

struct zip *
zip_create(
    int dirfd, const char *name, int level, unsigned jobs, struct err *err)
{
	zlib_filefunc64_def functions;
	struct zip *zip;

	zip = mem_zalloc(1, sizeof(*zip));
	zip->name = mem_strdup(name);
	zip->level = level;
	zip->fd = -1;
	threads_prepare(zip, jobs);
	chunks_new(zip);
	zip->fd = openat(dirfd, name,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (zip->fd != -1) {
		fill_fopen64_filefunc(&functions);
		functions.zopen64_file = open_own_file;
		functions.ztell64_file = tell_own_file;
		functions.opaque = zip;
		zip->file = zipOpen2_64(
		    name, APPEND_STATUS_CREATE, NULL, &functions);
	}
	if (zip->file != NULL)
		return zip;
	zip_failed(zip, err);
	zip_abandon(zip);
	return NULL;
}

int
zip_entry_begin(struct zip *zip, const char *name, struct err *err)
{
	zip_fileinfo info = { .dosDate = DOS_DATE_1980_01_01,
		.external_fa = MODE_0600 };
	struct chunk *chunk;

	errno = 0;
	if (zipOpenNewFileInZip4_64(zip->file, name, &info, NULL, 0, NULL, 0,
		NULL, Z_DEFLATED, zip->level, 1, -MAX_WBITS, 8,
		Z_DEFAULT_STRATEGY, NULL, 0, MADE_BY_UNIX_2_0, 0, 0) != ZIP_OK)
		return zip_failed(zip, err);
	zip->bytes = 0;
	zip->crc = crc32(0, NULL, 0);
	chunk = &zip->chunks[zip->filling];
	chunk->window = chunk->len = 0;
	chunk->last = false;
	return 0;
}

/*
 * Whether a chunk is deflated; with wait it is in the end. A chunk that no
 * thread has taken by then is deflated here: it is the next to be taken, for
 * those before it are written already.
 */
static bool
chunk_is_deflated(struct zip *zip, struct chunk *chunk, bool wait)
{
	bool own, done;

	pthread_mutex_lock(&zip->lock);
	own = chunk->state == CHUNK_FULL && (wait || zip->nthreads == 0);
	if (own) {
		chunk->state = CHUNK_TAKEN;
		zip->taking = (zip->taking + 1) % zip->nchunks;
		pthread_mutex_unlock(&zip->lock);
		chunk_deflate(zip, chunk);
		pthread_mutex_lock(&zip->lock);
		chunk->state = CHUNK_DEFLATED;
	}
	while (wait && chunk->state != CHUNK_DEFLATED)
		pthread_cond_wait(&zip->deflated, &zip->lock);
	done = chunk->state == CHUNK_DEFLATED;
	pthread_mutex_unlock(&zip->lock);
	return done;
}

/*
 * Writes the chunks that are deflated, in order, until there is a free one
 * to fill; with all, until every chunk is written.
 */
static int
write_chunks(struct zip *zip, bool all, struct err *err)
{
	struct chunk *chunk;
	bool wait;

	for (; zip->pending > 0; zip->pending--) {
		chunk = &zip->chunks[zip->writing];
		wait = all || zip->pending == zip->nchunks;
		if (!chunk_is_deflated(zip, chunk, wait))
			return 0;
		errno = 0;
		if (zipWriteInFileInZip(zip->file, chunk->out,
			(unsigned)chunk->outlen) != ZIP_OK)
			return zip_failed(zip, err);
		zip->crc = crc32_combine(
		    zip->crc, chunk->crc, (z_off_t)chunk->len);
		zip->writing = (zip->writing + 1) % zip->nchunks;
	}
	return 0;
}

/* Hands the chunk at hand to the threads and starts the next one. */
static int
chunk_submit(struct zip *zip, bool last, struct err *err)
{
	struct chunk *chunk, *next;
	unsigned char *tail;
	size_t window;

	chunk = &zip->chunks[zip->filling];
	chunk->last = last;
	window = chunk->len < WINDOW_SIZE ? chunk->len : WINDOW_SIZE;
	tail = chunk->in + chunk->window + chunk->len - window;
	if (!last)
		threads_start(zip);
	pthread_mutex_lock(&zip->lock);
	chunk->state = CHUNK_FULL;
	pthread_cond_signal(&zip->filled);
	pthread_mutex_unlock(&zip->lock);
	zip->pending++;
	zip->filling = (zip->filling + 1) % zip->nchunks;
	if (write_chunks(zip, last, err) != 0)
		return -1;
	next = &zip->chunks[zip->filling];
	next->len = next->window = 0;
	if (last)
		return 0;
	/* A thread only reads its chunk's input, and so may this. */
	memmove(next->in, tail, window);
	next->window = window;
	return 0;
}

int
zip_add(struct zip *zip, const void *bytes, size_t len, struct err *err)
{
	const unsigned char *from;
	struct chunk *chunk;
	size_t part;

	if (zip->bytes + len > ENTRY_MAX) {
		err_set(err, EXIT_IO,
		    "a sheet of more than 4 GiB does not fit"
		    " into %s; nothing was published",
		    zip->name);
		return err_hint(err,
		    "Canvas takes no such file either:"
		    " exclude schools and send them in several runs.");
	}
	zip->bytes += len;
	for (from = bytes; len > 0; from += part, len -= part) {
		chunk = &zip->chunks[zip->filling];
		part = CHUNK_SIZE - chunk->len;
		if (part > len)
			part = len;
		memcpy(chunk->in + chunk->window + chunk->len, from, part);
		chunk->len += part;
		if (chunk->len == CHUNK_SIZE &&
		    chunk_submit(zip, false, err) != 0)
			return -1;
	}
	return 0;
}

int
zip_entry_end(struct zip *zip, struct err *err)
{
	if (chunk_submit(zip, true, err) != 0)
		return -1;
	errno = 0;
	if (zipCloseFileInZipRaw64(zip->file, zip->bytes, zip->crc) != ZIP_OK)
		return zip_failed(zip, err);
	return 0;
}

int
zip_close(struct zip *zip, struct err *err)
{
	int rc;

	rc = 0;
	errno = 0;
	if (zipClose(zip->file, NULL) != ZIP_OK || fsync(zip->fd) == -1)
		rc = zip_failed(zip, err);
	zip->file = NULL;
	if (zip->lost != 0 && rc == 0) {
		errno = zip->lost;
		rc = zip_failed(zip, err);
	}
	if (close(zip->fd) == -1 && rc == 0)
		rc = zip_failed(zip, err);
	zip->fd = -1;
	zip_abandon(zip);
	return rc;
}

void
zip_abandon(struct zip *zip)
{
	size_t i;

	if (zip == NULL)
		return;
	threads_stop(zip);
	if (zip->file != NULL)
		zipClose(zip->file, NULL);
	if (zip->fd != -1)
		close(zip->fd);
	for (i = 0; i < zip->nchunks; i++) {
		free(zip->chunks[i].in);
		free(zip->chunks[i].out);
	}
	free(zip->chunks);
	pthread_mutex_destroy(&zip->lock);
	pthread_cond_destroy(&zip->filled);
	pthread_cond_destroy(&zip->deflated);
	free(zip->name);
	free(zip);
}

const char *
zip_library(void)
{
	return "zlib " ZLIB_VERSION;
}
