#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gradebook_text.h"

#define ROW(name, section) name ",1,S" name ",l," section ",1\n"
#define IN(name, sections) name "|1|S" name "|l| in " sections "\n"
static void
sections_of_one_student_are_told_apart_when_the_file_shows_them(void **state)
{
	static const struct gradebook_case cases[] = {
		{ "two, three, and in another language",
		    QUIZ ROW("a", "Bio 1") ROW("b", "Chem 2") ROW("c", "Art")
			ROW("d", "Bio 1 and Chem 2")
			    ROW("e", "\"Art, Bio 1, and Chem 2\"")
				ROW("f", "Bio 1 y Chem 2")
				    ROW("g", "\"Art, Bio 1 og Chem 2\""),
		    "note 11 6:0 Bio 1 and Chem 2\n"
		    "note 11 7:0 Art, Bio 1, and Chem 2\n"
		    "note 11 8:0 Bio 1 y Chem 2\n"
		    "note 11 9:0 Art, Bio 1 og Chem 2\n"
		    "section Bio 1\nsection Chem 2\nsection Art\n" QUIZ_READ IN(
			"a", "0") IN("b", "1") IN("c", "2") IN("d",
			"0 1") IN("e", "2 0 1") IN("f", "0 1") IN("g",
			"2 0 1") "0/0=1\n0/1=1\n0/2=1\n0/3=1\n0/4=1\n0/5=1\n0/6=1\n" },
		{ "names that hold a comma and the word themselves",
		    QUIZ ROW("a", "\"Art, 1 and 2\"") ROW("b", "Bio")
			ROW("c", "\"Art, 1 and 2 and Bio\""),
		    "note 12 3:0 Art, 1 and 2\n"
		    "note 11 5:0 Art, 1 and 2 and Bio\n"
		    "section Art, 1 and 2\nsection Bio\n" QUIZ_READ IN("a", "0")
			IN("b", "1") IN("c", "0 1") "0/0=1\n0/1=1\n0/2=1\n" },
		{ "one side is a section, the other is not: nothing is guessed",
		    QUIZ ROW("a", "Band") ROW("b", "Band and Orchestra"),
		    "note 12 4:0 Band and Orchestra\n"
		    "section Band\nsection Band and Orchestra\n" QUIZ_READ IN(
			"a", "0") IN("b", "1") "0/0=1\n0/1=1\n" },
		{ "no section", QUIZ ROW("a", ""),
		    "note 10 3:0 \n" QUIZ_READ "a|1|Sa|l| in\n0/0=1\n" },
	};
	static const struct gradebook_case with_known[] = {
		{ "the caller knows the parts",
		    QUIZ ROW("a", "Bio 1 and Chem 2"),
		    "note 11 3:0 Bio 1 and Chem 2\n"
		    "section Bio 1\nsection Chem 2\n" QUIZ_READ IN(
			"a", "0 1") "0/0=1\n" },
		{ "the caller knows the whole",
		    QUIZ ROW("a", "Reading") ROW("b", "Writing")
			ROW("c", "Reading and Writing"),
		    "section Reading\nsection Writing\n"
		    "section Reading and Writing\n" QUIZ_READ IN("a", "0")
			IN("b", "1") IN("c", "2") "0/0=1\n0/1=1\n0/2=1\n" },
	};
	static const char *const known[] = { "Bio 1", "Chem 2",
		"Reading and Writing", NULL };

	(void)state;
	GRADEBOOK_CHECK(cases, NULL);
	GRADEBOOK_CHECK(with_known, known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    sections_of_one_student_are_told_apart_when_the_file_shows_them),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
