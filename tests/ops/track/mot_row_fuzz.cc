// Whatever the line: a row whose frame counts from 1, or an error.
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/ops/track/mot_row.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const auto row = weir::read_mot_row({reinterpret_cast<const char*>(data), size});
  if (!row) return 0;
  assert(row->frame >= 1);
  assert(std::isfinite(row->box.x1) && std::isfinite(row->score));
  return 0;
}
