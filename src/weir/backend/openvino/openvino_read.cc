#include "weir/backend/openvino/openvino_read.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "weir/backend/model_file.h"
#include "weir/backend/openvino/openvino_guard.h"

namespace weir {
namespace {

// Each format has its reader asked by name: Core::read_model offers a file that one reader refuses
// to all others, and some of those write to the terminal.
enum class Format { kOnnx, kTflite, kIr, kPaddle };

struct Ending {
  std::string_view ending;
  Format format;
  std::string_view what;
};
constexpr std::array<Ending, 4> kEndings = {{{".onnx", Format::kOnnx, "an ONNX"},
                                             {".tflite", Format::kTflite, "a TFLite"},
                                             {".xml", Format::kIr, "an OpenVINO IR"},
                                             {".pdmodel", Format::kPaddle, "a Paddle"}}};

constexpr std::size_t kHeadBytes = 512;

std::string head_of(const BackendSpec& spec) {
  if (spec.bytes) return spec.bytes->substr(0, kHeadBytes);
  std::string head(kHeadBytes, '\0');
  std::ifstream file(spec.file, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return head;
}

// Whether the first bytes can be those of the format, for a better error than the reader's.
bool could_be(Format format, std::string_view head) {
  // ModelProto: the tag of its fields 1 to 8, 14, 20 and 25.
  constexpr std::string_view kOnnxTags = "\x08\x12\x1a\x22\x28\x32\x3a\x42\x72\xa2\xca";
  switch (format) {
    case Format::kOnnx:
      return !head.empty() && kOnnxTags.find(head[0]) != kOnnxTags.npos;
    case Format::kTflite:
      return head.size() > 8 && head.substr(4, 4) == "TFL3";
    case Format::kIr:
      return head.find("<net") != head.npos;
    case Format::kPaddle:
      return !head.empty() && head[0] == '\x0a';
  }
  return false;
}

ov::frontend::FrontEnd::Ptr reader_for(OpenVinoLibrary& library, Format format) {
  const char* framework = format == Format::kOnnx     ? "onnx"
                          : format == Format::kTflite ? "tflite"
                                                      : "paddle";
  MutexLock lock(library.mutex);
  return library.readers.load_by_framework(framework);
}

Result<Format> format_of(const BackendSpec& spec, std::string_view head) {
  std::string lower = spec.file;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const Ending& one : kEndings) {
    if (!lower.ends_with(one.ending)) continue;
    if (could_be(one.format, head)) return one.format;
    return Error(ErrorCode::kCorrupt, "this is not " + std::string(one.what) + " model",
                 spec.where(), "its first bytes are of something else");
  }
  for (const Ending& one : kEndings) {
    if (could_be(one.format, head)) return one.format;
  }
  return Error(ErrorCode::kCorrupt, "this is no model that OpenVINO reads", spec.where(),
               "it reads .onnx, .tflite, .xml and .pdmodel");
}

}  // namespace

Result<std::shared_ptr<ov::Model>> openvino_read(OpenVinoLibrary& library,
                                                 const BackendSpec& spec) {
  WEIR_TRY(check_model(spec));
  WEIR_ASSIGN(const Format format, format_of(spec, head_of(spec)));
  if (spec.bytes && format != Format::kOnnx) {
    return Error(ErrorCode::kUnsupported, "OpenVINO reads such a model from a file only",
                 spec.where(), "write the bytes to a file");
  }
  return openvino_guard(spec.where(), ErrorCode::kCorrupt, [&]() -> std::shared_ptr<ov::Model> {
    if (format == Format::kIr) return library.core.read_model(spec.file);
    const ov::frontend::FrontEnd::Ptr reader = reader_for(library, format);
    if (!spec.bytes) return reader->convert(reader->load(spec.file));
    std::istringstream bytes(*spec.bytes);
    return reader->convert(reader->load(static_cast<std::istream*>(&bytes)));
  });
}

}  // namespace weir
