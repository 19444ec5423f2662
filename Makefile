# Everything starts here: `make` or `make help` says what there is.
# PORT, VAR_DIR, DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL and SAMPLE may be given: make up PORT=8001

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3.11)
IN = .venv/bin/python
SCHEMA = docs/openapi.yaml
WORKERS ?= 3

# pip was told not to compile (see guild/embedded/install.py): unless Python keeps what it compiles, every
# start would compile all of Django again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up demo test lint style types layers api schema bench environment environment-dev environment-bench

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

up: environment ## run the whole product on this machine; Ctrl-C stops it and keeps everything
	@exec $(IN) -m guild.embedded up

demo: environment ## play a session of five dreamers in the running house (or in one opened for it)
	@exec $(IN) -m guild.embedded demo

test: lint ## every check: what `make lint` checks, then all tests (one is for missing migrations)
	$(IN) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: environment-dev ## style, types, who imports whom, the API's schema
	@$(MAKE) --no-print-directory --jobs=2 style types layers api

style:
	$(IN) -m ruff check .
	$(IN) -m ruff format --check .

types:
	$(IN) -m mypy .

layers:
	$(IN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

api:
	$(IN) manage.py spectacular --validate --fail-on-warn --file .venv/openapi.yaml
	@cmp .venv/openapi.yaml $(SCHEMA) || { echo "$(SCHEMA) is not the schema of this API: run make schema, and commit it."; exit 1; }

schema: environment-dev ## write docs/openapi.yaml, the schema of the API
	$(IN) manage.py spectacular --validate --fail-on-warn --file $(SCHEMA)

bench: environment-bench ## every benchmark under bench/, one after the other
	@set -e; for file in bench/*.py; do echo "$$file"; $(IN) "$$file"; done

environment:
	@$(PYTHON) guild/embedded/install.py

environment-dev:
	@$(PYTHON) guild/embedded/install.py dev

environment-bench: environment-dev
	@$(PYTHON) guild/embedded/install.py bench
