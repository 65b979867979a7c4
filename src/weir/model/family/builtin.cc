// The families of this library, one line each.
#include "weir/model/family/blazeface.h"
#include "weir/model/family/classify.h"
#include "weir/model/family/ctc.h"
#include "weir/model/family/dbnet.h"
#include "weir/model/family/detr.h"
#include "weir/model/family/embedding.h"
#include "weir/model/family/fastestdet.h"
#include "weir/model/family/landmarks.h"
#include "weir/model/family/movenet.h"
#include "weir/model/family/nanodet.h"
#include "weir/model/family/picodet.h"
#include "weir/model/family/reid.h"
#include "weir/model/family/segment.h"
#include "weir/model/family/ssd.h"
#include "weir/model/family/text_direction.h"
#include "weir/model/family/ultraface.h"
#include "weir/model/family/yolov8.h"
#include "weir/model/family/yolox.h"
#include "weir/model/family/yunet.h"
#include "weir/model/family_registry.h"

namespace weir {

Status add_builtin_families(FamilyRegistry& families) {
  for (const auto& family : std::initializer_list<FamilyInfo (*)()>{
           classify_family,       detr_family,        fastestdet_family,
           nanodet_family,        picodet_family,     ssd_family,
           yolov8_family,         yolox_family,       ctc_family,
           dbnet_family,          matting_family,     segment_family,
           text_direction_family, twinlitenet_family, blazeface_family,
           embedding_family,      landmarks_family,   movenet_family,
           reid_family,           ultraface_family,   yunet_family,
       }) {
    WEIR_TRY(families.add(family()));
  }
  return {};
}

}  // namespace weir
