# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2
#
# Each target installs what it needs into .venv from uv.lock, hashes and all, and says what it does.
# uv itself comes from PyPI into .uv (tools/uv.txt, with its hash): no root, no python3-venv needed.

SHELL := /bin/bash -euo pipefail
.DEFAULT_GOAL := help
PYTHON ?= python3
UV := .uv/bin/uv
BIN := .venv/bin
export UV_PROJECT_ENVIRONMENT := .venv
export PYTHONPATH := .
TOOK = @printf '%s took %d s.\n' "make $@" $$(( $$(date +%s) - $(STARTED) ))
STARTED := $(shell date +%s)

.PHONY: help demo up test test-all crash soak check sbom bench clean
help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/for-demo ## Run the main job on the shipped demo sources and open the office
	@$(BIN)/python -m demo

up: .venv/for-up ## Open the office on the real sources
	@$(BIN)/python manage.py up

test: .venv/for-test ## Run the tests (under five minutes)
	@bash tools/chromium.sh
	@echo "Running the tests on SQLite and PostgreSQL …"
	@$(BIN)/python -m pytest -q -m "not slow" -n 2 --dist loadfile --durations=5
	$(TOOK)

test-all: .venv/for-test ## Run every test, with coverage of grants, models and config
	@bash tools/chromium.sh
	@echo "Running every test on SQLite and PostgreSQL …"
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --durations=15 --cov --cov-report=term-missing:skip-covered --cov-fail-under=100
	$(TOOK)

crash: .venv/for-test ## Kill who plans, sends, backs up and migrates a thousand times: nothing lost, nothing doubled
	@CRASH_KILLS=1000 $(BIN)/python -m pytest -q -s tests/crash
	$(TOOK)

soak: .venv/for-test ## Live through thirty days in minutes: restarts, a full disk, a lost database, a DST night
	@$(BIN)/python -m tests.soak
	$(TOOK)

check: .venv/for-check ## Lint, types, import contracts, weaknesses, catalogues, licences
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit -q -ll -c pyproject.toml -r config models grants flows web ops demo tools manage.py
	@$(BIN)/python -m pytest -q tests/test_catalogues.py
	@$(BIN)/reuse lint --quiet || $(BIN)/reuse lint
	$(TOOK)

sbom: $(UV) ## Write the list of components (CycloneDX 1.5) to data/sbom.json
	@mkdir -p data
	@$(UV) export --quiet --frozen --format cyclonedx1.5 --extra semantic --no-default-groups -o data/sbom.json > /dev/null
	@echo "data/sbom.json: what Pijplijn is made of, from uv.lock."

bench: .venv/for-bench ## Measure; prints ratios beside peers and floors
	@$(BIN)/python -m bench

clean: ## Remove what was installed; data/ stays
	@rm -rf .venv .uv .chromium .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(UV): tools/uv.txt
	@echo "Fetching uv, the installer, from PyPI …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Pijplijn needs Python 3.11 or newer; this is $$($(PYTHON) --version)."; exit 1; }
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore --upgrade --target .uv --require-hashes --only-binary :all: -r tools/uv.txt 2>&1 | { grep -v '^WARNING: Location' || true; } \
		|| { echo "uv could not be fetched from PyPI: is the network or the proxy up?"; exit 1; }
	@touch $@

.venv/for-%: uv.lock pyproject.toml $(UV)
	@echo "Installing what 'make $*' needs into .venv, from uv.lock …"
	@$(UV) sync --quiet --frozen --no-python-downloads --python $(PYTHON) $(if $(filter up,$*),,--group $*) --extra semantic --inexact \
		|| { echo "The packages could not be installed: see the message above."; exit 1; }
	@touch $@
