#include <inttypes.h>
#include <string.h>

#include "compare/compare_html.h"
#include "compare/compare_put.h"

static const char head
    [] = "<meta charset=\"utf-8\">\n"
	 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src"
	 " 'none'; style-src 'unsafe-inline'\">\n"
	 "<meta name=\"viewport\" content=\"width=device-width\">\n"
	 "<style>\n"
	 ":root { color-scheme: light dark }\n"
	 "body { font: 16px/1.4 system-ui, sans-serif; margin: 2em auto;"
	 " max-width: 70em; padding: 0 1em }\n"
	 "table { border-collapse: collapse; margin: 1em 0 }\n"
	 "caption { font-weight: bold; text-align: left }\n"
	 "th, td { border-bottom: 1px solid #888; padding: .2em .6em;"
	 " text-align: left; vertical-align: top }\n"
	 "thead th { position: sticky; top: 0; background: Canvas }\n"
	 ".n { text-align: right; font-variant-numeric: tabular-nums }\n"
	 "td.v { overflow-wrap: anywhere }\n"
	 "summary { font-weight: bold; cursor: pointer }\n"
	 "@media print { thead { display: table-header-group }"
	 " tr { break-inside: avoid } }\n"
	 "</style>\n";

static const char *const words[] = {
	[DIFF_ADDED] = "+ added",
	[DIFF_REMOVED] = "- removed",
	[DIFF_CHANGED] = "~ changed",
};

/* The page as it is written. */
struct page {
	struct compare_result *result;
	FILE *out;
	struct buf text;
};

static void
put_text(struct page *page, const char *text, size_t len)
{
	page->text.len = 0;
	compare_put_html(&page->text, text, len);
	fwrite(page->text.data, 1, page->text.len, page->out);
}

static void
put_string(struct page *page, const char *text)
{
	put_text(page, text, strlen(text));
}

static void
put_count(const struct page *page, uint64_t n)
{
	char text[COMPARE_NUMBER];

	fprintf(
	    page->out, "<td class=\"n\">%s</td>", compare_put_number(n, text));
}

static void
put_counts(const struct page *page, const struct compare_count *count)
{
	put_count(page, count->added);
	put_count(page, count->removed);
	put_count(page, count->changed);
}

static void
put_labels(struct page *page)
{
	put_string(page, page->result->labels[DIFF_OLD]);
	fputs(" to ", page->out);
	put_string(page, page->result->labels[DIFF_NEW]);
}

static void
put_sheets(struct page *page)
{
	const struct compare_sheet *sheet;
	size_t i;

	fputs("<table>\n<caption>By sheet</caption>\n<thead><tr>"
	      "<th scope=\"col\">Sheet</th>"
	      "<th scope=\"col\" class=\"n\">Rows before</th>"
	      "<th scope=\"col\" class=\"n\">Rows now</th>"
	      "<th scope=\"col\" class=\"n\">Added</th>"
	      "<th scope=\"col\" class=\"n\">Removed</th>"
	      "<th scope=\"col\" class=\"n\">Changed</th></tr></thead>\n"
	      "<tbody>\n",
	    page->out);
	for (i = 0; i < page->result->nsheets; i++) {
		sheet = &page->result->sheets[i];
		fprintf(page->out, "<tr><th scope=\"row\">%s</th>",
		    sheets[sheet->kind].name);
		put_count(page, sheet->rows[DIFF_OLD]);
		put_count(page, sheet->rows[DIFF_NEW]);
		put_counts(page, &sheet->count);
		fputs("</tr>\n", page->out);
	}
	fputs("</tbody>\n</table>\n", page->out);
}

static void
put_notes(struct page *page)
{
	size_t i;

	if (page->result->nnotes == 0)
		return;
	fputs("<ul>\n", page->out);
	for (i = 0; i < page->result->nnotes; i++) {
		fputs("<li>", page->out);
		put_string(page, page->result->notes[i]);
		fputs("</li>\n", page->out);
	}
	fputs("</ul>\n", page->out);
}

static void
put_school(struct page *page, sym school)
{
	char digits[SYM_DIGITS];
	struct str name;

	name = compare_schools_name(&page->result->schools, school, digits);
	put_text(page, name.bytes, name.len);
}

static void
put_school_rows(struct page *page, const struct compare_school *school)
{
	enum sheet_kind kind;
	size_t i;

	for (i = 0; i < page->result->nsheets; i++) {
		kind = page->result->sheets[i].kind;
		if (compare_count_total(&school->counts[kind]) == 0)
			continue;
		fputs("<tr><th scope=\"row\">", page->out);
		if (school->id.id == 0)
			fputs("several schools or none", page->out);
		else
			put_school(page, school->id);
		fprintf(page->out, "</th><td>%s</td>", sheets[kind].name);
		put_counts(page, &school->counts[kind]);
		fputs("</tr>\n", page->out);
	}
}

