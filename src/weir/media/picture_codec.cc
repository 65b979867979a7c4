#include "weir/media/picture_codec.h"

#include <cstring>

#include "weir/base/own_library.h"
#include "weir/base/version.h"

namespace weir {
namespace {

constexpr const char* kLibrary = "libweir_pictures.so";

Result<const PictureCodec*> open_codec() {
  WEIR_ASSIGN(void* const entry, own_library_symbol(kLibrary, "weir_picture_codec"));
  const PictureCodec* codec = reinterpret_cast<decltype(&weir_picture_codec)>(entry)();
  if (std::strcmp(codec->tag, WEIR_BUILD_TAG) == 0) return codec;
  return Error(
      ErrorCode::kUnavailable,
      std::string("the library was built for ") + codec->tag + ", this is " + WEIR_BUILD_TAG,
      kLibrary, "install Weir anew");
}

}  // namespace

Result<const PictureCodec*> picture_codec() {
  static const Result<const PictureCodec*> kCodec = open_codec();
  return kCodec;
}

}  // namespace weir
