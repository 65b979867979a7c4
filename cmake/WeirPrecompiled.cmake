# The standard library's headers are most of what a source of ours makes the compiler read; they are
# read once, and so is GoogleTest. Only what is not ours is precompiled: no source gets a header of
# ours that it does not include. A source that forgets to include a standard header still fails, in
# the builds of `make check` that have this switched off, and so does a header (tests/build).
#
#   weir_precompile(weir_flow_objects library)   code of the library
#   weir_precompile(test_flow test)              a test
#   weir_precompile(test_ops optimized_test)     a test that is compiled with optimization
#
# A precompiled header serves all targets of a kind, so it is built once a kind.

set(weir_standard_headers <algorithm> <array> <atomic> <chrono> <cmath> <condition_variable>
  <cstddef> <cstdint> <cstdio> <cstdlib> <cstring> <deque> <filesystem> <fstream> <functional>
  <initializer_list> <limits> <map> <memory> <mutex> <numeric> <optional> <ostream> <set> <span>
  <sstream> <string> <string_view> <system_error> <thread> <tuple> <type_traits> <unordered_map>
  <utility> <variant> <vector>)

function(weir_precompile target kind)
  if(NOT WEIR_PRECOMPILE)
    return()
  endif()
  set(headers weir_headers_${kind})
  if(NOT TARGET ${headers})
    file(WRITE ${PROJECT_BINARY_DIR}/precompiled/${kind}.cc "")
    add_library(${headers} OBJECT ${PROJECT_BINARY_DIR}/precompiled/${kind}.cc)
    target_link_libraries(${headers} PRIVATE weir_warnings Threads::Threads)
    target_precompile_headers(${headers} PRIVATE ${weir_standard_headers})
    if(kind MATCHES test)
      target_link_libraries(${headers} PRIVATE GTest::gmock GTest::gtest)
      target_precompile_headers(${headers} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
      # Read by programs, whose code is compiled as theirs, not as a library's.
      set_target_properties(${headers} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
      target_compile_options(${headers} PRIVATE -fPIE)
    endif()
    if(kind STREQUAL test)
      target_compile_options(${headers} PRIVATE -O0)
    endif()
  endif()
  target_precompile_headers(${target} REUSE_FROM ${headers})
  # g++ 12 no longer knows a precompiled header for the system's, and warns of what it only
  # believes to see inside of std::string. The builds of `make check` warn of what is ours.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread>)
endfunction()
