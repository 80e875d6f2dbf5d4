# Two commands for a newcomer: `make demo` and `make test`. Needs Python 3.11+ and make, nothing else.
SHELL := /bin/bash
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := .venv/bin/python
export DJANGO_SETTINGS_MODULE := diskarte.settings
NAME ?= all
ON_POSTGRES := tests/core tests/measure tests/networks/test_telegram.py tests/networks/test_telegram_doors.py tests/test_strategy.py \
	tests/plan/test_files.py tests/plan/test_page.py

.PHONY: setup demo test check bench docs words clean

setup: .venv/ready

demo: .venv/ready
	DISKARTE_DATA=$${DISKARTE_DATA:-demo-data} $(RUN) -m diskarte demo
	DISKARTE_DATA=$${DISKARTE_DATA:-demo-data} DISKARTE_DEMO=true $(RUN) -m diskarte up

test: .venv/ready-dev
	$(RUN) tools/machine.py
	PROOF_RUNS=5 $(RUN) tools/postgres.py $(RUN) -m pytest -n 2 $(ON_POSTGRES) -k "not every_single_line"
	$(RUN) -m pytest -n 2 --dist loadgroup

check: .venv/ready-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	PYTHONPATH=. .venv/bin/lint-imports --no-cache
	$(RUN) -m pytest tests/test_shape.py

bench: .venv/ready-dev
	$(RUN) -m bench $(NAME)

docs: .venv/ready-dev
	$(RUN) -m diskarte docs

words: .venv/ready-dev
	$(RUN) tools/words.py --update

clean:
	rm -rf .venv .tools demo-data .mypy_cache .ruff_cache .hypothesis

.tools/bin/uv:
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet uv

.venv/bin/python: | $(if $(filter .tools/bin/uv,$(UV)),.tools/bin/uv)
	$(UV) venv --quiet --allow-existing .venv

WORDS := $(shell find diskarte -name '*.po')

.venv/bin/diskarte: Makefile | .venv/bin/python
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/.venv/bin/python" -m diskarte "$$@"\n' "$(CURDIR)" "$(CURDIR)" > $@
	@chmod +x $@

.venv/ready: requirements.lock $(WORDS) | .venv/bin/python .venv/bin/diskarte
	@if [ ! -e .venv/ready-dev ]; then $(UV) pip sync --quiet --python .venv requirements.lock; fi
	$(RUN) tools/words.py --compile
	@touch $@

.venv/ready-dev: requirements-dev.lock $(WORDS) | .venv/bin/python .venv/bin/diskarte
	$(UV) pip sync --quiet --python .venv requirements-dev.lock
	$(RUN) tools/words.py --compile
	@touch $@
