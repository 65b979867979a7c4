// Whether one model may take the place of another that is in use.
//
//   WEIR_TRY(compatible(*now, *next, "steps.faces"));
//
// Sizes, files, back ends, devices and thresholds may differ; what a finding means may not: the
// kind of findings (FamilyInfo::task), the labels, the length of an embedding, and, of a model that
// is fed tensors, what goes in. Pure; any thread.
#pragma once

#include <string>

#include "weir/base/result.h"
#include "weir/model/model.h"

namespace weir {

// `who` uses it, for the message.
Status compatible(const Model& now, const Model& next, const std::string& who);

}  // namespace weir
