#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/history.h"
#include "history/history_decide.h"
#include "history/history_record.h"
#include "pack/runs_decisions.h"
#include "pack/runs_find.h"

/* One run that something is decided about, under the lock. */
struct deciding {
	const struct history_call *call;
	struct rundir *lock;
	struct runs *runs;
	struct past_run *run;
	struct history_standing standing;
	struct history_package package;
	bool has_package;
	struct json *decisions; /* those to be added */
	struct err *err;
};

static int
begin(struct deciding *deciding)
{
	const struct history_call *call;
	struct err no_package = { 0 };

	call = deciding->call;
	deciding->lock = rundir_lock(call->out, call->now, deciding->err);
	if (deciding->lock == NULL)
		return -1;
	deciding->runs = runs_open(call->out, deciding->err);
	if (deciding->runs == NULL)
		return -1;
	deciding->run = runs_find(deciding->runs, call->run, deciding->err);
	if (deciding->run == NULL ||
	    history_state_of(deciding->runs, deciding->run, call->now,
		&deciding->standing, deciding->err) != 0)
		return -1;
	/* A run without one can still be discarded. */
	deciding->has_package = history_state_package(call->conf, deciding->run,
				    &deciding->package, &no_package) == 0;
	return 0;
}

static int
end(struct deciding *deciding)
{
	json_free(deciding->decisions);
	runs_close(deciding->runs);
	rundir_close(deciding->lock);
	return (int)deciding->err->code;
}

static int
refuse(const struct deciding *deciding, enum exit_code code, const char *why)
{
	return err_set(deciding->err, code, "%s %s; nothing was done",
	    deciding->run->id, why);
}

/* Puts a decision on the list of those to be added. */
static void
decide(struct deciding *deciding, const char *decision, const char *reason)
{
	const struct history_record record = {
		.now = deciding->call->now,
		.now_given = deciding->call->now_given,
		.reason = reason,
		.package = deciding->has_package ? &deciding->package : NULL,
		.replaces = deciding->runs->accepted.id,
	};

	if (deciding->decisions == NULL)
		deciding->decisions = json_array();
	json_append(
	    deciding->decisions, history_record_decision(decision, &record));
}

static int
record(struct deciding *deciding)
{
	struct json *list;

	list = deciding->decisions;
	deciding->decisions = NULL;
	return runs_decisions_add(
	    deciding->lock, deciding->runs, deciding->run, list, deciding->err);
}

/* The package is there and every file is as it was published. */
static int
check_whole(struct deciding *deciding)
{
	if (!deciding->has_package)
		return refuse(deciding, EXIT_INVALID, "has no package");
	return history_check_files(
	    deciding->runs, deciding->run, deciding->err);
}

static bool
prints(const struct deciding *deciding)
{
	return !deciding->call->json && !deciding->call->quiet;
}

/* The whole of decisions.json, or an empty one. */
static void
print_decisions(const struct deciding *deciding)
{
	struct json *document;

	if (!deciding->call->json)
		return;
	if (deciding->run->decisions != NULL) {
		history_call_print_json(json_copy(deciding->run->decisions));
		return;
	}
	document = json_object();
	json_set_text(document, "schema", "rollbook-decisions");
	json_set_number(document, "version", 1);
	json_set_text(document, "run", deciding->run->id);
	json_set(document, "decisions", json_array());
	history_call_print_json(document);
}

static int
check_approvable(struct deciding *deciding)
{
	const struct history_standing *standing;

	standing = &deciding->standing;
	if (standing->state == HISTORY_DISCARDED)
		return refuse(deciding, EXIT_USAGE, "was discarded");
	if (!standing->held) {
		refuse(deciding, EXIT_USAGE,
		    "is not held by the guard:"
		    " there is nothing to approve");
		return err_hint(deciding->err,
		    "ps2canvas runs shows which"
		    " run is held.");
	}
	if (!standing->newest) {
		refuse(deciding, EXIT_USAGE,
		    "is not the newest run: a newer"
		    " one took its place");
		return err_hint(deciding->err,
		    "Look at the newest: ps2canvas"
		    " show latest");
	}
	return check_whole(deciding);
}

static void
print_package(const struct deciding *deciding)
{
	char *path;

	path = runs_path(deciding->runs, deciding->run, deciding->package.file);
	printf("package   %s\nsha256    %s\n", path, deciding->package.sha256);
	free(path);
}

static void
print_approval(const struct deciding *deciding, bool accepted)
{
	const struct json *approval;
	const char *id;

	id = deciding->run->id;
	approval = runs_decisions_last(deciding->run, DECISION_APPROVED);
	printf("approved  %s, until %s\n", id,
	    json_text(json_get(approval, "until")));
	print_package(deciding);
	if (accepted)
		printf("accepted  %s: the next run is compared with it\n"
		       "next      upload the package in Canvas under Admin, SIS"
		       " Import\n",
		    id);
	else if (history_state_delivers(deciding->call->conf))
		printf("next      ps2canvas deliver %s\n", id);
	else
		printf("next      upload the package in Canvas under Admin,"
		       " SIS Import, then type:\n          ps2canvas accept"
		       " %s\n",
		    id);
}

