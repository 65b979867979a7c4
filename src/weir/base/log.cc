#include "weir/base/log.h"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <memory>

#include "weir/base/mutex.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"trace", "debug", "info",
                                                    "warn",  "error", "off"};

spdlog::level::level_enum level_of(LogLevel level) {
  constexpr std::array<spdlog::level::level_enum, 6> kLevels = {
      spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
      spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};
  return kLevels[static_cast<std::size_t>(level)];
}

// A line stays a line, whatever a file name or a network peer put into it.
std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    if (c == '\n') {
      line += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      line += c == '\t' ? ' ' : '?';
    } else {
      line += c;
    }
  }
  return line;
}

// The sink of a caller, made to look like one of spdlog's.
class CallbackSink final : public spdlog::sinks::sink {
 public:
  explicit CallbackSink(LogConfig::Sink write) : write_(std::move(write)) {}
  void log(const spdlog::details::log_msg& line) override {
    const std::string_view component(line.logger_name.data(), line.logger_name.size());
    const std::string_view text(line.payload.data(), line.payload.size());
    const MutexLock lock(mutex_);
    write_(static_cast<LogLevel>(std::min<int>(line.level, spdlog::level::err)), component, text);
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  Mutex mutex_;
  const LogConfig::Sink write_;
};

// The level as configs write it: spdlog's "warning" would be cut off at five letters.
class LevelFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& line, const std::tm&,
              spdlog::memory_buf_t& out) override {
    std::string word(kNames[std::min<std::size_t>(line.level, spdlog::level::err)]);
    word.resize(5, ' ');
    out.append(word.data(), word.data() + word.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LevelFlag>();
  }
};

std::shared_ptr<spdlog::sinks::sink> make_sink(const LogConfig& config) {
  if (config.sink) return std::make_shared<CallbackSink>(config.sink);
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (config.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        config.file, static_cast<std::size_t>(config.rotate_bytes), config.rotate_count);
  }
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<LevelFlag>('*').set_pattern("%Y-%m-%d %H:%M:%S.%e %* %n: %v");
  sink->set_formatter(std::move(formatter));
  return sink;
}

}  // namespace

// The one logging state of a process; made at first use and never destroyed, because destructors
// that run at exit may log too.
class LogState {
 public:
  static LogState& instance() {
    static LogState* const state = new LogState;
    return *state;
  }

  Log log(std::string_view name) {
    const MutexLock lock(mutex_);
    auto found = components_.find(name);
    if (found == components_.end()) {
      auto component = std::make_unique<Log::Component>(std::string(name));
      component->level.store(level_for(name), std::memory_order_relaxed);
      found = components_.emplace(std::string(name), std::move(component)).first;
    }
    return Log(*found->second);
  }

  void apply(const LogConfig& config, std::shared_ptr<spdlog::sinks::sink> sink) {
    const MutexLock lock(mutex_);
    level_ = config.level;
    levels_ = config.levels;
    sink_ = std::move(sink);
    for (const auto& [name, component] : components_) {
      component->level.store(level_for(name), std::memory_order_relaxed);
    }
  }

  std::shared_ptr<spdlog::sinks::sink> sink() {
    const MutexLock lock(mutex_);
    return sink_;
  }

 private:
  LogState() : sink_(make_sink(LogConfig{})) {}

  // The level of the longest configured name that is `name` or ends before one of its dots.
  LogLevel level_for(std::string_view name) const WEIR_REQUIRES(mutex_) {
    LogLevel level = level_;
    std::size_t longest = 0;
    for (const auto& [prefix, configured] : levels_) {
      if (name.substr(0, prefix.size()) != prefix || prefix.size() < longest) continue;
      if (name.size() != prefix.size() && name[prefix.size()] != '.') continue;
      level = configured;
      longest = prefix.size();
    }
    return level;
  }

  Mutex mutex_;
  LogLevel level_ WEIR_GUARDED_BY(mutex_) = LogLevel::kInfo;
  std::vector<std::pair<std::string, LogLevel>> levels_ WEIR_GUARDED_BY(mutex_);
  std::shared_ptr<spdlog::sinks::sink> sink_ WEIR_GUARDED_BY(mutex_);
  std::map<std::string, std::unique_ptr<Log::Component>, std::less<>> components_
      WEIR_GUARDED_BY(mutex_);
};

std::string_view name(LogLevel level) {
  return kNames[static_cast<std::size_t>(level)];
}

Result<LogLevel> parse_log_level(std::string_view text) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<LogLevel>(found - kNames.begin());
  return Error(ErrorCode::kInvalidArgument, "unknown log level '" + std::string(text) + "'", "",
               "write trace, debug, info, warn, error or off");
}

Status configure_log(const LogConfig& config) {
  if (!config.file.empty() && config.rotate_bytes == 0) {
    return Error(ErrorCode::kInvalidArgument, "a log file that rotates at 0 bytes", "",
                 "set rotate_bytes to 1 or more");
  }
  try {
    LogState::instance().apply(config, make_sink(config));
  } catch (const std::exception& error) {
    return Error(ErrorCode::kUnavailable, error.what(), config.file,
                 "name a log file in a folder that exists and may be written to");
  }
  return {};
}

void Log::write(LogLevel level, std::string_view text) const {
  const std::shared_ptr<spdlog::sinks::sink> sink = LogState::instance().sink();
  const std::string line = one_line(text);
  // A log that cannot be written (a full disk, a sink of the caller that throws) must not stop the
  // work that it reports on.
  try {
    sink->log(spdlog::details::log_msg(component_->name, level_of(level), line));
    if (level >= LogLevel::kInfo) sink->flush();
  } catch (const std::exception&) {
    return;
  }
}

Log log(std::string_view component) {
  return LogState::instance().log(component);
}

}  // namespace weir
