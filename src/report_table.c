#include <stdio.h>
#include <string.h>

#include "compare/compare_put.h"
#include "report_table.h"

void
report_table_text(struct buf *out, const char *text)
{
	compare_put_html(out, text, strlen(text));
}

void
report_table_number(struct buf *out, uint64_t number)
{
	char text[COMPARE_NUMBER];

	buf_printf(
	    out, "<td class=\"n\">%s</td>", compare_put_number(number, text));
}

void
report_table_cell(struct buf *out, const char *text)
{
	buf_adds(out, "<td class=\"v\">");
	report_table_text(out, text);
	buf_adds(out, "</td>");
}

/* columns: names between |, those of numbers with # in front. */
void
report_table_begin(struct buf *out, const char *caption, const char *columns)
{
	const char *end;

	/* A table that is wider than the window scrolls, with the keys too. */
	buf_adds(out,
	    "<div class=\"wide\" role=\"region\" tabindex=\"0\""
	    " aria-label=\"");
	report_table_text(out, caption);
	buf_adds(out, "\">\n<table>\n<caption>");
	report_table_text(out, caption);
	buf_adds(out, "</caption>\n<thead><tr>");
	for (;; columns = end + 1) {
		end = columns + strcspn(columns, "|");
		buf_printf(out, "<th scope=\"col\"%s>%.*s</th>",
		    *columns == '#' ? " class=\"n\"" : "",
		    (int)(end - columns - (*columns == '#')),
		    columns + (*columns == '#'));
		if (*end == '\0')
			break;
	}
	buf_adds(out, "</tr></thead>\n<tbody>\n");
}

void
report_table_end(struct buf *out)
{
	buf_adds(out, "</tbody>\n</table>\n</div>\n");
}

void
report_table_row(struct buf *out, const char *name)
{
	buf_adds(out, "<tr><th scope=\"row\">");
	report_table_text(out, name);
	buf_adds(out, "</th>");
}

void
report_table_page(const char *const *lines, report_table_part *part,
    const void *arg, struct buf *out)
{
	char name[REPORT_TABLE_NAME];
	size_t i;

	for (i = 0; lines[i] != NULL; i++) {
		if (sscanf(lines[i], "{{%31[a-z]}}", name) != 1 ||
		    !part(arg, name, out))
			buf_adds(out, lines[i]);
	}
}
