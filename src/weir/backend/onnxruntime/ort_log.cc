#include "weir/backend/onnxruntime/ort_log.h"

#include <charconv>
#include <string>

#include "weir/base/log.h"

namespace weir {
namespace {

thread_local std::vector<Placement>* listening = nullptr;

const Log& ort_log() {
  static const Log log = weir::log("onnxruntime");
  return log;
}

}  // namespace

void read_placement(std::string_view line, std::vector<Placement>& placements) {
  constexpr std::string_view kPlaced = "placed on [";
  constexpr std::string_view kCount = "Number of nodes: ";
  const std::size_t start = line.find(kPlaced);
  const std::size_t end = line.find(']', start == std::string_view::npos ? 0 : start);
  const std::size_t count = line.find(kCount);
  if (start == std::string_view::npos || end == std::string_view::npos ||
      count == std::string_view::npos) {
    return;
  }
  const std::size_t name = start + kPlaced.size();
  Placement placement{std::string(line.substr(name, end - name)), 0};
  const std::string_view digits = line.substr(count + kCount.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), placement.nodes);
  placements.push_back(std::move(placement));
}

void ORT_API_CALL ort_log_line(void*, OrtLoggingLevel level, const char* category, const char*,
                               const char* place, const char* message) {
  if (listening != nullptr) read_placement(message, *listening);
  const Log& log = ort_log();
  switch (level) {
    case ORT_LOGGING_LEVEL_VERBOSE:
      log.trace(place, ": ", message);
      break;
    case ORT_LOGGING_LEVEL_FATAL:
      log.error(place, ": ", message, " (", category, ")");
      break;
    default:
      log.debug(place, ": ", message);
      break;
  }
}

OrtPlacementListener::OrtPlacementListener() {
  listening = &placements_;
}
OrtPlacementListener::~OrtPlacementListener() {
  listening = nullptr;
}

}  // namespace weir
