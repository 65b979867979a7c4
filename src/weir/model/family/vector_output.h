// What the families share whose only output is a vector to compare with others.
//
// Used by families, from any thread.
#pragma once

#include <vector>

#include "weir/model/family.h"

namespace weir::family {

// An Error unless the model has one input, and one float32 output that is a vector.
Status expect_vector(const FamilyContext& context);

// Adds a finding with the L2-normalised vector. An Error if it has no length, or numbers that are
// not finite.
Status read_vector(const TensorView& output, std::vector<Finding>& found);

}  // namespace weir::family
