// What NanoDet and PicoDet have in common: for each stride one output of scores and one of sides.
#pragma once

#include <vector>

#include "weir/model/family_registry.h"
#include "weir/ops/gfl_decode.h"

namespace weir::family {

// Which output is what, by its place.
struct GflOutputs {
  struct Level {
    int stride = 0;
    std::size_t scores = 0;
    std::size_t sides = 0;
  };
  std::vector<Level> levels;
};

// `make` of such a family: options strides and per_class. Called with the family's own strides.
Result<std::unique_ptr<const Family>> make_gfl(const FamilyContext& context, const char* strides);

// Finds the outputs of each level: those of scores are the ones whose rows are as long as those of
// the first; the strides go with the numbers of rows, falling, or in the order of the file.
Result<GflOutputs> find_gfl_outputs(const FamilyContext& context, const std::vector<int>& strides);

}  // namespace weir::family
