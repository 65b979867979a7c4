// Any text as a catalogue file: an error or entries whose names are safe to make paths of.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "weir/catalogue/cache.h"
#include "weir/catalogue/catalogue.h"

using weir::catalogue::Catalogue;
using weir::catalogue::Entry;
using weir::catalogue::EntryFile;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  Catalogue catalogue;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!catalogue.add_text(text, "fuzz.yaml")) return 0;
  const weir::catalogue::Cache cache("/cache");
  for (const Entry& entry : catalogue.entries()) {
    if (!catalogue.find(entry.name)) std::abort();
    if (!entry.path.empty()) continue;
    for (const EntryFile& file : entry.files) {
      const std::string path = cache.file(entry, file).lexically_normal().string();
      if (!path.starts_with("/cache/" + entry.name + "/") || path.ends_with("/")) std::abort();
      const weir::catalogue::ByteRange range = file.byte_range();
      if (range.count == 0) std::abort();
    }
  }
  return 0;
}
