#include <strings.h>

#include "base/nearest.h"
#include "canvas/guard_codes.h"
#include "canvas/lint_rules.h"
#include "explain.h"
#include "roster/finding.h"

static const char *const consequences[] = {
	[SEVERITY_ERROR] = "error: the row is held back",
	[SEVERITY_WARNING] = "warning: the row is sent",
	[SEVERITY_INFO] = "info: the row is sent",
};

#define CODES (RULES + LINT_RULES + GUARD_CODES)

static void
list_rules(const struct rule_text *texts, size_t n, FILE *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		fprintf(out, "%-22s %-8s %s\n", texts[i].code,
		    severity_names[texts[i].severity], texts[i].sentence);
}

static void
list_codes(FILE *out)
{
	size_t i;

	fputs("findings of run\n", out);
	list_rules(rules, RULES, out);
	fputs("\nfindings of validate\n", out);
	list_rules(lint_rules, LINT_RULES, out);
	fputs("\nreasons of the guard\n", out);
	for (i = 0; i < GUARD_CODES; i++)
		fprintf(out, "%-22s %-8s %s\n", guard_codes[i].code, "held",
		    guard_codes[i].sentence);
}

static int
unknown_code(const char *code, struct err *err)
{
	const char *names[CODES + 1];
	const char *nearest;
	size_t i, n;

	n = 0;
	for (i = 0; i < RULES; i++)
		names[n++] = rules[i].code;
	for (i = 0; i < LINT_RULES; i++)
		names[n++] = lint_rules[i].code;
	for (i = 0; i < GUARD_CODES; i++)
		names[n++] = guard_codes[i].code;
	names[n] = NULL;
	nearest = nearest_name(code, names);
	err_set(err, EXIT_USAGE,
	    "explain %.40s: no finding has this code%s%s"
	    "%s",
	    code, nearest == NULL ? "" : "; did you mean ",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
	err_hint(err, "explain without a code lists them all.");
	return (int)err->code;
}

static void
explain_text(const struct rule_text *text, FILE *out)
{
	fprintf(out, "%s (%s)\n\nwhat  %s\nwhy   %s\nfix   %s\n", text->code,
	    consequences[text->severity], text->sentence, text->why, text->fix);
}

/* What validate finds holds no row: Canvas does, or does not. */
static void
explain_lint(const struct rule_text *text, FILE *out)
{
	fprintf(out, "%s (%s)\n\nwhat  %s\nwhy   %s\nfix   %s\n", text->code,
	    severity_names[text->severity], text->sentence, text->why,
	    text->fix);
}

int
explain_rule(const char *code, FILE *out, struct err *err)
{
	int i;

	if (code == NULL) {
		list_codes(out);
		return EXIT_DONE;
	}
	i = rule_of_code(code);
	if (i != -1) {
		explain_text(&rules[i], out);
		return EXIT_DONE;
	}
	for (i = 0; i < LINT_RULES; i++) {
		if (strcasecmp(lint_rules[i].code, code) == 0) {
			explain_lint(&lint_rules[i], out);
			return EXIT_DONE;
		}
	}
	i = guard_codes_find(code);
	if (i == -1)
		return unknown_code(code, err);
	fprintf(out,
	    "%s (the run is held)\n\nwhat     %s\nusually  %s\n"
	    "do       %s\n",
	    guard_codes[i].code, guard_codes[i].sentence, guard_codes[i].causes,
	    guard_codes[i].fix);
	return EXIT_DONE;
}
