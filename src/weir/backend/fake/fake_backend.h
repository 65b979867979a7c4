// A back end without a vendor: deterministic, small, and obedient. It is a real one (the
// conformance suite runs over it), made for tests of everything above it.
//
//   FakeBackend backend;
//   BackendSpec spec;
//   spec.bytes = std::make_shared<const std::string>(
//       "weir-fake 1\ninput x float32 ?x3\noutput y = scale x 2 0.5\n");
//   WEIR_ASSIGN(auto model, backend.open(spec));
//
// The model is a text, see fake_graph.h; its files end in ".fake". On the device "cpu" it computes
// where the input lies; on "fake:0" in memory of its own, which is reached by copies only.
// start() runs on a thread of the back end. Options: delay_ms, fail (none, error, throw, nan,
// hang), fail_every (1: each run; 3: every third). A test holds a FakeControl for the rest.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/backend.h"
#include "weir/backend/fake/fake_control.h"

namespace weir {

struct FakeRuntime;

class FakeBackend final : public Backend {
 public:
  explicit FakeBackend(std::shared_ptr<FakeControl> control = std::make_shared<FakeControl>());
  ~FakeBackend() override;

  std::string_view name() const override { return "fake"; }
  std::string_view description() const override { return "deterministic models for tests"; }
  std::string version() const override { return "1"; }
  std::vector<std::string> file_types() const override { return {".fake"}; }
  const Capabilities& capabilities() const override;
  std::vector<DeviceInfo> devices() const override;
  const std::vector<OptionInfo>& options() const override;
  Result<std::shared_ptr<const LoadedModel>> open(const BackendSpec& spec) override;

 private:
  std::shared_ptr<FakeRuntime> runtime_;
};

}  // namespace weir
