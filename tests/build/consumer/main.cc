// What a project that found an installed weir writes first. A picture is there and back again: its
// codec is a library that Weir finds and opens by itself.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "weir/data/device.h"
#include "weir/data/tensor.h"
#include "weir/media/picture.h"

namespace {

weir::Status run() {
  WEIR_ASSIGN(const weir::Tensor tensor,
              weir::Tensor::allocate(weir::DType::kFloat32, {1, 3, 224, 224}));
  std::printf("%s on %s\n", weir::to_string(tensor.shape()).c_str(),
              weir::to_string(tensor.view().device).c_str());
  WEIR_ASSIGN(const weir::Image image, weir::Image::allocate(weir::PixelFormat::kBgr, 5, 4));
  WEIR_ASSIGN(const std::vector<uint8_t> png,
              weir::encode_picture(image, weir::PictureFormat::kPng));
  WEIR_ASSIGN(const weir::Image again, weir::decode_picture(png));
  std::printf("a picture of %dx%d\n", again.width(), again.height());
  return {};
}

}  // namespace

int main() {
  const weir::Status status = run();
  if (status) return 0;
  std::puts(status.error().to_string().c_str());
  return 1;
}
