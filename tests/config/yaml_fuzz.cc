// Any bytes: reader, references, an override, a field-table read and both writers. What was read is
// within the bounds, and what is written reads back the same.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "tests/config/sample_spec.h"
#include "weir/config/merge.h"
#include "weir/config/reference.h"
#include "weir/config/schema.h"
#include "weir/config/template.h"

namespace {

using namespace weir::config;  // NOLINT: a fuzz target

constexpr Limits kLimits{.bytes = 1U << 16U, .nodes = 5000, .depth = 32, .files = 1};

void check_bounds(const Node& root) {
  assert(root.size() <= kLimits.nodes);
  assert(root.depth() <= kLimits.depth);
}

void check_round_trip(const Node& root) {
  Limits wide = kLimits;
  wide.bytes = 64U << 20U;
  wide.depth += 1;
  for (const std::string& text : {to_yaml(root), to_flow_yaml(root)}) {
    const auto back = parse_yaml(text, "back", wide);
    const bool same = back && same_value(root, *back);
    if (!same)
      std::fprintf(stderr, "%s\n%s\n", text.c_str(), back ? "" : back.error().where.c_str());
    assert(same);
  }
  const std::string json = to_json(root, 1);
  assert(!json.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto root = parse_yaml(text, "fuzz.yaml", kLimits);
  if (!root) {
    assert(!root.error().message.empty());
    return 0;
  }
  check_bounds(*root);
  check_round_trip(*root);
  const auto resolved = resolve(*root, Resolvers(), kLimits);
  if (!resolved) return 0;
  check_bounds(*resolved);
  if (const auto spec = read<sample::Step>(*resolved)) {
    const Node written = write(*spec);
    assert(read<sample::Step>(written));
  }
  (void)yaml_template(table_of<sample::Step>(), *resolved);
  if (const auto set = apply_override(*resolved, text, kLimits)) {
    (void)merge(*resolved, *set);
  }
  return 0;
}
