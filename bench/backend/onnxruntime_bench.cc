// Session::run against the bare call of ONNX Runtime on the same model, with the same tensors, in
// turns. Target: at most 1 % + 2 µs over. `--gate` prints the verdict and exits with 1 if a case is
// further off than 1.25 times that.
#include <onnxruntime_c_api.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/support/paired.h"
#include "tests/support/onnx_builder.h"
#include "weir/backend/onnxruntime/onnxruntime_backend.h"
#include "weir/backend/onnxruntime/ort_handle.h"
#include "weir/backend/onnxruntime/ort_model.h"
#include "weir/backend/onnxruntime/ort_types.h"

namespace weir::bench {
namespace {

void check(Status status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", status.error().to_string().c_str());
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  check(std::move(result).error());
  std::abort();
}

// The call as somebody writes it who uses the library by itself: names, values, Run; on the very
// session and memory of its twin, since where weights happen to lie makes more of a difference.
class Bare {
 public:
  explicit Bare(const Session& twin)
      : session_(static_cast<const OrtModel&>(twin.model()).session()) {
    OrtMemoryInfo* memory = nullptr;
    check(ort_status(ort().CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory)));
    memory_.reset(memory);
    for (std::size_t i = 0; i < twin.input_count(); ++i) {
      input_names_.push_back(twin.model().inputs()[i].name.c_str());
      inputs_.push_back(value_of(twin.input(i)));
    }
    for (std::size_t i = 0; i < twin.output_count(); ++i) {
      output_names_.push_back(twin.model().outputs()[i].name.c_str());
      outputs_.push_back(value_of(twin.output(i)));
    }
  }
  ~Bare() {
    for (OrtValue* value : inputs_) ort().ReleaseValue(value);
    for (OrtValue* value : outputs_) ort().ReleaseValue(value);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  void run() {
    check(ort_status(ort().Run(&session_, nullptr, input_names_.data(), inputs_.data(),
                               inputs_.size(), output_names_.data(), outputs_.size(),
                               outputs_.data())));
  }

 private:
  OrtValue* value_of(const TensorView& view) {
    OrtValue* value = nullptr;
    check(ort_status(ort().CreateTensorWithDataAsOrtValue(memory_.get(), view.data, view.bytes(),
                                                          view.shape.data(), view.shape.rank(),
                                                          ort_type_of(view.dtype), &value)));
    return value;
  }

  OrtSession& session_;
  OrtMemoryInfoPtr memory_;
  std::vector<const char*> input_names_, output_names_;
  std::vector<OrtValue*> inputs_, outputs_;
};

struct Pair {
  std::string name;
  std::unique_ptr<Session> ours;
  std::unique_ptr<Bare> bare;
  PairedOptions options;
};

Pair make_pair_of(Backend& backend, const std::string& name, const std::string& model) {
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>(model);
  Pair pair{name, must(must(backend.open(spec))->make_session()), nullptr, {}};
  for (std::size_t i = 0; i < pair.ours->input_count(); ++i) {
    Shape shape = pair.ours->input(i).shape;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis)
      shape[axis] = std::max<int64_t>(shape[axis], 1);
    check(pair.ours->set_input_shape(i, shape));
  }
  check(pair.ours->run());
  check(pair.ours->run());  // from the second run on, outputs lie in memory of ours
  pair.bare = std::make_unique<Bare>(*pair.ours);
  return pair;
}

std::string read_file(const std::string& path) {
  std::string bytes;
  if (FILE* file = std::fopen(path.c_str(), "rb")) {
    bytes.resize(std::filesystem::file_size(path));
    if (std::fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) bytes.clear();
    std::fclose(file);
  }
  return bytes;
}

std::vector<Pair> make_pairs(Backend& backend) {
  std::vector<Pair> pairs;
  pairs.push_back(
      make_pair_of(backend, "add_one_1x4", test::onnx_add_one(DType::kFloat32, {1, 4})));
  pairs.push_back(make_pair_of(backend, "matmul_64x256x256", test::onnx_matmul(64, 256, 256)));
  pairs.push_back(make_pair_of(backend, "conv_net_1x3x64x64", test::onnx_conv_net(1, 3, 64, 64)));
  for (const char* name :
       {"classification/mobilenet_v1_025_128_fp32", "detection/yolox_nano_416"}) {
    const std::string model =
        read_file(std::string(WEIR_SOURCE_DIR) + "/../shared/assets/models/" + name + ".onnx");
    if (!model.empty()) pairs.push_back(make_pair_of(backend, name, model));
  }
  return pairs;
}

bool gate(Pair& pair) {
  const PairedResult result =
      measure_paired([&] { pair.bare->run(); }, [&] { check(pair.ours->run()); }, pair.options);
  const double allowed = 0.01 * result.baseline_us + 2;
  const bool good = result.over_us <= allowed * 1.25;
  std::printf("%-45s bare %10.2f us  ours %10.2f us  over %7.2f us  allowed %6.2f  %s\n",
              pair.name.c_str(), result.baseline_us, result.ours_us, result.over_us, allowed,
              good ? "ok" : "OVER");
  return good;
}

int run_all(int argc, char** argv) {
  OnnxRuntimeBackend backend;
  std::vector<Pair> pairs = make_pairs(backend);
  if (argc > 1 && std::strcmp(argv[1], "--gate") == 0) {
    bool good = true;
    for (Pair& pair : pairs) good &= gate(pair);
    return good ? 0 : 1;
  }
  for (Pair& pair : pairs) {
    register_paired(
        "backend/onnxruntime/" + pair.name, [&pair] { pair.bare->run(); },
        [&pair] { check(pair.ours->run()); }, pair.options);
  }
  return run(argc, argv);
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run_all(argc, argv);
}
