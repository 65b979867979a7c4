#!/usr/bin/env bash
# fuzz_at_length.sh TARGET FOLDER SEEDS…: fuzzes for FUZZ_SECONDS (600) from a seed drawn anew, so that
# each run looks elsewhere. FOLDER keeps what was found on the way for the next run, and crashes.
set -euo pipefail
target=$1 folder=$2
shift 2
seconds=${FUZZ_SECONDS:-600}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "FUZZ_SECONDS is '$seconds', not a number of seconds"; exit 2; }
mkdir -p "$folder/corpus"
exec "$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 \
  -artifact_prefix="$folder/" "$folder/corpus" "$@"
