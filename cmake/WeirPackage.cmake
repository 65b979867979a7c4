# weir_find_package(NAME [GLOBAL]): find_package, but what is missing ends in one line that says which
# Debian package to install. A macro: what a package sets is seen where it is asked for.

set(weir_debian_benchmark libbenchmark-dev)
set(weir_debian_CLI11 libcli11-dev)
set(weir_debian_Freetype libfreetype-dev)
set(weir_debian_GTest libgtest-dev libgmock-dev)
set(weir_debian_hwy libhwy-dev)
set(weir_debian_nlohmann_json nlohmann-json3-dev)
set(weir_debian_spdlog libspdlog-dev)
set(weir_debian_TBB libtbb-dev)
set(weir_debian_WeirFFmpeg libavformat-dev libavcodec-dev libavutil-dev libswscale-dev)
set(weir_debian_WeirOpenCV libopencv-core-dev libopencv-imgproc-dev libopencv-imgcodecs-dev)
set(weir_debian_WeirTextLayout libharfbuzz-dev libfribidi-dev)
set(weir_debian_yaml-cpp libyaml-cpp-dev)
set(weir_debian_ZLIB zlib1g-dev)

macro(weir_find_package name)
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    string(REGEX REPLACE "^Weir" "" weir_missing ${name})
    list(JOIN weir_debian_${name} " " weir_packages)
    # A text that begins with a space is not broken into lines.
    message(FATAL_ERROR " ${weir_missing} is missing; install ${weir_packages}")
  endif()
endmacro()
