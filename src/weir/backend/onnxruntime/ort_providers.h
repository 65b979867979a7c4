// Which execution providers a spec asks for, with which options: `device`, `precision`, `shapes`
// and `cache_folder` said in the provider's own words, and whatever `provider.KEY` adds. Pure, so
// that it can be tested where no such device is.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/option_reader.h"
#include "weir/backend/spec.h"
#include "weir/base/result.h"

namespace weir {

struct OrtProvider {
  std::string name;  // "CUDAExecutionProvider"
  std::map<std::string, std::string> options;
  bool operator==(const OrtProvider&) const = default;
};

// In the order in which they are asked; the CPU, which always comes last, is not among them.
Result<std::vector<OrtProvider>> providers_for(const BackendSpec& spec,
                                               const OptionReader& options);

// "cuda" and "CUDAExecutionProvider" are both "CUDAExecutionProvider"; a name that we do not know
// (of a plug-in) stays as it is.
std::string provider_name(std::string_view text);

}  // namespace weir