static void
put_schools(struct page *page)
{
	size_t i;

	fputs("<table>\n<caption>By school, most changes first</caption>\n"
	      "<thead><tr><th scope=\"col\">School</th>"
	      "<th scope=\"col\">Sheet</th>"
	      "<th scope=\"col\" class=\"n\">Added</th>"
	      "<th scope=\"col\" class=\"n\">Removed</th>"
	      "<th scope=\"col\" class=\"n\">Changed</th></tr></thead>\n"
	      "<tbody>\n",
	    page->out);
	for (i = 0; i < page->result->schools.count; i++)
		put_school_rows(page, &page->result->schools.list[i]);
	fputs("</tbody>\n</table>\n", page->out);
}

static void
put_value(struct page *page, const char *value)
{
	fputs("<td class=\"v\">", page->out);
	if (value != NULL)
		put_string(page, value);
	fputs("</td>", page->out);
}

/* One line of the table for each cell that differs. */
static int
put_row(void *arg, const struct compare_row *row, struct err *err)
{
	struct page *page;
	size_t i;

	(void)err;
	page = arg;
	fputs("<tbody>\n", page->out);
	for (i = 0; i < row->ncells; i++) {
		fputs("<tr>", page->out);
		if (i == 0) {
			fprintf(page->out,
			    "<td rowspan=\"%zu\">%s</td>"
			    "<th scope=\"rowgroup\" rowspan=\"%zu\">",
			    row->ncells, words[row->change], row->ncells);
			put_string(page, row->key);
			fprintf(page->out, "</th><td rowspan=\"%zu\">",
			    row->ncells);
			put_school(page,
			    compare_schools_of(
				&page->result->schools, row->owner));
			fputs("</td>", page->out);
		}
		fputs("<td>", page->out);
		put_string(page, row->cells[i].column);
		fputs("</td>", page->out);
		put_value(page, row->cells[i].old);
		put_value(page, row->cells[i].new);
		fputs("</tr>\n", page->out);
	}
	fputs("</tbody>\n", page->out);
	return ferror(page->out) ? -1 : 0;
}

static int
put_rows(struct page *page, const struct compare_sheet *sheet, struct err *err)
{
	char text[COMPARE_NUMBER];
	uint64_t left;

	fprintf(page->out,
	    "<details open>\n<summary>%s</summary>\n<table>\n"
	    "<caption>Rows of %s that differ</caption>\n<thead><tr>"
	    "<th scope=\"col\">What</th><th scope=\"col\">Key</th>"
	    "<th scope=\"col\">School</th><th scope=\"col\">Column</th>"
	    "<th scope=\"col\">Before</th><th scope=\"col\">Now</th>"
	    "</tr></thead>\n",
	    sheets[sheet->kind].name, sheets[sheet->kind].name);
	if (compare_result_rows(page->result, sheet, put_row, page, err) != 0)
		return -1;
	fputs("</table>\n", page->out);
	left = compare_result_left_out(page->result, sheet);
	if (left > 0)
		fprintf(page->out,
		    "<p>And %s more rows, which --all shows"
		    " and --csv lists.</p>\n",
		    compare_put_number(left, text));
	fputs("</details>\n", page->out);
	return 0;
}

static int
put_body(struct page *page, struct err *err)
{
	struct compare_result *result;
	size_t i;

	result = page->result;
	put_sheets(page);
	put_notes(page);
	if (!result->different) {
		fputs("<p>There is no difference.</p>\n", page->out);
		return 0;
	}
	put_schools(page);
	for (i = 0; i < result->nsheets; i++) {
		if (compare_count_total(&result->sheets[i].count) > 0 &&
		    put_rows(page, &result->sheets[i], err) != 0)
			return -1;
	}
	return 0;
}

int
compare_html(struct compare_result *result, FILE *out, struct err *err)
{
	struct page page = { .result = result, .out = out };
	int rc;

	fprintf(out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n%s"
	    "<title>What changed, ",
	    head);
	put_labels(&page);
	fputs(
	    "</title>\n</head>\n<body>\n<h1>What changed</h1>\n<p>From ", out);
	put_labels(&page);
	fputs("</p>\n", out);
	rc = put_body(&page, err);
	fputs("</body>\n</html>\n", out);
	buf_free(&page.text);
	return rc;
}
