# Two commands from a bare checkout: `make run` and `make test`. Needs git, make and Python >= 3.11; any GNU make >= 3.81.
#
#   PYTHON=python3.12        the Python to make .venv from
#   PYTEST="tests/catalog"   words for pytest; PYTEST_ADDOPTS, if set, replaces the three workers
#   BENCH="..."              words for the benchmark
#   MUTANTS="--count 10"     words for the planted faults (also --seed 7, --list)
#   CLUSTER="--workers 4"    words for the cluster (also --dispatches 1000000, --home FOLDER, --store)
#   RELIABILITY="--only R1"  words for the scoreboard (also --seed 7, --scale 0.2)
#   INSTALL_CHROMIUM=no      do not install a browser for the browser tests

VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
INSTALL_CHROMIUM ?= yes
# A worker more than two cores: a third of the time a worker waits for a server, a browser or a disk.
PYTEST_ADDOPTS ?= -n 3 --dist worksteal
# A fifth of what the tests of tables take is glibc's malloc, for plans of small statements. Keep what is freed for the
# next; other systems do not read this.
GLIBC_TUNABLES ?= glibc.malloc.tcache_count=2000

# Only .venv counts, whatever the caller's environment says; addresses, proxies and certificates stay the caller's.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_USER := 0
export PYTHONNOUSERSITE := 1
export PYTEST_ADDOPTS
test test-all mutants: export GLIBC_TUNABLES := $(GLIBC_TUNABLES)
unexport PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE
unexport PIP_BUILD_CONSTRAINT PIP_CONSTRAINT PIP_DRY_RUN PIP_NO_BINARY PIP_ONLY_BINARY PIP_PREFIX PIP_PYTHON PIP_QUIET
unexport PIP_REQUIREMENT PIP_ROOT PIP_TARGET PIP_VERBOSE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-dev run test test-all mutants up lint format lock clean bench bench-transport bench-dlt browser clients pythons renew reliability strace cluster cluster-down drill wheel dist audit docs-site

help: ## Show this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

run: venv-run ## Set up, take in the bundled data, make, check and publish a release
	@$(BIN)/dif demo

# The checks run while the tests do, in the time that those wait for a browser or a disk.
test: venv-dev clients pythons browser ## Set up, then check style, imports and types, and run the tests but for the slow ones
	@told=$$(mktemp); { $(checks); [ -z "$$failed" ] || { printf '\nFailed:%s\n' "$$failed"; exit 1; }; } >$$told 2>&1 & checks=$$!; \
	printf '\n== pytest (style, imports and types are checked meanwhile)\n'; \
	passed=yes; $(BIN)/python -m pytest $(PYTEST) || passed=no; \
	wait $$checks || passed=no; cat $$told; rm -f $$told; \
	[ $$passed = yes ]

test-all: override PYTEST += --thorough
test-all: override CLIENTS += validators
test-all: override PYTHONS += 3.11 3.12 3.13 3.14
test-all: test ## The same with every test and every example: each night, and before a release

mutants: venv-dev clients browser ## Plant faults and tell which of them the tests see
	@$(BIN)/python -m tests.mutants $(MUTANTS)

up: venv-run ## Start the dashboards, the Dagster UI and every server together
	@$(BIN)/dif up

lint: venv-dev ## Check style, imports and types
	@$(checks); \
	[ -z "$$failed" ] || { printf '\nFailed:%s. `make format` mends what a tool can mend.\n' "$$failed"; exit 1; }

format: venv-dev ## Mend style and layout where a tool can
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: venv-dev ## Measure the pipeline against a hand-written script
	@$(BIN)/python -m benchmarks $(BENCH)

bench-transport: venv-dev bench-dlt ## Measure client to receipt against the same work without a wire, and against dlt
	@$(BIN)/python -m benchmarks.transport $(BENCH)

reliability: venv-dev strace ## Kill, fill, damage and repeat: run the scoreboard of reliability and print its table
	@$(BIN)/python -m tests.reliability $(RELIABILITY)

cluster: venv-dev ## Start a store, a scheduler, two workers and two doors here, and compare a release by them with one process
	@$(BIN)/python -m tools.cluster_command up $(CLUSTER)

cluster-down: venv-dev ## End everything that `make cluster` started
	@$(BIN)/python -m tools.cluster_command down $(CLUSTER)

