# HarfBuzz, which joins and places the letters of scripts that need it, and FriBidi, which knows what
# runs from right to left, as one target weir_text_layout.

find_path(WEIR_HARFBUZZ_INCLUDE hb.h PATH_SUFFIXES harfbuzz)
find_path(WEIR_FRIBIDI_INCLUDE fribidi/fribidi.h)
find_library(WEIR_HARFBUZZ harfbuzz)
find_library(WEIR_FRIBIDI fribidi)

set(variables WEIR_HARFBUZZ_INCLUDE WEIR_FRIBIDI_INCLUDE WEIR_HARFBUZZ WEIR_FRIBIDI)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(WeirTextLayout REQUIRED_VARS ${variables})
mark_as_advanced(${variables})

if(WeirTextLayout_FOUND AND NOT TARGET weir_text_layout)
  add_library(weir_text_layout INTERFACE IMPORTED GLOBAL)
  set_target_properties(weir_text_layout PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${WEIR_HARFBUZZ_INCLUDE};${WEIR_FRIBIDI_INCLUDE}"
    INTERFACE_LINK_LIBRARIES "${WEIR_HARFBUZZ};${WEIR_FRIBIDI}")
endif()
