# Each target says what it does and works twice; the second time from caches, without a network.
PYTHON ?= python3
BIN = .venv/bin
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench screenshots lock

help:
	@echo "make setup   make .venv and install Innochain with what it needs"
	@echo "make demo    setup, then the shipped facts as a graph in the browser (ARGS='--port 8001')"
	@echo "make test    all tests, with Neo4j and Chromium when they can be had (ARGS='-k paths' picks some)"
	@echo "make check   ruff, strict types, generated docs, house rules"
	@echo "make bench   every question at 10^4 and 10^6 nodes on both stores, an hour (ARGS='10000 --store embedded')"
	@echo "make screenshots   a picture of every page into docs/screenshots (ARGS='home node' makes some)"
	@echo "make lock    renew requirements.lock from pyproject.toml"

setup: .venv/.stamp-core
	@echo "setup: $(BIN)/innochain is ready"

demo: .venv/.stamp-core
	@echo "demo: build the shipped facts when there is no graph yet, then serve it"
	@$(BIN)/innochain demo $(ARGS)

test: .venv/.stamp-dev
	@echo "test: all tests; Neo4j, Chromium and ../shared when they can be had"
	@sh tests/neo4j/prepare.sh
	@sh tests/browser/prepare.sh
	@$(BIN)/pytest $(ARGS)

check: .venv/.stamp-dev
	@echo "check: ruff, strict types, generated docs, house rules"
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/innochain docs --check
	@$(BIN)/pytest -q tests/test_house.py

bench: .venv/.stamp-dev
	@echo "bench: made-up provinces, every question, both stores; results into bench/RESULTS.md"
	@$(BIN)/python tests/bench/run.py $(ARGS)

screenshots: .venv/.stamp-dev
	@echo "screenshots: every page in Chinese and English into docs/screenshots; look at them"
	@sh tests/browser/prepare.sh
	@$(BIN)/python tests/browser/screenshots.py $(ARGS)

lock:
	@echo "lock: the newest compatible versions of core and dev into requirements.lock"
	@rm -rf .cache/lock && mkdir -p .cache && $(PYTHON) -m venv .cache/lock
	@.cache/lock/bin/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@.cache/lock/bin/pip freeze --exclude-editable > .cache/lock/new
	@! grep -nvE '^[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+$$' .cache/lock/new
	@cp .cache/lock/new requirements.lock && rm -rf .cache/lock

# The stamps are what makes the second time quick: pip is not asked while they are newer than both files.
.venv/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "Innochain needs Python 3.11 or newer; $(PYTHON) was not found (apt-get install python3 python3-venv)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Innochain needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make a virtual environment: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.stamp-core: pyproject.toml requirements.lock | .venv/bin/pip
	@echo "setup: installing what Innochain needs into .venv (about half a minute, 450 MB)"
	@$(INSTALL) -e .
	@touch $@

.venv/.stamp-dev: pyproject.toml requirements.lock | .venv/bin/pip
	@echo "setup: installing what Innochain and its tests need into .venv (under a minute)"
	@$(INSTALL) -e '.[dev]'
	@touch .venv/.stamp-core $@
