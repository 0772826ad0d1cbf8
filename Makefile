# Entrepôt: what a user and a developer run. Nothing but Python 3.11 or newer, make and a package index is needed, and
# Chromium for the tests of the report site.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Supported versions, and the locks: the smallest first, the one that the tests need last.
PYTHONS = 3.11 3.12 3.13 3.14
LOCKS = requirements.lock requirements-bench.lock requirements-dev.lock
# The DuckDB that test-duckdb2 tests with, beside the one in the locks (see constraints.txt).
DUCKDB2 = 2.0.1
# The versions of DuckDB beside it that make clients reads a published file with, and what Node does.
CLIENT_DUCKDBS = 1.3.2 1.4.4 $(DUCKDB2)
NODE_CLIENT = @duckdb/node-api@1.5.6-r.1

# The one way a lock is installed. A lock is complete, so nothing beyond it is to be resolved: without --no-deps an older
# pip looks for newer releases of what carries an extra, and fails on the day that one is published.
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALL_LOCK = $(PIP_INSTALL) --no-deps --require-hashes -r
INSTALL_PROJECT = $(PIP_INSTALL) --no-deps --no-build-isolation --editable .

UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --constraints constraints.txt pyproject.toml $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help build test check unit t questions locks-check fuzz campaign crashes upgrades deployed overhead test-duckdb2 clients format docs bench bench-sizes site-figures lock locks-resolve install-lock install-project clean

help:  ## list what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: $(VENV)/.installed  ## set everything up and build ./data/published/entrepot.duckdb
	@$(BIN)/entrepot build

test: $(VENV)/.installed-dev  ## set everything up and pass all checks
	@$(MAKE) --no-print-directory check unit

check: $(VENV)/.installed-dev  ## formatting, lint, types, direction of imports
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.installed-dev  ## the tests, with coverage of tasks and warehouse
	$(BIN)/python -m pytest --cov --cov-report=term

# In one process and without coverage, which take longer than a few tests. Compiled modules are kept whatever the
# environment says: compiling them anew takes a second.
t: $(VENV)/.installed-dev  ## some tests, quickly: ARGS="tests/tasks/sources/test_fred_fx.py -k bad"
	$(if $(ARGS),,$(error name the tests: make t ARGS="tests/tasks/sources/test_fred_fx.py -k bad"))
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 0 $(ARGS)

questions: $(VENV)/.installed-dev  ## what analysts ask first, of the bundled figures and of all files in ../shared
	@$(BIN)/python -m pytest -n 0 tests/questions tests/real/test_questions.py

locks-check:  ## install each lock into an empty environment, check it is exactly the lock; ARGS=--all for all Pythons
	@$(PYTHON) -E -s -S -m tests.install.check_locks $(ARGS) $(LOCKS)

fuzz: $(VENV)/.installed-dev  ## mutate files fifty thousand times and read each, those of ../shared too; ARGS="--mutations 2000"
	@$(BIN)/python -m tests.fuzz $(ARGS)

upgrades: $(VENV)/.installed-dev  ## bring homes of each earlier file version up to date and hold them to new ones; ARGS="--version 4"
	@$(BIN)/python -m tests.upgrade $(ARGS)

campaign: $(VENV)/.installed-dev  ## answers of all publishers with every kind of fault, and what becomes of them; goes on where it ended; ARGS="--write"
	@$(BIN)/python -m tests.campaign $(ARGS)

crashes: $(VENV)/.installed-dev  ## kill steps of a home folder at random moments, and fill its disk, and hold it to one that had none of it; ARGS="--write"
	@$(BIN)/python -m tests.campaign.crash $(ARGS)

deployed: $(VENV)/.installed-dev  ## flows as deployments of a real server and worker on loopback: schedules, queues, killed runs
	$(BIN)/python -m pytest -n 0 -m "slow or not slow" tests/flows/test_deployed.py $(ARGS)

overhead: $(VENV)/.installed-dev  ## how long commands take, and what Prefect adds to a build
	@$(BIN)/python -m tests.bench.overhead

