# One verb each; `make help` lists them. Everything is done inside this folder: .venv/, collectors/sensor/target/, var/.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PY := .venv/bin/python
CARGO := cargo --config net.git-fetch-with-cli=true
MANIFEST := --manifest-path collectors/sensor/Cargo.toml
SHARED ?= ../shared
JOBS ?= 2

.PHONY: help setup demo test check fix fuzz bench judge soak assets generate lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## virtual environment, pinned dependencies, the sensor (checks first what the machine has)
	@scripts/setup.sh run

demo: setup ## a synthetic office, analysed, with the console (PCAP=file.pcap: your own capture)
	@exec .venv/bin/vonggac demo $(if $(PCAP),"$(PCAP)")

test: ## everything: Rust, Python, live capture, browser (installs what the tests need)
	@scripts/setup.sh test
	$(CARGO) test $(MANIFEST) --workspace --locked
	$(PY) -m pytest -n $(JOBS) --dist loadfile -m "not live and not browser and not soak" tests
	$(PY) -m pytest -m "live and not soak" tests
	$(PY) -m pytest -m "browser and not soak" tests
	.venv/bin/vonggac rules lint
	.venv/bin/vonggac rules test

check: ## format, lint, types, unit tests
	@scripts/setup.sh check
	$(CARGO) fmt $(MANIFEST) --all --check
	$(CARGO) clippy $(MANIFEST) --workspace --all-targets --locked -- -D warnings
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(PY) scripts/generate.py --check
	$(PY) -m pytest -q -n $(JOBS) -m "not live and not browser and not soak and not integration" tests

fix: ## format and mend what can be mended by itself
	$(CARGO) fmt $(MANIFEST) --all
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

fuzz: ## coverage-guided fuzzing of the decoders (TARGET=…; needs cargo-fuzz)
	@scripts/fuzz.sh $(TARGET)

bench: ## speed and memory as ratios in one run; writes docs/benchmarks.md
	@scripts/setup.sh check
	$(PY) -m benchmarks --shared $(SHARED)

judge: ## labelled captures (also taken elsewhere), office days, attacks under strain, conformance, hostile (ONLY=part); writes docs
	@scripts/setup.sh run
	$(PY) scripts/judge.py $(SHARED) $(if $(ONLY),--only $(ONLY))
	$(PY) scripts/generate.py figures detection

soak: ## what takes long
	@scripts/setup.sh test
	VONGGAC_SOAK=1 $(CARGO) test $(MANIFEST) --release --locked -p vonggac-core --test floods -- --nocapture
	$(PY) -m pytest -m soak tests
	scripts/fuzz.sh "" 450

assets: ## rebuild the console's static files from the npm lock file (needs Node)
	cd dashboards/console && npm ci --no-audit --no-fund && node build.mjs

generate: ## what follows from schema, settings, commands and rules (code, references)
	$(PY) scripts/generate.py

lock: ## pin Python dependencies anew
	scripts/lock.sh

clean: ## remove what was made (virtual environment, builds, demo data)
	rm -rf .venv var build collectors/sensor/target dashboards/console/node_modules .mypy_cache .ruff_cache .pytest_cache
