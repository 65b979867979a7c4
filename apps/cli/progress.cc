#include "apps/cli/progress.h"

#include <algorithm>
#include <cstddef>

#include "apps/cli/text.h"

namespace weir::cli {
namespace {

constexpr int64_t kRedrawNs = 100'000'000;
constexpr std::size_t kBarColumns = 24;

}  // namespace

std::string bar(uint64_t done, uint64_t total, std::size_t columns) {
  if (total == 0) return {};
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(columns));
  const std::string percent = fixed(share * 100, 0) + " %";
  return "[" + std::string(filled, '#') + std::string(columns - filled, '.') + "] " +
         std::string(5 - std::min<std::size_t>(5, percent.size()), ' ') + percent;
}

Progress::Progress(const Context& context, const Clock& clock) : context_(context), clock_(clock) {}

Progress::~Progress() {
  clear();
}

void Progress::clear() {
  if (!shown_) return;
  context_.err << "\r\033[K" << std::flush;
  shown_ = false;
}

void Progress::update(const std::string& label, uint64_t done, uint64_t total, bool bytes) {
  if (context_.quiet || !context_.err_is_terminal) return;
  const int64_t now_ns = clock_.now_ns();
  if (now_ns < next_ns_) return;
  next_ns_ = now_ns + kRedrawNs;
  const std::string amount =
      bytes ? format_bytes(done) : with_commas(done) + (total > 0 ? "/" + with_commas(total) : "");
  const std::string line = label + "  " + bar(done, total, kBarColumns) + "  " + amount;
  const std::size_t width = context_.terminal.width > 0 ? context_.terminal.width : 80;
  context_.err << "\r\033[K" << truncate(line, width - 1) << std::flush;
  shown_ = true;
}

void Progress::finish(const std::string& line) {
  clear();
  next_ns_ = 0;
  if (!line.empty()) context_.note(line);
}

}  // namespace weir::cli
