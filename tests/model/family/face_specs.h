// The specs of the face models that several tests use. Test-only.
#pragma once

namespace weir::test {

inline constexpr const char* kYunet =
    "{file: face/yunet_n_dynamic.onnx, family: yunet, input: {size: 640}}";
inline constexpr const char* kMobileFaceNet =
    "{file: face/mobilefacenet_112.onnx, family: embedding, input: {colour: rgb, scale: 1/255, "
    "mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}}";

}  // namespace weir::test
