#include "base/date.h"
#include "sim_metadata.h"

void
sim_metadata(const struct sim_server *server, struct sim_answer *answer)
{
	static const char *const kinds[] = { "course", "school", "section",
		"section_enrollment", "staff", "student", "term",
		"schema_table_query" };
	size_t i;

	sim_answer_json(answer, 200, "{\"metadata\":{\"plugin_id\":14");
	/* The versions came with 9.0; older servers do not name them. */
	if (*server->options.version != '\0')
		buf_printf(&answer->text,
		    ",\"powerschool_version\":\"%s\""
		    ",\"state_reporting_version\":\"25.6.1.0\"",
		    server->options.version);
	buf_adds(&answer->text, ",\"state\":\"OR\"");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		buf_printf(&answer->text, ",\"%s_max_page_size\":%zu", kinds[i],
		    server->options.page_max);
	buf_adds(&answer->text,
	    ",\"machine_uptime\":\"12 days\",\"powerschool_uptime\":\"3 days\""
	    ",\"mobile_api_version\":\"3.2.0\""
	    ",\"district_timezone\":\"America/Los_Angeles\""
	    ",\"district_uuid\":\"6f1c0f5e-0000-4000-8000-1d2c3b4a5968\""
	    ",\"sso_enabled_admin\":\"false\",\"sso_enabled_guardian\":\"false\""
	    ",\"sso_enabled_student\":\"false\",\"sso_enabled_teacher\":"
	    "\"false\"}}");
}

void
sim_time(struct sim_answer *answer)
{
	char text[UTC_TEXT_SIZE];

	utc_format(clock_now(), text);
	sim_answer_json(
	    answer, 200, "{\"time\":{\"server_time\":\"%s\"}}", text);
}
