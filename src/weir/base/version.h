// Which Weir this is. The build takes its version from here.
#pragma once

#define WEIR_VERSION "0.1.0"

#define WEIR_TEXT_OF_(x) #x
#define WEIR_TEXT_OF(x) WEIR_TEXT_OF_(x)

// What two libraries must have in common to hand C++ objects to each other.
#if defined(__clang__)
#define WEIR_COMPILER "clang " WEIR_TEXT_OF(__clang_major__)
#else
#define WEIR_COMPILER "gcc " WEIR_TEXT_OF(__GNUC__)
#endif
#define WEIR_BUILD_TAG \
  "weir " WEIR_VERSION ", " WEIR_COMPILER ", C++ ABI " WEIR_TEXT_OF(__GXX_ABI_VERSION)
