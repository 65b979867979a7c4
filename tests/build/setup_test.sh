#!/usr/bin/env bash
# setup_test.sh SOURCE DEPS: what is missing is said in one line that tells what to install, and what
# is there is not fetched again.
source_dir=$1 deps=$2
# shellcheck source=expect.sh
. "$(dirname "$0")/expect.sh"

# Everything but pip3, and everything but python3.
for hidden in pip3 python3; do
  mkdir -p "$work/no-$hidden"
  for tool in bash dirname uname cut cat mkdir rm mv find head sha256sum awk id env grep python3 pip3; do
    [ "$tool" = "$hidden" ] || ln -sf "$(command -v "$tool" || echo /bin/false)" "$work/no-$hidden/$tool"
  done
done

expect "a missing pip says which package has it" 1 "apt-get install python3-pip" 1 \
  env -i HOME="$work" WEIR_DEPS="$work/empty" PATH="$work/no-pip3" "$source_dir/setup/openvino.sh"
expect "a missing python says which package has it" 1 "apt-get install python3" 1 \
  env -i HOME="$work" WEIR_DEPS="$work/empty" PATH="$work/no-python3" "$source_dir/setup/openvino.sh"
expect "a system that is not Debian is told what to read" 1 "setup/packages" 1 \
  env -i HOME="$work" PATH="$work/no-pip3" "$source_dir/setup/system.sh" build
expect "a copy that the user names wins" 0 "using /opt/elsewhere" 1 \
  env -i HOME="$work" PATH="$PATH" OpenVINO_DIR=/opt/elsewhere "$source_dir/setup/openvino.sh"
expect "an ONNX Runtime that the user names wins" 0 "using /opt/elsewhere" 1 \
  env -i HOME="$work" PATH="$PATH" ONNXRUNTIME_ROOT=/opt/elsewhere "$source_dir/setup/onnxruntime.sh"

# A system's package, as if it were installed: nothing else may then be looked for.
if unshare --mount true 2>/dev/null; then
  expect "an ONNX Runtime of the system wins" 0 "using the system's" 1 \
    unshare --mount env -i HOME="$work" PATH="$work/no-pip3" "$(command -v bash)" -c '
      "$1" -t tmpfs none /usr/include && mkdir /usr/include/onnxruntime &&
      echo >/usr/include/onnxruntime/onnxruntime_c_api.h && "$2/setup/onnxruntime.sh"' \
    - "$(command -v mount)" "$source_dir"
fi

# configure_with ROOT: with the ONNX Runtime that is there.
configure_with() {
  rm -rf "$work/build-with"
  cmake -S "$source_dir" -B "$work/build-with" -G Ninja "-DONNXRUNTIME_ROOT=$1" -DWEIR_WITH_OPENVINO=OFF \
    -Wno-dev --log-level=ERROR
}
mkdir -p "$work/old/include" "$work/old/lib"
touch "$work/old/lib/libonnxruntime.so"
echo "#define ORT_API_VERSION 20" >"$work/old/include/onnxruntime_c_api.h"
expect "configuring with an old ONNX Runtime says which API is needed" 1 \
  "at least $(. "$source_dir/setup/versions" && echo "$ONNXRUNTIME_MIN_API") is needed" 12 \
  configure_with "$work/old"
expect "an ONNX Runtime that is not where it should be says which script to run" 1 \
  "setup/onnxruntime.sh" 12 configure_with "$work/nowhere"
expect "configuring without OpenVINO says which script to run" 1 "setup/openvino.sh" 12 \
  env -u OpenVINO_DIR WEIR_DEPS="$work/empty" cmake -S "$source_dir" -B "$work/build" -G Ninja \
  -DWEIR_WITH_ONNXRUNTIME=OFF -Wno-dev --log-level=ERROR

# Every library of the system that is asked for, as if it were not there.
while read -r package debian; do
  expect "configuring without $package says which package has it" 1 "is missing; install $debian" 12 \
    cmake -S "$source_dir" -B "$work/build-without" -G Ninja -DWEIR_WITH_ONNXRUNTIME=OFF \
    -DWEIR_WITH_OPENVINO=OFF -DWEIR_BUILD_BENCH=ON -U "CMAKE_DISABLE_FIND_PACKAGE_*" \
    "-DCMAKE_DISABLE_FIND_PACKAGE_$package=ON" -Wno-dev --log-level=ERROR
done <<'PACKAGES'
spdlog libspdlog-dev
yaml-cpp libyaml-cpp-dev
nlohmann_json nlohmann-json3-dev
WeirFFmpeg libavformat-dev
WeirOpenCV libopencv-core-dev
hwy libhwy-dev
Freetype libfreetype-dev
ZLIB zlib1g-dev
CLI11 libcli11-dev
GTest libgtest-dev
benchmark libbenchmark-dev
TBB libtbb-dev
PACKAGES

# A wheel whose bytes are not those of setup/versions is refused, and removed.
mkdir -p "$work/deps/wheels/openvino-$(. "$source_dir/setup/versions" && echo "$OPENVINO_VERSION")"
damaged=$(echo "$work"/deps/wheels/openvino-*)/openvino.whl
echo damaged >"$damaged"
expect "a damaged wheel is refused" 1 "not .* as setup/versions says" 1 \
  env HOME="$work" WEIR_DEPS="$work/deps" "$source_dir/setup/openvino.sh"
[ ! -e "$damaged" ] || fail "the damaged wheel is still there"

# What is there needs no network.
if [ -e "$deps/openvino/stamp" ] && unshare --net true 2>/dev/null; then
  for script in onnxruntime openvino; do
    expect "$script is not fetched again" 0 "" 1 \
      unshare --net env WEIR_DEPS="$deps" "$source_dir/setup/$script.sh"
  done
fi
exit $failed