drill: venv-dev ## Kill or stop workers, scheduler, store, doors and runs, and see that the release is the same
	@PYTEST_ADDOPTS= $(BIN)/python -m pytest --thorough -v -p no:randomly tests/pipelines/cluster tests/transport/cluster tests/pipelines/run/test_shared.py

renew: venv-dev ## Write anew what is made from contracts, statements and pages, and what tests hold of it; tell what changed
	@$(BIN)/python -m tools.renew

setup: venv-run ## Make .venv and install what the product runs on
	@echo 'Ready. Next: `make run` makes a first release, `make test` checks everything, `make help` shows the rest.'

setup-dev: venv-dev ## Make .venv and install the tools of development too
	@echo 'Ready. Next: `make test` checks everything, `make help` shows the rest.'

wheel: venv-run ## Build the wheel in dist/: it runs without this checkout
	@rm -rf build
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir dist .
	@rm -rf build; ls dist/*.whl

# The lists are of an environment that holds what a user gets: the wheel and the locked packages, and nothing else.
dist: wheel tools-release ## Build the wheel, and list its parts (SBOM, CycloneDX), their licences and their hashes in dist/
	@$(MAKE) --no-print-directory VENV=$(VENV)/dist venv-run
	@$(VENV)/dist/bin/python -m pip install --quiet --no-deps --no-index --force-reinstall "$$(ls -t dist/*.whl | head -n 1)"
	@cp requirements/run.txt dist/requirements.txt
	@$(VENV)/release/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
	    -o dist/sbom.cdx.json $(VENV)/dist/bin/python
	@$(VENV)/release/bin/pip-licenses --python $(VENV)/dist/bin/python --ignore-packages dif-data --with-system \
	    --with-urls --with-license-file --no-license-path --format plain-vertical --output-file dist/NOTICES.txt
	@version=$$($(VENV)/dist/bin/dif --version 2>/dev/null); echo "dist/ holds dif $$version, with sbom.cdx.json, NOTICES.txt and requirements.txt"; \
	grep -q "^## $${version%% *}" CHANGELOG.md || echo 'CHANGELOG.md has no heading for this version yet: a trial, no release.'

# pip-audit ends with 1 both for a fault that is known and for an index that it cannot ask; a report tells them apart.
audit: venv-run tools-release ## Ask whether a locked package has a known fault
	@mkdir -p dist; rm -f dist/audit.json; \
	$(VENV)/release/bin/pip-audit --disable-pip --require-hashes -r requirements/run.txt -f json -o dist/audit.json && exit 0; \
	[ ! -s dist/audit.json ] || { cat dist/audit.json; exit 1; }; \
	echo 'The list of known faults cannot be reached: not run.'

docs-site: venv-run tools-site ## Make the documents a site in dist/site, searchable and readable without a network
	@PYTHONPATH=. $(VENV)/site/bin/mkdocs build --quiet --strict --clean; echo 'Open dist/site/index.html'

lock: ## Write requirements/*.txt anew from *.in (UPGRADE=1 takes the newest versions)
	@$(find_python); \
	[ -x .venv-lock/bin/uv ] || "$$python" -m venv .venv-lock; \
	.venv-lock/bin/python -m pip install --quiet uv==$(UV_VERSION); \
	for kind in uv run cluster dev release site clients/duckdb-1.4 clients/duckdb-1.5 clients/delta-sharing clients/validators bench/dlt; do \
	    echo "Locking requirements/$$kind.txt"; \
	    UV_SYSTEM_CERTS=1 .venv-lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	        --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
	        $(if $(UPGRADE),--upgrade) --output-file requirements/$$kind.txt requirements/$$kind.in; \
	done

clean: ## Remove .venv and caches; data/ stays
	rm -rf $(VENV) .venv-lock build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './data/*' -prune -exec rm -rf {} +

# ── Set-up ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# Sets $python: the first that is new enough and can make a virtual environment.
define find_python
set -eu; python=; bare=; \
for name in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3 python; do \
    "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
    if "$$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then python=$$name; break; fi; \
    bare="$$bare $$name"; \
done; \
if [ -z "$$python" ] && [ -n "$$bare" ]; then \
    echo "Found$$bare, but none of them can make a virtual environment (its venv module is missing)." >&2; \
    echo "On Debian and Ubuntu: apt-get install python3-venv    Then try again." >&2; exit 1; \
elif [ -z "$$python" ]; then \
    echo "No Python 3.11 or newer found (looked for $(PYTHON) python3.13, 3.12, 3.11, 3.14, python3, python)." >&2; \
    echo "Install one (Debian and Ubuntu: apt-get install python3 python3-venv), or name one: make PYTHON=/path/to/python3.12 ..." >&2; \
    exit 1; \
fi
endef

# Installs $$lock: by uv, which takes a third of pip's time, with the index, certificates and links that pip has; by pip
# where uv cannot be had or does not come through.
define fetch
by_uv() { \
    $(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/uv.txt || return 1; \
    setting() { $(BIN)/python -m pip config get "global.$$1" 2>/dev/null || true; }; \
    index=$${PIP_INDEX_URL:-$$(setting index-url)}; more=$${PIP_EXTRA_INDEX_URL:-$$(setting extra-index-url)}; \
    links=$${PIP_FIND_LINKS:-$$(setting find-links)}; cert=$${PIP_CERT:-$$(setting cert)}; \
    [ -z "$$index" ] || export UV_DEFAULT_INDEX="$$index"; [ -z "$$more" ] || export UV_INDEX="$$more"; \
    [ -z "$$links" ] || export UV_FIND_LINKS="$$links"; [ -z "$$cert" ] || export SSL_CERT_FILE="$$cert"; \
    UV_SYSTEM_CERTS=1 $(BIN)/uv pip install --quiet --no-config --python $(BIN)/python --require-hashes --no-build -r $$lock; \
}; \
by_pip() { echo '  uv did not come through; pip takes three times as long'; \
    $(BIN)/python -m pip install --quiet --progress-bar off --require-hashes --only-binary :all: -r $$lock; \
}; \
by_uv || by_pip
endef

# venv-run, venv-dev: .venv holds that lock. The stamp tells the folder it was made in (scripts in .venv carry it) and
# what was installed. It is taken away while installing, so that an interrupted set-up starts afresh. Dev contains run.
venv-%:
	@set -eu; made=$(VENV)/.made; \
	stamp() { echo "$$1 $$( { cat requirements/$$1.txt; sed -n '1,/^\[tool.setuptools.dynamic/p' pyproject.toml; } | cksum)"; }; \
	whole() { grep -qxF "in $(CURDIR)" $$made 2>/dev/null && $(BIN)/python -c '' 2>/dev/null; }; \
	if whole && grep -qxF "$$(stamp $*)" $$made; then exit 0; fi; \
	if ! whole; then \
	    $(find_python); \
	    echo "Making $(VENV) with $$("$$python" --version) ($$(command -v "$$python"))"; \
	    rm -rf $(VENV); "$$python" -m venv $(VENV); \
	fi; \
	kinds=$*; ! grep -q '^dev ' $$made 2>/dev/null || kinds='run dev'; [ $* = run ] || kinds='run dev'; \
	lock=requirements/$${kinds##* }.txt; \
	rm -f $$made; \
	total=$$(grep '^[a-z0-9].*==' $$lock | grep -vc "sys_platform == '" || true); \
	echo "Installing $$total packages from $$lock (a minute or so the first time)"; \
	$(fetch) || touch $(VENV)/.failed; \
	if [ -e $(VENV)/.failed ]; then \
	    rm -rf $(VENV); \
	    echo "Set-up stopped: pip could not install $$lock; its reason stands above." >&2; \
	    echo "Check the network and pip's own settings (proxy, package index), then try again." >&2; exit 1; \
	fi; \
	echo 'Installing the project itself'; \
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .; \
	{ echo "in $(CURDIR)"; for kind in $$kinds; do stamp $$kind; done; } > $$made; \
	echo "Set-up is done."

# Tools that are no part of the product, each kind in an environment of its own.
tools-%:
	@set -eu; target=$(VENV)/$*; lock=requirements/$*.txt; \
	if [ -f $$target/.made ] && [ "$$(cat $$target/.made)" = "$$(cksum <$$lock)" ]; then exit 0; fi; \
	rm -rf $$target; $(BIN)/python -m venv $$target; \
	$$target/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r $$lock; \
	cksum <$$lock >$$target/.made

# Other people's tools that read a release, each in a folder of its own: older DuckDB, the Delta Sharing client, and each
# night the validators of the standards that the catalogue is written in. mlcroissant needs jsonpath-rw, which has no wheel:
# it is built with the setuptools of .venv.
CLIENTS = duckdb-1.4 duckdb-1.5 delta-sharing
clients: venv-dev
	@set -eu; for client in $(CLIENTS); do \
	    target=$(VENV)/clients/$$client; lock=requirements/clients/$$client.txt; \
	    if [ -f $$target/.made ] && [ "$$(cat $$target/.made)" = "$$(cksum <$$lock)" ]; then continue; fi; \
	    echo "Fetching $$client, which must read a release"; \
	    rm -rf $$target; built=; \
	    [ $$client != validators ] || built='--no-binary jsonpath-rw --no-build-isolation'; \
	    $(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: $$built --no-deps --target $$target -r $$lock; \
	    cksum <$$lock >$$target/.made; \
	done

# Other Pythons that are promised, each night, in an environment each with what the product runs on.
PYTHONS =
pythons: venv-dev
	@for version in $(PYTHONS); do \
	    $(BIN)/python -V | grep -qF "Python $$version." && continue; \
	    python$$version -c 'import ensurepip, venv' >/dev/null 2>&1 && \
	        $(MAKE) --no-print-directory VENV=$(VENV)/python$$version PYTHON=python$$version venv-run && continue; \
	    echo "No environment with Python $$version: its test will be reported as not run."; \
	done

# What the transport is measured against, in a folder of its own. Where it cannot be had that side is reported as not run.
bench-dlt: venv-dev
	@target=$(VENV)/bench/dlt; lock=requirements/bench/dlt.txt; \
	if [ -f $$target/.made ] && [ "$$(cat $$target/.made)" = "$$(cksum <$$lock)" ]; then exit 0; fi; \
	echo 'Fetching dlt, which the transport is measured against' >&2; \
	rm -rf $$target; \
	if $(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: --no-deps --target $$target -r $$lock; \
	then cksum <$$lock >$$target/.made; \
	else rm -rf $$target; echo 'dlt cannot be had: that side will be reported as not run' >&2; fi

# Two figures of the scoreboard stop the product at its system calls. Where strace cannot be had they are told as not run.
strace:
	@! command -v strace >/dev/null 2>&1 || exit 0; \
	if [ "$$(id -u)" = 0 ] && grep -qx 'ID=debian' /etc/os-release 2>/dev/null; then \
	    echo 'Installing strace with apt-get for the scoreboard'; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    { apt-get update && apt-get install -y --no-install-recommends strace; } >/dev/null 2>&1 </dev/null && exit 0; \
	fi; \
	echo 'No strace: R2 and R5 will be told as not run. To have it: apt-get install strace.'

# A browser for the browser tests. Where none can be had they are reported as not run.
browser:
	@for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do \
	    ! command -v $$name >/dev/null 2>&1 || exit 0; \
	done; \
	[ ! -d '/Applications/Google Chrome.app' ] || exit 0; \
	if [ '$(INSTALL_CHROMIUM)' = yes ] && [ "$$(id -u)" = 0 ] && grep -qx 'ID=debian' /etc/os-release 2>/dev/null; then \
	    echo 'No browser found: installing chromium-headless-shell with apt-get for the browser tests (INSTALL_CHROMIUM=no leaves it out)'; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    log=$$(mktemp); \
	    if { apt-get update && apt-get install -y --no-install-recommends chromium-headless-shell fonts-liberation; } >$$log 2>&1 </dev/null; \
	    then rm -f $$log; exit 0; fi; \
	    tail -n 5 $$log; rm -f $$log; \
	fi; \
	echo 'No browser: the browser tests will be reported as not run. To have them: apt-get install chromium-headless-shell, or any Chrome.'

# ── Checks ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# Runs all of them, says each, and leaves the names of those that failed in $failed.
define checks
failed=; \
check() { printf '\n== %s\n' "$$*"; name=$$*; "$(BIN)/$$@" || failed="$$failed [$$name]"; }; \
check ruff check .; \
check ruff format --check .; \
check lint-imports; \
check mypy --num-workers auto
endef