int
history_decide_approve(const struct history_call *call, struct err *err)
{
	struct deciding deciding = { .call = call, .err = err };
	bool accepts, again;

	if (history_call_check_reason(call, true, err) != 0 ||
	    begin(&deciding) != 0 || check_approvable(&deciding) != 0)
		return end(&deciding);
	accepts = history_accepts_by_itself(call->conf);
	again = deciding.standing.state == HISTORY_APPROVED ||
	    deciding.standing.state == HISTORY_ACCEPTED;
	if (!again) {
		decide(&deciding, DECISION_APPROVED, call->reason);
		if (accepts)
			decide(&deciding, DECISION_ACCEPTED,
			    "automatic: it"
			    " was approved and no destination is configured");
		if (record(&deciding) != 0)
			return end(&deciding);
	}
	if (prints(&deciding) && again)
		printf("%s is approved already; nothing was changed\n",
		    deciding.run->id);
	else if (prints(&deciding))
		print_approval(&deciding, accepts);
	print_decisions(&deciding);
	return end(&deciding);
}

int
history_decide_discard(const struct history_call *call, struct err *err)
{
	struct deciding deciding = { .call = call, .err = err };
	bool again;

	if (history_call_check_reason(call, false, err) != 0 ||
	    begin(&deciding) != 0)
		return end(&deciding);
	if (deciding.standing.state == HISTORY_ACCEPTED) {
		refuse(&deciding, EXIT_USAGE,
		    "is or was in Canvas: it cannot"
		    " be discarded");
		err_hint(err,
		    "To go back to an older run, upload it and type:"
		    " ps2canvas accept RUN --reason TEXT");
		return end(&deciding);
	}
	again = deciding.standing.state == HISTORY_DISCARDED;
	if (!again) {
		decide(&deciding, DECISION_DISCARDED, call->reason);
		if (record(&deciding) != 0)
			return end(&deciding);
	}
	if (prints(&deciding))
		printf(again ?
			"%s is discarded already; nothing was changed\n" :
			"discarded %s: it is never sent or accepted\n",
		    deciding.run->id);
	print_decisions(&deciding);
	return end(&deciding);
}

/* Was it made after the run that Canvas holds? */
static bool
goes_back(const struct deciding *deciding)
{
	const struct past_run *accepted;

	accepted = deciding->runs->accepted.run;
	return accepted != NULL && deciding->run->number < accepted->number;
}

static int
check_acceptable(struct deciding *deciding)
{
	const struct history_standing *standing;
	const char *id;

	standing = &deciding->standing;
	id = deciding->run->id;
	if (standing->state == HISTORY_DISCARDED)
		return refuse(deciding, EXIT_USAGE, "was discarded");
	/*
	 * An approval that is void by now may have been in force when the
	 * package was uploaded; so any will do here.
	 */
	if (standing->held && standing->approval == NULL) {
		refuse(deciding, EXIT_HELD,
		    "is held by the guard and nobody"
		    " approved it");
		return err_hint(deciding->err,
		    standing->newest ?
			"Look at"
			" ps2canvas show %s, then: ps2canvas approve %s --reason"
			" TEXT" :
			"Make a new run: ps2canvas run",
		    id, id);
	}
	if (goes_back(deciding) && deciding->call->reason == NULL) {
		refuse(deciding, EXIT_USAGE,
		    "is older than the run that"
		    " Canvas holds");
		return err_hint(deciding->err,
		    "If Canvas really went back to"
		    " it, say why: ps2canvas accept %s --reason TEXT",
		    id);
	}
	return check_whole(deciding);
}

/* The link names it, and the last word about it was an acceptance. */
static bool
is_accepted_already(const struct deciding *deciding)
{
	return deciding->standing.accepted &&
	    runs_decisions_last(deciding->run, DECISION_ACCEPTED) != NULL;
}

static void
print_acceptance(const struct deciding *deciding, const char *before)
{
	printf("accepted  %s: the next run is compared with it\n",
	    deciding->run->id);
	if (before[0] != '\0')
		printf("before    %s%s\n", before,
		    goes_back(deciding) ? ", a newer run: Canvas went back" :
					  "");
	print_package(deciding);
}

int
history_decide_accept(const struct history_call *call, struct err *err)
{
	struct deciding deciding = { .call = call, .err = err };
	bool again;

	if (history_call_check_reason(call, false, err) != 0 ||
	    begin(&deciding) != 0)
		return end(&deciding);
	again = is_accepted_already(&deciding);
	if (!again) {
		if (check_acceptable(&deciding) != 0)
			return end(&deciding);
		decide(&deciding, DECISION_ACCEPTED, call->reason);
		if (record(&deciding) != 0)
			return end(&deciding);
	}
	if (prints(&deciding) && again)
		printf("%s is accepted already; nothing was changed\n",
		    deciding.run->id);
	else if (prints(&deciding))
		print_acceptance(&deciding, deciding.runs->accepted.id);
	print_decisions(&deciding);
	return end(&deciding);
}
