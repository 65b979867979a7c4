#include "weir/base/trace.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "weir/base/json_text.h"

namespace weir {
namespace {

// The number by which the kernel and its tools know this thread.
int current_thread() {
  thread_local const int id = static_cast<int>(::syscall(SYS_gettid));
  return id;
}

// Microseconds with three decimals: what the format asks for, without losing a nanosecond.
void append_us(std::string& out, int64_t ns) {
  if (ns < 0) out += '-';
  const uint64_t size = ns < 0 ? 0 - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  append_json_number(out, size / 1000);
  const auto rest = static_cast<unsigned>(size % 1000);
  if (rest == 0) return;
  char digits[8];
  std::snprintf(digits, sizeof(digits), ".%03u", rest);
  out += digits;
}

void append_int(std::string& out, std::string_view key, int64_t value) {
  out += key;
  append_json_number(out, value);
}

}  // namespace

Trace::Trace(std::size_t max_events, const Clock& clock)
    : clock_(clock), max_events_(max_events), start_ns_(clock.now_ns()) {}

void Trace::span(std::string_view name, std::string_view category, int64_t start_ns, int64_t end_ns,
                 int64_t id) {
  add({.phase = 'X', .start_ns = start_ns, .duration_ns = end_ns - start_ns, .id = id}, name,
      category);
}

void Trace::instant(std::string_view name, std::string_view category, int64_t id) {
  add({.phase = 'i', .start_ns = now_ns(), .id = id}, name, category);
}

void Trace::counter(std::string_view name, double value) {
  add({.phase = 'C', .start_ns = now_ns(), .value = value}, name, {});
}

void Trace::begin(std::string_view name, std::string_view category, int64_t id) {
  add({.phase = 'b', .start_ns = now_ns(), .id = id}, name, category);
}

void Trace::end(std::string_view name, std::string_view category, int64_t id) {
  add({.phase = 'e', .start_ns = now_ns(), .id = id}, name, category);
}

void Trace::flow_start(std::string_view name, std::string_view category, int64_t id) {
  add({.phase = 's', .start_ns = now_ns(), .id = id}, name, category);
}

void Trace::flow_end(std::string_view name, std::string_view category, int64_t id) {
  add({.phase = 'f', .start_ns = now_ns(), .id = id}, name, category);
}

void Trace::name_thread(std::string_view name) {
  const MutexLock lock(mutex_);
  thread_names_[current_thread()] = std::string(name);
}

std::size_t Trace::size() const {
  const MutexLock lock(mutex_);
  return events_.size();
}

uint64_t Trace::dropped() const {
  const MutexLock lock(mutex_);
  return dropped_;
}

void Trace::add(Event event, std::string_view name, std::string_view category) {
  event.thread = current_thread();
  const MutexLock lock(mutex_);
  if (events_.size() >= max_events_) {
    ++dropped_;
    return;
  }
  event.name = intern(name);
  event.category = intern(category);
  events_.push_back(event);
}

uint32_t Trace::intern(std::string_view text) {
  const auto found = ids_.find(text);
  if (found != ids_.end()) return found->second;
  const auto id = static_cast<uint32_t>(texts_.size());
  texts_.push_back(ids_.emplace(std::string(text), id).first->first);
  return id;
}

void Trace::append(std::string& out, const Event& event) const {
  out += "{\"ph\":\"";
  out += event.phase;
  out += "\",\"name\":";
  append_json_string(out, texts_[event.name]);
  if (!texts_[event.category].empty() || event.id != kNoId) {
    out += ",\"cat\":";
    append_json_string(out, texts_[event.category]);
  }
  append_int(out, ",\"pid\":", ::getpid());
  append_int(out, ",\"tid\":", event.thread);
  out += ",\"ts\":";
  append_us(out, event.start_ns - start_ns_);
  if (event.phase == 'X') {
    out += ",\"dur\":";
    append_us(out, event.duration_ns);
  }
  if (event.phase == 'i') out += ",\"s\":\"t\"";
  if (event.phase == 'f') out += ",\"bp\":\"e\"";
  if (event.phase == 'C') {
    out += ",\"args\":{\"value\":";
    append_json_number(out, event.value);
    out += '}';
  } else if (event.phase == 'X' || event.phase == 'i') {
    if (event.id != kNoId) append_int(out, ",\"args\":{\"id\":", event.id), out += '}';
  } else {
    append_int(out, ",\"id\":", event.id);
  }
  out += '}';
}

std::string Trace::to_json() const {
  const MutexLock lock(mutex_);
  std::string out = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
  const char* separator = "\n";
  for (const auto& [thread, name] : thread_names_) {
    out += std::exchange(separator, ",\n");
    append_int(out, "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":", ::getpid());
    append_int(out, ",\"tid\":", thread);
    out += ",\"args\":{\"name\":";
    append_json_string(out, name);
    out += "}}";
  }
  for (const Event& event : events_) {
    out += std::exchange(separator, ",\n");
    append(out, event);
  }
  append_int(out, "\n],\"otherData\":{\"dropped\":", static_cast<int64_t>(dropped_));
  out += "}}\n";
  return out;
}

Status Trace::write(const std::string& path) const {
  const std::string text = to_json();
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  const Error error(ErrorCode::kUnavailable, "the trace could not be written", path,
                    "name a file in a folder that exists and has room");
  if (file == nullptr) return error;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed) return error;
  return {};
}

}  // namespace weir
