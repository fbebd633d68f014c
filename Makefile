# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
# Without debug information: a binary of little more than half the size, and a shorter build. Names of functions stay, for traces of crashes and for profiles.
SWIFT_FLAGS := -c release -debug-info-format none
BINARY := .build/release/martlet
PYTHON := .venv/bin/python
DATA ?= ./data
PORT ?= 8080

.PHONY: help run build test unit system bench soak setup setup-test clean

help:
	@echo "make run      install what is missing, build, start Martlet with the demo shop in $(DATA)"
	@echo "make build    build the binary $(BINARY)"
	@echo "make test     everything that CI runs: Swift tests and the system tests on the real binary"
	@echo "make bench    measure the running product and print the figures (long)"
	@echo "make soak     the long forms of crash, fuzz and fault tests (hours)"
	@echo "make clean    remove what was built"

run: build
	$(BINARY) serve --demo --data $(DATA) --port $(PORT)

build: setup
	swift build $(SWIFT_FLAGS) --product martlet

setup:
	@scripts/setup run

setup-test:
	@scripts/setup test

# One configuration, release, for the binary and the tests: a fresh clone builds its dependencies once.
test: setup-test
	swift build $(SWIFT_FLAGS) --build-tests
	$(MAKE) unit system

# A few at a time: hundreds at once would keep every thread that tasks run on, and what waits for one of them would look like a server that does not answer.
# Thousands of lines pass by: what failed is said again at the end.
unit:
	@mkdir -p .build
	@swift test $(SWIFT_FLAGS) --disable-testable-imports --experimental-maximum-parallelization-width 3 2>&1 | tee .build/unit.log; \
	status=$${PIPESTATUS[0]}; \
	if [ $$status -ne 0 ]; then echo; echo "What failed:"; grep -aE '✘|recorded an issue|Fatal error|error:' -A 3 .build/unit.log | tail -60; fi; \
	exit $$status

# Two at a time, a file to each. Both cores are busy then: what failed is run once more, alone, and has to pass there.
system:
	@MARTLET_BIN=$(BINARY) $(PYTHON) -m pytest Tests/System -q -n 2 --dist loadfile -o cache_dir=.build/pytest; status=$$?; \
	if [ $$status -eq 1 ]; then \
		echo; echo "What failed, once more and alone:"; \
		MARTLET_BIN=$(BINARY) $(PYTHON) -m pytest Tests/System -q --last-failed --last-failed-no-failures none -o cache_dir=.build/pytest; status=$$?; \
	fi; \
	exit $$status

bench: build setup-test
	$(PYTHON) bench/run.py

soak: build setup-test
	MARTLET_SOAK=1 MARTLET_BIN=$(BINARY) $(PYTHON) -m pytest Tests/System -q -p no:cacheprovider

clean:
	rm -rf .build .venv
