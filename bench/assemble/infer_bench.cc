// A lane on a decoded picture, from its pixels to findings, against the bare call of the back end
// on the same model with an input that is written already, in turns. Target: at most 1.10 times it,
// and nothing of ours allocated but what findings hold. `--gate` exits with 1 if a case is further
// off than 1.25 times that, or allocates.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/support/paired.h"
#include "tests/support/counted_heap.h"
#include "weir/assemble/runtime.h"
#include "weir/config/yaml.h"
#include "weir/media/picture.h"
#include "weir/model/lane.h"
#include "weir/model/model.h"

namespace weir::bench {
namespace {

void check(const Status& status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", status.error().to_string().c_str());
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) check(result.error());
  return std::move(result).value();
}

std::string asset(const std::string& path) {
  return WEIR_SOURCE_DIR "/../shared/assets/" + path;
}

struct Case {
  const char* name;
  const char* file;
  const char* spec;  // without its braces and the file
};

constexpr Case kCases[] = {
    {"yolox-nano 416", "detection/yolox_nano_416.onnx", "family: yolox"},
    {"mobilenet v2 224", "classification/mobilenet_v2_224_fp32.onnx", "family: classify"},
};

class Pair {
 public:
  Pair(Runtime& runtime, const Case& of, const char* backend, const std::string& picture)
      : name_(std::string(of.name) + ", " + backend), image_(must(read_picture(asset(picture)))) {
    const std::string yaml = "{file: " + std::string(of.file) + ", " + of.spec +
                             ", threads: 1, backend: " + backend + "}";
    const config::Node node = must(config::parse_yaml(yaml, asset("models/spec.yaml")));
    model_ = must(runtime.load_model(must(read_model_spec(node, "models.m")), "models.m"));
    lane_ = must(model_->make_lane());
    bare_ = must(model_->parts()[0]->make_session());
    const ItemSource item{.picture = &image_.view()};
    std::vector<Shape> shapes(bare_->input_count());
    check(model_->family().shape_for(item, shapes));
    for (std::size_t i = 0; i < shapes.size(); ++i) check(bare_->set_input_shape(i, shapes[i]));
    check(bare_->warm_up(2));
    ours();
  }

  void ours() { check(lane_->run({.picture = &image_.view()}, found_)); }
  void bare() { check(bare_->run()); }

  // Calls of operator new from the item to its input and from its output to findings, without those
  // that findings hold. The back end's call is left out: what it takes is not ours, and varies.
  double allocations() {
    constexpr int kRuns = 10;
    const ItemSource item{.picture = &image_.view()};
    std::vector<TensorView> inputs, outputs;
    for (std::size_t i = 0; i < bare_->input_count(); ++i) inputs.push_back(bare_->input(i));
    for (std::size_t i = 0; i < bare_->output_count(); ++i) outputs.push_back(bare_->output(i));
    std::vector<Shape> shapes(inputs.size());
    std::size_t held = 0;
    const auto once = [&] {
      found_.clear();
      ItemPlan plan;
      check(model_->family().shape_for(item, shapes));
      check(model_->family().prepare(item, inputs, plan));
      check(model_->family().interpret(outputs, item, plan, found_));
      for (const Finding& finding : found_) held += finding.others.empty() ? 0 : 1;
    };
    ItemPlan plan;
    check(model_->family().prepare(item, inputs, plan));
    bare();
    for (int i = 0; i < 3; ++i) once();
    held = 0;
    const uint64_t before = test::heap_use().calls;
    for (int i = 0; i < kRuns; ++i) once();
    return static_cast<double>(test::heap_use().calls - before - held) / kRuns;
  }

  bool report() {
    const PairedResult result = measure_paired([&] { bare(); }, [&] { ours(); },
                                               {.rounds = 101, .warm_up = 5, .max_seconds = 20});
    const double extra = allocations();
    const Lane::Times& times = lane_->times();
    std::printf(
        "%-30s bare %8.0f us  lane %8.0f us  %.3f x  (prepare %.0f us, interpret %.0f us; "
        "%zu findings)  %.1f allocations\n",
        name_.c_str(), result.baseline_us, result.ours_us, 1 + result.over_us / result.baseline_us,
        1000 * times.prepare_ms, 1000 * times.interpret_ms, found_.size(), extra);
    return result.over_us <= 0.125 * result.baseline_us && extra == 0;
  }

 private:
  std::string name_;
  Image image_;
  std::shared_ptr<const Model> model_;
  std::unique_ptr<Lane> lane_;
  std::unique_ptr<Session> bare_;
  std::vector<Finding> found_;
};

int run_all(bool gate) {
  const auto runtime = must(Runtime::create({.threads = 1, .may_pull = false}));
  bool good = true;
  for (const Case& of : kCases) {
    if (!std::filesystem::exists(asset(std::string("models/") + of.file))) {
      std::printf("%s: no model, left out\n", of.name);
      continue;
    }
    for (const char* backend : {"onnxruntime", "openvino"})
      good &= Pair(*runtime, of, backend, "images/street_vtest_1.jpg").report();
  }
  return gate && !good ? 1 : 0;
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run_all(argc > 1 && std::strcmp(argv[1], "--gate") == 0);
}
