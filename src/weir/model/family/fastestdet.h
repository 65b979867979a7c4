// FastestDet.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo fastestdet_family();

}  // namespace weir
