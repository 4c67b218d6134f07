#include "base/nearest.h"
#include "explain.h"
#include "roster/finding.h"

static const char *const consequences[] = {
	[SEVERITY_ERROR] = "error: the row is held back",
	[SEVERITY_WARNING] = "warning: the row is sent",
	[SEVERITY_INFO] = "info: the row is sent",
};

static void
list_rules(FILE *out)
{
	size_t i;

	for (i = 0; i < RULES; i++)
		fprintf(out, "%-20s %-8s %s\n", rules[i].code,
		    severity_names[rules[i].severity], rules[i].sentence);
}

static int
unknown_code(const char *code, struct err *err)
{
	const char *names[RULES + 1];
	const char *nearest;
	size_t i;

	for (i = 0; i < RULES; i++)
		names[i] = rules[i].code;
	names[RULES] = NULL;
	nearest = nearest_name(code, names);
	err_set(err, EXIT_USAGE, "explain %.40s: no finding has this code%s%s"
	    "%s", code, nearest == NULL ? "" : "; did you mean ",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
	err_hint(err, "explain without a code lists them all.");
	return (int)err->code;
}

int
explain_rule(const char *code, FILE *out, struct err *err)
{
	const struct rule_text *rule;
	int i;

	if (code == NULL) {
		list_rules(out);
		return EXIT_DONE;
	}
	i = rule_of_code(code);
	if (i == -1)
		return unknown_code(code, err);
	rule = &rules[i];
	fprintf(out, "%s (%s)\n\nwhat  %s\nwhy   %s\nfix   %s\n", rule->code,
	    consequences[rule->severity], rule->sentence, rule->why,
	    rule->fix);
	return EXIT_DONE;
}
