# Where the vendors' libraries come from: one that the user names wins, then the system's, then what
# setup/ put into the cache. A missing one ends in one line that says what to install.
#
# Makes weir_onnxruntime and openvino::runtime, each only when its back end is compiled in.

# Settled at the first configuration: a later one, from a shell with another environment, must not
# look elsewhere.
if(NOT WEIR_DEPS)
  if(DEFINED ENV{WEIR_DEPS})
    set(weir_deps $ENV{WEIR_DEPS})
  elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(weir_deps $ENV{XDG_CACHE_HOME}/weir/deps)
  else()
    set(weir_deps $ENV{HOME}/.cache/weir/deps)
  endif()
  set(WEIR_DEPS ${weir_deps} CACHE PATH "Folder of the fetched dependencies" FORCE)
endif()
set(weir_deps ${WEIR_DEPS})

if(WEIR_WITH_ONNXRUNTIME)
  set(ONNXRUNTIME_ROOT "$ENV{ONNXRUNTIME_ROOT}" CACHE PATH "An installed ONNX Runtime")
  if(ONNXRUNTIME_ROOT)
    set(weir_ort_hints HINTS ${ONNXRUNTIME_ROOT} NO_DEFAULT_PATH)
  else()
    set(weir_ort_hints HINTS /usr /usr/local ${weir_deps}/onnxruntime NO_DEFAULT_PATH)
  endif()
  find_path(WEIR_ONNXRUNTIME_INCLUDE onnxruntime_c_api.h ${weir_ort_hints}
    PATH_SUFFIXES include include/onnxruntime include/onnxruntime/core/session)
  find_library(WEIR_ONNXRUNTIME_LIBRARY onnxruntime ${weir_ort_hints}
    PATH_SUFFIXES lib lib64 lib/${CMAKE_LIBRARY_ARCHITECTURE})
  if(NOT WEIR_ONNXRUNTIME_INCLUDE OR NOT WEIR_ONNXRUNTIME_LIBRARY)
    message(FATAL_ERROR "ONNX Runtime is missing; run setup/onnxruntime.sh, or give "
      "-DONNXRUNTIME_ROOT=…, or build without it: -DWEIR_WITH_ONNXRUNTIME=OFF")
  endif()
  file(STRINGS ${WEIR_ONNXRUNTIME_INCLUDE}/onnxruntime_c_api.h weir_ort_api
    REGEX "^#define ORT_API_VERSION [0-9]+")
  string(REGEX MATCH "[0-9]+" weir_ort_api "${weir_ort_api}")
  set(weir_versions ${PROJECT_SOURCE_DIR}/setup/versions)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${weir_versions})
  file(STRINGS ${weir_versions} weir_ort_min_api REGEX "^ONNXRUNTIME_MIN_API=")
  string(REGEX MATCH "[0-9]+" weir_ort_min_api "${weir_ort_min_api}")
  if(weir_ort_api LESS weir_ort_min_api)
    message(FATAL_ERROR "the headers in ${WEIR_ONNXRUNTIME_INCLUDE} have ONNX Runtime API "
      "'${weir_ort_api}', at least ${weir_ort_min_api} is needed")
  endif()
  add_library(weir_onnxruntime SHARED IMPORTED GLOBAL)
  set_target_properties(weir_onnxruntime PROPERTIES
    IMPORTED_LOCATION ${WEIR_ONNXRUNTIME_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${WEIR_ONNXRUNTIME_INCLUDE})
  message(STATUS "ONNX Runtime: ${WEIR_ONNXRUNTIME_LIBRARY} (API ${weir_ort_api})")
endif()

if(WEIR_WITH_OPENVINO)
  if(DEFINED ENV{OpenVINO_DIR} AND NOT OpenVINO_DIR)
    set(OpenVINO_DIR $ENV{OpenVINO_DIR})
  endif()
  find_package(OpenVINO QUIET COMPONENTS Runtime HINTS ${weir_deps}/openvino/cmake)
  if(NOT OpenVINO_FOUND)
    message(FATAL_ERROR "OpenVINO is missing; run setup/openvino.sh, or give -DOpenVINO_DIR=…, or "
      "build without it: -DWEIR_WITH_OPENVINO=OFF")
  endif()
  # Found in a folder below this one, it must still be seen by all.
  set_target_properties(openvino::runtime PROPERTIES IMPORTED_GLOBAL ON)
  message(STATUS "OpenVINO ${OpenVINO_VERSION}: ${OpenVINO_DIR}")
endif()
