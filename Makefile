# VitaSense: `make serve` runs it, `make test` tests it, `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
RUN := .venv/bin

# The lock names every package, so nothing is resolved at installation (--no-deps).
# The first Python from 3.11 to 3.13 that really starts.
PYTHON ?= $(shell for p in python3 python3.12 python3.11 python3.13 python; do \
  $$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { command -v $$p; break; }; done)
HAS_NODE := $(shell node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null && command -v npm)
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

.PHONY: help serve worker test check bench quality weights scispacy embeddings lock web format clean

help: ## Show what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

serve: .venv/installed web ## Install, build the page and serve on 127.0.0.1:8000 (PORT=… changes it)
	@$(if $(PORT),VITASENSE_PORT=$(PORT)) exec $(RUN)/vitasense serve

worker: .venv/installed ## Run a worker of its own (the service runs one inside by default)
	@exec $(RUN)/vitasense worker

test: .venv/installed-dev web ## Check everything and run all tests
	@$(MAKE) --no-print-directory check
	$(if $(HAS_NODE),cd web && npm test --silent)
	$(RUN)/pytest -n auto --maxprocesses 4 --dist loadfile

check: .venv/installed-dev $(if $(HAS_NODE),web/node_modules/installed) ## Lint, format, types and architecture, in under two minutes
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/lint-imports
	$(if $(HAS_NODE),web/node_modules/.bin/pyright --pythonpath $(RUN)/python,@echo "types not checked: Node 20 or newer is missing")
	$(if $(HAS_NODE),cd web && npm run --silent check)

bench: .venv/installed-dev ## Measure speed as ratios against the bare engines
	$(RUN)/python -m benchmarks

quality: .venv/installed-dev ## Measure what the service claims, against its floors (SUITES="triage …" for some)
	$(RUN)/vitasense eval run $(if $(VITASENSE_TEST_DATA),--data $(VITASENSE_TEST_DATA)) $(SUITES)

weights: .venv/installed-dev ## Train the weights of the safety gates on the corpora again
	$(RUN)/python -m vitasense.evals.training

scispacy: .venv/installed-scispacy ## Add scispaCy: abbreviations that a text defines itself are read

embeddings: .venv/installed-embeddings ## Add ONNX Runtime and fastembed: a model of your own finds memories by meaning

format: .venv/installed-dev ## Format the code
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml --extra build
lock: .venv/installed-dev ## Resolve the dependencies again (needs uv)
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev -o requirements-dev.lock
	$(LOCK) --extra scispacy -o requirements-scispacy.lock
	$(LOCK) --extra embeddings -o requirements-embeddings.lock

ifeq ($(HAS_NODE),)
web:
	@echo "Node 20 or newer is not here: the API runs, and the page says how to build it."
else
web: vitasense/api/web/index.html ## Build the page (needs Node 20 or newer)
endif

vitasense/api/web/index.html: web/node_modules/installed $(WEB_SOURCES)
	cd web && npm run --silent build

web/node_modules/installed: web/package-lock.json
	cd web && npm ci --silent --no-audit --no-fund
	@touch $@

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

.venv/installed-scispacy .venv/installed-embeddings: .venv/installed-%: requirements-%.lock .venv/installed
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-$*.lock
	@touch $@

clean: ## Remove what was built (never your data)
	rm -rf .venv web/node_modules vitasense/api/web .ruff_cache .pytest_cache .import_linter_cache .hypothesis
