# Newsroom: `make demo` to see it, `make test` to test it, `make check` before a commit, `make help` for the rest.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/python -m pytest

.PHONY: help demo test test-postgres test-crash test-browser check lint types migrations bench bench-import bench-site bench-desk screenshots clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(VENV)/runtime: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt requirements.txt | $(VENV)/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

ADDRESS := 127.0.0.1:8000
demo: $(VENV)/runtime  ## sample dumps, an editor account and the site on http://127.0.0.1:8000, or ADDRESS=127.0.0.1:8001
	$(MANAGE) demo --address $(ADDRESS)

test: $(VENV)/dev  ## the tests, on SQLite
	$(PYTEST) -q -n auto

test-postgres: $(VENV)/dev  ## the same tests on a PostgreSQL server of their own
	$(BIN)/python -m tests.postgres $(PYTEST) -q -n auto

test-crash: $(VENV)/dev  ## imports killed at 52 random moments, on SQLite and on PostgreSQL
	$(PYTEST) -q -n auto -m crash tests/newsroom
	$(BIN)/python -m tests.postgres $(PYTEST) -q -n auto -m crash tests/newsroom

test-browser: $(VENV)/dev  ## pages in a real headless Chromium (Debian: apt-get install chromium)
	$(PYTEST) -q -m browser tests/browser

check: lint types migrations test  ## everything a commit must pass

lint: $(VENV)/dev  ## ruff, djade, djlint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	git ls-files 'templates/desk/*.html' | xargs $(BIN)/djade --check --target-version 5.2
	$(BIN)/djlint --lint --quiet templates/desk
	$(BIN)/djlint --lint --quiet --profile=jinja --ignore=J004 templates/public

types: $(VENV)/dev  ## mypy, strict, on the pure packages
	$(BIN)/mypy

migrations: $(VENV)/dev  ## models and migrations agree, and the system checks pass
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --fail-level WARNING

bench: $(VENV)/dev  ## benchmarks: figures, not verdicts
	$(PYTEST) -q -m benchmark -s tests/benchmarks

DOCUMENTS ?= 26000
BENCH_IMPORT := $(BIN)/python -m tests.benchmarks.imports $(DOCUMENTS)
bench-import: $(VENV)/dev  ## how fast imports are on each database; 26,000 documents, or DOCUMENTS=2000
	@place=$$(mktemp -d) && DATABASE_URL=sqlite:///$$place/db.sqlite3 $(BENCH_IMPORT); rm -rf "$$place"
	@$(BIN)/python -m tests.postgres $(BENCH_IMPORT)

bench-site: $(VENV)/dev  ## how fast pages are answered, on a PostgreSQL server of their own; takes some fourteen minutes
	@$(BIN)/python -m tests.benchmarks.site_speed

bench-desk: $(VENV)/dev  ## what pages of the desk cost at a million quotes, on PostgreSQL; takes a quarter of an hour
	@$(BIN)/python -m tests.postgres $(BIN)/python -m tests.benchmarks.admin_scale 1000000

screenshots: $(VENV)/dev  ## the README's pictures, from a demo that runs on port 8000
	$(BIN)/python -m tests.browser.screenshots http://127.0.0.1:8000

clean:  ## remove the environment and what was generated
	rm -rf $(VENV) staticfiles .mypy_cache .pytest_cache .ruff_cache .hypothesis
