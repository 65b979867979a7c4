#include "weir/ops/ssd_anchors.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace weir {
namespace {

struct Size {
  float width;
  float height;
};

Size of_ratio(float scale, float ratio) {
  const float root = std::sqrt(ratio);
  return {scale * root, scale / root};
}

float scale_of(const SsdAnchorSpec& spec, std::size_t layer) {
  if (layer >= spec.strides.size()) return 1;  // what the last layer is interpolated with
  if (spec.strides.size() == 1) return (spec.min_scale + spec.max_scale) / 2;
  const float step =
      (spec.max_scale - spec.min_scale) / static_cast<float>(spec.strides.size() - 1);
  return spec.min_scale + step * static_cast<float>(layer);
}

// What one layer has at each of its places.
void add_sizes(const SsdAnchorSpec& spec, std::size_t layer, std::vector<Size>& sizes) {
  const float scale = scale_of(spec, layer);
  if (layer == 0 && spec.reduced_first_layer) {
    sizes.insert(sizes.end(), {of_ratio(0.1F, 1), of_ratio(scale, 2), of_ratio(scale, 0.5F)});
    return;
  }
  for (const float ratio : spec.aspect_ratios) sizes.push_back(of_ratio(scale, ratio));
  if (spec.interpolated) sizes.push_back(of_ratio(std::sqrt(scale * scale_of(spec, layer + 1)), 1));
}

// What all layers of `layer`'s stride that follow it have; `layer` is then the next one.
std::vector<Size> sizes_of_group(const SsdAnchorSpec& spec, std::size_t& layer) {
  std::vector<Size> sizes;
  const int stride = spec.strides[layer];
  for (; layer < spec.strides.size() && spec.strides[layer] == stride; ++layer) {
    add_sizes(spec, layer, sizes);
  }
  if (spec.fixed_size) std::fill(sizes.begin(), sizes.end(), Size{1, 1});
  return sizes;
}

}  // namespace

Result<std::vector<SsdAnchor>> ssd_anchors(const SsdAnchorSpec& spec) {
  const Error error(ErrorCode::kInvalidArgument, "these anchors cannot be laid out", "",
                    "sizes and strides are at least 1, aspect ratios above 0");
  if (spec.input_width < 1 || spec.input_height < 1) return error;
  for (const float ratio : spec.aspect_ratios) {
    if (!(ratio > 0)) return error;
  }
  std::vector<SsdAnchor> anchors;
  for (std::size_t layer = 0; layer < spec.strides.size();) {
    const int stride = spec.strides[layer];
    if (stride < 1) return error;
    const int columns = (spec.input_width + stride - 1) / stride;
    const int rows = (spec.input_height + stride - 1) / stride;
    const std::vector<Size> sizes = sizes_of_group(spec, layer);
    for (int i = 0; i < rows * columns; ++i) {
      const float x = (static_cast<float>(i % columns) + 0.5F) / static_cast<float>(columns);
      const float y = (static_cast<float>(i / columns) + 0.5F) / static_cast<float>(rows);
      for (const Size& size : sizes) anchors.push_back({x, y, size.width, size.height});
    }
  }
  return anchors;
}

}  // namespace weir
