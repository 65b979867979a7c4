#include "apps/cli/pipeline/live_view.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace weir::cli {
namespace {

constexpr int64_t kLookNs = 1'000'000'000;       // how much of the run is shown at a time
constexpr int64_t kPlainLineNs = 5'000'000'000;  // where nothing can be rewritten
constexpr std::size_t kRowsIfUnknown = 24;

// As it is now: a window may be made larger while the run goes.
Terminal terminal_of_err(std::size_t& rows) {
  winsize size{};
  const bool known = ioctl(2, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  rows = known ? size.ws_row : kRowsIfUnknown;
  return Terminal::of(2);
}

}  // namespace

LiveView::LiveView(const Context& context, Pipeline& pipeline, const Clock& clock)
    : context_(context),
      pipeline_(pipeline),
      clock_(clock),
      next_look_ns_(clock.now_ns() + kLookNs / 2),
      next_line_ns_(clock.now_ns() + kPlainLineNs),
      detections_(pipeline.spec()) {
  static_cast<void>(pipeline_.flow().stats(cursor_));
}

void LiveView::see(const Task& task) {
  const MutexLock lock(mutex_);
  detections_.see(task);
}

std::map<std::string, uint64_t> LiveView::detections() const {
  std::map<std::string, uint64_t> counts;
  const MutexLock lock(mutex_);
  for (const auto& [name, source] : pipeline_.spec().sources) counts[name] = detections_.of(name);
  return counts;
}

void LiveView::look() {
  window_.stats = pipeline_.flow().stats(cursor_);
  const double seconds = std::max(1e-9, window_.stats.seconds());
  const auto counts = detections();
  for (const auto& [name, count] : counts) {
    window_.detections[name] = static_cast<double>(count - seen_[name]) / seconds;
  }
  seen_ = counts;
}

void LiveView::update(const RunProgress& progress) {
  if (context_.quiet) return;
  window_.progress = progress;
  window_.per_second =
      progress.seconds > 0 ? static_cast<double>(progress.ended) / progress.seconds : 0;
  const int64_t now_ns = clock_.now_ns();
  if (!context_.err_is_terminal) {
    if (now_ns < next_line_ns_) return;
    next_line_ns_ = now_ns + kPlainLineNs;
    context_.err << progress_line(window_) << std::endl;
    return;
  }
  if (now_ns >= next_look_ns_) {
    next_look_ns_ = now_ns + kLookNs;
    look();
  }
  std::size_t rows = 0;
  const Terminal terminal = terminal_of_err(rows);
  show(live_lines(window_, terminal, rows));
}

void LiveView::show(const std::vector<std::string>& lines) {
  std::string text;
  if (shown_ > 0) text += "\033[" + std::to_string(shown_) + "A";
  for (const std::string& line : lines) text += "\r" + line + "\033[K\n";
  context_.err << text << "\033[J" << std::flush;
  shown_ = lines.size();
}

void LiveView::clear() {
  if (shown_ == 0) return;
  context_.err << "\033[" << shown_ << "A\r\033[J" << std::flush;
  shown_ = 0;
}

}  // namespace weir::cli
