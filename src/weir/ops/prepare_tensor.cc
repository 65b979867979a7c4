#include "weir/ops/prepare_tensor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

// Where an element is: its channel, row and column times these, in elements.
struct Steps {
  std::ptrdiff_t channel = 0;
  std::ptrdiff_t row = 0;
  std::ptrdiff_t column = 0;
};

Steps steps_of(const PlaneShape& shape, TensorLayout layout) {
  if (layout == TensorLayout::kNchw) return {shape.height * shape.width, shape.width, 1};
  return {1, shape.width * shape.channels, shape.channels};
}

// Between which two samples of a row or column to blend, and how much of the second to take.
struct Blend {
  std::ptrdiff_t first = 0;
  std::ptrdiff_t second = 0;
  double weight = 0;
};

std::vector<Blend> blends(int64_t from, int64_t to, std::ptrdiff_t step) {
  std::vector<Blend> all;
  for (int64_t i = 0; i < to; ++i) {
    const double place =
        (static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
    const double inside = std::clamp(place, 0.0, static_cast<double>(from - 1));
    const auto first = static_cast<int64_t>(inside);
    const int64_t second = std::min(first + 1, from - 1);
    all.push_back({first * step, second * step, inside - static_cast<double>(first)});
  }
  return all;
}

float at(const std::vector<float>& values, std::size_t channel, float otherwise) {
  if (values.empty()) return otherwise;
  return values.size() == 1 ? values[0] : values[channel];
}

struct Job {
  PlaneShape from;
  PlaneShape to;
  const PrepareTensorSpec& spec;
};

template <class T>
void write_all(const T* data, const Job& job, float* out) {
  const Steps source = steps_of(job.from, job.spec.from);
  const Steps target = steps_of(job.to, job.spec.to);
  const std::vector<Blend> columns = blends(job.from.width, job.to.width, source.column);
  const std::vector<Blend> rows = blends(job.from.height, job.to.height, source.row);
  for (std::size_t c = 0; c < static_cast<std::size_t>(job.to.channels); ++c) {
    const double divisor = at(job.spec.std, c, 1);
    const double factor = job.spec.scale / divisor;
    const double offset = -at(job.spec.mean, c, 0) / divisor;
    const T* plane = data + static_cast<std::ptrdiff_t>(c) * source.channel;
    float* place = out + static_cast<std::ptrdiff_t>(c) * target.channel;
    for (std::size_t y = 0; y < rows.size(); ++y) {
      const auto along = [&](std::ptrdiff_t row, const Blend& x) {
        const double first = static_cast<double>(plane[row + x.first]);
        if (x.weight == 0) return first;
        return first + (static_cast<double>(plane[row + x.second]) - first) * x.weight;
      };
      float* line = place + static_cast<std::ptrdiff_t>(y) * target.row;
      for (std::size_t x = 0; x < columns.size(); ++x) {
        double value = along(rows[y].first, columns[x]);
        if (rows[y].weight != 0) {
          value += (along(rows[y].second, columns[x]) - value) * rows[y].weight;
        }
        line[static_cast<std::ptrdiff_t>(x) * target.column] =
            static_cast<float>(value * factor + offset);
      }
    }
  }
}

Status write_typed(const TensorView& from, const Job& job, float* out) {
  switch (from.dtype) {
    case DType::kFloat32:
      return write_all(from.as<float>(), job, out), Status();
    case DType::kFloat64:
      return write_all(from.as<double>(), job, out), Status();
    case DType::kUInt8:
      return write_all(from.as<uint8_t>(), job, out), Status();
    case DType::kInt8:
      return write_all(from.as<int8_t>(), job, out), Status();
    case DType::kUInt16:
      return write_all(from.as<uint16_t>(), job, out), Status();
    case DType::kInt16:
      return write_all(from.as<int16_t>(), job, out), Status();
    case DType::kInt32:
      return write_all(from.as<int32_t>(), job, out), Status();
    default:
      break;
  }
  return Error(ErrorCode::kUnsupported,
               "a tensor of " + std::string(name(from.dtype)) + " cannot be prepared", "",
               "convert it to float32");
}

Status check_numbers(const std::vector<float>& values, int64_t channels, std::string_view what) {
  if (values.size() > 1 && static_cast<int64_t>(values.size()) != channels) {
    return Error(ErrorCode::kInvalidArgument,
                 "input." + std::string(what) + " has " + std::to_string(values.size()) +
                     " values for " + std::to_string(channels) + " channels",
                 "", "write one value, or one a channel");
  }
  for (const float value : values) {
    if (std::isfinite(value) && (what != "std" || value != 0)) continue;
    return Error(ErrorCode::kInvalidArgument,
                 "input." + std::string(what) + " has a " + std::to_string(value));
  }
  return {};
}

std::string words(TensorLayout layout) {
  return layout == TensorLayout::kNchw ? "1xCxHxW or CxHxW" : "1xHxWxC or HxWxC";
}

}  // namespace

