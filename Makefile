# Rollbook. `make help` lists the targets.
# Sources stand in reading order: this list is the table of contents.

CC	?= cc
OUT	?= out
BUILD	?= $(OUT)/build
BIN	?= $(OUT)/bin
PREFIX	?= /usr/local

CFLAGS_BASE = -std=c11 -D_GNU_SOURCE -Isrc -O2 -g -Wall -Wextra -Wpedantic \
	-Wshadow -Wconversion -Wformat=2 -Wvla -Werror
CFLAGS_HARD ?= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection=full -fPIE \
	-ftrivial-auto-var-init=zero -fno-strict-overflow \
	-ffile-prefix-map=$(CURDIR)=.
LDFLAGS_HARD ?= -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed
LIBS	= -lcsv -lcrypto -lpthread -linih -lcjson -lutf8proc -lminizip -lz

BASE = err mem buf utf8 log interrupt progress intern idmap hash date nearest \
	scratch csvio json conf cli
ROSTER = schema roster finding fate seal student_email tmpl
SOURCE = feeds clean bind blocks files source
CANVAS = policy map scope check login email check_people course_group enroll \
	order cells rows sheets emit findings_csv diff_record diff_side \
	diff_order diff_sort diff_cursor diff_pair diff held keep carry delta
PACK = rundir zip unpack package
TOP = version settings settle accepted update manifest run explain doctor commands

MODULES = $(BASE:%=base/%) $(ROSTER:%=roster/%) $(SOURCE:%=source/%) \
	$(CANVAS:%=canvas/%) $(PACK:%=pack/%) $(TOP)
OBJECTS = $(MODULES:%=$(BUILD)/%.o)
PROGRAMS = $(BIN)/ps2canvas
TOOLS = $(BIN)/gen_district

UNIT = $(sort $(notdir $(basename $(wildcard tests/unit/test_*.c))))

.PHONY: build help run test unit bench clean
.SECONDARY:

build: $(PROGRAMS)

help:
	@echo 'make        build everything'
	@echo 'make test   install what the tests need, run them all'
	@echo 'make clean  remove what was built'

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/librollbook.a: $(OBJECTS)
	rm -f $@
	ar rc $@ $^

$(BIN)/%: $(BUILD)/%.o $(BUILD)/librollbook.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS_HARD) $(LDFLAGS) $(LIBS)

$(BIN)/gen_district: fixtures/gen_district.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS) -o $@ $^

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/librollbook.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -o $@ $^ \
	    $(LDFLAGS_HARD) $(LDFLAGS) $(LIBS) -lcmocka

test:
	sh tests/install.sh
	$(MAKE) unit

unit: $(PROGRAMS) $(UNIT:%=$(BUILD)/tests/%)
	prove $(UNIT:%=$(BUILD)/tests/%)

clean:
	rm -rf $(BUILD) $(BIN)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
