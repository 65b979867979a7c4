#include "weir/backend/fake/fake_backend.h"

#include <utility>

#include "weir/backend/fake/fake_graph.h"
#include "weir/backend/fake/fake_model.h"
#include "weir/backend/fake/fake_worker.h"
#include "weir/backend/model_file.h"
#include "weir/backend/option_reader.h"

namespace weir {
namespace {

constexpr int64_t kMaxDelayMs = 3600 * 1000;

Result<FakeBehaviour> read_options(const Backend& backend, const BackendSpec& spec,
                                   const FakeGraph& graph) {
  const OptionReader options(backend, spec);
  WEIR_TRY(options.check_names());
  FakeBehaviour behaviour;
  const auto of_graph = static_cast<int64_t>(graph.delay_ms * 1e6);
  WEIR_ASSIGN(const int64_t delay_ms, options.integer("delay_ms", -1, -1, kMaxDelayMs));
  behaviour.delay_ns = delay_ms < 0 ? of_graph : delay_ms * 1'000'000;
  WEIR_ASSIGN(behaviour.failure, parse_fake_failure(options.text("fail", "none")));
  WEIR_ASSIGN(behaviour.fail_every, options.integer("fail_every", 1, 1, 1'000'000'000));
  return behaviour;
}

Status check_spec(const BackendSpec& spec) {
  if (spec.device.kind != Device::Kind::kCpu && spec.device.kind != Device::Kind::kFake) {
    return Error(ErrorCode::kUnavailable,
                 "the fake back end does not reach " + to_string(spec.device), spec.where(),
                 "write cpu or fake:0");
  }
  if (spec.precision != Precision::kDefault) {
    return Error(ErrorCode::kUnsupported,
                 "the fake back end computes in the type of the tensor, not in " +
                     std::string(name(spec.precision)),
                 spec.where(), "write precision: default");
  }
  return {};
}

}  // namespace

FakeBackend::FakeBackend(std::shared_ptr<FakeControl> control)
    : runtime_(std::make_shared<FakeRuntime>(std::move(control))) {}

FakeBackend::~FakeBackend() = default;

const Capabilities& FakeBackend::capabilities() const {
  static const Capabilities capabilities = [] {
    Capabilities able;
    for (std::size_t i = 0; i < kDTypeCount; ++i) able.dtypes.push_back(static_cast<DType>(i));
    able.dynamic_shapes = able.unknown_outputs = able.from_bytes = true;
    able.async = able.cancel = able.device_memory = able.reports_placement = true;
    return able;
  }();
  return capabilities;
}

std::vector<DeviceInfo> FakeBackend::devices() const {
  DeviceInfo host{.device = {}, .name = "host", .through = "fake", .usable = true, .missing = {}};
  DeviceInfo device = host;
  device.device = {Device::Kind::kFake, 0};
  device.name = "fake device with memory of its own";
  return {host, device};
}

const std::vector<OptionInfo>& FakeBackend::options() const {
  static const std::vector<OptionInfo> options = {
      {"delay_ms", "how long a run takes, on the injected clock"},
      {"fail", "none, error, throw, nan or hang"},
      {"fail_every", "every how many runs it fails; 1: always"},
  };
  return options;
}

Result<std::shared_ptr<const LoadedModel>> FakeBackend::open(const BackendSpec& spec) {
  WEIR_TRY(check_spec(spec));
  WEIR_ASSIGN(const auto text, read_model(spec));
  WEIR_ASSIGN(FakeGraph graph, parse_fake_graph(*text, spec.where()));
  WEIR_ASSIGN(const FakeBehaviour behaviour, read_options(*this, spec, graph));
  ModelReport report;
  report.backend = name();
  report.version = version();
  report.device = spec.device;
  report.precision = "as in the file";
  report.intra_op_threads = 1;
  report.placements = {{"fake", static_cast<int>(graph.ops.size())}};
  auto model =
      std::make_shared<FakeModel>(std::move(graph), behaviour, runtime_, std::move(report));
  if (Status status = model->set_ranges(spec); !status) {
    return std::move(status).error().at(spec.where());
  }
  return std::shared_ptr<const LoadedModel>(std::move(model));
}

}  // namespace weir
