# Everything newsdesk can do from a fresh checkout, on a machine with make and Python 3.11 to 3.13.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
PYTHON ?= $(shell for p in python3 python3.12 python3.11 python3.13; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& { echo "$$p"; break; }; done)
BIN := .venv/bin
UV := $(BIN)/uv --quiet
PYTEST := $(BIN)/pytest
PROOF := hostile or backfill or faults or deploy or browser

.PHONY: help install demo up test lint types unit integration proof proof-deps bench lock docs clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(BIN)/.installed ## make .venv with newsdesk and all it needs

$(BIN)/uv:
	@test -n "$(PYTHON)" || { echo "newsdesk needs Python 3.11, 3.12 or 3.13" >&2; exit 2; }
	@echo "Making .venv with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install uv==$(UV_VERSION)

$(BIN)/.installed: $(BIN)/uv requirements.txt pyproject.toml
	@echo "Installing newsdesk …"
	@$(UV) pip install --require-hashes -r requirements.txt
	@$(UV) pip install --no-deps -e .
	@touch $@

$(BIN)/.developed: $(BIN)/.installed requirements-dev.txt
	@echo "Installing the tools for tests …"
	@$(UV) pip install --require-hashes -r requirements-dev.txt
	@touch $@

demo: install ## two days of a small newspaper, from feeds to tables, through Airflow
	@$(BIN)/python -m newsdesk demo

up: install ## keep Airflow, the object store and the demo paper running until Ctrl-C
	@$(BIN)/python -m newsdesk up

test: lint types unit integration ## everything that must pass before a change lands

lint: $(BIN)/.developed ## style, layers, spelling, compose file
	$(BIN)/ruff check .
	$(BIN)/ruff check --quiet --select AIR --preview dags plugins
	$(BIN)/ruff format --check --quiet .
	PYTHONPATH=include $(BIN)/lint-imports --no-cache > .lint-imports.log || { cat .lint-imports.log; exit 1; }
	@rm -f .lint-imports.log
	$(BIN)/codespell

types: $(BIN)/.developed ## mypy, strict
	$(BIN)/mypy

unit: $(BIN)/.developed ## fast tests, no servers but loopback sockets
	$(PYTEST) -n 2 --dist loadgroup -m "not integration and not ($(PROOF))" tests/unit include

integration: $(BIN)/.developed ## tests on real SeaweedFS and Airflow
	$(PYTEST) -n 2 --dist loadfile -m "integration and not ($(PROOF))" tests/integration

proof: $(BIN)/.developed ## the heavy suites; a skip is a failure (first: make proof-deps)
	@failed=; \
	for mark in backfill faults deploy browser; do \
		echo "== $$mark"; \
		$(PYTEST) --no-skips -m "$$mark" tests || failed="$$failed $$mark"; \
	done; \
	echo "== hostile (in a network namespace that has only loopback)"; \
	unshare -rn sh -c 'ip link set lo up && exec $(PYTEST) --no-skips -m hostile tests/hostile' \
		|| failed="$$failed hostile"; \
	test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

proof-deps: ## what make proof needs from apt (asks for root)
	@if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	$$sudo apt-get -qq update; \
	$$sudo apt-get -qq install -y --no-install-recommends \
		postgresql redis-server chromium chromium-driver docker-compose iproute2 util-linux >/dev/null

bench: $(BIN)/.developed ## measure newsdesk against its peers
	@for script in benchmarks/*.py; do $(BIN)/python "$$script"; done

lock: $(BIN)/uv ## compile requirements.txt and requirements-dev.txt from pyproject.toml
	@$(UV) pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-emit-find-links --no-header pyproject.toml -o requirements.txt
	@$(UV) pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-emit-find-links --no-header -c requirements.txt --group dev -o requirements-dev.txt

docs: install ## write the generated pages of docs/
	@$(BIN)/python -m newsdesk.tables.document docs/tables.md
	@$(BIN)/python -m newsdesk.tables.contract docs/contract

clean: ## remove .venv and the local house
	rm -rf .venv .newsdesk
