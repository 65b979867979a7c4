// The family of classifiers of the direction of a line of text, as PaddleOCR's.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo text_direction_family();

}  // namespace weir