test-duckdb2:  ## the tests on DuckDB 2 in an environment of its own; ARGS="tests/flows -k build" for some of them
	@$(MAKE) --no-print-directory VENV=.venv-duckdb2 .venv-duckdb2/.installed-duckdb2
	.venv-duckdb2/bin/python -m pytest $(ARGS)

clients: $(VENV)/.installed-dev .venv-clients/.installed  ## read the published file with other programs, during a build; needs Node and npm
	$(BIN)/python -m tests.clients.check .venv-clients $(ARGS)

format: $(VENV)/.installed-dev  ## format and mend what can be mended without thinking
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.installed-dev  ## write the generated pages (docs/tables.md, docs/sources, sources in README.md), and the site in build/docs
	$(BIN)/python -m warehouse.docs > docs/tables.md
	$(BIN)/python -m tasks.pages.source_pages docs/sources
	$(BIN)/python -m tasks.pages.readme README.md
	$(BIN)/python -m flows.prefect_yaml prefect.yaml
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "open build/docs/index.html; to search in it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory build/docs"

bench: $(VENV)/.installed-bench  ## measure against a bare DuckDB load and others; ARGS="--years 10", ARGS=--help
	$(BIN)/python -m tests.bench $(ARGS)

bench-sizes: $(VENV)/.installed-bench  ## files of half a million to eleven million rows, each published: no size may cost more than a larger one
	$(BIN)/python -m tests.bench.every_size $(ARGS)

site-figures: $(VENV)/.installed-dev  ## what the report site of a home folder takes to write and to open: ARGS="--home data"
	$(BIN)/python -m tests.bench.site $(ARGS)

lock:  ## bring the lock files in line with pyproject.toml; ARGS=--upgrade raises every version
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) uv
	$(UV_COMPILE) --extra install --extra gravity --extra mcp --extra share --extra docs --extra dev -o requirements-dev.lock
	$(UV_COMPILE) --extra install --constraints requirements-dev.lock -o requirements.lock
	$(UV_COMPILE) --extra install --extra bench --constraints requirements-dev.lock -o requirements-bench.lock
	@$(MAKE) --no-print-directory locks-resolve

# Nothing is installed: for each supported version a wheel of every package must be there, and nothing may be missing.
locks-resolve:
	@for lock in $(LOCKS); do for version in $(PYTHONS); do \
		$(BIN)/uv pip install --quiet --dry-run --require-hashes --only-binary :all: --target $(VENV)/none \
			--python-version $$version --requirements $$lock || exit 1; \
		echo "$$lock resolves for Python $$version"; done; done

# What locks-check installs with: LOCK into VENV, by the lines that everything else is installed with.
install-lock:
	@$(INSTALL_LOCK) $(LOCK)

install-project:
	@$(INSTALL_PROJECT)

clean:  ## remove the environment and caches; data stays
	rm -rf build $(VENV) .venv-duckdb2 .venv-clients .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* .import_linter_cache

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing what entrepot needs into $(VENV) (once, a minute or two)"
	@$(INSTALL_LOCK) requirements.lock
	@$(INSTALL_PROJECT)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "installing what the tests need"
	@$(INSTALL_LOCK) requirements-dev.lock
	@touch $@

$(VENV)/.installed-duckdb2: $(VENV)/.installed-dev Makefile
	@$(PIP_INSTALL) --no-deps duckdb==$(DUCKDB2)
	@$(BIN)/python -m pip check
	@touch $@

.venv-clients/.installed: tests/clients/requirements.txt Makefile
	@test -x .venv-clients/bin/python || $(PYTHON) -m venv .venv-clients
	@echo "installing the programs that read the published file"
	@.venv-clients/bin/python -m pip install --quiet --disable-pip-version-check -r tests/clients/requirements.txt
	@for version in $(CLIENT_DUCKDBS); do \
		$(PYTHON) -m venv .venv-clients/duckdb-$$version && \
		.venv-clients/duckdb-$$version/bin/python -m pip install --quiet --disable-pip-version-check duckdb==$$version || exit 1; done
	@npm install --silent --prefix .venv-clients/node $(NODE_CLIENT)
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed requirements-bench.lock
	@echo "installing what the bench compares with"
	@$(INSTALL_LOCK) requirements-bench.lock
	@touch $@
