# Rollbook. `make help` lists the targets.
# Sources stand in reading order: this list is the table of contents.

CC	 ?= cc
OUT	 ?= out
BUILD	 ?= $(OUT)/build
BIN	 ?= $(OUT)/bin

CFLAGS_BASE = -std=c11 -D_GNU_SOURCE -Isrc -O2 -g -Wall -Wextra -Wpedantic \
	-Wshadow -Wconversion -Wformat=2 -Wvla -Werror
CFLAGS_HARD = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection=full -fPIE \
	-ftrivial-auto-var-init=zero -fno-strict-overflow \
	-ffile-prefix-map=$(CURDIR)=.
LDFLAGS_HARD = -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed
LIBS	 = -lcsv -lcrypto -lpthread -linih -lcjson -lutf8proc

BASE = src/base/err.c src/base/mem.c src/base/buf.c src/base/utf8.c \
	src/base/log.c src/base/interrupt.c src/base/progress.c \
	src/base/intern.c src/base/hash.c src/base/date.c src/base/nearest.c \
	src/base/csvio.c src/base/conf.c src/base/json.c

TESTS = test_buf test_date test_csvio test_nearest test_conf test_json

.PHONY: build test clean help
.SECONDARY:

build: $(BASE:src/%.c=$(BUILD)/%.o)

help:
	@echo 'make        build everything'
	@echo 'make test   install what the tests need, run them all'
	@echo 'make clean  remove what was built'

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: tests/unit/%.c $(BASE:src/%.c=$(BUILD)/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_BASE) $(CFLAGS_HARD) $(CFLAGS) -MMD -MP -o $@ $^ \
	    $(LDFLAGS_HARD) $(LIBS) -lcmocka

test:
	sh tests/install.sh
	$(MAKE) build $(TESTS:%=$(BUILD)/tests/%)
	prove $(TESTS:%=$(BUILD)/tests/%)

clean:
	rm -rf $(BUILD) $(BIN)

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/tests/*.d)
