#include "apps/cli/report/sink_line.h"

#include "apps/cli/text.h"

namespace weir::cli {

std::string sink_line(const SinkReport& sink) {
  std::string line = sink.name + ": " + with_commas(sink.written) + " written";
  // Of live sources only: what came while its queue was full.
  if (sink.dropped > 0) line += ", " + with_commas(sink.dropped) + " dropped";
  if (sink.failed > 0) line += ", " + with_commas(sink.failed) + " failed";
  return line;
}

}  // namespace weir::cli
