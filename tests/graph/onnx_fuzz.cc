// The reader of ONNX files must end soon with an error or a summary, whatever
// the bytes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/onnx_builder.h"
#include "weir/graph/inspect.h"

namespace {

// libFuzzer finds its way from a valid model much sooner than from nothing, and
// a text of seeds would only say again what the builder says.
const std::string& seed(std::size_t number) {
  using weir::DType;
  using namespace weir::test;
  static const std::string kSeeds[] = {onnx_identity(DType::kFloat32, {"N", 3}),
                                       onnx_add_one(DType::kInt64, {2}), onnx_matmul("N", 4, 3),
                                       onnx_conv_net(1, 3, "H", 8)};
  return kSeeds[number % 4];
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned number) {
  if (size < 8 && max_size > 4096) {
    const std::string& model = seed(number);
    size = model.copy(reinterpret_cast<char*>(data), max_size);
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  weir::graph::InspectOptions options;
  options.dynamic_size = size % 7;
  (void)weir::graph::inspect_bytes({reinterpret_cast<const char*>(data), size}, options);
  return 0;
}
