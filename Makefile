# Everything a developer or an operator types. `make run` on a fresh machine needs Python 3.11 and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
export PORT
export ANONYMIZED_TELEMETRY = False
export HF_HUB_OFFLINE = 1
export TOKENIZERS_PARALLELISM = false

.PHONY: run install install-dev test test-services bench train lint clean
.DEFAULT_GOAL := run

# torch goes first and alone, so that a CPU build at hand is taken; all else in one resolve from the lock file.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed (set PYTHON=…)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check "$$(grep -i '^torch==' requirements.lock)"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(STAMP)

# Tools for tests and training come on top, from a lock file that holds the first one whole.
$(DEV_STAMP): $(STAMP) requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $(DEV_STAMP)

install: $(STAMP)

install-dev: $(DEV_STAMP)

# Set-up is idempotent: database, starter knowledge, search index, first administrator.
run: install
	@$(BIN)/rouwen setup
	@exec $(BIN)/gunicorn -c gunicorn.conf.py wsgi:app

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not services"

test-services: install-dev
	$(BIN)/python -m tests.make services

bench: install-dev
	$(BIN)/python -m tests.make bench

# The embedding and the intent classifier that ship; DATA is the folder with the training material.
train: install-dev
	@test -n "$(DATA)" || { echo "Give the data folder: make train DATA=…"; exit 1; }
	$(BIN)/python -m knowledge.training $(DATA)
	$(BIN)/python -m bot.training $(DATA)

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
