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

std::string time_left(uint64_t done, uint64_t total, double seconds) {
  // The first ones tell little: they warm up.
  if (done == 0 || done >= total || seconds < 1) return {};
  const double left = seconds * static_cast<double>(total - done) / static_cast<double>(done);
  if (left >= 3600) return "  " + fixed(left / 3600, 1) + " h left";
  if (left >= 90) return "  " + fixed(left / 60, 0) + " min left";
  return "  " + fixed(std::max(1.0, left), 0) + " s left";
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
  if (label != label_ || done < first_done_) {
    label_ = label;
    first_done_ = done;
    first_ns_ = now_ns;
  }
  const std::string amount =
      bytes ? format_bytes(done) : with_commas(done) + (total > 0 ? "/" + with_commas(total) : "");
  const double seconds = static_cast<double>(now_ns - first_ns_) / 1e9;
  const std::string line = label + "  " + bar(done, total, kBarColumns) + "  " + amount +
                           time_left(done - first_done_, total - first_done_, seconds);
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
