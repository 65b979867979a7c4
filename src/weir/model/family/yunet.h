// YuNet: faces with five points each.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo yunet_family();

}  // namespace weir
