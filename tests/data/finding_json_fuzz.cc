// Whatever the bytes: no crash, and what can be read is written so that it reads back equal.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "weir/data/finding_compare.h"
#include "weir/data/finding_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto task = weir::read_task_json(text);
  if (!task) return 0;
  std::string line;
  weir::append_task_json(line, *task, {.embeddings = true});
  const auto again = weir::read_task_json(line);
  const auto difference = again ? weir::first_difference(*task, *again)
                                : std::optional<std::string>(again.error().to_string());
  if (difference) {
    std::fprintf(stderr, "%s\n%s\n", difference->c_str(), line.c_str());
    std::abort();
  }
  return 0;
}
