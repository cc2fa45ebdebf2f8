# Thin steps, each to be read here. What a step needs beyond Python and make it installs into .venv, from hashed locks.

PYTHON ?= python3
PORT   ?= 8000
DEMO   ?= $(or $(TATBIQ_DEMO),1)

BIN       := .venv/bin
RUN_READY := .venv/.run-lock-installed
DEV_READY := .venv/.dev-lock-installed
COMPILED  := .venv/.catalogues-compiled
PIP       := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
LOCK      := uv pip compile pyproject.toml --extra install --universal --no-header --generate-hashes \
             --no-emit-index-url --no-emit-find-links --python-version 3.11

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run dev test lint browser bench faults mutants sentences walks pictures catalogues relock

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN_READY) catalogues ## serve on http://127.0.0.1:8000 with the demo (PORT=… changes the port, DEMO=0 starts empty)
	$(BIN)/tatbiq migrate
	$(BIN)/tatbiq serve --port $(PORT)

dev: $(DEV_READY) catalogues ## the same, demo and log included, and start again when a file changes
	$(BIN)/tatbiq migrate
	$(BIN)/tatbiq serve --port $(PORT) --reload

# The demo and the real record never share a directory; an environment that names one wins over both.
run dev: export TATBIQ_DEMO := $(DEMO)
run dev: export TATBIQ_DATA_DIR := $(or $(TATBIQ_DATA_DIR),$(if $(filter 0 f% F% n% N% off Off OFF,$(DEMO)),var/data,var/demo))

test: lint browser ## check everything: format, lint, types, imports, then every test on SQLite, PostgreSQL and Chromium
	$(BIN)/pytest -n 2 -m "not alone"
	$(BIN)/pytest -n 0 -m alone tests/faults

lint: $(DEV_READY) catalogues ## format, lint, types and import contracts, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

browser:
	@tests/install_browser.sh

bench: $(DEV_READY) catalogues ## measure (SIZES=10000,100000,1000000 chooses how many actions)
	$(BIN)/python -m benchmarks $(if $(SIZES),--sizes $(SIZES))

faults: $(DEV_READY) catalogues ## inject every fault of the mail at length: kills, a month, a year (half an hour)
	$(BIN)/python -m tests.faults

mutants: $(DEV_READY) catalogues ## plant each known fault in a scratch copy and tell which ones no test catches
	$(BIN)/python -m tests.mutants

sentences: $(DEV_READY) catalogues ## print every computed sentence in every situation, in three languages, for reading
	$(BIN)/python -m tests.sentences

walks: $(DEV_READY) catalogues ## print the files that a newcomer opens to follow three walks from door to result
	$(BIN)/python -m tests.walk_files

pictures: $(DEV_READY) catalogues browser ## take the pictures of the guide again, from the pages of the demonstration
	$(BIN)/python -m tests.pictures

catalogues: $(COMPILED) ## compile the translations

$(COMPILED): $(wildcard app/i18n/locale/*/LC_MESSAGES/*.po) | $(RUN_READY)
	$(BIN)/python -m app.i18n
	@touch $@

relock: ## resolve pyproject.toml again into both locks (needs uv: https://docs.astral.sh/uv/)
	@command -v uv >/dev/null || { echo "make relock needs uv, and only make relock does: pipx install uv"; exit 1; }
	$(LOCK) --upgrade -o requirements.lock
	$(LOCK) --upgrade --extra dev -o requirements-dev.lock

# Nothing is installed again until a lock changes. What the development lock installs includes what the other one does.
$(RUN_READY): requirements.lock | $(BIN)/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_READY): requirements-dev.lock | $(BIN)/python
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(RUN_READY) $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Tatbiq needs Python 3.11 or newer, and '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." \
	       "Name another one, for example: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { \
	  echo "'$(PYTHON)' comes without the module venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
