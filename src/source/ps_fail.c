#include "source/ps_fail.h"

int
ps_fail_page(const char *host, size_t len, struct err *err)
{
	err_set(err, EXIT_TEMPORARY,
	    "%s: PowerSchool answered with a web page of %zu bytes"
	    " (maintenance or sign-in?); nothing was published",
	    host, len);
	return err_hint(
	    err, "Run again later; open the url in a browser if it stays so.");
}

/* The missing fields as TABLE.FIELD, as many as there is room for. */
static void
put_fields(struct buf *out, const char *table, const struct ps_refusal *refusal)
{
	const struct ps_field_name *name;
	size_t i;

	for (i = 0; i < refusal->nfields && out->len < 600; i++) {
		name = &refusal->fields[i];
		buf_printf(out, "%s%s.%s", i == 0 ? "" : ", ",
		    name->table[0] != '\0' ? name->table : table, name->field);
	}
	if (i < refusal->nfields)
		buf_printf(out, " and %zu more", refusal->nfields - i);
}

static int
fail_grant(const char *host, const char *what, const char *table,
    const struct ps_refusal *refusal, struct err *err)
{
	struct buf fields = { 0 };

	put_fields(&fields, table, refusal);
	err_set(err, EXIT_SOURCE,
	    "%s: PowerSchool refuses %s (%ld): the plugin has no access to %s;"
	    " nothing was published",
	    host, what, refusal->status,
	    fields.len == 0 ? "it" : buf_str(&fields));
	buf_free(&fields);
	return err_hint(err,
	    "Type ps2canvas check: it prints every line that plugin.xml lacks."
	    " Install the plugin again with a higher version, and enable it.");
}

int
ps_fail(const char *host, const char *what, const char *table,
    const struct ps_refusal *refusal, struct err *err)
{
	switch (refusal->kind) {
	case PS_REFUSAL_GRANT:
	case PS_REFUSAL_FORBIDDEN:
		return fail_grant(host, what, table, refusal, err);
	case PS_REFUSAL_V1_ACCESS:
		err_set(err, EXIT_SOURCE,
		    "%s: PowerSchool refuses %s: the plugin lacks"
		    " accessLevelV1Api=\"READ\"; nothing was published",
		    host, what);
		return err_hint(err,
		    "Put <oauth accessLevelV1Api=\"READ\"/> into plugin.xml,"
		    " install it with a higher version and enable it.");
	case PS_REFUSAL_TOKEN:
		err_set(err, EXIT_SOURCE,
		    "%s: PowerSchool refuses %s (401%s%s) also with a new"
		    " token; nothing was published",
		    host, what, refusal->words[0] == '\0' ? "" : ", ",
		    refusal->words);
		return err_hint(err,
		    "Look whether the plugin is enabled; type ps2canvas"
		    " check.");
	case PS_REFUSAL_WEB_PAGE:
		return ps_fail_page(host, 0, err);
	case PS_REFUSAL_COLUMN:
	case PS_REFUSAL_NOT_THERE:
	case PS_REFUSAL_OTHER:
		break;
	}
	err_set(err, EXIT_SOURCE,
	    "%s: PowerSchool does not give %s (%ld%s%s); nothing was published",
	    host, what, refusal->status, refusal->words[0] == '\0' ? "" : ", ",
	    refusal->words);
	return err_hint(err, "Type ps2canvas check: it says what is missing.");
}
