#include "weir/backend/openvino/openvino_backend.h"

#include <cstdlib>
#include <utility>

#include "weir/backend/openvino/openvino_config.h"
#include "weir/backend/openvino/openvino_devices.h"
#include "weir/backend/openvino/openvino_guard.h"
#include "weir/backend/openvino/openvino_library.h"
#include "weir/backend/openvino/openvino_model.h"
#include "weir/backend/openvino/openvino_read.h"
#include "weir/backend/openvino/openvino_report.h"
#include "weir/backend/trial_run.h"

namespace weir {

#if defined(__SANITIZE_ADDRESS__)
#define WEIR_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEIR_ADDRESS_SANITIZER 1
#endif
#endif

// NOLINTNEXTLINE(modernize-use-equals-default): it is one without the sanitizer only.
OpenVinoBackend::OpenVinoBackend() {
#ifdef WEIR_ADDRESS_SANITIZER
  // TBB opens a library in a way that the sanitizer forbids, unless it is told so.
  (void)setenv("TBB_ENABLE_SANITIZERS", "1", 0);
#endif
}
OpenVinoBackend::~OpenVinoBackend() = default;

// The Core loads plug-ins by name when they are first asked for, and still takes memory and time
// that a process which runs its models elsewhere need not spend.
Result<std::shared_ptr<OpenVinoLibrary>> OpenVinoBackend::library() const {
  MutexLock lock(mutex_);
  if (!library_) {
    library_ = openvino_guard("", ErrorCode::kUnavailable,
                              [] { return std::make_shared<OpenVinoLibrary>(); });
  }
  return *library_;
}

std::string OpenVinoBackend::version() const {
  return openvino_version();
}

const Capabilities& OpenVinoBackend::capabilities() const {
  static const Capabilities kCapabilities = [] {
    Capabilities able;
    for (std::size_t i = 0; i < kDTypeCount; ++i) able.dtypes.push_back(static_cast<DType>(i));
    able.precisions = {Precision::kFloat32, Precision::kFloat16, Precision::kBFloat16};
    able.dynamic_shapes = able.unknown_outputs = able.from_bytes = true;
    able.async = able.cancel = able.reports_placement = true;
    able.wide_integers = false;
    return able;
  }();
  return kCapabilities;
}

std::vector<DeviceInfo> OpenVinoBackend::devices() const {
  const auto library = this->library();
  if (!library) return {};
  return openvino_devices((*library)->core);
}

const std::vector<OptionInfo>& OpenVinoBackend::options() const {
  return openvino_options();
}

Result<std::shared_ptr<const LoadedModel>> OpenVinoBackend::open(const BackendSpec& spec) {
  WEIR_ASSIGN(const std::shared_ptr<OpenVinoLibrary> library, this->library());
  WEIR_ASSIGN(const OpenVinoConfig config, openvino_config(*this, library->core, spec));
  WEIR_ASSIGN(const std::shared_ptr<ov::Model> graph, openvino_read(*library, spec));
  WEIR_ASSIGN(std::shared_ptr<OpenVinoModel> model,
              OpenVinoModel::make(library, graph, config, spec));
  WEIR_TRY(run_at_max(*model));
  return std::shared_ptr<const LoadedModel>(std::move(model));
}

}  // namespace weir
