#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/json.h"
#include "exam.h"

static const char *const verdict_words[] = { "PASS", "WARN", "FAIL" };

enum exam_verdict
exam_failed(struct exam_words *words)
{
	buf_adds(&words->says, words->err.msg);
	buf_adds(&words->fix, words->err.hint);
	return EXAM_FAIL;
}

enum exam_verdict
exam_folder(struct exam_words *words, const char *dir, uint64_t need)
{
	struct stat st;
	struct statvfs fs;
	uint64_t have;

	if (stat(dir, &st) == -1 && errno == ENOENT) {
		buf_printf(
		    &words->says, "%s: will be made by the first run", dir);
		return EXAM_PASS;
	}
	if (!S_ISDIR(st.st_mode) || access(dir, W_OK | X_OK) == -1 ||
	    statvfs(dir, &fs) == -1) {
		buf_printf(&words->says,
		    "%s: is no folder that can be written to", dir);
		buf_adds(&words->fix,
		    "Correct [output] dir, or who owns the folder.");
		words->err.code = EXIT_IO;
		return EXAM_FAIL;
	}
	have = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (have < need) {
		buf_printf(&words->says,
		    "%s: %llu MiB are free, a run may need %llu", dir,
		    (unsigned long long)(have >> 20),
		    (unsigned long long)(need >> 20));
		buf_adds(&words->fix, "Make room on the disk.");
		return EXAM_WARN;
	}
	if ((st.st_mode & 077) != 0) {
		buf_printf(&words->says, "%s: others may look into it", dir);
		buf_printf(&words->fix,
		    "chmod 700 %s (runs inside it are closed to others in any"
		    " case).",
		    dir);
		return EXAM_WARN;
	}
	buf_printf(&words->says, "%s: can be written to", dir);
	return EXAM_PASS;
}

static void
print_verdict(
    struct exam_words *words, enum exam_verdict verdict, const char *what)
{
	printf("%s  %-9s %s\n", verdict_words[verdict], what,
	    buf_str(&words->says));
	if (words->fix.len > 0)
		printf("      %-9s %s\n", "", buf_str(&words->fix));
}

static struct json *
verdict_as_json(
    struct exam_words *words, enum exam_verdict verdict, const char *what)
{
	struct json *object;

	object = json_object();
	json_set_text(object, "check", what);
	json_set_text(object, "verdict", verdict_words[verdict]);
	json_set_text(object, "says", buf_str(&words->says));
	json_set_text(object, "fix", buf_str(&words->fix));
	return object;
}

void
exam_show(struct exam_words *words, enum exam_verdict verdict, const char *what)
{
	if (verdict > words->worst)
		words->worst = verdict;
	if (words->list != NULL)
		json_append(words->list, verdict_as_json(words, verdict, what));
	else
		print_verdict(words, verdict, what);
	words->says.len = words->fix.len = 0;
}

static void
print_json(struct json *list)
{
	struct json *document;
	char *text;

	document = json_object();
	json_set_text(document, "schema", "rollbook-check");
	json_set_number(document, "version", 1);
	json_set(document, "checks", list);
	text = json_print(document);
	fputs(text, stdout);
	free(text);
	json_free(document);
}

int
exam_run(const struct examination *examinations, void *arg, bool json)
{
	struct exam_words words = { 0 };

	words.list = json ? json_array() : NULL;
	for (; examinations->what != NULL && words.worst != EXAM_FAIL;
	     examinations++)
		exam_show(&words, examinations->look(arg, &words),
		    examinations->what);
	if (words.list != NULL)
		print_json(words.list);
	buf_free(&words.says);
	buf_free(&words.fix);
	if (words.worst == EXAM_FAIL)
		return (int)words.err.code;
	return words.worst == EXAM_WARN ? EXIT_DIFFERENT : EXIT_DONE;
}
