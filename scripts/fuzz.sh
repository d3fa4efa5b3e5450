#!/usr/bin/env bash
# Coverage-guided fuzzing: scripts/fuzz.sh [TARGET] [SECONDS]; without a target, each for a minute. Needs cargo-fuzz.
set -euo pipefail
cd "$(dirname "$0")/../collectors/sensor"
command -v cargo-fuzz >/dev/null || { echo "fuzz: cargo-fuzz is missing; install it: cargo install cargo-fuzz" >&2; exit 1; }
targets=${1:-$(cargo fuzz list)}
for target in $targets; do
  # No sanitizer: decoders forbid unsafe code; what is sought are panics, overflows and runaway memory. Works on stable Rust.
  cargo fuzz run --sanitizer none "$target" -- -max_total_time="${2:-60}" -rss_limit_mb=1024 -max_len=65536 -timeout=20
done
