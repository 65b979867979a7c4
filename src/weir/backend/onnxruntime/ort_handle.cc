#include "weir/backend/onnxruntime/ort_handle.h"

#include <algorithm>
#include <string_view>

namespace weir {
namespace {

constexpr std::size_t kMaxMessage = 500;

ErrorCode code_of(OrtErrorCode code) {
  switch (code) {
    case ORT_INVALID_ARGUMENT:
      return ErrorCode::kInvalidArgument;
    case ORT_NO_SUCHFILE:
    case ORT_NO_MODEL:
      return ErrorCode::kNotFound;
    case ORT_INVALID_PROTOBUF:
    case ORT_INVALID_GRAPH:
      return ErrorCode::kCorrupt;
    case ORT_NOT_IMPLEMENTED:
      return ErrorCode::kUnsupported;
    case ORT_EP_FAIL:
      return ErrorCode::kUnavailable;
    default:
      return ErrorCode::kInternal;
  }
}

}  // namespace

const OrtApi* ort_api_or_null() {
  static const OrtApi* const api = OrtGetApiBase()->GetApi(kOrtApiVersion);
  return api;
}

Status ort_status(OrtStatus* status) {
  if (status == nullptr) return {};
  const OrtPtr<OrtStatus, &OrtApi::ReleaseStatus> owner(status);
  std::string_view message = ort().GetErrorMessage(status);
  message = message.substr(0, std::min(message.find('\n'), kMaxMessage));
  return Error(code_of(ort().GetErrorCode(status)), "ONNX Runtime: " + std::string(message));
}

OrtAllocator* ort_default_allocator() {
  OrtAllocator* allocator = nullptr;
  // Cannot fail: it hands out a pointer to an object of the process.
  (void)ort_status(ort().GetAllocatorWithDefaultOptions(&allocator));
  return allocator;
}

std::string ort_take_string(char* text) {
  if (text == nullptr) return {};
  std::string copy(text);
  OrtAllocator* allocator = ort_default_allocator();
  allocator->Free(allocator, text);
  return copy;
}

}  // namespace weir
