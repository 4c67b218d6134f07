#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "sim_record.h"
#include "sim_rows.h"

#define SHOWN_MAX 4096 /* bytes of a body that are written down */

struct sim_record {
	int fd;
};

struct sim_record *
sim_record_open(const char *path, struct err *err)
{
	struct sim_record *record;
	int fd;

	fd = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
	if (fd < 0) {
		err_set_errno(err, EXIT_IO, errno, "%s", path);
		return NULL;
	}
	record = mem_zalloc(1, sizeof(*record));
	record->fd = fd;
	return record;
}

void
sim_record_close(struct sim_record *record)
{
	if (record == NULL)
		return;
	close(record->fd);
	free(record);
}

static void
put_text(struct buf *line, const char *name, const char *text, size_t len)
{
	buf_printf(line, ",\"%s\":", name);
	if (utf8_valid(text, len) != len) {
		text = "(not UTF-8)";
		len = strlen(text);
	}
	sim_json_text(line, (struct str){ text, len });
}

static const char *
auth_kind(const char *authorization)
{
	if (*authorization == '\0')
		return "none";
	if (strncasecmp(authorization, "Basic ", 6) == 0)
		return "basic";
	return strncasecmp(authorization, "Bearer ", 7) == 0 ? "bearer" :
							       "other";
}

void
sim_record_put(struct sim_record *record, const struct sim_entry *entry)
{
	const struct sim_request *request = entry->request;
	struct buf line = { 0 };

	if (record == NULL)
		return;
	buf_printf(&line,
	    "{\"seq\":%" PRIu64 ",\"start_ms\":%" PRId64 ",\"end_ms\":%" PRId64
	    ",\"in_flight\":%u",
	    entry->sequence, entry->start_ms, entry->end_ms, entry->in_flight);
	put_text(&line, "method", request->method, strlen(request->method));
	put_text(&line, "path", request->uri, strlen(request->uri));
	put_text(&line, "auth", auth_kind(request->authorization),
	    strlen(auth_kind(request->authorization)));
	buf_printf(
	    &line, ",\"auth_right\":%s", entry->auth_right ? "true" : "false");
	put_text(&line, "accept", request->accept, strlen(request->accept));
	put_text(&line, "accept_encoding", request->accept_encoding,
	    strlen(request->accept_encoding));
	put_text(&line, "content_type", request->content_type,
	    strlen(request->content_type));
	buf_printf(&line, ",\"body_bytes\":%zu", request->body.len);
	/* Only the arguments of a query: they are no secret. */
	if (request->body.len > 0 && request->body.len <= SHOWN_MAX &&
	    strncmp(request->path, "/ws/schema/query/", 17) == 0)
		put_text(&line, "body", request->body.data, request->body.len);
	buf_printf(&line, ",\"status\":%u,\"sent_bytes\":%" PRIu64 "}\n",
	    entry->status, entry->sent);
	if (write(record->fd, line.data, line.len) != (ssize_t)line.len)
		abort(); /* a test must not go on without its record */
	buf_free(&line);
}
