#include "weir/graph/file_kind.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace weir::graph {
namespace {

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  FileKind kind;
};

using namespace std::string_view_literals;

constexpr std::array kMagics = {
    Magic{4, "ORTM"sv, FileKind::kOrt},
    Magic{4, "TFL3"sv, FileKind::kTflite},
    Magic{0, "7767517"sv, FileKind::kNcnnParam},
    Magic{0, "GGUF"sv, FileKind::kGguf},
    Magic{0, "\x89HDF\r\n"sv, FileKind::kHdf5},
    Magic{0, "PK\x03\x04"sv, FileKind::kZip},
    Magic{0, "\x1f\x8b"sv, FileKind::kGzip},
    Magic{0, "\x80\x02"sv, FileKind::kPickle},
    Magic{0, "\x80\x04"sv, FileKind::kPickle},
    Magic{0, "\x93NUMPY"sv, FileKind::kNumpy},
    Magic{0,
          "\x7f"
          "ELF"sv,
          FileKind::kElf},
    Magic{0, "\x89PNG\r\n"sv, FileKind::kPicture},
    Magic{0, "\xff\xd8\xff"sv, FileKind::kPicture},
    Magic{0, "version https://git-lfs"sv, FileKind::kGitLfsPointer},
};

// Eight bytes of length, little-endian, then JSON.
bool is_safetensors(std::string_view bytes) {
  return bytes.size() > 9 && bytes[8] == '{' && bytes[6] == 0 && bytes[7] == 0 &&
         (bytes[9] == '"' || bytes[9] == ' ');
}

bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || byte == '\n' || byte == '\r' || (byte >= 0x20 && byte != 0x7f);
  });
}

bool contains_word(std::string_view bytes, std::string_view lower) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  return std::search(bytes.begin(), bytes.end(), lower.begin(), lower.end(), same) != bytes.end();
}

FileKind kind_of_text(std::string_view text) {
  const std::size_t start = std::min(text.find_first_not_of(" \t\r\n"), text.size() - 1);
  if (contains_word(text, "<!doctype html") || contains_word(text, "<html")) return FileKind::kHtml;
  if (contains_word(text, "<net ")) return FileKind::kOpenVinoXml;
  if (text[start] == '<') return FileKind::kXml;
  if (text[start] == '{' || text[start] == '[') return FileKind::kJson;
  return FileKind::kText;
}

struct Words {
  std::string_view what;
  std::string_view advice;
};

// In the order of FileKind.
constexpr std::array<Words, 20> kWords = {{
    {"not a known kind of file", ""},
    {"an empty file", "fetch or export it again"},
    {"an ONNX Runtime (.ort) model",
     "the onnxruntime back end runs it; inspect the .onnx it came from"},
    {"a TFLite model", "the openvino back end runs it as it is"},
    {"an OpenVINO IR model", "the openvino back end runs it as it is"},
    {"an ncnn model", "inspect the .onnx that it came from"},
    {"a GGUF model", "export the network as ONNX"},
    {"a safetensors file, which holds weights but no graph", "export the network as ONNX"},
    {"an HDF5 file (Keras)", "export the network as ONNX with tf2onnx"},
    {"a zip archive (a PyTorch .pt or a packed model)", "unpack it, or export the network as ONNX"},
    {"a gzip archive", "unpack it first"},
    {"a Python pickle (PyTorch)", "export the network as ONNX with torch.onnx.export"},
    {"a NumPy array", "name the model, not its data"},
    {"a program or a library", "name the model file"},
    {"a picture", "name the model, not its input"},
    {"a git-lfs pointer, not the file itself", "run: git lfs pull"},
    {"a web page", "the download gave an error page; fetch it again"},
    {"an XML file", ""},
    {"a JSON file", ""},
    {"a text file", ""},
}};

}  // namespace

FileKind detect_file_kind(std::string_view first_bytes) {
  if (first_bytes.empty()) return FileKind::kEmpty;
  for (const Magic& magic : kMagics) {
    if (first_bytes.size() >= magic.offset + magic.bytes.size() &&
        first_bytes.substr(magic.offset, magic.bytes.size()) == magic.bytes) {
      return magic.kind;
    }
  }
  if (is_safetensors(first_bytes)) return FileKind::kSafetensors;
  return is_text(first_bytes) ? kind_of_text(first_bytes) : FileKind::kUnknown;
}

std::string_view describe(FileKind kind) {
  return kWords[static_cast<std::size_t>(kind)].what;
}
std::string_view advice(FileKind kind) {
  return kWords[static_cast<std::size_t>(kind)].advice;
}

}  // namespace weir::graph
