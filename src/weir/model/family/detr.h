// The DETR interface with two inputs (RT-DETR, D-FINE, DEIM).
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo detr_family();

}  // namespace weir
