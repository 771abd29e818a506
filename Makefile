# make setup | run | test | lint | bench | lock | clean
#
# The first `make run` installs 2.6 GB and builds the index; the next one starts at once.
# Variables: PYTHON (3.11 to 3.13), PORT, TORCH (the requirement torch is installed by), ARGS.

PYTHON ?= python3
PORT ?= 8501
TORCH ?= torch==2.13.0
UV ?= uv
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input

# Nothing is sent anywhere. The code sets these too; here they also cover the tools.
export ANONYMIZED_TELEMETRY := False
export DO_NOT_TRACK := 1
export HF_HUB_DISABLE_TELEMETRY := 1
export LANGSMITH_TRACING := false
export STREAMLIT_BROWSER_GATHER_USAGE_STATS := false
export PYTHONUTF8 := 1

.DELETE_ON_ERROR:
.PHONY: install setup run test lint bench lock clean

setup: install
	@$(PY) -m ingest

run: setup
	@echo "Open http://127.0.0.1:$(PORT) in a browser; Ctrl-C stops."
	@$(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT) \
		--server.headless true --browser.gatherUsageStats false

# pytest comes last: its closing line is the last line printed.
test: setup lint
	@$(PY) -m pytest $(ARGS)

lint: install
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: setup
	@$(PY) -m eval bench $(ARGS)

install: $(VENV)/.project

# Editable, so that the checkout is what runs; built with the locked setuptools.
$(VENV)/.project: $(VENV)/.locked pyproject.toml
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Wheels only and every file checked by its hash, except torch, which is installed by its version:
# docs/decisions/0002-dependencies.md says why.
$(VENV)/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v < (3, 14) or sys.exit(f"Python 3.11, 3.12 or 3.13 is needed, not {v[0]}.{v[1]}: make PYTHON=python3.12 ...")'
	@echo "Installing the locked dependencies (2.6 GB on disk, some minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --quiet --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@$(PIP) install --quiet "$(TORCH)"
	@touch $@

# Needs uv. Keeps the versions of the present lock; ARGS=--upgrade takes newer ones.
lock:
	$(UV) pip compile --quiet pyproject.toml --output-file requirements.lock $(ARGS)

clean:
	rm -rf $(VENV) index build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
