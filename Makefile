# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test env lint types tests bench clean

demo: env
	$(BIN)/pfdkb demo

test: env lint types tests

env: $(READY)

# torch is held to one version so that the environment stays the same from machine to machine.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $(READY)

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: env
	$(BIN)/mypy

tests: env
	$(BIN)/python -m pytest

# Takes HOME_FOLDER=DIR to use a library that is there; txtai is installed for this alone.
bench: env
	-$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[bench]"
	$(BIN)/python -m tests.benchmarks $(HOME_FOLDER)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache
