#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/relay.h"
#include "canvas/beside.h"

/* What a block that goes to the thread stands for. */
enum { BEGIN_EMPTY, BEGIN_FILLED, WRITE, END };

struct beside {
	struct emit_sink own;
	const struct emit_sink *first, *second;
	struct relay *relay;
	/* The thread's, until it has ended. */
	bool failed;
	struct err err;
};

/* On the thread: the second sink gets what the first one got. */
static void
take(void *arg, int what, const char *bytes, size_t len)
{
	const struct emit_sink *to;
	struct beside *beside;
	int rc;

	beside = arg;
	to = beside->second;
	if (beside->failed)
		return;
	if (what == WRITE)
		rc = to->write(to->arg, bytes, len, &beside->err);
	else if (what == END)
		rc = to->end(to->arg, &beside->err);
	else
		rc = to->begin(
		    to->arg, bytes, what == BEGIN_EMPTY, &beside->err);
	beside->failed = rc != 0;
}

static int
begin(void *arg, const char *file, bool empty, struct err *err)
{
	struct beside *beside;

	beside = arg;
	relay_give(beside->relay, empty ? BEGIN_EMPTY : BEGIN_FILLED, file,
	    strlen(file) + 1);
	return beside->first->begin(beside->first->arg, file, empty, err);
}

static int
write_bytes(void *arg, const void *bytes, size_t len, struct err *err)
{
	struct beside *beside;

	beside = arg;
	relay_give(beside->relay, WRITE, bytes, len);
	return beside->first->write(beside->first->arg, bytes, len, err);
}

static int
end(void *arg, struct err *err)
{
	struct beside *beside;

	beside = arg;
	relay_give(beside->relay, END, NULL, 0);
	return beside->first->end(beside->first->arg, err);
}

struct beside *
beside_begin(const struct emit_sink *first, const struct emit_sink *second,
    bool threaded)
{
	struct beside *beside;

	beside = mem_zalloc(1, sizeof(*beside));
	beside->own = (struct emit_sink){ beside, begin, write_bytes, end };
	beside->first = first;
	beside->second = second;
	beside->relay = relay_begin(threaded, take, beside);
	return beside;
}

const struct emit_sink *
beside_get(const struct beside *beside)
{
	return &beside->own;
}

int
beside_end(struct beside *beside, struct err *err)
{
	int rc;

	if (beside == NULL)
		return 0;
	relay_end(beside->relay);
	rc = 0;
	if (beside->failed) {
		if (err->code == EXIT_DONE)
			*err = beside->err;
		rc = -1;
	}
	free(beside);
	return rc;
}
