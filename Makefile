# Three doors: make demo, make test, make check. Python 3.11, make and a network to the package index are all they assume.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUNBUFFERED := 1
# Workers, drills and commands start many times: what was compiled once is kept beside its source.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check test-postgresql pages drills fuzz bench format lock messages screens clean

help: ## What can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

demo: $(VENV)/ready ## A living example organisation on http://localhost:8000 (PORT= chooses)
	@$(BIN)/entremise demo --serve --port $(PORT)

test: $(VENV)/ready-dev ## Everything that can fail, on SQLite
	@$(BIN)/python tools/components.py
	@$(BIN)/python -m pytest -n 2 --dist loadscope

check: $(VENV)/ready-dev ## Lint, types, import contracts, laws; under a minute
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint templates --quiet --lint
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal tests/laws -p no:cacheprovider

test-postgresql: $(VENV)/ready-dev ## The suite on a throw-away PostgreSQL cluster
	@$(BIN)/python tools/postgresql.py --forgetful $(BIN)/python -m pytest -n 2 --dist loadscope --migrations

pages: $(VENV)/ready-dev ## Every page and every refusal in a browser with axe: both languages, themes and widths
	@$(BIN)/python tools/components.py
	@$(BIN)/python -m pytest -q -n 2 tests/browser/test_every_page.py

drills: $(VENV)/ready-dev ## Long drills: killed at random points, started again
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile tests/drills
	@$(BIN)/python tools/postgresql.py $(BIN)/python -m pytest -q tests/drills/test_restore.py

fuzz: $(VENV)/ready-dev ## Thousands of odd questions to every operation of the API, with all checks of schemathesis
	@$(BIN)/python -m pytest -q tests/fuzz -p no:cacheprovider

bench: $(VENV)/ready-dev ## Measures, each with its limit in the same run, one JSON line each
	@$(BIN)/python -m tests.bench

format: $(VENV)/ready-dev ## Put the layout right
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock: $(VENV)/ready-dev ## Pin every dependency, without addresses
	@uv pip compile -q --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.lock
	@uv pip compile -q --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock

messages: $(VENV)/ready ## Collect the strings of the screens, compile them, say what waits for a translator
	@$(BIN)/python tools/messages.py

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Entremise needs Python 3.11 or later")'
	@$(PYTHON) -m venv $(VENV) && touch $@

# uv installs in two seconds where it is there; pip in twenty everywhere.
$(VENV)/ready: $(VENV)/python requirements.lock pyproject.toml
	@if command -v uv >/dev/null; then uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock && uv pip install -q --python $(BIN)/python --no-deps -e .; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .; fi
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	@if command -v uv >/dev/null; then uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.lock; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock; fi
	@touch $@

clean: ## Remove what was built, never data
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
