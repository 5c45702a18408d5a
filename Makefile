# `make run` and `make test` are all one needs; `make help` lists the rest.
# Each target sets up what it needs once: stamps (.venv/.app …) remember what is done.

.DEFAULT_GOAL := help
BIN := .venv/bin
UV := $(shell command -v uv)
# With uv where it is there, else with Python's own venv and pip; hashes are checked either way.
INSTALL := $(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)
LOCK := $(or $(UV),$(BIN)/uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" pyproject.toml --group build --all-extras
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile

.PHONY: help run check test bench screenshots lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s%s\n", $$1, $$2 }' Makefile

run: .venv/.app .venv/.htmx ## the site with a believable city, on http://127.0.0.1:8000
	@exec $(BIN)/wishwall serve --demo

check: .venv/.test lint ## format, lint, types, and the tests on SQLite without a browser
	$(PYTEST) -m "not browser"

test: .venv/.test system .venv/.htmx lint ## everything, as CI: also on PostgreSQL, and in a browser
	$(PYTEST) -m "not browser"
	$(PYTEST) -m "not browser" --database postgresql
	$(BIN)/python -m pytest -m browser

.PHONY: lint system
lint: .venv/.test
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates

system:
	@tests/setup_system.sh

bench: .venv/.test ## what benchmarks/ holds, or one of it: make bench ONLY=name
	@$(BIN)/python -m benchmarks $(ONLY)

screenshots: .venv/.test system .venv/.htmx ## pictures of the pages into docs/screenshots/
	@$(BIN)/python -m tests.screenshots

lock: $(if $(UV),,$(BIN)/uv) ## requirements/*.txt from pyproject.toml; NEWER=1 takes newer versions
	$(LOCK) $(if $(NEWER),--upgrade) --output-file requirements/app.txt
	$(LOCK) $(if $(NEWER),--upgrade) --group test --constraint requirements/app.txt --output-file requirements/test.txt

clean: ## away with all that can be made again; the data in instance/ stays
	rm -rf .venv build .mypy_cache .ruff_cache .hypothesis test-results static/vendor *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.made:
	@for python in python3.13 python3.12 python3.11 python3; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
	[ "$$python" ] || { echo "wishwall needs Python 3.11 or newer; please install it (python.org) and try again."; exit 1; }; \
	$(if $(UV),uv venv --quiet --allow-existing --python "$$($$python -c 'import sys; print(sys.executable)')",$$python -m venv) .venv
	@touch $@

.venv/.app: requirements/app.txt pyproject.toml | .venv/.made
	@echo "Setting up (once, about a minute) ..."
	@$(INSTALL) --require-hashes --requirement requirements/app.txt
	@$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

.venv/.test: requirements/test.txt .venv/.app
	@$(INSTALL) --require-hashes --requirement requirements/test.txt
	@touch $@

.venv/.htmx: | .venv/.app
	@test -e static/vendor/ext/hx-sse.min.js || $(BIN)/wishwall htmx pull \
	  || echo "The CDN's htmx will do. A copy of our own, later: $(BIN)/wishwall htmx pull"
	@touch $@

$(BIN)/uv: | .venv/.made
	@$(BIN)/python -m pip install --quiet uv
