// The points of a face, an eye, a hand or a body, as MediaPipe's models give them.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo landmarks_family();

}  // namespace weir
