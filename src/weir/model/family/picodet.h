// PicoDet.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo picodet_family();

}  // namespace weir
