// What a project that found an installed weir writes first.
#include <cstdio>

#include "weir/data/device.h"
#include "weir/data/tensor.h"

int main() {
  const weir::Result<weir::Tensor> tensor =
      weir::Tensor::allocate(weir::DType::kFloat32, {1, 3, 224, 224});
  if (!tensor) return std::puts(tensor.error().to_string().c_str()), 1;
  std::printf("%s on %s\n", weir::to_string(tensor->shape()).c_str(),
              weir::to_string(tensor->view().device).c_str());
  return 0;
}
