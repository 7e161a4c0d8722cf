# Everything is set up in .venv: nothing else on the machine changes. Windows: see README.md.

venv := .venv
bin := $(venv)/bin

# The first Python that is recent enough and can make a virtual environment.
able := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(firstword $(foreach name,python3.14 python3.13 python3.12 python3.11 python3 python,\
	$(shell $(name) -c '$(able)' 2>/dev/null && echo $(name))))

pip_install := $(bin)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Types are checked beside the tests. One runner more than processors: many tests wait for a server or a browser.
# Whoever has run out of tests takes half of what another still has to do.
runners = $(shell $(bin)/python -c 'import os; print(min(os.cpu_count() or 1, 4) + 1)')
run_tests = $(bin)/python -m pytest --numprocesses=$(runners) --dist=worksteal

.PHONY: help app lab test samples screenshots bench clean
.DEFAULT_GOAL := help

help:
	@echo "make app      the receivables pages, in the browser"
	@echo "make lab      JupyterLab on the notebooks"
	@echo "make test     every check: style, types, tests, notebooks, browser"
	@echo "make samples  makes data_samples/ again"
	@echo "make screenshots  the pictures of the README"
	@echo "make bench    the benchmarks"
	@echo "make clean    removes .venv"

app: $(venv)/.installed
	@$(bin)/arlib app

lab: $(venv)/.installed
	@$(bin)/arlib lab

test: $(venv)/.installed-dev
	@$(bin)/python tests/browser.py --install
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy & types=$$!; $(run_tests); tests=$$?; wait $$types && exit $$tests

samples: $(venv)/.installed
	@$(bin)/python -m arlib.samples

screenshots: $(venv)/.installed-dev
	@$(bin)/python tests/browser.py --install
	$(bin)/python tests/screenshots.py

bench: $(venv)/.installed-dev
	$(bin)/python -m pytest benchmarks

clean:
	rm -rf $(venv)

# Installed again only when the dependencies or their pins change.
$(venv)/.installed: pyproject.toml constraints.txt | $(bin)/python
	@echo "Installing arlib and its pinned dependencies in $(venv): a minute or two, once…"
	@$(pip_install) --editable .
	@touch $@

$(venv)/.installed-dev: pyproject.toml constraints.txt | $(bin)/python
	@echo "Installing arlib, its pinned dependencies and the test tools in $(venv): a minute or two, once…"
	@$(pip_install) --editable ".[dev]"
	@touch $(venv)/.installed $@

$(bin)/python:
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
		echo "arlib needs Python 3.11, 3.12, 3.13 or 3.14 with its venv module, and found none." >&2; \
		echo "Debian or Ubuntu: sudo apt install python3-venv. Elsewhere: python.org, or conda (see README.md)." >&2; \
		echo "If Python is somewhere else: make PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	elif ! "$$python" -c '$(able)' 2>/dev/null; then \
		echo "$$python is not Python 3.11 to 3.14 with its venv module (Debian or Ubuntu: sudo apt install python3-venv)." >&2; \
		exit 1; \
	fi; \
	rm -rf $(venv); \
	"$$python" -m venv $(venv) || { rm -rf $(venv); exit 1; }
