# make setup | run | test | test-browser | screenshots | lint | bench | try-model | lock | clean
#
# The first `make run` installs 2.6 GB and builds the index; the next one starts at once.
# Variables: PYTHON (3.11 to 3.13), PORT, TORCH (the requirement torch is installed by), ARGS,
# WEIGHTS (a GGUF file, for try-model).

PYTHON ?= python3
PORT ?= 8501
MODEL_PORT := 8765
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
.PHONY: install setup run test test-browser screenshots lint bench try-model lock clean

setup: install
	@$(PY) -m ingest

run: setup
	@echo "Open http://127.0.0.1:$(PORT) in a browser; Ctrl-C stops."
	@$(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT) \
		--server.headless true --browser.gatherUsageStats false

# pytest comes last: its closing line is the last line printed.
test: setup lint
	@$(PY) -m pytest $(ARGS)

# Both need chromium and chromedriver (Debian: chromium, chromium-driver); `test` has the first in it.
test-browser: setup
	@$(PY) -m pytest tests/browser $(ARGS)

# Takes the pictures of docs/images.
screenshots: setup
	@$(PY) -m pytest tests/browser/screenshots.py $(ARGS)

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

# One runtime for GGUF weights, in an environment of its own: docs/decisions/0007-language-models.md.
RUNTIME := build/runtime
define RUNTIME_LOCK
xllamacpp==2026.10.11549 --hash=sha256:c54e7d13520ecc989c63dc99d55de3065e2f343a91f43f053d16b5e62077c261
endef
define SERVE
import sys, threading, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.port = sys.argv[1], int(sys.argv[2])
params.hostnames = ["127.0.0.1"]
params.n_ctx, params.n_parallel, params.sampling.temp, params.verbosity = 8192, 1, 0.0, -1
server = xllamacpp.Server(params)
threading.Event().wait()
endef
define QUESTIONS
When did the AI Promotion Act come fully into force?
Does the AI Promotion Act provide for fines?
人工知能戦略本部の副本部長は誰ですか。
endef
export RUNTIME_LOCK SERVE QUESTIONS

$(RUNTIME)/.ready:
	@$(PYTHON) -m venv $(RUNTIME)
	@echo "$$RUNTIME_LOCK" > $(RUNTIME)/runtime.lock
	@$(RUNTIME)/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
		--require-hashes --no-deps --only-binary :all: -r $(RUNTIME)/runtime.lock
	@touch $@

# Asks a model of one's own weights; loopback only, and the server ends with the questions.
try-model: setup $(RUNTIME)/.ready
	@test -f "$(WEIGHTS)" || { echo "make try-model WEIGHTS=file.gguf"; exit 2; }
	@$(RUNTIME)/bin/python -c "$$SERVE" "$(WEIGHTS)" $(MODEL_PORT) & server=$$!; \
	trap 'kill $$server' EXIT; \
	until $(PY) -c "import socket; socket.create_connection(('127.0.0.1', $(MODEL_PORT))).close()" \
		2>/dev/null; do kill -0 $$server || exit 1; sleep 1; done; \
	echo "$$QUESTIONS" | OPENAI_BASE_URL=http://127.0.0.1:$(MODEL_PORT)/v1 OPENAI_API_KEY=none \
		AILAW_MODEL_TIMEOUT=120 $(PY) -m rag --model openai:local $(ARGS)

# Needs uv. Keeps the versions of the present lock; ARGS=--upgrade takes newer ones.
lock:
	$(UV) pip compile --quiet pyproject.toml --output-file requirements.lock $(ARGS)

clean:
	rm -rf $(VENV) index build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
