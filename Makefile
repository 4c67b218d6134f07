# Rollbook. `make help` lists the targets.
# Sources stand in reading order: this list is the table of contents.

CC	?= cc
OUT	?= out
PREFIX	?= /usr/local
JOBS	?= $(shell nproc)

# make test SANITIZE=1 builds and tests with AddressSanitizer and UBSan.
ifdef SANITIZE
VARIANT	= -sanitize
CFLAGS_HARD = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -O1
LDFLAGS_HARD = -fsanitize=address,undefined
endif
BUILD	?= $(OUT)/build$(VARIANT)
BIN	?= $(OUT)/bin$(VARIANT)

CFLAGS_BASE = -std=c11 -D_GNU_SOURCE -Isrc -O2 -g -Wall -Wextra -Wpedantic \
	-Wshadow -Wconversion -Wformat=2 -Wvla -Werror
# Not every clang takes it without another flag.
AUTO_INIT := $(shell $(CC) -ftrivial-auto-var-init=zero -x c -c /dev/null \
	-o /dev/null 2>/dev/null && echo -ftrivial-auto-var-init=zero)
CFLAGS_HARD ?= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection=full -fPIE \
	$(AUTO_INIT) -fno-strict-overflow \
	-ffile-prefix-map=$(CURDIR)=.
LDFLAGS_HARD ?= -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed
LIBS	= -lcsv -lcrypto -lpthread -linih -lcjson -lutf8proc -lminizip -lz \
	-lcurl -lssl

BASE = err mem buf utf8 log interrupt streams progress relay parts intern \
	idmap hash date nearest scratch unzip csvio entity json_scan json \
	json_cells json_plain json_part json_members json_rows conf_table conf conf_print cli \
	net_url net_pace net_fault net_job net_peer net_curl net credential
ROSTER = schema roster finding fate seal student_email tmpl
SOURCE = feeds feed_queries clean bind blocks inputs files oneroster_tables \
	oneroster_set oneroster_manifest oneroster_fill oneroster_terms \
	oneroster_refs oneroster_people oneroster_classes \
	oneroster_enrollments oneroster_rows oneroster \
	ps_credentials ps_metadata ps_refusal ps_fail ps_client ps_save \
	ps_feed ps_range ps_pages ps_query ps_table \
	ps_v1_def ps_v1_rows ps_v1_list ps_v1_data ps_v1_cells ps_v1 \
	ps_way ps_join ps_skew powerschool \
	ps_probe ps_check source
CANVAS = policy map scope check login email check_people course_group enroll \
	order cells rows sheets emit beside findings_csv \
	diff_record diff_side diff_order diff_sort diff_cursor diff_pair diff \
	places diff_school diff_changes held keep carry delta \
	tally_count tally tally_sink tally_json \
	guard_settings guard_codes guard_share guard_watch guard_blank \
	guard_scopes guard_form guard guard_report \
	lint_rules lint_say lint_date lint_cells lint_keys lint_map lint_ids \
	lint_people lint_refs lint_repeat lint_header lint_file lint_rows \
	lint_sink lint
PACK = runs runs_find runs_decisions runs_verify runs_purged runs_chain \
	rundir zip unpack package
GRADES = course decimal gradebook_note gradebook_cell gradebook_file \
	gradebook_header gradebook_sections gradebook_reading \
	gradebook_survey gradebook_students gradebook_csv side_file \
	canvas_link canvas_refusal canvas_api canvas_field canvas_assignment \
	canvas_course canvas_courses \
	csv_list crosswalk grade_findings grade_policy due rules scores \
	naming html_text section_roster course_sheets pst_name powerteacher \
	pst_template pst_fill pst_folder
HISTORY = history_state history_record history history_call history_facts \
	history_list history_show history_decide history_verify history_purge
COMPARE = compare_result compare_put compare_schools compare_find \
	compare_package compare_text compare_json compare_html compare
TOP = version settings program settle accepted update judge manifest \
	report_table report_parts report run validate explain exam doctor \
	plugin commands
CANVAS2PT = grades_settle grades_out grades_files grades_report \
	grades_manifest grades_write grades grades_accept grades_check \
	grades_commands

MODULES = $(BASE:%=base/%) $(ROSTER:%=roster/%) $(SOURCE:%=source/%) \
	$(CANVAS:%=canvas/%) $(PACK:%=pack/%) $(GRADES:%=grades/%) \
	$(HISTORY:%=history/%) $(COMPARE:%=compare/%) $(TOP) \
	$(CANVAS2PT:%=canvas2pt/%)
# Files of templates/ that are put into the program (src/templates.h).
TEMPLATES = report.html grades-report.html plugin/plugin.xml \
	plugin/queries_root/org.rollbook.roster.named_queries.xml
