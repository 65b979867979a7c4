#include "weir/backend/onnxruntime/ort_model.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "weir/backend/model_file.h"
#include "weir/backend/onnxruntime/ort_lane.h"
#include "weir/backend/onnxruntime/ort_log.h"
#include "weir/backend/onnxruntime/ort_types.h"
#include "weir/backend/shape_ranges.h"
#include "weir/backend/trial_run.h"

namespace weir {
namespace {

// The operating system cannot move or swap it, so a session must not take all there is.
constexpr std::size_t kPinnedBytes = std::size_t{4} << 30;

// What the library says when it cannot load a file is a fact about the file, unless it says more.
Error load_error(Error error, const BackendSpec& spec) {
  if (error.code == ErrorCode::kInternal || error.code == ErrorCode::kInvalidArgument) {
    error.code = ErrorCode::kCorrupt;
  }
  if (error.message.find("Protobuf parsing failed") != std::string::npos) {
    error.hint = "the file is truncated, or no ONNX model; `weir inspect` tells which";
  }
  return std::move(error).at(spec.where());
}

#if ORT_API_VERSION >= 23
std::size_t arena_bytes(const OrtSession& session, const OrtMemoryInfo& memory) {
  OrtAllocator* raw = nullptr;
  if (!ort_status(ort().CreateAllocator(&session, &memory, &raw))) return 0;
  const OrtAllocatorPtr allocator(raw);
  OrtKeyValuePairs* stats = nullptr;
  if (!ort_status(ort().AllocatorGetStats(raw, &stats)) || stats == nullptr) return 0;
  const OrtPtr<OrtKeyValuePairs, &OrtApi::ReleaseKeyValuePairs> owner(stats);
  const char* total = ort().GetKeyValue(stats, "TotalAllocated");
  return total == nullptr ? 0 : static_cast<std::size_t>(std::strtoull(total, nullptr, 10));
}
#else
std::size_t arena_bytes(const OrtSession&, const OrtMemoryInfo&) {
  return 0;
}
#endif

}  // namespace

Result<std::shared_ptr<const LoadedModel>> OrtModel::open(std::shared_ptr<OrtRuntime> runtime,
                                                          const OrtSessionOptions& options,
                                                          const BackendSpec& spec,
                                                          ModelReport report) {
  auto model = std::make_shared<OrtModel>();
  model->host_pool_ = runtime->pool;
  model->runtime_ = std::move(runtime);
  model->report_ = std::move(report);
  WEIR_TRY(model->load(options, spec));
  if (Status status = model->describe(spec); !status) {
    return std::move(status).error().at(spec.where());
  }
  if (Status status = model->learn_output_sizes(); !status) {
    return std::move(status).error().at(spec.where());
  }
  return std::shared_ptr<const LoadedModel>(std::move(model));
}

Status OrtModel::load(const OrtSessionOptions& options, const BackendSpec& spec) {
  WEIR_ASSIGN(file_bytes_, check_model(spec));
  WEIR_ASSIGN(OrtEnv* const env, runtime_->env());
  OrtSession* session = nullptr;
  OrtPlacementListener listener;
  Status status =
      ort_status(spec.bytes ? ort().CreateSessionFromArray(env, spec.bytes->data(),
                                                           spec.bytes->size(), &options, &session)
                            : ort().CreateSession(env, spec.file.c_str(), &options, &session));
  if (!status) return load_error(std::move(status).error(), spec);
  // Memory of its provider may be leased for longer than the model is open, and needs both.
  session_ = {session, [runtime = runtime_](OrtSession* open) { ort().ReleaseSession(open); }};
  // Parsing and optimising a graph leaves holes all over the heap, which nothing would fill.
  (void)malloc_trim(0);
  report_.placements = listener.placements();
  OrtMemoryInfo* memory = nullptr;
  WEIR_TRY(ort_status(ort().CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory)));
  host_memory_.reset(memory);
  pin_memory();
  return {};
}

// Only inputs and outputs of ours: what a caller binds is not page-locked, and the library copies
// it while we wait.
void OrtModel::pin_memory() {
  if (device().kind != Device::Kind::kCuda) return;
  auto memory = OrtPinnedMemory::of(session_, kOrtCudaPinned, device().index);
  if (!memory) {
    report_.notes.push_back("inputs and outputs are not in page-locked memory: " +
                            memory.error().message);
    return;
  }
  pinned_memory_ = std::move(memory).value();
  host_pool_ = BufferPool::make(pinned_memory_, kPinnedBytes);
}

Status OrtModel::describe(const BackendSpec& spec) {
  WEIR_ASSIGN(inputs_, read_ports(*session_, OrtPort::kInput));
  WEIR_ASSIGN(outputs_, read_ports(*session_, OrtPort::kOutput));
  WEIR_ASSIGN(ranges_, match_ranges(spec, inputs_));
  max_tensor_bytes_ = spec.max_tensor_bytes;
  max_output_bytes_.resize(outputs_.size());
  return read_metadata();
}

Status OrtModel::read_metadata() {
  OrtModelMetadata* raw = nullptr;
  WEIR_TRY(ort_status(ort().SessionGetModelMetadata(session_.get(), &raw)));
  const OrtMetadataPtr owner(raw);
  OrtAllocator* allocator = ort_default_allocator();
  using Getter = OrtStatus*(ORT_API_CALL*)(const OrtModelMetadata*, OrtAllocator*, char**);
  const std::pair<const char*, Getter> fields[] = {
      {"producer", ort().ModelMetadataGetProducerName},
      {"graph", ort().ModelMetadataGetGraphName},
      {"domain", ort().ModelMetadataGetDomain},
      {"description", ort().ModelMetadataGetDescription}};
  for (const auto& [key, get] : fields) {
    char* text = nullptr;
    WEIR_TRY(ort_status(get(raw, allocator, &text)));
    if (std::string value = ort_take_string(text); !value.empty()) metadata_[key] = value;
  }
  char** keys = nullptr;
  int64_t count = 0;
  WEIR_TRY(ort_status(ort().ModelMetadataGetCustomMetadataMapKeys(raw, allocator, &keys, &count)));
  for (int64_t i = 0; i < count; ++i) {
    const std::string key = ort_take_string(keys[i]);
    char* value = nullptr;
    if (ort_status(
            ort().ModelMetadataLookupCustomMetadataMap(raw, allocator, key.c_str(), &value))) {
      metadata_[key] = ort_take_string(value);
    }
  }
  if (keys != nullptr) allocator->Free(allocator, keys);
  return {};
}

Status OrtModel::learn_output_sizes() {
  WEIR_ASSIGN(const std::unique_ptr<Session> session, run_at_max(*this));
  if (session == nullptr) return {};
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    max_output_bytes_[i] = session->output(i).bytes();
  }
  return {};
}

std::size_t OrtModel::memory_bytes() const {
  return std::max(file_bytes_, arena_bytes(*session_, *host_memory_));
}

Result<std::unique_ptr<Session>> OrtModel::make_session(const SessionSpec& spec) const {
  auto self = std::static_pointer_cast<const OrtModel>(shared_from_this());
  auto lane = std::make_unique<OrtLane>(std::move(self), spec);
  WEIR_TRY(lane->open());
  return std::unique_ptr<Session>(std::move(lane));
}

}  // namespace weir
