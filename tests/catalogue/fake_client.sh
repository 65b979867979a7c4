#!/bin/sh
# Stands for pip, npm and apt-get in the tests: does what FAKE_CLIENT says with the archive
# FAKE_ARCHIVE, in the folder where it is run, and writes down how it was called.
echo "$0 $*" >> "${FAKE_LOG:-/dev/null}"
name=$(basename "$FAKE_ARCHIVE")
case "$FAKE_CLIENT" in
  good) cp "$FAKE_ARCHIVE" "$name" ;;
  fail) echo "ERROR: no matching distribution at https://user:secret@registry.example/simple" >&2; exit 1 ;;
  partial) head -c 200 "$FAKE_ARCHIVE" > "$name" ;;
  nothing) ;;
  renamed) cp "$FAKE_ARCHIVE" other-1.0.whl ;;
  hang) head -c 200 "$FAKE_ARCHIVE" > "$name"; echo waiting; sleep 1000 ;;
esac
