# Two commands do everything: `make run` and `make test`. Each step leaves a stamp and is not done twice.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes
ASSETS := $(shell find curriculum_studio/frontend -type f) curriculum_studio/formats/math.py curriculum_studio/formats/measures.json package-lock.json

.PHONY: run test assets lint types contracts clean system
.DELETE_ON_ERROR:

run: $(STAMPS)/runtime $(STAMPS)/assets
	@$(BIN)/python -m curriculum_studio demo .workspace/demo --port $(PORT)

test: $(STAMPS)/dev $(STAMPS)/assets
	@$(BIN)/python tests/browser/look_for.py
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

assets: $(STAMPS)/assets

lint: $(STAMPS)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMPS)/dev
	$(BIN)/mypy

contracts: $(STAMPS)/dev
	$(BIN)/lint-imports

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Curriculum Studio needs Python 3.11 or newer; set PYTHON= to one."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python has no venv: install the package python3-venv first."; exit 1; }
	@git --version >/dev/null || { echo "Curriculum Studio needs git 2.39 or newer."; exit 1; }
	@test -x $(BIN)/python || { echo "Setting up (once)…"; $(PYTHON) -m venv $(VENV); }
	@touch $@

$(STAMPS)/runtime: $(STAMPS)/venv requirements.txt
	@$(PIP) -r requirements.txt
	@touch $@

$(STAMPS)/dev: $(STAMPS)/venv requirements-dev.txt
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(STAMPS)/runtime

$(STAMPS)/assets: $(STAMPS)/runtime $(ASSETS)
	@$(BIN)/python curriculum_studio/frontend/make_assets.py
	@touch $@

# For machines on which you are root: a browser for the browser journeys. Never called by the two commands.
system:
	apt-get update && apt-get install -y --no-install-recommends chromium nginx-light

clean:
	rm -rf $(VENV) $(STAMPS) node_modules curriculum_studio/web/static/dist
