#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pack/runs_chain.h"
#include "pack/runs_decisions.h"
#include "pack/runs_purged.h"

/* One run of the chain, whether it is here or was purged. */
struct chain_link {
	const char *id;
	unsigned long number;
	const char *hash;     /* of its manifest */
	const char *previous; /* hash of the manifest before; "": none */
	bool previous_known;
	struct past_run *run; /* NULL: purged */
};

struct chain {
	struct chain_link *links; /* by number */
	size_t count, cap;
};

static void
add_link(struct chain *chain, struct chain_link link)
{
	chain->links = mem_grow(
	    chain->links, chain->count, &chain->cap, sizeof(*chain->links));
	chain->links[chain->count++] = link;
}

static void
add_runs(struct chain *chain, const struct runs *runs)
{
	struct err ignored = { 0 };
	struct past_run *run;
	const char *previous;
	size_t i;

	for (i = 0; i < runs->count; i++) {
		run = &runs->all[i];
		/* One that cannot be read is a fault of its own. */
		runs_manifest(runs, run, &ignored);
		previous = json_text(
		    json_get(run->manifest, "previous_manifest_sha256"));
		add_link(chain,
		    (struct chain_link){ run->id, run->number,
			run->manifest_sha256, previous == NULL ? "" : previous,
			run->manifest != NULL, run });
	}
}

static void
add_purged(struct chain *chain, const struct runs *runs,
    const struct json *document, struct runs_verdict *verdict)
{
	const char *id, *hash, *previous;
	const struct json *entry;
	unsigned long number;

	for (entry = runs_purged_first(document); entry != NULL;
	     entry = json_next(entry)) {
		id = json_text(json_get(entry, "run"));
		hash = json_text(json_get(entry, "manifest_sha256"));
		previous = json_text(
		    json_get(entry, "previous_manifest_sha256"));
		number = id == NULL ? 0 : runs_number(id);
		if (number == 0 || hash == NULL)
			runs_verify_fault(verdict, "", RUNS_PURGED,
			    "an entry"
			    " without a run's id or its hash");
		else if (runs_by_id(runs, id) == NULL)
			add_link(chain,
			    (struct chain_link){ id, number, hash,
				previous == NULL ? "" : previous, true, NULL });
	}
}

static int
by_number(const void *a, const void *b)
{
	const struct chain_link *x, *y;

	x = a;
	y = b;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* Says where the chain is broken between before (or NULL) and link. */
static void
say_broken(const struct chain_link *before, const struct chain_link *link,
    struct runs_verdict *verdict)
{
	if (before == NULL ||
	    (link->previous[0] != '\0' && link->number > before->number + 1))
		runs_verify_fault(verdict, link->id, RUNS_MANIFEST,
		    "the run"
		    " before it is gone, and not by purge");
	else if (link->previous[0] == '\0')
		runs_verify_fault(verdict, link->id, RUNS_MANIFEST,
		    "it says"
		    " that no run was before it, but %s was",
		    before->id);
	else if (before->run == NULL)
		runs_verify_fault(verdict, link->id, RUNS_MANIFEST,
		    "the run"
		    " before it is not the %s that " RUNS_PURGED " has",
		    before->id);
	else
		runs_verify_fault(verdict, before->id, RUNS_MANIFEST,
		    "changed: %s has the SHA-256 of another one", link->id);
}

/*
 * Decisions are only ever added: the file that the next run saw is what it
 * was with the first few of those that are there now.
 */
static void
check_decisions(const struct runs *runs, const struct chain_link *before,
    const struct chain_link *link, struct runs_verdict *verdict)
{
	char hex[HASH_HEX_SIZE];
	struct err ignored = { 0 };
	const struct json *member;
	const char *seen;
	size_t count;

	member = json_get(link->run->manifest, "previous_decisions_sha256");
	if (json_kind(member) == JSON_NOTHING ||
	    runs_decisions(runs, before->run, &ignored) != 0)
		return;
	seen = json_text(member) == NULL ? "" : json_text(member);
	for (count = runs_decisions_count(before->run) + 1; count-- > 0;) {
		runs_decisions_hash(before->run, count, hex);
		if (strcmp(hex, seen) == 0)
			return;
	}
	runs_verify_fault(verdict, before->id, RUNS_DECISIONS,
	    "changed:"
	    " decisions that %s knew of are missing or not the same",
	    link->id);
}

void
runs_chain_check(const struct runs *runs, struct runs_verdict *verdict)
{
	const struct chain_link *before, *link;
	struct chain chain = { 0 };
	struct err trouble = { 0 };
	struct json *purged;
	size_t i;

	add_runs(&chain, runs);
	if (runs_purged_read(runs, &purged, &trouble) != 0)
		runs_verify_fault(verdict, "", RUNS_PURGED, "%s", trouble.msg);
	add_purged(&chain, runs, purged, verdict);
	if (chain.count > 0)
		qsort(
		    chain.links, chain.count, sizeof(*chain.links), by_number);
	for (i = 0; i < chain.count; i++) {
		link = &chain.links[i];
		before = i == 0 ? NULL : &chain.links[i - 1];
		if (!link->previous_known)
			continue;
		if (strcmp(link->previous,
			before == NULL ? "" : before->hash) != 0)
			say_broken(before, link, verdict);
		else if (link->run != NULL && before != NULL &&
		    before->run != NULL)
			check_decisions(runs, before, link, verdict);
	}
	free(chain.links);
	json_free(purged);
}