Result<PlaneShape> plane_shape(const Shape& shape, TensorLayout layout) {
  const std::size_t first = shape.rank() == 4 ? 1 : 0;
  const bool fits = shape.rank() == 3 || (shape.rank() == 4 && shape[0] == 1);
  if (!fits || *std::min_element(shape.begin(), shape.end()) < 1 ||
      *std::max_element(shape.begin(), shape.end()) > Image::kMaxSide) {
    return Error(ErrorCode::kInvalidArgument, "a tensor of " + to_string(shape) + " has no planes",
                 "", words(layout) + " is expected");
  }
  if (layout == TensorLayout::kNchw) {
    return PlaneShape{shape[first], shape[first + 1], shape[first + 2]};
  }
  return PlaneShape{shape[first + 2], shape[first], shape[first + 1]};
}

Result<ResizePlan> prepare_tensor(const TensorView& from, const PrepareTensorSpec& spec,
                                  const TensorView& out) {
  WEIR_ASSIGN(const PlaneShape source, plane_shape(from.shape, spec.from));
  WEIR_ASSIGN(const PlaneShape target, plane_shape(out.shape, spec.to));
  if (!ops::is_readable(out) || !ops::is_readable(from, from.dtype)) {
    return Error(ErrorCode::kInvalidArgument, "a tensor is prepared in dense host memory only");
  }
  if (source.channels != target.channels) {
    return Error(ErrorCode::kInvalidArgument, "a tensor of " + to_string(from.shape) + " has " +
                                                  std::to_string(source.channels) +
                                                  " channels, the model takes " +
                                                  std::to_string(target.channels));
  }
  WEIR_TRY(check_numbers(spec.mean, target.channels, "mean"));
  WEIR_TRY(check_numbers(spec.std, target.channels, "std"));
  WEIR_TRY(write_typed(from, {source, target, spec}, out.as<float>()));
  return plan_resize(ResizePolicy::kStretch, static_cast<int>(source.width),
                     static_cast<int>(source.height), static_cast<int>(target.width),
                     static_cast<int>(target.height));
}

Result<Tensor> stack_images(std::span<const ImageView> images, ChannelOrder colours) {
  int64_t channels = 0;
  for (const ImageView& image : images) {
    WEIR_TRY(check(image));
    if (image.upright_width() != images[0].upright_width() ||
        image.upright_height() != images[0].upright_height()) {
      return Error(ErrorCode::kInvalidArgument,
                   "pictures of " + std::to_string(images[0].upright_width()) + "x" +
                       std::to_string(images[0].upright_height()) + " and " +
                       std::to_string(image.upright_width()) + "x" +
                       std::to_string(image.upright_height()) + " cannot be stacked",
                   "", "they have to be equally large");
    }
    channels += image.format == PixelFormat::kGrey ? 1 : 3;
  }
  if (images.empty()) return Error(ErrorCode::kInvalidArgument, "no pictures to stack");
  const int64_t width = images[0].upright_width();
  const int64_t height = images[0].upright_height();
  WEIR_ASSIGN(Tensor stack, Tensor::allocate(DType::kUInt8, {channels, height, width}));
  auto* plane = stack.as<uint8_t>();
  for (const ImageView& image : images) {
    PrepareSpec spec;
    spec.channels = image.format == PixelFormat::kGrey ? ChannelOrder::kGrey : colours;
    const int64_t count = channel_count(spec.channels);
    WEIR_TRY(prepare_image(image, spec, {plane, DType::kUInt8, {count, height, width}, {}, {}}));
    plane += count * height * width;
  }
  return stack;
}

}  // namespace weir
