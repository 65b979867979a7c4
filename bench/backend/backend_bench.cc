// Session::run against the bare call of each vendor's library on the same model, with the same
// tensors, in turns. Target: at most 1 % + 2 µs over. `--gate` prints the verdict and exits with 1
// if a case is further off than 1.25 times that.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/backend/bare_call.h"
#include "bench/support/paired.h"
#include "tests/support/onnx_builder.h"
#if WEIR_WITH_ONNXRUNTIME
#include "weir/backend/onnxruntime/onnxruntime_backend.h"
#endif
#if WEIR_WITH_OPENVINO
#include "weir/backend/openvino/openvino_backend.h"
#endif

namespace weir::bench {
namespace {

template <class T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  check(std::move(result).error());
  std::abort();
}

struct Pair {
  std::string name;
  std::unique_ptr<Session> ours;
  BareCall bare;
  PairedOptions options;
};

using BareOf = BareCall (*)(Session&);

Pair make_pair_of(Backend& backend, BareOf bare_of, const std::string& name,
                  const std::string& model) {
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>(model);
  Pair pair{std::string(backend.name()) + "/" + name,
            must(must(backend.open(spec))->make_session()),
            {},
            {}};
  for (std::size_t i = 0; i < pair.ours->input_count(); ++i) {
    Shape shape = pair.ours->input(i).shape;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis)
      shape[axis] = std::max<int64_t>(shape[axis], 1);
    check(pair.ours->set_input_shape(i, shape));
  }
  check(pair.ours->run());
  check(pair.ours->run());  // from the second run on, outputs lie in memory of ours
  pair.bare = bare_of(*pair.ours);
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

void add_pairs(Backend& backend, BareOf bare_of, std::vector<Pair>& pairs) {
  const auto add = [&](const std::string& name, const std::string& model) {
    pairs.push_back(make_pair_of(backend, bare_of, name, model));
  };
  add("add_one_1x4", test::onnx_add_one(DType::kFloat32, {1, 4}));
  add("matmul_64x256x256", test::onnx_matmul(64, 256, 256));
  add("conv_net_1x3x64x64", test::onnx_conv_net(1, 3, 64, 64));
  for (const char* name :
       {"classification/mobilenet_v1_025_128_fp32", "detection/yolox_nano_416"}) {
    const std::string model =
        read_file(std::string(WEIR_SOURCE_DIR) + "/../shared/assets/models/" + name + ".onnx");
    if (!model.empty()) add(name, model);
  }
}

// The back ends of this build, which die here: their models keep what they need.
std::vector<Pair> make_pairs() {
  std::vector<Pair> pairs;
#if WEIR_WITH_ONNXRUNTIME
  OnnxRuntimeBackend onnxruntime;
  add_pairs(onnxruntime, onnxruntime_bare, pairs);
#endif
#if WEIR_WITH_OPENVINO
  OpenVinoBackend openvino;
  add_pairs(openvino, openvino_bare, pairs);
#endif
  return pairs;
}

bool gate(Pair& pair) {
  const PairedResult result = measure_paired(
      pair.bare, [&] { check(pair.ours->run()); }, pair.options);
  const double allowed = 0.01 * result.baseline_us + 2;
  const bool good = result.over_us <= allowed * 1.25;
  std::printf("%-45s bare %10.2f us  ours %10.2f us  over %7.2f us  allowed %6.2f  %s\n",
              pair.name.c_str(), result.baseline_us, result.ours_us, result.over_us, allowed,
              good ? "ok" : "OVER");
  return good;
}

int run_all(int argc, char** argv) {
  std::vector<Pair> pairs = make_pairs();
  if (argc > 1 && std::strcmp(argv[1], "--gate") == 0) {
    bool good = true;
    for (Pair& pair : pairs) good &= gate(pair);
    return good ? 0 : 1;
  }
  for (Pair& pair : pairs) {
    register_paired(
        "backend/" + pair.name, [&pair] { pair.bare(); }, [&pair] { check(pair.ours->run()); },
        pair.options);
  }
  return run(argc, argv);
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run_all(argc, argv);
}
