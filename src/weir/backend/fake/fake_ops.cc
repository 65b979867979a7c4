#include "weir/backend/fake/fake_ops.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace weir {
namespace {

// Calls f with a value of the C++ type of `dtype`; the two 16-bit floats are told by the caller.
template <class F>
auto with_type(DType dtype, F f) {
  switch (dtype) {
    case DType::kFloat32:
      return f(float{});
    case DType::kFloat64:
      return f(double{});
    case DType::kInt8:
      return f(int8_t{});
    case DType::kInt16:
      return f(int16_t{});
    case DType::kInt32:
      return f(int32_t{});
    case DType::kInt64:
      return f(int64_t{});
    case DType::kUInt8:
      return f(uint8_t{});
    case DType::kUInt32:
      return f(uint32_t{});
    case DType::kUInt64:
      return f(uint64_t{});
    case DType::kBool:
      return f(bool{});
    case DType::kUInt16:
    case DType::kFloat16:
    case DType::kBFloat16:
      break;
  }
  return f(uint16_t{});
}

template <class T>
T rounded(double value) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else if constexpr (std::is_same_v<T, bool>) {
    return value != 0;
  } else {
    if (std::isnan(value)) return 0;
    value = std::nearbyint(value);
    if (value <= static_cast<double>(std::numeric_limits<T>::min())) {
      return std::numeric_limits<T>::min();
    }
    if (value >= static_cast<double>(std::numeric_limits<T>::max())) {
      return std::numeric_limits<T>::max();
    }
    return static_cast<T>(value);
  }
}

// The element of a broadcast input that belongs to the element `index` of the output.
std::size_t broadcast_index(std::size_t index, const Shape& output, const Shape& input) {
  std::size_t result = 0;
  std::size_t stride = 1;
  for (std::size_t back = 1; back <= output.rank(); ++back) {
    const auto size = static_cast<std::size_t>(output[output.rank() - back]);
    const std::size_t at = index % size;
    index /= size;
    if (back > input.rank()) continue;
    const auto own = static_cast<std::size_t>(input[input.rank() - back]);
    if (own != 1) result += at * stride;
    stride *= own;
  }
  return result;
}

Result<Shape> broadcast(const Shape& a, const Shape& b) {
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Shape result = longer;
  for (std::size_t back = 1; back <= shorter.rank(); ++back) {
    int64_t& size = result[longer.rank() - back];
    const int64_t other = shorter[shorter.rank() - back];
    if (size == 1) size = other;
    if (other != 1 && other != size) {
      return Error(ErrorCode::kInvalidArgument,
                   "add cannot join " + to_string(a) + " and " + to_string(b));
    }
  }
  return result;
}

std::size_t count_of(const TensorView& view) {
  return view.bytes() / size_of(view.dtype);
}

}  // namespace

float bfloat16_to_float(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

uint16_t float_to_bfloat16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  if (std::isnan(value)) return static_cast<uint16_t>((bits >> 16) | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float half_to_float(uint16_t bits) {
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  const int exponent = (bits >> 10) & 31;
  const int mantissa = bits & 1023;
  if (exponent == 31) {
    return mantissa != 0 ? std::numeric_limits<float>::quiet_NaN()
                         : sign * std::numeric_limits<float>::infinity();
  }
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(mantissa), -24);
  return sign * std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
}

uint16_t float_to_half(float value) {
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value)) return sign | 0x7e00;
  const float size = std::fabs(value);
  if (size >= 65520.0F) return sign | 0x7c00;
  if (size < std::ldexp(1.0F, -14)) {  // subnormal: steps of 2^-24
    return static_cast<uint16_t>(sign |
                                 static_cast<uint16_t>(std::nearbyint(std::ldexp(size, 24))));
  }
  int exponent = 0;
  const float fraction = std::frexp(size, &exponent);  // 0.5 <= fraction < 1
  const int mantissa = static_cast<int>(std::nearbyint(std::ldexp(fraction, 11)));
  // A mantissa that rounds up to 2048 carries into the exponent by itself.
  return static_cast<uint16_t>(sign | (((exponent + 14) << 10) + (mantissa - 1024)));
}

double load_element(DType dtype, const void* data, std::size_t index) {
  if (dtype == DType::kFloat16) return half_to_float(static_cast<const uint16_t*>(data)[index]);
  if (dtype == DType::kBFloat16) {
    return bfloat16_to_float(static_cast<const uint16_t*>(data)[index]);
  }
  return with_type(dtype, [&](auto zero) {
    return static_cast<double>(static_cast<const decltype(zero)*>(data)[index]);
  });
}

void store_element(DType dtype, void* data, std::size_t index, double value) {
  if (dtype == DType::kFloat16) {
    static_cast<uint16_t*>(data)[index] = float_to_half(static_cast<float>(value));
  } else if (dtype == DType::kBFloat16) {
    static_cast<uint16_t*>(data)[index] = float_to_bfloat16(static_cast<float>(value));
  } else {
    with_type(dtype, [&](auto zero) {
      static_cast<decltype(zero)*>(data)[index] = rounded<decltype(zero)>(value);
    });
  }
}

Result<Shape> fake_output_shape(const FakeOutput& op, const std::vector<TensorView>& inputs) {
  const Shape& a = inputs[op.a].shape;
  if (op.op == FakeOutput::Op::kAdd) return broadcast(a, inputs[op.b].shape);
  if (op.op == FakeOutput::Op::kNonzero) {
    return Shape{Shape::kDynamic, static_cast<int64_t>(a.rank())};
  }
  return a;
}

void run_fake_output(const FakeOutput& op, const std::vector<TensorView>& inputs,
                     const TensorView& output) {
  const TensorView& a = inputs[op.a];
  if (op.op == FakeOutput::Op::kIdentity) {
    if (output.bytes() > 0) std::memcpy(output.data, a.data, output.bytes());
    return;
  }
  const std::size_t count = count_of(output);
  for (std::size_t i = 0; i < count; ++i) {
    double value = 0;
    if (op.op == FakeOutput::Op::kScale) {
      value = load_element(a.dtype, a.data, i) * op.factor + op.offset;
    } else {
      const TensorView& b = inputs[op.b];
      value = load_element(a.dtype, a.data, broadcast_index(i, output.shape, a.shape)) +
              load_element(b.dtype, b.data, broadcast_index(i, output.shape, b.shape));
    }
    store_element(output.dtype, output.data, i, value);
  }
}

int64_t count_nonzero(const TensorView& input) {
  int64_t found = 0;
  const std::size_t count = count_of(input);
  for (std::size_t i = 0; i < count; ++i) {
    if (load_element(input.dtype, input.data, i) != 0) ++found;
  }
  return found;
}

void write_nonzero(const TensorView& input, int64_t* output) {
  const std::size_t count = count_of(input);
  const std::size_t rank = input.shape.rank();
  for (std::size_t i = 0; i < count; ++i) {
    if (load_element(input.dtype, input.data, i) == 0) continue;
    std::size_t rest = i;
    for (std::size_t back = 1; back <= rank; ++back) {
      const auto size = static_cast<std::size_t>(input.shape[rank - back]);
      output[rank - back] = static_cast<int64_t>(rest % size);
      rest /= size;
    }
    output += rank;
  }
}

}  // namespace weir
