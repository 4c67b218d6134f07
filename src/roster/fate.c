#include <stdlib.h>

#include "base/mem.h"
#include "roster/fate.h"

const char *const reason_names[REASONS] = {
	[REASON_NONE] = "",
	[REASON_DISTRICT_OFFICE] = "district-office",
	[REASON_GRADUATED] = "graduated",
	[REASON_EXCLUDED] = "excluded",
	[REASON_OTHER_YEAR] = "other-year",
	[REASON_SCHOOL_OUT_OF_SCOPE] = "school-out-of-scope",
	[REASON_UNUSED] = "unused",
	[REASON_SECTION_OUT_OF_SCOPE] = "section-out-of-scope",
	[REASON_ENDED] = "ended",
	[REASON_ROLE] = "role",
	[REASON_NO_STAFF] = "no-staff",
	[REASON_STAFF_OUT_OF_SCOPE] = "staff-out-of-scope",
	[REASON_ZERO_DAY] = "zero-day",
	[REASON_DROPPED] = "dropped",
	[REASON_STUDENT_OUT_OF_SCOPE] = "student-out-of-scope",
	[REASON_NO_ENROLLMENT] = "no-enrollment",
	[REASON_PRE_REGISTERED] = "pre-registered",
	[REASON_NO_USER] = "no-user",
	[REASON_NO_SCHOOL] = "no-school",
	[REASON_INACTIVE] = "inactive",
	[REASON_NOT_TEACHING] = "not-teaching",
};

void
fate_report(
    struct roster *roster, struct findings *findings, struct finding finding)
{
	findings_add(findings, finding);
	if (finding.severity == SEVERITY_ERROR)
		roster->tables[finding.table].states[finding.row] = ROW_HELD;
}

struct fate_count
fate_counted(const struct table *table)
{
	struct fate_count count = { .rows = table->nrows };
	size_t i;

	if (table->counted != NULL)
		return *table->counted;
	for (i = 0; i < table->nrows; i++) {
		switch (fate_of(table, (uint32_t)i)) {
		case ROW_USED:
			count.used++;
			break;
		case ROW_MERGED:
			count.merged++;
			break;
		case ROW_HELD:
			count.held++;
			break;
		case ROW_SKIPPED:
			count.skipped++;
			count.by_reason[table->reasons[i]]++;
			break;
		}
	}
	return count;
}

void
fate_forget(struct table *table)
{
	struct fate_count *count;

	count = mem_alloc(sizeof(*count));
	*count = fate_counted(table);
	table->counted = count;
	free(table->flags);
	free(table->states);
	free(table->reasons);
	table->flags = table->states = table->reasons = NULL;
}
