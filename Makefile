# Everything sets itself up: Python 3.11 or newer and make are enough.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test golden lint format types contract bench coverage clean

help:  ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.venv/run.stamp: requirements/run.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --require-hashes -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	$(PIP) install --require-hashes -r requirements/dev.txt
	touch $@

demo: .venv/run.stamp  ## Score and assess the four-hospital example, write its report
	@$(BIN)/python examples/heart-four-hospitals/score.py
	@echo
	@$(BIN)/defensible assess examples/heart-four-hospitals --summary --html examples/heart-four-hospitals/report.html
	@echo "everything: .venv/bin/defensible assess examples/heart-four-hospitals"

test: .venv/dev.stamp  ## Run every test
	$(BIN)/python -m pytest -n auto

golden: .venv/dev.stamp  ## Write the golden reports anew; look at the difference
	DEFENSIBLE_GOLDEN=write $(BIN)/python -m pytest tests/documents/test_golden.py
	git diff --stat tests/golden

lint: types contract  ## Ruff, types, import contract, house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python checks/house.py

types: .venv/dev.stamp  ## Strict types
	$(BIN)/mypy

contract: .venv/dev.stamp  ## Rooms import downward only
	$(BIN)/lint-imports

format: .venv/dev.stamp  ## Let ruff write the layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev.stamp  ## Print speed as ratios against a peer in one run
	@for script in $(filter-out %coverage.py bench/coverage%,$(wildcard bench/*.py)); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

coverage: .venv/dev.stamp  ## Simulate how often intervals cover (long)
	@for script in $(filter-out %/coverage_table.py,$(filter %coverage.py bench/coverage%,$(wildcard bench/*.py))); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

clean:  ## Remove what make made
	rm -rf .venv dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
