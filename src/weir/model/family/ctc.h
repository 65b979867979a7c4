// The family of text recognisers that are read by CTC, as PaddleOCR's.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo ctc_family();

}  // namespace weir
