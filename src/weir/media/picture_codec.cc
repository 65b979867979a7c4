#include "weir/media/picture_codec.h"

#include "weir/base/own_library.h"

namespace weir {
namespace {

Result<const PictureCodec*> open_codec() {
  WEIR_ASSIGN(void* const entry, own_library_symbol("libweir_pictures.so", "weir_picture_codec"));
  return reinterpret_cast<decltype(&weir_picture_codec)>(entry)();
}

}  // namespace

Result<const PictureCodec*> picture_codec() {
  static const Result<const PictureCodec*> kCodec = open_codec();
  return kCodec;
}

}  // namespace weir
