// The C interface of ONNX Runtime with owners around its pointers and Results around its statuses.
// Only the files of this folder include it.
#pragma once

#include <onnxruntime_c_api.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "weir/base/result.h"

namespace weir {

// One fixed number, whatever the headers have: a newer library serves it, an older one is refused.
inline constexpr uint32_t kOrtApiVersion = std::min<uint32_t>(ORT_API_VERSION, 23);

// The functions, or null if the library is older than kOrtApiVersion.
const OrtApi* ort_api_or_null();
inline const OrtApi& ort() {
  return *ort_api_or_null();
}

template <auto kRelease>
struct OrtDelete {
  template <class T>
  void operator()(T* pointer) const {
    (ort().*kRelease)(pointer);
  }
};
template <class T, auto kRelease>
using OrtPtr = std::unique_ptr<T, OrtDelete<kRelease>>;

using OrtEnvPtr = OrtPtr<OrtEnv, &OrtApi::ReleaseEnv>;
using OrtSessionOptionsPtr = OrtPtr<OrtSessionOptions, &OrtApi::ReleaseSessionOptions>;
using OrtSessionPtr = OrtPtr<OrtSession, &OrtApi::ReleaseSession>;
using OrtRunOptionsPtr = OrtPtr<OrtRunOptions, &OrtApi::ReleaseRunOptions>;
using OrtIoBindingPtr = OrtPtr<OrtIoBinding, &OrtApi::ReleaseIoBinding>;
using OrtValuePtr = OrtPtr<OrtValue, &OrtApi::ReleaseValue>;
using OrtMemoryInfoPtr = OrtPtr<OrtMemoryInfo, &OrtApi::ReleaseMemoryInfo>;
using OrtTypeInfoPtr = OrtPtr<OrtTypeInfo, &OrtApi::ReleaseTypeInfo>;
using OrtShapeInfoPtr = OrtPtr<OrtTensorTypeAndShapeInfo, &OrtApi::ReleaseTensorTypeAndShapeInfo>;
using OrtMetadataPtr = OrtPtr<OrtModelMetadata, &OrtApi::ReleaseModelMetadata>;
using OrtAllocatorPtr = OrtPtr<OrtAllocator, &OrtApi::ReleaseAllocator>;

// Takes the status over. An Error has the first line of the library's message.
Status ort_status(OrtStatus* status);

// Takes a string over that came from the default allocator.
std::string ort_take_string(char* text);
OrtAllocator* ort_default_allocator();

}  // namespace weir
