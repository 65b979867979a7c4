#include "weir/graph/inspect.h"

#include <utility>

#include "weir/graph/byte_source.h"
#include "weir/graph/file_kind.h"
#include "weir/graph/onnx_parse.h"
#include "weir/graph/summarise.h"

namespace weir::graph {
namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

Result<GraphSummary> inspect(ByteSource& source, const InspectOptions& options,
                             const std::string& folder) {
  WEIR_ASSIGN(const std::string_view first, source.peek(0, kFileKindBytes));
  const FileKind kind = detect_file_kind(first);
  if (kind != FileKind::kUnknown) {
    const ErrorCode code = kind == FileKind::kEmpty ? ErrorCode::kCorrupt : ErrorCode::kUnsupported;
    return Error(code, "not an ONNX model: this is " + std::string(describe(kind)), "",
                 std::string(advice(kind)));
  }
  WEIR_ASSIGN(const ParsedModel model, parse_onnx(source));
  WEIR_ASSIGN(GraphSummary summary, summarise(model, options, folder));
  summary.file_bytes = static_cast<int64_t>(source.size());
  return summary;
}

Result<GraphSummary> placed(Result<GraphSummary> result, const std::string& where) {
  if (!result) return std::move(result).error().at(where);
  return result;
}

}  // namespace

Result<GraphSummary> inspect_file(const std::string& path, const InspectOptions& options) {
  WEIR_ASSIGN(ByteSource source, ByteSource::open(path));
  return placed(inspect(source, options, folder_of(path)), path);
}

Result<GraphSummary> inspect_bytes(std::string_view bytes, const InspectOptions& options,
                                   const std::string& where) {
  ByteSource source = ByteSource::of(bytes);
  return placed(inspect(source, options, ""), where);
}

}  // namespace weir::graph
