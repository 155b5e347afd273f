# make demo    the whole path on an invented school, then the apps on http://127.0.0.1:8866
# make test    the tests, with all they need
# make quick   the rules: what learners, goals, conferences, rights and doors do; under two minutes
# make coverage  the same, and how much of those rooms it reaches, branch by branch
# make check   what a change must pass: format, lint, types (also as on Windows and macOS), layers, tests
# make busy    make test, beside four processes that keep the machine busy
# make long    the same again: by keyboard alone, killed at other moments, on other devices; before a release
# make soak    an hour of load and faults; its figures are in docs/reliability.md
# make fresh   the README's way without make, in a new environment
# make bench   figures, as ratios against a baseline of the same run

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready-$(shell cat requirements.lock pyproject.toml 2>/dev/null | cksum | tr ' ' '-')
WORKERS ?= 2

.PHONY: demo test quick coverage long busy soak fresh check lint platforms bench lock words clean set-up

demo: set-up
	$(BIN)/workbench demo demo

test: set-up
	$(BIN)/python tests/find_browser.py
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Each once, on SQLite: make test has PostgreSQL, vendors, pages and all else.
QUICK := -m "not browser" -k "not postgresql and not doctor" \
  tests/ideas tests/doors tests/access/test_access.py tests/access/test_rights.py tests/test_docs.py

quick: set-up
	$(BIN)/pytest -n $(WORKERS) $(QUICK)

coverage: set-up
	$(BIN)/coverage run -m pytest -n 0 -q $(QUICK)
	$(BIN)/coverage report --skip-covered

busy:
	$(PYTHON) tests/busy.py 4 $(MAKE) test

long: set-up
	$(BIN)/python tests/find_browser.py
	$(BIN)/pytest -m long -n $(WORKERS) --dist loadfile

soak: set-up
	$(BIN)/python tests/find_browser.py
	$(BIN)/pytest -m soak -n 0 --capture=no tests/faults

fresh: set-up
	$(BIN)/pytest -m fresh -n 0 tests/cli

check: lint platforms coverage test long

lint: set-up
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Types as they are elsewhere: what one system alone has is asked for by sys.platform.
platforms: set-up
	for system in win32 darwin; do $(BIN)/mypy --platform $$system --cache-dir .mypy_cache/$$system || exit; done

bench: set-up
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m benchmarks.run

set-up: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.") if sys.version_info < (3, 11) else None'
	@echo "Setting up $(VENV): some minutes the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@rm -f $(VENV)/.ready-*
	@touch $@

# Needs uv. The lock holds pins and hashes only.
lock:
	uv pip compile pyproject.toml --group dev --extra postgresql --extra jupyterhub --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock

# Brings new sentences into each language's .po, and takes those out that nobody says any more.
# Another language: pybabel init -i build/workbench.pot -d workbench/ground/locale -D workbench -l LANGUAGE
words: set-up
	@mkdir -p build
	$(BIN)/pybabel --quiet extract --no-location --sort-output --omit-header \
	  -F workbench/ground/locale/babel.cfg -o build/workbench.pot workbench widgets
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --omit-header \
	  -i build/workbench.pot -d workbench/ground/locale -D workbench

clean:
	rm -rf $(VENV) demo build dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
