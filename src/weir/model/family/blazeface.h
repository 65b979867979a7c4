// BlazeFace and MediaPipe's detectors of its kind: faces, palms, bodies, with a few points each.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo blazeface_family();

}  // namespace weir
