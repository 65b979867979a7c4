// Classifiers, of pictures and of tensors with any number of channels.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo classify_family();

}  // namespace weir
