// Which execution providers a spec asks for, with which options: `device`, `precision`, `shapes`
// and `cache_folder` said in the provider's own words, and whatever `provider.KEY` adds. Pure, so
// that it can be tested where no such device is.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/option_reader.h"
#include "weir/backend/spec.h"
#include "weir/base/result.h"
#include "weir/data/device.h"

namespace weir {

struct OrtProvider {
  std::string name;  // "CUDAExecutionProvider"
  std::map<std::string, std::string> options;
  bool operator==(const OrtProvider&) const = default;
};

// In the order in which they are asked; the CPU, which always comes last, is not among them.
Result<std::vector<OrtProvider>> providers_for(const BackendSpec& spec,
                                               const OptionReader& options);

// A device that a plug-in library offers.
struct OrtPluggedIn {
  std::string provider;  // whose it is
  Device::Kind kind;     // cpu, gpu or npu
};

// Which of `found` the spec means: `npu:1` is the provider's second NPU. `cuda` and `mps` are GPUs;
// `cpu`, which stands for a device that nobody wrote, is the first that the provider has, of any
// kind. An Error says what there is instead.
Result<std::size_t> plugged_in_device(const std::vector<OrtPluggedIn>& found,
                                      const std::string& provider, const Device& device);

// "cuda" and "CUDAExecutionProvider" are both "CUDAExecutionProvider"; a name that we do not know
// (of a plug-in) stays as it is.
std::string provider_name(std::string_view text);

}  // namespace weir
