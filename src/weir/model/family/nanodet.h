// NanoDet.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo nanodet_family();

}  // namespace weir
