#!/usr/bin/env bash
# Puts ONNX Runtime into the dependency cache: $deps_dir/onnxruntime/{include,lib,LICENSE…}.
# Does nothing when it is there, or when ONNXRUNTIME_ROOT or a system package provides it.
. "$(dirname "$0")/common.sh"
# shellcheck source=apt_source.sh
. "$setup_dir/apt_source.sh"

target=$deps_dir/onnxruntime
stamp="$ONNXRUNTIME_VERSION $ONNXRUNTIME_WHEEL_SHA256"

[ -z "${ONNXRUNTIME_ROOT:-}" ] || { say "ONNX Runtime: using $ONNXRUNTIME_ROOT"; exit 0; }
if [ -e /usr/include/onnxruntime/onnxruntime_c_api.h ]; then
  say "ONNX Runtime: using the system's"
  exit 0
fi
[ "$(cat "$target/stamp" 2>/dev/null)" != "$stamp" ] || exit 0
[ "$(uname -m)" = x86_64 ] ||
  die "no ONNX Runtime is pinned for $(uname -m); set ONNXRUNTIME_ROOT to an installed one"

# The machine's first source of Debian's main: its URI, and where it is written.
debian_source() {
  local targets=(apt-get indextargets 'Created-By: Packages' --format
    '$(REPO_URI) $(SOURCESENTRY) $(COMPONENT) $(ORIGIN)')
  local found
  found=$("${targets[@]}" |
    awk '$3 == "main" && $4 == "Debian" && $1 !~ /security/ && !n++ {print $1, $2}')
  # Before the first `apt-get update` there is no Release file that names the origin.
  [ -n "$found" ] || found=$("${targets[@]}" --no-release-info |
    awk '$3 == "main" && $1 ~ /debian\/?$/ && !n++ {print $1, $2}')
  printf '%s\n' "$found"
}

# Debian's own client with lists and caches of its own, so that the machine's apt is not touched.
# URI and keys are those of the machine's source.
fetch_headers() {
  local work=$1 suite uri entry trust
  need_command apt-get apt
  read -r uri entry <<<"$(debian_source)"
  [ -n "$uri" ] || die "no Debian source in apt's configuration; install libonnxruntime-dev by hand"
  trust=$(trust_of "$entry")
  for suite in $ONNXRUNTIME_HEADER_SUITES; do
    say "looking for the headers of ONNX Runtime in $suite"
    rm -rf "$work/apt"
    mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/apt/sources" \
      "$work/deb"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n%s\n' "$uri" "$suite" "$trust" \
      >"$work/apt/sources/debian.sources"
    local options=(-qq -o Dir::Etc::sourcelist=/dev/null
      -o Dir::Etc::sourceparts="$work/apt/sources" -o Dir::State::lists="$work/apt/lists"
      -o Dir::Cache="$work/apt/cache" -o Acquire::Languages=none -o APT::Sandbox::User=
      -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
      -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false)
    apt-get "${options[@]}" update >&2 || continue
    (cd "$work/deb" && apt-get "${options[@]}" download libonnxruntime-dev >&2) || continue
    dpkg -x "$work"/deb/libonnxruntime-dev_*.deb "$work/headers"
    return 0
  done
  die "no suite of '$ONNXRUNTIME_HEADER_SUITES' has libonnxruntime-dev; set ONNXRUNTIME_ROOT"
}

need_command python3 python3
work=$deps_dir/onnxruntime.work.$$
trap 'rm -rf "$work"' EXIT
rm -rf "$deps_dir"/onnxruntime.work.*
mkdir -p "$work/tree/lib" "$work/tree/include"
wheel=$(fetch_wheel onnxruntime "$ONNXRUNTIME_VERSION" "$ONNXRUNTIME_WHEEL_PYTHON" \
  "$ONNXRUNTIME_WHEEL_PLATFORM" "$ONNXRUNTIME_WHEEL_SHA256")
unpack_wheel "$wheel" "$work/wheel"
fetch_headers "$work"

cp "$work/wheel/onnxruntime/capi/libonnxruntime.so.$ONNXRUNTIME_VERSION" "$work/tree/lib/"
ln -s "libonnxruntime.so.$ONNXRUNTIME_VERSION" "$work/tree/lib/libonnxruntime.so.1"
ln -s libonnxruntime.so.1 "$work/tree/lib/libonnxruntime.so"
cp "$(find "$work/headers" -name onnxruntime_c_api.h | head -n 1 | xargs dirname)"/*.h \
  "$work/tree/include/"
for notice in LICENSE ThirdPartyNotices.txt; do
  cp "$work/wheel/onnxruntime/$notice" "$work/tree/" 2>/dev/null || true
done
api=$(awk '/^#define ORT_API_VERSION/ {print $3}' "$work/tree/include/onnxruntime_c_api.h")
[ "${api:-0}" -ge "$ONNXRUNTIME_MIN_API" ] ||
  die "the headers have ONNX Runtime API ${api:-?}, at least $ONNXRUNTIME_MIN_API is needed"
printf '%s\n' "$stamp" >"$work/tree/stamp"
install_tree "$work/tree" "$target"
say "ONNX Runtime $ONNXRUNTIME_VERSION (headers of API $api) is in $target"
