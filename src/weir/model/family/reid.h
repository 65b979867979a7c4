// What tells one person from another by their whole look: numbers of a box.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo reid_family();

}  // namespace weir