OBJECTS = $(MODULES:%=$(BUILD)/%.o) $(TEMPLATES:%=$(BUILD)/templates/%.o)
PROGRAMS = $(BIN)/ps2canvas $(BIN)/canvas2pt
GENERATOR = $(wildcard fixtures/gen_district/*.c)

SIM = sim_tables sim_district sim_load sim_link sim_rows sim_request \
	sim_answer sim_body sim_words sim_fault sim_script sim_record sim_file \
	sim_http
SIM_POWERSCHOOL = sim_select sim_oauth sim_metadata sim_query sim_schema \
	sim_v1_object sim_v1_list sim_v1 sim_xml sim_server powerschool
SIM_CANVAS = sim_course sim_scale sim_canvas canvas

UNIT = $(sort $(basename $(notdir $(wildcard tests/unit/test_*.c))))
FUZZ = $(filter-out fuzz_replay,$(basename $(notdir $(wildcard tests/fuzz/fuzz_*.c))))
E2E = tests/layers.sh tests/golden.sh tests/fuzz/run.sh \
	$(sort $(wildcard tests/e2e/*.sh))

.PHONY: build help run run-grades demo-api test check bench fuzz torture browser lint format bless docs \
	install clean
.SECONDARY:

build: $(PROGRAMS)

help:
	@echo 'make          build everything; installs nothing'
	@echo 'make run      install what is missing, build, run Maple Valley'
	@echo 'make run-grades build, turn Maple Valley gradebooks into score files'
	@echo 'make demo-api run Maple Valley over HTTPS, from a server played here'
	@echo 'make test     install what the tests need, run them all (JOBS=2)'
	@echo 'make check    run the tests without installing anything'
	@echo 'make bench    measure speed and memory (BENCH_STUDENTS=1000000)'
	@echo 'make fuzz     feed random bytes to the readers (FUZZ_SECONDS=60)'
	@echo 'make torture  fail and kill runs at every single call'
	@echo 'make browser  look at report.html in headless Chromium'
	@echo 'make lint     clang-tidy, cppcheck, man pages, layers, format'
	@echo 'make format   bring the sources into form'
	@echo 'make bless    make what comes out of the golden cases the rule'
	@echo 'make docs     write the parts of documents that tables give'
	@echo 'make install  copy programs and man pages below PREFIX'
	@echo 'make clean    remove what was built'
	@echo 'SANITIZE=1 with any of them: with ASan and UBSan'

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -c -o $@ $<

# A file of templates/, line by line, so that the program needs no other file.
$(BUILD)/templates/%.c: templates/%
	@mkdir -p $(@D)
	{ echo '#include "templates.h"'; \
	    echo "const char *const templates_$$(echo $* | \
	    tr -c 'A-Za-z0-9\n' _)[] = {"; \
	    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n",/' $<; \
	    echo '0 };'; } >$@

$(BUILD)/templates/%.o: $(BUILD)/templates/%.c
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/librollbook.a: $(OBJECTS)
	rm -f $@
	ar rc $@ $^

$(PROGRAMS): $(BIN)/%: $(BUILD)/%.o $(BUILD)/librollbook.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS_HARD) $(LDFLAGS) $(LIBS)

$(BUILD)/gen_district/%.o: fixtures/gen_district/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BIN)/gen_district: $(GENERATOR:fixtures/%.c=$(BUILD)/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS_HARD) $(LDFLAGS)

# The servers that tests talk to; they share base/ and the names of exports.
$(BUILD)/sim/%.o: tests/sim/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) -Itests/sim $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -c \
	    -o $@ $<

$(BIN)/sim_powerschool: $(SIM_POWERSCHOOL:%=$(BUILD)/sim/%.o)
$(BIN)/sim_canvas: $(SIM_CANVAS:%=$(BUILD)/sim/%.o)
$(BIN)/sim_powerschool $(BIN)/sim_canvas: $(SIM:%=$(BUILD)/sim/%.o) \
    $(BUILD)/librollbook.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
	    $(LDFLAGS_HARD) $(LDFLAGS) $(LIBS) \
	    -lmicrohttpd

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/librollbook.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -o $@ \
	    $(filter %.c %.a,$^) $(LDFLAGS_HARD) $(LDFLAGS) $(LIBS) -lcmocka

$(BUILD)/unit/test_net_tls: LIBS += -lmicrohttpd

$(BIN)/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz_replay.c tests/fuzz/fuzz.h \
    $(BUILD)/librollbook.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -o $@ \
	    $(filter %.c %.a,$^) $(LDFLAGS_HARD) $(LDFLAGS) $(LIBS)

# The same targets for libFuzzer, with sanitizers, by clang.
FUZZ_FLAGS = -O1 -fno-sanitize-recover=all
$(BUILD)/libfuzzer/%.o: src/%.c
	@mkdir -p $(@D)
	clang $(CFLAGS_BASE) $(FUZZ_FLAGS) -MMD -MP -c -o $@ $< \
	    -fsanitize=fuzzer-no-link,address,undefined

$(BUILD)/libfuzzer/templates/%.o: $(BUILD)/templates/%.c
	@mkdir -p $(@D)
	clang $(CFLAGS_BASE) $(FUZZ_FLAGS) -c -o $@ $<

$(BUILD)/libfuzzer/librollbook.a: $(MODULES:%=$(BUILD)/libfuzzer/%.o) \
    $(TEMPLATES:%=$(BUILD)/libfuzzer/templates/%.o)
	rm -f $@
	ar rc $@ $^

$(BIN)/libfuzzer/%: tests/fuzz/%.c tests/fuzz/fuzz.h \
    $(BUILD)/libfuzzer/librollbook.a
	@mkdir -p $(@D)
	clang $(CFLAGS_BASE) $(FUZZ_FLAGS) -o $@ $(filter %.c %.a,$^) \
	    -fsanitize=fuzzer,address,undefined $(LIBS)

fuzz: $(FUZZ:%=$(BIN)/fuzz/%) $(FUZZ:%=$(BIN)/libfuzzer/%)
	sh tests/install.sh lint
	BIN=$(BIN) FOUND=$(OUT)/fuzz sh tests/fuzz/run.sh $(or $(FUZZ_SECONDS),60)

run:
	@sh tests/install.sh run
	@$(MAKE) -s build
	@sh fixtures/show-run.sh $(BIN)/ps2canvas

run-grades:
	@sh tests/install.sh run
	@$(MAKE) -s build
	@sh fixtures/show-grades.sh $(BIN)

demo-api: $(PROGRAMS) $(BIN)/sim_powerschool $(BIN)/sim_canvas
	@sh tests/install.sh test
	@sh fixtures/demo-api.sh $(BIN) $(OUT)

test:
	sh tests/install.sh test
	$(MAKE) -j$(JOBS) check

# The distribution's python3 goes before wrappers of others in the path.
check: $(PROGRAMS) $(BIN)/gen_district $(BIN)/sim_powerschool \
    $(BIN)/sim_canvas $(BUILD)/unit/canvas_dump $(UNIT:%=$(BUILD)/unit/%) \
    $(FUZZ:%=$(BIN)/fuzz/%) $(BUILD)/inject.so
	PATH=/usr/bin:/bin:$$PATH BIN=$(BIN) BUILD=$(BUILD) \
	    prove -j$(JOBS) $(PROVE) $(E2E) $(UNIT:%=$(BUILD)/unit/%)

$(BIN)/libcsv_pass: tests/bench/libcsv_pass.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) -o $@ $< -lcsv

$(BIN)/json_rows_pass: tests/bench/json_rows_pass.c $(BUILD)/librollbook.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -o $@ \
	    $(filter %.c %.a,$^) $(LDFLAGS_HARD) $(LDFLAGS) $(LIBS)

bench: $(PROGRAMS) $(BIN)/gen_district $(BIN)/sim_powerschool \
    $(BIN)/sim_canvas $(BIN)/libcsv_pass $(BIN)/json_rows_pass
	BIN=$(BIN) sh tests/bench/run.sh
	BIN=$(BIN) sh tests/bench/diff.sh
	BIN=$(BIN) sh tests/bench/api.sh
	BIN=$(BIN) sh tests/bench/grades.sh
	$(BIN)/json_rows_pass 200
	$(BIN)/json_rows_pass 20 parse

browser: $(PROGRAMS)
	sh tests/install.sh browser
	BIN=$(BIN) OUT=$(OUT) sh tests/browser/run.sh

lint:
	sh tests/install.sh lint
	sh tests/lint.sh

format:
	find src fixtures tests -name '*.[ch]' | xargs clang-format -i

# Goes into the programs by LD_PRELOAD and fails or kills them at any call.
$(BUILD)/inject.so: $(wildcard tests/fault/inject*.[ch])
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) -fPIC -shared -o $@ $(filter %.c,$^) -ldl -lpthread

torture: $(PROGRAMS) $(BUILD)/inject.so
	sh tests/install.sh test
	BIN=$(BIN) BUILD=$(BUILD) sh tests/fault/torture.sh

$(BUILD)/docs: tests/docs.c $(BUILD)/librollbook.a
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -o $@ \
	    tests/docs.c $(BUILD)/librollbook.a $(LDFLAGS_HARD) $(LDFLAGS) \
	    $(LIBS)

docs: $(BUILD)/docs
	$(BUILD)/docs

bless: $(PROGRAMS)
	BIN=$(BIN) sh tests/golden.sh --bless

install: $(PROGRAMS)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/man/man5
	install $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 src/ps2canvas.1 src/canvas2pt.1 \
	    $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 src/rollbook.ini.5 $(DESTDIR)$(PREFIX)/share/man/man5

clean:
	rm -rf $(OUT)/build* $(OUT)/bin*

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
