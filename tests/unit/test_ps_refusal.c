#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "source/ps_refusal.h"

#define JSON "application/json;charset=UTF-8"
#define EXPIRED                                                                \
	"Bearer error=\"invalid_token\",realm=\"PowerSchool\","                \
	"error_description=\"The access token has expired\""

/* Status, type, challenge and body of an answer, and what they mean: kind,
 * words, and the lines that plugin.xml lacks. */
static const struct {
	long status;
	const char *type, *challenge, *body;
	enum ps_refusal_kind kind;
	const char *words, *grants;
} cases[] = {
	{ 401, "", EXPIRED, "", PS_REFUSAL_TOKEN,
	    "The access token has expired", "" },
	{ 401, JSON, "",
	    "{\"errorMessage\":{\"message\":\"Plugin is missing required "
	    "accessLevelV1Api READ permission\"}}",
	    PS_REFUSAL_V1_ACCESS,
	    "Plugin is missing required accessLevelV1Api READ permission", "" },
	{ 401, JSON, "", "{\"error\":\"invalid_client\"}", PS_REFUSAL_TOKEN,
	    "invalid_client", "" },
	{ 403, JSON, "",
	    "{\"message\":\"At least one column lacks sufficient "
	    "permission\",\"errors\":[{\"code\":\"NoAccess\",\"field\":"
	    "\"SchoolID\",\"resource\":\"Log\"}]}",
	    PS_REFUSAL_GRANT, "At least one column lacks sufficient permission",
	    "  <field table=\"LOG\" field=\"SCHOOLID\" "
	    "access=\"ViewOnly\"/>\n" },
	{ 400, JSON, "",
	    "{\"message\":\"Validation Failed\",\"errors\":[{\"resource\":"
	    "\"com.example.students\",\"field\":\"pssis_person_phone."
	    "phonetype\",\"code\":\"No access to the field\"},{\"resource\":"
	    "\"com.example.students\",\"field\":\"students.dcid\",\"code\":"
	    "\"No access to the field\"}]}",
	    PS_REFUSAL_GRANT, "Validation Failed",
	    "  <field table=\"PSSIS_PERSON_PHONE\" field=\"PHONETYPE\" "
	    "access=\"ViewOnly\"/>\n"
	    "  <field table=\"STUDENTS\" field=\"DCID\" "
	    "access=\"ViewOnly\"/>\n" },
	{ 400, JSON, "",
	    "{\"errors\":{\"field\":\"dcid\",\"code\":\"NoAccess\"}}",
	    PS_REFUSAL_GRANT, "",
	    "  <field table=\"CC\" field=\"DCID\" access=\"ViewOnly\"/>\n" },
	{ 400, JSON, "",
	    "{\"message\":\"Invalid field specified: student_email is not "
	    "valid column for table: Students\"}",
	    PS_REFUSAL_COLUMN,
	    "Invalid field specified: student_email is not valid column for "
	    "table: Students",
	    "  <field table=\"CC\" field=\"STUDENT_EMAIL\" "
	    "access=\"ViewOnly\"/>\n" },
	{ 404, JSON, "", "{\"message\":\"Query x not found\"}",
	    PS_REFUSAL_NOT_THERE, "Query x not found", "" },
	{ 405, "text/html", "", "<html></html>", PS_REFUSAL_NOT_THERE, "", "" },
	{ 403, JSON, "", "", PS_REFUSAL_FORBIDDEN, "", "" },
	{ 403, JSON, "", "{\"message\":", PS_REFUSAL_FORBIDDEN, "", "" },
	{ 200, "text/html", "", "maintenance", PS_REFUSAL_WEB_PAGE, "", "" },
	{ 200, "", "", "  <!DOCTYPE html>", PS_REFUSAL_WEB_PAGE, "", "" },
	{ 415, JSON, "", "{\"message\":\"a\\u001b[31mb\"}", PS_REFUSAL_OTHER,
	    "a?[31mb", "" },
};

static void
an_answer_other_than_rows_is_put_into_words(void **state)
{
	struct ps_refusal refusal;
	struct buf grants = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ps_refusal_read(&refusal, cases[i].status, cases[i].type,
		    cases[i].challenge, cases[i].body, strlen(cases[i].body));
		grants.len = 0;
		ps_refusal_put_grants(&refusal, "cc", &grants);
		if (refusal.kind != cases[i].kind)
			fail_msg("case %zu: kind %d", i, (int)refusal.kind);
		assert_string_equal(refusal.words, cases[i].words);
		assert_string_equal(buf_str(&grants), cases[i].grants);
	}
	buf_free(&grants);
}

static void
more_fields_than_there_is_room_for_are_cut_off(void **state)
{
	struct ps_refusal refusal;
	struct buf body = { 0 };
	size_t i;

	(void)state;
	buf_adds(&body, "{\"errors\":[");
	for (i = 0; i < 100; i++)
		buf_printf(&body,
		    "%s{\"field\":\"t.f%zu\",\"code\":\"No access\"}",
		    i == 0 ? "" : ",", i);
	buf_adds(&body, "]}");
	ps_refusal_read(&refusal, 400, JSON, "", body.data, body.len);
	assert_int_equal(refusal.nfields, PS_REFUSAL_FIELDS);
	assert_string_equal(refusal.fields[63].field, "F63");
	buf_free(&body);
}

static void
only_what_is_not_there_may_be_done_without(void **state)
{
	static const struct {
		long status;
		const char *body;
		bool withholds;
	} answers[] = {
		{ 404, "{\"message\":\"Query x not found\"}", false },
		{ 405, "", false },
		{ 400,
		    "{\"message\":\"Invalid field specified: a is not valid"
		    " column for table: b\"}",
		    false },
		{ 400, "{\"message\":\"ORA-00060: deadlock\"}", true },
		{ 401, "", true },
		{ 403, "", true },
		{ 403,
		    "{\"errors\":[{\"code\":\"NoAccess\",\"field\":\"ID\"}]}",
		    true },
		{ 204, "", true },
	};
	struct ps_refusal refusal;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		ps_refusal_read(&refusal, answers[i].status, JSON, "",
		    answers[i].body, strlen(answers[i].body));
		if (ps_refusal_withholds(&refusal) != answers[i].withholds)
			fail_msg("answer %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_other_than_rows_is_put_into_words),
		cmocka_unit_test(
		    more_fields_than_there_is_room_for_are_cut_off),
		cmocka_unit_test(only_what_is_not_there_may_be_done_without),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
