#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/history_facts.h"
#include "history/history_verify.h"
#include "pack/runs_chain.h"
#include "pack/runs_find.h"
#include "pack/runs_verify.h"

/* What is verified, and what was found. */
struct verifying {
	const struct history_call *call;
	struct runs *runs;
	struct past_run *only; /* NULL: all runs */
	struct runs_verdict verdict;
	size_t said;	   /* faults that concern what is asked */
	struct json *list; /* of the faults; NULL without --json */
};

/* A fault of the chain may be about a run that was not asked about. */
static void
say_bad(void *arg, const char *run, const char *file, const char *why)
{
	struct verifying *verifying;
	struct json *object;

	verifying = arg;
	if (verifying->only != NULL && strcmp(verifying->only->id, run) != 0)
		return;
	verifying->said++;
	if (verifying->list != NULL) {
		object = json_object();
		json_set_text(object, "run", run);
		json_set_text(object, "file", file);
		json_set_text(object, "why", why);
		json_append(verifying->list, object);
		return;
	}
	printf("BAD  ");
	history_call_print_text(run);
	printf("%s", run[0] == '\0' || file[0] == '\0' ? "" : "/");
	history_call_print_text(file);
	printf("  ");
	history_call_print_text(why);
	putchar('\n');
}

static int
verify_files(struct verifying *verifying, struct err *err)
{
	size_t i;

	if (verifying->only != NULL)
		return runs_verify_files(
		    verifying->runs, verifying->only, &verifying->verdict, err);
	for (i = 0; i < verifying->runs->count; i++) {
		if (runs_verify_files(verifying->runs, &verifying->runs->all[i],
			&verifying->verdict, err) != 0)
			return -1;
	}
	return 0;
}

/* What lies beside the runs. */
static void
verify_folder(struct verifying *verifying)
{
	struct runs *runs;
	size_t i;

	runs = verifying->runs;
	for (i = 0; i < runs->nstrays; i++)
		runs_verify_fault(&verifying->verdict, "", runs->strays[i],
		    "extra: it lies among the runs and is none");
	if (runs->current.dangles)
		runs_verify_fault(&verifying->verdict, "", RUNDIR_CURRENT,
		    "does not name a run that is here");
	if (runs->accepted.dangles)
		runs_verify_fault(&verifying->verdict, "", RUNDIR_ACCEPTED,
		    "does not name a run that is here");
}

static void
print_json(struct verifying *verifying, size_t nruns)
{
	struct json *document;

	document = json_object();
	json_set_text(document, "schema", "rollbook-verify");
	json_set_number(document, "version", 1);
	json_set_number(document, "runs", nruns);
	json_set_number(document, "files", verifying->verdict.files);
	json_set_number(document, "bytes", verifying->verdict.bytes);
	json_set(document, "bad", verifying->list);
	verifying->list = NULL;
	history_call_print_json(document);
}

static void
print_summary(const struct verifying *verifying, size_t nruns)
{
	struct buf line = { 0 };

	buf_printf(&line, "%zu run%s, %zu files, ", nruns,
	    nruns == 1 ? "" : "s", verifying->verdict.files);
	history_facts_size(verifying->verdict.bytes, &line);
	if (verifying->said == 0)
		printf("OK   %s: every file is as its manifest says, and the"
		       " chain of manifests is whole\n",
		    buf_str(&line));
	else
		printf(
		    "BAD  %s: %zu faults\n", buf_str(&line), verifying->said);
	buf_free(&line);
}

static int
report(struct verifying *verifying)
{
	size_t nruns;

	nruns = verifying->only != NULL ? 1 : verifying->runs->count;
	if (verifying->call->json)
		print_json(verifying, nruns);
	else if (!verifying->call->quiet)
		print_summary(verifying, nruns);
	return verifying->said == 0 ? EXIT_DONE : EXIT_INVALID;
}

int
history_verify(const struct history_call *call, struct err *err)
{
	struct verifying verifying = { .call = call };
	int code;

	verifying.verdict.arg = &verifying;
	verifying.verdict.bad = say_bad;
	verifying.list = call->json ? json_array() : NULL;
	verifying.runs = runs_open(call->out, err);
	if (verifying.runs != NULL && call->run != NULL)
		verifying.only = runs_find(verifying.runs, call->run, err);
	if (verifying.runs != NULL && err->code == EXIT_DONE &&
	    verify_files(&verifying, err) == 0) {
		verify_folder(&verifying);
		runs_chain_check(verifying.runs, &verifying.verdict);
		code = report(&verifying);
	} else {
		code = (int)err->code;
	}
	json_free(verifying.list);
	runs_close(verifying.runs);
	return code;
}
