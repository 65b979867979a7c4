#!/usr/bin/env bash
# Puts OpenVINO into the dependency cache: $deps_dir/openvino/{cmake,include,libs}.
# Does nothing when it is there, or when OpenVINO_DIR provides it.
. "$(dirname "$0")/common.sh"

target=$deps_dir/openvino
stamp="$OPENVINO_VERSION $OPENVINO_WHEEL_SHA256"

[ -z "${OpenVINO_DIR:-}" ] || { say "OpenVINO: using $OpenVINO_DIR"; exit 0; }
[ "$(cat "$target/stamp" 2>/dev/null)" != "$stamp" ] || exit 0
[ "$(uname -m)" = x86_64 ] ||
  die "no OpenVINO is pinned for $(uname -m); set OpenVINO_DIR to an installed one"

need_command python3 python3
work=$deps_dir/openvino.work.$$
trap 'rm -rf "$work"' EXIT
rm -rf "$deps_dir"/openvino.work.*
mkdir -p "$work"
wheel=$(fetch_wheel openvino "$OPENVINO_VERSION" "$OPENVINO_WHEEL_PYTHON" \
  "$OPENVINO_WHEEL_PLATFORM" "$OPENVINO_WHEEL_SHA256")
unpack_wheel "$wheel" "$work/wheel"
# Only what C++ needs: the Python side stays behind.
tree=$work/tree
mkdir -p "$tree"
mv "$work"/wheel/openvino/{cmake,include,libs} "$tree/"
mv "$work"/wheel/openvino-*.dist-info/licenses "$tree/notices"
[ -e "$tree/cmake/OpenVINOConfig.cmake" ] || die "the OpenVINO wheel has no CMake files any more"
printf '%s\n' "$stamp" >"$tree/stamp"
install_tree "$tree" "$target"
say "OpenVINO $OPENVINO_VERSION is in $target"
