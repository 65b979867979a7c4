#include "weir/catalogue/extraction.h"

#include <algorithm>

namespace weir::catalogue {

std::string_view normal_member(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

bool safe_member(std::string_view name, const ArchiveLimits& limits) {
  name = normal_member(name);  // which is what it will be called: ".//etc" is absolute
  if (name.empty() || name.size() > limits.name_bytes || name.front() == '/') return false;
  if (name.find('\\') != std::string_view::npos || name.find('\0') != std::string_view::npos) {
    return false;
  }
  while (!name.empty()) {
    const std::size_t slash = std::min(name.find('/'), name.size());
    if (name.substr(0, slash) == "..") return false;
    name.remove_prefix(std::min(slash + 1, name.size()));
  }
  return true;
}

Status RangeCutter::take(std::span<const std::byte> bytes) {
  const uint64_t begin = passed_;
  passed_ += bytes.size();
  if (satisfied() || passed_ <= range_.first) return {};
  const uint64_t skipped = range_.first > begin ? range_.first - begin : 0;
  const uint64_t count = std::min<uint64_t>(bytes.size() - skipped, range_.count - taken_);
  taken_ += count;
  return sink_(bytes.subspan(skipped, count));
}

Status RangeCutter::finish() const {
  const bool to_the_end = range_.count == std::numeric_limits<uint64_t>::max();
  if (to_the_end ? passed_ >= range_.first : satisfied()) return {};
  return Error(ErrorCode::kCorrupt, "the byte range from " + std::to_string(range_.first) +
                                        " is not inside the member of " + std::to_string(passed_) +
                                        " bytes");
}

}  // namespace weir::catalogue
