# GNU make 3.81 or newer and a POSIX shell; no git, and paths may hold spaces. `make` alone says what there is.

SHELL := /bin/sh
.SUFFIXES:
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint evaluate bench bench-reading bench-batch bench-portal fuzz mutations reliability model docs lock clean

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV := $(shell command -v uv || echo $(BIN)/uv)
# the flags that both lock files share; ARGS=--upgrade takes newer versions, else what is locked stays
COMPILE := pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(ARGS) pyproject.toml

help:
	@echo 'make setup      maak de omgeving in .venv, met de vastgelegde versies'
	@echo 'make demo       toets sample_docs/ en zeg waar het verslag staat'
	@echo 'make test       draai alle tests (ARGS="-k woord" voor een deel)'
	@echo 'make lint       stijl (ruff), typen (mypy) en wie wie mag importeren (import-linter)'
	@echo 'make evaluate   meet de kwaliteit op tests/gold en de voorbeelddossiers'
	@echo 'make bench      meet de starttijd van één controle, woorden per minuut en een batch van 200 documenten'
	@echo 'make bench-reading  meet het lezen naast pdfplumber, python-docx en andere (vergelijkt; duurt een kwartier)'
	@echo 'make fuzz       lees een minuut lang beschadigde bestanden (ARGS="--minutes 60" voor langer)'
	@echo 'make bench-batch  meet een nacht over 10.000 documenten (uren; ARGS="--count 1000" voor minder)'
	@echo 'make bench-portal  meet dertig mensen die tegelijk een concept uploaden (ARGS="--people 60" voor meer)'
	@echo 'make mutations  verander documenten en kijk of elk oordeel op zijn bewijs rust (tien minuten)'
	@echo 'make reliability  zet naast elkaar hoe zeker een oordeel is en hoe vaak het klopt'
	@echo 'make model      train de n-grams van het taalmodel opnieuw (ARGS=encoder: de encoder, veertig minuten)'
	@echo 'make docs       maak docs/*.schema.json opnieuw'
	@echo 'make lock       maak de lockbestanden opnieuw (ARGS=--upgrade voor nieuwere versies)'
	@echo 'make clean      gooi de omgeving en alles wat gemaakt is weg'
	@echo
	@echo 'Een andere Python kiezen: make setup PYTHON=/pad/naar/python3'

setup: .venv/.dev-installed

# Only the documents: beside them lie labels and sources, and a batch reports on every file of its folder.
demo: .venv/.installed
	@rm -rf build/demo
	@for file in sample_docs/*/*.docx sample_docs/*/*.pdf; do \
	  folder=build/demo/$$(basename "$$(dirname "$$file")"); \
	  mkdir -p "$$folder" && cp "$$file" "$$folder" || exit 1; \
	done
	@status=0; index=$$($(BIN)/dekkend batch build/demo --out demo-out) || status=$$?; \
	case $$status in 0|1) ;; *) exit $$status ;; esac; \
	$(BIN)/python -c 'import pathlib, sys; print("Het verslag staat in", pathlib.Path(sys.argv[1]).resolve().as_uri())' "$$index"

test: setup
	@$(BIN)/python -m pytest $(ARGS)

lint: setup
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

evaluate: setup
	$(BIN)/dekkend evaluate tests/gold
	$(BIN)/python scripts/measure_dossiers.py

bench: setup
	$(BIN)/python scripts/bench.py start
	$(BIN)/python scripts/bench.py words
	$(BIN)/python scripts/bench.py batch
	$(MAKE) bench-reading

# The libraries that it compares with come beside the environment, not into it; without a network it goes on without them.
bench-reading: setup
	@test -e build/bench-peers || $(PIP) install --target build/bench-peers --requirement scripts/bench-requirements.txt \
	  || { rm -rf build/bench-peers; echo 'De andere bibliotheken konden niet worden opgehaald: alleen dekkend wordt gemeten.' >&2; }
	$(BIN)/python scripts/bench_reading.py $(ARGS)

fuzz: setup
	$(BIN)/python scripts/fuzz_reading.py $(ARGS)

bench-batch: setup
	$(BIN)/python scripts/bench_batch.py $(ARGS)

mutations: setup
	$(BIN)/python scripts/mutations.py $(ARGS)

reliability: setup
	$(BIN)/python scripts/reliability.py $(or $(ARGS),tests/blind2/developed tests/blind2/sealed)

# Training has an environment of its own: what it needs is large, and nobody who only uses dekkend needs it.
model: setup
	@test -d .venv-model || $(BIN)/python -m venv .venv-model
	@.venv-model/bin/python -m pip --disable-pip-version-check --quiet install --requirement scripts/model/requirements.txt
	.venv-model/bin/python scripts/model/make.py $(or $(ARGS),hashed)

bench-portal: setup
	$(BIN)/python scripts/bench_portal.py $(ARGS)

docs: setup
	$(BIN)/python scripts/schemas.py

lock:
	'$(UV)' $(COMPILE) --group build --output-file requirements.lock >/dev/null
	'$(UV)' $(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock >/dev/null

clean:
	rm -rf .venv .venv-model demo-out dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -type d -name __pycache__ -prune -exec rm -rf {} +

# An environment that does not run, or has no pip, is made anew. Only a Python that can make one counts: Debian and
# Ubuntu leave ensurepip out of their smallest package.
ENVIRONMENT = $(BIN)/python -c 'import pip' 2>/dev/null || { \
	found=; \
	for python in $(if $(PYTHON),'$(PYTHON)',python3.13 python3.12 python3.11 python3 python); do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
	  then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'Geen geschikte Python gevonden: dekkend heeft Python 3.11, 3.12 of 3.13 nodig, met venv.' >&2; \
	  echo 'Debian of Ubuntu: apt install python3 python3-venv. Elders: make setup PYTHON=/pad/naar/python3' >&2; \
	  exit 1; \
	fi; \
	echo "De omgeving wordt gemaakt met $$found; dat duurt de eerste keer een paar minuten." >&2; \
	"$$found" -m venv --clear .venv; }

# The lock is a constraint too: a pip below 23.3 looks for newer versions of what another package asks with an extra.
# The project is built with the hatchling that is locked too, so nothing is fetched without a hash.
# Compiled at once, as pip does for what it installs: where PYTHONDONTWRITEBYTECODE is set no start would ever do it.
INSTALL_PROJECT = $(PIP) install --no-deps --no-build-isolation --editable . && \
  $(BIN)/python -m compileall -q extractors flows pipeline

.venv/.installed: requirements.lock pyproject.toml
	@$(ENVIRONMENT)
	@$(PIP) install --require-hashes --requirement requirements.lock --constraint requirements.lock
	@$(INSTALL_PROJECT)
	@touch $@

.venv/.dev-installed: requirements-dev.lock requirements.lock pyproject.toml
	@$(ENVIRONMENT)
	@$(PIP) install --require-hashes --requirement requirements-dev.lock --constraint requirements-dev.lock
	@$(INSTALL_PROJECT)
	@touch .venv/.installed $@
