// What a file is, judged by its first bytes: so that an error can say "this is a TFLite model" and
// not "protobuf parsing failed". Pure functions, callable from anywhere.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir::graph {

enum class FileKind : uint8_t {
  kUnknown,  // could be ONNX: protobuf has no magic number
  kEmpty,
  kOrt,
  kTflite,
  kOpenVinoXml,
  kNcnnParam,
  kGguf,
  kSafetensors,
  kHdf5,
  kZip,
  kGzip,
  kPickle,
  kNumpy,
  kElf,
  kPicture,
  kGitLfsPointer,
  kHtml,
  kXml,
  kJson,
  kText,
};

// How many bytes detect_file_kind() wants; fewer only where the file is shorter.
inline constexpr int kFileKindBytes = 512;
FileKind detect_file_kind(std::string_view first_bytes);
// "a TFLite model", "a zip archive", …
std::string_view describe(FileKind kind);
// What to do about it: "run it with the openvino back end", …; may be empty.
std::string_view advice(FileKind kind);

}  // namespace weir::graph
