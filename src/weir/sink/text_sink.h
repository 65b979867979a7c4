// A sink whose format is lines of text that do not depend on each other: JSON Lines, CSV, MOT.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "weir/sink/sink.h"

namespace weir {

// Appends the lines of one task.
using AppendLines = void (*)(std::string& out, const Task& task, const SinkSpec& spec);

struct TextFormat {
  SinkFormat format;
  std::string_view head;
  AppendLines append;
};

Result<std::unique_ptr<Sink>> open_text_sink(const SinkSpec& spec, const TextFormat& format,
                                             std::stop_token give_up);

}  // namespace weir
