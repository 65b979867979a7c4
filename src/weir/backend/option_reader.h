// Reads BackendSpec::options for one back end: every value is checked, and a name that the back end
// does not know is refused with the nearest one that it does.
//
//   OptionReader options(*this, spec);
//   WEIR_TRY(options.check_names());
//   WEIR_ASSIGN(const bool spin, options.flag("spinning", false));
//
// Borrows both arguments. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "weir/backend/backend.h"
#include "weir/base/result.h"

namespace weir {

class OptionReader {
 public:
  OptionReader(const Backend& backend, const BackendSpec& spec) : backend_(backend), spec_(spec) {}

  Status check_names() const;
  std::string text(std::string_view name, std::string_view fallback = {}) const;
  Result<int64_t> integer(std::string_view name, int64_t fallback, int64_t min, int64_t max) const;
  // true, false, on, off, yes, no, 1, 0.
  Result<bool> flag(std::string_view name, bool fallback) const;
  // Every option whose name begins with `prefix`, without the prefix.
  std::map<std::string, std::string> with_prefix(std::string_view prefix) const;

 private:
  Error bad_value(std::string_view name, const std::string& expected) const;

  const Backend& backend_;
  const BackendSpec& spec_;
};

}  // namespace weir
