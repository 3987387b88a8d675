# Each target makes its own environment first, in .venv; plain Python 3.11 or newer is all that must be there.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check bench accuracy clean

demo: .venv/ready
	$(BIN)/auscult demo

test: .venv/ready
	$(BIN)/pytest --numprocesses 2

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: .venv/ready
	$(BIN)/python benchmarks/overhead.py
	$(BIN)/python benchmarks/overhead.py --profile
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/looks.py
	$(BIN)/python benchmarks/optim.py
	$(BIN)/python benchmarks/curvature.py
	$(BIN)/python benchmarks/landscape.py
	$(BIN)/python benchmarks/store.py

.venv/ready: pyproject.toml constraints.txt $(wildcard src/auscult/stats/native/*.[ch])
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[demo,test,dev]'
	touch $@

accuracy: .venv/ready
	$(BIN)/python benchmarks/accuracy.py

clean:
	rm -rf .venv build src/*.egg-info .pytest_cache .ruff_cache .import_linter_cache
