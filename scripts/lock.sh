#!/usr/bin/env bash
# Pin every Python dependency with its hashes: requirements/run.txt (product and demo), requirements/dev.txt (all).
# Only the names and hashes are written, no address of an index.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
    --no-emit-index-url --no-emit-trusted-host "$@" pyproject.toml
}
compile --extra scenarios --extra build --extra dev --output-file requirements/dev.txt
compile --extra scenarios --extra build --constraint requirements/dev.txt --output-file requirements/run.txt
