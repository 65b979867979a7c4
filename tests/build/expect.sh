# Sourced by the tests of setup/: a folder of their own in $work, and what they expect of a command.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
  printf 'FAILED: %s\n' "$*"
  failed=1
}

# expect WHAT CODE PATTERN LINES COMMAND…: the exit code, a line that matches, how many lines at most.
expect() {
  local what=$1 code=$2 pattern=$3 lines=$4 actual=0
  shift 4
  "$@" >"$work/output" 2>&1 || actual=$?
  if [ "$actual" != "$code" ] || { [ -n "$pattern" ] && ! grep -q "$pattern" "$work/output"; } ||
    [ "$(wc -l <"$work/output")" -gt "$lines" ]; then
    fail "$what (exit code $actual)"
    cat "$work/output"
  fi
}
