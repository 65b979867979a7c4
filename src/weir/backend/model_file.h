// A look at a model file before a vendor's library gets it, so that the errors that users meet most
// are ours and clear: not there, a folder, empty, too large, a page of HTML, a Git LFS pointer.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weir/backend/spec.h"
#include "weir/base/result.h"

namespace weir {

// The whole model, from the file or from BackendSpec::bytes; at most max_model_bytes.
Result<std::shared_ptr<const std::string>> read_model(const BackendSpec& spec);

// Its size, and what check_head says about its first bytes, without reading the rest.
Result<std::size_t> check_model(const BackendSpec& spec);

// What the first bytes of a file look like if they are certainly no model of any kind.
Status check_head(std::string_view head, const std::string& where);

}  // namespace weir
