// A library of one custom operator for ONNX Runtime, `weir.test.PlusTwo`: y = x + 2 for floats.
// What a vendor's library looks like from outside, through the C interface.
#include <onnxruntime_c_api.h>

#include <cstddef>
#include <cstdint>

namespace {

const OrtApi* api = nullptr;

void release(OrtStatus* status) {
  if (status != nullptr) api->ReleaseStatus(status);
}

void plus_two(void*, OrtKernelContext* context) {
  const OrtValue* x = nullptr;
  release(api->KernelContext_GetInput(context, 0, &x));
  OrtTensorTypeAndShapeInfo* info = nullptr;
  release(api->GetTensorTypeAndShape(x, &info));
  std::size_t count = 0;
  release(api->GetTensorShapeElementCount(info, &count));
  api->ReleaseTensorTypeAndShapeInfo(info);
  const auto size = static_cast<int64_t>(count);
  OrtValue* y = nullptr;
  release(api->KernelContext_GetOutput(context, 0, &size, 1, &y));
  void* from = nullptr;
  void* to = nullptr;
  release(api->GetTensorMutableData(const_cast<OrtValue*>(x), &from));
  release(api->GetTensorMutableData(y, &to));
  for (std::size_t i = 0; i < count; ++i) {
    static_cast<float*>(to)[i] = static_cast<const float*>(from)[i] + 2;
  }
}

OrtCustomOp make_operator() {
  OrtCustomOp op{};
  op.version = 8;  // the first that these fields are enough for
  op.GetName = [](const OrtCustomOp*) { return "PlusTwo"; };
  op.GetExecutionProviderType = [](const OrtCustomOp*) -> const char* { return nullptr; };
  op.CreateKernel = [](const OrtCustomOp*, const OrtApi*, const OrtKernelInfo*) -> void* {
    static int kernel = 0;
    return &kernel;
  };
  op.KernelDestroy = [](void*) {};
  op.KernelCompute = plus_two;
  op.GetInputTypeCount = [](const OrtCustomOp*) { return std::size_t{1}; };
  op.GetOutputTypeCount = op.GetInputTypeCount;
  op.GetInputType = [](const OrtCustomOp*, std::size_t) {
    return ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
  };
  op.GetOutputType = op.GetInputType;
  op.GetInputCharacteristic = [](const OrtCustomOp*, std::size_t) { return INPUT_OUTPUT_REQUIRED; };
  op.GetOutputCharacteristic = op.GetInputCharacteristic;
  return op;
}

// What is registered lives as long as the library is loaded; ONNX Runtime unloads it after the last
// session that uses it.
struct Domain {
  OrtCustomOpDomain* pointer = nullptr;
  ~Domain() {
    if (pointer != nullptr) api->ReleaseCustomOpDomain(pointer);
  }
};

}  // namespace

extern "C" OrtStatus* RegisterCustomOps(OrtSessionOptions* options, const OrtApiBase* base) {
  static const OrtCustomOp plus_two_operator = make_operator();
  static Domain domain;
  api = base->GetApi(15);
  if (domain.pointer == nullptr) {
    if (OrtStatus* status = api->CreateCustomOpDomain("weir.test", &domain.pointer)) return status;
    if (OrtStatus* status = api->CustomOpDomain_Add(domain.pointer, &plus_two_operator)) {
      return status;
    }
  }
  return api->AddCustomOpDomain(options, domain.pointer);
}
