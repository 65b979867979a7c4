// What tells one face from another: 128 or 512 numbers of an aligned face.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo embedding_family();

}  // namespace weir
