#include "apps/cli/measure.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>

#include "weir/base/nearest_name.h"

namespace weir::cli {
namespace {

template <class T>
void fill_as(const TensorView& view, double value) {
  T* begin = view.as<T>();
  std::fill(begin, begin + view.bytes() / sizeof(T), static_cast<T>(value));
}

// The bits of a float16 or bfloat16 for a value in [0, 1]; good enough for an input.
uint16_t half_bits(float value, DType dtype) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  if (dtype == DType::kBFloat16) return static_cast<uint16_t>(bits >> 16U);
  const int exponent = static_cast<int>(bits >> 23U & 0xFFU) - 127 + 15;
  if (exponent <= 0) return 0;
  return static_cast<uint16_t>((static_cast<uint32_t>(exponent) << 10U) | (bits >> 13U & 0x3FFU));
}

Status fill_constant(const TensorView& view, double value) {
  switch (view.dtype) {
    case DType::kFloat32:
      return fill_as<float>(view, value), Status();
    case DType::kFloat64:
      return fill_as<double>(view, value), Status();
    case DType::kInt8:
      return fill_as<int8_t>(view, value), Status();
    case DType::kInt16:
      return fill_as<int16_t>(view, value), Status();
    case DType::kInt32:
      return fill_as<int32_t>(view, value), Status();
    case DType::kInt64:
      return fill_as<int64_t>(view, value), Status();
    case DType::kUInt8:
      return fill_as<uint8_t>(view, value), Status();
    case DType::kUInt16:
      return fill_as<uint16_t>(view, value), Status();
    case DType::kUInt32:
      return fill_as<uint32_t>(view, value), Status();
    case DType::kUInt64:
      return fill_as<uint64_t>(view, value), Status();
    case DType::kBool:
      return fill_as<uint8_t>(view, value != 0 ? 1 : 0), Status();
    case DType::kFloat16:
    case DType::kBFloat16: {
      const uint16_t bits = half_bits(static_cast<float>(value), view.dtype);
      std::fill_n(view.as<uint16_t>(), view.bytes() / 2, bits);
      return {};
    }
  }
  return Error(ErrorCode::kInternal, "a type that cannot be filled");
}

void fill_random(const TensorView& view, std::mt19937& generator) {
  // Not a distribution of the library: those differ between implementations.
  const auto unit = [&generator] { return static_cast<float>(generator() >> 8U) / 16777216.0F; };
  const std::size_t count = view.bytes() / size_of(view.dtype);
  if (view.dtype == DType::kFloat32) {
    std::generate_n(view.as<float>(), count, unit);
  } else if (view.dtype == DType::kFloat64) {
    std::generate_n(view.as<double>(), count, unit);
  } else if (view.dtype == DType::kUInt8) {
    std::generate_n(view.as<uint8_t>(), count,
                    [&generator] { return static_cast<uint8_t>(generator() >> 24U); });
  } else {
    std::generate_n(view.as<uint16_t>(), count, [&] { return half_bits(unit(), view.dtype); });
  }
}

bool is_random(DType dtype) {
  return dtype == DType::kFloat32 || dtype == DType::kFloat64 || dtype == DType::kUInt8 ||
         dtype == DType::kFloat16 || dtype == DType::kBFloat16;
}

Status check_names(const MeasurePlan& plan, const std::vector<TensorInfo>& inputs) {
  std::vector<std::string> known;
  for (const TensorInfo& input : inputs) known.push_back(input.name);
  std::vector<std::string> given;
  for (const auto& [name, shape] : plan.shapes) given.push_back(name);
  for (const auto& [name, value] : plan.values) given.push_back(name);
  for (const std::string& name : given) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return Error(ErrorCode::kInvalidArgument, "the model has no input '" + name + "'", {},
                 hint_for_name(name, known));
  }
  return {};
}

Status prepare_inputs(Session& session, const MeasurePlan& plan, Measurement& result) {
  const std::vector<TensorInfo>& inputs = session.model().inputs();
  WEIR_TRY(check_names(plan, inputs));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    WEIR_ASSIGN(const Shape shape, choose_shape(inputs[i], plan));
    if (!(shape == session.input(i).shape) || session.input(i).data == nullptr) {
      WEIR_TRY(session.set_input_shape(i, shape));
    }
    result.inputs.push_back({inputs[i].name, inputs[i].dtype, shape});
    bool filled = false;
    if (plan.fill && !plan.values.contains(inputs[i].name)) {
      WEIR_ASSIGN(filled, plan.fill(result.inputs.back(), session.input(i)));
    }
    if (!filled) WEIR_TRY(fill_input(result.inputs.back(), session.input(i), plan));
  }
  if (!inputs.empty() && result.inputs[0].shape.rank() > 1) {
    result.batch = std::max<int64_t>(1, result.inputs[0].shape[0]);
  }
  return {};
}

int64_t count_not_finite(const TensorView& view) {
  if (view.dtype != DType::kFloat32 || view.data == nullptr) return 0;
  const float* begin = view.as<float>();
  return std::count_if(begin, begin + view.bytes() / sizeof(float),
                       [](float value) { return !std::isfinite(value); });
}

