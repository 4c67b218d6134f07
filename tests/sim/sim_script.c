#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim_fault.h"
#include "sim_file.h"
#include "sim_script.h"
#include "sim_words.h"

struct sim_script {
	struct sim_fault *faults;
	size_t count, cap;
};

struct sim_script *
sim_script_read(const char *path, struct err *err)
{
	struct sim_script *script;
	struct sim_text words[SIM_WORDS_MAX];
	struct sim_fault fault;
	const char *wrong;
	char *text, *line, *next;
	unsigned number;
	size_t nwords;

	text = sim_file_read(path, err);
	if (text == NULL)
		return NULL;
	script = mem_zalloc(1, sizeof(*script));
	number = 0;
	wrong = NULL;
	for (line = text; *line != '\0' && wrong == NULL; line = next) {
		next = line + strcspn(line, "\n");
		if (*next != '\0')
			*next++ = '\0';
		number++;
		fault = (struct sim_fault){ .words = mem_strdup(line) };
		nwords = sim_words(fault.words, words);
		if (nwords == 0) {
			free(fault.words);
			continue;
		}
		wrong = sim_fault_read(&fault, words, nwords);
		if (wrong != NULL)
			err_set(
			    err, EXIT_USAGE, "%s:%u: %s", path, number, wrong);
		script->faults = mem_grow(script->faults, script->count,
		    &script->cap, sizeof(*script->faults));
		script->faults[script->count++] = fault;
	}
	free(text);
	if (wrong == NULL)
		return script;
	sim_script_free(script);
	return NULL;
}

void
sim_script_free(struct sim_script *script)
{
	size_t i;

	if (script == NULL)
		return;
	for (i = 0; i < script->count; i++)
		free(script->faults[i].words);
	free(script->faults);
	free(script);
}

static bool
matches(struct sim_fault *fault, const struct sim_request *request)
{
	bool like;

	if (strcmp(fault->method, "*") != 0 &&
	    strcmp(fault->method, request->method) != 0)
		return false;
	if (strchr(fault->pattern, '*') != NULL)
		like = fnmatch(fault->pattern, request->uri, 0) == 0;
	else
		like = strncmp(fault->pattern, request->uri,
			   strlen(fault->pattern)) == 0;
	if (!like)
		return false;
	fault->matched++;
	return fault->matched >= fault->first && fault->matched <= fault->last;
}

static void
change(struct sim_server *server, const struct sim_fault *fault)
{
	struct sim_district *district = &server->district;
	size_t i, at;
	enum sim_table_id table;
	int rc;

	for (i = 0; i < fault->nchanges; i++) {
		at = fault->changes[i].at;
		table = fault->changes[i].table;
		if (fault->changes[i].change == SIM_INSERT_ROW)
			rc = sim_insert_row(district, table, at);
		else if (fault->changes[i].change == SIM_DELETE_ROW)
			rc = sim_delete_row(district, table, at);
		else
			rc = sim_repeat_row(district, table, at);
		if (rc != 0)
			fprintf(stderr, "%s: %s has no row %zu to change\n",
			    server->product->program, sim_tables[table].name,
			    at);
	}
}

/* The first line that fits is the one that acts; all count their matches. */
void
sim_script_apply(struct sim_server *server, struct sim_request *request)
{
	struct sim_fault *acting, *fault;
	size_t i;

	if (server->script == NULL)
		return;
	acting = NULL;
	for (i = 0; i < server->script->count; i++) {
		fault = &server->script->faults[i];
		if (matches(fault, request) && acting == NULL)
			acting = fault;
	}
	if (acting == NULL)
		return;
	request->effect = acting->effect;
	change(server, acting);
}

void
sim_script_answer(struct sim_server *server, const struct sim_effect *effect,
    struct sim_answer *answer)
{
	if (effect->expired)
		server->product->expire(server, answer);
	if (effect->html) {
		sim_answer_json(answer, 200, "%s", server->product->closed);
		answer->type = "text/html;charset=UTF-8";
	}
	if (effect->status != 0 && !effect->has_body && effect->status != 200)
		sim_answer_json(answer, effect->status, "%s", "");
	if (effect->has_body) {
		sim_answer_json(answer, 200, "%s", "");
		buf_add(&answer->text, effect->body.bytes, effect->body.len);
	}
	if (effect->status != 0)
		answer->status = effect->status;
}
