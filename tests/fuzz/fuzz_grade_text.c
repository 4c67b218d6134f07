#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "grades/html_text.h"
#include "grades/naming.h"
#include "grades/pst_name.h"

/*
 * Whatever a teacher types into Canvas: a description is one line of visible
 * UTF-8 that is not too long, the names and abbreviations of a section are
 * short and each stands once, and names of files hold nothing that a file
 * system refuses. Lines of the input are the names of assignments.
 */

const char *const fuzz_words[] = { "<p>", "</p>", "<br/>", "<li>", "<script>",
	"</script>", "<style ", "<!--", "-->", "<a href=\"x>y\">", "='", "\"",
	"<", ">", "&amp;", "&nbsp", "&#146;", "&#x1F600;", "&hellip;", "&", ";",
	" ", "\n", "\t", "Quiz", "quiz", "Unit 1 Formative Assessment", "1",
	"2", "\xc3\xa9", "e\xcc\x81", "\xe6\x97\xa5", "\xf0\x9f\x98\x80",
	"\xc2\xa0", "\xe2\x80\xae", "\x01", "con", ".", "/", ":", ",",
	"0123456789012345678901234567890123456789", NULL };

#define NAMES_MAX 12

static void
check_description(const char *html)
{
	size_t i, len, used;
	uint32_t cp, before;
	char *text;

	text = html_text(html);
	len = strlen(text);
	must(utf8_valid(text, len) == len);
	must(utf8_length(text, len) <= HTML_TEXT_MAX);
	for (i = 0, before = ' '; i < len; i += used, before = cp) {
		used = utf8_decode(text + i, len - i, &cp);
		must(utf8_is_printable(cp));
		must(!utf8_is_blank(cp) || (cp == ' ' && before != ' '));
	}
	must(len == 0 || text[len - 1] != ' ');
	free(text);
}

static void
check_file_name(const char *name)
{
	size_t len;

	len = strlen(name);
	must(utf8_valid(name, len) == len);
	must(len > 0 && len <= 255);
	must(strpbrk(name, "/\\:*?\"<>|") == NULL);
	must(*name != '.' && *name != ' ');
	must(name[len - 1] != '.' && name[len - 1] != ' ');
	for (; *name != '\0'; name++)
		must((unsigned char)*name >= ' ' && *name != 0x7f);
}

static bool
is_same_folded(const char *a, const char *b)
{
	char *x, *y;
	bool same;

	x = utf8_fold(a, strlen(a));
	y = utf8_fold(b, strlen(b));
	same = strcmp(x, y) == 0;
	free(x);
	free(y);
	return same;
}

static void
check_files(struct naming *names, size_t n)
{
	struct scoresheet sheets[NAMES_MAX] = { 0 };
	const struct scoresheet *pointers[NAMES_MAX];
	struct pst_names folders = { 0 };
	char *files[NAMES_MAX], *folder;
	size_t i, k;

	for (i = 0; i < n; i++) {
		sheets[i].section = names[0].name;
		sheets[i].name = names[i].final_name;
		sheets[i].assignment_id = names[i].id;
		pointers[i] = &sheets[i];
		folder = pst_name_folder(&folders, names[i].name, names[i].id);
		check_file_name(folder);
		free(folder);
	}
	must(folders.count == n);
	pst_names_free(&folders);
	pst_name_files(pointers, n, files);
	for (i = 0; i < n; i++) {
		check_file_name(files[i]);
		for (k = 0; k < i; k++)
			must(!is_same_folded(files[i], files[k]));
	}
	for (i = 0; i < n; i++)
		free(files[i]);
}

static void
check_names(struct naming *names, size_t n)
{
	size_t i, k, len;

	naming_assign(names, n);
	for (i = 0; i < n; i++) {
		len = strlen(names[i].final_name);
		must(utf8_valid(names[i].final_name, len) == len);
		must(len > 0 &&
		    utf8_units(names[i].final_name, len) <= NAMING_MAX);
		len = strlen(names[i].abbreviation);
		must(utf8_valid(names[i].abbreviation, len) == len);
		must(len > 0 &&
		    utf8_length(names[i].abbreviation, len) <=
			NAMING_ABBREVIATION);
		for (k = 0; k < i; k++) {
			must(strcmp(names[i].final_name, names[k].final_name) !=
			    0);
			must(strcmp(names[i].abbreviation,
				 names[k].abbreviation) != 0);
		}
	}
	check_files(names, n);
	for (i = 0; i < n; i++) {
		free(names[i].final_name);
		free(names[i].abbreviation);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const ids[NAMES_MAX] = { "7", "70", "12", "9", "8",
		"10000000000070411", "11", "2", "13", "14", "15", "16" };
	struct naming names[NAMES_MAX] = { 0 };
	char *text, *name, *rest;
	size_t n;

	if (len < 1)
		return 0;
	text = mem_strndup((const char *)bytes + 1, len - 1);
	/* Texts of a course are UTF-8. */
	text[utf8_valid(text, strlen(text))] = '\0';
	check_description(text);
	rest = text;
	for (n = 0; n < NAMES_MAX; n++) {
		name = strsep(&rest, "\n");
		if (name == NULL)
			break;
		names[n].id = ids[n];
		names[n].name = name;
		names[n].given = "";
	}
	check_names(names, n);
	free(text);
	return 0;
}