// What came out must be what the model promises, in every run.
Status check_outputs(const Session& session, Measurement& result) {
  const std::vector<TensorInfo>& declared = session.model().outputs();
  const bool first = result.outputs.empty();
  for (std::size_t i = 0; i < declared.size(); ++i) {
    const TensorView& view = session.output(i);
    if (!declared[i].shape.accepts(view.shape) || view.dtype != declared[i].dtype) {
      return Error(ErrorCode::kInternal,
                   "output '" + declared[i].name + "' is " + std::string(name(view.dtype)) + " " +
                       to_string(view.shape) + ", but the model declares " +
                       std::string(name(declared[i].dtype)) + " " + to_string(declared[i].shape));
    }
    if (first) {
      result.outputs.push_back({declared[i].name, view.dtype, view.shape});
    } else if (!(result.outputs[i].shape == view.shape)) {
      return Error(ErrorCode::kInternal, "output '" + declared[i].name +
                                             "' changed its shape from " +
                                             to_string(result.outputs[i].shape) + " to " +
                                             to_string(view.shape) + " for equal inputs");
    }
  }
  return {};
}

bool enough(const MeasurePlan& plan, std::size_t runs, int64_t spent_ns) {
  if (plan.repeat > 0) return runs >= static_cast<std::size_t>(plan.repeat);
  if (runs >= MeasurePlan::kMost) return true;
  return runs >= MeasurePlan::kFewest && static_cast<double>(spent_ns) >= plan.seconds * 1e9;
}

// "name=rest"
Result<std::pair<std::string, std::string>> split_word(const std::string& word,
                                                       const std::string& option,
                                                       const std::string& example) {
  const std::size_t at = word.rfind('=');
  if (at == std::string::npos || at == 0 || at + 1 == word.size()) {
    return Error(ErrorCode::kInvalidArgument, "'" + word + "' is not NAME=VALUE", option,
                 "write for example " + option + " " + example);
  }
  return std::pair(word.substr(0, at), word.substr(at + 1));
}

}  // namespace

Result<Shape> choose_shape(const TensorInfo& input, const MeasurePlan& plan) {
  if (const auto given = plan.shapes.find(input.name); given != plan.shapes.end()) {
    return given->second;
  }
  Shape shape = input.shape;
  if (shape.rank() > 0 && shape[0] == Shape::kDynamic) shape[0] = std::max<int64_t>(1, plan.batch);
  if (!shape.is_dynamic()) return shape;
  return Error(
      ErrorCode::kInvalidArgument,
      "input '" + input.name + "' is " + to_string(input.shape) + ": the model leaves sizes open",
      {}, "say which, for example --shape " + input.name + "=" + [&] {
        Shape example = shape;
        for (std::size_t i = 0; i < example.rank(); ++i) {
          if (example[i] == Shape::kDynamic) example[i] = 224;
        }
        return to_string(example);
      }());
}

Status fill_input(const TensorInfo& input, const TensorView& view, const MeasurePlan& plan) {
  if (view.bytes() == 0) return {};
  if (const auto value = plan.values.find(input.name); value != plan.values.end()) {
    return fill_constant(view, value->second);
  }
  if (!is_random(view.dtype)) return fill_constant(view, 1);
  std::mt19937 generator(plan.seed);
  fill_random(view, generator);
  return {};
}

Result<Measurement> measure(Session& session, const MeasurePlan& plan, const Clock& clock,
                            Trace* trace) {
  Measurement result;
  WEIR_TRY(prepare_inputs(session, plan, result));
  for (int i = 0; i < plan.warm_up; ++i) {
    const TraceSpan span(trace, "warm-up", "bench", i);
    WEIR_TRY(session.run());
  }
  std::vector<int64_t> times_ns;
  const Stopwatch whole(clock);
  while (!enough(plan, times_ns.size(), whole.elapsed_ns())) {
    const TraceSpan span(trace, "run", "bench", static_cast<int64_t>(times_ns.size()));
    const Stopwatch watch(clock);
    const Status ran = session.run();
    times_ns.push_back(watch.elapsed_ns());
    WEIR_TRY(ran);
    WEIR_TRY(check_outputs(session, result));
  }
  for (std::size_t i = 0; i < session.output_count(); ++i) {
    result.not_finite += count_not_finite(session.output(i));
  }
  result.timing = Timing::of(std::move(times_ns));
  if (result.timing.mean_ns > 0) {
    result.items_per_second = static_cast<double>(result.batch) * 1e9 / result.timing.mean_ns;
  }
  return result;
}

Result<std::map<std::string, Shape>> parse_shapes(const std::vector<std::string>& words) {
  std::map<std::string, Shape> shapes;
  for (const std::string& word : words) {
    WEIR_ASSIGN(const auto parts, split_word(word, "--shape", "images=1x3x640x640"));
    auto shape = parse_shape(parts.second);
    if (!shape) return std::move(shape).error().at("--shape " + parts.first);
    if (shape->is_dynamic()) {
      return Error(ErrorCode::kInvalidArgument, "the shape " + parts.second + " has an open size",
                   "--shape " + parts.first, "say a number for each");
    }
    shapes[parts.first] = *shape;
  }
  return shapes;
}

Result<std::map<std::string, double>> parse_values(const std::vector<std::string>& words) {
  std::map<std::string, double> values;
  for (const std::string& word : words) {
    WEIR_ASSIGN(const auto parts, split_word(word, "--value", "sr=16000"));
    char* end = nullptr;
    const double value = std::strtod(parts.second.c_str(), &end);
    if (*end != '\0' || !std::isfinite(value)) {
      return Error(ErrorCode::kInvalidArgument, "'" + parts.second + "' is not a number",
                   "--value " + parts.first);
    }
    values[parts.first] = value;
  }
  return values;
}

}  // namespace weir::cli
