// Copies what a family is about to read, for items that ask for it (ItemSource::keep).
//
//   family = with_tap(std::move(family), outputs);      // of the model's last part
//
// A Family around a Family, so that whoever calls interpret() need not know. Any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "weir/backend/loaded_model.h"
#include "weir/model/family.h"

namespace weir {

std::unique_ptr<const Family> with_tap(std::unique_ptr<const Family> family,
                                       const std::vector<TensorInfo>& outputs);

}  // namespace weir
