#!/usr/bin/env bash
# deb_test.sh BUILD DEPS: makes the Debian package, unpacks it, and runs its command while neither
# the build folder nor the cache of the dependencies can be seen.
set -euo pipefail
build=$1 deps=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$build" && cpack -G DEB -B "$work/package" >/dev/null)
package=$(find "$work/package" -maxdepth 1 -name '*.deb')
dpkg-deb -x "$package" "$work/root"
weir=$work/root/usr/bin/weir

# Whatever it loads, at once or with the first picture, comes from the package or from the system.
pictures=$work/root/usr/lib/weir/libweir_pictures.so
ldd "$weir" "$pictures" >"$work/ldd"
if grep -F -e "$build" -e "$deps" -e 'not found' "$work/ldd"; then
  echo "the package depends on files that a user does not have"
  exit 1
fi
if ldd "$weir" | grep -F -e libopencv -e libgdal; then
  echo "what is only needed for pictures is loaded at once"
  exit 1
fi
for notice in onnxruntime openvino; do
  [ -d "$work/root/usr/share/doc/weir/$notice" ] || { echo "no notice of $notice"; exit 1; }
done

run() { env -i PATH=/usr/bin:/bin HOME="$work" "$weir" "$@"; }
if unshare --mount true 2>/dev/null; then
  unshare --mount bash -euo pipefail -c '
    mount -t tmpfs none "$1"; mount -t tmpfs none "$2"
    env -i PATH=/usr/bin:/bin HOME="$3" "$4" doctor' _ "$build" "$deps" "$work" "$weir"
else
  echo "(no mount namespace here: checked by what it loads)"
  run doctor
fi
