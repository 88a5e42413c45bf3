# SPDX-License-Identifier: Apache-2.0
# Every task sets up what it needs by itself, in .venv and build/; what is there and still right is not made again.

PYTHON ?= python3
ARGS ?=
FUZZ_SECONDS ?= 60
SOAK_SECONDS ?= 60
LLISTS ?= yes

BIN := .venv/bin
RUN := $(BIN)/python
HAS := .venv/has
SANITIZED := build/sanitized

PYTHON_SOURCES := setup.py aerospike $(wildcard aerospike_helpers) scripts examples tests $(wildcard benchmarks docs)
C_SOURCES = $(shell find src tests $(wildcard benchmarks) -name '*.[ch]' -o -name '*.[ch]pp')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-engines check lint asan tsan leaks fuzz schedules soak bench bench-columns bench-watching bench-asyncio bench-embedded bench-llist docs wheel format build clean

help:  ## Show what there is to do
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
	    printf '  make %-16s %s\n' "$$name" "$$text"; done
	@printf '\nPYTHON=%s chooses the Python, AEROSPIKE_HOSTS=host:port the cluster to test against.\n' '$(PYTHON)'

demo: build $(HAS)/package $(HAS)/demo  ## Load the cities of the world into an embedded server and work with them
	$(RUN) examples/cities.py --plot build/cities.png $(ARGS)

test: build $(HAS)/package $(HAS)/test  ## Run the test suite; ARGS='-k name' goes to pytest
	$(BIN)/pytest $(ARGS)

check: lint test docs  ## Run everything that a change must pass: lint, the tests, the manual

lint: build $(HAS)/package $(HAS)/test $(HAS)/check  ## Check layout, style, types and sizes, without running anything
	@$(BIN)/clang-format --dry-run -Werror $(C_SOURCES)
	@$(BIN)/ruff format --check --quiet $(PYTHON_SOURCES)
	@$(BIN)/ruff check --quiet $(PYTHON_SOURCES)
	@$(RUN) scripts/lint.py
	@$(BIN)/mypy --no-error-summary

asan: $(HAS)/build $(HAS)/test $(HAS)/system-asan  ## Run the test suite in a build with address and undefined-behaviour sanitizers
	$(RUN) scripts/sanitized.py address $(SANITIZED)-address $(ARGS)

tsan: $(HAS)/build $(HAS)/test $(HAS)/system-tsan  ## Run the tests of threads, and the embedded server's, with the thread sanitizer
	$(RUN) scripts/sanitized.py thread $(SANITIZED)-thread $(ARGS)

leaks: build $(HAS)/package $(HAS)/test  ## Call everything many times and watch the memory
	$(RUN) scripts/leaks.py $(ARGS)

fuzz: build $(HAS)/package $(HAS)/test $(HAS)/system-fuzz  ## Fuzz the embedded server, each harness for FUZZ_SECONDS
	$(RUN) scripts/fuzz.py --seconds $(FUZZ_SECONDS) $(ARGS)

schedules: build $(HAS)/package $(HAS)/test  ## Go through every schedule of writers of an LList and a reader, and count them
	LLIST_SCHEDULES=all $(BIN)/pytest -v $(ARGS) tests/test_llist_schedules.py

soak: build $(HAS)/package  ## Load three embedded nodes that die, hang and come back for SOAK_SECONDS, checked against a model
	$(RUN) scripts/soak.py --seconds $(SOAK_SECONDS) $(ARGS)

test-engines: build $(HAS)/package $(HAS)/test $(HAS)/engines $(HAS)/system-engines  ## Test the readers for Dask, Ray and Spark with these engines
	$(BIN)/pytest tests/test_engines.py $(ARGS)

bench: build $(HAS)/package  ## Compare with the vendor's client and with the C client, and measure LLists; LLISTS=no: no LLists
	$(RUN) benchmarks/compare.py $(ARGS)
	$(if $(filter no,$(LLISTS)),,$(RUN) benchmarks/llist.py)

bench-watching: build $(HAS)/package  ## Measure what hooks and the log of slow commands cost
	$(RUN) benchmarks/watching.py $(ARGS)

bench-asyncio: build $(HAS)/package  ## Compare clients in asyncio: ours, aerospike-native, the vendor's in threads
	$(RUN) benchmarks/asyncio_clients.py $(ARGS)

bench-columns: build $(HAS)/package $(HAS)/test  ## Measure columns against lists of records, and the C client
	$(RUN) benchmarks/columns.py $(ARGS)

bench-embedded: build $(HAS)/package  ## Measure the embedded server
	$(RUN) benchmarks/embedded.py $(ARGS)

bench-llist: build $(HAS)/package  ## Measure LLists of a thousand, a hundred thousand and a million elements
	$(RUN) benchmarks/llist.py $(ARGS)

docs: build $(HAS)/package $(HAS)/docs  ## Build the manual into docs/_build/html; a warning is an error
	@$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html || { rm -rf docs/_build; exit 1; }

wheel: $(HAS)/build $(HAS)/wheel  ## Build wheels for the Pythons found, and try each in a clean environment
	$(RUN) scripts/wheels.py $(ARGS)

format: $(HAS)/check  ## Lay out all sources
	$(BIN)/clang-format -i $(C_SOURCES)
	$(BIN)/ruff format $(PYTHON_SOURCES)
	$(BIN)/ruff check --fix $(PYTHON_SOURCES)

build: $(HAS)/build  ## Build the extensions in place
	@$(RUN) setup.py -q build_ext --inplace

clean:  ## Remove all that was made
	rm -rf .venv build dist wheelhouse docs/_build *.egg-info aerospike/*.so
	rm -rf .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# What is installed leaves a file behind, and is installed again when what asks for it changes.
$(HAS)/system-%: scripts/system_packages.sh | $(BIN)/python
	@bash $< $* $(PYTHON)
	@touch $@

$(BIN)/python:
	@bash scripts/system_packages.sh build $(PYTHON)
	$(PYTHON) -m venv .venv
	@mkdir -p $(HAS)
	$(BIN)/pip install -q --upgrade 'pip>=25.1'  # the first that knows dependency groups

$(HAS)/%: pyproject.toml | $(BIN)/python
	$(BIN)/pip install -q --group $*
	@touch $@

$(HAS)/package: pyproject.toml $(HAS)/build | build
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@
