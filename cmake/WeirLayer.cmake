# One function per layer of the house, the one library that is made of them, and the libraries that
# it opens when something needs them.
#
#   weir_layer(NAME flow
#     HEADERS core.h          installed: part of the public interface
#     PRIVATE_HEADERS ring.h  seen by the layer, the tests and nobody else
#     SOURCES core.cc
#     DEPS base data          layers whose headers it may include (the layering test holds it to them)
#     LINK yaml-cpp)          third-party libraries, hidden inside the layer
#
# Makes weir::flow (static, for the tests) and adds its objects to libweir.

function(weir_layer)
  cmake_parse_arguments(arg "" "NAME" "HEADERS;PRIVATE_HEADERS;SOURCES;DEPS;LINK" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "weir_layer(${arg_NAME}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(objects weir_${arg_NAME}_objects)
  add_library(${objects} OBJECT ${arg_SOURCES} ${arg_HEADERS} ${arg_PRIVATE_HEADERS})
  target_include_directories(${objects} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
  target_link_libraries(${objects} PRIVATE weir_warnings Threads::Threads ${arg_LINK})
  weir_precompile(${objects} library)

  add_library(weir_${arg_NAME} STATIC)
  add_library(weir::${arg_NAME} ALIAS weir_${arg_NAME})
  target_sources(weir_${arg_NAME} PRIVATE $<TARGET_OBJECTS:${objects}>)
  set_target_properties(weir_${arg_NAME} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(weir_${arg_NAME} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
  target_link_libraries(weir_${arg_NAME} PRIVATE ${arg_LINK} PUBLIC Threads::Threads)
  foreach(dep IN LISTS arg_DEPS)
    target_link_libraries(weir_${arg_NAME} PUBLIC weir_${dep})
  endforeach()

  list(TRANSFORM arg_HEADERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  set_property(GLOBAL APPEND PROPERTY WEIR_LIBRARY_OBJECTS ${objects})
  set_property(GLOBAL APPEND PROPERTY WEIR_LIBRARY_LINK ${arg_LINK})
  set_property(GLOBAL APPEND PROPERTY WEIR_PUBLIC_HEADERS ${arg_HEADERS})
endfunction()

# A library that libweir opens itself (base/own_library.h), under lib/weir in the build as installed:
#
#   weir_own_library(NAME pictures SOURCES opencv_pictures.cc FOR media LINK opencv_core)
#
# It uses nothing of libweir but headers. It is built with whatever uses the layer FOR.
function(weir_own_library)
  cmake_parse_arguments(arg "" "NAME;FOR" "SOURCES;LINK" ${ARGN})
  set(target weir_${arg_NAME})
  add_library(${target} MODULE ${arg_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE weir_warnings ${arg_LINK})
  set_target_properties(${target} PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/weir INSTALL_RPATH "$ORIGIN")
  add_dependencies(weir_${arg_FOR} ${target})
  set_property(GLOBAL APPEND PROPERTY WEIR_OWN_LIBRARIES ${target})
endfunction()

# libweir: every layer in one shared library, so that a user links one thing and the third-party
# libraries behind it stay our own business.
function(weir_library)
  get_property(objects GLOBAL PROPERTY WEIR_LIBRARY_OBJECTS)
  get_property(link GLOBAL PROPERTY WEIR_LIBRARY_LINK)
  get_property(headers GLOBAL PROPERTY WEIR_PUBLIC_HEADERS)
  list(REMOVE_DUPLICATES link)
  add_library(weir SHARED)
  add_library(weir::weir ALIAS weir)
  foreach(object IN LISTS objects)
    target_sources(weir PRIVATE $<TARGET_OBJECTS:${object}>)
  endforeach()
  target_sources(weir PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${headers})
  target_link_libraries(weir PUBLIC Threads::Threads PRIVATE ${link})
  get_property(opened GLOBAL PROPERTY WEIR_OWN_LIBRARIES)
  if(opened)
    add_dependencies(weir ${opened})
  endif()
  target_compile_features(weir PUBLIC cxx_std_20)
  set_target_properties(weir PROPERTIES VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} LINKER_LANGUAGE CXX)
endfunction()
