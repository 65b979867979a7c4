# FFmpeg's libraries that read, decode, encode and write videos, as one target weir_ffmpeg. Only what
# every build of FFmpeg offers under the LGPL is called.

set(variables)
set(libraries)
find_path(WEIR_FFMPEG_INCLUDE libavformat/avformat.h PATH_SUFFIXES ffmpeg)
foreach(part avformat avcodec avutil swscale)
  find_library(WEIR_FFMPEG_${part} ${part})
  list(APPEND variables WEIR_FFMPEG_${part})
  list(APPEND libraries ${WEIR_FFMPEG_${part}})
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(WeirFFmpeg REQUIRED_VARS WEIR_FFMPEG_INCLUDE ${variables})
mark_as_advanced(WEIR_FFMPEG_INCLUDE ${variables})

if(WeirFFmpeg_FOUND AND NOT TARGET weir_ffmpeg)
  add_library(weir_ffmpeg INTERFACE IMPORTED GLOBAL)
  set_target_properties(weir_ffmpeg PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES ${WEIR_FFMPEG_INCLUDE}
    INTERFACE_LINK_LIBRARIES "${libraries}")
endif()
