# weir_test(NAME flow SOURCES core_test.cc … DEPS flow [LABEL unit] [TIMEOUT 60] [LINK …] [OPTIMIZED])
#
# One executable test_flow; each TEST in it is a CTest of its own, with a label and a timeout. What is
# tested is compiled as it is shipped; the code of the tests themselves is not optimized, which takes
# the compiler half as long (a third with sanitizers), unless it computes a lot: OPTIMIZED.
#
# weir_fuzz(NAME yaml SOURCES yaml_fuzz.cc DEPS config CORPUS folder) makes fuzz_yaml (clang only)
# and a 10 second CTest with the label fuzz. The seed is fixed: what passes here passes there. A second
# CTest with the label slow looks further, each time elsewhere (`make fuzz`).

weir_find_package(GTest)
include(GoogleTest)

function(weir_test)
  cmake_parse_arguments(arg "OPTIMIZED" "NAME;LABEL;TIMEOUT" "SOURCES;DEPS;LINK" ${ARGN})
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  set(target test_${arg_NAME})
  add_executable(${target} ${arg_SOURCES})
  list(TRANSFORM arg_DEPS PREPEND weir_)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ${arg_DEPS} ${arg_LINK} weir_warnings GTest::gmock
    GTest::gtest_main)
  target_compile_definitions(${target} PRIVATE
    WEIR_SOURCE_DIR="${PROJECT_SOURCE_DIR}" WEIR_BINARY_DIR="${PROJECT_BINARY_DIR}")
  if(arg_OPTIMIZED)
    weir_precompile(${target} optimized_test)
  else()
    target_compile_options(${target} PRIVATE -O0)
    weir_precompile(${target} test)
  endif()
  gtest_discover_tests(${target} TEST_PREFIX "${arg_NAME}: " DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()

function(weir_fuzz)
  cmake_parse_arguments(arg "" "NAME;CORPUS" "SOURCES;DEPS;LINK" ${ARGN})
  if(NOT WEIR_BUILD_FUZZ)
    return()
  endif()
  set(target fuzz_${arg_NAME})
  add_executable(${target} ${arg_SOURCES})
  list(TRANSFORM arg_DEPS PREPEND weir_)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -fsanitize=fuzzer)
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${target} PRIVATE ${arg_DEPS} ${arg_LINK} weir_warnings)
  set(seeds)
  if(arg_CORPUS)
    set(seeds ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS})
  endif()
  if(NOT TARGET weir_fuzz_targets)
    add_custom_target(weir_fuzz_targets)
  endif()
  add_dependencies(weir_fuzz_targets ${target})
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz/${arg_NAME})
  add_test(NAME "fuzz: ${arg_NAME}" COMMAND ${target} -seed=1 -max_total_time=10 -timeout=5 -rss_limit_mb=2048
    ${PROJECT_BINARY_DIR}/fuzz/${arg_NAME} ${seeds})
  set_tests_properties("fuzz: ${arg_NAME}" PROPERTIES LABELS fuzz TIMEOUT 60)
  add_test(NAME "fuzz at length: ${arg_NAME}"
    COMMAND ${PROJECT_SOURCE_DIR}/tests/fuzz_at_length.sh $<TARGET_FILE:${target}>
      ${PROJECT_BINARY_DIR}/fuzz_at_length/${arg_NAME} ${seeds})
  # FUZZ_SECONDS may ask for a day.
  set_tests_properties("fuzz at length: ${arg_NAME}" PROPERTIES LABELS slow TIMEOUT 90000)
endfunction()
