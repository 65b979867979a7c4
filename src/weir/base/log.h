// What the runtime says about itself, line by line, with a level per component.
//
//   const Log log = weir::log("flow");
//   log.warn("stream ", id, " closed after ", frames, " frames");
//
// A Log is a small handle: copy it, keep it; it is valid until the process ends. A line whose level
// is off costs one relaxed load and builds no text. Any thread may log and configure at any time.
// Lines go to stderr unless configure_log() says otherwise. The logging of the application that
// hosts us is left alone: nothing here touches a global logger, handler or registry of others.
#pragma once

#include <atomic>
#include <charconv>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "weir/base/result.h"

namespace weir {

enum class LogLevel : uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kOff };

// "trace", "debug", "info", "warn", "error", "off".
std::string_view name(LogLevel level);
Result<LogLevel> parse_log_level(std::string_view text);

struct LogConfig {
  // Gets each line instead of stderr or a file; called by the thread that logs, one at a time. It
  // must not log itself.
  using Sink = std::function<void(LogLevel, std::string_view component, std::string_view text)>;

  LogLevel level = LogLevel::kInfo;
  // "flow" is also the level of "flow.threads", unless that is named itself.
  std::vector<std::pair<std::string, LogLevel>> levels = {};
  std::string file = {};                       // empty: stderr
  uint64_t rotate_bytes = uint64_t{16} << 20;  // a fuller weir.log becomes weir.1.log, …
  uint32_t rotate_count = 3;                   // of which as many are kept
  Sink sink = {};
};

// Replaces the whole configuration of the process. An Error (a file that cannot be opened) leaves
// the one before in place.
Status configure_log(const LogConfig& config);

class Log {
 public:
  bool enabled(LogLevel level) const {
    return level >= component_->level.load(std::memory_order_relaxed);
  }
  template <class... Parts>
  void trace(const Parts&... parts) const {
    line(LogLevel::kTrace, parts...);
  }
  template <class... Parts>
  void debug(const Parts&... parts) const {
    line(LogLevel::kDebug, parts...);
  }
  template <class... Parts>
  void info(const Parts&... parts) const {
    line(LogLevel::kInfo, parts...);
  }
  template <class... Parts>
  void warn(const Parts&... parts) const {
    line(LogLevel::kWarn, parts...);
  }
  template <class... Parts>
  void error(const Parts&... parts) const {
    line(LogLevel::kError, parts...);
  }

 private:
  friend class LogState;
  struct Component {
    explicit Component(std::string n) : name(std::move(n)) {}
    const std::string name;
    std::atomic<LogLevel> level{LogLevel::kInfo};
  };
  explicit Log(const Component& component) : component_(&component) {}

  template <class... Parts>
  void line(LogLevel level, const Parts&... parts) const {
    if (!enabled(level)) return;
    std::string text;
    (append(text, parts), ...);
    write(level, text);
  }
  template <class T>
  static void append(std::string& text, const T& part) {
    if constexpr (std::is_same_v<T, Error>) {
      text += part.to_string();
    } else if constexpr (std::is_same_v<T, bool>) {
      text += part ? "true" : "false";
    } else if constexpr (std::is_same_v<T, char>) {
      text += part;
    } else if constexpr (std::is_arithmetic_v<T>) {
      char digits[40];
      text.append(digits, std::to_chars(digits, digits + sizeof(digits), part).ptr);
    } else {
      text += std::string_view(part);
    }
  }
  void write(LogLevel level, std::string_view text) const;

  const Component* component_;
};

// The log of a component; the same name is the same component. Takes a lock: keep the Log where
// speed matters.
Log log(std::string_view component);

}  // namespace weir
