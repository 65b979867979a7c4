// Reads options that are kept as text, such as BackendSpec::options: every value is checked, and a
// name that their owner does not know is refused with the nearest one that it does.
//
//   OptionReader options(*this, spec);
//   WEIR_TRY(options.check_names());
//   WEIR_ASSIGN(const bool spin, options.flag("spinning", false));
//
// Borrows its arguments. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/backend/backend.h"
#include "weir/base/result.h"

namespace weir {

class OptionReader {
 public:
  using Values = std::map<std::string, std::string>;

  OptionReader(const Backend& backend, const BackendSpec& spec)
      : OptionReader("the back end '" + std::string(backend.name()) + "'", backend.options(),
                     spec.options, spec.where()) {}
  // `owner` and `where` are for messages: "the family 'dbnet'", "models.text".
  OptionReader(std::string owner, const std::vector<OptionInfo>& known, const Values& values,
               std::string where)
      : owner_(std::move(owner)), known_(known), values_(values), where_(std::move(where)) {}

  Status check_names() const;
  std::string text(std::string_view name, std::string_view fallback = {}) const;
  Result<int64_t> integer(std::string_view name, int64_t fallback, int64_t min, int64_t max) const;
  Result<double> number(std::string_view name, double fallback, double min, double max) const;
  // true, false, on, off, yes, no, 1, 0.
  Result<bool> flag(std::string_view name, bool fallback) const;
  // Every option whose name begins with `prefix`, without the prefix.
  Values with_prefix(std::string_view prefix) const;

 private:
  Error bad_value(std::string_view name, const std::string& expected) const;

  const std::string owner_;
  const std::vector<OptionInfo>& known_;
  const Values& values_;
  const std::string where_;
};

}  // namespace weir
