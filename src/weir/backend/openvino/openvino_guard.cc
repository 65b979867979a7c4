#include "weir/backend/openvino/openvino_guard.h"

#include <algorithm>
#include <cstddef>

namespace weir {
namespace {

constexpr std::size_t kMaxMessage = 400;

bool is_noise(std::string_view line) {
  constexpr std::string_view kNoise[] = {"Exception from ",
                                         "FrontEnd API failed",
                                         "Summary:",
                                         "Model wasn't fully converted",
                                         "Model reading failed",
                                         "While validating ONNX node"};
  for (const std::string_view noise : kNoise) {
    if (line.substr(0, noise.size()) == noise) return true;
  }
  // "Check 'a == b' failed at src/core/src/op.cpp:26:"
  return line.substr(0, 7) == "Check '" && line.find("' failed at src/") != line.npos;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r-");
  if (first == line.npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

std::string openvino_message(std::string_view what) {
  std::string text;
  while (!what.empty()) {
    const std::size_t end = std::min(what.find('\n'), what.size());
    const std::string_view line = trimmed(what.substr(0, end));
    what.remove_prefix(std::min(end + 1, what.size()));
    if (line.empty() || is_noise(line)) continue;
    if (!text.empty()) text += "; ";
    text += line;
  }
  if (text.size() > kMaxMessage) text = text.substr(0, kMaxMessage) + "…";
  return text.empty() ? "OpenVINO gave no reason" : text;
}

Error openvino_error(const std::string& where, ErrorCode code) {
  try {
    throw;
  } catch (const ov::Cancelled&) {
    return Error(ErrorCode::kCancelled, "the run was cancelled", where);
  } catch (const ov::Busy&) {
    return Error(ErrorCode::kInternal, "the session is running already", where);
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::kExhausted, "OpenVINO ran out of memory", where);
  } catch (const std::exception& thrown) {
    return Error(code, "OpenVINO: " + openvino_message(thrown.what()), where);
  } catch (...) {
    return Error(ErrorCode::kInternal, "OpenVINO threw something unknown", where);
  }
}

}  // namespace weir
