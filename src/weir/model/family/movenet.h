// MoveNet's heads: 17 points of one person.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo movenet_family();

}  // namespace weir
