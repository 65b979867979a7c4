# The three small OpenCV libraries that we use, as imported targets opencv_core, opencv_imgproc and
# opencv_imgcodecs. Debian ships OpenCV's own CMake config only with libopencv-dev, which brings two
# hundred packages; so without it the libraries are looked for one by one.

find_package(OpenCV 4 QUIET COMPONENTS core imgproc imgcodecs GLOBAL)
if(OpenCV_FOUND)
  set(WeirOpenCV_FOUND TRUE)
  return()
endif()

find_path(WEIR_OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4)
set(variables WEIR_OPENCV_INCLUDE)
foreach(part core imgproc imgcodecs)
  find_library(WEIR_OPENCV_${part} opencv_${part})
  list(APPEND variables WEIR_OPENCV_${part})
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(WeirOpenCV REQUIRED_VARS ${variables})
mark_as_advanced(${variables})

if(WeirOpenCV_FOUND AND NOT TARGET opencv_core)
  foreach(part core imgproc imgcodecs)
    add_library(opencv_${part} SHARED IMPORTED GLOBAL)
    set_target_properties(opencv_${part} PROPERTIES
      IMPORTED_LOCATION ${WEIR_OPENCV_${part}}
      INTERFACE_INCLUDE_DIRECTORIES ${WEIR_OPENCV_INCLUDE})
  endforeach()
  target_link_libraries(opencv_imgproc INTERFACE opencv_core)
  target_link_libraries(opencv_imgcodecs INTERFACE opencv_imgproc)
endif()
