#!/usr/bin/env bash
# Prepare this folder: scripts/setup.sh run|check|test
#   run    what the product and the demo need    check  + linters and unit tests    test  + system packages of all tests
# Checks first what the machine has and says what to do; does nothing twice.
set -euo pipefail
cd "$(dirname "$0")/.."
goal=${1:-run}
least_rust=1.88

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
older() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" != "$2" ]; }

check_machine() {
  command -v python3 >/dev/null || fail "python3 is missing; install Python 3.11 or later (Debian: apt-get install python3 python3-venv)"
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$(python3 --version) is too old; Python 3.11 or later is needed"
  python3 -c 'import ensurepip, venv' 2>/dev/null || fail "python3-venv is missing (Debian: apt-get install python3-venv)"
  command -v cargo >/dev/null || fail "cargo is missing; install a current stable Rust ($least_rust or later)"
  local rust
  rust=$(rustc --version | cut -d' ' -f2)
  ! older "$rust" "$least_rust" || fail "Rust $rust is too old; $least_rust or later is needed (rustup update stable)"
  command -v cc >/dev/null || fail "a C linker is missing (Debian: apt-get install gcc libc6-dev)"
}

# once NAME INPUT… -- COMMAND…: run the command unless it was done with the same inputs before
once() {
  local name=$1 inputs=() mark
  shift
  while [ "$1" != -- ]; do inputs+=("$1"); shift; done
  shift
  mark=$({ python3 --version; cat "${inputs[@]}"; printf '%s ' "$@"; } | sha256sum | cut -c1-32)
  [ "$(cat ".venv/.$name" 2>/dev/null)" = "$mark" ] && return
  "$@"
  echo "$mark" >".venv/.$name"
}

install_python() {
  say "Python packages ($1; the first time takes a minute or two)"
  .venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar on --quiet --require-hashes -r "requirements/$1.txt"
}

install_project() {
  .venv/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
}

build_sensor() {
  say "Sensor (Rust; the first build takes some minutes)"
  PATH="$PWD/.venv/bin:$PATH" VIRTUAL_ENV="$PWD/.venv" \
    maturin develop --release --locked --manifest-path collectors/sensor/python/Cargo.toml
}

install_system_packages() {
  local missing=()
  while read -r command package; do
    command -v "$command" >/dev/null || missing+=("$package")
  done <<'LIST'
chromium chromium
ip iproute2
tcpreplay tcpreplay
tcpdump tcpdump
zstd zstd
LIST
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "System packages of the tests: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    fail "the tests need these Debian packages: apt-get install ${missing[*]}"
  fi
}

check_machine
[ -x .venv/bin/python ] || { say "Virtual environment"; python3 -m venv .venv; }
if [ "$goal" = run ] && [ ! -e .venv/.dev ]; then
  once run requirements/run.txt -- install_python run
else
  once dev requirements/dev.txt -- install_python dev
fi
once project pyproject.toml -- install_project
once sensor $(git ls-files -co --exclude-standard collectors/sensor | grep -E '\.(rs|toml|lock|pyi)$' | sort) -- build_sensor
[ "$goal" != test ] || install_system_packages
